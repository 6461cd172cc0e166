"""*Since you left*: blockers that name somebody, then what their teammates said."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.states import RitualState
from bot.db.tables import Blocker
from bot.rituals.standup import answers, unblocking
from bot.rituals.standup.answers import Beside, Saved
from bot.rituals.standup.model import Reveal
from bot.rituals.standup.news import news
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN = "Europe/Berlin"
PEOPLE = ("UANA", "UBO", "UCY", "UDI")


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin; Ana has just answered."""
    world = begin("2026-03-28T12:00")
    for name in (*PEOPLE, "UELSE"):
        world.person(name, BERLIN)
    world.set_up(PEOPLE)
    world.set_up(["UELSE", "UDI"], channel="C2")
    world.until(utc("2026-03-30T08:00"))
    say(world, "UANA")
    return world


def say(
    world: World,
    who: str,
    text: str = "Much",
    *,
    on: date = MONDAY,
    channel: str = "C1",
    blockers: str = "",
    **beside: Any,
) -> None:
    """A minute later, somebody answers."""
    world.until(world.at + minutes(1))
    result = answers.submit(
        world.session,
        world.at,
        world.workspace_id,
        who,
        world.prompts(on, channel)[who].id,
        {"learned": text, "blockers": blockers},
        Beside(**beside),
    )
    assert isinstance(result, Saved)


def told(world: World, who: str = "UANA") -> list[str]:
    world.session.flush()
    return list(news(world.session, world.at, world.slack(who).id))


def test_teammates_answers_the_newest_first(world: World) -> None:
    """Their first words; not one's own, and not those of a stand-up one isn't on."""
    say(world, "UBO", "Half of August's\ncancellations " + "x" * 200)
    say(world, "UCY", "Second")
    say(world, "UELSE", "Elsewhere", channel="C2")
    bo = told(world)[1]
    assert told(world)[0] == "ucy: Second"
    assert bo.startswith("ubo: Half of August's cancellations xxx")
    assert bo.endswith("…")
    assert len(bo) <= 110
    assert len(told(world)) == 2
    assert told(world, "UDI")[0] == "uelse: Elsewhere"


def test_three_lines_and_blockers_that_name_one_come_first(world: World) -> None:
    say(world, "UCY", blockers="The export\nLabels", helper="UANA", anew=True)
    say(world, "UBO", "Newest")
    say(world, "UDI", "Newer still")
    assert told(world) == [
        "ucy is blocked, and named you: Labels",
        "ucy is blocked, and named you: The export",
        "udi: Newer still",
    ]


def test_only_since_the_last_answer(world: World) -> None:
    """What was there before it was there to be read then."""
    say(world, "UBO", "Before", blockers="GPU", helper="UANA", anew=True)
    world.until(utc("2026-03-31T08:00"))
    assert told(world) == ["ubo is blocked, and named you: GPU", "ubo: Before"]
    say(world, "UANA", on=TUESDAY)
    say(world, "UCY", "After", on=TUESDAY)
    assert told(world) == ["ucy: After"]


def test_a_week_at_most(world: World) -> None:
    """Whoever was away longer reads the last week's."""
    say(world, "UBO", "Old")
    world.until(utc("2026-04-07T08:00"))
    assert told(world) == []
    say(world, "UBO", "New", on=day("2026-04-07"))
    assert told(world) == ["ubo: New"]


def test_whoever_never_answered_reads_the_last_week_s(world: World) -> None:
    assert told(world, "UBO") == ["uana: Much"]


def test_what_is_shown_at_close_is_no_news_before(world: World) -> None:
    """Else the card would tell what the channel hides."""
    run = world.run(MONDAY)
    run.config = {**run.config, "reveal": Reveal.AT_CLOSE.value}
    say(world, "UBO", "Hidden")
    assert told(world) == []
    world.until(utc("2026-03-31T08:00"))
    assert told(world) == ["ubo: Hidden"]


def test_a_resolved_blocker_and_a_deleted_stand_up_are_no_news(world: World) -> None:
    say(world, "UBO", blockers="GPU\nLabels", helper="UANA", anew=True)
    say(world, "UBO", blockers="Labels", helper="UANA")
    assert told(world)[0] == "ubo is blocked, and named you: Labels"
    world.ritual().state = RitualState.DELETED
    assert told(world) == []


def test_the_owner_learns_that_somebody_can_t_help(world: World) -> None:
    """Until their next answer; once somebody else is named it is settled."""
    say(world, "UBO", blockers="GPU", helper="UCY", anew=True)
    blocker_id = world.session.scalars(select(Blocker.id)).one()
    assert told(world, "UBO") == []
    unblocking.decline(world.session, world.at + minutes(1), world.workspace_id, "UCY", blocker_id)
    assert told(world, "UBO") == ["ucy can't help with: GPU"]
    world.until(world.at + minutes(2))
    say(world, "UBO", blockers="GPU", helper="UDI", anew=True)
    assert told(world, "UBO") == []


def test_hostile_words_are_one_plain_line(world: World) -> None:
    """What draws them escapes them."""
    say(world, "UBO", "<!channel>\n*b* \u202e" + "אב" * 100)
    (line,) = told(world)
    assert "\n" not in line
    assert "\u202e" not in line
    assert line.startswith("ubo: <!channel> *b*")


def test_few_queries_however_many_answer(begin: Begin, statements: list[str]) -> None:
    """A card is drawn often."""
    world = begin("2026-03-28T12:00", online=False)
    names = [f"U{number}" for number in range(30)]
    for name in names:
        world.person(name, BERLIN)
    world.set_up(names)
    world.until(utc("2026-03-30T08:00"))
    for name in names[1:]:
        say(world, name)
    world.session.flush()
    person = world.slack("U0").id
    statements.clear()
    assert len(news(world.session, world.at, person)) == 3
    assert len(statements) <= 7
