"""The shared tables. Instants are UTC; every local date stands beside its zone."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.states import (
    AbsenceKind,
    Excuse,
    MirrorKind,
    Outcome,
    PromptState,
    RitualState,
    RunState,
)
from bot.db.base import Base


def _enum(kind: type[StrEnum]) -> Enum:
    """Stored as its value in a plain string column, so that a new member needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Workspace(Base):
    """A Slack workspace that the bot is installed in."""

    __tablename__ = "workspaces"

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    bot_user: Mapped[str]
    paused: Mapped[str | None] = mapped_column(doc="the token error that stopped sending")


class Person(Base):
    """A member of a workspace, with an IANA zone and never an offset."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    slack_id: Mapped[str]
    name: Mapped[str]
    tz: Mapped[str | None] = mapped_column(doc="None until Slack told it")
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_external: Mapped[bool] = mapped_column(default=False, doc="of another organisation")
    deleted: Mapped[bool] = mapped_column(default=False)
    refreshed_at: Mapped[datetime | None] = mapped_column(doc="machine time of the last look")
    home_opened_at: Mapped[datetime | None] = mapped_column(doc="calendar time")
    country: Mapped[str | None] = mapped_column(doc="ISO 3166 alpha-2; None: guessed, '': none")
    subdivision: Mapped[str | None] = mapped_column(doc="its part, ISO 3166-2 without the country")


class Absence(Base):
    """Days on which a person is away: local dates of their own, wherever they are."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_person_id_last", "person_id", "last"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    first: Mapped[date]
    last: Mapped[date] = mapped_column(doc="included")
    kind: Mapped[AbsenceKind] = mapped_column(_enum(AbsenceKind))
    reason: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    origin: Mapped[str] = mapped_column(unique=True, doc="key of the modal that made it")
    created_at: Mapped[datetime]


class Team(Base):
    """The people around one channel."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("workspace_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    channel: Mapped[str]
    name: Mapped[str]


class Ritual(Base):
    """A configured ritual of a team."""

    __tablename__ = "rituals"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    channel: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[RitualState] = mapped_column(
        _enum(RitualState), default=RitualState.ACTIVE, index=True
    )
    cadence: Mapped[dict[str, Any]]
    config: Mapped[dict[str, Any]]
    origin: Mapped[str] = mapped_column(unique=True, doc="key of the modal that made it")
    created_at: Mapped[datetime]


class Participant(Base):
    """A person who is asked in a ritual."""

    __tablename__ = "participants"

    ritual_id: Mapped[int] = mapped_column(
        ForeignKey("rituals.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Run(Base):
    """One occurrence of a ritual, on each participant's own local date."""

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("ritual_id", "local_date", "ordinal"),
        Index(
            "ix_runs_open",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ritual_id: Mapped[int] = mapped_column(ForeignKey("rituals.id", ondelete="CASCADE"))
    local_date: Mapped[date]
    ordinal: Mapped[int] = mapped_column(default=0, doc="above 0 for one started by hand")
    channel: Mapped[str] = mapped_column(doc="kept: a changed channel applies to the next run")
    state: Mapped[RunState] = mapped_column(_enum(RunState), default=RunState.PLANNED)
    config: Mapped[dict[str, Any]] = mapped_column(doc="the ritual's, as of planning")
    closes_at: Mapped[datetime]


class Prompt(Base):
    """One person in one run."""

    __tablename__ = "prompts"
    __table_args__ = (
        UniqueConstraint("run_id", "person_id"),
        Index("ix_prompts_person_state", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    state: Mapped[PromptState] = mapped_column(_enum(PromptState), default=PromptState.WAITING)
    reason: Mapped[str | None] = mapped_column(doc="why it was skipped or missed")
    excuse: Mapped[Excuse | None] = mapped_column(_enum(Excuse), doc="only while it is skipped")
    zone: Mapped[str] = mapped_column(doc="the zone its date is read in")
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(doc="end of this person's own window")
    asked_on: Mapped[date | None] = mapped_column(doc="the card's date, in the person's zone")
    answered_at: Mapped[datetime | None]


class Answer(Base):
    """What a person said to one question."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("prompt_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompts.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(doc="the question's key in the run's config")
    text: Mapped[str] = mapped_column(Text)


class AnswerRevision(Base):
    """An earlier text of an answer."""

    __tablename__ = "answer_revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


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
    error: Mapped[str | None] = mapped_column(Text)


class Mirror(Base):
    """Something outside that shows a view of a subject. All its instants are machine time."""

    __tablename__ = "mirrors"
    __table_args__ = (
        UniqueConstraint("kind", "view", "subject", "target"),
        Index(
            "ix_mirrors_due",
            "urgency",
            "stale_since",
            "id",
            sqlite_where=text("shown < wanted AND outcome IS NULL"),
            postgresql_where=text("shown < wanted AND outcome IS NULL"),
        ),
        Index("ix_mirrors_target_outcome", "target", "outcome"),
        Index("ix_mirrors_run_id", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True, doc="opaque; stands in the message's metadata")
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    kind: Mapped[MirrorKind] = mapped_column(_enum(MirrorKind))
    view: Mapped[str]
    subject: Mapped[str]
    target: Mapped[str] = mapped_column(doc="a channel's or a person's Slack id")
    channel: Mapped[str | None] = mapped_column(doc="where it stands, once it does")
    remote_id: Mapped[str | None] = mapped_column(doc="the message's ts, once it exists")
    wanted: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Outcome | None] = mapped_column(_enum(Outcome))
    detail: Mapped[str | None] = mapped_column(doc="what Slack said")
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


class Audit(Base):
    """Who changed what configuration or right, and when. Append only."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
