"""The ways in from Slack of the risk register: the command, and all the rest."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.upkeep.channels import Unseen
from bot.core.text import escape
from bot.engine.intake import Intake
from bot.rituals.risk import (
    act_listeners,
    alert_listeners,
    form_listeners,
    list_listeners,
    modals,
    more_listeners,
    settings_listeners,
)
from bot.rituals.risk.carried import Carried
from bot.rituals.risk.lists.lists_model import Asked, Scope
from bot.rituals.risk.states import CheckKind
from bot.rituals.risk.views import checks as check_views
from bot.rituals.risk.views import command as views
from bot.rituals.risk.views import form, words
from bot.rituals.risk.views import portfolio as portfolio_views
from bot.rituals.risk.views import settings as settings_views
from bot.slack.replies import actor
from bot.slack.subcommands import Subcommand, Subcommands

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listeners of the register."""
    on = _Listeners(intake)
    command = intake.risk_command
    Subcommands(command, on.subcommands(), views.told(command), on.numbered).listen(app)
    form_listeners.listen(app, intake)
    act_listeners.listen(app, intake)
    list_listeners.listen(app, intake)
    alert_listeners.listen(app, intake)
    settings_listeners.listen(app, intake)
    more_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def subcommands(self) -> Mapping[str, Subcommand]:
        return {
            "": partial(self._list, Scope.SCORE),
            "list": partial(self._list, Scope.SCORE),
            "overdue": partial(self._list, Scope.OVERDUE),
            "mine": partial(self._list, Scope.MINE),
            "review": partial(self._list, Scope.REVIEW),
            "closed": partial(self._list, Scope.CLOSED),
            "search": self._search,
            "add": self._add,
            "show": self._open,
            "check": self._check,
            "export": self._export,
            "portfolio": self._portfolio,
            "settings": self._settings,
            "team": self._team,
        }

    def numbered(self, typed: str) -> Subcommand | None:
        """A risk's number alone opens it."""
        return self._open if _number(typed) else None

    async def _list(self, scope: Scope, ack: AsyncAck, body: Body, rest: str) -> None:
        await ack()
        channel = _channel(body["channel_id"])
        if not channel and scope is not Scope.REVIEW:
            scope = Scope.MINE  # in a direct message there is no team
        asked = Asked(scope, channel, search=rest)
        self._intake.front.opens(body, words.TITLE, modals.listed(self._intake, actor(body), asked))

    async def _search(self, ack: AsyncAck, body: Body, rest: str) -> None:
        await self._list(Scope.SCORE, ack, body, rest)

    async def _add(self, ack: AsyncAck, body: Body, rest: str) -> None:
        await ack()
        carried = Carried(here=_channel(body["channel_id"]))
        modal = form_listeners.add_modal(
            self._intake, actor(body), body["channel_id"], carried, rest
        )
        self._intake.front.opens(body, form.NEW_TITLE, modal)

    async def _open(self, ack: AsyncAck, body: Body, rest: str) -> None:
        number = _number(rest)
        if not number:
            command = escape(self._intake.risk_command)
            await ack(f"Which one? Its number stands before its title: `{command} show R12`.")
            return
        await ack()
        carried = Carried(number, _channel(body["channel_id"]))
        self._intake.front.opens(body, words.TITLE, modals.one(self._intake, actor(body), carried))

    async def _check(self, ack: AsyncAck, body: Body, rest: str) -> None:
        await ack()
        kind = next((one for one in CheckKind if one.value == rest.lower()), None)
        modal = more_listeners.check_modal(self._intake, body["channel_id"], kind)
        self._intake.front.opens(body, check_views.TITLE, modal)

    async def _export(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        if not _channel(body["channel_id"]):
            await ack(views.EXPORT_NEEDS_A_CHANNEL)
            return
        await ack()
        self._intake.front.later(body, more_listeners.send_export(self._intake, body))

    async def _portfolio(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        modal = more_listeners.portfolio_modal(self._intake, actor(body))
        self._intake.front.opens(body, portfolio_views.TITLE, modal)

    async def _settings(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        modal = settings_listeners.settings_modal(self._intake, actor(body), body["channel_id"])
        self._intake.front.opens(body, settings_views.TITLE, modal)

    async def _team(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        """Hold the team review now."""
        receipt = ("slash_commands", body["trigger_id"])
        place = await settings_listeners.place_of(self._intake, body["channel_id"])
        if isinstance(place, Unseen):
            await ack(place.why)
        else:
            await ack(await settings_listeners.held(self._intake, receipt, actor(body), place))


def _number(word: str) -> int:
    """The number in R12, r12 or 12; 0 for anything else."""
    digits = word.upper().removeprefix("R")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _channel(channel_id: str) -> str:
    """A channel that may have a team; "" for a direct message."""
    return channel_id if channel_id.startswith(("C", "G")) else ""
