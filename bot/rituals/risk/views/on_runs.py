"""What the register adds to the message of another ritual's run."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Option, StaticSelectElement

from bot.core.content import Block
from bot.core.text import clamp, escape_clamped, one_line
from bot.rituals.risk.values import RiskLine
from bot.rituals.risk.views import words
from bot.slack import blocks

_TITLE, _OPTION = 80, 60
_MOST = 3


def run_blocks(overdue: Sequence[RiskLine], blockers: Mapping[int, str]) -> Sequence[Block]:
    """One line of what is overdue, and a menu of what may be a risk."""
    made: list[Block] = []
    if overdue:
        said = [
            f"{words.number(one)} {escape_clamped(one_line(one.title), _TITLE)} "
            f"({words.owner(one)}, {words.days(one.days_over)})"
            for one in overdue[:_MOST]
        ]
        more = f" and {len(overdue) - _MOST} more" if len(overdue) > _MOST else ""
        made.append(blocks.context(f":warning: Risk reviews overdue: {', '.join(said)}{more}"))
    if blockers:
        options = [
            Option(value=str(blocker_id), label=clamp(one_line(text), _OPTION))
            for blocker_id, text in blockers.items()
        ]
        menu = StaticSelectElement(
            action_id=words.FROM_BLOCKER,
            placeholder="Make a risk of one …",
            options=options,
        )
        made.append(blocks.actions([menu]))
    return made
