"""The whole bot as one object; `start` and `stop` are all that a command needs."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.actions import beside
from bot.actions.slice import Actions
from bot.app import parts
from bot.app.failures import BadToken, transient
from bot.app.workspace import is_paused, know_workspace
from bot.asking import cards, guests, holidays, retention, undelivered
from bot.asking.home_views import OnHomes
from bot.asking.people import People
from bot.asking.replanning import replan_missing
from bot.asking.slice import Asking
from bot.core.clock import Calendar, Machine
from bot.core.errors import MeridianError
from bot.core.noted import noted
from bot.core.states import MirrorKind
from bot.db.engines import lock
from bot.db.schema import require_current
from bot.db.sealing import Sealer, key_of
from bot.db.session import Database
from bot.engine import sending, timers, to_slack
from bot.engine.heartbeat import Heartbeat
from bot.engine.housekeeping import Housekeeping
from bot.engine.intake import Intake
from bot.engine.joining import joined
from bot.engine.outside import Outside
from bot.engine.rates import Rates
from bot.engine.relay import Relay
from bot.engine.retry import TOKEN_ERRORS
from bot.engine.ritual import Slice
from bot.engine.timetable import Timetable
from bot.engine.to_slack import ToSlack
from bot.rituals import RITUALS
from bot.rituals.risk.alerts import hook
from bot.rituals.risk.alerts.hook import Hook
from bot.settings import Settings
from bot.slack import app as slack_app
from bot.slack.errors import SlackRefused
from bot.slack.front import Front
from bot.slack.gateway import Gateway, Identity
from bot.slack.scopes import HEARS_DMS
from bot.web import Web

if TYPE_CHECKING:
    from bot.actions.connection import Connection

JIRA_PATH = "/jira/webhook"
_IN_PASSING = ("polling",)  # of the kinds of timers, those at which no moved clock stops
_RECURRING = ("polling", "housekeeping")  # those whose step alone sets the next
_OF_JIRA = ("polling", "jira")  # the kinds of timers that only a connection to it serves
_RECHECK_SECONDS = 60.0
_LOG_SECONDS = 3600.0
_APP_TOKEN_ERRORS = TOKEN_ERRORS | {"missing_scope", "not_allowed_token_type"}
_RETRY_SECONDS = 2.0
_REST_SECONDS = 0.02
_DRAIN_SECONDS = 9.0

log = structlog.get_logger()


class Meridian:
    """The bot. `start` raises what keeps it from running; `stop` loses nothing."""

    def __init__(self, settings: Settings, machine: Machine, calendar: Calendar) -> None:
        self._settings = settings
        self._machine = machine
        self._calendar = calendar
        self._held: IO[str] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._warming: asyncio.Task[None] | None = None
        self._socket: AsyncSocketModeHandler | None = None
        self._built = False
        self._ready = False
        self._paused = False
        token = settings.slack_bot_token.get_secret_value()
        self.gateway = Gateway(token, calendar, settings.slack_api_url)
        self.front = Front(self.gateway, transient)
        key = settings.secret_key
        self._sealer = Sealer(key_of(key.get_secret_value())) if key is not None else None
        self._risk_hook: Hook | None = None
        hooks_for = {hook.PREFIX: self._hear_monitor}
        self.jira: Connection | None = None
        hooks = {JIRA_PATH: self._hear_jira} if settings.jira_webhook_secret else {}
        self.web = Web(settings.host, settings.port, self._health, hooks, hooks_for)

    async def start(self) -> None:
        """Bring everything up; returns once the bot hears Slack."""
        self._held = lock(self._settings.database_url)
        self.database = self._opened()
        await self.database.read(require_current)
        await self.web.start()
        await self.gateway.open()
        identity = await self._identify()
        self.workspace_id = await self.database.write(know_workspace, identity, self._jira_url)
        if self._held is not None:
            await self.database.write(sending.release)
        self._build(identity)
        await self.database.write(self._begin, self._calendar.now())
        await self._listen()  # before anybody is asked: their clicks would meet nobody
        self._tasks = [
            asyncio.create_task(self._keep_up("relay", self.relay.run)),
            asyncio.create_task(self._keep_up("people", self.people.run)),
            asyncio.create_task(self._keep_up("token", self._watch_token)),
            asyncio.create_task(self._keep_up("log", self._empty_log)),
        ]
        if self.jira is not None:
            self._tasks.append(asyncio.create_task(self._keep_up("jira", self.jira.watch)))
        self.heartbeat.start()
        self._warming = asyncio.create_task(self._warm())
        self._ready = True
        log.info("ready", workspace=identity.team_name, socket_mode=self._settings.socket_mode)

    async def stop(self) -> None:
        """Take nothing new, finish what is under way, and let go of everything."""
        self._ready = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drain(), _DRAIN_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._warming is not None:
            await self._warming
        await self.gateway.close()
        if self.jira is not None:
            await self.jira.close()
        if hasattr(self, "database"):
            await asyncio.to_thread(self.database.close)
        if self._held is not None:
            self._held.close()
        log.info("stopped")

    async def next_due(self) -> datetime | None:
        """The calendar instant of the next due timer."""
        return await self.timetable.next_due()

    async def at_rest(self) -> int:
        """Wait until nothing is due and nothing is on its way; answers what waits for back-off."""
        if self._warming is not None:
            await self._warming
        while True:
            await self.timetable.tick()
            await self.front.drain()
            later = await self.relay.rest()
            due = await self.next_due()
            busy = self.front.busy or self.people.busy
            if not busy and (due is None or due > self._calendar.now()):
                return later
            await self._machine.sleep(_REST_SECONDS)

    def _opened(self) -> Database:
        return Database(self._settings.database_url, self._machine)

    def _build(self, identity: Identity) -> None:
        hears_dms = HEARS_DMS in identity.scopes
        on_cards = {
            one.kind: parts.offered(one.on_card, hears_dms=hears_dms)
            for one in RITUALS
            if one.on_card is not None
        }
        daily = [work for ritual in RITUALS for work in ritual.daily]
        plans = {one.kind: one.plan_anew for one in RITUALS if one.plan_anew is not None}
        replan = partial(replan_missing, own=plans)
        self.housekeeping = Housekeeping(replan, retention.forget_old, *daily)
        on_homes = {one.kind: one.on_home for one in RITUALS if one.on_home is not None}
        clocks: dict[str, Any] = {"calendar": self._calendar, "machine": self._machine}
        self.limits = Rates(self._machine, limited=self._settings.slack_rates == "on")
        self.jira = self._connection(identity.url)
        offers = [
            *(offer for ritual in RITUALS for offer in ritual.offers),
            beside.OFFER,
            *([self.jira.offer] if self.jira is not None else []),
        ]
        slices: Sequence[Slice] = (
            *RITUALS,
            Asking(on_cards, on_homes, offers),
            Actions(),
            self.housekeeping,
            *(self.jira.slices if self.jira is not None else ()),
        )
        steps = {(one.kind, name): step for one in slices for name, step in one.steps.items()}
        self.views = {name: view for one in slices for name, view in one.views.items()}
        self.views |= joined(RITUALS)
        self.timetable = Timetable(
            self.database, steps, in_passing=_IN_PASSING, recurring=_RECURRING, **clocks
        )
        slack = ToSlack(
            self.database,
            self.gateway,
            self.views,
            calendar=self._calendar,
            limits=self.limits,
            told=undelivered.stopped,
            stands=cards.stands,
        )
        outsides: dict[MirrorKind, Outside] = dict.fromkeys(slack.kinds, slack)
        if self.jira is not None:
            outsides |= dict.fromkeys(self.jira.kinds, self.jira.outside)
        self.relay = Relay(self.database, outsides, limits=self.limits, **clocks)
        self.people = People(self.database, self.gateway, **clocks)
        self._risk_hook = Hook(self.database, self._sealer, **clocks)
        self.heartbeat = Heartbeat(self.timetable.tick, self._sweep)
        loop = asyncio.get_running_loop()
        self.database.on_stale(partial(_wake, loop, self.relay))
        self._register(identity, on_homes)
        self._built = True

    @property
    def _jira_url(self) -> str | None:
        """Where Jira is, where there is a token for it."""
        return self._settings.jira_url if self._settings.jira_token is not None else None

    def _connection(self, root: str) -> "Connection | None":
        access = parts.access(self._settings)
        if access is None:
            return None
        from bot.actions.connection import Connection

        return Connection(
            access,
            self.database,
            calendar=self._calendar,
            machine=self._machine,
            limits=self.limits,
            workspace_id=self.workspace_id,
            root=root,
        )

    def _begin(self, session: Session, at: datetime) -> None:
        """Set the timers of what recurs."""
        self.housekeeping.begin(session, at)
        if self.jira is not None:
            self.jira.begin(session, at)
        else:
            for kind in _OF_JIRA:
                timers.drop(session, kind)

    async def _hear_jira(self, headers: Mapping[str, str], body: bytes) -> int:
        return 503 if self.jira is None else await self.jira.hear(headers, body)

    def _register(self, identity: Identity, on_homes: OnHomes) -> None:
        secret = self._settings.slack_signing_secret
        self.bolt = slack_app.build(
            self.front,
            identity,
            secret.get_secret_value() if secret else "",
            self._admitted,
        )
        intake = Intake(
            database=self.database,
            calendar=self._calendar,
            front=self.front,
            workspace_id=self.workspace_id,
            bot_user=identity.bot_user,
            standup_command=self._settings.standup_command,
            team_command=self._settings.team_command,
            actions_command=self._settings.actions_command,
            retro_command=self._settings.retro_command,
            risk_command=self._settings.risk_command,
            sealer=self._sealer,
            has_jira=self.jira is not None,
            issues=self.jira.issues if self.jira is not None else None,
            hears_dms=HEARS_DMS in identity.scopes,
            look_people_up=self.people.refresh,
        )
        parts.listen(self.bolt, intake, on_homes, self.jira)

    async def _admitted(self, slack_id: str) -> bool:
        return await self.database.read(guests.is_admitted, self.workspace_id, slack_id)

    async def _listen(self) -> None:
        token = self._settings.slack_app_token
        if token is None:
            self.web.take_slack(self.bolt)
            return
        self._socket = AsyncSocketModeHandler(self.bolt, token.get_secret_value())
        client = self._socket.client
        try:
            # The client itself would try a refused token for ever, while people are being asked.
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in _APP_TOKEN_ERRORS:
                raise BadToken("app-level", code) from error
        except (aiohttp.ClientError, TimeoutError):
            log.warning("Slack can't be reached; trying again")
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def _identify(self) -> Identity:
        """Who we are; waits while Slack can't be reached, and raises where it refuses us."""
        while True:
            try:
                return await self.gateway.identity()
            except SlackRefused as error:
                raise BadToken("bot", error.code) from error
            except MeridianError as error:
                log.warning("Slack can't be reached; trying again", error=noted(error))
                await self._machine.sleep(_RETRY_SECONDS)

    async def _warm(self) -> None:
        """Load in a thread of its own what else the database's writer would load while all wait."""
        try:
            await asyncio.to_thread(holidays.warm)
        except Exception:
            log.exception("public holidays could not be loaded")

    async def _sweep(self) -> None:
        """Wake the relay for what waited for machine time: back-off, leases, calm."""
        self.limits.forget_idle()
        self.relay.wake()

    async def _keep_up(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Begin again what a failure ended: without it the bot would look well and send nothing."""
        while True:
            try:
                return await work()
            except Exception:
                log.exception("work in the background failed; it is begun again", work=name)
                await self._machine.sleep(_RETRY_SECONDS)

    async def _watch_token(self) -> None:
        """A refused token pauses the workspace; one that works again resumes it."""
        while True:
            await self._machine.sleep(_RECHECK_SECONDS)
            await self._recheck_token()

    async def _recheck_token(self) -> None:
        self._paused = await self.database.read(is_paused, self.workspace_id)
        if self._paused:
            with contextlib.suppress(MeridianError):
                await self.gateway.identity()
                await self.database.write(to_slack.resume_workspace, self.workspace_id)
                self._paused = False

    async def _empty_log(self) -> None:
        """Each hour: what was deleted should not stand in the database's log for days."""
        while True:
            await self.database.empty_log()
            await self._machine.sleep(_LOG_SECONDS)

    async def _drain(self) -> None:
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        await self.web.close()
        if self._built:
            self.timetable.stop()
            await self.heartbeat.stop()
            await self.front.drain()
            await self.relay.stop()

    async def _hear_monitor(self, public_id: str, headers: Mapping[str, str], body: bytes) -> int:
        if self._risk_hook is None:
            return hook.OFF
        return await self._risk_hook.take(public_id, headers, body)

    async def _health(self) -> dict[str, object]:
        heard = self._socket is None or await self._socket.client.is_connected()
        return {"ready": self._ready and heard, "paused": self._paused}


def _wake(loop: asyncio.AbstractEventLoop, woken: Relay) -> None:
    """Wake the relay from the database's thread, unless the loop is gone already."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(woken.wake)
