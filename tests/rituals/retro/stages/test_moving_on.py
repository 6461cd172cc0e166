"""Whoever leads moves a retro on, once, and gives it more time; others may not."""

from datetime import timedelta

from bot.rituals.retro import leading
from bot.rituals.retro.finding import leader, place_of
from bot.rituals.retro.lead_commands import said
from bot.rituals.retro.model import Config, MovedBefore, NotLeading, Stage
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import EVERYBODY, LEADER, ZONES, Team, more_time, moved


def test_nobody_is_called_to_one_that_was_closed_meanwhile(unsigned: Team) -> None:
    """The call waited for the end of their quiet hours, and there is nothing left to choose."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done("UMEI")
    unsigned.until(utc("2026-03-31T22:00"))  # midnight in Berlin
    assert moved(unsigned.next()).held
    world = unsigned.world
    leading.close(world.session, world.at, world.workspace_id, LEADER, unsigned.retro.id)
    world.send()
    cards = {(one.subject, one.wanted) for one in world.mirrors("card")}
    unsigned.until(utc("2026-04-01T06:30"))
    assert {(one.subject, one.wanted) for one in world.mirrors("card")} == cards


def test_who_is_called_tomorrow_reads_it_today(unsigned: Team) -> None:
    """Their card, which is there already, says silently that it waits for them."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done(LEADER)
    unsigned.until(utc("2026-03-31T18:30"))  # half past eight in the evening in Berlin
    world = unsigned.world
    for one in ZONES:
        if one != LEADER:
            unsigned.done(one)
    before = world.mirrors("card", LEADER)[0].wanted
    unsigned.until(utc("2026-03-31T18:31"))
    assert unsigned.retro.held
    assert world.mirrors("card", LEADER)[0].wanted > before


def test_others_may_not_lead(team: Team) -> None:
    """They are told who does."""
    refused = team.next(by="UMEI")
    assert refused == NotLeading("ulen")
    assert team.stage() is Stage.COLLECT


def test_a_facilitator_of_its_own_leads(begin: Begin) -> None:
    """Beside the owner, and only while they are there."""
    team = Team(begin("2026-03-30T06:00"), Config(facilitator="UMEI"))
    team.gather()
    team.until(EVERYBODY)
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    assert team.next(by="UARJ") == NotLeading("umei")
    assert moved(team.next(by="UMEI")).stage is Stage.SORT


def test_a_facilitator_who_leaves_is_followed_by_the_owner(begin: Begin) -> None:
    """And an owner who leaves, by whoever the retro passes to: it goes on in any case."""
    team = Team(begin("2026-03-30T06:00"), Config(facilitator="UMEI"))
    team.gather()
    team.until(EVERYBODY)
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    team.world.person("UMEI", ZONES["UMEI"], deleted=True)
    assert team.next(by="UMEI") == NotLeading("ulen")
    team.world.person("ULEN", ZONES["ULEN"], deleted=True)
    heir = leader(team.world.session, place_of(team.world.session, team.retro))
    assert heir.slack_id == "UARJ"
    assert moved(team.next(by="UARJ")).stage is Stage.SORT


def test_two_facilitators_at_once_move_it_on_once(team: Team) -> None:
    """By the button that each saw, and by the word that each typed."""
    team.world.person("UMEI", ZONES["UMEI"], admin=True)
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    assert moved(team.next(stage=Stage.COLLECT)).stage is Stage.SORT
    assert team.next(by="UMEI", stage=Stage.COLLECT) == MovedBefore("ulen", Stage.SORT)
    refused = team.type_next(by="UMEI")
    assert refused == MovedBefore("ulen", Stage.SORT)
    assert said(refused).startswith("ulen moved it on just before you")
    team.until(team.world.at + timedelta(minutes=1))
    assert moved(team.type_next(by="UMEI")).stage is Stage.VOTE


def test_a_word_typed_twice_moves_it_on_once(team: Team) -> None:
    """A minute later it means the next stage, and so does its button at once."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    assert moved(team.type_next()).stage is Stage.SORT
    refused = team.type_next()
    assert refused == MovedBefore("ulen", Stage.SORT, own=True)
    assert "You moved it on a moment ago" in said(refused)
    assert team.stage() is Stage.SORT
    assert moved(team.next(stage=Stage.SORT)).stage is Stage.VOTE


def test_a_word_typed_as_time_is_up_moves_it_on_once(team: Team) -> None:
    """And it isn't said to be whoever moved it on the time before."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    team.until_stage(Stage.VOTE)
    refused = team.type_next()
    assert refused == MovedBefore("", Stage.VOTE)
    assert said(refused).startswith("The timetable moved it on just before you")
    assert team.stage() is Stage.VOTE


def test_one_just_begun_is_moved_on_by_a_word(begin: Begin) -> None:
    """Nobody moved it on before."""
    team = Team(begin("2026-04-01T08:00"))
    team.gather()
    team.start()
    team.note("ULEN", "One")
    assert moved(team.type_next()).stage is Stage.DISCUSS


def test_more_time_moves_the_deadline_and_the_reminder(team: Team) -> None:
    """Whoever was late is so no more, and is reminded before the new end."""
    team.until(utc("2026-04-01T16:00"))
    before = team.run.closes_at
    result = more_time(team, timedelta(hours=30))
    assert result.ends == before + timedelta(hours=30)
    team.note("UMEI", "Later")
    team.note("UMEI", "Later still")
    team.until(result.ends - timedelta(minutes=1))
    assert team.stage() is Stage.COLLECT
    team.until(result.ends)
    assert team.stage() is Stage.SORT
