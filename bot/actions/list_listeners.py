"""The lists of action items: opened, another one chosen, turned over."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import modals, origins
from bot.actions.model import Place, Proposed, Scope
from bot.actions.views import form, words
from bot.actions.views import list as views
from bot.engine.intake import Intake
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what the lists need."""
    on = _Listeners(intake)
    app.action(words.LIST)(on.opened)
    app.action(words.ADD)(on.add)
    app.action(views.SCOPE)(on.chosen)
    app.action(views.EARLIER)(on.earlier)
    app.action(views.NEXT)(on.next)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = modals.listed(self._intake, actor(body), Scope.MINE)
        self._intake.front.opens_on_top(body, views.TITLE, modal)

    async def add(self, ack: AsyncAck, body: Body) -> None:
        """From a channel's list it is its team's, from the one that Home opens one's own."""
        await ack()
        behind = modals.behind(body)
        proposed = Proposed(origins.new_key(), Place(channel=behind.here))
        modal = modals.proposed_modal(self._intake, actor(body), proposed, behind)
        self._intake.front.opens_on_top(body, form.TITLE, modal)

    async def chosen(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        scope = body["actions"][0]["selected_option"]["value"]
        _scope, _number, channel = modals.parsed(body["view"]["private_metadata"])
        self._redraw(body, f"{scope} 0 {channel}")

    async def earlier(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._redraw(body, body["view"]["private_metadata"], turn=-1)

    async def next(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._redraw(body, body["view"]["private_metadata"], turn=1)

    def _redraw(self, body: Body, place: str, turn: int = 0) -> None:
        modal = modals.listed(self._intake, actor(body), place, turn=turn)
        self._intake.front.later(body, self._intake.front.fill(body, views.TITLE, modal))
