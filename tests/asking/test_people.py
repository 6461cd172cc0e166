"""People as Slack tells of them: whom to look up, and whose changes matter."""

import pytest

from bot.asking import home, people
from bot.slack.gateway import Member
from tests.asking.conftest import Begin
from tests.asking.world import World, utc

BERLIN, LISBON = "Europe/Berlin", "Europe/Lisbon"


@pytest.fixture
def world(begin: Begin) -> World:
    """A stand-up of somebody known and somebody new, set up by a third."""
    world = begin("2026-03-30T05:00")
    world.person("U1", BERLIN)
    world.set_up(["U1", "UNEW"], by="UBOSS")
    return world


def looked_at(world: World) -> list[str]:
    world.session.flush()
    return [slack_id for _workspace, slack_id in people.to_look_at(world.session)]


def test_whom_slack_is_asked_about(world: World) -> None:
    """Participants, owners and those who opened their Home; once a day, strangers first."""
    world.person("U9", BERLIN)
    assert looked_at(world) == ["UBOSS", "UNEW"]
    home.opened(world.session, world.at, world.workspace_id, "UHOME")
    assert looked_at(world) == ["UBOSS", "UNEW", "UHOME"]
    for who in ("UBOSS", "UNEW", "UHOME"):
        world.person(who, BERLIN)
    assert looked_at(world) == []
    world.until(utc("2026-03-31T05:01"))
    assert set(looked_at(world)) == {"U1", "UBOSS", "UNEW", "UHOME"}


def test_who_left_is_not_looked_up_again(world: World) -> None:
    """A leaver and a bot are done with."""
    world.person("UNEW", None, deleted=True)
    world.person("UBOSS", None, bot=True)
    assert looked_at(world) == []


def test_whom_slack_hides_keeps_their_name(world: World) -> None:
    """Earlier answers go on bearing it; a stranger has their id."""
    for who in ("U1", "UNEW"):
        hidden = Member(who, "", None, False, False, False, True)
        people.learn(world.session, world.at, world.workspace_id, hidden)
    assert (world.slack("U1").name, world.slack("U1").deleted) == ("u1", True)
    assert world.slack("UNEW").name == "UNEW"


def test_a_stranger_s_change_is_not_kept(world: World) -> None:
    """`user_change` comes for everyone in the workspace; only those we know are of interest."""
    for who, name in (("U1", "Ana"), ("U7", "Bo")):
        member = Member(who, name, BERLIN, True, False, False, False)
        people.change(world.session, world.at, world.workspace_id, member)
    assert (world.slack("U1").name, world.slack("U1").is_admin) == ("Ana", True)
    assert looked_at(world) == ["UBOSS", "UNEW"]


def test_a_change_that_comes_after_a_later_one_is_not_believed(world: World) -> None:
    """Slack sends again what was not acknowledged: meanwhile they have flown on."""
    for zone, stamp in ((LISBON, "1774850402.000100"), (BERLIN, "1774850400.000100")):
        member = Member("U1", "Ana", zone, False, False, False, False)
        people.change(world.session, world.at, world.workspace_id, member, stamp)
    assert world.slack("U1").tz == LISBON
    member = Member("U1", "Ana", BERLIN, False, False, False, False)
    people.change(world.session, world.at, world.workspace_id, member, "1774850500.000000")
    assert world.slack("U1").tz == BERLIN


def test_what_a_look_found_is_older_than_what_was_told_meanwhile(world: World) -> None:
    """The answer was on its way when they landed."""
    found = Member("U1", "Ana", BERLIN, False, False, False, False)
    look = (world.session, world.at, world.workspace_id, found)
    asked = world.machine.utc()
    world.person("U1", LISBON)
    people.learn_found(*look, asked)
    assert world.slack("U1").tz == LISBON
    world.machine.advance(1)
    people.learn_found(*look, world.machine.utc())
    assert world.slack("U1").tz == BERLIN


def test_somebody_back_is_asked_when_put_on_again(world: World) -> None:
    """Deactivated and active again: on no stand-up until somebody says so, then asked."""
    world.person("U1", BERLIN, deleted=True)
    world.until(utc("2026-03-31T09:00"))
    world.person("U1", BERLIN)
    world.until(utc("2026-03-31T10:00"))
    assert world.asked == []
    world.set_up(["U1"], by="UBOSS", key="again")
    world.until(utc("2026-04-01T08:00"))
    assert [(one.person, one.at) for one in world.asked] == [("U1", utc("2026-04-01T07:30"))]
