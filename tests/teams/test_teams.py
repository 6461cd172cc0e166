"""What a team keeps: who may change it, what is refused, and what the audit says of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.sprints import sprint_of
from bot.core.states import Phase, RitualState, Role
from bot.db.tables import Audit, Membership, Team
from bot.teams import teams, views
from bot.teams.model import PHASES, ROLES, May, NotTheirs, TeamPlan, TeamShown, Wrong
from bot.teams.teams import NO_LENGTH, NO_START
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc

BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"
PLAN = TeamPlan(
    CHANNEL,
    "ml-team",
    BERLIN,
    day("2026-03-23"),
    2,
    Phase.MODELLING,
    {Role.DATA_SCIENTIST: ("UANA", "UBO"), Role.PRODUCT_OWNER: ("UANA",)},
)


@pytest.fixture
def world(begin: Begin) -> World:
    """A channel without a ritual; Ana, Bo, and Ada, who is an admin."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.person("UBO", TOKYO)
    world.person("UADA", BERLIN, admin=True)
    return world


def keep(
    world: World, plan: TeamPlan = PLAN, by: str = "UANA", *, member: bool = True
) -> TeamShown | NotTheirs | Wrong:
    return teams.keep(world.session, world.at, world.workspace_id, by, plan, member=member)


def standing(world: World, who: str = "UANA") -> TeamShown:
    return teams.standing(world.session, world.at, world.workspace_id, who, CHANNEL)


def audited(world: World) -> list[dict[str, Any]]:
    rows = world.session.scalars(select(Audit).where(Audit.action == "team.set").order_by(Audit.id))
    return [row.detail for row in rows]


def problems(kept: TeamShown | NotTheirs | Wrong) -> dict[str, str]:
    assert isinstance(kept, Wrong)
    return kept.problems


def names(shown: TeamShown, role: Role) -> list[str]:
    return [one.name for one in shown.roles.get(role, ())]


# --- what is kept


def test_all_of_it_is_kept_and_shown_again(world: World) -> None:
    """Somebody may have several roles, and a role several people."""
    kept = keep(world)
    assert isinstance(kept, TeamShown)
    assert kept == standing(world)
    assert (kept.tz, kept.phase) == (BERLIN, Phase.MODELLING)
    assert (kept.sprint_start, kept.sprint_weeks) == (day("2026-03-23"), 2)
    assert names(kept, Role.DATA_SCIENTIST) == ["uana", "ubo"]
    assert names(kept, Role.PRODUCT_OWNER) == ["uana"]
    assert sprint_of(kept, kept.today) == (day("2026-03-23"), day("2026-04-05"))
    assert world.session.scalars(select(Team)).one().name == "ml-team"


def test_the_row_serves_a_stand_up_s_setting_up_too(world: World) -> None:
    """One team a channel, whichever comes first."""
    keep(world)
    world.set_up(["UANA"])
    (team,) = world.session.scalars(select(Team)).all()
    assert world.ritual().team_id == team.id
    assert team.phase is Phase.MODELLING


def test_where_no_zone_is_kept_one_finds_one_s_own(world: World) -> None:
    """And UTC where Slack has told none; looking makes no row."""
    assert standing(world, "UBO").tz == TOKYO
    assert standing(world, "UNOBODY").tz == "UTC"
    assert world.session.scalars(select(Team)).all() == []


def test_today_is_the_team_s_own(world: World) -> None:
    """The date in its zone, not in the zone of whoever looks."""
    keep(world, replace(PLAN, tz="Pacific/Kiritimati"))
    assert standing(world, "UBO").today == day("2026-03-29")


def test_a_zone_in_any_capitals_is_written_as_iana_does(world: World) -> None:
    kept = keep(world, replace(PLAN, tz=" america/new_york "))
    assert isinstance(kept, TeamShown)
    assert kept.tz == "America/New_York"


def test_taken_out_again_it_is_gone(world: World) -> None:
    """Roles, phase and sprints are no one-way street; the first day goes with the length."""
    keep(world)
    kept = keep(world, replace(PLAN, sprint_weeks=None, phase=None, roles={}))
    assert isinstance(kept, TeamShown)
    assert (kept.sprint_start, kept.sprint_weeks, kept.phase, kept.roles) == (None, None, None, {})
    assert world.session.scalars(select(Membership)).all() == []


def test_who_leaves_the_workspace_has_no_role(world: World) -> None:
    keep(world)
    world.person("UBO", TOKYO, deleted=True)
    assert names(standing(world), Role.DATA_SCIENTIST) == ["uana"]


# --- the audit


def test_each_change_is_written_down(world: World) -> None:
    """What is new, who did it and when; and nothing where nothing changed."""
    keep(world)
    keep(world)
    keep(world, replace(PLAN, phase=Phase.EVALUATION, roles={}), by="UADA")
    first, second = audited(world)
    assert first == {
        "tz": BERLIN,
        "sprint_start": "2026-03-23",
        "sprint_weeks": 2,
        "phase": "modelling",
        "roles": {"data scientist": ["UANA", "UBO"], "product owner": ["UANA"]},
    }
    assert second == {"phase": "evaluation", "roles": {}}
    last = world.session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert last is not None
    assert (last.actor_id, last.at) == (world.slack("UADA").id, world.at)


# --- who may


def test_without_a_ritual_any_member_of_the_channel_may(world: World) -> None:
    """And nobody who isn't in it."""
    assert standing(world, "UBO").may is May.IF_MEMBER
    assert isinstance(keep(world, by="UBO"), TeamShown)
    assert isinstance(keep(world, by="UBO", member=False), NotTheirs)


def test_a_ritual_s_owner_and_admins_may(world: World) -> None:
    """Once there is one, its other members may look; even with a modal opened before."""
    world.set_up(["UANA", "UBO"], by="UANA")
    assert [standing(world, who).may for who in ("UANA", "UADA", "UBO")] == [
        May.CHANGE,
        May.CHANGE,
        May.LOOK,
    ]
    assert isinstance(keep(world, by="UANA", member=False), TeamShown)
    assert isinstance(keep(world, by="UADA", member=False), TeamShown)
    assert isinstance(keep(world, by="UBO", member=True), NotTheirs)


def test_a_paused_ritual_has_its_owner_still(world: World) -> None:
    """A deleted one has none."""
    world.set_up(["UANA"])
    world.ritual().state = RitualState.PAUSED
    world.session.flush()
    assert standing(world, "UBO").may is May.LOOK
    world.ritual().state = RitualState.DELETED
    world.session.flush()
    assert standing(world, "UBO").may is May.IF_MEMBER


def test_an_owner_elsewhere_is_none_here(world: World) -> None:
    world.set_up(["UANA"], by="UANA")
    world.set_up(["UBO"], by="UBO", channel="C2")
    assert standing(world, "UBO").may is May.LOOK


# --- what is refused


@pytest.mark.parametrize("typed", ["Berlin", "", "  ", "UTC+1", "../etc/passwd", "x" * 3000])
def test_an_unknown_zone_is_refused(world: World, typed: str) -> None:
    """Under its input, with what a zone looks like; nothing is stored, not even the row."""
    said = problems(keep(world, replace(PLAN, tz=typed)))
    assert said["tz"].endswith("is no time zone Meridian knows. Names look like Europe/Berlin.")
    assert world.session.scalars(select(Team)).all() == []
    assert audited(world) == []


def test_a_length_without_a_first_day_is_refused(world: World) -> None:
    assert problems(keep(world, replace(PLAN, sprint_start=None))) == {"start": NO_START}


def test_a_first_day_without_a_length_is_refused(world: World) -> None:
    """A new one, that is: the kept one stands in the screen of whoever ends the sprints."""
    plan = replace(PLAN, sprint_weeks=None)
    assert problems(keep(world, plan)) == {"weeks": NO_LENGTH}
    keep(world)
    assert isinstance(keep(world, plan), TeamShown)
    assert problems(keep(world, plan)) == {"weeks": NO_LENGTH}


def test_a_role_is_for_people_of_the_workspace(world: World) -> None:
    """Each who can have none is named under the role."""
    world.person("UROBO", None, bot=True)
    world.person("UEVA", TOKYO, external=True)
    world.person("UOLD", TOKYO, deleted=True)
    plan = replace(
        PLAN,
        roles={
            Role.ML_ENGINEER: ("UANA", "UROBO", "UEVA"),
            Role.SCRUM_MASTER: ("UOLD",),
            Role.DATA_ENGINEER: ("UBO",),
        },
    )
    assert problems(keep(world, plan)) == {
        "ml_engineer": "urobo is a bot. ueva belongs to another organisation.",
        "scrum_master": "uold has left the workspace.",
    }


def test_everything_wrong_is_said_at_once(world: World) -> None:
    plan = replace(PLAN, tz="Berlin", sprint_start=None)
    assert set(problems(keep(world, plan))) == {"tz", "start"}


# --- how it looks


def test_the_modal_is_filled_with_what_is_kept(world: World) -> None:
    """Every role and phase has its words."""
    keep(world)
    modal = views.team_modal(standing(world), "C1 ml-team")
    inputs = {one["block_id"]: one["element"] for one in modal["blocks"] if "element" in one}
    assert inputs["tz"]["initial_value"] == BERLIN
    assert inputs["start"]["initial_date"] == "2026-03-23"
    assert inputs["weeks"]["initial_option"]["text"]["text"] == "2 weeks"
    assert inputs["phase"]["initial_option"]["text"]["text"] == "Modelling"
    assert inputs["data_scientist"]["initial_users"] == ["UANA", "UBO"]
    assert "initial_users" not in inputs["ml_engineer"]
    assert set(ROLES) == set(Role)
    assert set(PHASES) == set(Phase)
    assert "2 weeks each; now *Mon 23 March 2026 to Sun 5 April 2026*" in str(modal["blocks"][0])


def test_who_may_only_look_reads_it(world: World) -> None:
    """Without inputs, with names as inert words, and with who may change it."""
    world.slack("UBO").name = "<!channel> *Bo*"
    keep(world)
    modal = views.team_read(standing(world), views.NOT_THEIRS)
    assert "submit" not in modal
    assert [one["type"] for one in modal["blocks"]] == [
        *["section"] * 3,
        *["rich_text"] * 2,
        "context",
    ]
    words = [
        part["text"]
        for block in modal["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"][0]["elements"]
    ]
    assert words == ["Product owner", "\nuana", "Data scientist", "\n<!channel> *Bo*, uana"]
    assert "Modelling" in str(modal)


def test_a_team_without_anything_reads_well(world: World) -> None:
    modal = views.team_read(standing(world), views.NOT_THEIRS)
    read = [one["text"]["text"] for one in modal["blocks"][:-1]]
    assert read == [
        "*Time zone*\nEurope/Berlin",
        "*Sprints*\nNone",
        "*Phase of the project*\nNot said",
        "*Roles*\nNobody has one yet.",
    ]


def test_a_sprint_follows_the_team_across_a_clock_change(world: World) -> None:
    """Berlin's clocks go forward in the night before the last day of its sprint."""
    keep(world, replace(PLAN, sprint_start=date(2026, 3, 16)))
    for instant, first in (("2026-03-29T21:59", "2026-03-16"), ("2026-03-29T22:00", "2026-03-30")):
        world.until(utc(instant))
        shown = standing(world)
        found = sprint_of(shown, shown.today)
        assert found is not None
        assert found[0] == day(first)
