"""Setting retros up: what a form means, and what follows the team's sprints."""

from dataclasses import fields, replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from bot.asking.upkeep.model import Meant, Place, Settings, Started, Typed, Wrong
from bot.core.cadence import LAST, Cadence
from bot.db.tables import Person, Ritual, Team
from bot.rituals.retro import setup_form
from bot.rituals.retro.model import Config
from bot.rituals.retro.setup_form import NO_SPRINTS, SPRINT, Form, every, filled, nth
from bot.rituals.retro.setup_listeners import UPKEEP, form_of
from bot.rituals.retro.templates import COLUMNS, BadColumns, Template, parse
from bot.rituals.retro.views.setup import SetupShown, look_modal, setup_modal
from bot.sandbox.values import state as values_of
from bot.teams import teams
from bot.teams.model import TeamPlan
from tests.asking.conftest import Begin
from tests.asking.world import World, utc
from tests.rituals.standup.drawn import checked_modal

TODAY = date(2026, 3, 30)  # a Monday
FORM = Form(members=("U1",), often=every(2))


def meant(form: Form, team: Team | None = None, before: Cadence | None = None) -> Meant[Config]:
    found = setup_form.meaning(form, TODAY, team, before)
    assert isinstance(found, Meant), found
    return found


def wrong(form: Form, team: Team | None = None) -> dict[str, str]:
    found = setup_form.meaning(form, TODAY, team)
    assert not isinstance(found, Meant)
    return dict(found)


def test_every_few_weeks_begins_with_the_coming_day() -> None:
    """The first Thursday from today on is one of them."""
    assert meant(FORM).cadence == Cadence(
        weekdays=(3,), at=time(10), every_weeks=2, anchor=date(2026, 4, 2)
    )
    assert meant(replace(FORM, often=every(1))).cadence.anchor is None


def test_its_weeks_go_on_being_counted_when_it_is_changed() -> None:
    """Another day in the same weeks."""
    before = Cadence(weekdays=(3,), at=time(10), every_weeks=2, anchor=date(2026, 3, 26))
    changed = meant(replace(FORM, weekday=1), before=before)
    assert changed.cadence.anchor == date(2026, 3, 26)


@pytest.mark.parametrize(("number", "words"), [(1, "first"), (LAST, "last")])
def test_an_nth_weekday_of_the_month(number: int, words: str) -> None:
    """The first Thursday, or the last."""
    assert meant(replace(FORM, often=nth(number))).cadence.nth == (number,), words


def test_the_end_of_a_sprint_is_its_last_working_day() -> None:
    """Of sprints from Monday to Sunday that is a Friday; without sprints it is told."""
    team = Team(sprint_start=date(2026, 3, 23), sprint_weeks=2)
    cadence = meant(replace(FORM, often=SPRINT), team).cadence
    assert (cadence.weekdays, cadence.every_weeks) == ((4,), 2)
    assert cadence.anchor == date(2026, 4, 3)
    assert cadence.by_sprint
    assert wrong(replace(FORM, often=SPRINT)) == {"often": NO_SPRINTS}
    assert wrong(replace(FORM, often=SPRINT), Team(sprint_start=None)) == {"often": NO_SPRINTS}


def test_what_is_wrong_is_said_under_its_field() -> None:
    """All of it at once."""
    form = Form(
        members=(), often=every(2), at="", title=" ", zone="Berlin", template=Template.OWN,
        columns="", anonymous=True, unsigned=False, vote_minutes=60, remind_minutes=120,
    )  # fmt: skip
    assert set(wrong(form)) == {
        "members", "at", "title", "zone", "columns", "anonymous", "remind",
    }  # fmt: skip
    assert "Europe/Berlin" in wrong(form)["zone"]


def test_columns_of_one_s_own() -> None:
    """A line each; too many, too long and twice the same are refused in words."""
    assert parse(" Keep \n\nDrop\n") == ("Keep", "Drop")
    for typed in ("", "a\nb\nc\nd\ne\nf\ng", "x" * 41, "Keep\nkeep"):
        with pytest.raises(BadColumns):
            parse(typed)
    own = replace(FORM, template=Template.OWN, columns="Keep\nDrop")
    assert meant(own).config.columns == ("Keep", "Drop")


def test_each_template_has_its_columns() -> None:
    """As many as one takes in at a glance, and none that a radio button would cut."""
    assert set(COLUMNS) == set(Template) - {Template.OWN}
    for columns in COLUMNS.values():
        assert parse("\n".join(columns)) == columns


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("more", [False, True])
def test_the_screen_says_what_it_is_filled_with(template: Template, more: bool) -> None:
    """What is read from it, as Slack tells it, is what it was drawn from."""
    own = "Keep\nDrop" if template is Template.OWN else ""
    form = replace(
        FORM, template=template, columns=own, anonymous=True, often=nth(LAST), facilitator="U1"
    )
    view = setup_modal(SetupShown(Place("k", "C1", "c", 1, more=more), form, owner="U1"), "{}")
    checked_modal(view)
    told = {**view, "state": values_of(view["blocks"], {})}
    read = form_of(told)
    assert read == (form if more else replace(form, facilitator=""))


def test_where_anonymity_can_t_be_kept_it_is_not_offered() -> None:
    """It says why instead."""
    view = setup_modal(SetupShown(Place("k", "C1"), replace(FORM, unsigned=False)), "{}")
    text = checked_modal(view)
    assert "SQLite only" in text
    assert '"anonymous"' not in text


def test_whoever_may_not_change_it_reads_it() -> None:
    """When, which columns, who, and whether it is anonymous."""
    config = meant(FORM).config
    form = filled("Retro", meant(FORM).cadence, config, ("U1",))
    assert form == replace(FORM, open_minutes=config.open_minutes)
    view = look_modal(
        Settings(
            1, "C1", "c", form, "U1", "Lena", ("Mei",), meant(FORM).cadence, config, True, False
        )
    )
    text = checked_modal(view)
    for said in ("Every 2 weeks: Thursday", "To improve", "Mei", "paused", "Notes are signed"):
        assert said in text


# --- in the database


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-30T06:00")
    made.person("ULEN", "Europe/Berlin")
    made.person("UMEI", "Asia/Tokyo")
    return made


def submit(
    world: World, form: Form, ritual_id: int | None = None, was: dict[str, Any] | None = None
) -> object:
    typed = Typed("key", "C1", "team", ritual_id, form, was=was or {})
    return UPKEEP.submit(world.session, world.at, world.workspace_id, "ULEN", typed)


def test_what_one_did_not_touch_stays_as_another_left_it(world: World, on_sqlite: None) -> None:
    """A template goes with its columns; what the screen didn't ask is as in any other form."""
    form = Form(members=("ULEN", "UMEI"), often=every(2), anonymous=True)
    started = submit(world, form)
    assert isinstance(started, Started)
    was = {one.name: getattr(form, one.name) for one in fields(form)} | {"owner": ""}
    for unasked in ("columns", "anonymous", "sprints", "unsigned"):
        del was[unasked]
    theirs = replace(form, template=Template.OWN, columns="Keep\nDrop", at="15:00", votes=5)
    assert isinstance(submit(world, theirs, started.ritual_id, was), Started)
    mine = replace(form, members=("UMEI",), votes=4, anonymous=False)
    assert isinstance(submit(world, mine, started.ritual_id, was), Started)
    found = UPKEEP.settings(world.session, world.at, world.workspace_id, "ULEN", started.ritual_id)
    assert isinstance(found, Settings)
    kept = replace(theirs, members=("UMEI",), votes=4, anonymous=False)
    assert found.form == kept


def sprints(world: World, first: date, weeks: int) -> None:
    plan = TeamPlan("C1", "team", "Europe/Berlin", first, weeks, None)
    teams.keep(world.session, world.at, world.workspace_id, "ULEN", plan, member=True)


def cadence(world: World) -> Cadence:
    return Cadence.model_validate(
        world.session.scalars(
            select(Ritual).execution_options(populate_existing=True)
        ).one().cadence
    )  # fmt: skip


def test_one_at_the_end_of_sprints_goes_with_them(world: World) -> None:
    """It needs sprints to begin with; when they change, it is planned anew at once."""
    form = Form(members=("ULEN", "UMEI"), often=SPRINT)
    assert submit(world, form) == Wrong({"often": NO_SPRINTS})
    sprints(world, date(2026, 3, 23), 2)
    started = submit(world, form)
    assert isinstance(started, Started)
    assert started.first_asked is not None
    assert started.first_asked.date() == date(2026, 4, 3)
    sprints(world, date(2026, 3, 25), 1)
    assert cadence(world).every_weeks == 1
    assert cadence(world).anchor == date(2026, 3, 31)
    world.until(utc("2026-03-31T12:00"))
    assert "ULEN" in {one.target for one in world.sent}


def test_a_team_with_sprints_is_offered_their_end_first(world: World) -> None:
    """What stands in the form but was not chosen follows what is known of the team."""
    sprints(world, date(2026, 3, 23), 2)
    submit(world, Form(members=("ULEN",)))
    assert cadence(world).by_sprint


SUNDAY_IN_LA = "2026-03-30T02:00"  # and Monday in UTC
MONDAY_IN_AUCKLAND = "2026-03-29T20:00"  # and Sunday in UTC
NEXT = date(2026, 4, 5)


@pytest.mark.parametrize(
    ("at", "own", "there", "first"),
    [
        (SUNDAY_IN_LA, "America/Los_Angeles", "", date(2026, 3, 29)),
        (SUNDAY_IN_LA, "Europe/Berlin", "america/los angeles", date(2026, 3, 29)),
        (SUNDAY_IN_LA, "America/Los_Angeles", "Europe/Berlin", NEXT),
        (MONDAY_IN_AUCKLAND, "Pacific/Auckland", "", NEXT),
        (MONDAY_IN_AUCKLAND, "Europe/Berlin", "Pacific/Auckland", NEXT),
        (MONDAY_IN_AUCKLAND, "Pacific/Auckland", "Europe/Berlin", date(2026, 3, 29)),
        (MONDAY_IN_AUCKLAND, None, "", date(2026, 3, 29)),
    ],
)
def test_its_weeks_are_counted_where_it_is(
    begin: Begin, at: str, own: str | None, there: str, first: date
) -> None:
    """In its zone, else in that of whoever sets it up; a Sunday's other weeks begin with today."""
    world = begin(at)
    world.person("ULEN", own)
    submit(world, Form(members=("ULEN",), often=every(2), weekday=6, zone=there))
    assert cadence(world).anchor == first


def test_the_facilitator_is_kept_with_the_retro(world: World) -> None:
    """By their Slack id, as the screen has it."""
    submit(world, Form(members=("ULEN", "UMEI"), often=every(1), facilitator="UMEI"))
    ritual = world.session.scalars(select(Ritual)).one()
    assert Config.model_validate(ritual.config).facilitator == "UMEI"
    owner = world.session.get_one(Person, ritual.owner_id)
    assert owner.slack_id == "ULEN"
