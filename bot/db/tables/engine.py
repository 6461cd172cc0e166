"""What is due, what is shown outside, and what came in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.states import MirrorKind, Outcome
from bot.db.base import Base, enum_of


class Timer(Base):
    """Something due at an instant of calendar time; consumed in the transaction of its step."""

    __tablename__ = "timers"
    __table_args__ = (
        Index(
            "ix_timers_due",
            "due_at",
            "kind",
            "step",
            "id",
            sqlite_where=text("consumed_at IS NULL AND parked_at IS NULL"),
            postgresql_where=text("consumed_at IS NULL AND parked_at IS NULL"),
        ),
        Index("ix_timers_run_id", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    step: Mapped[str]
    ritual_id: Mapped[int | None] = mapped_column(ForeignKey("rituals.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    local_date: Mapped[date | None]
    due_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None] = mapped_column(doc="its step failed; reported")
    error: Mapped[str | None] = mapped_column(Text, doc="its last failure, until it is done")


class Mirror(Base):
    """Something outside that shows a view of a subject. All its instants are machine time."""

    __tablename__ = "mirrors"
    __table_args__ = (
        UniqueConstraint("kind", "view", "subject", "target"),
        Index(
            "ix_mirrors_due",
            "kind",  # first: else SQLite takes the unique index, and walks through all of a kind
            "urgency",
            "stale_since",
            "id",
            sqlite_where=text("shown < wanted AND outcome IS NULL"),
            postgresql_where=text("shown < wanted AND outcome IS NULL"),
        ),
        Index("ix_mirrors_target_outcome", "target", "outcome"),
        Index("ix_mirrors_run_id", "run_id"),
        Index("ix_mirrors_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(
        unique=True, doc="opaque; in the message's metadata or the issue's label"
    )
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("mirrors.id", ondelete="CASCADE"), doc="it is a reply below that message"
    )
    thread_ts: Mapped[str | None] = mapped_column(
        doc="it is a reply below a message that is not ours"
    )
    kind: Mapped[MirrorKind] = mapped_column(enum_of(MirrorKind))
    view: Mapped[str]
    subject: Mapped[str]
    target: Mapped[str] = mapped_column(doc="a channel's or a person's Slack id; or Jira")
    channel: Mapped[str | None] = mapped_column(doc="where it stands, once it does")
    remote_id: Mapped[str | None] = mapped_column(
        doc="the message's ts or the issue's id, once it exists"
    )
    wanted: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Outcome | None] = mapped_column(enum_of(Outcome))
    detail: Mapped[str | None] = mapped_column(doc="what Slack or Jira said")
    told: Mapped[str | None] = mapped_column(
        doc="what of that people know by now, until it gets through: a repetition is no news"
    )
    urgency: Mapped[int] = mapped_column(default=2)
    stale_since: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(doc="back-off")
    not_after: Mapped[datetime | None] = mapped_column(doc="too late to create it")
    calm_until: Mapped[datetime | None] = mapped_column(doc="progress is shown no sooner")
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(doc="a creation began, by the machine")
    sent_since: Mapped[datetime | None] = mapped_column(doc="the same, by Slack's clock")


class Inbox(Base):
    """An event or interaction that took effect; a second one with its id does not."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("source", "event_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    event_id: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(index=True, doc="machine time")


class RatePause(Base):
    """What a 429 asked for; survives a restart."""

    __tablename__ = "rate_pauses"

    scope: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(doc="machine time")


class Upload(Base):
    """A picture that was sent to Slack already, by what it holds."""

    __tablename__ = "uploads"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(index=True, doc="machine time")
