"""Where action items go: from open to done or dropped and back; and who may say so."""

from datetime import date
from typing import Any

import pytest

from bot.actions.model import REASON, Gone, Noted, NotTheirs, Place, Settled, Wrong
from bot.actions.problems import NO_REASON
from bot.asking import targets
from bot.core.states import ItemState, Role
from bot.db.tables import Membership, Workspace
from tests.actions.deeds import act, raised, row
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc

BERLIN = "Europe/Berlin"
FRIDAY = day("2026-04-03")


@pytest.fixture
def world(begin: Begin) -> World:
    """Ana and Bo are on a stand-up that Cy looks after; Dan has nothing to do with it."""
    world = begin("2026-03-30T08:00")
    for name in ("UANA", "UBO", "UCY", "UDAN", "UEVE"):
        world.person(name, BERLIN)
    world.person("UADM", BERLIN, admin=True)
    world.person("UOUT", BERLIN, external=True)
    world.person("UBOT2", None, bot=True)
    world.set_up(["UANA", "UBO"], by="UCY")
    return world


# --- states


def test_open_in_progress_done_and_back(world: World) -> None:
    item = raised(world, "UANA")
    for what, state, closed in (
        ("start", ItemState.IN_PROGRESS, None),
        ("reopen", ItemState.OPEN, None),
        ("finish", ItemState.DONE, world.at),
        ("reopen", ItemState.OPEN, None),
    ):
        assert isinstance(act(world, what, "UANA", item.id), Noted)
        assert (row(world, item.id).state, row(world, item.id).closed_at) == (state, closed)


def test_dropped_with_a_reason(world: World) -> None:
    item = raised(world, "UANA")
    act(world, "drop", "UBO", item.id, " The model\nis retired ")
    one = row(world, item.id)
    assert (one.state, one.reason, one.closed_at) == (
        ItemState.DROPPED, "The model is retired", world.at,
    )  # fmt: skip
    act(world, "reopen", "UANA", item.id)
    assert (row(world, item.id).state, row(world, item.id).reason) == (ItemState.OPEN, None)


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("", NO_REASON),
        (" \n", NO_REASON),
        ("x" * REASON, None),
        ("x" * (REASON + 1), f"At most {REASON} characters."),
    ],
)
def test_a_reason_is_needed_and_short(world: World, reason: str, wrong: str | None) -> None:
    item = raised(world, "UANA")
    came = act(world, "drop", "UANA", item.id, reason)
    assert came == Wrong({"reason": wrong}) if wrong else isinstance(came, Noted)
    assert row(world, item.id).state is (ItemState.OPEN if wrong else ItemState.DROPPED)


@pytest.mark.parametrize("end", ["finish", "drop"])
@pytest.mark.parametrize("what", ["start", "finish", "drop", "reassign", "move"])
def test_what_is_over_stays_so_until_it_is_reopened(world: World, end: str, what: str) -> None:
    """Somebody else was quicker: told, and nothing is changed."""
    said: dict[str, tuple[Any, ...]] = {
        "drop": ("No",), "reassign": ("UBO",), "move": (FRIDAY,),
    }  # fmt: skip
    item = raised(world, "UANA")
    act(world, end, "UBO", item.id, *said.get(end, ()))
    before = row(world, item.id).state
    came = act(world, what, "UANA", item.id, *said.get(what, ()))
    again = what == end == "finish"
    assert isinstance(came, Noted if again else Settled)
    one = row(world, item.id)
    assert (one.state, one.due, one.owner_id) == (before, None, world.slack("UANA").id)


# --- hand on, and move


def test_handed_on(world: World) -> None:
    """And the one that takes it may be anybody of the workspace."""
    item = raised(world, "UANA")
    act(world, "reassign", "UBO", item.id, "UDAN")
    one = row(world, item.id)
    assert (one.owner_id, one.assigned_by) == (world.slack("UDAN").id, world.slack("UBO").id)


@pytest.mark.parametrize("who", ["UBOT2", "UOUT", ""])
def test_to_nobody_who_could_not_do_it(world: World, who: str) -> None:
    item = raised(world, "UANA")
    came = act(world, "reassign", "UANA", item.id, who)
    assert isinstance(came, Wrong)
    assert list(came.problems) == ["owner"]
    assert row(world, item.id).owner_id == world.slack("UANA").id


@pytest.mark.parametrize("due", [FRIDAY, None])
def test_moved(world: World, due: date | None) -> None:
    """To another day, or to none."""
    item = raised(world, "UANA", due=day("2026-03-31"))
    assert isinstance(act(world, "move", "UANA", item.id, due), Noted)
    assert row(world, item.id).due == due


def test_not_into_the_past(world: World) -> None:
    item = raised(world, "UANA", due=FRIDAY)
    assert isinstance(act(world, "move", "UANA", item.id, day("2026-03-29")), Wrong)
    assert row(world, item.id).due == FRIDAY


# --- who may


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("UANA", True),  # raised it
        ("UEVE", True),  # does it
        ("UBO", True),  # on the team's stand-up
        ("UCY", True),  # looks after it
        ("UADM", True),
        ("UDAN", False),
        ("UOUT", False),
        ("UBOT2", False),
        ("UNOBODY", False),
    ],
)
@pytest.mark.parametrize("what", ["finish", "reassign", "drop", "move", "start"])
def test_its_people_and_its_team_s_may(world: World, who: str, may: bool, what: str) -> None:
    said: dict[str, tuple[Any, ...]] = {
        "drop": ("No",), "reassign": ("UBO",), "move": (FRIDAY,),
    }  # fmt: skip
    item = raised(world, "UANA", owner="UEVE")
    came = act(world, what, who, item.id, *said.get(what, ()))
    assert came == NotTheirs("ueve") if not may else isinstance(came, Noted)


def test_whoever_has_a_role_in_the_team_may(world: World) -> None:
    item = raised(world, "UANA")
    team = row(world, item.id).team_id
    assert team is not None
    role = Membership(team_id=team, person_id=world.slack("UDAN").id, role=Role.ML_ENGINEER)
    world.session.add(role)
    assert isinstance(act(world, "finish", "UDAN", item.id), Noted)


def test_in_its_channel_whoever_sees_it_may(world: World) -> None:
    """But no outsider, and not from another channel."""
    item = raised(world, "UANA", place=Place(channel="C9", channel_name="labels"))
    assert isinstance(act(world, "finish", "UDAN", item.id, here="C8"), NotTheirs)
    assert isinstance(act(world, "finish", "UOUT", item.id, here="C9"), NotTheirs)
    assert isinstance(act(world, "finish", "UDAN", item.id, here="C9"), Noted)


def test_a_channel_that_gets_another_id_is_followed(world: World) -> None:
    item = raised(world, "UANA", place=Place(channel="C9", channel_name="labels"))
    targets.renumber(world.session, world.at, "C9", "C99")
    assert row(world, item.id).channel == "C99"
    assert isinstance(act(world, "finish", "UDAN", item.id, here="C99"), Noted)


def test_an_admitted_guest_is_one_of_the_team(world: World) -> None:
    guest = world.slack("UOUT")
    item = raised(world, "UANA")
    guest.is_admitted = True
    assert isinstance(act(world, "finish", "UOUT", item.id, here=CHANNEL), Noted)


def test_who_has_left_may_no_longer(world: World) -> None:
    item = raised(world, "UANA")
    world.person("UANA", BERLIN, deleted=True)
    assert isinstance(act(world, "finish", "UANA", item.id), NotTheirs)


def test_nothing_is_there_of_another_workspace(world: World) -> None:
    item = raised(world, "UANA")
    other = Workspace(slack_id="T2", name="Other", bot_user="UBOT")
    world.session.add(other)
    world.session.flush()
    world.workspace_id = other.id
    assert act(world, "finish", "UANA", item.id) == Gone()


def test_time_is_the_calendar_s(world: World) -> None:
    """What is done is done then, not when the row is written."""
    item = raised(world, "UANA")
    world.until(utc("2026-04-01T08:00"))
    act(world, "finish", "UANA", item.id)
    assert row(world, item.id).closed_at == utc("2026-04-01T08:00")
