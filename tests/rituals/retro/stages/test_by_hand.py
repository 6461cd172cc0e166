"""Retros begun by hand beside those of the timetable, and people who are spared on the way."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.asking import wishes
from bot.asking.upkeep.model import Act
from bot.core.states import PromptState
from bot.rituals.retro.model import (
    Config,
    NotStarting,
    Resting,
    Stage,
    UnderWay,
)
from bot.rituals.retro.running import VIEW
from bot.rituals.retro.setup_listeners import act
from bot.rituals.retro.tables import Retro
from bot.rituals.retro.views import words
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import LEADER, ZONES, Team, away, moved


def test_one_begun_by_hand_asks_whoever_works_now_at_once(begin: Begin) -> None:
    """The others when they next do: nobody at night."""
    team = Team(begin("2026-04-01T08:00"))  # a Wednesday: ten in Berlin, one at night in LA
    team.gather()
    assert moved(team.start()).stage is Stage.COLLECT
    asked = {who for who, one in team.prompts().items() if one.state is PromptState.ASKED}
    assert asked == {"UMEI", "UARJ", "ULEN", "UINE", "UTOM"}
    team.until(utc("2026-04-01T12:00"))
    assert team.prompts()["URAF"].state is PromptState.ASKED
    team.until(utc("2026-04-01T16:00"))
    assert team.prompts()["USAM"].state is PromptState.ASKED


def test_a_second_press_of_start_is_the_same_retro(begin: Begin) -> None:
    """And another one beside it is refused while it is under way."""
    team = Team(begin("2026-04-01T08:00"))
    team.gather()
    first = moved(team.start(key="one"))
    assert moved(team.start(key="one")).retro_id == first.retro_id
    assert team.start(key="two") == UnderWay(Stage.COLLECT, "C1")
    assert len(team.world.session.scalars(select(Retro)).all()) == 1


@pytest.mark.parametrize(("chosen", "named"), [("", ""), ("UMEI", "umei"), ("ULEN", "")])
def test_who_may_not_start_one_reads_who_may(begin: Begin, chosen: str, named: str) -> None:
    """The owner, the facilitator of its settings, and workspace admins."""
    team = Team(begin("2026-04-01T08:00"), Config(facilitator=chosen))
    team.gather()
    refused = team.start(by="UARJ")
    assert refused == NotStarting("ulen", named)
    lead = ", umei, who leads it," if named else ""
    assert words.not_starting(refused) == (
        f"This channel's retro is ulen's: only they{lead} or a workspace admin can start one."
    )
    team.world.person("UARJ", ZONES["UARJ"], admin=True)
    for may in {chosen or "ULEN", "ULEN", "UARJ"}:
        assert not isinstance(team.start(by=may), NotStarting)


def test_a_facilitator_who_left_is_not_named_for_a_start(begin: Begin) -> None:
    """Nor may they."""
    team = Team(begin("2026-04-01T08:00"), Config(facilitator="UMEI"))
    team.gather()
    team.world.person("UMEI", ZONES["UMEI"], deleted=True)
    assert team.start(by="UMEI") == NotStarting("ulen", "")


def test_a_paused_one_is_not_begun_by_hand(begin: Begin) -> None:
    """Nobody would be asked; and once it goes on, it begins."""
    team = Team(begin("2026-04-01T08:00"))
    team.gather()
    world = team.world
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.PAUSE)
    assert team.start(key="one") == Resting()
    assert world.session.scalars(select(Retro)).all() == []
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.RESUME)
    assert moved(team.start(key="two")).stage is Stage.COLLECT


def test_the_next_one_ends_an_earlier_that_is_still_open(begin: Begin) -> None:
    """Its message becomes the summary of what there is."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-03-30T12:00"))
    team.start()
    first = team.retro
    team.note("ULEN", "From the first")
    team.until(utc("2026-03-31T01:00"))
    assert team.retro.id != first.id
    team.world.session.refresh(first)
    assert first.stage is Stage.CLOSED
    found = next(one for one in team.world.mirrors(VIEW) if one.subject == str(first.id))
    assert "From the first" in str(team.world.drawn(found))


def test_settings_changed_in_the_middle_leave_the_vote_alone(team: Team) -> None:
    """Who was to be asked for votes in the morning is asked."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    team.next()
    waiting = {who for who, one in team.prompts().items() if one.state is PromptState.WAITING}
    assert waiting  # it is night somewhere
    team.gather()
    team.until(utc("2026-04-01T17:00"))
    assert {one.state for one in team.prompts().values()} == {PromptState.ASKED}


@pytest.mark.parametrize(
    ("first", "then"), [(Act.PAUSE, None), (None, Act.PAUSE)], ids=["before it", "in it"]
)
def test_after_a_pause_the_others_are_asked_for_votes(
    team: Team, first: Act | None, then: Act | None
) -> None:
    """Whose moment came or was to come while it was paused is asked when they work next."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    world = team.world
    who = world.session, world.at, world.workspace_id, LEADER, team.ritual.id
    if first:
        act(*who, first)
    team.next()
    world.tick()
    if then:
        act(*who, then)
    team.until(utc("2026-03-31T20:00"))
    assert PromptState.SKIPPED in {one.state for one in team.prompts().values()}
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.RESUME)
    assert team.run.closes_at == max(one.closes_at for one in team.prompts().values())
    team.until(utc("2026-04-01T17:00"))
    assert {one.state for one in team.prompts().values()} == {PromptState.ASKED}


def test_who_is_away_on_the_day_of_the_vote_is_not_asked(team: Team) -> None:
    """The day is their own, not that of the notes; and nobody waits for them."""
    world = team.world
    away(team, "UMEI", date(2026, 4, 1))
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    team.next()
    team.next()
    team.until(utc("2026-04-01T17:00"))
    assert team.prompts()["UMEI"].state is PromptState.SKIPPED
    for who in ZONES:
        if who != "UMEI":
            team.vote(who, "One")
    team.until(world.at)
    assert team.stage() is Stage.DISCUSS


def test_whoever_skips_last_ends_the_stage_too(team: Team) -> None:
    """Nobody owes anything then."""
    world = team.world
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    for who in list(ZONES)[1:]:
        team.done(who)
    prompt = team.prompts()["UMEI"]
    wishes.skip(world.session, world.at, world.workspace_id, "UMEI", prompt.id)
    team.until(world.at)
    assert team.stage() is Stage.SORT


def all_but(team: Team, who: str) -> None:
    """Notes of one, and everybody else is done."""
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    for other in ZONES:
        if other != who:
            team.done(other)


def test_whoever_is_spared_when_their_moment_comes_ends_the_stage_too(begin: Begin) -> None:
    """The others were done before, in the evening or their morning; the last is on leave."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-03-31T16:59"))  # ten in Los Angeles comes in a minute
    all_but(team, "USAM")
    away(team, "USAM", date(2026, 3, 31))
    assert team.prompts()["USAM"].state is PromptState.WAITING
    assert team.stage() is Stage.COLLECT
    team.until(utc("2026-03-31T17:00"))
    assert team.stage() is Stage.SORT


def test_whoever_says_last_that_they_are_away_ends_the_stage_too(team: Team) -> None:
    """They were asked, and owe nothing any more."""
    all_but(team, "USAM")
    away(team, "USAM", date(2026, 3, 31))
    team.until(team.world.at)
    assert team.stage() is Stage.SORT


def test_the_last_who_is_taken_off_it_ends_the_stage_too(team: Team) -> None:
    """In its settings, while it collects."""
    all_but(team, "USAM")
    team.people = tuple(who for who in ZONES if who != "USAM")
    team.gather()
    team.until(team.world.at)
    assert team.stage() is Stage.SORT


def test_where_all_are_spared_a_stage_lasts(team: Team) -> None:
    """Nobody has voted yet, and somebody may come by."""
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    team.next()
    for who in ZONES:
        away(team, who, date(2026, 3, 31))
    team.next()
    ends = team.run.closes_at
    team.until(utc("2026-04-01T23:00"))
    assert {one.state for one in team.prompts().values()} == {PromptState.SKIPPED}
    assert team.stage() is Stage.VOTE
    team.vote("UMEI", "One")
    team.until(team.world.at)
    assert team.stage() is Stage.DISCUSS
    assert team.world.at < ends
