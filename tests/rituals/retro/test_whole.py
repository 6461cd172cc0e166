"""A whole retro of seven people in six zones, by the timetable."""

from collections import Counter
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.asking import deck
from bot.core.states import PromptState
from bot.rituals.retro.model import Config, Stage
from bot.rituals.retro.tables import Ballot
from tests.asking.conftest import Begin
from tests.asking.world import World, utc
from tests.rituals.retro.team import LEADER, ZONES, Team, moved


@pytest.fixture
def open_team(begin: Begin) -> Team:
    """On a Monday, before anybody's Tuesday."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    return team


def kind(world: World, who: str) -> None:
    """Nobody's card came to their notice in their quiet hours, or more than twice in a day."""
    there = ZoneInfo(ZONES[who])
    clocks = [one.at.astimezone(there) for one in world.notified(who)]
    assert clocks
    assert all(8 <= one.hour < 20 for one in clocks), clocks
    assert max(Counter(one.date() for one in clocks).values()) <= deck.PER_DAY, clocks


def test_seven_people_in_six_zones_by_the_timetable(open_team: Team) -> None:
    """Each is asked at ten on their own clock, each stage ends by itself, and it ends summed up."""
    team, world = open_team, open_team.world
    team.until(utc("2026-03-31T01:00"))  # ten in Tokyo
    assert team.stage() is Stage.COLLECT
    assert [one.target for one in world.sent if one.view == "card"] == ["UMEI"]
    assert "notes until" in team.message()

    team.until(utc("2026-03-31T17:00"))  # ten in Los Angeles
    assert {who for who, one in team.prompts().items() if one.state is PromptState.ASKED} == set(
        ZONES
    )
    for number, who in enumerate(ZONES):
        team.note(who, f"Note {number} of {who}", number % 3)
    assert "7 notes so far" in team.message()
    assert "Note 3" not in team.message()
    assert "Still waiting for" in team.message()

    team.until_stage(Stage.SORT)
    assert world.at <= utc("2026-04-01T17:30")
    assert "Note 3 of UINE" in team.message()
    assert "uine" in team.message()  # signed, since it is open
    assert "Merge those that say the same" in str(world.notified(LEADER)[-1].content)

    team.until_stage(Stage.VOTE, timedelta(hours=18))
    assert world.at == utc("2026-04-02T09:00")  # two hours after nine in Berlin
    for who in list(ZONES)[:6]:
        team.vote(who, "Note 3 of UINE", f"Note {list(ZONES).index(who)} of {who}")
    assert "6 of 7 voted" in team.message()
    assert "6 votes" not in team.message()

    team.until_stage(Stage.DISCUSS)
    assert "6 votes" in team.message()
    assert len(team.threads()) == 3
    assert "Note 3 of UINE" in team.threads()[0]

    team.until_stage(Stage.CLOSED)
    assert "closed" in team.message()
    assert "Also said" in team.message()
    for who in ZONES:
        kind(world, who)
    assert [one.at for one in world.notified("UMEI")] == [
        utc("2026-03-31T01:00"),  # ten: notes
        utc("2026-03-31T23:00"),  # she never said that she was done: two hours before the end
        utc("2026-04-06T00:00"),  # the discussion; she had voted before she was asked to
    ]


def test_a_reminder_comes_to_who_owes_and_not_at_night(begin: Begin) -> None:
    """Whoever is done is reminded of nothing; in quiet hours a card changes silently."""
    team = Team(begin("2026-03-30T06:00"), Config(open_minutes=600), ("ULEN", "UTOM", "UINE"))
    team.gather()
    world = team.world
    tom = world.slack("UTOM")
    tom.quiet_from, tom.quiet_until = time(17), time(8)
    team.until(utc("2026-03-31T12:00"))
    team.done("ULEN")
    (card,) = world.mirrors(deck.VIEW, "UTOM")
    changes = card.wanted
    team.until(utc("2026-03-31T17:30"))  # two hours before the end it was 18:00 for each
    assert {who: [one.at for one in world.notified(who)[1:]] for who in team.people} == {
        "ULEN": [],
        "UTOM": [],
        "UINE": [utc("2026-03-31T17:00")],
    }
    world.session.refresh(card)
    assert card.wanted > changes


def test_a_stage_ends_early_once_all_are_done(open_team: Team) -> None:
    """Notes, votes and the discussion alike: nobody waits for a deadline that all have met."""
    team = open_team
    team.until(utc("2026-03-31T17:00"))
    team.note("UMEI", "One")
    team.note("UARJ", "Two")
    for who in ZONES:
        team.done(who)
    team.until(team.world.at)
    assert team.stage() is Stage.SORT
    assert moved(team.next()).stage is Stage.VOTE
    team.until(utc("2026-04-01T17:00"))
    for who in ZONES:
        team.vote(who, "Two")
    team.until(team.world.at)
    assert team.stage() is Stage.DISCUSS
    for who in ZONES:
        team.done(who)
    team.until(team.world.at)
    assert team.stage() is Stage.CLOSED


def test_an_anonymous_one_by_the_timetable(begin: Begin, on_sqlite: None) -> None:
    """Counts are told every six hours at most, no name beside a note, and of votes only tallies."""
    team = Team(begin("2026-03-30T06:00"), Config(anonymous=True))
    team.gather()
    team.until(utc("2026-03-31T17:00"))
    for number, who in enumerate(ZONES):
        team.note(who, f"Note {number}", number % 3)
    assert "so far" not in team.message()
    for who in list(ZONES)[:4]:
        team.done(who)
    assert "so far" not in team.message()
    team.until(utc("2026-03-31T23:00"))
    assert "7 notes so far" in team.message()
    assert "4 of 7 done" in team.message()
    for who in list(ZONES)[4:6]:
        team.done(who)
    assert "4 of 7 done" in team.message()
    assert "Still waiting" not in team.message()
    team.until_stage(Stage.SORT)
    assert all(one.person_id is None for one in team.topics())
    assert sorted(one.text for one in team.topics()) == [f"Note {number}" for number in range(7)]
    assert "6 took part" in team.message()
    team.until_stage(Stage.VOTE, timedelta(hours=18))
    for number, who in enumerate(list(ZONES)[:5]):
        team.vote(who, "Note 3", f"Note {number}")
    assert "5 of 7 voted" in team.message()
    assert "5 votes" not in team.message()
    team.until_stage(Stage.DISCUSS)
    assert team.world.session.scalars(select(Ballot)).all() == []
    assert "Note 3" in team.threads()[0]
    assert "5 votes" in team.threads()[0]
    team.until_stage(Stage.CLOSED, timedelta(days=9))
    assert "6 took part" in team.message()  # nobody voted who had not said that they were done
    for who in ZONES:
        kind(team.world, who)
        assert who.lower() not in team.message()
