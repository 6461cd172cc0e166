"""What is marked stale, and what of it is due, as SQL sees it. Nothing is sent here."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, sending
from bot.engine.mirrors import Mark, Urgency
from bot.engine.sending import Shown, Stopped
from tests.clocks import START, HandMachine
from tests.db import rows
from tests.engine.marked import AT, claim, find, is_due, mark, show


@pytest.fixture(autouse=True)
def workspace(session: Session) -> Workspace:
    return rows.workspace(session)


def test_marks_coalesce(session: Session) -> None:
    """Three changes before anything is sent are one message."""
    first = mark(session)
    uid = first.uid
    mark(session)
    mirror = mark(session)
    assert (mirror.wanted, mirror.shown, mirror.uid) == (3, 0, uid)
    show(session)
    assert find(session).shown == 3
    assert not is_due(session)


def test_what_came_too_late_goes_with_news_by_its_new_limit(
    session: Session, machine: HandMachine
) -> None:
    """However short that is: the old limit is over."""
    mark(session, not_after=AT + timedelta(minutes=10))
    machine.advance(601)
    assert sending.claim(session, find(session).id, AT) is None
    mirrors.touch(session, Mirror.subject == "s", Urgency.PROGRESS)
    assert not is_due(session)
    mark(session, not_after=AT + timedelta(minutes=1))
    assert find(session).not_after == machine.utc() + timedelta(minutes=1)
    assert claim(session).creates


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.BLOCKED, Outcome.PARKED])
def test_what_was_stopped_otherwise_stays_so(session: Session, outcome: Outcome) -> None:
    """News alone is no reason to try again what Slack refuses, or what somebody deleted."""
    mark(session)
    sending.settle(session, claim(session), Stopped(outcome, "because"))
    mark(session)
    assert find(session).outcome is outcome
    assert not is_due(session)


@pytest.mark.parametrize(
    ("first", "second", "left"), [(5, 10, 10), (10, 5, 10), (5, None, None), (None, 5, None)]
)
def test_a_creation_waits_for_the_last_of_its_reasons(
    session: Session, first: int | None, second: int | None, left: int | None
) -> None:
    """What joins an unsent card later may still make sense when the first no longer does."""

    def limit(minutes: int | None) -> timedelta | None:
        return None if minutes is None else timedelta(minutes=minutes)

    for minutes in (first, second):
        until = limit(minutes)
        mark(session, not_after=until and AT + until)
    expected = limit(left)
    assert find(session).not_after == (expected and START + expected)


def test_what_is_most_urgent_goes_first(session: Session, machine: HandMachine) -> None:
    """The card of whoever clicked, then closings, then what is stale longest."""
    for subject in ("old", "new", "closing", "clicked"):
        mark(session, subject)
        machine.advance(1)
    mark(session, "closing", urgency=Urgency.CLOSING)
    mark(session, "clicked", urgency=Urgency.CLICKED)
    order = [find_by_id(session, one.id) for one in mirrors.candidates(session, 10)]
    assert order == ["clicked", "closing", "old", "new"]


def find_by_id(session: Session, mirror_id: int) -> str:
    return session.get_one(Mirror, mirror_id).subject


def test_an_urgent_mark_stays_urgent_until_shown(session: Session) -> None:
    """Progress that comes after a close doesn't hold it up; the next progress is no close."""
    mark(session, urgency=Urgency.CLOSING)
    assert mark(session).urgency == Urgency.CLOSING
    show(session)
    assert mark(session).urgency == Urgency.PROGRESS


def test_a_crowd_of_one_kind_doesn_t_hide_another(session: Session) -> None:
    """Creations, updates and Homes have limits of their own, so each finds its candidates."""
    for number in range(4):
        mark(session, f"new {number}")
        mark(session, f"home {number}", f"U{number}", kind=MirrorKind.HOME)
    mark(session, "standing", urgency=Urgency.CLICKED)
    show(session, "standing")
    mark(session, "standing")
    found = mirrors.candidates(session, 2)
    assert sorted((one.kind, one.creates) for one in found) == [
        ("home", False), ("home", False),
        ("message", False), ("message", True), ("message", True),
    ]  # fmt: skip


def test_a_paused_workspace_sends_nothing(session: Session, workspace: Workspace) -> None:
    """Its token is refused; what is stale stays stale."""
    mark(session)
    workspace.paused = "token_revoked"
    assert not is_due(session)
    assert mirrors.waiting(session) == (0, 0)
    workspace.paused = None
    assert is_due(session)


@pytest.mark.parametrize("urgency", [Urgency.CLOSING, Urgency.CLICKED])
def test_closing_doesn_t_wait_for_calm(session: Session, urgency: Urgency) -> None:
    """The summary appears when the run closes."""
    mark(session)
    show(session, result=Shown("C1", "1.1", calm=True))
    mark(session)
    mark(session, urgency=urgency)
    assert is_due(session)


def test_closing_while_progress_is_sent_doesn_t_wait_either(session: Session) -> None:
    """The calm after that progress is not for the close."""
    mark(session)
    claimed = claim(session)
    mark(session, urgency=Urgency.CLOSING)
    sending.settle(session, claimed, Shown("C1", "1.1", calm=True))
    assert is_due(session)


def test_what_gathers_waits_for_what_comes_at_the_same_moment(
    session: Session, machine: HandMachine
) -> None:
    """A second, from the first of them on; once it stands it waits no more."""
    mark(session, gathers=True)
    machine.advance(0.9)
    mark(session, gathers=True)
    assert not is_due(session)
    machine.advance(0.1)
    assert is_due(session)
    show(session)
    mark(session, gathers=True)
    assert is_due(session)


def test_whoever_does_something_waits_for_nothing(session: Session) -> None:
    """Their own card is shown at once."""
    mark(session, gathers=True)
    mark(session, urgency=Urgency.CLICKED)
    assert is_due(session)


def test_calm_can_be_flushed(session: Session) -> None:
    """The sandbox shows at once what a person would wait ten seconds for."""
    mark(session)
    show(session, result=Shown("C1", "1.1", calm=True))
    mark(session)
    mirrors.flush_calm(session)
    assert is_due(session)


def test_touching_creates_nothing(session: Session) -> None:
    """Only what is there is marked."""
    mirrors.touch(session, Mirror.subject == "s", Urgency.CLICKED)
    assert session.scalars(select(Mirror)).all() == []
    mark(session)
    show(session)
    mirrors.touch(session, Mirror.subject == "s", Urgency.CLICKED)
    assert (find(session).wanted, find(session).urgency) == (2, Urgency.CLICKED)


def test_what_stopped_stays_stopped(session: Session) -> None:
    """A mark notes the change; only lifting sends again, and shows what is true then."""
    mark(session)
    show(session)
    mark(session)
    sending.settle(session, claim(session), Stopped(Outcome.GONE, "message_not_found"))
    mark(session)
    assert not is_due(session)
    assert find(session).detail == "message_not_found"
    mirrors.lift(session, Mirror.subject == "s")
    assert is_due(session)
    assert find(session).outcome is None


def test_two_mirrors_of_a_target_are_two(session: Session) -> None:
    """What makes a mirror one is its kind, view, subject and target together."""
    first = mark(session, "a")
    second = mark(session, "b")
    assert first.uid != second.uid
    mirrors.mark(session, AT, [Mark(1, MirrorKind.MESSAGE, "view", "a", "C2")])
    assert len(session.scalars(select(Mirror)).all()) == 3
