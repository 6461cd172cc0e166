"""The inputs of the setup screen. An input's block keeps its id wherever it stands.

So Slack keeps what is typed in it when the screen is drawn anew.
"""

from collections.abc import Iterator, Mapping

from slack_sdk.models.blocks import Option, PlainTextInputElement, RadioButtonsElement

from bot.asking.upkeep import fields
from bot.core.content import Block
from bot.core.spoken import DAYS, NTH
from bot.core.text import escape
from bot.rituals.standup.model import STANDUP, Layout, Reveal
from bot.rituals.standup.own_questions import written
from bot.rituals.standup.questions import AI_ML, TEMPLATES, Template
from bot.rituals.standup.setup_form import (
    EVERY,
    HOURS,
    QUESTIONS_INPUT,
    REMINDERS,
    Form,
)
from bot.slack import blocks, inputs

ZONE, TEMPLATE = STANDUP.zone, STANDUP.template
AT = "at"
"""Inputs for whose change the screen is drawn anew."""
_TEMPLATES = {
    Template.AI_ML: ("AI/ML", "What I learned, what I try next, what blocks me, confidence"),
    Template.CLASSIC: ("Classic", "What I did, what I do next, what blocks me"),
    Template.OWN: ("Our own", "Up to ten, a line each"),
}
_REVEALS: Mapping[str, str] = {
    Reveal.AT_ONCE: "As they come",
    Reveal.AT_CLOSE: "Together, when it closes",
}
_LAYOUTS: Mapping[str, str] = {
    Layout.LINES: "One message with a line for each",
    Layout.REPLIES: "One reply each below the message",
}
_HINT = (
    "After a question, if need be: [short], [choice: a, b, c], [choices: a, b, c], [scale], "
    "[mood], [number], [issues], [blockers]. A star at the end: an answer is needed."
)
_EXAMPLE = "What did you find out?\nWhich area? [choice: data, model, serving]\nHow are you? [mood]"


def days(form: Form) -> Block:
    """Which weekdays."""
    offered = {str(number): name for number, name in enumerate(DAYS)}
    element = inputs.checkboxes("days", offered, [str(one) for one in form.weekdays])
    return blocks.input_block("days", "Days", element)


def recurring(form: Form) -> Iterator[Block]:
    """Every few weeks, or weeks of the month."""
    every = {str(one): "Every week" if one == 1 else f"Every {one} weeks" for one in EVERY}
    every |= {str(form.every): f"Every {form.every} weeks"} if form.every not in EVERY else {}
    yield blocks.input_block("every", "How often", inputs.menu("every", every, str(form.every)))
    nth = {str(one): f"The {word}" for one, word in NTH.items()}
    boxes = inputs.checkboxes("nth", nth, [str(one) for one in form.nth])
    hint = "Of the chosen days, only these of each month: the first Monday, the last Friday."
    yield blocks.input_block("nth", "Only some of the month", boxes, optional=True, hint=hint)


def window(form: Form) -> Iterator[Block]:
    """How long it stays open, and the reminder."""
    hours = {str(one * 60): "1 hour" if one == 1 else f"{one} hours" for one in HOURS}
    standing = str(form.open_minutes)
    hours |= {standing: f"{form.open_minutes} minutes"} if standing not in hours else {}
    menu = inputs.menu("open", hours, standing)
    yield blocks.input_block("open", "Open for each person", menu)
    yield fields.remind(REMINDERS, form.remind_minutes)


def questions(form: Form) -> Iterator[Block]:
    """From a template, or one's own. What was typed stays, whatever is chosen."""
    options = [
        Option(value=one, label=label, description=said)
        for one, (label, said) in _TEMPLATES.items()
    ]
    chosen = next(one for one in options if one.value == form.template)
    radio = RadioButtonsElement(action_id=TEMPLATE, options=options, initial_option=chosen)
    yield fields.dispatching(blocks.input_block("template", "From a template, or our own", radio))
    own = form.template is Template.OWN
    if own or form.questions:
        element = PlainTextInputElement(
            action_id="questions",
            multiline=True,
            initial_value=form.questions or written(AI_ML),
            max_length=QUESTIONS_INPUT,
            placeholder=_EXAMPLE,
        )
        label = "Our own questions, one per line" if own else "Our own questions (not chosen above)"
        yield blocks.input_block("questions", label, element, optional=not own, hint=_HINT)


def asked(form: Form) -> Block:
    """What is asked, in the words of it."""
    listed = "\n".join(f"• {escape(one.text)}" for one in TEMPLATES.get(form.template, ()))
    return blocks.context(f"*Asked*\n{listed}")


def shown(form: Form) -> Iterator[Block]:
    """What the channel sees."""
    yield fields.title(form.title)
    reveal = inputs.radio("reveal", _REVEALS, form.reveal)
    yield blocks.input_block("reveal", "Answers are shown", reveal)
    layout = inputs.radio("layout", _LAYOUTS, form.layout)
    yield blocks.input_block("layout", "Shown as", layout)
