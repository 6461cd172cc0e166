"""Events on their way to the bot: in order, and again where they weren't taken."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any, Literal, cast, get_args

from bot.core.clock import Machine
from bot.sandbox.errors import ControlError, NotDeliveredError
from bot.sandbox.wire import Delivery, Line
from bot.sandbox.world import (
    APP_ID,
    BOT_USER_ID,
    TEAM_ID,
    VERIFICATION_TOKEN,
    Json,
    World,
    new_id,
)

Mode = Literal["duplicate", "reorder", "delay"]
RETRY_AFTER = (0.0, 60.0, 300.0)
WAITING = 1000
# What the app's manifest asks for; an event nobody listens to would never be acked.
SUBSCRIBED = (
    "app_home_opened", "channel_id_changed", "channel_unarchive", "group_unarchive",
    "member_joined_channel", "message.channels", "message.groups", "message.im", "user_change",
)  # fmt: skip
EVERYTHING = (
    *SUBSCRIBED, "channel_archive", "channel_left", "group_archive", "group_left",
    "member_left_channel", "team_join",
)  # fmt: skip
FAMILY = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
REORDER_SECONDS = 2.0
DELAY_SECONDS = 2.0


class Events:
    """The post office; the app hears of what it subscribed to and has the scope for."""

    def __init__(self, world: World, machine: Machine, line: Line, scopes: set[str]) -> None:
        self._world = world
        self._machine = machine
        self._line = line
        self._scopes = scopes
        self.subscriptions = set(SUBSCRIBED)
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[Json] = deque(maxlen=WAITING)
        self._odd: dict[Mode, int] = {"duplicate": 0, "reorder": 0, "delay": 0}
        self._delay = DELAY_SECONDS
        self._held: list[Json] = []

    def emit(self, event: Json, scope: str | None = None) -> None:
        """Send an event, unless the app may not hear of it or never asked to."""
        name = event["type"]
        if name == "message":
            name = FAMILY[event["channel_type"]]
        if name not in self.subscriptions or (scope is not None and scope not in self._scopes):
            return
        event = {"event_ts": self._world.stamp(), **event}
        payload = self._wrapped(event)
        if self._count("reorder"):
            self._hold(payload)
        elif self._count("delay"):
            self._start(self._later(payload, self._delay))
        else:
            self._dispatch(payload)

    def misbehave(self, body: Json) -> None:
        """Deliver the next `count` events oddly."""
        mode, count = body.get("mode"), body.get("count", 1)
        if mode not in get_args(Mode):
            raise ControlError(f"the mode is one of {', '.join(get_args(Mode))}")
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise ControlError("the count is a whole number")
        seconds = body.get("seconds", DELAY_SECONDS)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise ControlError("the seconds are a number")
        self._odd[cast("Mode", mode)] = count
        self._delay = float(seconds)

    def connected(self) -> None:
        """The bot is there: send what waited for it."""
        while self._waiting:
            self._dispatch(self._waiting.popleft())

    async def quiet(self) -> None:
        """Wait until what was sent is answered; held events go out first."""
        self._release()
        # A task that was only just created has not counted itself as under way yet.
        await asyncio.sleep(0)
        await self._line.quiet()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _count(self, mode: Mode) -> bool:
        """Whether this event is to be delivered so, which uses up one."""
        if self._odd[mode] == 0:
            return False
        self._odd[mode] -= 1
        return True

    def _hold(self, payload: Json) -> None:
        if not self._held:
            self._start(self._release_later())
        self._held.append(payload)
        if self._odd["reorder"] == 0:
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for payload in reversed(held):
            self._dispatch(payload)

    async def _release_later(self) -> None:
        await self._machine.sleep(REORDER_SECONDS)
        self._release()

    async def _later(self, payload: Json, seconds: float) -> None:
        await self._machine.sleep(seconds)
        self._dispatch(payload)

    def _dispatch(self, payload: Json) -> None:
        copies = 2 if self._count("duplicate") else 1
        for _ in range(copies):
            self._start(self._deliver(payload))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Json) -> None:
        reason = ""
        for attempt in range(len(RETRY_AFTER) + 1):
            if attempt and RETRY_AFTER[attempt - 1]:
                await self._machine.sleep(RETRY_AFTER[attempt - 1])
            if not self._line.connected:
                self._waiting.append(payload)
                return
            try:
                await self._line.deliver(Delivery("events_api", payload, attempt, reason))
            except NotDeliveredError as missed:
                if not missed.again:
                    return
                reason = missed.reason
            else:
                return

    def _wrapped(self, event: Json) -> Json:
        channel = event.get("channel")
        row = self._world.channels.get(channel) if isinstance(channel, str) else None
        members = row.members if row else []
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": self._world.seconds(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": any(self._world.users[m].is_foreign for m in members),
            "event_context": new_id("4-"),
        }
