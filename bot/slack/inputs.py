"""Builders of a modal's inputs beside those for long text.

Options are plain text, so nothing in them is markup. What is to be chosen at first but isn't
offered is not chosen: Slack refuses such a form.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from slack_sdk.models import blocks as kit

from bot.core.content import PLAIN_INPUT, Block
from bot.core.text import clamp
from bot.slack import blocks

_OPTION_TEXT = 75
_PLACEHOLDER = 150

Offered = Mapping[str, str]
"""What can be chosen: values, each with how it reads, in order."""


def line_input(
    action: str, initial: str = "", *, longest: int, focus: bool = False
) -> kit.PlainTextInputElement:
    """One line of plain text."""
    return kit.PlainTextInputElement(
        action_id=action,
        max_length=longest,
        initial_value=initial or None,
        focus_on_load=focus or None,
    )


def number_input(
    action: str, initial: str = "", *, least: int, most: int, focus: bool = False
) -> kit.NumberInputElement:
    """A number, with or without decimals."""
    return kit.NumberInputElement(
        action_id=action,
        is_decimal_allowed=True,
        initial_value=initial or None,
        min_value=str(least),
        max_value=str(most),
        focus_on_load=focus or None,
    )


def radio(
    action: str, offered: Offered, chosen: str = "", *, focus: bool = False
) -> kit.RadioButtonsElement:
    """One of at most ten, all in sight."""
    return kit.RadioButtonsElement(
        action_id=action,
        options=list(_options(offered)),
        initial_option=_option(offered, chosen) if chosen in offered else None,
        focus_on_load=focus or None,
    )


def menu(
    action: str, offered: Offered, chosen: str = "", *, hint: str = "", focus: bool = False
) -> kit.StaticSelectElement:
    """One of up to a hundred, in a single row."""
    return kit.StaticSelectElement(
        action_id=action,
        options=list(_options(offered)),
        initial_option=_option(offered, chosen) if chosen in offered else None,
        placeholder=clamp(hint, _PLACEHOLDER) or None,
        focus_on_load=focus or None,
    )


def checkboxes(
    action: str, offered: Offered, chosen: Collection[str] = (), *, focus: bool = False
) -> kit.CheckboxesElement:
    """Any of at most ten."""
    initial = [_option(offered, one) for one in offered if one in chosen]
    return kit.CheckboxesElement(
        action_id=action,
        options=list(_options(offered)),
        initial_options=initial or None,
        focus_on_load=focus or None,
    )


def person_menu(action: str, chosen: str = "", *, hint: str = "") -> kit.UserSelectElement:
    """A member of the workspace; `chosen` is a Slack id."""
    return kit.UserSelectElement(
        action_id=action,
        initial_user=chosen or None,
        placeholder=clamp(hint, _PLACEHOLDER) or None,
    )


def _options(offered: Offered) -> Iterable[kit.Option]:
    return (_option(offered, value) for value in offered)


def _option(offered: Offered, value: str) -> kit.Option:
    return kit.Option(value=value, label=clamp(offered[value], _OPTION_TEXT))


def to_copy(said: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """What somebody typed and isn't kept, by label, in inputs that one can copy from."""
    for index, (label, text) in enumerate(said):
        for start in range(0, len(text), PLAIN_INPUT):
            part = blocks.text_input("copy", text[start : start + PLAIN_INPUT])
            yield blocks.input_block(f"-back-{index}-{start}", label, part, optional=True)
