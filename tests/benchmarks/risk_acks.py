"""What people do among 1,000 risks, until it is acked: against an answer, turn and turn about."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.core.clock import SystemCalendar
from bot.db.session import Database
from bot.rituals.risk.carried import packed_list
from bot.rituals.risk.lists.lists_model import Asked
from bot.rituals.risk.views import lists, words
from bot.slack.front import Front
from bot.slack.gateway import Gateway
from tests.benchmarks.answer import Send, asked, ours, sender
from tests.benchmarks.bare import command, interaction, machine
from tests.benchmarks.report import Row, middle, milliseconds

_AIM = 1.0
_PAGE, _PAGE_AIM = "the page in the ack", 0.050  # a form's answer is the page itself
_FIRST = 1000  # of the people who answer: the others own risks


class _Deaf(Gateway):
    """A Slack that takes everything at once, and keeps nothing."""

    async def call(
        self, method: str, app_token: str | None = None, **arguments: Any
    ) -> Mapping[str, Any]:
        return {"ok": True, "view": {"id": "V1"}}


def rows(opened: Database, workspace_id: int, whom: str, risks: int, times: int) -> list[Row]:
    """A row for each thing that is done, beside what an answer takes in the same run."""
    answers = asked(opened, workspace_id, _FIRST, times + 1)
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": words.LIST,
        "private_metadata": packed_list(Asked(channel="C1")),
        "blocks": [],
        "state": {"values": {"search": {"search": {"value": "risk 99"}}}},
    }
    done = {
        f"`/risk` among {risks:,} listed": command("", whom, "/risk"),
        f"{risks:,} filtered by category": _pressed(view, lists.CATEGORY, "drift", whom),
        f"one of {risks:,} opened": _pressed(view, words.SHOW, "50", whom),
        f"{risks:,} searched, and {_PAGE}": interaction(
            {"type": "view_submission", "view": view}, whom
        ),
    }
    return asyncio.run(_measured(opened, answers, done, times))


def _pressed(view: Mapping[str, Any], action: str, value: str, whom: str) -> str:
    pressed = {"action_id": action, "block_id": "b", "value": value}
    pressed["selected_option"] = {"value": value}  # type: ignore[assignment]
    return interaction({"type": "block_actions", "view": view, "actions": [pressed]}, whom)


async def _measured(
    opened: Database, answers: list[str], done: Mapping[str, str], times: int
) -> list[Row]:
    front = Front(_Deaf("xoxb-1", SystemCalendar(machine)), lambda _error: False)
    app = ours(opened, front)
    plain, telling = sender(app), sender(app, told=True)
    theirs: list[float] = []
    mine: dict[str, list[float]] = {what: [] for what in done}
    for number in range(times + 1):
        theirs.append(await _seconds(plain, answers[number]))
        for what, body in done.items():
            send = telling if _PAGE in what else plain
            mine[what].append(await _seconds(send, body))
            await front.drain()
    answer = middle(theirs[1:])
    return [_row(what, middle(taken[1:]), answer) for what, taken in mine.items()]


async def _seconds(send: Send, body: str) -> float:
    began = machine.elapsed()
    await send(body)
    return machine.elapsed() - began


def _row(what: str, seconds: float, answer: float) -> Row:
    ratio = answer / seconds
    reference = f"an answer {milliseconds(answer)}"
    aim, met = f"≥ {_AIM:.2f}", ratio >= _AIM
    if _PAGE in what:
        aim, met = f"≤ {milliseconds(_PAGE_AIM)}", seconds <= _PAGE_AIM
    figure = milliseconds(seconds)
    return Row("risks", f"acked: {what}", figure, reference, f"{ratio:.2f}", aim, met)
