"""The facilitator's way in: typed words, and the same as buttons."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.orm import Session

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import words as upkeep
from bot.asking.upkeep.model import Gone, NotOwner
from bot.asking.upkeep.words import on_each_clock
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.retro import leading, merging
from bot.rituals.retro.finding import live_in
from bot.rituals.retro.model import (
    RETRO,
    Extended,
    Moved,
    MovedBefore,
    NoRetro,
    NotLeading,
    Past,
    Resting,
    Stage,
    UnderWay,
    WouldDelete,
)
from bot.rituals.retro.setup_listeners import LIVES
from bot.rituals.retro.views import lead as views
from bot.rituals.retro.views import words
from bot.rituals.retro.views.lead import lead_modal, merge_modal
from bot.rituals.retro.views.shown import Led, Table
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]
Receipt = tuple[str, str]
_NONE = "No retro is under way in this channel. `{command} start` runs one now."
_SPAN = re.compile(r"(\d{1,3})\s*(m|min|minutes?|h|hours?|d|days?)?", re.IGNORECASE)
_UNITS = {"m": 1, "h": 60, "d": 24 * 60}
_LONGEST = 7 * 24 * 60
_USUALLY = 24 * 60  # minutes


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


# --- typed


async def start(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`start`: run one now."""
    ritual_id = await LIVES.standing_id(intake, body["channel_id"])
    if ritual_id is None:
        await ack(f"There is no retro here yet. Type `{intake.retro_command} setup` first.")
        return
    await look_up_briefly(intake, [actor(body)])
    result = await intake.take(
        _typed(body),
        leading.start,
        intake.workspace_id,
        actor(body),
        ritual_id,
        body["trigger_id"],
    )
    match result:
        case Moved():
            await ack(f"It begins. {_moved(result)}")
        case UnderWay(stage, channel):
            await ack(f"One is under way in <#{channel}> already: {words.stage(stage)}.")
        case Resting():
            resume = f"{intake.retro_command} resume"
            await ack(f"This retro is paused, so nobody would be asked. Type `{resume}` first.")
        case NotOwner(owner):
            await ack(escape(upkeep.not_owner(RETRO, owner)))
        case Gone():
            await ack(upkeep.gone(RETRO, intake.retro_command))
        case Repeated():
            await ack()
        case _:
            assert_never(result)


async def next_stage(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`next`: end the stage now."""
    await _do(intake, ack, body, leading.move_on, None)


async def close(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`close`: end the retro now."""
    await _do(intake, ack, body, leading.close, sure=False)


async def extend(intake: Intake, ack: AsyncAck, body: Body, rest: str) -> None:
    """`extend`, with how long: 4h, 2d; a day where nothing is said."""
    minutes = span_of(rest)
    if minutes is None:
        await ack(f"How long? Such as `{intake.retro_command} extend 4h`, or `2d`.")
        return
    await _do(intake, ack, body, leading.extend, None, timedelta(minutes=minutes))


def span_of(typed: str) -> int | None:
    """Minutes of what somebody typed; None where it is no span, or a week is exceeded."""
    if not typed:
        return _USUALLY
    found = _SPAN.fullmatch(typed.strip())
    if found is None:
        return None
    minutes = int(found[1]) * _UNITS[(found[2] or "h")[0].lower()]
    return minutes if 0 < minutes <= _LONGEST else None


async def _do(
    intake: Intake,
    ack: AsyncAck,
    body: Body,
    use_case: Callable[..., Any],
    *args: Any,
    **kwargs: Any,
) -> None:
    retro_id = await intake.read(_under_way, intake.workspace_id, body["channel_id"])
    if retro_id is None:
        await ack(_NONE.format(command=intake.retro_command))
        return
    await look_up_briefly(intake, [actor(body)])
    result = await intake.take(
        _typed(body), use_case, intake.workspace_id, actor(body), retro_id, *args, **kwargs
    )
    await ack(said(result))


def _under_way(session: Session, _at: datetime, workspace_id: int, channel: str) -> int | None:
    place = live_in(session, workspace_id, channel)
    return None if place is None else place.retro.id


def _typed(body: Body) -> Receipt:
    return "slash_commands", body["trigger_id"]


def said(
    result: Moved | WouldDelete | MovedBefore | Extended | NotLeading | NoRetro | Repeated,
) -> str:
    """What came of it, in mrkdwn."""
    match result:
        case Moved():
            return _moved(result)
        case WouldDelete():
            return words.would_delete(result)
        case MovedBefore():
            return escape(words.moved_before(result))
        case Extended(stage, ends, channel):
            what = words.stage(stage)
            return f"More time: {what} in <#{channel}> goes on until {on_each_clock(ends)}."
        case NotLeading() | NoRetro():
            return escape(words.refusal(result))
        case Repeated():
            return ""
        case _:
            assert_never(result)


def _moved(result: Moved) -> str:
    return words.moved(result, on_each_clock(result.ends) if result.ends else "")


# --- pressed


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._front = intake.front

    async def lead(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._modal(body, int(body["actions"][0]["value"]))
        self._front.later(body, self._front.show(body, views.TITLE, modal))

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
        self._front.later(body, self._open_merge(body, retro_id))

    async def _open_merge(self, body: Body, retro_id: int) -> None:
        found = await self._intake.read(
            merging.table, self._intake.workspace_id, actor(body), retro_id
        )
        await self._intake.gateway.push_view(body["trigger_id"], _table(found))

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
            view = _table(result)
            self._front.later(body, self._intake.gateway.update_view(body["view"]["id"], view))


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
