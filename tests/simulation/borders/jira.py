"""The way from the bot to Jira: the library's HTTP session, with the sandbox at its other end.

Everything of the bot is real down to the adapter that the session sends by, but for its threads:
time could not stand still in them. A call takes effect in this process, after a time and with the
trouble that is planned for it.
"""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as Dropped
from requests.exceptions import ConnectTimeout, ReadTimeout
from urllib3 import HTTPResponse

from bot.core.errors import MeridianError
from bot.jira.calls import Calls
from bot.jira.pool import Pool
from bot.jira.wire import Verb
from bot.sandbox.jira.rest import dispatch
from bot.sandbox.jira.rest.dispatch import Asked
from bot.sandbox.jira.rest.registry import Reply
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.world import PATH, TOKEN
from bot.settings import Settings
from tests.simulation.borders.crossing import cross
from tests.simulation.borders.trouble import Mode, Trouble, Troubles
from tests.simulation.machine.life import Life, Step, When
from tests.simulation.model.weather import Weather

URL = f"http://127.0.0.1{PATH}"
SECRET = "the webhook's"
OURS = "meridian-"
"""How labels of the bot's begin."""
_TIMEOUT_SECONDS = 15.0
_ID = re.compile(r"/(\d+|[A-Z]+-\d+)(?=/|$)")
_CREATED = 201
_PAGE = "<html><body>Service unavailable</body></html>"

Value = TypeVar("Value")


@dataclass(frozen=True)
class Made:
    """An issue that the bot has made."""

    at: datetime
    id: str
    summary: str
    label: str  # its own


class Jira:
    """The sandbox's Jira, reached in this process; remembers all that was ever made in it."""

    def __init__(
        self,
        site: JiraSite,
        troubles: Troubles,
        weather: Weather,
        *,
        now: Callable[[], datetime],
        note: Callable[[str], None],
    ) -> None:
        self.site = site
        self.troubles = troubles
        self.weather = weather
        self.now = now
        self.note = note
        self.made: list[Made] = []
        self._instead: Trouble | None = None

    def tried(self, work: Callable[[], Any], instead: Trouble | None = None) -> "Tried":
        """What comes of a piece of the bot's work with one request in it, maybe in trouble."""
        self._instead = instead
        try:
            return Tried(work(), None)
        except MeridianError as error:
            return Tried(None, error)
        finally:
            self._instead = None

    def answer(self, request: PreparedRequest) -> Reply:
        """What Jira says to a request, in which it takes effect; or what is said instead."""
        if self._instead is not None:
            return _instead(self._instead)
        asked = _asked(request)
        reply = dispatch.answer(self.site, asked)
        if asked.verb == "POST" and asked.path.endswith("/issue") and reply.status == _CREATED:
            fields = json.loads(asked.text)["fields"]
            [label] = (one for one in fields["labels"] if one.startswith(OURS))
            self.made.append(Made(self.now(), reply.body["id"], fields["summary"], label))
        return reply

    def ended(self, name: str, began: datetime, trouble: Trouble | None, said: str) -> None:
        """Note what came of a call."""
        about = "" if trouble is None else f" [{trouble.mode} {trouble.seconds:g}]"
        self.note(f"bot: jira {name} -> {said}{about}")
        if trouble is not None:
            self.weather.bad(began, self.now() + timedelta(seconds=trouble.seconds))


@dataclass(frozen=True)
class Tried:
    """What came of a call: a value, or the error that the bot makes of the reply."""

    value: Any
    error: MeridianError | None

    def get(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


def _instead(trouble: Trouble) -> Reply:
    match trouble.mode:
        case Mode.UNREACHABLE:
            raise ConnectTimeout
        case Mode.STALLED:
            raise ReadTimeout
        case Mode.LIMITED:
            return _failed(429, {"Retry-After": f"{trouble.seconds:.0f}"})
        case Mode.BROKEN | Mode.BROKEN_AFTER:
            return _failed(503)
        case Mode.VAGUE_AFTER:
            return _failed(500)
        case Mode.REVOKED:
            return _failed(401)
        case Mode.PAGE:
            return Reply(_PAGE, 200)
        case _:
            raise Dropped


def _failed(status: int, headers: dict[str, str] | None = None) -> Reply:
    return Reply({"errorMessages": ["It failed."], "errors": {}}, status, headers or {})


def _asked(request: PreparedRequest) -> Asked:
    parts = urlsplit(request.url or "")
    body = request.body or ""
    return Asked(
        verb=request.method or "",
        path=str(parts.path).removeprefix(f"{PATH}/"),
        query=parse_qs(str(parts.query)),
        authorization=str(request.headers.get("Authorization", "")),
        content_type=str(request.headers.get("Content-Type", "")).split(";")[0],
        text=body.decode() if isinstance(body, bytes) else str(body),
    )


class _Adapter(HTTPAdapter):
    """Sends nothing: what is asked is answered here."""

    def __init__(self, jira: Jira) -> None:
        super().__init__()
        self._jira = jira

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        reply = self._jira.answer(request)
        text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        raw = HTTPResponse(
            body=io.BytesIO(b"" if reply.body is None else text.encode()),
            headers=dict(reply.headers),
            status=reply.status,
            preload_content=False,
        )
        return self.build_response(request, raw)


class JiraCalls(Calls):
    """The bot's calls to Jira, of one life."""

    def __init__(self, settings: Settings, jira: Jira, life: Life) -> None:
        super().__init__(URL, TOKEN, settings.jira_email, _TIMEOUT_SECONDS)
        self._border = self._pool = _Border(jira, life)
        self._jira = jira
        self._mounted = False

    def close(self) -> None:
        """What is on its way gets there: its thread has its connection in hand."""
        self._pool.close()

    async def ask(
        self, parse: Callable[[Any], Value], verb: Verb, path: str, *args: Any, **more: Any
    ) -> Value:
        if not self._mounted:
            self._wire._built()._session.mount("http://", _Adapter(self._jira))
            self._mounted = True
        self._border.name = f"{verb} {_ID.sub('/*', path)}"  # read before anybody else's turn
        return await super().ask(parse, verb, path, *args, **more)


class _Border(Pool):
    """In the threads' stead: a call is made at the loop's turns."""

    def __init__(self, jira: Jira, life: Life) -> None:
        super().__init__(_TIMEOUT_SECONDS)
        self.name = ""
        self._jira = jira
        self._life = life

    async def run(self, work: Callable[[], Value]) -> Value:
        name, jira, life = self.name, self._jira, self._life
        if not life.survives(Step.CALL, When.BEFORE, f"jira {name}"):
            await life.go_on()
        trouble, began = jira.troubles.next(name), jira.now()
        said = "no effect"
        try:
            tried = await cross(
                life, trouble, lambda: jira.tried(work), lambda one: jira.tried(work, one)
            )
            said = repr(tried.error) if tried.error else "ok"
        finally:
            jira.ended(name, began, trouble, said)
        if not life.survives(Step.CALL, When.AFTER, f"jira {name}"):
            await life.go_on()
        answer: Value = tried.get()
        return answer
