"""The form of a risk: five things at once, and the rest under *More*."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.content import Block
from bot.core.text import escape
from bot.rituals.risk.categories import ABOUT, MITIGATIONS_OFFERED, Category
from bot.rituals.risk.model import IMPACT, LIKELIHOOD, MODEL, TEXT
from bot.rituals.risk.model import TITLE as LONGEST_TITLE
from bot.rituals.risk.values import Typed
from bot.rituals.risk.views import words
from bot.slack import blocks, inputs

FORM = "risk.form"
CATEGORY, WHOLE = "risk.form.category", "risk.form.more"
TICKED = "ticked:"
"""What the block of typical mitigations begins with; its category follows."""
OTHERS = "mitigations:"
"""Likewise of the others: of another name then, as Slack keeps what stands in an input it knows."""
NONE = "none"  # chosen where a number, or a response, is not said
NEW_TITLE, EDIT_TITLE = "Add a risk", "Change a risk"


@dataclass(frozen=True)
class FormShown:
    """What the form is filled with."""

    typed: Typed
    categories: Mapping[str, str]
    new: bool
    more: bool = False
    about: str = ""  # where it comes from, in mrkdwn


def form_modal(shown: FormShown, metadata: str) -> dict[str, Any]:
    """The one form that adds a risk, or changes it."""
    return blocks.modal(
        NEW_TITLE if shown.new else EDIT_TITLE,
        [*_five(shown), *(_more(shown.typed) if shown.more else _button())],
        callback=FORM,
        submit="Add" if shown.new else "Save",
        close="Cancel",
        metadata=metadata,
    )


def _five(shown: FormShown) -> Iterator[Block]:
    typed = shown.typed
    if shown.about:
        yield blocks.context(shown.about)
    title = inputs.line_input("title", typed.title, longest=LONGEST_TITLE)
    yield blocks.input_block("title", "What may go wrong?", title)
    offered = dict(list(shown.categories.items())[:100])
    menu = inputs.menu(CATEGORY, offered, typed.category, hint="Choose one")
    made: dict[str, Any] = dict(blocks.input_block("category", "Category", menu))
    yield made | {"dispatch_action": True}
    yield from _prompts(typed.category)
    yield blocks.input_block(
        "owner", "Who looks after it", inputs.person_menu("owner", typed.owner)
    )
    for name, label, scale in (
        ("likelihood", "How likely is it?", LIKELIHOOD),
        ("impact", "How bad would it be?", IMPACT),
    ):
        chosen = getattr(typed, name)
        element = inputs.menu(name, scaled(scale), str(chosen or ""), hint="1 to 5")
        yield blocks.input_block(name, label, element)


def _prompts(category: str) -> Iterator[Block]:
    """What to think of, in the category that is chosen."""
    if category in ABOUT:
        asked = "\n".join(f"• {one}" for one in ABOUT[Category(category)].prompts)
        yield blocks.context(f"*To think by*\n{escape(asked)}")


def scaled(scale: Mapping[int, str]) -> dict[str, str]:
    """A scale as a menu offers it: 4 · Likely."""
    return {str(value): f"{value} · {text}" for value, text in scale.items()}


def unsaid(scale: Mapping[int, str]) -> dict[str, str]:
    """The same where it need not be said."""
    return {NONE: "Not said", **scaled(scale)}


def _button() -> Iterator[Block]:
    more = blocks.button("More", WHOLE, "more", reads="More: cause, mitigations, residual risk")
    yield blocks.actions([more], "actions")


def _more(typed: Typed) -> Iterator[Block]:
    yield blocks.header("More")
    model = inputs.line_input("model", typed.model or "", longest=MODEL)
    yield blocks.input_block("model", "Model it is about", model, optional=True)
    for name, label in (("cause", "Cause"), ("consequence", "Consequence")):
        yield _text(name, label, getattr(typed, name) or "")
    yield from _mitigations(typed)
    responses = {NONE: "Not said", **{one.value: text for one, text in words.RESPONSES.items()}}
    response = inputs.menu("response", responses, typed.response or NONE)
    yield blocks.input_block("response", "What we do about it", response)
    for name, label, scale in (
        ("residual_likelihood", "How likely once that is done?", LIKELIHOOD),
        ("residual_impact", "How bad once that is done?", IMPACT),
    ):
        chosen = str(getattr(typed, name) or NONE)
        yield blocks.input_block(name, label, inputs.menu(name, unsaid(scale), chosen))
    yield _text("links", "Links", typed.links or "")


def _mitigations(typed: Typed) -> Iterator[Block]:
    if typed.category in ABOUT:
        usual = ABOUT[Category(typed.category)].mitigations[:MITIGATIONS_OFFERED]
        boxes = inputs.checkboxes(
            "ticked", dict(zip(usual, usual, strict=True)), typed.ticked or ()
        )
        label = "Mitigations that usually help"
        yield blocks.input_block(f"{TICKED}{typed.category}", label, boxes, optional=True)
    others = blocks.text_input("mitigations", typed.mitigations or "")
    label, hint = "Other mitigations", "One a line."
    block = f"{OTHERS}{typed.category}"
    yield blocks.input_block(block, label, others, optional=True, hint=hint)


def _text(name: str, label: str, text: str) -> Block:
    """Some lines of text, no longer than what is kept of them."""
    element = blocks.text_input(name, text)
    element.max_length = TEXT
    return blocks.input_block(name, label, element, optional=True)
