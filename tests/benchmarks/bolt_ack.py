"""Acks without the database: our Bolt app against a bare one with an empty listener."""

import asyncio
from datetime import timedelta

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.clock import SystemCalendar
from bot.slack import app as slack_app
from bot.slack.front import Front
from bot.slack.gateway import Gateway, Identity
from tests.benchmarks.bare import (
    SECRET,
    TEAM,
    bare_app,
    click,
    command,
    machine,
    nobody,
    seconds_of,
)
from tests.benchmarks.report import Row, middle

_ROUNDS, _REQUESTS = 15, 200
_AIM = 0.80


def run(*, quick: bool) -> list[Row]:
    return asyncio.run(_run(3 if quick else _ROUNDS))


async def _run(rounds: int) -> list[Row]:
    ours, bare = _ours(), bare_app()
    for app in (ours, bare):
        _listen(app)
    return [
        await _compare("slash command", command("help"), ours, bare, rounds),
        await _compare("block action", click("open", "1"), ours, bare, rounds),
    ]


def _ours() -> AsyncApp:
    identity = Identity(TEAM, "Acme", "UBOT", "B1", frozenset(), timedelta())
    gateway = Gateway("xoxb-1", SystemCalendar(machine))
    return slack_app.build(Front(gateway, lambda _error: False), identity, SECRET, nobody)


def _listen(app: AsyncApp) -> None:
    async def empty(ack: AsyncAck) -> None:
        await ack()

    app.command("/standup")(empty)
    app.action("open")(empty)


async def _compare(what: str, body: str, ours: AsyncApp, bare: AsyncApp, rounds: int) -> Row:
    """Turn and turn about, so that what else the machine does meets both."""
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(rounds):
        for name, app in (("ours", ours), ("bare", bare)):
            times[name].append(await seconds_of(app.async_dispatch, [body] * _REQUESTS))
    mine, theirs = (_REQUESTS / middle(times[name]) for name in ("ours", "bare"))
    ratio = mine / theirs
    return Row(
        "bolt_ack",
        f"signed {what}, acked",
        f"{mine:,.0f}/s",
        f"bare Bolt {theirs:,.0f}/s",
        f"{ratio:.2f}",
        f"≥ {_AIM:.2f}",
        ratio >= _AIM,
    )
