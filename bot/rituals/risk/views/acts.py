"""The small forms of a review: rescore a risk, or say what becomes of it. Both ask why."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import DatePickerElement

from bot.core.content import Block
from bot.rituals.risk.model import IMPACT, LIKELIHOOD, WHY
from bot.rituals.risk.reviews.reviews_model import Fate
from bot.rituals.risk.values import RiskLine, RiskShown
from bot.rituals.risk.views import words
from bot.rituals.risk.views.form import NONE, scaled, unsaid
from bot.slack import blocks, inputs

RESCORE_TITLE, MORE_TITLE = "Rescore", "What becomes of it"
_FATES: Mapping[str, str] = {
    Fate.MITIGATING: "Mitigated: something is done about it",
    Fate.ACCEPT: "Accept: we live with it",
    Fate.ESCALATE: "Escalate: the risk owner should look",
    Fate.SNOOZE: "Snooze: ask again on the day below",
    Fate.CLOSE: "Close: it is over",
}
_A_WEEK = timedelta(days=7)


def rescore_modal(shown: RiskShown, metadata: str) -> dict[str, Any]:
    """Another likelihood or impact, and why."""
    line = shown.line
    residual = shown.residual or (None, None)
    made: list[Block] = [blocks.section(f"{words.head(line)}\n{words.scored(line)}")]
    for name, label, scale, value in (
        ("likelihood", "How likely is it now?", LIKELIHOOD, line.likelihood),
        ("impact", "How bad would it be now?", IMPACT, line.impact),
    ):
        made.append(blocks.input_block(name, label, inputs.menu(name, scaled(scale), str(value))))
    made.append(_why())
    for name, label, scale, left in (
        ("residual_likelihood", "How likely once mitigated?", LIKELIHOOD, residual[0]),
        ("residual_impact", "How bad once mitigated?", IMPACT, residual[1]),
    ):
        menu = inputs.menu(name, unsaid(scale), str(left or NONE))
        made.append(blocks.input_block(name, label, menu))
    return blocks.modal(
        RESCORE_TITLE,
        made,
        callback=words.RESCORE,
        submit="Save",
        close="Cancel",
        metadata=metadata,
    )


def more_modal(line: RiskLine, metadata: str) -> dict[str, Any]:
    """Mitigated, accepted, escalated, put off or closed; and why."""
    picker = DatePickerElement(action_id="until", initial_date=(line.today + _A_WEEK).isoformat())
    fate = Fate.MITIGATING
    return blocks.modal(
        MORE_TITLE,
        [
            blocks.section(f"{words.head(line)}\n{words.facts(line)}"),
            blocks.input_block("fate", "What becomes of it?", inputs.radio("fate", _FATES, fate)),
            _why(),
            blocks.input_block("until", "Snooze until", picker, optional=True),
        ],
        callback=words.MORE,
        submit="Save",
        close="Cancel",
        metadata=metadata,
    )


def _why() -> Block:
    element = inputs.line_input("why", longest=WHY, focus=True)
    return blocks.input_block("why", "Why?", element, hint="It stays in the risk's history.")
