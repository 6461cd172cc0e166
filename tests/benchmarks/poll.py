"""A look at the issues of all open items: how many requests it takes of Jira, and how long."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import aiohttp
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import tickets
from bot.core.states import ItemState, MirrorKind
from bot.db.tables import ActionItem, Mirror, Team
from bot.sandbox.jira import PATH
from tests.benchmarks.bare import machine
from tests.benchmarks.beside_jira import Json, Office, connect, office, sandbox
from tests.benchmarks.report import Row

_ITEMS, _AIM = 1000, 20


def run(*, quick: bool) -> list[Row]:
    number = _ITEMS // 10 if quick else _ITEMS
    with sandbox() as url:
        requests, seconds = asyncio.run(_measured(url, number))
    return [
        Row(
            "poll",
            f"a look at the issues of {number:,} open items, requests",
            f"{requests}",
            aim=f"≤ {_AIM}",
            met=requests <= _AIM,
        ),
        Row("poll", "the same, from its timer to the end", f"{seconds:.2f} s"),
    ]


async def _measured(url: str, number: int) -> tuple[int, float]:
    """Requests and seconds of a look that finds nothing new."""
    issues = await _issues(url, number)

    def seed(session: Session, at: datetime, workspace_id: int) -> None:
        connect(session, at, workspace_id)
        _items(session, at, workspace_id, issues)

    async with office(url, f"{url}{PATH}", seed) as at:
        bot = at.bot
        if bot.jira is None:
            raise RuntimeError("there is no Jira")
        await bot.at_rest()  # it looked as it started: something may have changed before
        before = len(await _requests(at))
        began = machine.elapsed()
        await bot.database.write(bot.jira.begin, machine.utc())
        await bot.at_rest()
        seconds = machine.elapsed() - began
        found = (await _requests(at))[before:]
    if not found or any("bulkfetch" not in one for one in found):
        raise RuntimeError(f"not what a look asks: {found}")
    return len(found), seconds


async def _issues(url: str, number: int) -> list[Json]:
    """So many in Jira, by control calls."""
    made: list[Json] = []
    async with aiohttp.ClientSession() as client:
        for one in range(number):
            body = {"project": "ML", "fields": {"summary": f"Item {one}"}}
            async with client.post(f"{url}/_control/jira/create", json=body) as reply:
                made.append(await reply.json())
    return made


def _items(session: Session, at: datetime, workspace_id: int, issues: Sequence[Json]) -> None:
    """An open item each, which agrees with its issue."""
    team = session.scalars(select(Team)).one()
    agreed = {
        "here": {"state": "open", "owner": None, "due": None},
        "there": {"category": "new", "assignee": None, "due": None},
    }
    items = [
        ActionItem(
            workspace_id=workspace_id,
            team_id=team.id,
            what=f"Item {number}",
            details="",
            state=ItemState.OPEN,
            raised_at=at,
            origin=f"item {number}",
            wants_ticket=True,
            issue_id=issue["id"],
            issue_key=issue["key"],
            agreed=agreed,
        )
        for number, issue in enumerate(issues)
    ]
    session.add_all(items)
    session.flush()
    session.add_all(
        Mirror(
            uid=f"uid{item.id}",
            workspace_id=workspace_id,
            kind=MirrorKind.ISSUE,
            view=tickets.VIEW,
            subject=str(item.id),
            target=tickets.lane(team.id),
            remote_id=item.issue_id,
            wanted=1,
            shown=1,
            stale_since=at,
        )
        for item in items
    )


async def _requests(at: Office) -> list[str]:
    """What the bot has asked of Jira so far."""
    entries = (await at.seen("log"))["entries"]
    return [one["summary"] for one in entries if one["kind"] == "jira" and one["direction"] == "in"]
