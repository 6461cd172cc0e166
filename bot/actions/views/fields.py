"""Inputs for what a Jira project asks for beyond the usual: values in, Block Kit out."""

from collections.abc import Iterator, Mapping, Sequence

from slack_sdk.models.blocks import (
    DatePickerElement,
    InputInteractiveElement,
    Option,
    StaticMultiSelectElement,
)

from bot.core.content import Block
from bot.core.text import clamp, escape, one_line
from bot.jira.model import Field, Kind
from bot.slack import blocks, inputs

ACTION = "said"
_PREFIX = "field"
_NAME = 100
_LONGEST_LINE = 255
_OPTIONS = 100  # Slack offers no more
_OPTION_TEXT = 75
_HINT = 200
_BOUND = 10**12


def field_inputs(
    fields: Sequence[Field], hints: Mapping[str, str] | None = None
) -> Iterator[Block]:
    """An input each; of a field that no modal can ask for, a sentence. `hints` are by field."""
    for field in fields:
        element = _element(field)
        if element is None:
            name = escape(clamp(one_line(field.name), _NAME))
            yield blocks.section(f"Jira also asks for *{name}*, which can only be set in Jira.")
            continue
        hint = clamp(one_line((hints or {}).get(field.id, "")), _HINT) or _usual_hint(field)
        yield blocks.input_block(
            block_id(field), clamp(one_line(field.name), _NAME), element, hint=hint or None
        )


def block_id(field: Field) -> str:
    """An input's block, which tells what it is an answer to."""
    return f"{_PREFIX} {field.kind.name} {field.id}"


def asked_in(block: str) -> tuple[Kind, str] | None:
    """The kind and id of the field that a block asks for; None for another block."""
    prefix, _, rest = block.partition(" ")
    kind, _, field_id = rest.partition(" ")
    return (Kind[kind], field_id) if prefix == _PREFIX and kind in Kind.__members__ else None


def can_ask(field: Field) -> bool:
    """Whether a modal can ask for it."""
    return _element(field) is not None


def _usual_hint(field: Field) -> str:
    if field.kind is Kind.LABELS:
        return "Several with a space between."
    if len(field.options) > _OPTIONS:
        return f"The first {_OPTIONS} of {len(field.options)}; for another, ask Jira's admin."
    return ""


def _element(field: Field) -> InputInteractiveElement | None:
    match field.kind:
        case Kind.TEXT | Kind.LABELS:
            return inputs.line_input(ACTION, longest=_LONGEST_LINE)
        case Kind.LONG_TEXT:
            return blocks.text_input(ACTION)
        case Kind.NUMBER:
            return inputs.number_input(ACTION, least=-_BOUND, most=_BOUND)
        case Kind.DATE:
            return DatePickerElement(action_id=ACTION)
        case Kind.ONE if field.options:
            return inputs.menu(ACTION, _offered(field))
        case Kind.SEVERAL if field.options:
            options = [Option(value=one, label=label) for one, label in _offered(field).items()]
            return StaticMultiSelectElement(action_id=ACTION, options=options)
        case Kind.ONE | Kind.SEVERAL | Kind.USER | Kind.UNSUPPORTED:
            return None


def _offered(field: Field) -> Mapping[str, str]:
    return {
        one.id: clamp(one_line(one.name), _OPTION_TEXT) or one.id
        for one in field.options[:_OPTIONS]
    }
