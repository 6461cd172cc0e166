"""Merging, voting, and what stays of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import Participant
from bot.rituals.retro import merging, votes
from bot.rituals.retro.merging import TooFew
from bot.rituals.retro.model import Config, NotLeading, NotOnIt, Past, Stage
from bot.rituals.retro.tables import Ballot, Topic
from bot.rituals.retro.views.shown import Ballot as Booth
from bot.rituals.retro.views.shown import Table
from bot.rituals.retro.views.vote import vote_modal
from bot.rituals.retro.votes import TooMany, Voted
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import LEADER, ZONES, Team

EVERYBODY = utc("2026-03-31T17:00")


@pytest.fixture
def team(begin: Begin) -> Team:
    """Six notes are shown, and may be merged."""
    made = Team(begin("2026-03-30T06:00"), Config(votes=2))
    made.gather()
    made.until(EVERYBODY)
    for number, who in enumerate(list(ZONES)[:6]):
        made.note(who, f"Note {number}", number % 3)
    made.next()
    return made


def merge(team: Team, *said: str, by: str = LEADER) -> object:
    world = team.world
    chosen = [team.topic(one).id for one in said]
    return merging.merge(world.session, world.at, world.workspace_id, by, team.retro.id, chosen)


def vote(team: Team, who: str, *said: str) -> object:
    world = team.world
    chosen = [team.topic(one).id for one in said]
    return votes.vote(world.session, world.at, world.workspace_id, who, team.retro.id, chosen)


def test_like_notes_become_one_topic_and_are_parted_again(team: Team) -> None:
    """What was merged before comes along; the channel says how many are alike."""
    world = team.world
    merge(team, "Note 0", "Note 3")
    found = merge(team, "Note 0", "Note 1")
    assert isinstance(found, Table)
    assert [(one.text, one.parts) for one in found.options] == [
        ("Note 0", 2),
        ("Note 2", 0),
        ("Note 4", 0),
        ("Note 5", 0),
    ]
    assert "(+2 alike)" in team.message()
    parted = merging.part(
        world.session,
        world.at,
        world.workspace_id,
        LEADER,
        team.retro.id,
        team.topic("Note 0").id,
    )
    assert isinstance(parted, Table)
    assert len(parted.options) == 6


def test_merging_takes_two_a_facilitator_and_the_right_moment(team: Team) -> None:
    """Else nothing changes."""
    assert merge(team, "Note 0") == TooFew()
    assert merge(team, "Note 0", "Note 1", by="UMEI") == NotLeading("ulen")
    team.next()
    assert merge(team, "Note 0", "Note 1") == Past(Stage.VOTE, team.retro.id)
    assert all(one.into_id is None for one in team.topics())


def test_more_votes_than_one_has_are_refused(team: Team) -> None:
    """None of them is kept; those of before stand."""
    team.next()
    assert vote(team, "UMEI", "Note 0") == Voted()
    assert vote(team, "UMEI", "Note 0", "Note 1", "Note 2") == TooMany(2, 3)
    kept = team.world.session.scalars(select(Ballot.topic_id)).all()
    assert kept == [team.topic("Note 0").id]


def test_the_form_says_until_when_as_the_card_does(team: Team) -> None:
    """On the clock of whoever votes."""
    team.next()
    team.until(utc("2026-04-01T06:00"))
    world = team.world
    form = votes.booth(world.session, world.at, world.workspace_id, "UMEI", team.retro.id)
    assert isinstance(form, Booth)
    assert "Open until Thu 09:00." in str(vote_modal(form))  # nine in Tokyo, a day later
    assert "Open until Thu 09:00" in str(world.notified("UMEI")[-1].content)


def test_whoever_is_added_meanwhile_is_asked_from_the_next_stage_on(team: Team) -> None:
    """As it is said to whoever wants to take part and isn't on it."""
    world = team.world
    person = world.person("UNEW", "Europe/Berlin")
    assert vote(team, "UNEW", "Note 0") == NotOnIt()
    world.session.add(Participant(ritual_id=team.ritual.id, person_id=person.id))
    team.next()
    team.until(utc("2026-04-01T08:00"))
    assert "Retro: votes" in str(world.notified("UNEW")[-1].content)
    assert vote(team, "UNEW", "Note 0") == Voted()


def test_votes_may_be_changed_until_the_end(team: Team) -> None:
    """The last choice counts, and nobody sees how it stands."""
    team.next()
    vote(team, "UMEI", "Note 0", "Note 1")
    vote(team, "UMEI", "Note 2")
    assert "· 1 vote'" not in team.message()
    team.next()
    assert [one.votes for one in team.topics()] == [0, 0, 1, 0, 0, 0]


def test_votes_for_what_is_no_topic_count_for_nothing(team: Team) -> None:
    """Of another retro, or merged into another one meanwhile."""
    world = team.world
    merge(team, "Note 0", "Note 1")
    team.next()
    merged = team.topic("Note 1").id
    said = votes.vote(
        world.session, world.at, world.workspace_id, "UMEI", team.retro.id, [merged, 4711]
    )
    assert said == Voted()
    assert world.session.scalars(select(Ballot)).all() == []


def test_only_tallies_stay(team: Team) -> None:
    """Whose votes they were is forgotten when the vote is over."""
    team.next()
    vote(team, "UMEI", "Note 4", "Note 1")
    vote(team, "UARJ", "Note 4")
    team.next()
    assert team.world.session.scalars(select(Ballot)).all() == []
    assert [(one.text, one.votes, one.rank) for one in team.topics() if one.rank] == [
        ("Note 1", 1, 2),
        ("Note 4", 2, 1),
    ]


def test_the_first_three_are_discussed(team: Team) -> None:
    """Of as many votes each, what more people wrote of comes first."""
    merge(team, "Note 2", "Note 5")
    team.next()
    for who in list(ZONES)[:4]:
        vote(team, who, "Note 4")
    vote(team, "ULEN", "Note 0", "Note 2")
    vote(team, "UINE", "Note 1", "Note 3")
    team.next()
    assert [one.text for one in sorted(team.topics(), key=lambda one: one.rank or 9)][:3] == [
        "Note 4",
        "Note 2",
        "Note 0",
    ]
    assert len(team.threads()) == 3


def test_where_nobody_votes_all_are_as_good(team: Team) -> None:
    """Three are discussed all the same."""
    team.until_stage(Stage.DISCUSS, timedelta(days=4))
    assert len(team.threads()) == 3


def test_a_vote_after_the_end_changes_nothing(team: Team) -> None:
    """It says where the retro is instead."""
    team.next()
    team.next()
    assert vote(team, "UMEI", "Note 0") == Past(Stage.DISCUSS, team.retro.id)
    assert team.world.session.scalars(select(Topic.votes)).all() == [0] * 6
