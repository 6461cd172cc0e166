"""A month in which nobody is told more than twice a day, and no channel twice of a run."""

import gc
from collections import Counter
from datetime import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import deck, planning
from bot.core.states import Excuse, PromptState
from bot.db.tables import Blocker, Person, Prompt, Timer
from bot.rituals.standup import dialogue_replies, unblock_shown
from tests.asking.month import FIRST, ZONES, Month, pass_month
from tests.asking.record import Told
from tests.asking.world import utc
from tests.clocks import HandMachine

# Views that answer what a person did themselves, or name them to unblock somebody.
EXEMPT = {dialogue_replies.VIEW, unblock_shown.VIEW}
SEEDS = [
    pytest.param(1),
    *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 22)),
]


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_month_of_few_messages(session: Session, seed: int) -> None:
    """Whatever chance brings; see each check for what it promises."""
    session.info["machine"] = machine = HandMachine(utc(FIRST))
    month = Month(session, machine, seed)
    gc.disable()  # a fifth of the time, and there is little to collect
    try:
        pass_month(month)
    finally:
        gc.enable()
    much_happened(month)
    at_most_two_a_day(month)
    returns_were_wished_for(month)
    replies_answer_what_was_said(month)
    whoever_can_unblock_is_told_once(month)
    one_message_a_run(month)
    nobody_is_asked_twice(month)
    reminders_help(month)


def cards_of(month: Month) -> list[tuple[Told, int]]:
    """The cards that notified somebody, each with its number."""
    return [(one, deck.parse(one.subject)[2]) for one in month.told if one.view == deck.VIEW]


def returns(month: Month) -> list[Told]:
    """The cards that came because their person had put something off."""
    return [one for one, _number in cards_of(month) if one.step == planning.SNOOZE]


def much_happened(month: Month) -> None:
    """Else the other checks would say little: each way that there is has been gone."""
    for what in ("answered", "answered anyway", "edited", "late", "skipped", "put off"):
        assert month.did[what] >= 3, (what, month.did)
    excuses = Counter(month.session.scalars(select(Prompt.excuse)))
    assert all(excuses[one] for one in Excuse), excuses
    states = Counter(month.session.scalars(select(Prompt.state)))
    assert states[PromptState.MISSED] > 20, states
    numbers = Counter(number for _card, number in cards_of(month))
    assert numbers[1] > 100, numbers
    assert numbers[2] > 50, numbers
    assert numbers[3] > 20, numbers
    assert len(month.reminders) > 10
    assert month.spared["quiet"] > 10, month.spared
    assert month.spared["put off"] > 3, month.spared
    for what in ("written", "half-said", "unblocked", "declined"):
        assert month.did[what] >= 3, (what, month.did)
    assert month.session.scalars(select(Timer.key).where(Timer.parked_at.is_not(None))).all() == []


def at_most_two_a_day(month: Month) -> None:
    """A person and local date of theirs, across all rituals, but for what comes back by a wish."""
    exempt = returns(month)
    counted = Counter((one.target, one.on) for one, _number in cards_of(month) if one not in exempt)
    assert max(counted.values()) == 2, counted.most_common(3)
    for one, number in cards_of(month):
        assert deck.parse(one.subject)[1] == one.on, one
        assert (number > 2) == (one in exempt), one
    others = {one.view for one in month.told if one.target in ZONES} - {deck.VIEW}
    assert others <= EXEMPT, others


def returns_were_wished_for(month: Month) -> None:
    """By whom they are for, and no wish brings two."""
    wished = list(month.wishes)
    for one in returns(month):
        theirs = [wish for wish in wished if wish.who == one.target and wish.back <= one.at]
        assert theirs, one
        wished = [wish for wish in wished if wish not in theirs]


def replies_answer_what_was_said(month: Month) -> None:
    """Each to one message of the person's own, at once: none comes of itself."""
    replies = Counter(
        (one.target, one.at) for one in month.told if one.view == dialogue_replies.VIEW
    )
    assert replies == Counter(month.said)
    assert len(month.said) > 20


def whoever_can_unblock_is_told_once(month: Month) -> None:
    """By name, of each blocker, while they are at work: and by nothing else of that kind."""
    told = [one for one in month.told if one.view == unblock_shown.VIEW]
    assert len(told) > 10
    assert len({one.subject for one in told}) == len(told)
    for one in told:
        blocker_id, person_id = map(int, one.subject.split("/"))
        blocker = month.session.get_one(Blocker, blocker_id)
        person = month.session.get_one(Person, person_id)
        assert person.slack_id == one.target
        assert (one.target, blocker.owner_id) in month.named
        assert one.clock is not None
        assert one.clock.weekday() < 5, one
        assert time(9) <= one.clock.time() < time(18), one
        assert not one.disturbs, one


def one_message_a_run(month: Month) -> None:
    """In its channel; whatever happens to it is an edit, and replies stand below it."""
    in_channels = [one for one in month.told if one.target not in ZONES and not one.reply]
    posted = Counter(one.run_id for one in in_channels)
    assert set(posted.values()) == {1}, posted.most_common(3)
    assert None not in posted
    assert len(posted) > 30


def nobody_is_asked_twice(month: Month) -> None:
    """For a run, wherever they fly and however often it is planned."""
    assert set(month.times_asked.values()) == {1}, month.times_asked.most_common(3)
    assert len(month.times_asked) > 200


def reminders_help(month: Month) -> None:
    """They go to those who owe an answer in the last hour, outside of their quiet hours."""
    for one in month.reminders:
        assert one.owed, one
        assert not one.quiet, one
        assert not one.excused, one
