"""A command's subcommands: which one the first word means, and what is said of no such word."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.text import escape

Body = dict[str, Any]
Subcommand = Callable[[AsyncAck, Body, str], Awaitable[None]]
"""Takes what was typed after its word."""
_WORD = 40


class Subcommands:
    """What can be typed after a command. *help* there is everywhere."""

    def __init__(
        self,
        command: str,
        by_word: Mapping[str, Subcommand],
        helping: str,
        whole: Callable[[str], Subcommand | None] = lambda _typed: None,
    ) -> None:
        """Take the subcommands by their words, what they do in mrkdwn, and what else is meant.

        `whole` is asked about a text that begins with no known word; what it answers takes it all.
        """
        self._command = command
        self._by_word = {**by_word, "help": self._help}
        self._helping = helping
        self._whole = whole

    def listen(self, app: AsyncApp) -> None:
        """Register the command."""
        app.command(self._command)(self.run)

    async def run(self, ack: AsyncAck, body: Body) -> None:
        """Do what was typed."""
        typed = (body.get("text") or "").strip()
        word, *rest = typed.split(maxsplit=1) or [""]
        if (subcommand := self._by_word.get(word.lower())) is not None:
            await subcommand(ack, body, "".join(rest))
        elif (subcommand := self._whole(typed)) is not None:
            await subcommand(ack, body, typed)
        else:
            await ack(unknown(word, self._command, self._helping))

    async def _help(self, ack: AsyncAck, _body: Body, _rest: str) -> None:
        await ack(self._helping)


def unknown(word: str, command: str, helping: str) -> str:
    """There is no such subcommand; what there is."""
    inert = escape(word[:_WORD].replace("`", "'"))
    return f"There is no `{command} {inert}`.\n{helping}"
