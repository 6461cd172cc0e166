"""What people do to an alert in their channel: decide about it, or make a risk of it."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.core.text import clamp, one_line
from bot.engine.intake import Intake, Repeated
from bot.rituals.risk import forms, modals
from bot.rituals.risk.alerts import alerts
from bot.rituals.risk.alerts.alerts_model import Decided, NotYours
from bot.rituals.risk.carried import Carried
from bot.rituals.risk.states import Verdict
from bot.rituals.risk.values import Gone
from bot.rituals.risk.views import alert as views
from bot.rituals.risk.views import form, words
from bot.rituals.risk.views.settings import REFUSED
from bot.slack import blocks
from bot.slack.replies import actor, afterwards

Body = dict[str, Any]
_GONE = "That alert is no longer there."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the buttons."""
    on = _Listeners(intake)
    for action in views.DECIDE:
        app.action(action)(on.decide)
    app.action(views.FROM_ALERT)(on.make)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def decide(self, ack: AsyncAck, body: Body) -> None:
        action = body["actions"][0]
        await look_up_briefly(self._intake, [actor(body)])
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            alerts.decide,
            self._intake.workspace_id,
            actor(body),
            int(action["value"]),
            views.DECIDE[action["action_id"]],
        )
        await ack()
        if said := _said(result, views.DECIDE[action["action_id"]]):
            told = afterwards(self._intake.gateway, body, said)
            self._intake.front.later(body, told)

    async def make(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._modal(actor(body), int(body["actions"][0]["value"]))
        self._intake.front.opens_on_top(body, form.NEW_TITLE, modal)

    async def _modal(self, slack_id: str, alert_id: int) -> dict[str, Any]:
        intake = self._intake
        found = await intake.read(
            forms.of_alert, intake.workspace_id, slack_id, alert_id, modals.new_key()
        )
        if isinstance(found, Gone):
            return blocks.notice(form.NEW_TITLE, _GONE)
        origin, typed, about = found
        return await modals.new(
            intake, slack_id, origin, Carried(here=origin.channel), typed, about
        )


def _said(result: Decided | NotYours | Gone | Repeated, meant: Verdict) -> str:
    """What the message itself doesn't show; "" for nothing."""
    match result:
        case Repeated():
            return ""
        case Decided(verdict):
            if verdict is meant:
                return ""
            return f"Somebody was quicker: {views.LABELS[verdict]}. The first decision counts."
        case NotYours(owner=""):
            return REFUSED
        case NotYours(owner):
            who = clamp(one_line(owner), words.NAME)
            return f"Only {who}, the team's risk owner or an admin can decide this."
        case Gone():
            return _GONE
        case _:
            assert_never(result)
