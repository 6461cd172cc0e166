"""The facilitator's screen: what its buttons do. Typed words do the same, in `lead_commands`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.retro import leading, merging
from bot.rituals.retro.lead_commands import said
from bot.rituals.retro.model import Moved, NoRetro, NotLeading, Past, Stage
from bot.rituals.retro.views import lead as views
from bot.rituals.retro.views import words
from bot.rituals.retro.views.lead import lead_modal, merge_modal
from bot.rituals.retro.views.shown import Led, Table
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the screen's buttons."""
    on = _Listeners(intake)
    app.action(words.LEAD)(on.lead)
    app.action(views.NEXT)(on.next)
    app.action(views.FEW)(on.few)
    app.action(views.EXTEND)(on.extend)
    app.action(views.CLOSE)(on.close)
    app.action(views.MERGE)(on.merge)
    app.view(views.MERGED)(on.merged)
    app.action(views.PART)(on.part)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._front = intake.front

    async def lead(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._modal(body, int(body["actions"][0]["value"]))
        self._front.opens(body, views.TITLE, modal)

    async def _modal(self, body: Body, retro_id: int, told: str = "") -> dict[str, Any]:
        intake, slack_id = self._intake, actor(body)
        await look_up_briefly(intake, [slack_id])
        found = await intake.read(leading.led, intake.workspace_id, slack_id, retro_id, told)
        if isinstance(found, Led):
            return lead_modal(found)
        return blocks.notice(views.TITLE, escape(words.refusal(found)))

    async def next(self, ack: AsyncAck, body: Body) -> None:
        retro_id, stage, _ = _value(body)
        await self._press(ack, body, retro_id, leading.move_on, stage)

    async def few(self, ack: AsyncAck, body: Body) -> None:
        retro_id, stage, _ = _value(body)
        await self._press(ack, body, retro_id, leading.move_on, stage, few=True)

    async def extend(self, ack: AsyncAck, body: Body) -> None:
        retro_id, stage, minutes = _value(body)
        by = timedelta(minutes=int(minutes))
        await self._press(ack, body, retro_id, leading.extend, stage, by)

    async def close(self, ack: AsyncAck, body: Body) -> None:
        retro_id, _stage, _ = _value(body)
        await self._press(ack, body, retro_id, leading.close)

    async def _press(
        self,
        ack: AsyncAck,
        body: Body,
        retro_id: int,
        use_case: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            use_case,
            self._intake.workspace_id,
            actor(body),
            retro_id,
            *args,
            **kwargs,
        )
        await ack()
        # Where it is now stands in the screen anyway.
        told = "" if isinstance(result, Moved) and not result.held else said(result)
        modal = self._modal(body, retro_id, told)
        self._front.later(body, self._front.fill(body, views.TITLE, modal))

    async def merge(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        retro_id, _stage, _ = _value(body)
        self._front.opens_on_top(body, views.MERGE_TITLE, self._merging(body, retro_id))

    async def _merging(self, body: Body, retro_id: int) -> dict[str, Any]:
        intake = self._intake
        return _table(await intake.read(merging.table, intake.workspace_id, actor(body), retro_id))

    async def merged(self, ack: AsyncAck, body: Body) -> None:
        chosen, block = views.entered(body["view"])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            merging.merge,
            self._intake.workspace_id,
            actor(body),
            int(body["view"]["private_metadata"]),
            chosen,
        )
        match result:
            case merging.TooFew():
                await ack(response_action="errors", errors={block: views.TWO})
            case Repeated():
                await ack()
            case _:
                await ack(response_action="update", view=_table(result, "Merged."))

    async def part(self, ack: AsyncAck, body: Body) -> None:
        retro_id, topic_id = map(int, body["actions"][0]["value"].split())
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            merging.part,
            self._intake.workspace_id,
            actor(body),
            retro_id,
            topic_id,
        )
        await ack()
        if not isinstance(result, Repeated):
            modal = self._merging(body, retro_id)
            self._front.later(body, self._front.fill(body, views.MERGE_TITLE, modal))


def _table(found: Table | NotLeading | Past | NoRetro, told: str = "") -> dict[str, Any]:
    if isinstance(found, Table):
        return merge_modal(found, told)
    return blocks.notice(views.MERGE_TITLE, escape(words.refusal(found)))


def _value(body: Body) -> tuple[int, Stage, str]:
    """The retro, the stage that was seen, and what else the button or menu says."""
    action = body["actions"][0]
    value = (action.get("selected_option") or action)["value"]
    retro_id, stage, more = (*value.split(" "), "")[:3]
    return int(retro_id), Stage(stage), more
