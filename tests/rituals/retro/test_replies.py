"""What is said in the threads of topics, and nothing else."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.rituals.retro import replies
from bot.rituals.retro.model import Stage
from bot.rituals.retro.replies import Heard
from bot.rituals.retro.running import TOPIC_VIEW, VIEW
from bot.rituals.retro.tables import Reply
from bot.rituals.retro.thread_listeners import heard_of
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, utc
from tests.rituals.retro.team import Team


@pytest.fixture
def team(begin: Begin) -> Team:
    """Two topics are discussed."""
    made = Team(begin("2026-03-30T06:00"))
    made.gather()
    made.until(utc("2026-03-31T17:00"))
    made.note("UMEI", "One")
    made.note("UARJ", "Two")
    for _ in range(3):
        made.next()
    assert made.stage() is Stage.DISCUSS
    return made


def thread(team: Team) -> str:
    """The timestamp of the first topic's message."""
    first = min(team.world.mirrors(TOPIC_VIEW), key=lambda one: one.id)
    assert first.remote_id is not None
    return first.remote_id


def hear(team: Team, text: str | None, ts: str = "9.1", **more: Any) -> None:
    world = team.world
    said = Heard(CHANNEL, more.pop("thread_ts", thread(team)), ts, "USAM", text, **more)
    replies.hear(world.session, world.at, world.workspace_id, said)


def kept(team: Team) -> list[str]:
    return list(
        team.world.session.scalars(
            select(Reply.text).where(Reply.deleted.is_(False)).order_by(Reply.ts)
        )
    )


def test_what_is_said_is_kept_with_its_topic(team: Team) -> None:
    """And stands in the summary, in brief."""
    hear(team, "Hash every snapshot.")
    hear(team, "Hash every snapshot.")  # Slack delivers it again
    hear(team, "And <@UMEI> checks it.", ts="9.2")
    assert kept(team) == ["Hash every snapshot.", "And @umei checks it."]
    team.next()
    assert "Hash every snapshot." in team.message()
    assert "usam: " in team.message()


def test_an_edit_and_a_deletion_are_followed(team: Team) -> None:
    """In whatever order Slack tells of them."""
    hear(team, "First")
    hear(team, "Second thoughts", edited=True)
    hear(team, "First")  # late
    assert kept(team) == ["Second thoughts"]
    hear(team, None)
    hear(team, "Second thoughts", edited=True)  # late
    assert kept(team) == []
    assert team.world.session.scalars(select(Reply.text)).all() == [""]


def test_other_threads_and_other_times_leave_no_trace(team: Team) -> None:
    """Before the discussion, after it, and anywhere else nothing is kept."""
    hear(team, "Elsewhere", thread_ts="1.0")
    topic = thread(team)
    team.next()
    assert team.stage() is Stage.CLOSED
    hear(team, "After the end", thread_ts=topic)
    assert kept(team) == []


def test_what_was_kept_is_followed_after_the_end_as_well(team: Team) -> None:
    """The summary doesn't go on quoting what somebody took back or put otherwise."""
    hear(team, "Blame the vendor.")
    hear(team, "Sort by time.", ts="9.2")
    topic = thread(team)
    team.next()
    assert team.stage() is Stage.CLOSED
    before = drawn(team)
    hear(team, "Sort by id.", ts="9.2", edited=True, thread_ts=topic)
    hear(team, None, thread_ts=topic)
    assert kept(team) == ["Sort by id."]
    assert drawn(team) > before
    assert "Sort by id." in team.message()
    assert "Blame the vendor." not in team.message()


def drawn(team: Team) -> int:
    """How often the retro's message was to be drawn."""
    (message,) = team.world.mirrors(VIEW)
    return message.wanted


REPLY = {
    "type": "message",
    "channel": "C1",
    "channel_type": "channel",
    "user": "U1",
    "text": "Yes",
    "ts": "2.0",
    "thread_ts": "1.0",
}
CHANGED = {
    "type": "message",
    "subtype": "message_changed",
    "channel": "C1",
    "channel_type": "channel",
    "message": {"user": "U1", "text": "No", "ts": "2.0", "thread_ts": "1.0"},
}
DELETED = {
    "type": "message",
    "subtype": "message_deleted",
    "channel": "C1",
    "channel_type": "channel",
    "deleted_ts": "2.0",
    "previous_message": {"user": "U1", "text": "No", "ts": "2.0", "thread_ts": "1.0"},
}


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (REPLY, Heard("C1", "1.0", "2.0", "U1", "Yes")),
        (CHANGED, Heard("C1", "1.0", "2.0", "U1", "No", edited=True)),
        (DELETED, Heard("C1", "1.0", "2.0", "U1", None)),
    ],
)
def test_what_slack_tells_of_a_thread(event: dict[str, Any], heard: Heard) -> None:
    """A reply, its edit, and its deletion."""
    assert heard_of(event) == heard


@pytest.mark.parametrize(
    "event",
    [
        {**REPLY, "thread_ts": None},
        {**REPLY, "thread_ts": "2.0"},
        {**REPLY, "bot_id": "B1"},
        {**REPLY, "subtype": "channel_join"},
        {**REPLY, "subtype": "bot_message"},
        {**DELETED, "previous_message": {}},
    ],
)
def test_what_is_no_person_s_reply_is_passed_over(event: dict[str, Any]) -> None:
    """A message in the channel itself, a thread's head, a bot, and Slack's own notices."""
    assert heard_of(event) is None
