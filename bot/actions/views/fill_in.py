"""The modal that asks for what Jira wants of one ticket: frozen values in, Block Kit out."""

from collections.abc import Sequence
from typing import Any

from bot.actions.mended import Asked, NoTrouble, NotTheirProject
from bot.actions.model import NotTheirs
from bot.actions.views import fields as field_views
from bot.actions.views import words
from bot.core.content import Block
from bot.core.text import escape, escape_clamped, one_line
from bot.jira.model import Field
from bot.slack import blocks

FORM = "actions.fill_in_form"
TITLE = "What Jira asks for"
_WHAT = 300
_SAID = 300


def modal(asked: Asked, fields: Sequence[Field], others: Sequence[str]) -> dict[str, Any]:
    """An input for each field; `others` are Jira's words about what can't be asked for."""
    can = [one for one in fields if field_views.can_ask(one)]
    return blocks.modal(
        TITLE,
        [
            blocks.section(escape_clamped(one_line(asked.what), _WHAT)),
            *field_views.field_inputs(fields, asked.missing),
            *map(_said, others),
        ],
        callback=FORM,
        submit="Create the ticket" if can else None,
        close="Cancel" if can else "Close",
        metadata=str(asked.mirror_id),
    )


def _said(words_of_jira: str) -> Block:
    return blocks.section(f"Jira says: {escape_clamped(one_line(words_of_jira), _SAID)}")


def notice(refused: NoTrouble | NotTheirs) -> dict[str, Any]:
    """Nothing is to be filled in, or not by them."""
    return blocks.notice(TITLE, escape(refusal(refused)))


def refusal(refused: NoTrouble | NotTheirs | NotTheirProject) -> str:
    """Why nothing was changed, in plain text."""
    if isinstance(refused, NoTrouble):
        return "That is settled already; your Home tab shows what is true now."
    if isinstance(refused, NotTheirProject):
        return "Only whoever chose the team's project and workspace admins can do that."
    return words.refusal(refused)
