"""What those who left had still to do: offered to who raised it, else to who looks after it."""

import pytest

from bot.actions import shown
from bot.actions.items import give
from bot.asking import guests
from bot.core.states import RitualState
from tests.actions.deeds import RETRAIN, act, raised, row
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

BERLIN = "Europe/Berlin"
MONDAY = day("2026-03-30")


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 11:00; Ana and Bo have their cards. Cy looks after the stand-up and is not on it."""
    world = begin("2026-03-28T12:00")
    for name in ("UANA", "UBO", "UCY", "UDAN"):
        world.person(name, BERLIN)
    world.set_up(["UANA", "UBO"], by="UCY")
    world.until(utc("2026-03-30T09:00"))
    return world


def leaves(world: World, who: str) -> None:
    """Somebody's account is deactivated, and a moment passes."""
    world.person(who, BERLIN, deleted=True)
    world.tick()
    world.send()


def offered(world: World, who: str) -> bool:
    """Whether their card of today offers to give it to somebody."""
    card = world.card(who, MONDAY)
    return "can't do it any more" in card and RETRAIN in card


def test_to_who_raised_it(world: World) -> None:
    """On the card that they have; nobody else reads of it."""
    raised(world, "UANA", owner="UDAN")
    leaves(world, "UDAN")
    assert offered(world, "UANA")
    assert not offered(world, "UBO")
    assert "Reassign" in world.card("UANA", MONDAY)


def test_else_to_who_looks_after_the_ritual(world: World) -> None:
    """Who raised it and had it is gone: its stand-up's owner gets a card for that."""
    raised(world, "UANA")
    leaves(world, "UANA")
    assert offered(world, "UCY")
    assert len(world.notified("UCY")) == 1


def test_who_was_to_give_it_away_leaves_too(world: World) -> None:
    """Nobody has it, since Jira took it from its owner."""
    item = raised(world, "UANA", owner="UDAN")
    row(world, item.id).owner_id = None
    leaves(world, "UANA")
    assert RETRAIN in world.card("UCY", MONDAY)
    assert len(world.notified("UCY")) == 1


def test_where_nobody_looks_after_it_nobody_is_told(world: World) -> None:
    """It stands in the team's list all the same."""
    world.ritual().state = RitualState.DELETED
    raised(world, "UANA")
    leaves(world, "UANA")
    assert not any(offered(world, who) for who in ("UBO", "UCY", "UDAN"))


@pytest.mark.parametrize("what", ["finish", "drop", "reassign"])
def test_until_somebody_has_it_or_it_is_over(world: World, what: str) -> None:
    said = {"drop": ("No",), "reassign": ("UBO",)}.get(what, ())
    item = raised(world, "UANA", owner="UDAN")
    leaves(world, "UDAN")
    act(world, what, "UANA", item.id, *said)
    assert not offered(world, "UANA")


def loses_its_owner(world: World, item_id: int) -> None:
    """As where Jira assigns it to nobody, or to somebody whom nobody knows here."""
    item = row(world, item_id)
    item.owner_id = item.assigned_by = item.told_on = None
    shown.refresh(world.session, world.at, [item_id])
    world.send()


def test_what_has_no_owner_any_more_is_told_like_what_was_left(world: World) -> None:
    """To who raised it, on the card that they have, until somebody has it."""
    item = raised(world, "UANA", owner="UDAN")
    loses_its_owner(world, item.id)
    card = world.card("UANA", MONDAY)
    assert "Nobody has it" in card
    assert RETRAIN in card
    give(row(world, item.id), world.slack("UBO"), None)
    shown.refresh(world.session, world.at, [item.id])
    world.send()
    assert "Nobody has it" not in world.card("UANA", MONDAY)
    assert RETRAIN in world.card("UBO", MONDAY)


def test_who_looks_after_the_ritual_gets_one_card_for_it(world: World) -> None:
    """Who raised it has left; later changes of it are no news."""
    item = raised(world, "UDAN", owner="UBO")
    leaves(world, "UDAN")
    loses_its_owner(world, item.id)
    assert "Nobody has it" in world.card("UCY", MONDAY)
    assert len(world.notified("UCY")) == 1
    world.until(utc("2026-03-31T10:00"))
    shown.refresh(world.session, world.at, [item.id])
    world.send()
    assert len(world.notified("UCY")) == 1


def test_who_comes_back_has_it_still(world: World) -> None:
    raised(world, "UANA", owner="UDAN")
    leaves(world, "UDAN")
    world.person("UDAN", BERLIN)
    world.tick()
    assert not offered(world, "UANA")


def test_a_guest_whose_admission_ends(world: World) -> None:
    """Nobody of another organisation keeps what is to be done here."""
    guest = world.person("UGUEST", BERLIN, external=True)
    guest.is_admitted = True
    raised(world, "UANA", owner="UGUEST")
    guests.end(world.session, world.at, guest, None)
    world.tick()
    world.send()
    assert offered(world, "UANA")


def test_at_night_it_waits_for_the_morning(world: World) -> None:
    raised(world, "UANA")
    world.until(utc("2026-03-30T21:00"))
    leaves(world, "UANA")
    assert world.notified("UCY") == []
    world.until(utc("2026-03-31T12:00"))
    assert [one.at for one in world.notified("UCY")] == [utc("2026-03-31T07:30")]


def test_at_night_a_card_that_is_there_says_it_silently(world: World) -> None:
    """Nobody is called for it before the morning."""
    raised(world, "UANA", owner="UDAN")
    world.until(utc("2026-03-30T20:00"))
    card, called = world.mirrors("card", "UANA")[-1], len(world.notified("UANA"))
    shown_so_far = card.wanted
    leaves(world, "UDAN")
    world.session.refresh(card)
    assert card.wanted > shown_so_far
    assert len(world.notified("UANA")) == called
