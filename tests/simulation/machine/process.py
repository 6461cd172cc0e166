"""The bot as a process of the simulation: the real composition root, begun again and again."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any, TypeVar

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.actions.connection import Connection
from bot.app import Meridian
from bot.app.failures import transient
from bot.core.clock import Calendar, Machine
from bot.core.errors import Refused
from bot.db.session import Database
from bot.engine.to_slack import ToSlack
from bot.pictures.child import Artist
from bot.settings import Settings
from bot.slack.front import Front
from bot.slack.gateway import Gateway, Identity
from bot.web import Web
from tests.simulation.borders.jira import Jira, JiraCalls
from tests.simulation.borders.line import Session, Slack
from tests.simulation.machine.life import Life, Points
from tests.simulation.machine.pulse import Pulse
from tests.simulation.machine.units import Units

_RECHECK_SECONDS = 60.0
_DRAWN_SECONDS = (0.3, 0.9)

Answer = TypeVar("Answer")


class _NoWeb(Web):
    """Nobody comes in by HTTP: what Slack sends is handed to Bolt in this process."""

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass


class _Gateway(Gateway):
    """The gateway as it is, on a session of the simulation."""

    def __init__(self, token: str, calendar: Calendar, slack: Slack, life: Life) -> None:
        super().__init__(token, calendar)
        self._here = Session(slack, life)

    async def open(self) -> None:
        self.client.session = self._here  # type: ignore[assignment]


class _Artist(Artist):
    """Takes its time, and begins no process: what is drawn is held in `tests/pictures`."""

    def __init__(self, life: Life) -> None:
        super().__init__()
        self._life = life

    async def draw(self, spec: Mapping[str, Any]) -> bytes | None:
        await self._life.go_on(self._life.moment(*_DRAWN_SECONDS))
        return json.dumps(spec).encode()


class Bot(Meridian):
    """Everything that `meridian run` builds, on the simulation's loop, database and line."""

    units: Units
    heartbeat: Pulse

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        calendar: Calendar,
        slack: Slack,
        jira: Jira,
        life: Life,
    ) -> None:
        super().__init__(settings, machine, calendar)
        self._line_to_jira = jira
        token = settings.slack_bot_token.get_secret_value()
        self.gateway = _Gateway(token, calendar, slack, life)
        self.front = Front(self.gateway, transient)
        self.web = _NoWeb(settings.host, settings.port, self._health)
        self._life = life

    @property
    def hears(self) -> bool:
        """Whether it is up, so that Slack gets an answer."""
        return self._ready

    def cut_off(self) -> None:
        """Let go of files, as the system does for a process that is gone."""
        if hasattr(self, "units"):
            self.units.cut_off()
        if self._held is not None:
            self._held.close()

    def _opened(self) -> Database:
        self.units = Units(self._settings.database_url, self._machine, self._life)
        return self.units

    def _build(self, identity: Identity) -> None:
        super()._build(identity)
        for outside in self.relay._outsides.values():
            if isinstance(outside, ToSlack):
                outside._pictures._artist = _Artist(self._life)
        self.heartbeat = Pulse(
            self.timetable.tick,
            self._sweep,
            file=self._settings.database_url.removeprefix("sqlite:///"),
            life=self._life,
            calendar=self._calendar,
            utc=self._machine.utc,
        )

    def _connection(self, root: str) -> Connection | None:
        found = super()._connection(root)
        if found is not None:
            found.gateway._calls = JiraCalls(self._settings, self._line_to_jira, self._life)
        return found

    async def hear_jira(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take a webhook of Jira's; answers HTTP's status."""
        return await self._hear_jira(headers, body)

    async def hear_monitor(self, whom: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take what a monitor posts to the hook of a team's register."""
        return await self._hear_monitor(whom, headers, body)

    async def _keep_up(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        if name != "jira":  # Jira's token is watched with Slack's
            await super()._keep_up(name, work)

    async def _watch_token(self) -> None:
        """As ever, but asleep while nothing rests: a read each minute of days takes its time."""
        while True:
            await self._life.go_on(_RECHECK_SECONDS)
            if self.heartbeat.rests:
                await self._recheck_token()
                if self.jira is not None:
                    await self.jira.recheck()


class Process:
    """The bot's process: one life after the other."""

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        calendar: Calendar,
        slack: Slack,
        jira: Jira,
        *,
        points: Points,
        seed: str,
    ) -> None:
        self._made_of = (settings, machine, calendar, slack, jira)
        self._points = points
        self._seed = seed
        self._lives = 0
        self.life: Life | None = None
        self.bot: Bot | None = None

    @property
    def up(self) -> bool:
        """Whether it hears what Slack sends."""
        return self.life is not None and self.life.alive and self.bot is not None and self.bot.hears

    async def begin(self) -> bool:
        """Start it; whether it came up, and was not killed before."""
        self._lives += 1
        life = Life(self._lives, self._points, Random(f"{self._seed} life {self._lives}"))  # noqa: S311 - chance that is repeated
        bot = self.bot = Bot(*self._made_of, life)
        self.life = life
        life.gone.add_done_callback(lambda _gone: bot.cut_off())
        starting = asyncio.ensure_future(bot.start())
        await asyncio.wait({starting, life.gone}, return_when=asyncio.FIRST_COMPLETED)
        if life.alive and isinstance(starting.exception(), Refused):
            self.kill()  # it ends with a sentence for whoever runs it
        elif life.alive:
            starting.result()
        return life.alive

    def kill(self) -> None:
        """`kill -9`."""
        if self.life is not None:
            self.life.end()

    def stall(self, seconds: float) -> None:
        """Its database answers no sooner than in so many seconds."""
        if self.life is not None:
            self.life.stalled_until = asyncio.get_running_loop().time() + seconds

    async def stop(self) -> None:
        """SIGTERM: it finishes what is under way, unless it is killed meanwhile."""
        if self.bot is None or self.life is None or not self.life.alive:
            return
        stopping = asyncio.ensure_future(self.bot.stop())
        await asyncio.wait({stopping, self.life.gone}, return_when=asyncio.FIRST_COMPLETED)
        if self.life.alive:
            stopping.result()
        self.life.end()

    async def hear(self, payload: dict[str, object]) -> BoltResponse | None:
        """What the bot answers to a payload of Slack's; None where its process ends before."""
        life, bot = self.life, self.bot
        if life is None or bot is None or not self.up:
            return None
        asked = AsyncBoltRequest(mode="socket_mode", body=payload)
        return await _unless_gone(life, bot.bolt.async_dispatch(asked))

    async def hear_jira(self, headers: Mapping[str, str], body: bytes) -> int | None:
        """The same to a webhook of Jira's: HTTP's status."""
        life, bot = self.life, self.bot
        if life is None or bot is None or not self.up:
            return None
        return await _unless_gone(life, bot.hear_jira(headers, body))

    async def hear_monitor(self, whom: str, headers: Mapping[str, str], body: bytes) -> int | None:
        """The same to what a monitor posts."""
        life, bot = self.life, self.bot
        if life is None or bot is None or not self.up:
            return None
        return await _unless_gone(life, bot.hear_monitor(whom, headers, body))


async def _unless_gone(life: Life, answer: Awaitable[Answer]) -> Answer | None:
    answering = asyncio.ensure_future(answer)
    await asyncio.wait({answering, life.gone}, return_when=asyncio.FIRST_COMPLETED)
    return answering.result() if life.alive else None
