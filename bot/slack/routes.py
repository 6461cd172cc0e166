"""How a command, a click or a modal finds its listener: by its word or id, at once.

Bolt asks its listeners one after the other whether a request is for them. With the hundred and
fifty that there are, that was most of what the event loop did for a click.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

Body = dict[str, Any]
Listener = Callable[..., Awaitable[None]]
_GIVEN = frozenset({"ack", "body"})  # whoever wants more is left to Bolt


class App(AsyncApp):
    """Bolt's app; a listener of one command, or of a button's or a modal's id, is found by that."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._led: dict[tuple[str, str], tuple[Listener, frozenset[str]]] = {}

    def action(self, constraints: Any, *more: Any, **named: Any) -> Callable[..., Any]:
        """As Bolt's."""
        bolts = super().action(constraints, *more, **named)
        return self._leading("block_actions", constraints, bolts, plain=not (more or named))

    def command(self, command: Any, *more: Any, **named: Any) -> Callable[..., Any]:
        """As Bolt's."""
        bolts = super().command(command, *more, **named)
        return self._leading("command", command, bolts, plain=not (more or named))

    def view(self, constraints: Any, *more: Any, **named: Any) -> Callable[..., Any]:
        """As Bolt's."""
        bolts = super().view(constraints, *more, **named)
        return self._leading("view_submission", constraints, bolts, plain=not (more or named))

    def _leading(
        self, kind: str, asked: Any, bolts: Callable[..., Any], *, plain: bool
    ) -> Callable[..., Any]:
        def register(listener: Listener) -> Any:
            wants = frozenset(inspect.signature(listener).parameters)
            if not plain or not isinstance(asked, str) or not wants <= _GIVEN:
                return bolts(listener)
            self._led.setdefault((kind, asked), (listener, wants))  # the first, as Bolt does
            return listener

        return register

    async def lead(self, ack: AsyncAck, body: Body, next: Any) -> BoltResponse | None:  # noqa: A002
        """A middleware, or the end of one: let the listener answer that a request is for."""
        found = self._led.get(_asked(body))
        if found is None:
            await next()
            return None
        listener, wants = found
        given = {"ack": ack, "body": body}
        await listener(**{name: given[name] for name in wants})
        return ack.response


def _asked(body: Body) -> tuple[str, str]:
    """The kind of a request, and the word or id of what was said, pressed or sent."""
    match body:
        case {"command": str(word)}:
            return "command", word
        case {"type": "block_actions", "actions": [{"action_id": str(action)}, *_]}:
            return "block_actions", action
        case {"type": "view_submission", "view": {"callback_id": str(callback)}}:
            return "view_submission", callback
        case _:
            return "", ""
