"""The form that raises an action item, or changes one; and what may follow it."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import DatePickerElement

from bot.actions.model import WHAT, FormShown, ItemShown
from bot.actions.views import words
from bot.core.content import Block
from bot.core.text import clamp, escape, escape_clamped, one_line
from bot.slack import blocks, inputs

FORM, READ = "actions.form", "actions.form.read"
TITLE, EDIT_TITLE = words.TITLE, "Change an action item"
_WHAT, _DETAILS = "What is to be done?", "Details"
_TICKET = {"ticket": "Make a ticket"}
_PROJECT = 40
_NOTE = 200


def form_modal(shown: FormShown, metadata: str) -> dict[str, Any]:
    """What is to be done, by whom and when."""
    return blocks.modal(
        TITLE if shown.item_id is None else EDIT_TITLE,
        [*_about(shown), *_inputs(shown)],
        callback=FORM,
        submit="Save",
        close="Cancel",
        metadata=metadata,
    )


def _about(shown: FormShown) -> Iterator[Block]:
    where = f"in <#{shown.place.channel}>" if _is_channel(shown.place.channel) else ""
    if said := " ".join(part for part in (shown.about, where) if part):
        yield blocks.context(f"{said[0].upper()}{said[1:]}.")
    if shown.hidden:
        yield blocks.context(shown.hidden)
    if shown.issue:
        ticket = words.ticket_mrkdwn(shown.issue_key, shown.issue_url) or "its ticket"
        what = escape_clamped(one_line(shown.what), 600)
        yield blocks.section(f"{what}\n_These words are {ticket}'s: change them in Jira._")
    if shown.note:
        yield blocks.small(clamp(one_line(shown.note), _NOTE))


def _is_channel(channel: str) -> bool:
    return channel.startswith(("C", "G"))


def _inputs(shown: FormShown) -> Iterator[Block]:
    if not shown.issue:
        what = inputs.line_input("what", shown.what, longest=WHAT, focus=True)
        yield blocks.input_block("what", _WHAT, what)
    owner = inputs.person_menu("owner", shown.owner, hint="Choose a person")
    yield blocks.input_block("owner", "Who does it?", owner)
    yield due_input(shown.due.isoformat() if shown.due is not None else None)
    details = blocks.text_input("details", shown.details)
    yield blocks.input_block("details", _DETAILS, details, optional=True)
    if shown.project and not shown.issue:
        chosen = ["ticket"] if shown.ticket else []
        offered = {"ticket": f"{_TICKET['ticket']} in {clamp(one_line(shown.project), _PROJECT)}"}
        boxes = inputs.checkboxes("ticket", offered, chosen)
        yield blocks.input_block("ticket", "Jira", boxes, optional=True)


def due_input(chosen: str | None) -> Block:
    """The day by which it is to be done."""
    picker = DatePickerElement(action_id="due", initial_date=chosen)
    hint = "On the clock of whoever does it. They see it on that day's card."
    return blocks.input_block("due", "By when?", picker, optional=True, hint=hint)


def exists_modal(item: ItemShown, what: str = "", details: str = "") -> dict[str, Any]:
    """Somebody else made one of the same blocker meanwhile: it, instead of a second one.

    What was typed for that one is handed back to copy, where there is any.
    """
    told = "Somebody has made one of this blocker meanwhile, so yours was not saved:"
    shown = [blocks.section(told), *item_blocks(item)]
    mine = [(label, text) for label, text in ((_WHAT, what), (_DETAILS, details)) if text]
    if not mine:
        return blocks.modal(TITLE, shown)
    shown += [blocks.section("Here is your text, to copy:"), *inputs.to_copy(mine)]
    return blocks.modal(TITLE, shown, callback=READ, submit="OK")


def look_modal(item: ItemShown, why: str) -> dict[str, Any]:
    """An item for somebody who can't change it, or can't just now, and why."""
    return blocks.modal(TITLE, [*item_blocks(item), blocks.section(escape(why))])


def item_blocks(item: ItemShown) -> Iterator[Block]:
    """All there is to read of an item."""
    what = blocks.words(one_line(item.what) or "…", bold=True)
    yield blocks.rich_text(blocks.paragraph(what, *words.arrow(item)))
    if item.details:
        yield blocks.rich_text(blocks.paragraph(blocks.words(item.details)))


def hidden_modal(said: str, hidden: str) -> dict[str, Any]:
    """It is noted, and its place can't show it; both in mrkdwn."""
    return blocks.modal("Noted", [blocks.section(said), blocks.section(hidden)])


def hidden_in(channel: str) -> str:
    """The bot is not in the channel that it comes from."""
    return (
        f"Meridian is not in <#{channel}>, so the message won't show this. Type "
        "`/invite @Meridian` there, and it will."
    )


def hidden_in_an_archive(channel: str) -> str:
    """The channel is archived."""
    return f"<#{channel}> is archived, so the message won't show this until it is unarchived."


def hidden_in_a_dm() -> str:
    """It comes from a conversation of others."""
    return (
        "Meridian is not in this conversation, so the message won't show this: App Home will, and "
        "the day's card when it is due."
    )
