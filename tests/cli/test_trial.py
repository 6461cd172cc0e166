"""The sandbox with the bot in it: the demo, both ways in, and what is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.cli import trial
from bot.cli.options import Clock, Limits, Mode, Options
from bot.demo.script import AGREED
from bot.sandbox import BadKeep, Sandbox, keeping
from bot.sandbox.jira.seeds import SEEDS
from tests.endtoend.office import Json, buttons, shown
from tests.sandbox.conftest import Client

CHURN, LENA, SAM = "C01CHURN", "U01LENA", "U01SAM"
THURSDAY = datetime(2026, 3, 26, 8, 31, tzinfo=UTC)  # 09:31 in Berlin, before summer time
STILL = Options(clock=Clock.MANUAL, start=THURSDAY)
OPEN = len(AGREED) - 1  # a ticket for each item but the one that is done
BLOCKER = "no read access to the consent flags"


@pytest.fixture(autouse=True)
def _sqlite(on_sqlite: None) -> None:
    """The sandbox has a SQLite file of its own."""


@asynccontextmanager
async def sandbox(**options: Any) -> AsyncIterator[tuple[Sandbox, Client]]:
    """A sandbox that stands at THURSDAY, unless told otherwise."""
    async with trial.run(replace(STILL, **options)) as world, aiohttp.ClientSession() as session:
        yield world, Client(world.url, session)


def stamp(message: dict[str, Any]) -> str:
    """When it appeared, to the minute."""
    return str(message["at"])[:16]


def stand_ups(state: Json) -> list[Json]:
    """The stand-up's messages in the team's channel."""
    there = [one for one in state["messages"] if one["channel"] == CHURN]
    return [one for one in there if "Stand-up" in one["text"]]


async def test_the_demo_is_a_day_under_way_and_is_kept(tmp_path: Path) -> None:
    """Three days of answers, a blocker two days old; by signed HTTP, and on after a restart."""
    folder = tmp_path / "deep" / "data"
    async with sandbox(data=folder, mode=Mode.HTTP) as (_, control):
        first = await control.state()
        assert datetime.fromisoformat(first["now"]) == THURSDAY
        assert first["jira"]["issues"] == len(SEEDS) + OPEN
        days = stand_ups(first)
        # Each appeared with the first answer, which is Mei's.
        assert [stamp(one) for one in days] == [
            f"2026-03-{day}T00:{minute}" for day, minute in ((23, 47), (24, 55), (25, 41), (26, 47))
        ]
        words = [shown(one) for one in days]
        for day, count in enumerate(("all 6", "5 of 6", "all 6", "2 of 6")):
            assert f"{count} answered" in words[day]
        assert "Did not answer: *Sam*" in words[1]
        assert [BLOCKER in one for one in words] == [False, True, True, True]
        cards = await control.messages("D01LENA")
        assert stamp(cards[-1]) == "2026-03-26T08:30"
        # A day each, the retro's of the third, and whom Arjun thinks that she can unblock.
        assert len(cards) == 6
        assert "Sprint retro: notes" in shown(cards[-1])
        # Sam was asked on each of the three days, and for the retro, and reminded once.
        assert len(await control.messages("D01SAM")) == 5
        before, retro = [one for one in first["messages"] if "Sprint retro" in one["text"]][:2]
        assert [stamp(one) for one in (before, retro)] == ["2026-03-22T22:00", "2026-03-25T05:00"]
        assert "6 took part" in shown(before)
        for said in ("6 notes so far", "4 of 6 done", "anonymous", "1 of 3 done", "/browse/ML-"):
            assert said in shown(retro)
        assert "2 open, 1 due today, 1 late" in shown(cards[-1])
        assert "not running" not in shown(cards[-1])
        assert "Nobody of customer success" in words[3]
        assert "/browse/ML-" in words[3]

        action = next(one for one in buttons(cards[-1]) if one.get("style"))["action_id"]
        place = {"channel": "D01LENA", "ts": cards[-1]["ts"]}
        await control.post("click", user=LENA, action_id=action, **place)
        values = {"learned": {"text": "Legal will call on Friday."}}
        told = await control.post("submit", user=LENA, values=values)
        assert told["outcome"] == "closed"
        await control.post("home", user=LENA)
        await control.post("jira/delete", key="ML-5")
        await control.post("clock", advance="PT1H")

    async with sandbox(data=folder) as (_, control):
        state = await control.state()
        assert datetime.fromisoformat(state["now"]) == THURSDAY + timedelta(hours=1)
        days = stand_ups(state)
        assert len(days) == 4
        assert "3 of 6 answered" in shown(days[-1])
        assert "Legal will call on Friday." in shown(days[-1])
        assert LENA in state["homes"]
        assert state["jira"]["issues"] == len(SEEDS) + OPEN - 1
        # Lisbon was asked meanwhile; Brazil is next.
        await control.post("clock", next=True)
        await control.post("clock", to="2026-03-26T12:30:00Z")
        state = await control.state()
        assert len(stand_ups(state)) == 4
        assert "3 of 6 answered" in shown(stand_ups(state)[-1])


async def test_without_the_demo_nothing_is_set_up(tmp_path: Path) -> None:
    """What was begun and cut off is begun anew; the clock stands at the start."""
    (tmp_path / "meridian.db").write_text("half of a demo")
    async with sandbox(demo=False, limits=Limits.OFF) as (world, _):
        keeping.save(tmp_path / "world.json", keeping.take(world.site, whole=False))
    async with sandbox(demo=False, data=tmp_path) as (_, control):
        state = await control.state()
        assert state["messages"] == []
        assert state["next_due"] is not None  # housekeeping
        assert state["bot_connected"]
        assert datetime.fromisoformat(state["now"]) == THURSDAY
    kept = keeping.load(tmp_path / "world.json")
    assert kept is not None
    assert kept.whole


async def test_a_clock_that_runs_on_by_itself() -> None:
    """The default; without the bot it is the machine's unless told otherwise."""
    async with sandbox(clock=Clock.REAL, bot=False) as (world, control):
        before = world.site.world.now()
        assert before >= THURSDAY
        await world.site.machine.sleep(0.002)
        assert world.site.world.now() > before
        assert (await control.state())["clock_movable"] is False
    async with sandbox(clock=Clock.REAL, bot=False, start=None, mode=Mode.HTTP) as (world, _):
        assert abs(world.site.world.now() - world.site.machine.utc()) < timedelta(seconds=1)
        assert world.request_url == "http://127.0.0.1:8080/slack/events"


async def test_a_folder_with_a_real_database_is_left_alone(tmp_path: Path) -> None:
    """`--data var` would otherwise open the bot's own."""
    (tmp_path / "meridian.db").write_text("answers")
    with pytest.raises(trial.NotASandbox, match="no sandbox's"):
        async with sandbox(data=tmp_path):
            pass
    assert (tmp_path / "meridian.db").read_text() == "answers"
    assert not (tmp_path / "world.json").exists()


async def test_a_world_that_can_t_be_read_is_left_alone(tmp_path: Path) -> None:
    """Somebody may have edited it."""
    (tmp_path / "world.json").write_text('{"version": 7}')
    with pytest.raises(BadKeep, match="choose another folder"):
        async with sandbox(data=tmp_path):
            pass
    assert (tmp_path / "world.json").read_text() == '{"version": 7}'


def test_the_welcome_says_what_is_kept_and_how_a_bot_gets_in() -> None:
    """A line for each."""
    here = trial.welcome("http://x", Options())
    assert "nothing is kept" in here
    assert "who has just been asked" in here
    assert "is kept in var/try" in trial.welcome("http://x", Options(data=Path("var/try")))
    assert "APP_TOKEN=xapp-" in trial.welcome("http://x", Options(bot=False))
    by_http = trial.welcome("http://x", Options(bot=False, mode=Mode.HTTP))
    assert "SIGNING_SECRET=" in by_http
    assert "APP_TOKEN" not in by_http
