"""Stale mirrors into a sandbox of its own process: flat out, and as fast as Slack allows."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.core.clock import SystemCalendar
from bot.core.content import Content, Message
from bot.core.states import MirrorKind
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.engine import mirrors
from bot.engine.mirrors import Mark
from bot.engine.rates import Rates
from bot.engine.relay import Relay
from bot.engine.ritual import View
from bot.engine.to_slack import ToSlack
from bot.sandbox import BOT_TOKEN
from bot.slack.gateway import Gateway
from tests.benchmarks.bare import machine
from tests.benchmarks.report import Row
from tests.benchmarks.team import database, workspace
from tests.processes import free_port, running

_MANY, _SOME = 10_000, 1_000
_CHANNELS = ("C01CHURN", "C01GENERAL")
_PER_MINUTE = 300  # messages that Slack takes of an app in a workspace
_AIM_RATE, _AIM_PART = 300.0, 0.95


def run(*, quick: bool) -> list[Row]:
    many, some = (_MANY // 10, _SOME // 10) if quick else (_MANY, _SOME)
    off = _through("off", many)
    slack = _through("slack", some)
    allowed = _allowed(some)
    return [
        Row(
            "relay",
            f"{many:,} new messages, limits off",
            f"{many / off:.0f}/s",
            aim=f"≥ {_AIM_RATE:.0f}/s",
            met=many / off >= _AIM_RATE,
        ),
        Row(
            "relay",
            f"{some:,} new messages, Slack's limits",
            f"{some / slack * 60:.0f} a minute",
            f"Slack {some / allowed * 60:.0f} a minute",
            f"{allowed / slack:.2f}",
            f"≥ {_AIM_PART}",
            allowed / slack >= _AIM_PART,
        ),
    ]


def _allowed(number: int) -> float:
    """The seconds that the limit itself takes of this many."""
    return number / _PER_MINUTE * 60


def _through(limits: str, number: int) -> float:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, database() as opened:
        words = ("sandbox", "--no-bot", "--limits", limits, "--port", str(port))
        with running(*words, cwd=Path(folder)) as sandbox:
            url = f"http://127.0.0.1:{port}"
            sandbox.until_serves(url)
            return asyncio.run(_send(opened, url, number, limited=limits == "slack"))


async def _send(opened: Database, url: str, number: int, *, limited: bool) -> float:
    calendar = SystemCalendar(machine)
    gateway = Gateway(BOT_TOKEN, calendar, f"{url}/api/")
    await gateway.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(gateway.close)
        targets = await _people(gateway, number)
        workspace_id = await opened.write(workspace)
        marks = [
            Mark(workspace_id, MirrorKind.MESSAGE, "line", str(one), targets[one % len(targets)])
            for one in range(number)
        ]
        await opened.write(mirrors.mark, calendar.now(), marks)
        limits = Rates(machine, limited=limited)
        slack = ToSlack(
            opened,
            gateway,
            {"line": View(_load, _draw)},
            calendar=calendar,
            limits=limits,
            told=lambda *_: None,
            stands=lambda *_: None,
        )
        outsides = dict.fromkeys(slack.kinds, slack)
        relay = Relay(opened, outsides, calendar=calendar, machine=machine, limits=limits)
        loop = asyncio.get_running_loop()
        opened.on_stale(partial(_wake, loop, relay))
        began = machine.elapsed()
        working = asyncio.create_task(relay.run())
        while await opened.read(_unsent):  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.05)
        seconds = machine.elapsed() - began
        await relay.stop()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return seconds


async def _people(gateway: Gateway, number: int) -> list[str]:
    """Whom to write to: each their own DM, so that no channel's limit is the one measured."""
    members: list[str] = []
    for channel in _CHANNELS:
        members += await gateway.channel_members(channel)
    identity = await gateway.identity()
    return sorted(set(members) - {identity.bot_user})[: max(1, number)]


def _wake(loop: asyncio.AbstractEventLoop, relay: Relay) -> None:
    loop.call_soon_threadsafe(relay.wake)


def _load(_session: Session, subject: str, _at: datetime) -> str:
    return subject


def _draw(subject: str) -> Content:
    text = f"Line {subject}"
    return Message(text, ({"type": "section", "text": {"type": "plain_text", "text": text}},))


def _unsent(session: Session) -> int:
    return (
        session.scalar(select(func.count()).select_from(Mirror).where(Mirror.shown < Mirror.wanted))
        or 0
    )
