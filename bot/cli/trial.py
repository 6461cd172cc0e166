"""`meridian sandbox`: a Slack workspace and the bot in one process, and nothing kept."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot import demo
from bot.app import Meridian
from bot.core.clock import MovableCalendar, SystemMachine
from bot.db.schema import upgrade
from bot.sandbox import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox
from bot.settings import Settings

_COMMANDS = ("/standup",)


@asynccontextmanager
async def run(
    *, port: int, with_bot: bool, limits: bool, with_demo: bool
) -> AsyncIterator[Sandbox]:
    """The world, with a bot in it unless told otherwise, until the caller is done."""
    machine = SystemMachine()
    start = demo.begins(machine.utc().date()) if with_bot else None
    calendar = MovableCalendar(machine, start)
    world = Sandbox(
        machine=machine, calendar=calendar, port=port, limits=limits, commands=_COMMANDS
    )
    await world.start()
    try:
        if not with_bot:
            yield world
            return
        with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
            loaded = settings_for(world, f"sqlite:///{Path(folder) / 'sandbox.db'}")
            await asyncio.to_thread(upgrade, loaded.database_url)
            bot = Meridian(loaded, machine, calendar)
            try:
                await bot.start()
                world.attach(next_due=bot.next_due, at_rest=partial(_at_rest, bot, world))
                if with_demo:
                    await demo.play(bot, calendar, world.advance_to)
                yield world
            finally:
                await bot.stop()
    finally:
        await world.stop()


async def _at_rest(bot: Meridian, world: Sandbox) -> int:
    """As the bot's own, at full speed.

    Rates go by machine time. A calendar day that passes in a jump would take a minute of it, while
    whoever moved the clock waits; on a real day none of them is ever reached.
    """
    before = bot.limits.limited, world.site.rates.limits
    bot.limits.limited = world.site.rates.limits = False
    try:
        return await bot.at_rest()
    finally:
        bot.limits.limited, world.site.rates.limits = before


def settings_for(world: Sandbox, database_url: str, *, socket_mode: bool = True) -> Settings:
    """Settings for a bot in this world; the environment and `.env` have no say in them."""
    return Settings.model_construct(
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN) if socket_mode else None,
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=f"{world.url}/api/",
        slack_rates="on",
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        log_level="warning",
        standup_command=_COMMANDS[0],
    )


def welcome(url: str, *, with_bot: bool) -> str:
    """What the terminal says once the world is there."""
    if not with_bot:
        return (
            f"\n  The sandbox is at [bold]{url}[/bold], without a bot. For one beside it, set\n"
            f"  MERIDIAN_SLACK_API_URL={url}/api/\n"
            f"  MERIDIAN_SLACK_BOT_TOKEN={BOT_TOKEN}\n"
            f"  MERIDIAN_SLACK_APP_TOKEN={APP_TOKEN}\n"
            "  and start `meridian run`. Ctrl-C ends it.\n"
        )
    return (
        f"\n  Open [bold]{url}[/bold] in a browser: a Slack workspace, with Meridian in it.\n"
        "  You are Lena in Berlin, who has just been asked. Answer, then move the clock.\n"
        "  Nothing leaves this machine and nothing is kept. Ctrl-C ends it.\n"
    )
