"""What a form begins with: words read as plain text, and who is likely to do it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import form_state, forms, origins
from bot.actions.form_state import Carried
from bot.actions.model import DETAILS, WHAT, Behind, FormShown, Gone, Place, Proposed
from bot.actions.views.form import form_modal
from bot.core.text import clean, one_line
from tests.asking.conftest import Begin
from tests.asking.world import day, utc

LONG = "ä" * 40_000


@pytest.mark.parametrize(
    ("text", "what", "details"),
    [
        ("", "", ""),
        ("Retrain it", "Retrain it", ""),
        ("Retrain it &amp; tell <@U1>", "Retrain it & tell @Bo", ""),
        ("<!channel> see <https://a.example|a.example>", "@channel see a.example", ""),
        ("First\nsecond\n", "First", "First\nsecond"),
        ("\n\n  Retrain\tit ", "Retrain it", ""),
        ("ä" * WHAT, "ä" * WHAT, ""),
        (LONG, f"{'ä' * (WHAT - 1)}…", f"{'ä' * (DETAILS - 1)}…"),
    ],
)
def test_a_message_as_it_reads(text: str, what: str, details: str) -> None:
    """One line of it; where there is more, the details have it all."""
    assert origins.of_text(text, {"U1": "Bo"}) == origins.Split(what, details)


@given(st.text())
def test_any_text_fits_the_form(text: str) -> None:
    """Whatever was written, it can be submitted as it stands, or is empty."""
    split = origins.of_text(text, {})
    assert len(split.what) <= WHAT
    assert split.what == one_line(split.what)
    assert len(split.details) <= DETAILS
    assert split.details == clean(split.details)


@pytest.mark.parametrize(
    ("text", "whom", "rest"),
    [
        ("Retrain it", "", "Retrain it"),
        ("<@U1> retrain it", "U1", "retrain it"),
        (" <@U1|bo>: retrain it", "U1", "retrain it"),
        ("ask <@U1>", "", "ask <@U1>"),
        ("<@U1>", "U1", ""),
    ],
)
def test_who_is_addressed_first(text: str, whom: str, rest: str) -> None:
    assert origins.to_whom(text) == (whom, rest)


def test_a_blocker_that_is_gone(begin: Begin) -> None:
    world = begin("2026-03-30T08:00")
    assert isinstance(
        origins.of_blocker(world.session, world.at, world.workspace_id, 7, None), Gone
    )


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-30T08:00", "2026-04-06"),  # a week ahead
        ("2026-03-28T08:00", "2026-04-06"),  # from a Saturday, the Monday after
        ("2026-03-29T21:59", "2026-04-06"),
        ("2026-03-29T22:00", "2026-04-06"),  # Monday in Berlin already
        ("2026-03-31T22:00", "2026-04-08"),
    ],
)
def test_a_form_begins_a_week_ahead_on_one_s_own_clock(begin: Begin, now: str, due: str) -> None:
    world = begin(now)
    world.person("UANA", "Europe/Berlin")
    proposed = Proposed("k", Place())
    shown = forms.new_form(world.session, utc(now), world.workspace_id, "UANA", proposed)
    assert (shown.owner, shown.due) == ("UANA", day(due))
    assert shown.project == ""


def test_what_a_ritual_proposes_stands(begin: Begin) -> None:
    """Its key makes it one, however often it is sent."""
    world = begin("2026-03-30T08:00")
    proposed = Proposed("retro:7", Place("C1"), "Shorter reviews", "UBO", day("2026-05-04"))
    shown = forms.new_form(world.session, world.at, world.workspace_id, "UANA", proposed)
    assert (shown.key, shown.what, shown.owner) == ("retro:7", "Shorter reviews", "UBO")
    assert shown.due == day("2026-05-04")


# --- what travels with a form


def test_what_travels_comes_back() -> None:
    place = Place("C1", "général", "1.0", "2.0", 3, 4, 5)
    carried = Carried("key", place, 7, Behind("V1", "mine 0 C1", "https://x.example", "C1"), "Why")
    view = {"private_metadata": form_state.packed(carried)}
    assert form_state.carried(view) == carried
    assert form_state.packed(Carried()) == "{}"


def test_the_longest_fits_slack_s_limit() -> None:
    """A channel's name has 80 characters, an answer's address about 100."""
    place = Place("C" * 11, "ä" * 80, "1" * 17, "1" * 17, 10**9, 10**9, 10**9)
    behind = Behind("V" * 11, "overdue 99 C0123456789", "https://" + "x" * 200, "C" * 11)
    assert len(form_state.packed(Carried("k" * 64, place, 10**9, behind, "x" * 300))) < 3000


def view(**now: Any) -> dict[str, Any]:
    """The form of an item as Slack sends it back, with these inputs as they are now."""
    shown = FormShown(
        "k", Place(), "Retrain", "UANA", day("2026-04-03"), "More", True, project="Churn"
    )
    made = form_modal(shown, "{}")
    ticket = {"value": "ticket"}
    state: dict[str, dict[str, Any]] = {
        "what": {"type": "plain_text_input", "value": "Retrain"},
        "owner": {"type": "users_select", "selected_user": "UANA"},
        "due": {"type": "datepicker", "selected_date": "2026-04-03"},
        "details": {"type": "plain_text_input", "value": "More"},
        "ticket": {"type": "checkboxes", "selected_options": [ticket]},
    }
    for name, value in now.items():
        field = next(one for one in state[name] if one != "type")
        state[name] = state[name] | {field: value}
    values = {name: {name: entry} for name, entry in state.items()}
    return {**made, "state": {"values": values}}


@pytest.mark.parametrize(
    ("now", "touched"),
    [
        ({}, set()),
        ({"what": "Else"}, {"what"}),
        ({"what": None}, {"what"}),
        ({"due": None, "details": None}, {"due", "details"}),
        ({"owner": "UBO", "ticket": []}, {"owner", "ticket"}),
    ],
)
def test_what_was_touched(now: dict[str, Any], touched: set[str]) -> None:
    """Held against what the form began with."""
    assert form_state.touched(view(**now)) == touched


def test_what_stands_in_the_form() -> None:
    typed = form_state.typed(view(due=None, ticket=[]))
    assert (typed.what, typed.owner, typed.due) == ("Retrain", "UANA", None)
    assert (typed.details, typed.ticket) == ("More", False)
