"""The ways in from Slack of the risk register: the command, and all the rest."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.text import escape
from bot.engine.intake import Intake
from bot.rituals.risk import act_listeners, form_listeners, list_listeners, modals
from bot.rituals.risk.carried import Carried
from bot.rituals.risk.lists_model import Asked, Scope
from bot.rituals.risk.views import command as views
from bot.rituals.risk.views import form, words
from bot.slack.replies import actor

Body = dict[str, Any]
Subcommand = Callable[[AsyncAck, Body, str], Awaitable[None]]
"""Takes what was typed after its word."""


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listeners of the register."""
    on = _Listeners(intake)
    app.command(intake.risk_command)(on.command)
    form_listeners.listen(app, intake)
    act_listeners.listen(app, intake)
    list_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._subcommands: Mapping[str, Subcommand] = {
            "": partial(self._list, Scope.SCORE),
            "list": partial(self._list, Scope.SCORE),
            "overdue": partial(self._list, Scope.OVERDUE),
            "mine": partial(self._list, Scope.MINE),
            "review": partial(self._list, Scope.REVIEW),
            "closed": partial(self._list, Scope.CLOSED),
            "search": self._search,
            "add": self._add,
            "show": self._open,
            "help": self._help,
        }

    async def command(self, ack: AsyncAck, body: Body) -> None:
        word, *rest = (body.get("text") or "").split(maxsplit=1) or [""]
        subcommand = self._subcommands.get(word.lower())
        if subcommand is not None:
            await subcommand(ack, body, "".join(rest).strip())
        elif _number(word) and not rest:
            await self._open(ack, body, word)
        else:
            await ack(views.unknown(word, self._intake.risk_command))

    async def _list(self, scope: Scope, ack: AsyncAck, body: Body, rest: str) -> None:
        await ack()
        channel = _channel(body["channel_id"])
        if not channel and scope is not Scope.REVIEW:
            scope = Scope.MINE  # in a direct message there is no team
        asked = Asked(scope, channel, search=rest)
        self._show(body, words.TITLE, modals.listed(self._intake, actor(body), asked))

    async def _search(self, ack: AsyncAck, body: Body, rest: str) -> None:
        await self._list(Scope.SCORE, ack, body, rest)

    async def _add(self, ack: AsyncAck, body: Body, rest: str) -> None:
        await ack()
        carried = Carried(here=_channel(body["channel_id"]))
        modal = form_listeners.add_modal(
            self._intake, actor(body), body["channel_id"], carried, rest
        )
        self._show(body, form.NEW_TITLE, modal)

    async def _open(self, ack: AsyncAck, body: Body, rest: str) -> None:
        number = _number(rest)
        if not number:
            command = escape(self._intake.risk_command)
            await ack(f"Which one? Its number stands before its title: `{command} show R12`.")
            return
        await ack()
        carried = Carried(number, _channel(body["channel_id"]))
        self._show(body, words.TITLE, modals.one(self._intake, actor(body), carried))

    async def _help(self, ack: AsyncAck, _body: Body, _rest: str) -> None:
        await ack(views.told(self._intake.risk_command))

    def _show(self, body: Body, title: str, modal: Coroutine[Any, Any, dict[str, Any]]) -> None:
        self._intake.front.later(body, self._intake.front.show(body, title, modal))


def _number(word: str) -> int:
    """The number in R12, r12 or 12; 0 for anything else."""
    digits = word.upper().removeprefix("R")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _channel(channel_id: str) -> str:
    """A channel that may have a team; "" for a direct message."""
    return channel_id if channel_id.startswith(("C", "G")) else ""
