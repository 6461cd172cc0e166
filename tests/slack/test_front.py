"""The front desk: what becomes of a modal that can't be opened."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.core.clock import MovableCalendar
from bot.slack import acks
from bot.slack import front as front_module
from bot.slack.errors import SlackRefused
from bot.slack.front import Front
from bot.slack.gateway import Gateway


class Refusing(Gateway):
    """Slack opens no modal, and says why."""

    code = ""

    async def open_view(self, trigger: str, view: Mapping[str, Any]) -> str:
        raise SlackRefused(self.code)


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
async def test_nothing_is_loaded_for_a_modal_that_could_not_be_opened(
    calendar: MovableCalendar, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Its content would be waited for by nobody, and its failure told to nobody."""
    monkeypatch.setattr(front_module, "_PATIENCE_SECONDS", 0.0)
    gateway = Refusing("xoxb-test", calendar)
    gateway.code = code
    ended: list[str] = []

    async def content() -> Mapping[str, Any]:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return {}

    showing = Front(gateway, lambda _error: True).show({"trigger_id": "1"}, "Title", content())
    if code == "expired_trigger_id":
        with pytest.raises(SlackRefused):
            await showing
    else:
        await showing
    await asyncio.sleep(0)
    assert ended == ["cancelled"]


def test_nobody_else_opens_a_modal() -> None:
    """Whoever waited for its content first would come too late for the trigger's three seconds."""
    opening = re.compile(r"\.(?:open_view|push_view)\(")
    package = Path(front_module.__file__).parents[1]
    opened_by = {one.name for one in package.rglob("*.py") if opening.search(one.read_text())}
    assert opened_by == {"replies.py"}  # a sentence, which is there


async def test_what_is_put_off_is_not_counted_for_the_ack(calendar: MovableCalendar) -> None:
    """Nobody waits for that one any more."""
    front = Front(Gateway("xoxb-test", calendar), lambda _error: True)
    assert acks.spent() == 0
    acks.begin()
    found: list[float] = []

    async def work() -> None:
        found.append(acks.spent())

    await asyncio.sleep(0.05)
    front.later({}, work())
    await front.drain()
    assert found == [0]
    before = acks.spent()
    assert before > 0.04
    acks.begin()
    assert acks.spent() < before
