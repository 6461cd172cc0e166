"""Moving the clock: it stops at every due moment, at rest, and says where it went."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import ControlError, Sandbox
from bot.sandbox.clockwork import duration
from tests.sandbox.conftest import START, Client


class Bot:
    """A bot's timetable: what is due when, and what it did."""

    def __init__(self, sandbox: Sandbox, *minutes: int) -> None:
        self._now = sandbox.site.calendar.now
        self.timers = [START + timedelta(minutes=each) for each in minutes]
        self.done: list[tuple[datetime, datetime]] = []
        self.rested = 0
        sandbox.attach(next_due=self.next_due, at_rest=self.at_rest)

    async def next_due(self) -> datetime | None:
        return min(self.timers, default=None)

    async def at_rest(self) -> int:
        self.rested += 1
        for due in [each for each in sorted(self.timers) if each <= self._now()]:
            self.timers.remove(due)
            self.done.append((due, self._now()))
        return 3


async def test_a_jump_stops_at_every_due_moment(sandbox: Sandbox, control: Client) -> None:
    """In order, each at its own time, and then at the target."""
    bot = Bot(sandbox, 40, 10, 25, 90)
    answer = await control.post("clock", advance="PT1H")
    stops = [datetime.fromisoformat(each) - START for each in answer["stops"]]
    assert stops == [timedelta(minutes=each) for each in (10, 25, 40)]
    assert all(at - due < timedelta(seconds=2) for due, at in bot.done)
    assert answer["waiting"] == 3
    assert datetime.fromisoformat(answer["now"]) >= START + timedelta(hours=1)
    assert datetime.fromisoformat(answer["next_due"]) == START + timedelta(minutes=90)
    assert (await control.state())["next_due"] == answer["next_due"]


async def test_next_goes_to_the_next_due_moment(sandbox: Sandbox, control: Client) -> None:
    """And says so where nothing is due."""
    bot = Bot(sandbox, 10, 20)
    await control.post("clock", next=True)
    assert [due - START for due, _ in bot.done] == [timedelta(minutes=10)]
    await control.post("clock", to="2026-03-30T09:00:00+02:00")
    answer = await control.post("clock", 400, next=True)
    assert "nothing is due" in answer["error"]


async def test_what_is_made_on_the_way_is_done_too(sandbox: Sandbox, control: Client) -> None:
    """A step may make another one due before the target."""
    bot = Bot(sandbox, 10)
    rest = bot.at_rest

    async def at_rest() -> int:
        before = len(bot.done)
        await rest()
        if len(bot.done) == 1 > before:
            bot.timers.append(START + timedelta(minutes=15))
        return 0

    sandbox.attach(next_due=bot.next_due, at_rest=at_rest)
    answer = await control.post("clock", advance="P1D")
    assert len(answer["stops"]) == 2


async def test_deliveries_are_acked_before_time_moves(
    app: AsyncApp, connect: Callable[[], Any], sandbox: Sandbox
) -> None:
    """What is on its way to the bot is part of the rest, also what comes of a step."""
    order: list[str] = []

    @app.event("user_change")
    async def changed(event: dict[str, Any]) -> None:
        order.append(event["user"]["tz"])

    await connect()
    bot = Bot(sandbox, 10)
    rest = bot.at_rest

    async def at_rest() -> int:
        order.append("rest")
        if await rest() and bot.done and "Asia/Seoul" not in order:
            sandbox.site.events.emit({"type": "user_change", "user": {"tz": "Asia/Seoul"}})
        return 0

    sandbox.attach(next_due=bot.next_due, at_rest=at_rest)
    sandbox.site.events.emit({"type": "user_change", "user": {"tz": "Asia/Tokyo"}})
    assert await sandbox.advance_to(START + timedelta(hours=1)) == 0
    assert order[:2] == ["Asia/Tokyo", "rest"]
    assert order.index("Asia/Seoul") < len(order) - 1


async def test_a_bot_beside_the_sandbox_has_its_own_clock(control: Client) -> None:
    """Without attach the clock can't be moved, and the state says so."""
    answer = await control.post("clock", 409, advance="PT1M")
    assert "its own clock" in answer["error"]
    state = await control.state()
    assert (state["clock_movable"], state["next_due"]) == (False, None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "say one of"),
        ({"advance": "PT1M", "next": True}, "say one of"),
        ({"advance": "soon"}, "no ISO 8601 duration"),
        ({"to": "soon"}, "no ISO 8601 instant"),
        ({"to": "2026-03-31T07:00:00"}, "names no zone"),
        ({"to": "2026-03-30T05:00:00Z"}, "can't go back"),
    ],
)
async def test_nonsense_is_refused(
    sandbox: Sandbox, control: Client, body: dict[str, Any], said: str
) -> None:
    """In a sentence."""
    Bot(sandbox)
    assert said in (await control.post("clock", 400, **body))["error"]


async def test_a_timer_that_stays_due_does_not_hang_the_clock(
    sandbox: Sandbox, control: Client
) -> None:
    """It is reported instead."""

    async def next_due() -> datetime:
        return START

    async def at_rest() -> int:
        return 0

    sandbox.attach(next_due=next_due, at_rest=at_rest)
    assert "stays due" in (await control.post("clock", 500, advance="PT1M"))["error"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT15M", 900), ("P1DT2H", 93_600), ("P1W", 604_800), ("PT30S", 30)]
)
def test_durations(text: str, seconds: int) -> None:
    """ISO 8601, weeks to seconds."""
    assert duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["P", "PT", "15M", "", None, "P1Y"])
def test_bad_durations(text: str | None) -> None:
    """Years and nothing at all are no durations here."""
    with pytest.raises(ControlError):
        duration(text)
