"""The lists of the register: opened, narrowed, searched, turned over."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.engine.intake import Intake
from bot.rituals.risk import modals
from bot.rituals.risk.carried import entered, unpacked_list
from bot.rituals.risk.lists.lists_model import Asked, Scope
from bot.rituals.risk.views import lists as views
from bot.rituals.risk.views import words
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what the lists need."""
    on = _Listeners(intake)
    app.action(words.LIST)(on.opened)
    app.action(views.SCOPE)(on.scope)
    app.action(views.CATEGORY)(on.category)
    app.view(words.LIST)(on.search)
    app.action(views.EARLIER)(on.earlier)
    app.action(views.NEXT)(on.next)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        """From Home all of one's own; from a card what waits for one's review."""
        await ack()
        on_card = body["actions"][0]["value"] == Scope.REVIEW
        asked = Asked(Scope.REVIEW if on_card else Scope.MINE)
        modal = modals.listed(self._intake, actor(body), asked)
        self._intake.front.opens_on_top(body, words.TITLE, modal)

    async def scope(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        chosen = Scope(body["actions"][0]["selected_option"]["value"])
        self._redraw(body, replace(_asked(body), scope=chosen, number=0))

    async def category(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        chosen = views.category_of(body["actions"][0]["selected_option"]["value"])
        self._redraw(body, replace(_asked(body), category=chosen, number=0))

    async def search(self, ack: AsyncAck, body: Body) -> None:
        said = entered(body["view"]["state"]["values"], "search", "value")
        asked = replace(_asked(body), search=said, number=0)
        await ack(
            response_action="update", view=await modals.listed(self._intake, actor(body), asked)
        )

    async def earlier(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._turn(body, -1)

    async def next(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._turn(body, 1)

    def _turn(self, body: Body, by: int) -> None:
        asked = _asked(body)
        self._redraw(body, replace(asked, number=asked.number + by))

    def _redraw(self, body: Body, asked: Asked) -> None:
        modal = modals.listed(self._intake, actor(body), asked)
        self._intake.front.later(body, self._intake.front.fill(body, words.TITLE, modal))


def _asked(body: Body) -> Asked:
    return unpacked_list(body["view"]["private_metadata"])
