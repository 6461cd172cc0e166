"""Whatever shows something that changes is marked stale: earlier cards too, and the channel."""

from datetime import time

import pytest
from sqlalchemy import select

from bot.asking import deck, home, preferences, targets
from bot.asking.preferences import NO_COUNTRY
from bot.core.cadence import Cadence
from bot.core.states import Outcome
from bot.db.tables import Mirror, Run
from bot.rituals.standup import answers, lifecycle, setup
from bot.rituals.standup.model import Act, Done
from bot.rituals.standup.running import RUN_VIEW
from bot.rituals.standup.setup import Plan
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, WORKDAYS, World, day, utc

BERLIN, NEW_YORK, LISBON = "Europe/Berlin", "America/New_York", "Europe/Lisbon"
LOS_ANGELES, TOKYO = "America/Los_Angeles", "Asia/Tokyo"
MONDAY = day("2026-03-30")


@pytest.fixture
def world(begin: Begin) -> World:
    """Two in Berlin and one in New York, asked at 09:30 of Monday; nothing is stale."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.person("U3", NEW_YORK)
    world.set_up(["U1", "U2", "U3"])
    world.until(utc("2026-03-30T07:31"))
    return world


def stale(world: World) -> set[tuple[str, str]]:
    """What is stale just now: people's days of cards, and the dates of runs in the channel."""
    rows = world.session.scalars(
        select(Mirror)
        .where(Mirror.shown < Mirror.wanted, Mirror.outcome.is_(None))
        .execution_options(populate_existing=True)
    )
    return {_named(world, one) for one in rows}


def _named(world: World, mirror: Mirror) -> tuple[str, str]:
    if mirror.view == deck.VIEW:
        return mirror.target, deck.parse(mirror.subject)[1].isoformat()
    return mirror.target, world.session.get_one(Run, int(mirror.subject)).local_date.isoformat()


def test_first_cards_follow_a_flight_after_their_day(world: World) -> None:
    """They name the country whose holidays somebody has, which the new zone says anew."""
    world.slack("U1").country = None
    world.until(utc("2026-04-01T12:00"))
    world.person("U1", LISBON)
    assert ("U1", "2026-03-30") in stale(world)


def test_first_cards_follow_a_chosen_country_after_their_day(world: World) -> None:
    """Its button stands there for good, and so does what it says."""
    world.slack("U1").country = None
    world.until(utc("2026-04-01T12:00"))
    use = (world.session, world.at, world.workspace_id, "U1", NO_COUNTRY, "")
    assert isinstance(preferences.keep(*use), preferences.Kept)
    assert ("U1", "2026-03-30") in stale(world)


def test_the_card_of_who_leaves_after_midnight_says_that_nothing_waits(begin: Begin) -> None:
    """It is the card that asked them, whatever date it is where they were."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"], at=time(20))
    world.until(utc("2026-03-30T22:30"))
    world.person("U2", BERLIN, deleted=True)
    assert ("U2", "2026-03-30") in stale(world)


def test_a_run_s_end_that_moves_is_told_wherever_it_stands(world: World) -> None:
    """New York leaves: it closes with Berlin's window, as cards and the channel's message say."""
    world.answer("U2", MONDAY)
    assert stale(world) == set()
    world.person("U3", NEW_YORK, deleted=True)
    assert ("U1", "2026-03-30") in stale(world)
    assert (CHANNEL, "2026-03-30") in stale(world)


def test_the_channel_sees_who_is_on_it_and_who_is_not(world: World) -> None:
    """Its message of today names those who are waited for."""
    world.answer("U2", MONDAY)
    world.set_up(["U1", "U2"])
    assert (CHANNEL, "2026-03-30") in stale(world)
    world.send()
    world.set_up(["U1", "U2", "U3"])
    assert (CHANNEL, "2026-03-30") in stale(world)


def test_an_edited_answer_gives_the_next_card_its_plan(begin: Begin) -> None:
    """*Same as planned* appears on today's card once yesterday's answer says what is planned."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"], open_minutes=30 * 60)
    world.until(utc("2026-03-30T08:00"))
    world.answer("U1", MONDAY)
    world.until(utc("2026-03-31T08:00"))
    assert stale(world) == set()
    prompt, said = world.prompts(MONDAY)["U1"], {"learned": "Done", "next": "More of it"}
    answers.submit(world.session, world.at, world.workspace_id, "U1", prompt.id, said)
    assert ("U1", "2026-03-31") in stale(world)


def test_an_owner_s_card_of_yesterday_follows_a_channel_that_opens_again(world: World) -> None:
    """It is the last they got, so it is there that they read of it."""
    world.answer("U1", MONDAY)
    (message,) = world.mirrors(RUN_VIEW)
    world.stop(message, Outcome.BLOCKED)
    world.send()
    assert "can't be shown" in world.card("U1", MONDAY)
    world.until(utc("2026-03-30T23:30"))
    targets.lift(world.session, world.at, CHANNEL)
    assert ("U1", "2026-03-30") in stale(world)


def test_an_owner_s_card_forgets_the_troubles_of_what_is_deleted(begin: Begin) -> None:
    """Whoever is on it or not."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1"], by="U2")
    world.sleep_until(utc("2026-03-30T17:00"))
    assert "was not running in time" in world.card("U2", MONDAY)
    act = (world.session, world.at, world.workspace_id, "U2", world.ritual().id, Act.DELETE)
    assert isinstance(lifecycle.act(*act), Done)
    assert ("U2", "2026-03-30") in stale(world)


def test_an_owner_s_card_of_yesterday_follows_a_late_answer(begin: Begin) -> None:
    """Who could not be asked in time has answered after all, past the owner's midnight."""
    world = begin("2026-03-28T12:00")
    world.person("U1", TOKYO)
    world.person("U2", BERLIN)
    world.person("U3", LOS_ANGELES)  # whose window keeps the run open
    world.set_up(["U1", "U3"], by="U2")
    world.sleep_until(utc("2026-03-30T09:00"))
    assert "not running in time to ask u1" in world.card("U2", MONDAY)
    world.until(utc("2026-03-30T22:30"))
    assert stale(world) == set()
    prompt, said = world.prompts(MONDAY)["U1"], {"learned": "Done", "next": "More of it"}
    answers.submit(world.session, world.at, world.workspace_id, "U1", prompt.id, said)
    assert ("U2", "2026-03-30") in stale(world)


def test_what_is_open_takes_its_stand_up_s_new_name(world: World) -> None:
    """In the channel, on the cards of those who were asked, and for whoever looks after it."""
    world.answer("U1", MONDAY)
    plan = Plan(
        CHANNEL,
        "team",
        ("U1", "U2", "U3"),
        Cadence(weekdays=WORKDAYS, at=time(9, 30)),
        f"key-{CHANNEL}",
        "Daily",
    )
    setup.start(world.session, world.at, world.workspace_id, "U1", plan)
    assert stale(world) == {(who, "2026-03-30") for who in ("U1", "U2", CHANNEL)}


def test_the_home_of_whoever_is_taken_off_follows(world: World) -> None:
    """It said when they are asked next."""
    home.opened(world.session, world.at, world.workspace_id, "U3")
    world.send()
    (shown,) = world.mirrors(home.VIEW)
    world.set_up(["U1", "U2"])
    world.session.refresh(shown)
    assert shown.shown < shown.wanted
