"""The way in from Slack of what people wish of a question on their card or Home."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking import items, wishes
from bot.asking.wishes import Noted, NoTime, NotOwed, NotTheirs, Over, Refusal
from bot.core.text import spoken_date
from bot.engine.intake import Intake, Repeated
from bot.slack.replies import actor, afterwards

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what the card's menu needs."""
    app.action(items.LATER)(_Listeners(intake).wished)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def wished(self, ack: AsyncAck, body: Body) -> None:
        prompt, wish = body["actions"][0]["selected_option"]["value"].split()
        result = await self._take(body, int(prompt), wish)
        await ack()
        match result:
            case Noted() | Repeated():
                pass
            case _:
                told = afterwards(self._intake.gateway, body, sentence(result))
                self._intake.front.later(body, told)

    async def _take(self, body: Body, prompt_id: int, wish: str) -> Noted | Refusal | Repeated:
        receipt = ("block_actions", body["trigger_id"])
        whose = (self._intake.workspace_id, actor(body))
        if wish == items.SKIP:
            return await self._intake.take(receipt, wishes.skip, *whose, prompt_id)
        return await self._intake.take(receipt, wishes.later, *whose, prompt_id, int(wish))


def sentence(refusal: Refusal) -> str:
    """Why it can't be as they wish; nothing was changed."""
    match refusal:
        case Over(title, on):
            return f"{title} of {spoken_date(on)} has closed, so there is nothing to put off."
        case NotOwed(answered=True):
            return "You have answered that one already; your card shows it in a moment."
        case NotOwed():
            return "You owe no answer there any more; your card shows it in a moment."
        case NoTime(closes):
            return f"It closes at {closes:%H:%M}: there is no time left to put it off."
        case NotTheirs():
            return "That question is no longer there. Your Home tab shows what waits for you."
        case _:
            assert_never(refusal)
