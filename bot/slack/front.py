"""The front desk: work after an ack, and telling people what happened where they are looking."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.core.errors import FALLBACK, MeridianError, Refused, Transient
from bot.core.noted import noted
from bot.slack import acks, blocks, replies
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Gateway
from bot.slack.replies import Body

# Of the three seconds that a trigger lives, what its content may take before it opens without.
_PATIENCE_SECONDS = 0.8
# A trigger that was used already is a redelivery: its modal is open.
_USED = frozenset({"exchanged_trigger_id"})
# A modal was closed while what it is to show was loaded, or shows something else by now.
_GONE_ON = frozenset({"not_found", "hash_conflict"})

Content = Coroutine[Any, Any, Mapping[str, Any]]
"""What loads a modal, and draws it."""

log = structlog.get_logger()


class Front:
    """Talks to the person of a request, in its ack or after it."""

    def __init__(self, gateway: Gateway, transient: Callable[[BaseException], bool]) -> None:
        self.gateway = gateway
        self._transient = transient
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something put off until after its ack is still under way."""
        return bool(self._tasks)

    def later(self, body: Body, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` after the ack; its failure is told like a listener's. A shutdown waits."""
        task = asyncio.create_task(self._told(body, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait for what was put off."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, body: Body, sentence: str) -> BoltResponse:
        """Say a sentence to the person: in the ack where that can carry it, else after it."""
        if (answer := replies.at_once(body, sentence)) is not None:
            return answer
        self.later(body, self._say(body, sentence))
        return BoltResponse(status=200, body="")

    def failed(self, body: Body, error: Exception) -> BoltResponse:
        """What a failing listener answers: an event that may succeed later is sent again."""
        reference = self._log(error)
        if "event" in body and self._transient(error):
            return BoltResponse(status=500, body="")
        return self.tell(body, explain(error, reference))

    def opens(self, body: Body, title: str, content: Content) -> None:
        """Open a modal with `content` after the ack; see `show`."""
        self.later(body, self.show(body, title, content))

    def opens_on_top(self, body: Body, title: str, content: Content) -> None:
        """The same, on top of the modal that was clicked in, where it was one."""
        self.later(body, self.show(body, title, content, on_top=_in_modal(body)))

    def opens_in_place(self, body: Body, title: str, content: Content) -> None:
        """The same, in the place of the modal that was clicked in, where it was one."""
        showing = self.fill if _in_modal(body) else self.show
        self.later(body, showing(body, title, content))

    async def show(
        self,
        body: Body,
        title: str,
        content: Content,
        *,
        on_top: bool = False,
    ) -> None:
        """Open a modal with `content`; where that takes long, say so in the modal and fill it.

        With `on_top` it comes on top of the modal that was clicked in, else in its place.
        """
        opened = self.gateway.push_view if on_top else self.gateway.open_view
        loading = asyncio.create_task(content)
        await asyncio.wait({loading}, timeout=_PATIENCE_SECONDS)
        try:
            if loading.done():
                await opened(body["trigger_id"], await loading)
                return
            view = blocks.notice(title, "One moment …")
            view_id = await opened(body["trigger_id"], view)
        except Exception as error:
            loading.cancel()  # there is nothing to fill
            if isinstance(error, SlackRefused) and error.code in _USED:
                return
            raise
        await self._fill(view_id, title, loading)

    async def fill(
        self, body: Body, title: str, content: Content, *, unless_changed: bool = False
    ) -> None:
        """Show `content` in the modal that the click came from.

        With `unless_changed` only while it shows what was clicked in: a click that comes twice
        must not fill a form with something else that is being filled in anew.
        """
        view = body["view"]
        await self._fill(view["id"], title, content, view["hash"] if unless_changed else None)

    async def _fill(
        self,
        view_id: str,
        title: str,
        loading: Awaitable[Mapping[str, Any]],
        state: str | None = None,
    ) -> None:
        try:
            view = await loading
        except Exception as error:
            view = blocks.notice(title, explain(error, self._log(error)))
        try:
            await self.gateway.update_view(view_id, view, state)
        except SlackRefused as error:
            if error.code not in _GONE_ON:
                raise

    async def _told(self, body: Body, work: Coroutine[Any, Any, None]) -> None:
        acks.end()
        try:
            await work
        except Exception as error:
            await self._say(body, explain(error, self._log(error)))

    async def _say(self, body: Body, sentence: str) -> None:
        try:
            await replies.afterwards(self.gateway, body, sentence)
        except Exception as error:
            log.warning("a person could not be told", error=noted(error))

    def _log(self, error: BaseException) -> str:
        reference = secrets.token_hex(3).upper()
        if isinstance(error, Refused):
            log.info("a request was refused", reference=reference, error=noted(error))
        elif isinstance(error, Transient):
            # Expected trouble; formatting its stack would take of the time to say so.
            cause = noted(error.__cause__) if error.__cause__ else None
            log.warning("a request failed", reference=reference, error=noted(error), cause=cause)
        else:
            log.error("a request failed", reference=reference, exc_info=error)
        return reference


def explain(error: BaseException, reference: str) -> str:
    """What a person reads of an error; the log carries the same reference."""
    if isinstance(error, Refused):
        return error.message
    what = error.message if isinstance(error, MeridianError) else f"{FALLBACK} Please try again."
    end = "" if what.endswith((".", "!", "?")) else "."
    return f"{what}{end} If it stays so, tell whoever runs Meridian the reference {reference}."


def _in_modal(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "modal"
