"""Marks in detail: whichever way a mirror becomes stale, it keeps its place and the relay wakes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.session import _STALE
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency
from tests.clocks import HandMachine
from tests.db import rows
from tests.engine.marked import AT, find, is_due, mark, show
from tests.plans import explained

Again = Callable[[Session, Urgency], object]
# The three ways to mark again what is there.
WAYS: dict[str, Again] = {
    "mark": lambda session, urgency: mark(session, urgency=urgency),
    "touch": lambda session, urgency: mirrors.touch(session, Mirror.subject == "s", urgency),
    "touch these": lambda session, urgency: mirrors.touch_these(
        session, [find(session).id], urgency
    ),
}
each_way = pytest.mark.parametrize("again", WAYS.values(), ids=WAYS)


@pytest.fixture(autouse=True)
def workspace(session: Session) -> Workspace:
    return rows.workspace(session)


def calm(session: Session, machine: HandMachine, subject: str = "s") -> None:
    """Let it wait for a while, as throttled progress does."""
    find(session, subject).calm_until = machine.utc() + timedelta(minutes=1)
    session.flush()


def is_woken(session: Session) -> bool:
    """Whether the relay will be woken after the commit; asked once."""
    return bool(session.info.pop(_STALE, False))


def test_a_new_mirror_begins_unshown(session: Session, machine: HandMachine) -> None:
    """Wanted once, never tried, stale as of now by the machine's clock; of the run it is of."""
    run = rows.run(session, rows.ritual(session, rows.person(session, 1), AT), AT)
    made = mark(session, run_id=run.id)
    assert made.run_id == run.id
    assert (made.wanted, made.shown, made.attempts) == (1, 0, 0)
    assert made.stale_since == machine.utc()
    assert is_woken(session)


def test_no_marks_wake_nobody(session: Session) -> None:
    """Nothing is stale by them."""
    mirrors.mark(session, AT, [])
    mirrors.touch_these(session, [], Urgency.CLICKED)
    assert not is_woken(session)


@each_way
def test_what_is_marked_again_keeps_its_place(
    session: Session, machine: HandMachine, again: Again
) -> None:
    """By how long it has been stale, and by what was most urgent of it."""
    since = mark(session, urgency=Urgency.CLOSING).stale_since
    is_woken(session)
    machine.advance(60)
    again(session, Urgency.PROGRESS)
    assert (find(session).urgency, find(session).stale_since) == (Urgency.CLOSING, since)
    assert is_woken(session)
    again(session, Urgency.CLICKED)
    assert find(session).urgency == Urgency.CLICKED
    assert find(session).wanted == 3


@each_way
def test_what_was_shown_takes_a_new_place(
    session: Session, machine: HandMachine, again: Again
) -> None:
    """Stale as of now, and as urgent as it is now, whatever it was before."""
    mark(session, urgency=Urgency.CLICKED)
    show(session)
    machine.advance(60)
    again(session, Urgency.PROGRESS)
    found = find(session)
    assert (found.urgency, found.stale_since) == (Urgency.PROGRESS, machine.utc())


@each_way
@pytest.mark.parametrize("urgency", Urgency)
def test_only_progress_waits_until_it_is_calm(
    session: Session, machine: HandMachine, again: Again, urgency: Urgency
) -> None:
    """A click or a closing is shown at once."""
    mark(session)
    show(session)
    calm(session, machine)
    again(session, urgency)
    assert is_due(session) is (urgency < Urgency.PROGRESS)


@pytest.mark.parametrize("which", ["touch", "touch these"])
def test_only_what_is_meant_is_touched(session: Session, which: str) -> None:
    """Another mirror stays as it is."""
    for subject in ("s", "other"):
        mark(session, subject)
        show(session, subject)
    WAYS[which](session, Urgency.PROGRESS)
    assert [find(session, one).wanted for one in ("s", "other")] == [2, 1]


@pytest.mark.parametrize("which", ["touch", "touch these"])
def test_what_is_in_hand_is_stored_before_it_is_touched(session: Session, which: str) -> None:
    """The session asks by itself, but it would not before an update."""
    mark(session)
    mirror = find(session)
    mirror.urgency = Urgency.CLICKED
    WAYS[which](session, Urgency.PROGRESS)
    assert find(session).urgency == Urgency.CLICKED


def test_of_two_limits_the_later_one_counts(session: Session, machine: HandMachine) -> None:
    """And none is the latest."""
    early, late = AT + timedelta(minutes=5), AT + timedelta(minutes=9)
    for limit, minutes in ((early, 5), (late, 9), (early, 9), (late, 9)):
        made = mark(session, not_after=limit)
        assert made.not_after == machine.utc() + timedelta(minutes=minutes)
    assert mark(session).not_after is None
    assert mark(session, not_after=late).not_after is None


def test_what_is_lifted_begins_anew(session: Session, machine: HandMachine) -> None:
    """Without what stopped it, what it waited for, and what was too late for it."""
    mark(session, not_after=AT)
    mark(session, "live")
    mark(session, "elsewhere", "C2")
    find(session, "elsewhere").outcome = Outcome.BLOCKED
    stopped = find(session)
    stopped.outcome, stopped.detail, stopped.attempts = Outcome.BLOCKED, "is_archived", 7
    stopped.not_before = machine.utc() + timedelta(hours=1)
    session.flush()
    is_woken(session)
    machine.advance(60)
    mirrors.lift(session, Mirror.target == "C1")
    found = find(session)
    assert (found.outcome, found.detail, found.attempts) == (None, None, 0)
    assert (found.not_before, found.not_after) == (None, None)
    assert (found.wanted, found.stale_since) == (2, machine.utc())
    assert is_woken(session)
    assert find(session, "live").wanted == 1  # nothing had stopped it
    assert find(session, "elsewhere").outcome is Outcome.BLOCKED


def test_only_what_is_stale_is_made_to_wait_no_longer(
    session: Session, machine: HandMachine
) -> None:
    """What is shown stays calm: its next change is throttled as before."""
    for subject in ("stale", "shown", "never calm"):
        mark(session, subject)
        show(session, subject)
    for subject in ("stale", "shown"):
        calm(session, machine, subject)
    mark(session, "stale")
    is_woken(session)
    mirrors.flush_calm(session)
    assert is_woken(session)
    assert find(session, "stale").calm_until is None
    assert find(session, "shown").calm_until is not None


def candidates(session: Session) -> list[str]:
    """The subjects of what is due, in the order in which it is sent."""
    session.flush()
    subjects = {one.id: one.subject for one in session.query(Mirror)}
    return [subjects[one.id] for one in mirrors.candidates(session, 100)]


def test_of_the_same_urgency_what_is_stale_longest_goes_first(
    session: Session, machine: HandMachine
) -> None:
    """Across creations, changes and Homes; of the same moment what was there first."""
    for subject in ("a", "b", "c", "d"):
        mark(session, subject)
    show(session, "b")
    for subject, ago in (("a", 10), ("b", 30), ("c", 20), ("d", 20)):
        find(session, subject).stale_since = machine.utc() - timedelta(seconds=ago)
    find(session, "b").wanted = 2
    mark(session, "home", "U1", kind=MirrorKind.HOME)
    find(session, "home").stale_since = machine.utc() - timedelta(seconds=15)
    assert candidates(session) == ["b", "c", "d", "home", "a"]


@pytest.mark.parametrize("kind", [MirrorKind.MESSAGE, MirrorKind.HOME])
def test_in_a_paused_workspace_changes_rest_too(
    session: Session, workspace: Workspace, kind: MirrorKind
) -> None:
    """Not only what is to be made; an issue goes on, for Jira is somewhere else."""
    mark(session, kind=kind)
    show(session)
    mark(session, kind=kind)
    mirrors.mark(session, AT, [Mark(1, MirrorKind.ISSUE, "view", "issue", "team:1")])
    workspace.paused = "token_revoked"
    assert candidates(session) == ["issue"]
    workspace.paused, workspace.jira_paused = None, "401"
    assert candidates(session) == ["s"]


def test_an_issue_that_stands_is_no_message(session: Session) -> None:
    """It is found once, in its own lane."""
    mark(session, kind=MirrorKind.ISSUE)
    find(session).remote_id = "10002"
    assert candidates(session) == ["s"]


@pytest.mark.usefixtures("on_sqlite")
def test_what_is_due_is_found_by_its_index(session: Session) -> None:
    """Messages pile up over the years, and the relay looks at every wake-up."""
    with explained(session, "mirrors") as plans:
        mirrors.candidates(session, 100)
        mirrors.waiting(session)
    assert plans == ["SEARCH mirrors USING INDEX ix_mirrors_due (kind=?)"] * 5


def test_what_waits_for_back_off_is_counted_apart(session: Session, machine: HandMachine) -> None:
    """Only what is stale: of what is shown nothing waits. Nothing at all is two zeros."""
    assert mirrors.waiting(session) == (0, 0)
    for subject in ("ready", "later", "shown"):
        mark(session, subject)
    show(session, "shown")
    for subject in ("later", "shown"):
        find(session, subject).not_before = machine.utc() + timedelta(seconds=1)
    session.flush()
    assert mirrors.waiting(session) == (1, 1)
    mark(session, "stopped").outcome = Outcome.PARKED
    mark(session, "home", "U1", kind=MirrorKind.HOME)
    session.flush()
    assert mirrors.waiting(session) == (2, 1)
    assert mirrors.waiting(session, [MirrorKind.HOME]) == (1, 0)


def test_whether_another_of_its_target_is_blocked(session: Session) -> None:
    """Then its owner has been told; another channel's trouble is another's."""
    for subject, target in (("s", "C1"), ("same", "C1"), ("elsewhere", "C2")):
        mark(session, subject, target)
    one = find(session)
    one.outcome = find(session, "elsewhere").outcome = Outcome.BLOCKED
    session.flush()
    assert not mirrors.blocked_elsewhere(session, one)
    find(session, "same").outcome = Outcome.PARKED
    session.flush()
    assert not mirrors.blocked_elsewhere(session, one)
    find(session, "same").outcome = Outcome.BLOCKED
    session.flush()
    assert mirrors.blocked_elsewhere(session, one)
