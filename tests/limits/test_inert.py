"""No view lets what people wrote call anybody: markup in it is shown as it was typed.

Where Slack reads mrkdwn, whatever is not our own must have been escaped. A new view is held here as
soon as it is written; a field that holds mrkdwn by intent is named below.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from bot.core.content import Beside, Home, Message
from bot.slack import blocks
from tests.limits.known import LEAST, LONGEST, MOST, given_to
from tests.limits.making import Size
from tests.limits.test_views import VIEWS, View, draw

_CALLS = "<!channel>"
# By name, or by class or function and name, as `making` takes it.
_IDS = ("mentioned", "barred", "public_id", "Secret.secret", "team_command")
_MADE_FOR_MRKDWN = (
    "FormShown.about",
    "FormShown.hidden",
    "HomeShown.away",
    "Led.said",
    "SetupShown.refusal",
    "SetupShown.said",
    "StatusShown.said",
    "account_modal.now",
    "gone_modal.why",
    "help_modal.told",
    "hidden_modal.hidden",
    "hidden_modal.said",
    "kept_modal.now",
    "list_modal.said",
    "merge_modal.said",
    "mine_modal.lead",
    "show_modal.said",
    "team_read.why",
    "why_modal.told",
)
_OURS: Mapping[str | type, Any] = {
    **dict.fromkeys(_IDS, "C1"),
    **dict.fromkeys(_MADE_FOR_MRKDWN, "Ours."),
    "DayShown.missed": (("C1", date(2026, 3, 30)),),
    # Blocks that were drawn elsewhere, and are held there.
    "Beside.head": blocks.divider(),
    "Beside.lines": (),
    "beside.above": blocks.divider(),
    "changed_modal.asked": {"blocks": []},
    "setup_modal.made": [],
}


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_what_people_wrote_calls_nobody(view: View) -> None:
    """Nor does it in the text that notifications show."""
    for choice in range(3):
        given = {**given_to(view.module), **_OURS}
        made = draw(view.draw, Size(60, 3, _CALLS, choice, given, LONGEST, MOST, LEAST))
        assert [text for text in _read_as_mrkdwn(made) if _CALLS in text] == []


def _read_as_mrkdwn(made: Any) -> Iterator[str]:
    match made:
        case Message(text, blocks):
            yield text
            yield from _read_as_mrkdwn(blocks)
        case Home(blocks):
            yield from _read_as_mrkdwn(blocks)
        case Beside(head, lines):
            yield from _read_as_mrkdwn((head, *lines))
        case {"type": "mrkdwn", "text": text}:
            yield text
        case Mapping():
            for part in made.values():
                yield from _read_as_mrkdwn(part)
        case list() | tuple():
            for part in made:
                yield from _read_as_mrkdwn(part)
        case Iterator():
            yield from _read_as_mrkdwn(list(made))
        case _:
            pass
