"""What recurs, and what people said in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.states import BlockerState, Excuse, PromptState, RitualState, RunState
from bot.db.base import Base, enum_of


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
        enum_of(RitualState), default=RitualState.ACTIVE, index=True
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
    state: Mapped[RunState] = mapped_column(enum_of(RunState), default=RunState.PLANNED)
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
    state: Mapped[PromptState] = mapped_column(enum_of(PromptState), default=PromptState.WAITING)
    reason: Mapped[str | None] = mapped_column(doc="why it was skipped or missed")
    excuse: Mapped[Excuse | None] = mapped_column(enum_of(Excuse), doc="only while it is skipped")
    zone: Mapped[str] = mapped_column(doc="the zone its date is read in")
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(doc="end of this person's own window")
    asked_on: Mapped[date | None] = mapped_column(doc="the card's date, in the person's zone")
    answered_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None] = mapped_column(doc="their own wish: asked again then")
    draft: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="half-said in the DM; None: no such conversation"
    )


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


class Blocker(Base):
    """Something that holds a person up, until it is resolved."""

    __tablename__ = "blockers"
    __table_args__ = (
        Index("ix_blockers_ritual_id_state", "ritual_id", "state"),
        Index("ix_blockers_unblocker_id_state", "unblocker_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ritual_id: Mapped[int] = mapped_column(ForeignKey("rituals.id", ondelete="CASCADE"))
    prompt_id: Mapped[int] = mapped_column(
        ForeignKey("prompts.id", ondelete="CASCADE"), index=True, doc="where it was first said"
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    unblocker_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="who can help, told once"
    )
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[BlockerState] = mapped_column(enum_of(BlockerState), default=BlockerState.OPEN)
    since: Mapped[datetime]
    raised_on: Mapped[date] = mapped_column(doc="the run's local date")
    resolved_at: Mapped[datetime | None]
    resolved_on: Mapped[date | None] = mapped_column(doc="the local date of whoever resolved it")
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    told_at: Mapped[datetime | None] = mapped_column(doc="when its unblocker was told")
