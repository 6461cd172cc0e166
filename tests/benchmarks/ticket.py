"""From an action item's ack until its issue is there; and from a change there until Slack shows it.

Slack and Jira are a sandbox in a process of its own; the bot keeps Slack's limits.
"""

import asyncio
from collections.abc import Sequence

from bot.sandbox.jira import PATH
from tests.benchmarks.bare import machine
from tests.benchmarks.beside_jira import (
    CHANNEL,
    LENA,
    MEI,
    Json,
    Office,
    connect,
    office,
    sandbox,
    submission,
)
from tests.benchmarks.report import Row, middle, percentile

_TIMES = 20
_TICKET_AIM, _SHOWN_AIM = 2.0, 5.0  # seconds, at the median


def run(*, quick: bool) -> list[Row]:
    times = 3 if quick else _TIMES
    with sandbox() as url:
        made, shown = asyncio.run(_measured(url, times))
    return [
        *_rows("ticket", "from an action item's ack until its issue is there", made, _TICKET_AIM),
        *_rows("jira_to_slack", "from a change in Jira until Slack shows it", shown, _SHOWN_AIM),
    ]


def _rows(name: str, what: str, seconds: Sequence[float], aim: float) -> list[Row]:
    median, slow = middle(seconds), percentile(seconds, 0.95)
    return [
        Row(name, f"{what}, median", f"{median:.2f} s", aim=f"≤ {aim:.0f} s", met=median <= aim),
        Row(name, f"{what}, p95", f"{slow:.2f} s"),
    ]


async def _measured(url: str, times: int) -> tuple[list[float], list[float]]:
    async with office(url, f"{url}{PATH}", connect) as at:
        await at.hears_jira()
        await at.bot.at_rest()
        made: list[float] = []
        shown: list[float] = []
        for number in range(times):
            what = f"Item {number}"
            made.append(await _made(at, what))
            await at.bot.at_rest()
            shown.append(await _shown(at, what))
            await at.bot.at_rest()  # the next one's update has Slack's budget to itself
        return made, shown


async def _made(at: Office, what: str) -> float:
    """Raised from a message, in whose thread it is shown."""
    asked = await at.control("message", user=LENA, channel=CHANNEL, text=what)
    await at.submit(submission(what, MEI, asked["ts"]))
    acked = machine.elapsed()
    await at.until("jira/issues", lambda seen: _issue(seen, what) is not None)
    return machine.elapsed() - acked


async def _shown(at: Office, what: str) -> float:
    issue = _issue(await at.seen("jira/issues"), what)
    if issue is None:
        raise RuntimeError(f"no issue of {what}")
    await at.control("jira/transition", user=MEI, key=issue["key"], to="indeterminate")
    changed = machine.elapsed()
    await at.until("state", lambda seen: _says(seen, what, "in progress"))
    return machine.elapsed() - changed


def _issue(seen: Json, what: str) -> Json | None:
    return next((one for one in seen["issues"] if one["summary"] == what), None)


def _says(seen: Json, what: str, words: str) -> bool:
    """Whether the reply in the thread of its message says so."""
    replies = [one for one in seen["messages"] if one["text"].startswith(f"Action item: {what} ")]
    return any(words in str(one["blocks"]) for one in replies)
