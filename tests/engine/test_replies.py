"""Replies against a Slack workspace over HTTP: below one parent, in order, each exactly once."""

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind, Outcome
from bot.db.tables import Mirror
from bot.engine import mirrors, threads
from bot.engine.mirrors import Mark
from bot.engine.threads import Key
from bot.sandbox import people
from bot.slack.gateway import Posted
from tests.engine.conftest import CHANNEL, DM, PERSON, Bench

THREE = ["first", "second", "third"]


class Spoiling:
    """A gateway whose posts go wrong at the one numbered `at`, from 0."""

    def __init__(self, bench: Bench, at: int, mode: str) -> None:
        self._bench, self._at, self._mode, self._posts = bench, at, mode, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bench.gateway, name)

    async def post(self, *args: Any) -> Posted:
        if self._posts == self._at:
            self._bench.trouble(self._mode)
        self._posts += 1
        return await self._bench.gateway.post(*args)


def parent_of(target: str) -> Key:
    return Key(MirrorKind.MESSAGE, "view", "run", target)


async def reply(bench: Bench, subject: str, text: str, target: str = CHANNEL) -> None:
    """Change what a reply below `run` shows."""
    await bench.say(subject, text, target, parent=parent_of(target))


async def at_once(bench: Bench, target: str = CHANNEL) -> None:
    """Mark a parent and three replies in one transaction."""
    for subject in ("run", *THREE):
        bench.said[subject] = subject

    def mark(session: Session) -> None:
        one = Mark(1, MirrorKind.MESSAGE, "view", "run", target)
        parent = parent_of(target)
        below = [Mark(1, MirrorKind.MESSAGE, "view", it, target, parent=parent) for it in THREE]
        mirrors.mark(session, bench.calendar.now(), [one, *below])

    await bench.database.write(mark)


def tops(bench: Bench, channel: str = CHANNEL) -> list[str]:
    """What stands in the channel itself."""
    return [message.text for message in bench.seen(channel) if not message.is_reply]


async def below(bench: Bench, channel: str = CHANNEL) -> list[str]:
    """What stands in the thread of `run`, oldest first."""
    ts = (await bench.mirror("run")).remote_id or ""
    return [message.text for message in bench.slack.site.world.replies(channel, ts)]


@pytest.mark.parametrize("target", [CHANNEL, PERSON])
@pytest.mark.parametrize("mode", ["drop_after", "drop_before"])
@pytest.mark.parametrize("at", range(4))
async def test_three_replies_below_one_parent_exactly_once(
    bench: Bench, target: str, mode: str, at: int
) -> None:
    """Whichever post it is that the connection breaks at, before or after it took effect."""
    channel = DM if target == PERSON else target
    bench.start(gateway=Spoiling(bench, at, mode))
    await at_once(bench, target)
    await bench.settle()
    assert tops(bench, channel) == ["run"]
    assert sorted(await below(bench, channel)) == THREE
    looked = "conversations.history" if at == 0 else "conversations.replies"
    assert [bench.calls(method) for method in _LOOK_UPS] == [
        ["ok"] if method == looked else [] for method in _LOOK_UPS
    ]
    assert bench.calls("chat.postMessage").count("ok") == 4


_LOOK_UPS = ("conversations.history", "conversations.replies")


async def test_replies_come_after_their_parent_and_in_order(bench: Bench) -> None:
    """One a second, as all in a channel: Slack never says 429."""
    bench.start()
    await at_once(bench)
    await bench.settle()
    messages = bench.seen()
    assert [message.text for message in messages] == ["run", *THREE]
    assert bench.calls("chat.postMessage") == ["ok"] * 4
    assert all(float(two.ts) - float(one.ts) >= 0.99 for one, two in pairwise(messages))


async def test_a_reply_is_changed_in_place(bench: Bench) -> None:
    """By chat.update, like any other."""
    bench.start()
    await at_once(bench)
    await bench.settle()
    await reply(bench, "second", "changed")
    await bench.settle()
    assert await below(bench) == ["first", "changed", "third"]
    assert bench.calls("chat.update") == ["ok"]


async def test_replies_wait_while_their_parent_can_t_be_posted(bench: Bench) -> None:
    """Nothing of them is tried before it stands; then they follow by themselves."""
    bench.start()
    bench.trouble("status", status=429, retry_after=60)
    await at_once(bench)
    for _ in range(50):
        await bench.pass_time(1)
    await bench.idle()
    assert bench.calls("chat.postMessage") == ["ratelimited"]
    await bench.settle()
    assert await below(bench) == THREE


async def test_replies_to_a_deleted_parent_wait_for_it_to_be_posted_again(bench: Bench) -> None:
    """None is left in the channel, the owner is told once, and all stand below the new message."""
    bench.start()
    await bench.say("run", "run")
    await bench.settle()
    bench.slack.site.feed.delete(bench.seen()[0])
    for subject in THREE:
        await reply(bench, subject, subject)
    await bench.settle()
    assert bench.seen() == []
    assert bench.told == [("run", Outcome.GONE)]
    assert bench.calls("chat.postMessage") == ["ok", "ok"]
    await bench.database.write(threads.make_again, (await bench.mirror("run")).id)
    await bench.settle()
    assert tops(bench) == ["run"]
    assert await below(bench) == THREE


async def test_a_half_made_reply_whose_parent_was_deleted_is_not_made(bench: Bench) -> None:
    """The look-up finds no thread: that is the parent's outcome."""
    bench.start()
    await bench.say("run", "run")
    await bench.settle()
    bench.trouble("drop_before")
    await reply(bench, "first", "first")
    await bench.struck()
    await bench.idle()
    bench.slack.site.feed.delete(bench.seen()[0])
    await bench.settle()
    assert bench.seen() == []
    assert bench.told == [("run", Outcome.GONE)]
    assert (await bench.mirror("first")).outcome is None


async def test_replies_in_a_channel_that_shut_wait_for_it_to_open(bench: Bench) -> None:
    """Told once, tried once, and lifted with their parent."""
    bench.start()
    await bench.say("run", "run")
    await bench.settle()
    people.change_channel(bench.slack.site, {"channel": CHANNEL, "archived": True})
    for subject in THREE:
        await reply(bench, subject, subject)
    await bench.settle()
    assert bench.told == [("run", Outcome.BLOCKED)]
    assert bench.calls("chat.postMessage") == ["ok", "is_archived"]
    people.change_channel(bench.slack.site, {"channel": CHANNEL, "archived": False})
    await bench.database.write(
        mirrors.lift, (Mirror.target == CHANNEL) & (Mirror.outcome == Outcome.BLOCKED)
    )
    await bench.settle()
    assert await below(bench) == THREE


async def test_a_death_between_parent_and_replies_loses_none(bench: Bench) -> None:
    """The next process finds what waits."""
    bench.start()
    await bench.say("run", "run")
    await bench.settle()
    bench.trouble("drop_after")
    await reply(bench, "first", "first")
    await bench.struck()
    await bench.kill()
    await bench.restart()
    await reply(bench, "second", "second")
    await bench.settle()
    assert sorted(await below(bench)) == ["first", "second"]
    assert tops(bench) == ["run"]


async def test_without_history_no_reply_is_sent_a_second_time(bench: Bench) -> None:
    """Its own outcome is unknown, and said to be; the others go on."""
    bench.start()
    await bench.say("run", "run")
    await bench.settle()
    bench.slack.scopes.discard("channels:history")
    bench.trouble("drop_after")
    await reply(bench, "first", "first")
    await bench.settle()
    await reply(bench, "second", "second")
    await bench.settle()
    assert await below(bench) == ["first", "second"]
    assert bench.told == [("first", Outcome.UNKNOWN)]
