"""The setup screen: valid for Slack whatever it is filled with, and read back as it was."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.asking.upkeep.forms import TITLE_INPUT
from bot.asking.upkeep.screen_views import started_modal
from bot.rituals.standup import setup_form
from bot.rituals.standup.model import STANDUP, Layout, Reveal, Started
from bot.rituals.standup.questions import AI_ML, Template
from bot.rituals.standup.setup_form import QUESTIONS_INPUT, ZONE_INPUT, Form, Settings
from bot.rituals.standup.setup_state import (
    block_of,
    channel_of,
    form_of,
    owner_of,
    packed,
    place_of,
)
from bot.rituals.standup.views.look import look_modal
from bot.rituals.standup.views.setup import Place, SetupShown, setup_modal
from bot.rituals.standup.views.trial import Trial, preview_modal, trial_modal
from bot.sandbox.blocks import check_view
from bot.sandbox.values import state as values_of
from tests.asking.world import day, utc

MONDAY = day("2026-03-30")
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
all_forms = st.builds(
    Form,
    members=st.lists(st.from_regex(r"U[A-Z0-9]{4}", fullmatch=True), unique=True).map(tuple),
    weekdays=st.sets(st.integers(0, 6)).map(sorted).map(tuple),
    at=st.sampled_from(["09:30", "00:00", "23:59"]),
    title=texts.filter(bool),
    zone=texts,
    every=st.sampled_from([1, 2, 5]),
    nth=st.sets(st.sampled_from([1, 2, 3, 4, 5, -1])).map(
        lambda chosen: tuple(one for one in (1, 2, 3, 4, 5, -1) if one in chosen)
    ),
    open_minutes=st.sampled_from([60, 480, 1440, 45]),
    remind_minutes=st.sampled_from([0, 30, 120, 45]),
    template=st.sampled_from(Template),
    questions=texts.filter(bool),
    reveal=st.sampled_from(Reveal),
    layout=st.sampled_from(Layout),
)


def opened(shown: SetupShown) -> dict[str, Any]:
    """The screen as Slack would tell of it, once it is open."""
    view = setup_modal(shown, packed(shown.place))
    check_view(view, "modal")
    return {**view, "state": values_of(view["blocks"], {})}


@given(all_forms)
@settings(max_examples=50)
def test_what_stands_in_the_long_form_is_read_back_as_it_was(form: Form) -> None:
    """Nothing that is typed gets lost when the screen is drawn anew."""
    place = Place("key", "C1", "general", more=True)
    view = opened(SetupShown(place, form))
    assert form_of(view) == form
    assert place_of(view) == place


@given(all_forms)
@settings(max_examples=20)
def test_the_short_form_keeps_what_it_asks(form: Form) -> None:
    """All else is as usual."""
    kept = Form(members=form.members, weekdays=form.weekdays, at=form.at)
    assert form_of(opened(SetupShown(Place("key", "C1"), kept))) == kept


@pytest.mark.parametrize("members", [0, 1, 200])
def test_however_many_people(members: int) -> None:
    """Nobody, one or many: a valid modal that names them all."""
    people = tuple(f"U{number}" for number in range(members))
    assert form_of(opened(SetupShown(Place("key", "C1"), Form(people)))).members == people


def test_at_the_limits_of_every_text() -> None:
    """What is as long as its field still fits, and in the metadata too."""
    form = Form(title="t" * TITLE_INPUT, zone="z" * ZONE_INPUT, questions="q" * QUESTIONS_INPUT)
    place = Place("k" * 16, "C" * 12, "n" * 80, 1_000_000, more=True)
    view = opened(SetupShown(place, form, owner="U1", note="n" * 200))
    assert form_of(view) == form
    assert owner_of(view) == "U1"


def test_a_new_one_says_start_and_settings_say_save() -> None:
    """And what can be done to it as a whole, where it runs already."""
    new = opened(SetupShown(Place("k", "C1"), Form()))
    assert new["submit"]["text"] == "Start"
    assert "Delete" not in str(new)
    running = opened(SetupShown(Place("k", "C1", ritual_id=7, more=True), Form(), owner="U1"))
    assert running["submit"]["text"] == "Save"
    assert "Pause" in str(running)
    paused = replace(SetupShown(Place("k", "C1", ritual_id=7, more=True), Form()), paused=True)
    assert "Resume" in str(opened(paused))
    assert "'Pause'" not in str(opened(paused))


def test_where_the_channel_is_chosen() -> None:
    """Another channel's people stand in another block, or Slack would keep the first one's."""
    some = opened(SetupShown(Place("k", "C1", picks=True), Form(("U1",))))
    other = opened(SetupShown(Place("k", "C2", picks=True), Form(("U2",))))
    assert channel_of(some) == "C1"
    assert block_of(some, "members") != block_of(other, "members")
    refused = Place("k", picks=True, barred="C3")
    barred = opened(SetupShown(refused, Form(), refusal="Meridian is not in <#C3> yet."))
    assert channel_of(barred) == "C3"
    assert place_of(barred).channel == ""
    assert "Look again" in str(barred)
    assert "Its settings" in str(opened(SetupShown(refused, Form(), taken=7)))
    assert channel_of(opened(SetupShown(Place("k", picks=True), Form()))) == ""


def test_the_questions_field_stays_once_something_stands_in_it() -> None:
    """Whoever tries another template finds their own lines again."""
    own = Form(template=Template.OWN)
    begun = opened(SetupShown(Place("k", "C1", more=True), own))
    assert form_of(begun).questions.splitlines()[0] == AI_ML[0].text
    back = replace(form_of(begun), template=Template.CLASSIC)
    again = opened(SetupShown(Place("k", "C1", more=True), back))
    assert form_of(again).questions == form_of(begun).questions
    assert "not chosen above" in str(again)


def started(what: Started) -> dict[str, Any]:
    return started_modal(STANDUP, "C1", what)


def test_what_comes_after_setup() -> None:
    """How many are asked, one's own first moment, and what its time will do."""
    note = "On Sun 29 March 02:30 does not exist in Europe/Berlin; people are asked at 03:30 then."
    modal = started(Started(1, utc("2026-03-31T09:30"), 3, False, note=note))
    check_view(modal, "modal")
    assert "starts. 3 people are asked" in str(modal)
    assert "Tue 31 March, 09:30" in str(modal)
    assert note in str(modal)
    assert "changed. 1 person is" in str(started(Started(1, None, 1, True)))
    assert "paused still" in str(started(Started(1, None, 1, True, paused=True)))


@given(all_forms)
@settings(max_examples=20)
def test_whoever_may_not_change_it_reads_all_of_it(form: Form) -> None:
    """As text, whose names and words are inert."""
    sound = replace(form, zone="", every=1, at="09:30", weekdays=(0,), template=Template.CLASSIC)
    sound = replace(sound, members=("U1",), remind_minutes=0, title="<!channel> Stand-up")
    meant = setup_form.meaning(sound, MONDAY)
    assert isinstance(meant, setup_form.Meant)
    shown = Settings(
        ritual_id=1,
        channel="C1",
        channel_name="general",
        form=sound,
        owner="U1",
        owner_name="Inês <!here>",
        names=("Mei", "*Sam*"),
        cadence=meant.cadence,
        config=meant.config,
        paused=True,
        may_change=False,
    )
    view = look_modal(shown)
    check_view(view, "modal")
    assert "<!" not in str(view)
    assert "paused" in str(view)
    assert "submit" not in view


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("reveal", list(Reveal))
def test_a_trial_shows_what_the_channel_would_see(reveal: Reveal, layout: Layout) -> None:
    """The message with its blockers and values, and nothing to click in it."""
    trial = Trial("Stand-up", "C1", AI_ML, reveal, layout)
    asked = trial_modal(trial, MONDAY, "{}")
    check_view(asked, "modal")
    assert "Nothing of it is saved" in str(asked)
    said = {
        "learned": "Dropout helps",
        "next": "More of it",
        "blockers": "No GPU\nNo data",
        "confidence": "4",
    }
    seen = preview_modal(trial, "Mei", MONDAY, utc("2026-03-30T17:30"), said)
    check_view(seen, "modal")
    for words in ("Dropout helps", "More of it", "No GPU", "No data", "Mei", "Nothing was saved"):
        assert words in str(seen)
    assert "'type': 'button'" not in str(seen)
    at_close = reveal is Reveal.AT_CLOSE
    assert ("Until it closes" in str(seen)) is at_close
    assert ("who has answered, and what blocks them." in str(seen)) is at_close
    assert ("when it closes, and what blocks you at once" in str(asked)) is at_close
