"""Slack as an outside: how messages and Homes come to stand there."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

import structlog
from sqlalchemy.orm import Session

from bot.core.clock import Calendar
from bot.core.content import Content, Home, Message
from bot.core.errors import MeridianError, RateLimited
from bot.core.noted import noted
from bot.core.states import MirrorKind, Outcome
from bot.db.session import Database, note_stale
from bot.db.tables import Mirror, Workspace
from bot.engine import pictures, rates, retry, sending
from bot.engine.mirrors import Candidate
from bot.engine.ritual import View
from bot.engine.sending import Claim, Result, Shown
from bot.pictures.child import Artist
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Gateway, Posted

_CLOCK_MARGIN = timedelta(seconds=5)  # a Date header tells whole seconds

log = structlog.get_logger()

Told = Callable[[Session, datetime, Mirror, Outcome], None]
"""What to do, in the transaction that settles it, when a mirror will not be sent any more."""

Stands = Callable[[Session, datetime, Mirror], None]
"""What to do, in the transaction that settles it, when a message has come to stand outside."""


class ToSlack:
    """Sends messages and Homes."""

    kinds = (MirrorKind.MESSAGE, MirrorKind.HOME)
    at_once = 24

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        views: Mapping[str, View],
        *,
        calendar: Calendar,
        limits: rates.Rates,
        told: Told,
        stands: Stands,
        artist: Artist | None = None,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._views = views
        self._calendar = calendar
        self._rates = limits
        self._pictures = pictures.Pictures(database, gateway, artist or Artist())
        self.stopped = told
        self.stands = stands

    def method(self, candidate: Candidate) -> str:
        """The Web API method that it takes."""
        if candidate.kind is MirrorKind.HOME:
            return rates.PUBLISH
        return rates.POST if candidate.creates else rates.UPDATE

    def one_at_a_time(self, candidate: Candidate) -> str | None:
        """One creation per channel: history tells them apart by when they were sent."""
        return candidate.target if candidate.creates else None

    def now(self) -> datetime:
        """Slack's clock, as the last reply told it."""
        return self._gateway.slack_time() - _CLOCK_MARGIN

    async def send(self, claimed: Claim) -> Result:
        """Post it, edit it, or look for it in the history."""
        looking = claimed.creates and claimed.sent_since is not None
        try:
            if looking:
                return await self._look_up(claimed)
            view = self._views[claimed.view]
            content = await self._database.read(self._render, view, claimed)
            if content is None:
                return sending.Nothing()
            return await self._show_with_pictures(claimed, content, calm=view.throttled)
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
            raise MeridianError(f"{claimed.view} could not be drawn: {noted(error)}") from error

    async def _show_with_pictures(self, claimed: Claim, content: Content, *, calm: bool) -> Result:
        """Show it; the text goes alone where its pictures can't be shown (yet)."""
        there = await self._pictures.ready(content)
        if claimed.creates and there.files:
            self._rates.goes_now(claimed.target)  # to draw and upload takes a second or two
        try:
            return _shown(await self._show(claimed, there.content), calm=calm)
        except SlackRefused as error:
            if not there.files or not pictures.is_about_a_file(error):
                raise
            if await self._pictures.is_fresh(there, creates=claimed.creates):
                return sending.Again(pictures.RETRY_SECONDS)
            if not claimed.creates:
                await self._pictures.forget(there)
        alone = await self._show(claimed, pictures.alone(content))
        if claimed.creates:
            return _shown(alone, calm=calm, then=partial(pictures.follow, mirror_id=claimed.id))
        return _shown(alone, calm=calm)

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
            error=noted(error),
        )
        if isinstance(error, RateLimited) and not looking:
            candidate = Candidate(claimed.id, claimed.kind, claimed.target, claimed.creates)
            method = self.method(candidate)
            until = await self._database.write_in_turn(rates.keep_pause, method, error.retry_after)
            self._rates.pause(method, until)
        elif isinstance(error, SlackRefused) and error.code in retry.TOKEN_ERRORS:
            await self._database.write_in_turn(pause_workspace, claimed.id, error.code)


def _shown(
    posted: Posted | None, *, calm: bool, then: Callable[[Session], None] | None = None
) -> Shown:
    channel, ts = (posted.channel, posted.ts) if posted else (None, None)
    return Shown(channel=channel, remote_id=ts, calm=calm, then=then)


def pause_workspace(session: Session, mirror_id: int, code: str) -> None:
    """Send nothing more for a mirror's workspace: its token is refused."""
    mirror = session.get_one(Mirror, mirror_id)
    session.get_one(Workspace, mirror.workspace_id).paused = code
    log.error("the workspace is paused: Slack refuses the token", error=code)


def resume_workspace(session: Session, workspace_id: int) -> None:
    """Send again: the token works."""
    session.get_one(Workspace, workspace_id).paused = None
    note_stale(session)
