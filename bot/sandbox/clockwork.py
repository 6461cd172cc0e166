"""Moving calendar time: a stop at every due moment on the way, at rest before going on."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.core.clock import MovableCalendar
from bot.sandbox.errors import ControlError
from bot.sandbox.people import expire_statuses
from bot.sandbox.site import Site
from bot.sandbox.world import Json

NextDue = Callable[[], Awaitable[datetime | None]]
AtRest = Callable[[], Awaitable[int]]

DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
# A step that makes itself due again at once would otherwise hold the clock for ever.
STOPS_AT_ONE_MOMENT = 50
NO_BOT = "the bot runs beside this sandbox and has its own clock, so it can't be moved from here"


class Clockwork:
    """The sandbox's hand on the clock."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._next_due: NextDue | None = None
        self._at_rest: AtRest | None = None
        self.moving = False

    def attach(self, next_due: NextDue, at_rest: AtRest) -> None:
        self._next_due, self._at_rest = next_due, at_rest

    @property
    def movable(self) -> bool:
        return self._next_due is not None and isinstance(self._site.calendar, MovableCalendar)

    async def next_due(self) -> datetime | None:
        return None if self._next_due is None else await self._next_due()

    async def control(self, body: Json) -> Json:
        """Move as a control call asks, and say where the clock came to rest."""
        if not self.movable:
            raise ControlError(NO_BOT, status=409)
        stops, waiting = await self._move(await self._target(body))
        due = await self.next_due()
        return {
            "now": self._site.world.now().isoformat(),
            "next_due": None if due is None else due.isoformat(),
            "waiting": waiting,
            "stops": [stop.isoformat() for stop in stops],
        }

    async def advance_to(self, instant: datetime) -> int:
        """Move to an aware instant; the number of mirrors still waiting for back-off."""
        if not self.movable:
            raise ControlError(NO_BOT, status=409)
        return (await self._move(instant))[1]

    async def _target(self, body: Json) -> datetime:
        if len({"advance", "to", "next"} & body.keys()) != 1:
            raise ControlError('say one of "advance", "to" and "next"')
        if "advance" in body:
            return self._site.world.now() + duration(body["advance"])
        if "to" in body:
            return self._instant(body["to"])
        due = await self.next_due()
        if due is None:
            raise ControlError("nothing is due, so there is no next moment to go to")
        return max(due, self._site.world.now())

    def _instant(self, text: object) -> datetime:
        try:
            instant = datetime.fromisoformat(str(text))
        except ValueError:
            raise ControlError(f"{text!r} is no ISO 8601 instant") from None
        if instant.tzinfo is None:
            raise ControlError(f"{text!r} names no zone; end it with Z or an offset")
        if instant < self._site.world.now():
            raise ControlError(f"calendar time can't go back to {instant.isoformat()}")
        return instant.astimezone(UTC)

    async def _move(self, target: datetime) -> tuple[list[datetime], int]:
        if self.moving:
            raise ControlError("the clock is being moved already", status=409)
        self.moving = True
        try:
            return await self._step_through(target)
        finally:
            self.moving = False
            self._site.changes.bump()

    async def _step_through(self, target: datetime) -> tuple[list[datetime], int]:
        waiting = await self._rest()
        stops: list[datetime] = []
        while (due := await self.next_due()) is not None and due <= target:
            if stops.count(due) >= STOPS_AT_ONE_MOMENT:
                raise ControlError(f"{due.isoformat()} stays due however often it is done", 500)
            self._jump(due)
            stops.append(due)
            waiting = await self._rest()
        self._jump(target)
        if stops[-1:] != [target]:
            waiting = await self._rest()
        return stops, waiting

    def _jump(self, instant: datetime) -> None:
        calendar = self._site.calendar
        # Time runs on while the bot works, so a due moment may have come by itself.
        if isinstance(calendar, MovableCalendar) and instant > calendar.now():
            calendar.move_to(instant)
            expire_statuses(self._site)
        self._site.changes.bump()

    async def _rest(self) -> int:
        assert self._at_rest is not None  # noqa: S101 - only reached where attached
        while True:
            await self._site.events.quiet()
            await self._site.jira.webhooks.quiet()
            delivered = self._delivered()
            waiting = await self._at_rest()
            if self._delivered() == delivered:
                return waiting

    def _delivered(self) -> int:
        """How much the bot has been told of so far, by Slack and by Jira."""
        return self._site.line.delivered + self._site.jira.webhooks.delivered


def duration(text: object) -> timedelta:
    """An ISO 8601 duration of weeks down to seconds, such as PT15M."""
    match = DURATION.fullmatch(str(text))
    if match is None or not any(match.groupdict().values()):
        raise ControlError(f"{text!r} is no ISO 8601 duration such as PT15M or P1DT2H")
    return timedelta(**{unit: int(number or 0) for unit, number in match.groupdict().items()})
