"""A stop between any two steps of sending, wherever it falls, leaves exactly one message."""

import asyncio
from itertools import count

import pytest

from tests.engine.conftest import CHANNEL, DM, PERSON, Bench, Stepped, Steps


async def live_until(bench: Bench, steps: Steps, subject: str, target: str) -> None:
    """One life of the bot: a message is made and then changed, or the bot dies on the way."""
    bench.start(Stepped(bench.database, steps), Stepped(bench.gateway, steps))
    await bench.say(subject, "made", target)
    await until_done_or_dead(bench, steps)
    if not steps.died.is_set():
        await bench.say(subject, "changed", target)
        await until_done_or_dead(bench, steps)
    await bench.kill()


async def until_done_or_dead(bench: Bench, steps: Steps) -> None:
    settling = asyncio.ensure_future(bench.settle())
    dying = asyncio.ensure_future(steps.died.wait())
    await asyncio.wait({settling, dying}, return_when=asyncio.FIRST_COMPLETED)
    for task in (settling, dying):
        task.cancel()
    await asyncio.gather(settling, dying, return_exceptions=True)


@pytest.mark.parametrize(
    ("fault", "target", "least"),
    [
        (None, CHANNEL, 7),
        (None, PERSON, 7),
        ("drop_after", CHANNEL, 11),
        ("drop_before", CHANNEL, 11),
    ],
)
async def test_a_stop_anywhere_leaves_one_message(
    bench: Bench, fault: str | None, target: str, least: int
) -> None:
    """Found by trying each step in turn: after every read, commit and call."""
    channel = DM if target == PERSON else target
    for stop_at in count(1):
        bench.slack.site.faults.clear()
        if fault is not None:
            bench.trouble(fault)
        steps = Steps(stop_at)
        subject = f"stopped at {stop_at}"
        await live_until(bench, steps, subject, target)
        await bench.restart()
        await bench.say(subject, "true now", target)
        await bench.settle()
        mirror = await bench.mirror(subject)
        found = [
            message.text
            for message in bench.seen(channel)
            if (message.metadata or {})["event_payload"]["id"] == mirror.uid
        ]
        assert found == ["true now"], steps.names[-3:]
        assert (mirror.shown, mirror.outcome) == (mirror.wanted, None)
        await bench.kill()
        if not steps.died.is_set():
            assert stop_at > least, steps.names
            return


async def test_two_stops_leave_one_message_too(bench: Bench) -> None:
    """The second comes while the first is being mended: before and after the look-up."""
    for stop_at in count(1):
        bench.slack.site.faults.clear()
        subject = f"stopped at {stop_at}"
        first = Steps()
        bench.trouble("drop_after")
        bench.start(Stepped(bench.database, first), Stepped(bench.gateway, first))
        await bench.say(subject, "made")
        await bench.struck()
        await bench.idle()
        await bench.kill()
        second = Steps(stop_at)
        await bench.restart()
        await bench.kill()
        await live_until(bench, second, subject, CHANNEL)
        await bench.restart()
        await bench.settle()
        uid = (await bench.mirror(subject)).uid
        found = [m for m in bench.seen() if (m.metadata or {})["event_payload"]["id"] == uid]
        assert len(found) == 1, second.names
        await bench.kill()
        if not second.died.is_set():
            return
