"""The bot with the demo's team, in one thread and virtual time; what is sent to it goes past wires.

Everything is real but for the sockets: a request is handed to the web server's routes, signed; the
SDK's session ends at the sandbox's Slack, and that of the Jira library at the sandbox's Jira.
"""

import asyncio
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from bot import demo
from bot.actions.connection import Connection
from bot.app import Meridian
from bot.cli.trial import settings_for
from bot.core.clock import Calendar, Machine, MovableCalendar, SystemMachine
from bot.engine.to_slack import ToSlack
from bot.jira.pool import Pool
from bot.pictures.child import Artist
from bot.sandbox import EVERYTHING, SHORTCUTS, SIGNING_SECRET
from bot.sandbox.errors import NotDeliveredError
from bot.sandbox.jira import PATH as JIRA_PATH
from bot.sandbox.jira import Deployment
from bot.sandbox.jira.rest import dispatch
from bot.sandbox.jira.seeds import furnish
from bot.sandbox.signing import signature
from bot.sandbox.site import Site, build
from bot.sandbox.wire import Ack, Delivery
from bot.settings import Settings
from bot.slack.gateway import Identity
from bot.web import SLACK_PATH, Web
from tests.clocks import START
from tests.simulation.borders.line import Call, Reply, Slack
from tests.simulation.borders.trouble import Troubles
from tests.simulation.machine.life import Life, Point, Points, Step, When
from tests.simulation.machine.loop import LoopMachine, VirtualLoop
from tests.simulation.machine.process import Bot as SimulatedBot
from tests.simulation.model.weather import Weather
from tests.simulation.run import template

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
COMMANDS = ("/standup", "/team", "/actions", "/retro", "/risk")
# What of JSON in ASCII has a meaning in a form; `urlencode` takes ten times as long.
_ESCAPED = str.maketrans({"%": "%25", "&": "%26", "+": "%2B"})
JIRA = f"http://127.0.0.1:1{JIRA_PATH}"  # where nobody listens: it is never reached by a socket


# Whose doing something is; tasks and calls put off inherit it.
_REQUEST = ContextVar("request", default=0)


class Door(Web):
    """The bot's web server without its socket."""

    async def start(self) -> None:
        self._app = self.routes()
        self._app.freeze()

    async def close(self) -> None:
        pass

    async def take(self, path: str, headers: Mapping[str, str], body: bytes) -> web.StreamResponse:
        """What it answers to something posted."""
        loop = asyncio.get_running_loop()
        payload = StreamReader(mock.Mock(), 2**20, loop=loop)
        payload.feed_data(body)
        payload.feed_eof()
        request = make_mocked_request("POST", path, headers, payload=payload)
        try:
            return await self._app._handle(request)
        except web.HTTPException as refusal:
            return refusal


class Here(Pool):
    """Jira's threads, in this one."""

    def __init__(self) -> None:
        pass

    async def run(self, work: Callable[[], Any]) -> Any:
        return work()

    def close(self) -> None:
        pass


class _Artist(Artist):
    """Can't draw: texts go alone, and no process is begun."""

    async def draw(self, _spec: Mapping[str, Any]) -> bytes | None:
        return None


Bend = Callable[[bytes], bytes]
"""What becomes of the body of an answer on its way."""


class JiraAdapter(BaseAdapter):
    """The end of the library's session: the sandbox's Jira, and what is bent of its answers."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site
        self.bend: Bend = bytes

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        parts = urlsplit(str(request.url))
        body = request.body
        reply = dispatch.answer(
            self._site.jira,
            dispatch.Asked(
                str(request.method),
                parts.path.removeprefix(f"{JIRA_PATH}/"),
                parse_qs(parts.query, keep_blank_values=True),
                str(request.headers.get("Authorization", "")),
                JSON,
                body.decode() if isinstance(body, bytes) else str(body or ""),
            ),
        )
        made = Response()
        made.status_code = reply.status
        made.url = str(request.url)
        made.request = request
        made.headers.update({"Content-Type": JSON, **reply.headers})
        made._content = self.bend(b"" if reply.body is None else json.dumps(reply.body).encode())
        return made

    def close(self) -> None:
        pass


class _Slack(Slack):
    """The sandbox; like the real one it is told texts, and refuses what makes no sense."""

    def take_effect(self, call: Call) -> Reply:
        call.given = {
            name: one if isinstance(one, str) else json.dumps(one)
            for name, one in call.given.items()
            if one is not None
        }
        return super().take_effect(call)

    def respond(self, url: object, body: Json) -> Reply:
        return super().respond(str(url), body)


class Bot(SimulatedBot):
    """Everything that `meridian run` builds; with Jira, and with its web server."""

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        calendar: Calendar,
        slack: Slack,
        life: Life,
        site: Site,
    ) -> None:
        nowhere: Any = None  # Jira is behind an adapter here
        super().__init__(settings, machine, calendar, slack, nowhere, life)
        self._site = site
        self.to_jira = JiraAdapter(site)
        hooks = {"/jira/webhook": self._hear_jira}
        self.door = Door("", 0, self._health, hooks, {"/hooks/risk/": self._hear_monitor})
        self.web = self.door

    def _build(self, identity: Identity) -> None:
        super()._build(identity)
        for outside in self.relay._outsides.values():
            if isinstance(outside, ToSlack):
                outside._pictures._artist = _Artist()

    def _connection(self, root: str) -> Connection | None:
        made = Meridian._connection(self, root)
        if made is not None:
            calls = made.gateway._calls
            calls._pool = Here()
            client = calls._wire._built()
            client._session.mount("http://", self.to_jira)
        return made


@dataclass
class Answer:
    """What the bot answered to a request."""

    status: int
    body: bytes

    @property
    def json(self) -> Json | None:
        """What it says, where that is an object."""
        said = json.loads(self.body) if self.body.startswith(b"{") else None
        return said or None


class House:
    """The bot, and the world around it."""

    def __init__(self, database: Path) -> None:
        self.machine = LoopMachine(asyncio.get_running_loop(), START)
        self.now = demo.now_of(START.date())
        self.calendar = MovableCalendar(self.machine, demo.begins(self.now))
        self.site = build(
            self.machine,
            self.calendar,
            limits=False,
            commands=COMMANDS,
            shortcuts=SHORTCUTS,
            deployment=Deployment.CLOUD,
        )
        self.site.events.subscriptions = set(EVERYTHING)
        furnish(self.site.jira)
        slack = _Slack(
            self.site,
            Troubles([], self.calendar.now),
            Weather(),
            now=self.calendar.now,
            note=lambda _words: None,
        )
        world: Any = SimpleNamespace(url="http://127.0.0.1:1", jira_url=JIRA, site=self.site)
        settings = settings_for(
            world, f"sqlite:///{database}", socket_mode=False, limits=False
        ).model_copy(update={"slack_api_url": None})
        self.commits = Counter[int]()  # by the request that they are of; 0 for none
        self._requests = 0
        life = Life(1, Points(self._note), Random(1))  # noqa: S311 - chance that is repeated
        self.life = life
        self.bot = Bot(settings, self.machine, self.calendar, slack, life=life, site=self.site)
        self.site.line.wires = [_Wire(self)]

    def _note(self, point: Point) -> bool:
        if point.step is Step.COMMIT and point.when is When.AFTER:
            self.commits[_REQUEST.get()] += 1
        return False

    async def begin(self) -> None:
        """Start the bot, and let the demo's days pass."""
        await self.bot.start()
        await demo.play(self.bot, self.calendar, self.now)
        await self.rest()

    async def end(self) -> None:
        await self.bot.stop()
        self.life.end()
        self.bot.cut_off()

    async def rest(self) -> None:
        """Until the bot has nothing left to do."""
        await self.site.line.quiet()
        await self.bot.at_rest()

    async def alone(self, kind: str, payload: Json) -> tuple[Answer, int]:
        """What the bot answers to a payload, and how often it committed something for it."""
        self._requests += 1
        _REQUEST.set(self._requests)
        answer = await self.deliver(kind, payload)
        await self.bot.front.drain()
        _REQUEST.set(0)
        return answer, self.commits[self._requests]

    async def deliver(self, kind: str, payload: Json) -> Answer:
        """A payload of Slack's, as it sends those of its kind."""
        match kind:
            case "events_api":
                return await self.slack(json.dumps(payload), JSON)
            case "slash_commands":
                return await self.slack(urlencode(payload, errors="surrogatepass"))
            case _:
                return await self.slack(f"payload={json.dumps(payload).translate(_ESCAPED)}")

    async def slack(self, body: str, kind: str = FORM) -> Answer:
        """Something signed as Slack signs it."""
        # Bolt's verifier reads the machine's clock itself.
        timestamp = str(int(SystemMachine().utc().timestamp()))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(SIGNING_SECRET, timestamp, body),
        }
        return await self.post(SLACK_PATH, headers, body.encode(errors="surrogatepass"))

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Anything posted to the bot's web server."""
        said = await self.bot.door.take(path, headers, body)
        assert isinstance(said, web.Response)
        text = said.body
        return Answer(said.status, text if isinstance(text, bytes) else b"")


@contextmanager
def housed() -> Iterator[tuple[asyncio.Runner, House]]:
    """A house in a loop of its own, begun."""
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        file = Path(folder) / "meridian.db"
        shutil.copyfile(template(), file)
        house = runner.run(_begun(file))
        try:
            yield runner, house
        finally:
            runner.run(house.end())


async def _begun(file: Path) -> House:
    house = House(file)
    await house.begin()
    return house


class _Wire:
    """The sandbox's way to the bot: by signed HTTP, without a socket."""

    connected = True

    def __init__(self, house: House) -> None:
        self._house = house

    async def deliver(self, delivery: Delivery) -> Ack:
        answer = await self._house.deliver(delivery.kind, delivery.payload)
        if answer.status != HTTPStatus.OK:
            raise NotDeliveredError("http_error", again=delivery.kind == "events_api")
        return Ack(answer.json)
