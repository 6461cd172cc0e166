"""The relay: one mirror at a time through rate, fence and settling; what is outside sends it."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bot.core.clock import Calendar, Machine
from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database
from bot.db.tables import Mirror
from bot.engine import mirrors, rates, retry, sending
from bot.engine.mirrors import Candidate
from bot.engine.outside import Outside
from bot.engine.sending import Claim, Result, Shown

_SWEEP = 64  # candidates of each method
_MANY = 100_000
_REST_SECONDS = 0.02

log = structlog.get_logger()


class Relay:
    """Brings what is shown outside to what SQL says."""

    def __init__(
        self,
        database: Database,
        outsides: Mapping[MirrorKind, Outside],
        *,
        calendar: Calendar,
        machine: Machine,
        limits: rates.Rates,
    ) -> None:
        """Take the worlds outside by what stands there; what has none is left alone."""
        self._database = database
        self._outsides = outsides
        self._calendar = calendar
        self._machine = machine
        self._rates = limits
        self._woken = asyncio.Event()
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._under_way: Counter[Outside] = Counter()
        self._held: set[tuple[MirrorKind, str]] = set()
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return bool(self._in_flight)

    def wake(self) -> None:
        """Look for stale mirrors now. The only place the relay is woken from."""
        self._woken.set()

    async def run(self) -> None:
        """Send until stopped."""
        self._rates.restore(await self._database.read(rates.kept_pauses))
        while not self._stopping:
            self._woken.clear()
            wait = await self._dispatch()
            await self._until_woken(wait)

    async def stop(self) -> None:
        """Begin nothing new, and finish what is under way."""
        self._stopping = True
        self.wake()
        await asyncio.gather(*self._in_flight.values(), return_exceptions=True)

    async def rest(self) -> int:
        """Wait until nothing can be sent; answers how many mirrors wait for back-off.

        Throttled progress is shown at once, back-off is not waited for.
        """
        while True:
            await self._database.write_in_turn(mirrors.flush_calm)
            kinds = tuple(self._outsides)  # what no world takes waits for nothing that can come
            ready, later = await self._database.read(mirrors.waiting, kinds)
            if not self.busy and ready == await self._paused():
                return later + ready
            await self._machine.sleep(_REST_SECONDS)

    async def _paused(self) -> int:
        """How many mirrors wait only because Slack asked for a pause."""
        found = await self._database.read(mirrors.candidates, _MANY)
        known = [(self._outsides[one.kind], one) for one in found if one.kind in self._outsides]
        return sum(self._rates.paused(outside.method(one)) > 0 for outside, one in known)

    async def _until_woken(self, seconds: float | None) -> None:
        if seconds is None:
            await self._woken.wait()
            return
        sleeping = asyncio.ensure_future(self._machine.sleep(seconds))
        waking = asyncio.ensure_future(self._woken.wait())
        await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        sleeping.cancel()
        waking.cancel()

    async def _dispatch(self) -> float | None:
        """Begin what may be sent now; answers the seconds until a rate lets more through."""
        waits: list[float] = []
        for candidate in await self._database.read(mirrors.candidates, _SWEEP):
            if self._stopping:
                break
            outside = self._outsides.get(candidate.kind)
            if outside is None or self._held_up(outside, candidate):
                continue
            wait = self._rates.take(outside.method(candidate), candidate.target)
            if wait > 0:
                waits.append(wait)
            else:
                self._begin(outside, candidate)
        return min(waits, default=None)

    def _held_up(self, outside: Outside, candidate: Candidate) -> bool:
        return (
            candidate.id in self._in_flight
            or self._under_way[outside] >= outside.at_once
            or self._claim_to(outside, candidate) in self._held
        )

    def _claim_to(self, outside: Outside, candidate: Candidate) -> tuple[MirrorKind, str] | None:
        alone = outside.one_at_a_time(candidate)
        return None if alone is None else (candidate.kind, alone)

    def _begin(self, outside: Outside, candidate: Candidate) -> None:
        task = asyncio.create_task(self._deliver(outside, candidate))
        self._in_flight[candidate.id] = task
        self._under_way[outside] += 1
        held = self._claim_to(outside, candidate)
        if held is not None:
            self._held.add(held)

        def ended(_task: asyncio.Task[None]) -> None:
            self._in_flight.pop(candidate.id, None)
            self._under_way[outside] -= 1
            if held is not None:
                self._held.discard(held)
            self.wake()

        task.add_done_callback(ended)

    async def _deliver(self, outside: Outside, candidate: Candidate) -> None:
        try:
            since, at = outside.now(), self._calendar.now()
            claimed = await self._database.write_in_turn(_claim, outside, candidate.id, since, at)
            if claimed is None:
                return
            result = await outside.send(claimed)
            await self._database.write_in_turn(
                _settle, outside, claimed, result, self._calendar.now()
            )
        except Exception:
            log.exception("a mirror could not be sent", mirror=candidate.id)
            await self._machine.sleep(retry.back_off(1))


def _claim(
    session: Session, outside: Outside, mirror_id: int, since: datetime, at: datetime
) -> Claim | None:
    claimed = sending.claim(session, mirror_id, since)
    mirror = session.get(Mirror, mirror_id) if claimed is None else None
    if mirror is not None and mirror.outcome is Outcome.MISSED:
        log.warning("a mirror came too late", mirror=mirror.id, view=mirror.view)
        outside.stopped(session, at, mirror, Outcome.MISSED)
    return claimed


def _settle(
    session: Session, outside: Outside, claimed: Claim, result: Result, at: datetime
) -> None:
    mirror = sending.settle(session, claimed, result)
    if mirror is None:
        return
    if claimed.creates and isinstance(result, Shown):
        outside.stands(session, at, mirror)
    if mirror.outcome is not None:
        # Not its detail, which has Jira's own words: what failed was logged when it did.
        log.warning("a mirror stopped", mirror=mirror.id, outcome=mirror.outcome)
        outside.stopped(session, at, mirror, mirror.outcome)
