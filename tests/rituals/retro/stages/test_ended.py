"""What is left of a retro that was deleted, paused, or whose channel is gone."""

from datetime import timedelta

from sqlalchemy import select

from bot.asking.upkeep.model import Act
from bot.core.states import Outcome, RunState
from bot.db.tables import Ritual, Run, Timer
from bot.engine import timers
from bot.rituals.retro import stages
from bot.rituals.retro.model import Stage
from bot.rituals.retro.running import TOPIC_VIEW, VIEW
from bot.rituals.retro.setup_listeners import act
from bot.rituals.retro.shown import topic_shown
from bot.rituals.retro.tables import Ballot, Note, Retro
from tests.asking.world import utc
from tests.db import rows
from tests.rituals.retro.team import LEADER, Team


def test_deleting_it_shows_nothing_that_was_hidden(team: Team) -> None:
    """And what is under way ends."""
    world = team.world
    team.note("UMEI", "Never shown")
    _delete(team)
    assert team.stage() is Stage.CLOSED
    assert "Never shown" not in team.message()
    assert "this retro was deleted" in team.message()
    assert world.session.scalar(select(Note.text)) is None


def _delete(team: Team) -> None:
    world = team.world
    done = act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.DELETE)
    assert getattr(done, "act", None) is Act.DELETE
    world.send()


def test_what_had_ended_before_it_was_deleted_is_told_as_it_ended(team: Team) -> None:
    """An item of it may change long after, and its message is drawn anew."""
    team.note("UMEI", "Labels come late")
    team.until_stage(Stage.CLOSED)
    before = team.message()
    assert "Labels come late" in before
    team.until(team.world.at + timedelta(hours=1))
    _delete(team)
    assert team.message() == before


def test_deleted_while_it_is_discussed_it_keeps_what_was_shown(team: Team) -> None:
    """And says how it ended; nobody is invited to its threads any more."""
    team.note("UMEI", "Labels come late")
    team.until_stage(Stage.DISCUSS)
    _delete(team)
    for told in ("Labels come late", "deleted before its end"):
        assert told in team.message()
    (topic,) = team.world.mirrors(TOPIC_VIEW)
    shown = topic_shown(team.world.session, topic.subject, team.world.at)
    assert shown is not None
    assert not shown.open


def test_deleted_while_people_vote_it_tells_no_votes(team: Team) -> None:
    """Nobody has seen them."""
    for text in ("Labels come late", "Features drift"):
        team.note("UMEI", text)
    team.until_stage(Stage.VOTE)
    team.vote("UMEI", "Features drift")
    _delete(team)
    assert {one.votes for one in team.topics()} == {None}
    assert team.world.session.scalars(select(Ballot)).all() == []
    assert "Features drift" in team.message()


def test_a_paused_one_runs_out_by_its_deadlines(team: Team) -> None:
    """What is under way goes on for whoever was asked; no new one begins."""
    world = team.world
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.PAUSE)
    team.until_stage(Stage.CLOSED, timedelta(days=9))
    team.until(utc("2026-04-20T00:00"))
    assert len(world.session.scalars(select(Retro)).all()) == 1


def test_whoever_never_said_that_they_were_done_may_have_said_a_lot(team: Team) -> None:
    """Their card says no more than that it is closed."""
    world = team.world
    team.note("UMEI", "Kept")
    team.note("UMEI", "Kept too")
    today = world.at.date()
    assert "Add notes" in world.card("UMEI", today)
    team.next()
    card = world.card("UMEI", today)
    assert "· Closed" in card
    assert "Closed without" not in card


def test_a_channel_archived_in_the_middle_loses_nothing(team: Team) -> None:
    """Its owner is told, it goes on, and the message says all once the channel is back."""
    world = team.world
    found = world.mirrors(VIEW)[0]
    world.stop(found, Outcome.BLOCKED)
    found.detail = "is_archived"
    world.send()
    assert "the channel is archived" in world.card(LEADER, world.at.date())
    team.note("UMEI", "Kept")
    team.note("UMEI", "Kept too")
    team.next()
    assert "Kept too" in team.message()


def test_each_step_may_run_twice(team: Team) -> None:
    """A timer that fires again finds its work done."""
    world = team.world
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    due = list(map(rows.fired, world.session.scalars(select(Timer).where(Timer.step == "close"))))
    team.until(utc("2026-04-01T17:00"))
    before = [(one.id, one.text) for one in team.topics()]
    stages.close_rounds(world.session, world.at, due)
    stages.ask(world.session, world.at, due)
    assert [(one.id, one.text) for one in team.topics()] == before
    assert team.stage() is Stage.SORT
    assert timers.next_due(world.session) is not None


def test_runs_of_later_stages_are_no_occasions_of_the_calendar(team: Team) -> None:
    """They stand beside the planned one, and don't move it."""
    world = team.world
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.until_stage(Stage.CLOSED, timedelta(days=9))
    rows = world.session.execute(
        select(Run.local_date, Run.ordinal, Run.state).join(Ritual).order_by(Run.id)
    ).all()
    assert [(str(day), ordinal) for day, ordinal, _state in rows if ordinal == 0] == [
        ("2026-03-31", 0)
    ]
    assert {state for _day, ordinal, state in rows if ordinal > 0} == {RunState.CLOSED}
    assert len(rows) == 3
