"""Late by a week: one line in the next message of the ritual that it came from."""

from datetime import time

import pytest
from sqlalchemy import select

from bot.actions.late import week_late
from bot.actions.model import Place
from bot.core.states import ItemState, RitualState
from bot.db.tables import ActionItem, Ritual, Run
from bot.db.tables import Team as TeamRow
from bot.rituals.retro.model import Stage
from bot.rituals.risk.reviews import schedule, team_review
from bot.rituals.risk.reviews.team_review_model import Config
from bot.rituals.standup.lifecycle import act as act_on_ritual
from bot.rituals.standup.model import Act
from tests.actions.deeds import RETRAIN, act, raised
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc
from tests.plans import explained
from tests.rituals.retro.team import LEADER, Team
from tests.rituals.risk.register import add

BERLIN = "Europe/Berlin"


@pytest.fixture
def world(begin: Begin) -> World:
    """Ana and Bo have a stand-up in C1, Cy one in C2."""
    world = begin("2026-03-19T12:00")
    for name in ("UANA", "UBO", "UCY"):
        world.person(name, BERLIN)
    world.set_up(["UANA", "UBO"])
    world.set_up(["UCY"], channel="C2")
    return world


def says(world: World, on: str, channel: str = CHANNEL) -> list[str]:
    found = week_late(world.session, world.at, world.ritual(channel), day(on))
    return [one.what for one in found]


def test_from_the_seventh_day_on(world: World) -> None:
    """Of the day that the run has, whatever the hour."""
    raised(world, "UANA", due=day("2026-03-20"))
    assert says(world, "2026-03-26") == []
    assert says(world, "2026-03-27") == [RETRAIN]
    assert says(world, "2026-04-27") == [RETRAIN]


def test_the_channel_reads_one_line(world: World) -> None:
    """With whose and since when; it goes as soon as it is done, and mentions nobody."""
    item = raised(world, "UANA", owner="UBO", due=day("2026-03-21"))
    raised(world, "UANA", "Label audit", due=day("2026-03-23"))
    world.until(utc("2026-03-30T08:00"))
    world.answer("UANA", day("2026-03-30"))
    run = str(world.run(day("2026-03-30")).id)
    (mirror,) = [one for one in world.mirrors("standup.run") if one.subject == run]
    drawn = str(world.drawn(mirror))
    assert "2 action items are late by a week or more: " in drawn
    assert "'ubo'" in drawn
    assert ", due 21 March)" in drawn
    world.online = False
    act(world, "finish", "UBO", item.id)
    world.session.refresh(mirror)
    assert mirror.shown < mirror.wanted
    drawn = str(world.drawn(mirror))
    assert "1 action item is late by a week or more: " in drawn
    assert RETRAIN not in drawn


def test_where_nobody_answers_it_is_said_all_the_same(world: World) -> None:
    raised(world, "UANA", due=day("2026-03-21"))
    world.until(utc("2026-03-30T20:00"))
    run = str(world.run(day("2026-03-30")).id)
    (mirror,) = [one for one in world.mirrors("standup.run") if one.subject == run]
    drawn = str(world.drawn(mirror))
    assert "nobody answered" in drawn
    assert "1 action item is late by a week or more: " in drawn


def message(world: World, on: str) -> str:
    """What a run's message says now; "" where there is none."""
    run = str(world.run(day(on)).id)
    return "".join(
        str(world.drawn(one)) for one in world.mirrors("standup.run") if one.subject == run
    )


def test_in_the_next_message_alone(world: World) -> None:
    """However often that is drawn; and in another only once it is late by a week anew."""
    item = raised(world, "UANA", due=day("2026-03-21"))
    world.until(utc("2026-03-31T20:00"))
    assert RETRAIN in message(world, "2026-03-30")
    assert "nobody answered" in message(world, "2026-03-31")
    assert RETRAIN not in message(world, "2026-03-31")
    act(world, "move", "UANA", item.id, day("2026-04-01"))
    assert RETRAIN not in message(world, "2026-03-30")
    world.until(utc("2026-04-09T20:00"))
    assert [
        on for on in ("2026-04-07", "2026-04-08", "2026-04-09") if RETRAIN in message(world, on)
    ] == ["2026-04-08"]


@pytest.mark.usefixtures("on_sqlite")
def test_what_was_said_is_found_by_its_runs(world: World) -> None:
    """Whatever else was posted over the years; it is asked whenever a run begins."""
    raised(world, "UANA", due=day("2026-03-21"))
    world.until(utc("2026-03-31T20:00"))
    with explained(world.session, "mirrors") as plans:
        assert says(world, "2026-04-01") == []
    assert plans == ["SEARCH mirrors USING INDEX ix_mirrors_run_id (run_id=?)"]


def test_what_is_late_when_it_is_taken_up_again(world: World) -> None:
    """The next message says it, though earlier ones could have."""
    item = raised(world, "UANA", due=day("2026-03-21"))
    act(world, "finish", "UANA", item.id)
    world.until(utc("2026-03-31T20:00"))
    world.session.get_one(ActionItem, item.id).state = ItemState.OPEN  # as somebody may, in Jira
    world.until(utc("2026-04-01T20:00"))
    assert [
        on for on in ("2026-03-30", "2026-03-31", "2026-04-01") if RETRAIN in message(world, on)
    ] == ["2026-04-01"]


def test_a_run_without_a_message_has_said_nothing(world: World) -> None:
    """As on a day on which all are away; then the next one says it."""
    raised(world, "UANA", due=day("2026-03-21"))
    world.until(utc("2026-03-30T20:00"))
    (stood,) = [
        one for one in world.mirrors("standup.run") if one.run_id == world.run(day("2026-03-30")).id
    ]
    stood.remote_id = None
    world.until(utc("2026-03-31T20:00"))
    assert RETRAIN in message(world, "2026-03-31")


def test_who_answers_before_anybody_is_asked_opens_it(world: World) -> None:
    raised(world, "UANA", due=day("2026-03-21"))
    world.until(utc("2026-03-29T20:00"))
    world.answer("UANA", day("2026-03-30"))
    assert RETRAIN in message(world, "2026-03-30")


def test_by_its_own_ritual_alone(world: World) -> None:
    """What came from none is the team's."""
    own = world.ritual("C2")
    raised(world, "UANA", "In C1", due=day("2026-03-20"))
    raised(world, "UANA", "Of C2's", due=day("2026-03-20"), place=Place("C2", ritual_id=own.id))
    raised(world, "UANA", "Nowhere", due=day("2026-03-20"), place=Place())
    assert says(world, "2026-03-30") == ["In C1"]
    assert says(world, "2026-03-30", "C2") == ["Of C2's"]


def test_of_a_ritual_that_was_deleted_the_team_s_next_one_speaks(world: World) -> None:
    old = world.ritual("C2")
    raised(world, "UCY", due=day("2026-03-20"), place=Place("C2", ritual_id=old.id))
    act_on_ritual(world.session, world.at, world.workspace_id, "UCY", old.id, Act.DELETE)
    old.channel = "C2-old"
    world.set_up(["UCY"], channel="C2", key="another")
    assert world.ritual("C2").state is RitualState.ACTIVE
    assert says(world, "2026-03-30", "C2") == [RETRAIN]


def test_what_a_retro_raised_the_team_s_stand_up_says(world: World) -> None:
    """Though the retro is the older one: its own message has no such line."""
    retro = world.ritual()
    retro.kind, retro.channel = "retro", "C1-retro"
    world.set_up(["UANA"], key="another")
    assert world.ritual().team_id == retro.team_id
    place = Place(CHANNEL, ritual_id=retro.id)
    raised(world, "UANA", "Of the retro's", due=day("2026-03-20"), place=place)
    raised(world, "UANA", "Nowhere", due=day("2026-03-20"), place=Place(CHANNEL))
    assert says(world, "2026-03-30") == ["Of the retro's", "Nowhere"]


def test_without_a_stand_up_the_retro_s_message_says_it(begin: Begin) -> None:
    """As it is posted; once done, it is gone from there."""
    world = begin("2026-03-30T06:00")
    team = Team(world)
    team.gather()
    item = raised(world, LEADER, due=day("2026-03-30"), place=Place(CHANNEL))
    team.until(utc("2026-03-31T18:00"))
    assert "late by a week" not in team.message()
    team.until(utc("2026-04-14T01:00"))
    assert team.stage() is Stage.COLLECT
    assert "1 action item is late by a week or more: " in team.message()
    assert RETRAIN in team.message()
    act(world, "finish", LEADER, item.id)
    assert "late by a week" not in team.message()


def test_without_another_ritual_the_risk_review_says_it(begin: Begin) -> None:
    """As it was when the review was held; beside a stand-up it says nothing of it."""
    world = begin("2026-03-30T06:00")
    world.person("UANA", BERLIN)
    add(world, "UANA")
    raised(world, "UANA", details="Only here", due=day("2026-03-30"))
    team = world.session.scalars(select(TeamRow)).one()
    cadence = schedule.monthly(1, 0, time(10), BERLIN)
    owner = world.slack("UANA").id
    schedule.set_up(world.session, world.at, team, owner, Config(), cadence)
    world.until(utc("2026-04-06T09:00"))
    run = world.session.scalars(select(Run)).one()
    said = [str(one.content) for one in world.sent if one.view == team_review.VIEW]
    assert len(said) == 1
    assert "1 action item is late by a week or more: " in said[0]
    assert "Only here" not in str(run.config)
    world.set_up(["UANA"])
    world.until(utc("2026-05-04T09:00"))
    said = [str(one.content) for one in world.sent if one.view == team_review.VIEW]
    assert len(said) == 2
    assert "late by a week" not in said[1]


def test_of_a_stand_up_that_rests_another_ritual_speaks(begin: Begin) -> None:
    """And of one item never two."""
    world = begin("2026-03-30T06:00")
    team = Team(world)
    team.gather()
    world.set_up([LEADER])
    standup, retro = world.session.scalars(select(Ritual).order_by(Ritual.kind.desc())).all()
    raised(world, LEADER, due=day("2026-03-30"), place=Place(CHANNEL, ritual_id=retro.id))

    def speaking() -> list[Ritual]:
        on = day("2026-04-14")
        return [one for one in (standup, retro) if week_late(world.session, world.at, one, on)]

    assert speaking() == [standup]
    standup.state = RitualState.PAUSED
    assert speaking() == [retro]
    retro.state = RitualState.PAUSED
    assert speaking() == [standup]
    standup.state = RitualState.DELETED
    assert speaking() == [retro]


@pytest.mark.parametrize("what", ["finish", "drop", "move"])
def test_not_what_is_over_or_was_moved(world: World, what: str) -> None:
    said = {"drop": ("No",), "move": (day("2026-04-30"),)}.get(what, ())
    item = raised(world, "UANA", due=day("2026-03-20"))
    act(world, what, "UANA", item.id, *said)
    assert says(world, "2026-03-30") == []
