"""What nobody needs any more goes; what people said, and the channel's messages, stay."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.asking import cards, deck, home
from bot.asking.retention import KEPT, forget_old
from bot.db.tables import Answer, Mirror, Prompt, Run
from bot.engine.housekeeping import Housekeeping
from bot.engine.sending import claim
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY = day("2026-03-30")


@pytest.fixture
def world(begin: Begin) -> World:
    """Two people are asked each day from Monday on, and one has answered on Monday."""
    world = begin("2026-03-28T12:00")
    for who in ("U1", "U2"):
        world.person(who, "Europe/Berlin")
    world.set_up(["U1", "U2"])
    world.until(utc("2026-03-30T08:00"))
    home.opened(world.session, world.at, world.workspace_id, "U2")
    world.send()
    world.answer("U1", MONDAY, "Kept for good")
    return world


def a_month_later(world: World) -> None:
    """Tuesday's cards are there; Monday's changed last more than thirty days ago."""
    world.until(utc("2026-03-31T12:00"))
    world.machine.advance((KEPT - timedelta(hours=20)).total_seconds())


def days(world: World, who: str | None = None) -> list[str]:
    """The dates of the cards there are."""
    return [one.subject.split("/")[1] for one in world.mirrors(deck.VIEW, who)]


def test_old_cards_go_and_younger_ones_stay(world: World) -> None:
    """What a card asked for closed long before."""
    a_month_later(world)
    assert set(days(world)) == {"2026-03-30", "2026-03-31"}
    Housekeeping(forget_old).retain(world.session, world.at, [])
    assert set(days(world)) == {"2026-03-31"}


def test_what_was_said_stays(world: World) -> None:
    """Runs, prompts and answers, and every message in the channel."""

    def kept() -> list[int | None]:
        runs = select(func.count()).where(Mirror.run_id.is_not(None))
        counts = [select(func.count()).select_from(table) for table in (Answer, Prompt, Run)]
        return [world.session.scalar(count) for count in (*counts, runs)]

    a_month_later(world)
    before = kept()
    forget_old(world.session, world.at)
    assert kept() == before
    assert "Kept for good" in world.session.scalars(select(Answer.text)).all()


def test_an_old_card_that_still_changes_stays(world: World) -> None:
    """Somebody acted on it meanwhile."""
    a_month_later(world)
    cards.refresh(world.session, world.at, [(world.slack("U2").id, MONDAY)])
    world.send()
    forget_old(world.session, world.at)
    assert "2026-03-30" in days(world, "U2")
    assert "2026-03-30" not in days(world, "U1")


def test_a_card_that_is_on_its_way_stays(world: World) -> None:
    """Until what comes of it is written down."""
    a_month_later(world)
    (old,) = (one for one in world.mirrors(deck.VIEW, "U1") if "2026-03-30" in one.subject)
    old.wanted += 1
    world.session.flush()
    assert claim(world.session, old.id, world.at) is not None
    forget_old(world.session, world.at)
    assert days(world, "U1") == ["2026-03-30", "2026-03-31"]
    world.machine.advance(60)
    forget_old(world.session, world.at)
    assert days(world, "U1") == ["2026-03-31"]


def test_a_home_that_was_forgotten_is_shown_to_whoever_opens_it(world: World) -> None:
    """As if for the first time."""
    a_month_later(world)
    forget_old(world.session, world.at)
    assert world.mirrors("home") == []
    home.opened(world.session, world.at, world.workspace_id, "U2")
    (mirror,) = world.mirrors("home")
    assert mirror.shown < mirror.wanted


def test_nobody_is_notified_anew_of_what_was_forgotten(world: World) -> None:
    """The days go on, each with cards of its own."""
    a_month_later(world)
    forget_old(world.session, world.at)
    sent = len(world.notified("U2"))
    world.until(utc("2026-04-01T12:00"))
    new = {one.subject.split("/")[1] for one in world.notified("U2")[sent:]}
    assert new == {"2026-03-31", "2026-04-01"}
