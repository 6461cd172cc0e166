"""The relay: one mirror at a time through rate, fence, render, send, settle."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import assert_never

import structlog
from sqlalchemy.orm import Session

from bot.core.clock import Calendar, Machine
from bot.core.content import Content, Home, Message
from bot.core.errors import MeridianError
from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database, note_stale
from bot.db.tables import Mirror, Workspace
from bot.engine import mirrors, rates, retry, sending
from bot.engine.mirrors import Candidate
from bot.engine.ritual import View
from bot.engine.sending import Claim, Result, Shown
from bot.slack.errors import RateLimited, SlackRefused
from bot.slack.gateway import Gateway, Posted

_SWEEP = 64  # candidates of each method
_MANY = 100_000
_IN_FLIGHT = 24
_CLOCK_MARGIN = timedelta(seconds=5)  # a Date header tells whole seconds
_REST_SECONDS = 0.02

log = structlog.get_logger()

Told = Callable[[Session, datetime, Mirror, Outcome], None]
"""What to do, in the transaction that settles it, when a mirror will not be sent any more."""

Stands = Callable[[Session, datetime, Mirror], None]
"""What to do, in the transaction that settles it, when a message has come to stand outside."""


class Relay:
    """Brings what is shown outside to what SQL says."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        views: Mapping[str, View],
        *,
        calendar: Calendar,
        machine: Machine,
        limits: rates.Rates,
        told: Told,
        stands: Stands,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._views = views
        self._calendar = calendar
        self._machine = machine
        self._rates = limits
        self._told = told
        self._stands = stands
        self._woken = asyncio.Event()
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._creating: set[str] = set()
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
            await self._database.write(mirrors.flush_calm)
            ready, later = await self._database.read(mirrors.waiting)
            if not self.busy and (not ready or ready == await self._paused()):
                return later + ready
            self.wake()
            await self._machine.sleep(_REST_SECONDS)

    async def _paused(self) -> int:
        """How many mirrors wait only because Slack asked for a pause."""
        found = await self._database.read(mirrors.candidates, _MANY)
        return sum(self._rates.paused(_method(candidate)) > 0 for candidate in found)

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
            if self._stopping or len(self._in_flight) >= _IN_FLIGHT:
                break
            if candidate.id in self._in_flight or self._held_up(candidate):
                continue
            wait = self._rates.take(_method(candidate), candidate.target)
            if wait > 0:
                waits.append(wait)
            else:
                self._begin(candidate)
        return min(waits, default=None)

    def _held_up(self, candidate: Candidate) -> bool:
        """One creation per channel at a time: a look-up must find its own."""
        return candidate.creates and candidate.target in self._creating

    def _begin(self, candidate: Candidate) -> None:
        task = asyncio.create_task(self._deliver(candidate))
        self._in_flight[candidate.id] = task
        if candidate.creates:
            self._creating.add(candidate.target)
        task.add_done_callback(lambda _task: self._ended(candidate))

    def _ended(self, candidate: Candidate) -> None:
        self._in_flight.pop(candidate.id, None)
        if candidate.creates:
            self._creating.discard(candidate.target)
        self.wake()

    async def _deliver(self, candidate: Candidate) -> None:
        since = self._gateway.slack_time() - _CLOCK_MARGIN
        try:
            at = self._calendar.now()
            claimed = await self._database.write(self._claim, candidate.id, since, at)
            if claimed is None:
                return
            result = await self._send(claimed)
            await self._database.write(self._settle, claimed, result, self._calendar.now())
        except Exception:
            log.exception("a mirror could not be sent", mirror=candidate.id)
            await self._machine.sleep(retry.back_off(1))

    async def _send(self, claimed: Claim) -> Result:
        looking = claimed.creates and claimed.sent_since is not None
        try:
            if looking:
                return await self._look_up(claimed)
            view = self._views[claimed.view]
            content = await self._database.read(self._render, view, claimed)
            if content is None:
                return sending.Nothing()
            posted = await self._show(claimed, content)
            return Shown(
                channel=posted.channel if posted else None,
                remote_id=posted.ts if posted else None,
                calm=view.throttled,
            )
        except MeridianError as error:
            await self._note(claimed, error, looking=looking)
            return retry.judge(
                error,
                retry.Sending(
                    creates=claimed.creates,
                    looking=looking,
                    to_person=claimed.target[:1] in "UW",
                    attempts=claimed.attempts,
                ),
            )

    def _render(self, session: Session, view: View, claimed: Claim) -> Content | None:
        try:
            loaded = view.load(session, claimed.subject, self._calendar.now())
            return None if loaded is None else view.draw(loaded)
        except MeridianError:
            raise
        except Exception as error:
            log.exception("a view could not be drawn", view=claimed.view, subject=claimed.subject)
            raise MeridianError(f"{claimed.view} could not be drawn: {error}") from error

    async def _show(self, claimed: Claim, content: Content) -> Posted | None:
        match content:
            case Home():
                await self._gateway.publish(claimed.target, content)
                return None
            case Message():
                if claimed.remote_id is None or claimed.channel is None:
                    return await self._gateway.post(
                        claimed.place, content, claimed.uid, claimed.thread_ts
                    )
                await self._gateway.update(Posted(claimed.channel, claimed.remote_id), content)
                return None
            case _:
                assert_never(content)

    async def _look_up(self, claimed: Claim) -> Result:
        if claimed.sent_since is None:
            return sending.NotThere()
        there = await self._gateway.find(
            claimed.place, claimed.uid, claimed.sent_since, claimed.thread_ts
        )
        log.info("looked for a half-made message", mirror=claimed.id, found=there is not None)
        return retry.found(there.channel, there.ts) if there else sending.NotThere()

    async def _note(self, claimed: Claim, error: MeridianError, *, looking: bool) -> None:
        """Remember what an error means for others: a pause, or a token that died."""
        log.warning(
            "sending failed",
            mirror=claimed.id,
            view=claimed.view,
            error=str(error),
            kind=type(error).__name__,
        )
        if isinstance(error, RateLimited) and not looking:
            method = _method(Candidate(claimed.id, claimed.kind, claimed.target, claimed.creates))
            until = await self._database.write(rates.keep_pause, method, error.retry_after)
            self._rates.pause(method, until)
        elif isinstance(error, SlackRefused) and error.code in retry.TOKEN_ERRORS:
            await self._database.write(pause_workspace, claimed.id, error.code)

    def _claim(
        self, session: Session, mirror_id: int, since: datetime, at: datetime
    ) -> Claim | None:
        claimed = sending.claim(session, mirror_id, since)
        mirror = session.get(Mirror, mirror_id) if claimed is None else None
        if mirror is not None and mirror.outcome is Outcome.MISSED:
            log.warning("a mirror came too late", mirror=mirror.id, view=mirror.view)
            self._told(session, at, mirror, Outcome.MISSED)
        return claimed

    def _settle(self, session: Session, claimed: Claim, result: Result, at: datetime) -> None:
        mirror = sending.settle(session, claimed, result)
        if mirror is not None and claimed.creates and isinstance(result, Shown):
            self._stands(session, at, mirror)
        if mirror is not None and mirror.outcome is not None:
            log.warning(
                "a mirror stopped", mirror=mirror.id, outcome=mirror.outcome, detail=mirror.detail
            )
            self._told(session, at, mirror, mirror.outcome)


def pause_workspace(session: Session, mirror_id: int, code: str) -> None:
    """Send nothing more for a mirror's workspace: its token is refused."""
    mirror = session.get_one(Mirror, mirror_id)
    session.get_one(Workspace, mirror.workspace_id).paused = code
    log.error("the workspace is paused: Slack refuses the token", error=code)


def resume_workspace(session: Session, workspace_id: int) -> None:
    """Send again: the token works."""
    session.get_one(Workspace, workspace_id).paused = None
    note_stale(session)


def _method(candidate: Candidate) -> str:
    if candidate.kind is MirrorKind.HOME:
        return rates.PUBLISH
    return rates.POST if candidate.creates else rates.UPDATE
