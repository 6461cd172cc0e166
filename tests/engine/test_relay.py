"""The relay against a Slack workspace over HTTP: what is sent, when, and what comes of trouble."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, sending
from bot.engine.mirrors import Urgency
from bot.engine.to_slack import resume_workspace
from bot.sandbox import people
from tests.engine.conftest import CHANNEL, DM, PERSON, PRIVATE, Bench

SCOPE_OF = {CHANNEL: "channels:history", PRIVATE: "groups:history", DM: "im:history"}


async def test_a_mark_becomes_a_message_and_changes_it(bench: Bench) -> None:
    """Made once, then edited in place."""
    bench.start()
    await bench.say("run", "one")
    await bench.settle()
    first = bench.seen()[0].ts
    await bench.say("run", "two")
    await bench.settle()
    assert [(message.ts, message.text) for message in bench.seen()] == [(first, "two")]
    assert (await bench.mirror("run")).remote_id == first


async def test_a_message_says_nothing_but_an_opaque_id(bench: Bench) -> None:
    """Metadata can be read by the whole workspace: no subject, no person, no content."""
    bench.start()
    await bench.say("7/2026-03-30/1", "secret", target=PERSON)
    await bench.settle()
    uid = (await bench.mirror("7/2026-03-30/1")).uid
    (message,) = bench.seen(DM)
    assert message.metadata == {"event_type": "meridian_mirror", "event_payload": {"id": uid}}
    assert "2026" not in json.dumps(message.metadata)


async def test_a_home_is_shown(bench: Bench) -> None:
    """Repeated as it is, since publishing twice does no harm."""
    bench.start()
    bench.trouble("drop_after", "views.publish")
    await bench.say("1", "welcome", PERSON, kind=MirrorKind.HOME, view="home")
    await bench.settle()
    assert "welcome" in json.dumps(bench.slack.site.views.homes[PERSON].json())
    assert bench.calls("views.publish") == ["ok", "drop_after", "ok"]


async def test_a_view_that_draws_nothing_creates_nothing(bench: Bench) -> None:
    """Until there is something to show."""
    bench.start()
    await bench.say("card", None)
    await bench.settle()
    assert bench.calls("chat.postMessage") == []
    await bench.say("card", "now")
    await bench.settle()
    assert bench.texts() == ["now"]


@pytest.mark.parametrize("target", [CHANNEL, PRIVATE, PERSON])
@pytest.mark.parametrize(
    ("mode", "more", "sent"),
    [
        ("drop_after", {}, 1),  # it took effect and the reply was lost
        ("drop_before", {}, 2),  # it was lost on the way there
        ("status", {"status": 503, "after": True}, 1),
        ("status", {"status": 500}, 2),
        ("error", {"error": "internal_error"}, 2),
        ("status", {"status": 429, "retry_after": 7}, 2),
    ],
)
async def test_a_lost_reply_leaves_one_message(
    bench: Bench, target: str, mode: str, more: dict[str, Any], sent: int
) -> None:
    """Whether or not the call took effect, in a channel, a private one and a person's messages."""
    bench.start()
    bench.trouble(mode, **more)
    await bench.say("run", "one", target)
    await bench.settle()
    channel = DM if target == PERSON else target
    assert bench.texts(channel) == ["one"]
    assert (await bench.mirror("run")).remote_id == bench.seen(channel)[0].ts
    assert bench.calls("chat.postMessage").count("ok") == 1
    assert len(bench.calls("conversations.history")) == (0 if "retry_after" in more else 1)
    assert sent == (1 if "drop_after" in mode or "after" in more else 2)


async def test_a_look_up_waits_until_the_call_has_settled(bench: Bench) -> None:
    """Time-out + 5 s after the sending began: a call under way could still arrive."""
    bench.start()
    await bench.pass_time(1)
    bench.trouble("drop_after")
    await bench.say("run", "one")
    await bench.struck()
    await bench.idle()
    await bench.pass_time(sending.SETTLING.total_seconds() - 0.5)
    await bench.idle()
    assert bench.calls("conversations.history") == []
    await bench.settle()
    assert bench.calls("conversations.history") == ["ok"]


async def test_a_look_up_that_fails_is_made_again(bench: Bench) -> None:
    """It reads, so it may be repeated; there is one message all the same."""
    bench.start()
    bench.trouble("drop_after")
    bench.trouble("drop_before", "conversations.history", count=2)
    await bench.say("run", "one")
    await bench.settle()
    assert bench.texts() == ["one"]
    assert bench.calls("chat.postMessage") == ["ok", "drop_after"]


async def test_a_message_far_back_is_found(bench: Bench) -> None:
    """People went on talking: the history is paged through."""
    bench.start()
    bench.trouble("drop_after")
    await bench.say("run", "one")
    await bench.struck()
    await bench.idle()
    channel = bench.slack.site.world.channels[CHANNEL]
    for number in range(450):
        bench.slack.site.feed.post(channel, PERSON, f"talk {number}")
    await bench.settle()
    assert bench.texts() == ["one"]
    assert bench.calls("conversations.history") == ["ok"] * 3


async def test_an_adopted_message_shows_what_is_true_now(bench: Bench) -> None:
    """Nobody knows which revision the lost call carried."""
    bench.start()
    bench.trouble("drop_after")
    await bench.say("run", "one")
    await bench.struck()
    await bench.idle()
    await bench.say("run", "two")
    await bench.settle()
    assert bench.texts() == ["two"]


async def test_a_change_made_while_a_message_is_sent_is_shown(bench: Bench) -> None:
    """Both while it is being made and while it is being changed."""
    bench.start()
    for method, text, then in (
        ("chat.postMessage", "one", "two"),
        ("chat.update", "three", "four"),
    ):
        bench.trouble("delay", method, seconds=2)
        await bench.say("run", text)
        await bench.pass_time(1)
        await bench.struck()
        await bench.say("run", then)
        bench.machine.advance(2)
        await bench.settle()
        assert bench.texts() == [then]


async def test_an_unknown_update_is_not_overtaken(bench: Bench) -> None:
    """Nothing goes to that message until the lost call has settled."""
    bench.start()
    await bench.say("run", "one")
    await bench.settle()
    bench.trouble("drop_after", "chat.update")
    await bench.say("run", "two")
    await bench.struck()
    await bench.idle()
    await bench.say("run", "three")
    await bench.pass_time(sending.SETTLING.total_seconds() - 0.1)
    await bench.idle()
    assert bench.calls("chat.update") == ["ok", "drop_after"]
    await bench.settle()
    assert bench.texts() == ["three"]


async def test_a_call_of_a_dead_process_that_arrives_late(bench: Bench) -> None:
    """The message came up after the restart and before the look-up, so it is found."""
    bench.start()
    bench.trouble("delay", seconds=9)
    await bench.say("run", "one")
    await bench.pass_time(1)
    await bench.struck()
    await bench.kill()
    await bench.restart()
    await bench.pass_time(9)
    await bench.until(lambda: len(bench.seen()) == 1)
    await bench.settle()
    assert bench.texts() == ["one"]
    assert bench.calls("chat.postMessage") == ["ok"]


async def test_an_update_of_a_dead_process_that_arrives_late(bench: Bench) -> None:
    """The new process waits for it, so that it undoes nothing."""
    bench.start()
    await bench.say("run", "one")
    await bench.settle()
    bench.trouble("delay", "chat.update", seconds=9)
    await bench.say("run", "two")
    await bench.struck()
    await bench.kill()
    await bench.restart()
    await bench.say("run", "three")
    for _ in range(8):
        await bench.pass_time(1)
        await bench.idle()
    assert bench.texts() == ["one"]
    await bench.pass_time(1)
    await bench.until(lambda: bench.texts() == ["two"])
    await bench.settle()
    assert bench.texts() == ["three"]


async def test_a_deleted_message_is_not_made_again(bench: Bench) -> None:
    """Somebody did that on purpose; the mirror is gone, and said to be."""
    bench.start()
    await bench.say("run", "one")
    await bench.settle()
    bench.slack.site.feed.delete(bench.seen()[0])
    for text in ("two", "three"):
        await bench.say("run", text)
        await bench.settle()
    assert bench.texts() == []
    assert (await bench.mirror("run")).outcome is Outcome.GONE
    assert bench.told == [("run", Outcome.GONE)]
    assert bench.calls("chat.update") == ["message_not_found"]


async def test_an_archived_channel_blocks_its_target(bench: Bench) -> None:
    """Both what stands there and what is to come; other channels go on."""
    bench.start()
    await bench.say("run", "one")
    await bench.settle()
    people.change_channel(bench.slack.site, {"channel": CHANNEL, "archived": True})
    await bench.say("run", "two")
    await bench.say("next run", "new")
    await bench.say("elsewhere", "fine", PRIVATE)
    await bench.settle()
    assert bench.texts() == ["one"]
    assert bench.texts(PRIVATE) == ["fine"]
    assert sorted(bench.told) == [("next run", Outcome.BLOCKED), ("run", Outcome.BLOCKED)]
    assert "is_archived" in ((await bench.mirror("run")).detail or "")
    people.change_channel(bench.slack.site, {"channel": CHANNEL, "archived": False})
    await bench.database.write(mirrors.lift, Mirror.target == CHANNEL)
    await bench.settle()
    assert bench.texts() == ["two", "new"]


async def test_a_person_who_left_is_gone(bench: Bench) -> None:
    """Their direct messages can't be reached again."""
    bench.start()
    bench.slack.site.world.users[PERSON].deleted = True
    await bench.say("card", "hello", PERSON)
    await bench.settle()
    assert (await bench.mirror("card")).outcome is Outcome.GONE


async def test_without_history_nothing_is_sent_a_second_time(bench: Bench) -> None:
    """The lean manifest can't look: the outcome is unknown, and said to be."""
    bench.start()
    bench.slack.scopes.difference_update(SCOPE_OF.values())
    for number, target in enumerate((CHANNEL, PRIVATE, PERSON)):
        bench.trouble("drop_after")
        await bench.say(f"run {number}", "one", target)
        await bench.settle()
        assert (await bench.mirror(f"run {number}")).outcome is Outcome.UNKNOWN
        await bench.say(f"run {number}", "two", target)
        await bench.settle()
    assert [len(bench.seen(channel)) for channel in SCOPE_OF] == [1, 1, 1]
    assert bench.calls("chat.postMessage").count("ok") == 3
    assert [outcome for _subject, outcome in bench.told] == [Outcome.UNKNOWN] * 3


async def test_slack_s_pause_outlives_a_restart(bench: Bench) -> None:
    """A 429 is kept in SQL: nothing of its kind is sent before, in this process or the next."""
    bench.start()
    bench.trouble("status", status=429, retry_after=60)
    await bench.say("run", "one")
    await bench.pass_time(1)
    await bench.struck()
    await bench.idle()
    await bench.kill()
    await bench.restart()
    await bench.say("another", "two", PRIVATE)
    for _ in range(58):
        await bench.pass_time(1)
    await bench.idle()
    assert bench.calls("chat.postMessage") == ["ratelimited"]
    await bench.settle()
    assert (bench.texts(), bench.texts(PRIVATE)) == (["one"], ["two"])
    assert bench.calls("conversations.history") == []


async def test_slack_s_pause_is_for_all_that_is_alike(bench: Bench) -> None:
    """Other channels wait as well, other methods don't."""
    bench.start()
    await bench.say("standing", "one", PRIVATE)
    await bench.settle()
    bench.trouble("status", status=429, retry_after=60)
    await bench.say("run", "one")
    await bench.struck()
    await bench.idle()
    await bench.say("another", "two", PRIVATE)
    await bench.say("standing", "changed", PRIVATE)
    for _ in range(50):
        await bench.pass_time(1)
    await bench.idle()
    assert (bench.texts(), bench.texts(PRIVATE)) == ([], ["changed"])
    await bench.settle()
    assert (bench.texts(), bench.texts(PRIVATE)) == (["one"], ["changed", "two"])


async def test_nothing_is_sent_faster_than_slack_allows(bench: Bench) -> None:
    """A storm on a few channels: all arrive, one a second each, and Slack never says 429."""
    bench.start()
    for number in range(12):
        await bench.say(f"run {number}", f"{number}", (CHANNEL, PRIVATE)[number % 2])
    await bench.settle()
    assert bench.calls("chat.postMessage") == ["ok"] * 12
    for channel in (CHANNEL, PRIVATE):
        stamps = [float(message.ts) for message in bench.seen(channel)]
        assert all(later - one >= 0.99 for one, later in pairwise(stamps))


async def test_one_creation_at_a_time_in_a_channel(bench: Bench) -> None:
    """A look-up must find its own; other channels don't wait for it."""
    bench.start()
    await bench.pass_time(5)
    bench.trouble("delay", seconds=5)
    await bench.say("first", "first")
    await bench.struck()
    await bench.say("second", "second")
    await bench.say("elsewhere", "elsewhere", PRIVATE)
    for _ in range(4):
        await bench.pass_time(1)
    await bench.until(lambda: bench.texts(PRIVATE) == ["elsewhere"])
    assert (await bench.mirror("second")).lease is None
    bench.machine.advance(1)
    await bench.settle()
    assert bench.texts() == ["first", "second"]


async def test_a_creation_that_came_too_late_is_missed(bench: Bench) -> None:
    """A card of a window that ended while Slack could not be reached is not sent after it."""
    bench.start()
    bench.trouble("status", status=429, retry_after=60)
    until = bench.calendar.now() + timedelta(seconds=30)
    await bench.say("card", "answer me", PERSON, not_after=until)
    await bench.settle()
    assert bench.seen(DM) == []
    assert (await bench.mirror("card")).outcome is Outcome.MISSED


async def test_a_view_with_a_defect_is_parked(bench: Bench) -> None:
    """It is reported once, without what it was to show, and holds nothing else up."""
    bench.start()
    with capture_logs() as log:
        await bench.say("bad", "defect")
        await bench.say("good", "fine")
        await bench.settle()
    assert bench.texts() == ["fine"]
    assert bench.told == [("bad", Outcome.PARKED)]
    said = [(await bench.mirror("bad")).detail, *(line.get("error") for line in log)]
    assert said[0] == "view could not be drawn: KeyError"
    assert "defect" not in str(said)


async def test_a_refused_token_pauses_the_workspace(bench: Bench) -> None:
    """Nothing is tried until the token works again, and then nothing was lost."""
    bench.start()
    bench.trouble("error", error="token_revoked")
    await bench.say("run", "one")
    await bench.pass_time(1)
    await bench.struck()
    await bench.idle()
    workspace = await bench.database.read(lambda session: session.get_one(Workspace, 1))
    assert workspace.paused == "token_revoked"
    for _ in range(30):
        await bench.pass_time(1)
    assert bench.calls("chat.postMessage") == ["token_revoked"]
    await bench.database.write(resume_workspace, 1)
    await bench.settle()
    assert bench.texts() == ["one"]
    assert bench.told == []


async def test_progress_is_throttled_and_a_close_is_not(bench: Bench) -> None:
    """Ten answers within ten seconds are one update; the summary follows at once."""
    bench.start()
    await bench.say("run", "0", view="progress")
    await bench.settle()
    for number in range(1, 10):
        await bench.say("run", f"{number}", view="progress")
        await bench.pass_time(1)
    await bench.idle()
    assert (bench.texts(), bench.calls("chat.update")) == (["0"], [])
    await bench.pass_time(1.5)
    await bench.until(lambda: bench.texts() == ["9"])
    await bench.idle()
    await bench.say("run", "progress", view="progress")
    await bench.say("run", "closed", view="progress", urgency=Urgency.CLOSING)
    await bench.pass_time(1.5)
    await bench.until(lambda: bench.texts() == ["closed"])
    assert bench.calls("chat.update") == ["ok", "ok"]


async def test_rest_waits_for_no_back_off(bench: Bench) -> None:
    """The sandbox's clock stops there: throttled progress is shown, back-off is counted."""
    bench.start()
    await bench.say("run", "one", view="progress")
    await bench.settle()
    bench.trouble("status", "views.publish", status=429, retry_after=60)
    await bench.say("1", "home", PERSON, kind=MirrorKind.HOME, view="home")
    await bench.say("run", "two", view="progress")
    resting = bench.relay.rest()
    answer = await _driven(bench, resting)
    assert answer == 1
    assert bench.texts() == ["two"]
    await bench.say("2", "home", "U01SAM", kind=MirrorKind.HOME, view="home")
    assert await bench.relay.rest() == 2  # the pause that Slack asked for is of its kind


async def _driven(bench: Bench, resting: Coroutine[Any, Any, int]) -> int:
    """Let time pass in small steps until the relay says that it rests."""
    task = asyncio.ensure_future(resting)
    while not task.done():
        await asyncio.sleep(0.001)
        if not bench.relay.busy:
            bench.machine.advance(0.1)
    return task.result()


async def test_stopping_finishes_what_is_under_way(bench: Bench) -> None:
    """A call in the air is waited for and written down; nothing new begins."""
    bench.start()
    bench.trouble("delay", seconds=1)
    await bench.say("run", "one")
    await bench.pass_time(1)
    await bench.struck()
    stopping = asyncio.ensure_future(bench.relay.stop())
    await asyncio.sleep(0)
    await bench.say("another", "two")
    bench.machine.advance(1)
    await stopping
    assert (await bench.mirror("run")).shown == 1
    assert (await bench.mirror("another")).lease is None
    assert bench.texts() == ["one"]
