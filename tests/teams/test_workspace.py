"""A workspace's settings: admins alone see and change them, and what is open follows."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.asking import home
from bot.asking.slice import home_shown
from bot.asking.statuses import USUAL, Status, listing
from bot.asking.views import WORKSPACE
from bot.db.tables import Audit, Workspace
from bot.teams import views, workspace
from bot.teams.model import NotAdmin, Rules, Wrong
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY = day("2026-03-30")
BERLIN = "Europe/Berlin"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on Ana, in Berlin, is asked at 09:30. Ada is an admin."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.person("UADA", BERLIN, admin=True)
    world.set_up(["UANA"])
    return world


def keep(
    world: World, statuses: str = "", *, guests: bool = False, by: str = "UADA"
) -> Rules | NotAdmin | Wrong:
    kept = workspace.keep(world.session, world.at, world.workspace_id, by, statuses, guests)
    world.tick()
    world.send()
    return kept


def audited(world: World) -> list[Audit]:
    return list(world.session.scalars(select(Audit).where(Audit.action == "workspace.set")))


def stored(world: World) -> Workspace:
    return world.session.get_one(Workspace, world.workspace_id)


def element(modal: dict[str, Any], block_id: str) -> dict[str, Any]:
    """The input of a block."""
    (found,) = [one["element"] for one in modal["blocks"] if one.get("block_id") == block_id]
    return dict(found)


def test_an_admin_keeps_a_list_of_their_own(world: World) -> None:
    """Tidied, shown again, and written down with who did it."""
    kept = keep(world, "  Ferien \n\n:Ski:\nferien", guests=True)
    assert kept == Rules(("ferien", ":ski:"), guests_allowed=True)
    assert workspace.standing(world.session, world.at, world.workspace_id, "UADA") == kept
    (row,) = audited(world)
    assert (row.actor_id, row.at) == (world.slack("UADA").id, world.at)
    assert row.detail == {"leave_statuses": ["ferien", ":ski:"], "guests_allowed": True}


def test_an_empty_list_means_the_usual_ones(world: World) -> None:
    """Not "none": that is stored as no list at all."""
    keep(world, "ferien")
    assert keep(world, " \n ") == Rules(None, guests_allowed=False)
    assert stored(world).leave_statuses is None


def test_what_changes_nothing_is_not_written_down(world: World) -> None:
    """The audit tells changes."""
    keep(world)
    assert audited(world) == []


def test_two_who_save_at_once_lose_nothing(world: World) -> None:
    """Only what somebody changed of what they were shown is set; the rest stays as it is now."""
    was = keep(world, "ferien\nfasching")
    assert isinstance(was, Rules)
    keep(world, "ferien\nfasching\nsabbatical", guests=True)
    who = world.session, world.at, world.workspace_id, "UADA"
    kept = workspace.keep(*who, "fasching\nvacances", False, was)
    assert kept == Rules(("fasching", "sabbatical", "vacances"), guests_allowed=True)


@pytest.mark.parametrize("who", ["UANA", "UNOBODY"])
def test_nobody_else_may(world: World, who: str) -> None:
    """Neither see nor change: a person without the right, or whom nobody knows."""
    assert keep(world, "ferien", by=who) == NotAdmin()
    assert isinstance(
        workspace.standing(world.session, world.at, world.workspace_id, who), NotAdmin
    )
    assert stored(world).leave_statuses is None
    assert audited(world) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("\n".join(f"word {number}" for number in range(101)), "at most 100 statuses"),
        ("x" * 101, "at most 100 characters: shorten “xxx"),
    ],
)
def test_a_list_too_long_is_refused(world: World, typed: str, said: str) -> None:
    """Under its input, with nothing stored."""
    kept = keep(world, typed)
    assert isinstance(kept, Wrong)
    assert said in kept.problems["statuses"]
    assert stored(world).leave_statuses is None


def test_what_is_open_is_held_against_a_new_list_at_once(world: World) -> None:
    """Ana's "Fasching" begins to count, and ends to."""
    world.says("UANA", Status(text="Fasching"))
    world.until(utc("2026-03-30T08:00"))
    assert world.states(MONDAY)["UANA"] == "asked"
    keep(world, "fasching")
    assert world.states(MONDAY)["UANA"] == "skipped"
    keep(world, "")
    assert world.states(MONDAY)["UANA"] == "asked"
    assert len(world.notified("UANA")) == 1


def test_the_modal_is_filled_with_what_holds() -> None:
    """The usual list stands beside an empty input, each as one would type it."""
    empty = views.workspace_modal(Rules(None, guests_allowed=False))
    assert "initial_value" not in element(empty, "statuses")
    assert "initial_options" not in element(empty, "guests")
    for one in USUAL:
        assert f"`{one}`" in str(empty["blocks"])
    own = views.workspace_modal(Rules(("ferien", ":ski:"), guests_allowed=True))
    assert listing(element(own, "statuses")["initial_value"]) == ["ferien", ":ski:"]
    assert element(own, "guests")["initial_options"][0]["value"] == "allowed"


def test_home_offers_it_to_admins_alone(world: World) -> None:
    """And to a new admin as soon as Slack tells."""
    shown = home_shown(world.session, world.slack("UADA").id, world.at)
    assert shown is not None
    assert shown.admin
    shown = home_shown(world.session, world.slack("UANA").id, world.at)
    assert shown is not None
    assert not shown.admin


def test_the_watched_home_of_a_new_admin_offers_it(world: World) -> None:
    """No need to open it again."""
    home.opened(world.session, world.at, world.workspace_id, "UANA")
    (mirror,) = world.mirrors("home", "UANA")
    world.send()
    assert WORKSPACE not in str(world.drawn(mirror))
    world.person("UANA", BERLIN, admin=True)
    (mirror,) = world.mirrors("home", "UANA")
    assert mirror.shown < mirror.wanted
    assert WORKSPACE in str(world.drawn(mirror))
