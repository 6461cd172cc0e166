"""Two thousand people of a sandbox: all are asked at once, answer again and again, and each has
something to do that wants a ticket.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.actions import projects
from bot.actions.projects import Chosen, Kept
from bot.core.cadence import Cadence
from bot.core.clock import Machine
from bot.db.session import Database
from bot.db.tables import Person, Workspace
from bot.rituals.standup import setup
from bot.rituals.standup.setup import Plan
from bot.sandbox import BOT_USER_ID, TEAM_ID
from bot.sandbox.jira.aurora import ML
from bot.sandbox.jira.schemes import TASK

Json = dict[str, Any]

CHANNELS = ("C01GENERAL", "C01CHURN")  # the bot is in both
_TOGETHER = 12
_AGAIN_SECONDS = 0.2
_PATIENCE_SECONDS = 20.0


@dataclass
class Told:
    """What one person submitted: all of it, and the last that was acked."""

    tried: list[str] = field(default_factory=list)
    acked: int = -1  # its place among what was tried
    refused: int = 0  # whose ack never came

    @property
    def may_stand(self) -> Sequence[str]:
        """What SQL may hold: the last acked, or one whose ack was cut off after it."""
        return self.tried[max(self.acked, 0) :]


class Crowd:
    """People who answer, each again and again, until told to stop."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, number: int, seed: int, now: datetime
    ) -> None:
        self._url, self._session = url, session
        self.zone = _noon_at(now)
        self._random = random.Random(seed)  # noqa: S311 - whose turn it is, no secret
        self.people = [f"U2{one:05}" for one in range(number)]
        self.told = {person: Told() for person in self.people}
        self.to_do = {person: Told() for person in self.people}
        self._stopped = asyncio.Event()

    def channel_of(self, person: str) -> str:
        """The channel of the stand-up that a person is on."""
        return CHANNELS[self.people.index(person) % len(CHANNELS)]

    async def arrive(self) -> None:
        """Everybody becomes a member of the workspace."""
        gate = asyncio.Semaphore(_TOGETHER)

        async def one(person: str) -> None:
            async with gate:
                await self._post("user", user=person, tz=self.zone)

        await asyncio.gather(*map(one, self.people))
        for channel in CHANNELS:
            await self._post("channel", channel=channel, join=self._of(channel))

    def _of(self, channel: str) -> list[str]:
        return [one for one in self.people if self.channel_of(one) == channel]

    def plan(self, database: Database, machine: Machine) -> None:
        """In SQL: a stand-up in each channel, for which all were due a minute ago."""
        now = machine.utc()
        there = (now - timedelta(minutes=1)).astimezone(ZoneInfo(self.zone))
        moment = there.time().replace(second=0, microsecond=0)

        def start(session: Session) -> None:
            workspace = Workspace(slack_id=TEAM_ID, name="Aurora ML", bot_user=BOT_USER_ID)
            session.add(workspace)
            session.flush()
            session.execute(insert(Person), self._rows(workspace.id, now))
            for channel in CHANNELS:
                members = self._of(channel)
                cadence = Cadence(weekdays=tuple(range(7)), at=moment)
                plan = Plan(channel, "team", tuple(members), cadence, channel)
                earlier = now - timedelta(hours=2)
                setup.start(session, earlier, workspace.id, members[0], plan)
                chosen = Chosen(ML, "ML", "Churn model", TASK, "Task", {})
                where = (workspace.id, members[0], channel, channel, chosen)
                if not isinstance(projects.keep(session, now, *where, member=True), Kept):
                    raise TypeError("no project")

        database.write_now(start)

    def _rows(self, workspace_id: int, now: datetime) -> list[Json]:
        same = {
            "workspace_id": workspace_id,
            "tz": self.zone,
            "country": "",
            "is_admin": False,
            "is_bot": False,
            "is_external": False,
            "deleted": False,
            "refreshed_at": now,
        }
        return [same | {"slack_id": one, "name": one} for one in self.people]

    async def answer(self) -> None:
        """Everybody answers and notes what to do; then some change what they said, until `stop`."""
        first = iter(self.people)

        async def one_after_the_other() -> None:
            for person in first:
                await self._until_done(person, self._submitted)
                await self._until_done(person, self._raised)
            while not self._stopped.is_set():
                await self._until_done(self._random.choice(self.people), self._submitted)

        busy: set[str] = set()
        self._busy = busy
        await asyncio.gather(*(one_after_the_other() for _ in range(_TOGETHER)))

    def stop(self) -> None:
        """Let everybody finish what they are at."""
        self._stopped.set()

    async def _until_done(self, person: str, do: Callable[[str], Awaitable[bool]]) -> None:
        if person in self._busy:
            return
        self._busy.add(person)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS * 6):
                while not await do(person):  # noqa: ASYNC110 - the bot may be dead
                    await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            self._busy.discard(person)

    async def _submitted(self, person: str) -> bool:
        """Type the command, fill the modal in, save; whether it was acked."""
        if not await self._opened(person, "/standup", "", "learned"):
            return False
        told = self.told[person]
        words = f"{person} says {len(told.tried)}"
        return await self._saved(person, told, words, {"learned": {"text": words}})

    async def _raised(self, person: str) -> bool:
        """The same with an action item: whose ack was cut off is noted a second time."""
        if not await self._opened(person, "/actions", "add", "what"):
            return False
        told = self.to_do[person]
        words = f"{person} does {len(told.tried)}"
        return await self._saved(person, told, words, {"what": {"what": words}})

    async def _opened(self, person: str, word: str, text: str, asks: str) -> bool:
        """Type a command; whether there is a modal with an input of that name."""
        await self._post("close", user=person)
        where = {"user": person, "channel": self.channel_of(person)}
        opened = await self._post("command", command=word, text=text, **where)
        return _asks(opened.get("view"), asks)

    async def _saved(self, person: str, told: Told, words: str, values: Json) -> bool:
        told.tried.append(words)
        saved = await self._post("submit", user=person, values=values)
        if saved.get("outcome") != "closed":
            told.refused += 1
            return False
        told.acked = len(told.tried) - 1
        return True

    async def state(self) -> Json:
        """What the sandbox's Slack holds."""
        return await self._seen("state")

    async def issues(self) -> Sequence[Json]:
        """What its Jira holds."""
        found: Sequence[Json] = (await self._seen("jira/issues"))["issues"]
        return found

    async def _seen(self, name: str) -> Json:
        async with self._session.get(f"{self._url}/_control/{name}") as answer:
            found: Json = await answer.json()
            return found

    async def _post(self, name: str, **body: Any) -> Json:
        async with self._session.post(f"{self._url}/_control/{name}", json=body) as answer:
            found: Json = await answer.json()
            return found


def _asks(view: Mapping[str, Any] | None, what: str) -> bool:
    return view is not None and any(one.get("block_id") == what for one in view["blocks"])


def _noon_at(now: datetime) -> str:
    """A zone where it is about noon: tomorrow's stand-up is not open yet, and won't be soon.

    In the evening it is, and `/standup` asks which one is meant of whom has answered today's.
    """
    return f"Etc/GMT{now.hour - 12:+}"  # POSIX counts these westwards
