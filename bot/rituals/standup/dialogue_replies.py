"""The bot's answers in the DM: each is a mirror, whose subject says all that it was about.

So a redelivered message makes no second one, and what stands in the DM doesn't change by itself.
The last question of a conversation alone is drawn anew where the conversation ends without words:
by the form, or at the close.
"""

from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self, assert_never

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bot.asking.retention import KEPT
from bot.core.cadence import local, zone
from bot.core.states import MirrorKind, PromptState
from bot.db.session import machine_time
from bot.db.tables import Mirror, Person, Prompt, Ritual, Run
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from bot.engine.threads import Key
from bot.rituals.standup.drafts import Draft
from bot.rituals.standup.model import Config, NothingOpen, Reveal
from bot.rituals.standup.sheets import Place, choosable, nothing_open, open_places, over
from bot.rituals.standup.values import Problem
from bot.rituals.standup.views.dialogue import (
    AllAnswered,
    Asks,
    DialogueShown,
    Kept,
    Left,
    NothingToLeave,
    NotKept,
)

VIEW = "standup.dialogue"
_REPLIES = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == VIEW)


class Kind(StrEnum):
    """What a reply says."""

    ASKS = "asks"
    KEPT = "kept"
    LEFT = "left"
    NOTHING_TO_LEAVE = "nothing"
    IDLE = "idle"  # there is nothing to answer


class Remark(StrEnum):
    """What became of the words before a question, as the person reads it."""

    NOTED = "Noted."
    LEFT_OUT = "Left out."
    NO_WORDS = "Only words are kept here, no files."


@dataclass(frozen=True)
class Reply:
    """One answer of the bot, to the message with this `ts`.

    `about` is a prompt's id, of IDLE a person's. `remark` is the name of a Remark or of a Problem.
    `more` is of KEPT the id of the prompt that comes next; of the first ASKS of a conversation how
    many stand-ups are open for the person, of the others 0.
    """

    kind: Kind
    about: int
    ts: str
    question: str = ""
    remark: str = ""
    more: int = 0

    @property
    def subject(self) -> str:
        """As its mirror keeps it."""
        return "/".join(map(str, astuple(self)))

    @classmethod
    def parse(cls, subject: str) -> Self:
        """A reply by its mirror's subject."""
        kind, about, ts, question, remark, more = subject.split("/")
        return cls(Kind(kind), int(about), ts, question, remark, int(more))


def mark(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    reply: Reply,
    thread_ts: str | None = None,
) -> None:
    """Answer a person in their DM: where they wrote, if that is below a message of the bot's."""
    one = Mark(
        workspace_id,
        MirrorKind.MESSAGE,
        VIEW,
        reply.subject,
        slack_id,
        urgency=Urgency.CLICKED,
        parent=_standing_at(session, slack_id, thread_ts) if thread_ts else None,
    )
    mirrors.mark(session, at, [one])


def _standing_at(session: Session, slack_id: str, ts: str) -> Key | None:
    mirror = session.scalar(
        select(Mirror).where(
            Mirror.kind == MirrorKind.MESSAGE,
            Mirror.target == slack_id,
            Mirror.remote_id == ts,
            Mirror.parent_id.is_(None),
        )
    )
    return None if mirror is None else Key(mirror.kind, mirror.view, mirror.subject, mirror.target)


def end(session: Session, prompt: Prompt) -> None:
    """Let go of what is half-said; the last question then says what became of it."""
    draft = Draft.of(prompt)
    if draft is not None:
        prompt.draft = None
        asked = f"{Kind.ASKS}/{prompt.id}/{draft.ts}/"
        mirrors.touch(session, _REPLIES & Mirror.subject.startswith(asked), Urgency.CLICKED)


def forget_old(session: Session, _at: datetime) -> None:
    """Forget replies that did not change for long; they stay in Slack as they are."""
    now = machine_time(session)
    session.execute(
        delete(Mirror)
        .where(
            _REPLIES,
            Mirror.stale_since < now - KEPT,
            or_(Mirror.lease_until.is_(None), Mirror.lease_until <= now),
        )
        .execution_options(synchronize_session=False)
    )


# --- what it shows


def reply_shown(session: Session, subject: str, at: datetime) -> DialogueShown | None:
    """A reply by its subject; None where it is of no use (any more)."""
    reply = Reply.parse(subject)
    if reply.kind is Kind.IDLE:
        return _idle(session, at, reply.about)
    place = _place(session, reply.about)
    if place is None:
        return None
    match reply.kind:
        case Kind.ASKS:
            return _asks(session, at, reply, place)
        case Kind.KEPT:
            then = _place(session, reply.more) if reply.more else None
            return _kept(session, at, place, then)
        case Kind.LEFT:
            has_card = place.prompt.asked_on is not None
            return Left(_due(session, place.prompt), has_card)
        case Kind.NOTHING_TO_LEAVE:
            return NothingToLeave()
        case _:
            assert_never(reply.kind)


def _idle(session: Session, at: datetime, person_id: int) -> AllAnswered | NothingOpen:
    answered = [one for one in open_places(session, at, person_id) if one.answered]
    if answered:
        return AllAnswered(tuple(map(choosable, answered)))
    return nothing_open(session, at, person_id)


def _place(session: Session, prompt_id: int) -> Place | None:
    row = session.execute(
        select(Prompt, Run, Ritual)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(Prompt.id == prompt_id)
    ).first()
    return None if row is None else Place(*row)


def _asks(session: Session, at: datetime, reply: Reply, place: Place) -> DialogueShown | None:
    draft = Draft.of(place.prompt)
    questions = Config.model_validate(place.run.config).questions
    keys = [one.key for one in questions]
    if draft is not None and draft.ts == reply.ts and reply.question in keys:
        number = keys.index(reply.question)
        return Asks(
            about=choosable(place),
            remark=_remark(reply.remark),
            wrong=reply.remark not in {Remark.NOTED.name, Remark.LEFT_OUT.name},
            number=number + 1,
            of=len(keys),
            question=questions[number],
            begins=reply.more > 0,
            others=max(reply.more - 1, 0),
        )
    if not _stands(session, reply):
        return None  # the conversation has gone on before this could be said
    if place.answered:
        return _kept(session, at, place, None)
    return NotKept(choosable(place)) if over(place, at) else None


def _remark(name: str) -> str:
    found = Remark.__members__.get(name) or Problem.__members__.get(name)
    return str(found) if found else ""  # a problem that an older version knew


def _stands(session: Session, reply: Reply) -> bool:
    query = select(Mirror.id).where(
        _REPLIES,
        Mirror.subject == reply.subject,
        Mirror.remote_id.is_not(None),
    )
    return session.scalar(query) is not None


def _kept(session: Session, at: datetime, place: Place, then: Place | None) -> Kept:
    config = Config.model_validate(place.run.config)
    return Kept(
        about=choosable(place),
        open=not over(place, at),
        at_close=config.reveal is Reveal.AT_CLOSE,
        then=None if then is None else choosable(then),
        asks="" if then is None else _first_question(then),
    )


def _first_question(place: Place) -> str:
    return Config.model_validate(place.run.config).questions[0].text


def _due(session: Session, prompt: Prompt) -> datetime | None:
    """When they are asked, where that is to come."""
    if prompt.state is not PromptState.WAITING:
        return None
    person = session.get_one(Person, prompt.person_id)
    return local(prompt.due_at, zone(person.tz or prompt.zone))
