"""What can't be shown is told to the ritual's owner: once for a channel, on their own card."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import agenda, cards, deck, targets, undelivered
from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror, Person, Timer
from bot.engine import mirrors, sending
from bot.engine.mirrors import Mark
from bot.engine.sending import Claim, Shown, Stopped
from bot.engine.threads import Key
from tests.clocks import START
from tests.db import rows

NOON, EVENING = START.replace(hour=10), START.replace(hour=19)  # 12:00 and 21:00 in Berlin


@pytest.fixture
def runs(session: Session) -> list[int]:
    """Two runs of an owner's stand-up in one channel."""
    owner = rows.person(session, rows.workspace(session).id)
    ritual = rows.ritual(session, owner, START)
    return [rows.run(session, ritual, START, ordinal=number).id for number in range(2)]


def stop(
    session: Session,
    run_id: int,
    outcome: Outcome,
    detail: str = "is_archived",
    at: datetime = NOON,
) -> None:
    """Mark a run's message stale, and settle it as the relay does when Slack refuses."""
    view = Mark(1, MirrorKind.MESSAGE, "standup.run", str(run_id), rows.CHANNEL, run_id=run_id)
    mirrors.mark(session, at, [view])
    claimed = claim(session, str(run_id))
    mirror = sending.settle(session, claimed, Stopped(outcome, detail))
    assert mirror is not None
    undelivered.stopped(session, at, mirror, outcome)


def claim(session: Session, subject: str) -> Claim:
    mirror_id = session.scalars(select(Mirror.id).where(Mirror.subject == subject)).one()
    claimed = sending.claim(session, mirror_id, START)
    assert claimed is not None
    return claimed


def owner_cards(session: Session) -> list[tuple[str, int]]:
    """The owner's cards, and how often each was marked."""
    query = select(Mirror.subject, Mirror.wanted).where(Mirror.view == deck.VIEW)
    found = session.execute(query.order_by(Mirror.subject))
    return [(row.subject, row.wanted) for row in found]


def test_an_archived_channel_is_told_once(session: Session, runs: list[int]) -> None:
    """However many of its messages can't be shown."""
    stop(session, runs[0], Outcome.BLOCKED)
    assert owner_cards(session) == [("1/2026-03-30/1", 1)]
    stop(session, runs[1], Outcome.BLOCKED)
    assert owner_cards(session) == [("1/2026-03-30/1", 1)]


def test_a_channel_that_is_blocked_again_is_told_again(session: Session, runs: list[int]) -> None:
    """After it opened, silently on the card that is there."""
    stop(session, runs[0], Outcome.BLOCKED)
    targets.lift(session, NOON, rows.CHANNEL)
    marked = owner_cards(session)[0][1]
    stop(session, runs[0], Outcome.BLOCKED)
    assert owner_cards(session) == [("1/2026-03-30/1", marked + 1)]


def test_unarchiving_shows_what_is_true_then(session: Session, runs: list[int]) -> None:
    """Every message of that channel, and no other."""
    stop(session, runs[0], Outcome.BLOCKED)
    stop(session, runs[1], Outcome.BLOCKED)
    targets.lift(session, NOON, "C-ANOTHER")
    query = select(Mirror.outcome).where(Mirror.target == rows.CHANNEL)
    assert session.scalars(query).all() == [Outcome.BLOCKED] * 2
    targets.lift(session, NOON, rows.CHANNEL)
    assert session.scalars(query).all() == [None, None]
    assert claim(session, str(runs[0])).creates


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.UNKNOWN, Outcome.PARKED])
def test_each_lost_message_is_told(session: Session, runs: list[int], outcome: Outcome) -> None:
    """A message of its own each: somebody deleted it, or it may not have been posted."""
    stop(session, runs[0], outcome)
    stop(session, runs[1], outcome)
    assert owner_cards(session) == [("1/2026-03-30/1", 2)]


def test_a_message_that_came_too_late_is_no_news(session: Session, runs: list[int]) -> None:
    """It no longer makes sense; a card that came too late is told with its people's names."""
    stop(session, runs[0], Outcome.MISSED)
    assert owner_cards(session) == []


def test_nobody_is_woken(session: Session, runs: list[int]) -> None:
    """In the evening the news waits for eight in the morning on the owner's clock."""
    stop(session, runs[0], Outcome.BLOCKED, at=EVENING)
    assert owner_cards(session) == []
    timer = session.scalars(select(Timer)).one()
    assert (timer.kind, timer.step, timer.person_id) == ("asking", "tell", 1)
    assert timer.due_at.isoformat() == "2026-03-31T06:00:00+00:00"
    cards.tell_step(session, timer.due_at, [rows.fired(timer)])
    assert owner_cards(session) == [("1/2026-03-31/1", 1)]


def test_only_the_owner_posts_again(session: Session, runs: list[int]) -> None:
    """A deleted message comes back by their word alone."""
    rows.person(session, 1, "U01MEI")
    stop(session, runs[0], Outcome.GONE, "message_not_found")
    mirror_id = session.scalars(select(Mirror.id).where(Mirror.outcome.is_not(None))).one()
    targets.post_again(session, NOON, 1, "U01MEI", mirror_id)
    assert session.get_one(Mirror, mirror_id).outcome is Outcome.GONE
    targets.post_again(session, NOON, 1, rows.OWNER, mirror_id)
    session.expire_all()
    assert session.get_one(Mirror, mirror_id).outcome is None
    assert claim(session, str(runs[0])).creates


# --- replies


def reply(session: Session, run_id: int, subject: str) -> None:
    parent = Key(MirrorKind.MESSAGE, "standup.run", str(run_id), rows.CHANNEL)
    one = Mark(1, MirrorKind.MESSAGE, "answer", subject, rows.CHANNEL, run_id, parent=parent)
    mirrors.mark(session, NOON, [one])


def stand(session: Session, run_id: int) -> None:
    view = Mark(1, MirrorKind.MESSAGE, "standup.run", str(run_id), rows.CHANNEL, run_id=run_id)
    mirrors.mark(session, NOON, [view])
    sending.settle(session, claim(session, str(run_id)), Shown(rows.CHANNEL, "1.1"))


def test_replies_that_go_nowhere_are_told_once(session: Session, runs: list[int]) -> None:
    """They are their parent's trouble: one line, however many there are."""
    stand(session, runs[0])
    for subject in ("first", "second"):
        reply(session, runs[0], subject)
    shut = Stopped(Outcome.BLOCKED, "is_archived")
    concerned = sending.settle(session, claim(session, "first"), shut)
    assert concerned is not None
    undelivered.stopped(session, NOON, concerned, Outcome.BLOCKED)
    owner = session.scalars(select(Person)).one()
    assert [one.detail for one in agenda.troubles(session, owner, NOON)] == ["is_archived"]
    assert owner_cards(session) == [("1/2026-03-30/1", 1)]


def test_posting_a_parent_again_posts_its_replies_again(session: Session, runs: list[int]) -> None:
    """They stand below the new message; the old thread is lost."""
    stand(session, runs[0])
    reply(session, runs[0], "first")
    sending.settle(session, claim(session, "first"), Shown(rows.CHANNEL, "1.2"))
    stop(session, runs[0], Outcome.GONE, "message_not_found")
    parent_id = session.scalars(select(Mirror.id).where(Mirror.subject == str(runs[0]))).one()
    targets.post_again(session, NOON, 1, rows.OWNER, parent_id)
    sending.settle(session, claim(session, str(runs[0])), Shown(rows.CHANNEL, "2.1"))
    claimed = claim(session, "first")
    assert (claimed.creates, claimed.thread_ts) == (True, "2.1")


def test_replies_follow_their_parent_to_a_channel_s_new_id(
    session: Session, runs: list[int]
) -> None:
    """They stand below it there, and go on being changed."""
    stand(session, runs[0])
    reply(session, runs[0], "first")
    sending.settle(session, claim(session, "first"), Shown(rows.CHANNEL, "1.2"))
    reply(session, runs[0], "first")
    targets.renumber(session, NOON, rows.CHANNEL, "CNEW")
    claimed = claim(session, "first")
    assert (claimed.channel, claimed.remote_id, claimed.thread_ts) == ("CNEW", "1.2", "1.1")


def test_replies_of_a_message_that_gives_way_are_made_below_the_other(
    session: Session, runs: list[int]
) -> None:
    """The channel's new id was in use before Slack told of it."""
    stand(session, runs[0])
    reply(session, runs[0], "first")
    sending.settle(session, claim(session, "first"), Shown(rows.CHANNEL, "1.2"))
    twin = Mark(1, MirrorKind.MESSAGE, "standup.run", str(runs[0]), "CNEW", run_id=runs[0])
    mirrors.mark(session, NOON, [twin])
    new = session.scalars(select(Mirror.id).where(Mirror.target == "CNEW")).one()
    claimed = sending.claim(session, new, START)
    assert claimed is not None
    sending.settle(session, claimed, Shown("CNEW", "9.1"))
    targets.renumber(session, NOON, rows.CHANNEL, "CNEW")
    below = claim(session, "first")
    assert (below.creates, below.place, below.thread_ts) == (True, "CNEW", "9.1")
