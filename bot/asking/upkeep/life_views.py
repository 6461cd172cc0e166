"""Modals and sentences of a ritual's life: which one is meant, delete it, what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from slack_sdk.models.blocks import ButtonElement

from bot.asking.upkeep.forms import TITLE_INPUT
from bot.asking.upkeep.kinds import Kind
from bot.asking.upkeep.model import Act, C, Done, F, Settings
from bot.asking.views import Mine
from bot.core.content import Block
from bot.core.text import clamp, escape, escape_clamped, one_line
from bot.slack import blocks

_MOST = 90  # a modal holds 100 blocks
_NAME = 40


def mine_modal(
    kind: Kind,
    mine: Sequence[Mine],
    lead: str = "",
    standings: Mapping[int, str] | None = None,
    *,
    guest: bool = False,
) -> dict[str, Any]:
    """All that somebody is on or looks after, each with what may be done to it.

    `standings` says of some, by their id, how they stand just now; in mrkdwn.
    """
    made: list[Block] = [blocks.section(lead)] if lead else []
    for one in mine[: _MOST // 2]:
        open_now = (standings or {}).get(one.ritual_id)
        made.append(blocks.section("\n".join([_line(one), *([open_now] if open_now else [])])))
        made.append(blocks.actions(_buttons(kind, one)))
    if (rest := len(mine) - _MOST // 2) > 0:
        made.append(blocks.small(f"… and {rest} more; type the command in their channels."))
    if not mine:
        made.append(blocks.section(f"You are on no {kind.one} yet."))
    if not guest:
        made.append(blocks.actions([blocks.button(f"Set up a {kind.one}", kind.set_up, "list")]))
    return blocks.modal(kind.titles, made)


def _line(one: Mine) -> str:
    paused = ":double_vertical_bar: Paused · " if one.paused else ""
    title = escape_clamped(one_line(one.title), TITLE_INPUT)
    return f"*{title}* · <#{one.channel}>\n{paused}{escape(one.recurs)}"


def _buttons(kind: Kind, one: Mine) -> Iterator[ButtonElement]:
    value, about = (
        str(one.ritual_id),
        f"{clamp(one.title, _NAME)} in {clamp(one.channel_name, _NAME)}",
    )
    yield blocks.button("Status", kind.status, value, reads=f"Status: {about}")
    if not one.may_change:
        yield blocks.button("Look", kind.settings, value, reads=f"Settings: {about}")
        return
    yield blocks.button("Settings", kind.settings, value, reads=f"Settings: {about}")
    if one.paused:
        yield blocks.button("Resume", kind.resume, value, reads=f"Resume {about}")
    else:
        yield blocks.button("Pause", kind.pause, value, reads=f"Pause {about}")
    yield blocks.button("Delete …", kind.delete, value, reads=f"Delete {about}")


def confirm_modal(kind: Kind, shown: Settings[F, C]) -> dict[str, Any]:
    """What deleting a ritual does, before it does."""
    title = escape(one_line(shown.form.title))
    asked = "1 person" if len(shown.names) == 1 else f"{len(shown.names)} people"
    told = (
        f"Delete *{title}* in <#{shown.channel}>?\n"
        f"• Nobody is asked any more: {asked} until now.\n"
        "• What is open closes at once, and its message in the channel says so.\n"
        f"• {' '.join(filter(None, ['What was said is kept.', kind.forgets]))}\n"
        "This can't be taken back; a new one can be set up. To stop for a while, pause it instead."
    )
    return blocks.modal(
        f"Delete the {kind.one}?",
        [blocks.section(told)],
        callback=kind.confirm,
        submit="Delete",
        close="Keep it",
        metadata=str(shown.ritual_id),
    )


def done(result: Done, command: str) -> str:
    """What came of it, in mrkdwn."""
    about = f"*{escape(one_line(result.title))}* in <#{result.channel}>"
    match result.act:
        case Act.PAUSE if result.already:
            return f"{about} is paused already. `{command} resume` lets it go on."
        case Act.PAUSE:
            return (
                f"{about} is paused: nobody is asked until it is resumed (`{command} resume`). "
                "Those whose time has not come yet today are left out; whoever was asked may "
                "answer until it closes."
            )
        case Act.RESUME if result.already:
            return f"{about} isn't paused."
        case Act.RESUME:
            return f"{about} goes on: each person is asked from their next moment on."
        case Act.DELETE:
            return f"{about} is deleted. Nobody is asked any more; what was shown is kept."
        case _:
            assert_never(result.act)
