"""Claiming and settling, as SQL sees it. Nothing is sent here."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Select, event
from sqlalchemy.orm import ORMExecuteState, Session

from bot.core.states import MirrorKind, Outcome, RunState
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, sending
from bot.engine.mirrors import Urgency
from bot.engine.sending import (
    LEASE,
    SETTLING,
    Again,
    LookFirst,
    Nothing,
    NotThere,
    Shown,
    Stopped,
)
from bot.slack.gateway import TIMEOUT_SECONDS
from tests.clocks import START, HandMachine
from tests.db import rows
from tests.engine.marked import AT, POSTED, claim, find, is_due, mark, show


@pytest.fixture(autouse=True)
def workspace(session: Session) -> Workspace:
    return rows.workspace(session)


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


def test_a_lease_outlives_a_call() -> None:
    """Else one message could be under way twice; what a call did shows 5 s after its time-out."""
    assert timedelta(seconds=TIMEOUT_SECONDS + 5) == SETTLING
    assert LEASE > 2 * SETTLING


@pytest.mark.parametrize("kind", MirrorKind)
def test_only_a_home_is_there_already(session: Session, kind: MirrorKind) -> None:
    """Publishing it twice does no harm, so that it is neither looked for nor ever too late."""
    mark(session, kind=kind, not_after=AT + timedelta(minutes=1))
    claimed = claim(session)
    begun = find(session).sent_at, find(session).sent_since
    is_home = kind is MirrorKind.HOME
    assert claimed.creates is not is_home
    assert begun == ((None, None) if is_home else (START, AT))


def test_a_home_is_never_too_late(session: Session, machine: HandMachine) -> None:
    """It shows what is true now."""
    mark(session, kind=MirrorKind.HOME, not_after=AT + timedelta(minutes=1))
    machine.advance(61)
    assert claim(session).wanted == 1


def test_a_change_is_never_looked_for(session: Session) -> None:
    """What stands is changed where it stands: in the DM with a person, not by their id."""
    mark(session, target="U1")
    first = claim(session)
    sending.settle(session, first, Shown("D1", "1.1"))
    mark(session, target="U1")
    second = claim(session)
    assert [(one.creates, one.place) for one in (first, second)] == [(True, "U1"), (False, "D1")]
    assert (find(session).sent_at, find(session).sent_since) == (None, None)


def test_what_is_claimed_or_settled_is_locked_first(session: Session) -> None:
    """The fence: on PostgreSQL another process may do the same, which passes by what is claimed."""
    mark(session)
    asked: list[ORMExecuteState] = []
    event.listen(session, "do_orm_execute", asked.append)
    claimed = claim(session)
    sending.settle(session, claimed, POSTED)
    selects = (one.statement for one in asked if isinstance(one.statement, Select))
    locks = [one._for_update_arg for one in selects if one._for_update_arg is not None]
    assert [one.skip_locked for one in locks] == [True, False]


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
    """From the instant that its sending first began, by Slack's clock."""
    mark(session)
    assert claim(session).sent_since is None
    for times in (1, 2):
        machine.advance(LEASE.total_seconds())
        again = sending.claim(session, find(session).id, AT + times * LEASE)
        assert again is not None
        assert (again.sent_at, again.sent_since) == (START, AT)


def test_what_a_dead_process_held_is_free_at_once_but_waits(
    session: Session, machine: HandMachine
) -> None:
    """Its last call may still arrive."""
    mark(session)
    mark(session, "never claimed")
    held = claim(session)
    sending.release(session)
    assert sending.settle(session, held, POSTED) is None
    assert not is_due(session)
    assert is_due(session, "never claimed")
    machine.advance(SETTLING.total_seconds())
    assert is_due(session)
    assert claim(session).sent_since is not None


def test_what_is_changed_stays_where_it_is(session: Session) -> None:
    """Slack and Jira say it once; what is to be written with it is."""
    mark(session)
    show(session)
    written: list[Session] = []
    mark(session)
    show(session, result=Shown(then=written.append))
    assert (find(session).channel, find(session).remote_id) == ("C1", "1.1")
    assert written == [session]


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


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.PARKED, Outcome.UNKNOWN])
def test_what_ended_otherwise_is_not_looked_for(
    session: Session, machine: HandMachine, outcome: Outcome
) -> None:
    """Whatever makes it live again wants it made."""
    mark(session)
    sending.settle(session, claim(session), LookFirst())
    machine.advance(SETTLING.total_seconds())
    sending.settle(session, claim(session), Stopped(outcome, "because"))
    mirrors.lift(session, Mirror.target == "C1")
    assert claim(session).sent_since is None


def test_a_refused_creation_is_made_anew(session: Session) -> None:
    """Nothing took effect, so nothing is looked for."""
    mark(session)
    sending.settle(session, claim(session), Stopped(Outcome.BLOCKED, "is_archived"))
    mirrors.lift(session, Mirror.target == "C1")
    assert claim(session).sent_since is None


def test_a_creation_too_late_is_missed(session: Session, machine: HandMachine) -> None:
    """Once as much machine time has passed as the calendar had left when it was marked."""
    for subject in ("in time", "late"):
        mark(session, subject, not_after=AT + timedelta(minutes=10))
    machine.advance(600)
    assert claim(session, "in time").creates
    machine.advance(1)
    assert is_due(session, "late")
    assert sending.claim(session, find(session, "late").id, AT) is None
    assert find(session, "late").outcome is Outcome.MISSED


def test_too_late_to_create_is_not_too_late_to_change(
    session: Session, machine: HandMachine
) -> None:
    """A message that stands is kept true."""
    mark(session, not_after=AT + timedelta(minutes=10))
    show(session)
    machine.advance(601)
    mirrors.touch(session, Mirror.subject == "s", Urgency.PROGRESS)  # which keeps the limit
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
    claimed = claim(session)
    assert (claimed.attempts, claimed.sent_since) == (2, None)  # nothing took effect
    sending.settle(session, claimed, POSTED)
    assert find(session).attempts == 0


def test_what_is_shown_is_as_urgent_as_any_progress(session: Session) -> None:
    """But not where more of it waits to be shown."""
    mark(session, urgency=Urgency.CLOSING)
    claimed = claim(session)
    mark(session)
    sending.settle(session, claimed, POSTED)
    assert find(session).urgency == Urgency.CLOSING
    show(session)
    assert find(session).urgency == Urgency.PROGRESS


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
    rows.run(session, rows.ritual(session, owner, AT, "C9"), AT, RunState.CLOSED)
    mark(session)
    show(session, result=Shown("C1", "1.1", calm=True))
    mark(session)
    machine.advance(15.9)
    assert not is_due(session)
    machine.advance(0.1)
    assert is_due(session)


# --- waking


def wakes(session: Session) -> bool:
    """Whether the relay is woken by what was done since this was asked last."""
    return bool(session.info.pop("stale", False))


def test_what_changed_while_it_was_sent_wakes_the_relay(session: Session) -> None:
    """Nobody else would."""
    mark(session)
    show(session)
    mark(session)
    claimed = claim(session)
    mark(session)
    wakes(session)
    sending.settle(session, claimed, POSTED)
    assert wakes(session)


def test_what_is_shown_wakes_nobody(session: Session) -> None:
    """A change that got through, or that has nothing to show: else it would never rest."""
    mark(session)
    show(session)
    for result in (POSTED, Nothing()):
        mark(session)
        claimed = claim(session)
        wakes(session)
        sending.settle(session, claimed, result)
        assert not wakes(session)


@pytest.mark.parametrize("stands", [True, False])
def test_what_stopped_wakes_nobody(session: Session, stands: bool) -> None:
    """There is more to show of it, and it can't be."""
    mark(session)
    if stands:
        show(session)
        mark(session)
    claimed = claim(session)
    wakes(session)
    sending.settle(session, claimed, Stopped(Outcome.PARKED, "invalid_blocks"))
    assert not wakes(session)
