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
    """Register what the card's buttons need."""
    on = _Listeners(intake)
    app.action(items.SKIP)(on.skip)
    app.action(items.LATER)(on.later)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def skip(self, ack: AsyncAck, body: Body) -> None:
        prompt_id = int(body["actions"][0]["value"])
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            wishes.skip,
            self._intake.workspace_id,
            actor(body),
            prompt_id,
        )
        await ack()
        self._tell(body, result)

    async def later(self, ack: AsyncAck, body: Body) -> None:
        prompt_id, minutes = body["actions"][0]["selected_option"]["value"].split()
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            wishes.later,
            self._intake.workspace_id,
            actor(body),
            int(prompt_id),
            int(minutes),
        )
        await ack()
        self._tell(body, result)

    def _tell(self, body: Body, result: Noted | Refusal | Repeated) -> None:
        """What can't be is said in place; what is as wished is seen on the card."""
        match result:
            case Noted() | Repeated():
                pass
            case _:
                told = afterwards(self._intake.gateway, body, sentence(result))
                self._intake.front.later(body, told)


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
