"""Replies below a parent, as SQL sees them: when one may go, and what it inherits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, event, select
from sqlalchemy.orm import ORMExecuteState, Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror
from bot.engine import mirrors, sending, threads
from bot.engine.mirrors import Mark, Urgency
from bot.engine.sending import SETTLING, Again, Claim, LookFirst, Nothing, Shown, Stopped
from bot.engine.threads import Key
from tests.clocks import HandMachine
from tests.db import rows

AT = datetime.fromisoformat("2030-01-01T12:00:00+00:00")
PARENT = Key(MirrorKind.MESSAGE, "view", "parent", "C1")
STANDING = Shown("C1", "1.1")
GONE, SHUT = Stopped(Outcome.GONE, "thread_not_found"), Stopped(Outcome.BLOCKED, "is_archived")


@pytest.fixture(autouse=True)
def workspace(session: Session) -> None:
    rows.workspace(session)


def parent_mark(**more: Any) -> Mark:
    return Mark(1, MirrorKind.MESSAGE, "view", "parent", "C1", **more)


def reply_mark(subject: str = "reply", **more: Any) -> Mark:
    return Mark(1, MirrorKind.MESSAGE, "view", subject, "C1", parent=PARENT, **more)


def find(session: Session, subject: str) -> Mirror:
    statement = select(Mirror).where(Mirror.subject == subject)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def due(session: Session) -> list[str]:
    session.flush()
    return [session.get_one(Mirror, one.id).subject for one in mirrors.candidates(session, 100)]


def claim(session: Session, subject: str) -> Claim:
    claimed = sending.claim(session, find(session, subject).id, AT)
    assert claimed is not None
    return claimed


def stand(session: Session, subject: str = "parent", ts: str = "1.1") -> None:
    sending.settle(session, claim(session, subject), Shown("C1", ts))


def stop(session: Session, subject: str, result: Stopped) -> Mirror | None:
    return sending.settle(session, claim(session, subject), result)


@pytest.fixture
def thread(session: Session) -> None:
    """A parent that stands, and two replies that are to be made."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark("first"), reply_mark("second")])
    stand(session)


# --- marking


def test_a_reply_may_be_marked_with_its_parent(session: Session) -> None:
    """In one call, in whichever order, or later."""
    mirrors.mark(session, AT, [reply_mark("before"), parent_mark(), reply_mark("after")])
    mirrors.mark(session, AT, [reply_mark("later")])
    parent = find(session, "parent")
    above = {one.subject: one.parent_id for one in session.scalars(select(Mirror))}
    assert above == {
        "parent": None, "before": parent.id, "after": parent.id, "later": parent.id,
    }  # fmt: skip


def test_many_replies_are_marked_set_based(session: Session) -> None:
    """A run of two hundred answers: their parent is looked up once."""
    mirrors.mark(session, AT, [parent_mark()])
    statements = 0

    def count(*_args: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(session.get_bind(), "before_cursor_execute", count)
    mirrors.mark(session, AT, [reply_mark(f"{number}") for number in range(200)])
    assert statements <= 2
    assert len(session.scalars(select(Mirror)).all()) == 201


def test_a_reply_to_nothing_is_a_defect(session: Session) -> None:
    """Nothing is marked for a parent that nobody marked, nor in a thread in a thread."""
    with pytest.raises(LookupError, match="parent"):
        mirrors.mark(session, AT, [reply_mark()])
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    deeper = Mark(1, MirrorKind.MESSAGE, "view", "deeper", "C1", parent=reply_mark().key)
    with pytest.raises(LookupError, match="reply"):
        mirrors.mark(session, AT, [deeper])


def test_a_reply_stands_where_its_parent_does() -> None:
    """Another channel has no such thread."""
    with pytest.raises(ValueError, match="parent"):
        Mark(1, MirrorKind.MESSAGE, "view", "reply", "C2", parent=PARENT)


def test_a_reply_stays_one(session: Session, thread: None) -> None:
    """Though it is marked without its parent, by whoever knows of its change alone."""
    mirrors.mark(session, AT, [Mark(1, MirrorKind.MESSAGE, "view", "first", "C1")])
    assert find(session, "first").parent_id == find(session, "parent").id


# --- waiting


def test_a_reply_waits_for_its_parent(session: Session) -> None:
    """It is neither due, nor counted, nor to be claimed; then it goes below that message."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    assert due(session) == ["parent"]
    assert mirrors.waiting(session) == (1, 0)
    assert sending.claim(session, find(session, "reply").id, AT) is None
    stand(session)
    assert due(session) == ["reply"]
    assert mirrors.waiting(session) == (1, 0)
    claimed = claim(session, "reply")
    assert (claimed.creates, claimed.place, claimed.thread_ts) == (True, "C1", "1.1")


def test_a_reply_goes_where_its_parent_stands_and_stays_there(session: Session) -> None:
    """That is the DM with a person; once it stands itself, it is changed where it does."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    sending.settle(session, claim(session, "parent"), Shown("D1", "1.1"))
    first = claim(session, "reply")
    sending.settle(session, first, Shown("D2", "2.1"))
    mirrors.mark(session, AT, [reply_mark()])
    assert (first.place, claim(session, "reply").place) == ("D1", "D2")


def test_a_parent_that_comes_to_stand_wakes_the_relay(session: Session) -> None:
    """Its replies are due now, though nobody marked anything."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    claimed = claim(session, "parent")
    del session.info["stale"]
    sending.settle(session, claimed, STANDING)
    assert session.info["stale"]


def test_a_parent_found_by_a_look_up_stands(session: Session, machine: HandMachine) -> None:
    """While its outcome is unknown its replies wait."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    sending.settle(session, claim(session, "parent"), LookFirst())
    assert due(session) == []
    machine.advance(SETTLING.total_seconds())
    assert due(session) == ["parent"]
    sending.settle(session, claim(session, "parent"), Shown("C1", "1.1", adopted=True))
    assert sorted(due(session)) == ["parent", "reply"]


def test_replies_to_a_parent_that_draws_nothing_wait(session: Session) -> None:
    """There is nothing to stand below."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    sending.settle(session, claim(session, "parent"), Nothing())
    assert due(session) == []
    assert mirrors.waiting(session) == (0, 0)


def test_replies_to_a_parent_that_backs_off_wait(session: Session, machine: HandMachine) -> None:
    """It alone is counted."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    sending.settle(session, claim(session, "parent"), Again(30))
    assert mirrors.waiting(session) == (0, 1)
    machine.advance(30)
    assert due(session) == ["parent"]


def test_replies_go_in_the_order_they_were_marked(session: Session, machine: HandMachine) -> None:
    """However long they waited."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark("a"), reply_mark("b")])
    machine.advance(5)
    mirrors.mark(session, AT, [reply_mark("c", urgency=Urgency.PROGRESS)])
    stand(session)
    assert due(session) == ["a", "b", "c"]


def test_a_reply_that_waited_too_long_is_missed(session: Session, machine: HandMachine) -> None:
    """It is found out once it could go."""
    mirrors.mark(session, AT, [parent_mark(), reply_mark(not_after=AT + timedelta(minutes=1))])
    machine.advance(61)
    assert find(session, "reply").outcome is None
    stand(session)
    assert sending.claim(session, find(session, "reply").id, AT) is None
    assert find(session, "reply").outcome is Outcome.MISSED


# --- inheriting


@pytest.mark.parametrize("result", [GONE, SHUT])
def test_a_reply_inherits_what_stops_it(session: Session, thread: None, result: Stopped) -> None:
    """The outcome is its parent's, told once; no try is counted, no reply goes after it."""
    concerned = stop(session, "first", result)
    assert concerned is not None
    assert (concerned.subject, concerned.outcome) == ("parent", result.outcome)
    reply = find(session, "first")
    assert (reply.outcome, reply.attempts, reply.lease) == (None, 0, None)
    assert due(session) == []
    assert mirrors.waiting(session) == (0, 0)


def test_a_reply_s_own_parent_is_stopped_and_says_why(session: Session) -> None:
    """What else stands goes on; a half-made reply is not looked for in a thread that is gone."""
    mirrors.mark(session, AT, [Mark(1, MirrorKind.MESSAGE, "view", "another", "C1")])
    mirrors.mark(session, AT, [parent_mark(), reply_mark()])
    stand(session)
    find(session, "reply").sent_at = find(session, "reply").sent_since = AT
    asked: list[ORMExecuteState] = []
    claimed = claim(session, "reply")
    event.listen(session, "do_orm_execute", asked.append)
    concerned = sending.settle(session, claimed, GONE)
    assert concerned is not None
    assert (concerned.subject, concerned.detail) == ("parent", "thread_not_found")
    assert find(session, "reply").sent_since is None
    locking = asked[0].statement  # before the reply is, as whoever marks both does
    assert isinstance(locking, Select)
    assert locking._for_update_arg is not None


def test_what_two_replies_find_out_is_told_once(session: Session, thread: None) -> None:
    """The second one learns nothing new."""
    first, second = claim(session, "first"), claim(session, "second")
    assert sending.settle(session, first, SHUT) is not None
    assert sending.settle(session, second, SHUT) is None
    assert find(session, "second").lease is None


@pytest.mark.parametrize("result", [GONE, SHUT])
def test_a_parent_that_stopped_stops_its_replies(
    session: Session, thread: None, result: Stopped
) -> None:
    """Whatever was found out when the parent itself was changed."""
    mirrors.mark(session, AT, [parent_mark()])
    assert stop(session, "parent", result) is not None
    assert due(session) == []


def test_replies_are_lifted_with_their_parent(session: Session, thread: None) -> None:
    """The channel opened again: all that was to be shown is shown."""
    stop(session, "first", SHUT)
    mirrors.mark(session, AT, [reply_mark("third")])
    mirrors.lift(session, (Mirror.target == "C1") & (Mirror.outcome == Outcome.BLOCKED))
    assert sorted(due(session)) == ["first", "parent", "second", "third"]
    assert claim(session, "first").sent_since is None


def test_a_half_made_reply_is_looked_for_once_its_channel_opens(
    session: Session, thread: None, machine: HandMachine
) -> None:
    """It may stand there already."""
    sending.settle(session, claim(session, "first"), LookFirst())
    machine.advance(SETTLING.total_seconds())
    stop(session, "first", SHUT)
    mirrors.lift(session, Mirror.subject == "parent")
    assert claim(session, "first").sent_since is not None


def test_a_reply_s_own_defect_is_its_own(session: Session, thread: None) -> None:
    """What Slack refuses to draw says nothing of the others."""
    concerned = stop(session, "first", Stopped(Outcome.PARKED, "invalid_blocks"))
    assert concerned is not None
    assert concerned.subject == "first"
    assert due(session) == ["second"]


def test_a_reply_that_somebody_deleted_is_gone_alone(session: Session, thread: None) -> None:
    """The thread goes on without it."""
    stand(session, "first", "1.2")
    mirrors.mark(session, AT, [reply_mark("first")])
    concerned = stop(session, "first", Stopped(Outcome.GONE, "message_not_found"))
    assert concerned is not None
    assert concerned.subject == "first"
    assert due(session) == ["second"]


def test_a_parked_parent_that_stands_has_replies(session: Session, thread: None) -> None:
    """It can't be changed any more, yet what is below it can."""
    mirrors.mark(session, AT, [parent_mark()])
    stop(session, "parent", Stopped(Outcome.PARKED, "edit_window_closed"))
    assert due(session) == ["first", "second"]


def test_replies_that_stand_outlive_their_parent(session: Session, thread: None) -> None:
    """Slack keeps the thread of a deleted message: what stands in it is kept true."""
    stand(session, "first", "1.2")
    mirrors.mark(session, AT, [parent_mark(), reply_mark("first")])
    stop(session, "parent", Stopped(Outcome.GONE, "message_not_found"))
    assert due(session) == ["first"]
    claimed = claim(session, "first")
    assert (claimed.creates, claimed.remote_id) == (False, "1.2")


# --- made again


def test_a_parent_made_again_has_its_replies_again(session: Session, thread: None) -> None:
    """Below the new message; those too that were deleted with the old one."""
    stand(session, "first", "1.2")
    stand(session, "second", "1.3")
    mirrors.mark(session, AT, [reply_mark("second"), parent_mark()])
    stop(session, "second", Stopped(Outcome.GONE, "message_not_found"))
    stop(session, "parent", Stopped(Outcome.GONE, "message_not_found"))
    threads.make_again(session, find(session, "parent").id)
    assert due(session) == ["parent"]
    stand(session, "parent", "2.1")
    assert due(session) == ["first", "second"]
    claimed = claim(session, "first")
    assert (claimed.creates, claimed.thread_ts, claimed.sent_since) == (True, "2.1", None)


def test_a_reply_on_its_way_to_the_old_parent_goes_again(session: Session, thread: None) -> None:
    """What comes of it is written down nowhere."""
    claimed = claim(session, "first")
    threads.make_again(session, find(session, "parent").id)
    assert sending.settle(session, claimed, Shown("C1", "1.2")) is None
    stand(session, "parent", "2.1")
    assert claim(session, "first").thread_ts == "2.1"


def test_one_reply_is_made_again_alone(session: Session, thread: None) -> None:
    """Its parent and the others stay where they are."""
    stand(session, "first", "1.2")
    stand(session, "second", "1.3")
    threads.make_again(session, find(session, "first").id)
    assert due(session) == ["first"]
    assert (find(session, "parent").remote_id, find(session, "second").remote_id) == ("1.1", "1.3")


def test_replies_go_with_the_parent_that_is_there_already(session: Session, thread: None) -> None:
    """A channel's new id came late: its new message keeps its place, the old one's replies join."""
    stand(session, "first", "1.2")
    mirrors.mark(session, AT, [Mark(1, MirrorKind.MESSAGE, "view", "parent", "C9")])
    new = session.scalars(select(Mirror).where(Mirror.target == "C9")).one()
    sending.settle(session, claim_id(session, new.id), Shown("C9", "9.1"))
    threads.rehang(session, "C1", "C9")
    for subject in ("first", "second"):
        assert find(session, subject).parent_id == new.id
        assert claim(session, subject).thread_ts == "9.1"


def claim_id(session: Session, mirror_id: int) -> Claim:
    claimed = sending.claim(session, mirror_id, AT)
    assert claimed is not None
    return claimed


def test_a_reply_below_somebody_else_s_message(session: Session) -> None:
    """Its thread is one that no mirror stands for; it is due by itself."""
    below = Mark(1, MirrorKind.MESSAGE, "view", "foreign", "C1", thread_ts="9.9")
    mirrors.mark(session, AT, [below])
    assert due(session) == ["foreign"]
    assert claim(session, "foreign").thread_ts == "9.9"
