"""The inputs of a question that asks for issues: what is mine, to tick, and a search for others."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import ExternalDataMultiSelectElement, InputInteractiveElement, Option

from bot.core.content import Block
from bot.core.text import clamp
from bot.rituals.standup import issues
from bot.rituals.standup.issues import Offered
from bot.rituals.standup.questions import Question
from bot.slack import blocks, inputs

SAID = "text"  # the action of every other input of the form: all that is entered is text
TICKED = "standup.my_issues"
SEARCH = "standup.issues"  # the action of a search begins so; then comes its channel
OTHERS = "-others-"  # the block of a question's second input begins so
TICKABLE = 10  # Slack's checkboxes hold no more
_OPTION = 75
_KEYS = "Keys with commas between, such as ML-12, ML-15."
_TICK_OR = "One at least is needed: tick it here, or name it below."


def issues_asked(
    question: Question, said: str, offered: Offered, *, focus: bool
) -> Iterator[Block]:
    """A question's inputs; where Jira offers nothing, a field for keys."""
    mine = offered.mine[:TICKABLE]
    ticked, others = issues.apart(said, mine)
    if mine:
        boxes = inputs.checkboxes(TICKED, {one: one for one in mine}, ticked, focus=focus)
        hint = _TICK_OR if question.required else None
        yield blocks.input_block(question.key, question.text, boxes, optional=True, hint=hint)
    element, hint = _others(others, offered, focus=focus and not mine)
    yield blocks.input_block(
        f"{OTHERS}{question.key}" if mine else question.key,
        _label(offered) if mine else question.text,
        element,
        optional=bool(mine) or not question.required,
        hint=" ".join(filter(None, [offered.note, hint])) or None,
    )


def _label(offered: Offered) -> str:
    return "Others" if offered.search else "Others, by their keys"


def _others(
    others: list[str], offered: Offered, *, focus: bool
) -> tuple[InputInteractiveElement, str]:
    if not offered.search:
        return blocks.text_input(SAID, "\n".join(others), focus=focus), _KEYS
    menu = ExternalDataMultiSelectElement(
        action_id=f"{SEARCH} {offered.search}",
        placeholder="Type words or a key",
        initial_options=[option(one) for one in others] or None,
        min_query_length=0,
        max_selected_items=issues.MOST,
    )
    return menu, ""


def option(held: str) -> Option:
    """An issue to choose; its value is what an answer holds."""
    return Option(value=held, label=clamp(held, _OPTION))


def offered(view: Mapping[str, Any]) -> Offered:
    """What a form that came back offered, to be offered again without asking Jira."""
    mine: tuple[str, ...] = ()
    search = ""
    for block in view["blocks"]:
        element = block.get("element") or {}
        action = element.get("action_id", "")
        if action == TICKED:
            mine = tuple(each["value"] for each in element["options"])
        elif action.startswith(f"{SEARCH} "):
            search = channel_of(action)
    return Offered(mine, search)


def channel_of(action: str) -> str:
    """The channel of a search, by its action."""
    return action.removeprefix(f"{SEARCH} ")
