"""Marking stale, claiming and settling, as SQL sees it. Nothing is sent here."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, sending
from bot.engine.mirrors import Mark, Urgency
from bot.engine.sending import (
    LEASE,
    SETTLING,
    Again,
    Claim,
    LookFirst,
    Nothing,
    NotThere,
    Shown,
    Stopped,
)
from tests.clocks import START, HandMachine
from tests.db import rows

AT = datetime.fromisoformat("2030-01-01T12:00:00+00:00")  # the calendar is elsewhere altogether
POSTED = Shown("C1", "1.1")


@pytest.fixture(autouse=True)
def workspace(session: Session) -> Workspace:
    return rows.workspace(session)


def mark(session: Session, subject: str = "s", target: str = "C1", **more: Any) -> Mirror:
    """Mark one message stale; answers its row."""
    kind = more.pop("kind", MirrorKind.MESSAGE)
    mirrors.mark(session, AT, [Mark(1, kind, "view", subject, target, **more)])
    return find(session, subject)


def find(session: Session, subject: str = "s") -> Mirror:
    statement = select(Mirror).where(Mirror.subject == subject)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def claim(session: Session, subject: str = "s") -> Claim:
    """Claim a mirror that must be due."""
    claimed = sending.claim(session, find(session, subject).id, AT)
    assert claimed is not None
    return claimed


def is_due(session: Session, subject: str = "s") -> bool:
    session.flush()
    return find(session, subject).id in {one.id for one in mirrors.candidates(session, 100)}


def show(session: Session, subject: str = "s", result: Shown = POSTED) -> None:
    """Claim and settle: it stands outside."""
    sending.settle(session, claim(session, subject), result)


@pytest.mark.parametrize("result", [POSTED, Nothing()])
@pytest.mark.parametrize("kind", [MirrorKind.MESSAGE, MirrorKind.HOME, MirrorKind.ISSUE])
def test_of_what_is_shown_only_the_day_is_kept(
    session: Session, kind: MirrorKind, result: Shown | Nothing
) -> None:
    """When a card changed is when its person pressed a button; an issue is nobody's."""
    moment = mark(session, kind=kind).stale_since
    assert moment.time() != time()
    claimed = claim(session)
    mark(session, kind=kind)
    sending.settle(session, claimed, result)
    assert find(session).stale_since == moment  # there is more to show: first come, first served
    sending.settle(session, claim(session), result)
    kept = find(session).stale_since
    assert kept == (moment if kind is MirrorKind.ISSUE else datetime.combine(moment, time(), UTC))


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


def test_a_mark_while_sending_is_shown_afterwards(session: Session) -> None:
    """Settling writes the revision that was claimed, not the newest."""
    mark(session)
    claimed = claim(session)
    mark(session)
    sending.settle(session, claimed, POSTED)
    assert (find(session).shown, find(session).wanted) == (1, 2)
    again = claim(session)
    assert (again.creates, again.remote_id, again.wanted) == (False, "1.1", 2)


def test_a_claimed_mirror_is_nobody_else_s(session: Session, machine: HandMachine) -> None:
    """Until its lease ends."""
    mark(session)
    claimed = claim(session)
    machine.advance(LEASE.total_seconds() - 0.1)
    assert not is_due(session)
    assert sending.claim(session, claimed.id, AT) is None
    machine.advance(0.1)
    assert is_due(session)
    assert claim(session).lease != claimed.lease


def test_a_lease_outlives_a_call(session: Session) -> None:
    """Else one message could be under way twice."""
    assert LEASE > SETTLING > timedelta(seconds=10)


def test_only_the_holder_of_the_lease_settles(session: Session, machine: HandMachine) -> None:
    """Whoever comes back after its lease went to another changes nothing."""
    mark(session)
    late = claim(session)
    machine.advance(LEASE.total_seconds())
    current = claim(session)
    assert sending.settle(session, late, Shown("C1", "9.9")) is None
    assert find(session).remote_id is None
    assert sending.settle(session, current, POSTED) is not None
    assert sending.settle(session, current, Stopped(Outcome.GONE, "twice")) is None
    assert (find(session).remote_id, find(session).outcome) == ("1.1", None)


def test_a_creation_found_abandoned_is_looked_for(session: Session, machine: HandMachine) -> None:
    """From the instant that its sending began, by Slack's clock."""
    mark(session)
    assert claim(session).sent_since is None
    machine.advance(LEASE.total_seconds())
    again = sending.claim(session, find(session).id, AT + LEASE)
    assert again is not None
    assert again.sent_since == AT


def test_what_a_dead_process_held_is_free_at_once_but_waits(
    session: Session, machine: HandMachine
) -> None:
    """Its last call may still arrive."""
    mark(session)
    mark(session, "never claimed")
    claim(session)
    sending.release(session)
    assert not is_due(session)
    assert is_due(session, "never claimed")
    machine.advance(SETTLING.total_seconds())
    assert is_due(session)
    assert claim(session).sent_since is not None


def test_an_adopted_creation_is_updated(session: Session, machine: HandMachine) -> None:
    """Nobody knows which revision it shows, so it settles as none."""
    mark(session)
    sending.settle(session, claim(session), LookFirst())
    machine.advance(SETTLING.total_seconds())
    show(session, result=Shown("C1", "1.1", adopted=True))
    assert find(session).shown == 0
    assert not claim(session).creates


def test_an_unknown_creation_waits_before_the_look_up(
    session: Session, machine: HandMachine
) -> None:
    """Time-out + 5 s after its sending began, however soon the reply was lost."""
    mark(session)
    claimed = claim(session)
    machine.advance(3)
    sending.settle(session, claimed, LookFirst())
    machine.advance(SETTLING.total_seconds() - 0.1)
    assert not is_due(session)
    machine.advance(3.1)
    assert claim(session).sent_since is not None


def test_a_look_up_that_finds_nothing_lets_it_be_made(
    session: Session, machine: HandMachine
) -> None:
    """At once, as a creation that has not begun."""
    mark(session)
    sending.settle(session, claim(session), LookFirst())
    machine.advance(SETTLING.total_seconds())
    sending.settle(session, claim(session), NotThere())
    assert claim(session).sent_since is None


def test_a_look_up_that_fails_is_repeated(session: Session, machine: HandMachine) -> None:
    """It never turns into a second creation."""
    mark(session)
    sending.settle(session, claim(session), LookFirst())
    for _ in range(3):
        machine.advance(SETTLING.total_seconds())
        claimed = claim(session)
        assert claimed.sent_since is not None
        sending.settle(session, claimed, Again(1))


def test_a_look_up_that_is_not_allowed_is_caught_up_on(
    session: Session, machine: HandMachine
) -> None:
    """A channel that shut the bot out may hold the message: it is looked for after the return."""
    mark(session)
    sending.settle(session, claim(session), LookFirst())
    machine.advance(SETTLING.total_seconds())
    sending.settle(session, claim(session), Stopped(Outcome.BLOCKED, "not_in_channel"))
    assert not is_due(session)
    mirrors.lift(session, Mirror.target == "C1")
    assert claim(session).sent_since is not None


def test_a_refused_creation_is_made_anew(session: Session) -> None:
    """Nothing took effect, so nothing is looked for."""
    mark(session)
    sending.settle(session, claim(session), Stopped(Outcome.BLOCKED, "is_archived"))
    mirrors.lift(session, Mirror.target == "C1")
    assert claim(session).sent_since is None


def test_a_creation_too_late_is_missed(session: Session, machine: HandMachine) -> None:
    """By as much machine time as the calendar had left when it was marked."""
    mark(session, not_after=AT + timedelta(minutes=10))
    machine.advance(600)
    assert is_due(session)
    machine.advance(1)
    assert sending.claim(session, find(session).id, AT) is None
    assert find(session).outcome is Outcome.MISSED


def test_too_late_to_create_is_not_too_late_to_change(
    session: Session, machine: HandMachine
) -> None:
    """A message that stands is kept true."""
    mark(session, not_after=AT + timedelta(minutes=10))
    show(session)
    machine.advance(601)
    mark(session)
    assert not claim(session).creates


def test_a_creation_found_missing_too_late_is_missed(
    session: Session, machine: HandMachine
) -> None:
    """It is checked again at each sending."""
    mark(session, not_after=AT + timedelta(seconds=10))
    sending.settle(session, claim(session), LookFirst())
    machine.advance(SETTLING.total_seconds())
    sending.settle(session, claim(session), NotThere())
    assert sending.claim(session, find(session).id, AT) is None
    assert find(session).outcome is Outcome.MISSED


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


def test_a_view_that_draws_nothing_is_up_to_date(session: Session) -> None:
    """Nothing was created; a later change draws again, and is tried as for the first time."""
    mark(session)
    sending.settle(session, claim(session), Nothing())
    assert not is_due(session)
    mark(session)
    claimed = claim(session)
    assert (claimed.creates, claimed.sent_since, claimed.attempts) == (True, None, 1)


def test_back_off_is_waited_for(session: Session, machine: HandMachine) -> None:
    """And counted apart from what can be sent."""
    mark(session)
    sending.settle(session, claim(session), Again(30))
    assert mirrors.waiting(session) == (0, 1)
    machine.advance(29)
    assert not is_due(session)
    machine.advance(1)
    assert mirrors.waiting(session) == (1, 0)
    assert claim(session).attempts == 2


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


def test_progress_is_shown_now_and_then(session: Session, machine: HandMachine) -> None:
    """No sooner than ten seconds after the last time."""
    mark(session)
    show(session, result=Shown("C1", "1.1", calm=True))
    mark(session)
    assert not is_due(session)
    machine.advance(9.9)
    assert not is_due(session)
    machine.advance(0.1)
    assert is_due(session)


def test_many_live_runs_share_the_rate(session: Session, machine: HandMachine) -> None:
    """Two seconds for each: chat.update is granted fifty times a minute to all together."""
    owner = rows.person(session, 1)
    for number in range(8):
        rows.run(session, rows.ritual(session, owner, AT, f"C{number}"), AT)
    mark(session)
    show(session, result=Shown("C1", "1.1", calm=True))
    mark(session)
    machine.advance(15.9)
    assert not is_due(session)
    machine.advance(0.1)
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
