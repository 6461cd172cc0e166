"""The screen that sets a retro up and changes it."""

from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Option as Choice
from slack_sdk.models.blocks import PlainTextInputElement, RadioButtonsElement

from bot.asking.upkeep import fields as shared
from bot.asking.upkeep import model as upkeep
from bot.asking.upkeep import screen_views
from bot.core import spoken
from bot.core.content import Block
from bot.core.spoken import DAYS
from bot.core.spoken import NTH as NTH_WORDS
from bot.core.text import escape
from bot.rituals.retro.model import MOST_VOTES, RETRO
from bot.rituals.retro.setup_form import (
    COLLECTING,
    DISCUSSING,
    NOT_ANONYMOUS,
    NTH,
    REMINDERS,
    SORTING,
    SPRINT,
    VOTING,
    WEEKS,
    Form,
    every,
    nth,
)
from bot.rituals.retro.templates import COLUMNS, NAMES, OWN_INPUT, Template
from bot.slack import blocks, inputs

SetupShown = upkeep.SetupShown[Form]
_UNSIGNED = {
    "yes": "Anonymous: who wrote a note is kept nowhere, from the first moment on",
}


def setup_modal(shown: SetupShown, metadata: str) -> dict[str, Any]:
    """The one screen that starts a retro, or changes it."""
    more = _long(shown) if shown.place.more else [blocks.actions([_more()], "actions")]
    return screen_views.setup_modal(RETRO, shown, [*_head(shown), *_short(shown), *more], metadata)


def _head(shown: SetupShown) -> Iterator[Block]:
    if shown.said:
        yield blocks.section(shown.said)
    if shown.place.picks:
        yield shared.channel(RETRO, shown.place.channel or shown.place.barred)
    else:
        yield blocks.section(
            f"In <#{shown.place.channel}>, without a meeting: everybody writes notes, then votes, "
            "then what matters most is discussed in threads."
        )
    yield from screen_views.barred(RETRO, shown)


def _more() -> Any:
    return blocks.button("More options", RETRO.more, "more")


def _short(shown: SetupShown) -> Iterator[Block]:
    form = shown.form
    yield shared.members(form.members, shown.place.channel if shown.place.picks else "")
    often = {every(one): _weeks(one) for one in WEEKS}
    often |= {nth(one): f"Each month, the {NTH_WORDS[one]}" for one in NTH}
    often[SPRINT] = "At the end of each sprint"
    yield blocks.input_block("often", "How often", inputs.menu("often", often, form.often))
    days = {str(number): name for number, name in enumerate(DAYS)}
    hint = "At the end of a sprint it is the last working day, whatever stands here."
    yield blocks.input_block(
        "day", "On which day", inputs.menu("day", days, str(form.weekday)), hint=hint
    )
    yield shared.time(form.at, more=False)
    options = [Choice(value=one, label=name) for one, name in NAMES.items()]
    chosen = next(one for one in options if one.value == form.template)
    radio = RadioButtonsElement(action_id=RETRO.template, options=options, initial_option=chosen)
    yield shared.dispatching(blocks.input_block("template", "Columns", radio))
    yield from _own(form)
    if form.unsigned:
        boxes = inputs.checkboxes("anonymous", _UNSIGNED, ["yes"] if form.anonymous else [])
        yield blocks.input_block("anonymous", "Who wrote what", boxes, optional=True)
    else:
        yield blocks.small(NOT_ANONYMOUS)


def _own(form: Form) -> Iterator[Block]:
    """What was typed stays, whatever is chosen."""
    own = form.template is Template.OWN
    if not own and not form.columns:
        return
    element = PlainTextInputElement(
        action_id="columns",
        multiline=True,
        initial_value=form.columns or "\n".join(COLUMNS[Template.WELL]),
        max_length=OWN_INPUT,
    )
    label = "Our own columns, one per line" if own else "Our own columns (not chosen above)"
    yield blocks.input_block("columns", label, element, optional=not own)


def _weeks(number: int) -> str:
    return "Every week" if number == 1 else f"Every {number} weeks"


def _long(shown: SetupShown) -> Iterator[Block]:
    form = shown.form
    yield shared.zone(RETRO, form.zone)
    if shown.note:
        yield blocks.small(f"ℹ️ {shown.note}")  # noqa: RUF001 - the sign for information
    yield blocks.header("Stages")
    yield _hours("open", "Notes: open for each person", COLLECTING, form.open_minutes)
    yield _hours("sort", "Then, for merging like notes", SORTING, form.sort_minutes)
    yield _hours("vote", "Votes: open for each person", VOTING, form.vote_minutes)
    number = {str(one): str(one) for one in range(1, MOST_VOTES + 1)}
    yield blocks.input_block("votes", "Votes each", inputs.menu("votes", number, str(form.votes)))
    yield _hours("discuss", "Discussion: open for each person", DISCUSSING, form.discuss_minutes)
    yield shared.remind(REMINDERS, form.remind_minutes)
    yield blocks.header("People")
    yield shared.title(form.title)
    menu = inputs.person_menu("facilitator", form.facilitator, hint="Whoever looks after it")
    hint = "They move it on, give more time, merge like notes, and close it."
    yield blocks.input_block("facilitator", "Facilitator", menu, optional=True, hint=hint)
    if shown.owner:
        yield shared.owner(shown.owner)
    if life := list(screen_views.life(RETRO, shown)):
        yield blocks.actions(life, "actions")


def _hours(field: str, label: str, offered: Sequence[int], minutes: int) -> Block:
    spans = {str(60 * one): span(60 * one) for one in offered} | {str(minutes): span(minutes)}
    return blocks.input_block(field, label, inputs.menu(field, spans, str(minutes)))


def span(minutes: int) -> str:
    """How long, as people say it."""
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return "No time"
    if rest:
        return f"{minutes} minutes"
    if hours > 24 and hours % 24 == 0:
        return f"{hours // 24} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


def look_modal(shown: upkeep.Settings[Form, Any]) -> dict[str, Any]:
    """A retro's settings, for those who may not change them."""
    return blocks.modal("Retro settings", list(_looked_at(shown)))


def _looked_at(shown: upkeep.Settings[Form, Any]) -> Iterator[Block]:
    form = shown.form
    yield blocks.section(
        f"*{escape(form.title)}* in <#{shown.channel}>. *{escape(shown.owner_name)}* looks after "
        "it: they and workspace admins may change it."
    )
    if shown.paused:
        yield blocks.section(":double_vertical_bar: It is paused: nobody is asked.")
    unsigned = "Anonymous" if form.anonymous else "Notes are signed"
    stages = (
        f"Notes {span(form.open_minutes)}, merging {span(form.sort_minutes)}, "
        f"votes {span(form.vote_minutes)} ({form.votes} each), "
        f"discussion {span(form.discuss_minutes)}"
    )
    yield blocks.section(f"*When*\n{escape(spoken.cadence(shown.cadence))}\n{stages}")
    columns = "\n".join(f"• {escape(one)}" for one in shown.config.columns)
    yield blocks.section(f"*Columns*\n{columns}\n{unsigned}")
    names = ", ".join(escape(one) for one in shown.names) or "Nobody"
    yield blocks.section(f"*On it*\n{names}")
