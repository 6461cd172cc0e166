"""What the facilitator types: start, next, extend, close; and what is said of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, assert_never

from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.orm import Session

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import words as upkeep
from bot.asking.upkeep.model import Gone
from bot.asking.upkeep.words import on_each_clock
from bot.core.text import escape
from bot.engine.intake import Intake, Receipt, Repeated
from bot.rituals.retro import leading
from bot.rituals.retro.finding import live_in
from bot.rituals.retro.model import (
    RETRO,
    Extended,
    Moved,
    MovedBefore,
    NoRetro,
    NotLeading,
    NotStarting,
    Resting,
    UnderWay,
    WouldDelete,
)
from bot.rituals.retro.setup_listeners import LIVES
from bot.rituals.retro.views import words
from bot.slack.replies import actor

Body = dict[str, Any]
_NONE = "No retro is under way in this channel. `{command} start` runs one now."
_SPAN = re.compile(r"(\d{1,3})\s*(m|min|minutes?|h|hours?|d|days?)?", re.IGNORECASE)
_UNITS = {"m": 1, "h": 60, "d": 24 * 60}
_LONGEST = 7 * 24 * 60
_USUALLY = 24 * 60  # minutes


async def start(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`start`: run one now."""
    ritual_id = await LIVES.standing_id(intake, body["channel_id"])
    if ritual_id is None:
        setup = f"`{intake.retro_command} setup`"
        await ack(f"There is no retro here yet. Type it where one is, or {setup} first.")
        return
    await ack(await started(intake, _typed(body), actor(body), ritual_id))


async def started(intake: Intake, receipt: Receipt, slack_id: str, ritual_id: int) -> str:
    """Run one now, once for a receipt; answers what came of it, in mrkdwn."""
    await look_up_briefly(intake, [slack_id])
    result = await intake.take(
        receipt, leading.start, intake.workspace_id, slack_id, ritual_id, receipt[1]
    )
    match result:
        case Moved():
            return f"It begins. {_moved(result)}"
        case UnderWay(stage, channel):
            return f"One is under way in <#{channel}> already: {words.stage(stage)}."
        case Resting():
            resume = f"{intake.retro_command} resume"
            return f"This retro is paused, so nobody would be asked. Type `{resume}` first."
        case NotStarting():
            return escape(words.not_starting(result))
        case Gone():
            return upkeep.gone(RETRO, intake.retro_command)
        case Repeated():
            return ""
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
        command = intake.retro_command
        await ack(f"How long? Such as `{command} extend 4h`, or `2d`; a week at most.")
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
