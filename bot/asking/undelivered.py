"""What becomes of what could not be shown: whoever should know is told, or people asked again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from bot.asking import cards, channel, deck, home, planning
from bot.asking.deck import VIEW
from bot.asking.quiet import quiet_ends
from bot.asking.views import NOT_DELIVERED
from bot.core.states import MirrorKind, Outcome, PromptState
from bot.db.tables import Mirror, Person, Prompt, Ritual, Run
from bot.engine import mirrors, timers

Asked = Sequence[Row[Prompt, Run, Ritual]]


def stopped(session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
    """A mirror won't be sent any more."""
    if mirror.kind is MirrorKind.MESSAGE and mirror.view == VIEW:
        cards.show_others(session, mirror)
        if mirror.remote_id is None and outcome is not Outcome.GONE:
            _never_shown(session, at, mirror, outcome)
    elif mirror.run_id is not None and outcome is not Outcome.MISSED:
        _tell_owner(session, at, mirror, outcome)


def _never_shown(session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
    """Somebody was never shown the day's card, or too late: what asked them there is for nothing.

    A card may come too late while there is time, as where it was held up until their quiet hours
    began. They are asked again after those; of the rest the owners should know.
    """
    person_id, on, _number = deck.parse(mirror.subject)
    if any(card.stands for card in cards.deck_of(session, mirror)):  # that one shows it all
        return
    asked = session.execute(
        select(Prompt, Run, Ritual)
        .join(Run, Prompt.run_id == Run.id)
        .join(Ritual, Run.ritual_id == Ritual.id)
        .where(
            Prompt.person_id == person_id,
            Prompt.asked_on == on,
            Prompt.state == PromptState.ASKED,
        )
    ).all()
    then = quiet_ends(session.get_one(Person, person_id), at)
    again = [one for one in asked if outcome is Outcome.MISSED and one[0].closes_at > then]
    _ask_again(session, at, then, again)
    _not_delivered(session, at, [one for one in asked if one not in again])


def _ask_again(session: Session, at: datetime, then: datetime, asked: Asked) -> None:
    """Let the timetable ask what was asked for nothing, as if it came to that only then."""
    if not asked:
        return
    due = [
        planning.person_timer(ritual.kind, run, prompt.person_id, planning.ASK, then)
        for prompt, run, ritual in asked
    ]
    _change(session, asked, state=PromptState.WAITING, asked_on=None)
    timers.reset(session, due)
    channel.refresh(session, {run.id for _prompt, run, _ritual in asked})
    home.refresh(session, at, {prompt.person_id for prompt, _run, _ritual in asked})


def _not_delivered(session: Session, at: datetime, asked: Asked) -> None:
    _change(session, asked, reason=NOT_DELIVERED)
    owners = {ritual.owner_id for _prompt, _run, ritual in asked}
    cards.tell(session, at, {one for one in owners if one is not None})


def _change(session: Session, asked: Asked, **values: object) -> None:
    session.execute(
        update(Prompt)
        .where(Prompt.id.in_([prompt.id for prompt, _run, _ritual in asked]))
        .values(values)
    )


def _tell_owner(session: Session, at: datetime, mirror: Mirror, outcome: Outcome) -> None:
    """Tell a ritual's owner, once a target, that what belongs in a channel can't be shown there."""
    if outcome is Outcome.BLOCKED and mirrors.blocked_elsewhere(session, mirror):
        return
    owner = session.scalar(
        select(Ritual.owner_id).join(Run, Run.ritual_id == Ritual.id).where(Run.id == mirror.run_id)
    )
    if owner is not None:
        cards.tell(session, at, [owner])
