"""Retros, their notes and votes, and what was said of their topics."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, enum_of
from bot.rituals.retro.model import Stage


class Retro(Base):
    """One retro: rounds of asking (runs) that follow one another, and where it is."""

    __tablename__ = "retros"
    __table_args__ = (Index("ix_retros_ritual_id_stage", "ritual_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ritual_id: Mapped[int] = mapped_column(ForeignKey("rituals.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), unique=True, doc="in which notes are asked for"
    )
    vote_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"), unique=True, doc="in which votes are"
    )
    discuss_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"), unique=True, doc="in which people discuss"
    )
    stage: Mapped[Stage] = mapped_column(enum_of(Stage), default=Stage.COLLECT)
    stage_since: Mapped[datetime]
    moved_by: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="who moved it on by hand"
    )
    sort_until: Mapped[datetime | None] = mapped_column(doc="when the vote begins")
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    held: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="too few took part: the facilitator decides"
    )
    few: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="shown all the same, and said so"
    )
    late_dropped: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="too few notes came late: none was shown"
    )
    notes_shown: Mapped[int] = mapped_column(default=0, doc="the count that is told")
    done_shown: Mapped[int] = mapped_column(default=0, doc="likewise, of who said they are done")
    took_part: Mapped[int] = mapped_column(default=0, doc="how many, when its last stage ended")
    facilitator_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="None: whoever looks after the ritual"
    )
    origin: Mapped[str | None] = mapped_column(unique=True, doc="of one begun by hand")


class Note(Base):
    """A note of an open retro, until all are shown."""

    __tablename__ = "retro_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    retro_id: Mapped[int] = mapped_column(ForeignKey("retros.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    key: Mapped[str] = mapped_column(unique=True, doc="hash of its form's token")
    column: Mapped[int] = mapped_column(doc="of the run's configuration, from 0")
    text: Mapped[str] = mapped_column(Text)


class SealedNote(Base):
    """A note of an anonymous retro, until all are shown: what and where, and nothing else.

    Neither who nor when. Its key is random, and orders it: there is no row number that counts up.
    """

    __tablename__ = "retro_sealed_notes"
    __table_args__ = {"sqlite_with_rowid": False}

    retro_id: Mapped[int] = mapped_column(
        ForeignKey("retros.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True, doc="hash of its form's token")
    column: Mapped[int]
    text: Mapped[str] = mapped_column(Text, doc="empty: it was taken back")
    turn: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="how often it was changed: an earlier form is late"
    )


class Topic(Base):
    """A note that is shown; others may be merged into it."""

    __tablename__ = "retro_topics"
    __table_args__ = (Index("ix_retro_topics_retro_id_position", "retro_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    retro_id: Mapped[int] = mapped_column(ForeignKey("retros.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(doc="in which they are shown; drawn by lot if anonymous")
    column: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), doc="None: nobody may know"
    )
    into_id: Mapped[int | None] = mapped_column(
        ForeignKey("retro_topics.id", ondelete="SET NULL"), index=True, doc="it is part of that one"
    )
    late: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="it came after the notes had been shown"
    )
    votes: Mapped[int | None] = mapped_column(doc="the tally, once the vote is over")
    rank: Mapped[int | None] = mapped_column(doc="1 to 3: it is discussed")


class Ballot(Base):
    """One vote, until the vote is over; then only tallies stay."""

    __tablename__ = "retro_ballots"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("retro_topics.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Reply(Base):
    """What somebody said in a topic's thread."""

    __tablename__ = "retro_replies"
    __table_args__ = (UniqueConstraint("topic_id", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("retro_topics.id", ondelete="CASCADE"))
    ts: Mapped[str] = mapped_column(doc="Slack's, of the reply")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    deleted: Mapped[bool] = mapped_column(
        default=False, server_default=false(), doc="its text is gone; a late event revives it not"
    )
