"""The team review: when it is held, what it says, and that it is held once."""

from datetime import time

import pytest
from sqlalchemy import select, update

from bot.asking.replanning import replan_missing
from bot.core.content import Message
from bot.db.tables import Run, Team, Timer
from bot.rituals.risk import RITUAL, beside, checks, register
from bot.rituals.risk.checks_model import QUESTIONS, CheckTyped, Made
from bot.rituals.risk.loading import mitigations
from bot.rituals.risk.model import KIND
from bot.rituals.risk.reviews import checks_due, schedule, team_review
from bot.rituals.risk.reviews.reviews_model import Fate
from bot.rituals.risk.reviews.snapshot import review_of
from bot.rituals.risk.reviews.team_review_model import Config, When
from bot.rituals.risk.states import CheckKind, MitigationState, Said
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.rituals.risk.register import add, decide, rescore, risk_owner

TEN = time(10)


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-16T02:00")
    made.person("ULENA", "Europe/Berlin")
    made.person("UINES", "Europe/Lisbon")
    return made


def set_up(world: World, when: When = When.MONTHLY, checks_every: int = 0) -> Team:
    team = world.session.scalars(select(Team)).one()
    cadence = schedule.monthly(1, 0, TEN, "Europe/Berlin")
    if when is When.SPRINT:
        found = schedule.at_sprints_end(team, TEN, "Europe/Berlin", world.at.date())
        assert found is not None
        cadence = found
    owner = world.slack("ULENA").id
    config = Config(when=when, checks_every=checks_every)
    schedule.set_up(world.session, world.at, team, owner, config, cadence)
    return team


def held(world: World) -> list[tuple[str, str]]:
    """When the reviews so far were posted, and dated."""
    runs = world.session.scalars(select(Run).order_by(Run.id))
    return [(f"{one.closes_at:%m-%dT%H:%M}", f"{one.local_date:%m-%d}") for one in runs]


def test_on_the_first_monday(world: World) -> None:
    """At ten by the team's clock, before and after it changes; once each month."""
    add(world, "ULENA")
    set_up(world)
    world.until(utc("2026-06-15T00:00"))
    replan_missing(world.session, world.at)
    assert held(world) == [
        ("04-06T08:00", "04-06"),
        ("05-04T08:00", "05-04"),
        ("06-01T08:00", "06-01"),
    ]


def test_at_the_sprints_end(world: World) -> None:
    """On the last working day of each sprint, as the sprints are by then."""
    add(world, "ULENA")
    team = world.session.scalars(select(Team)).one()
    team.sprint_start, team.sprint_weeks = day("2026-03-16"), 2
    set_up(world, When.SPRINT)
    world.until(utc("2026-03-28T00:00"))
    assert held(world) == [("03-27T09:00", "03-27")]
    team.sprint_weeks = 1
    world.until(utc("2026-04-18T00:00"))
    assert [date for _at, date in held(world)][1:] == ["04-10", "04-17"]


def test_sprints_that_end_sooner_are_followed_by_the_next_night(world: World) -> None:
    """From four weeks to one: none of their ends is passed over, and none comes twice."""
    add(world, "ULENA")
    team = world.session.scalars(select(Team)).one()
    team.sprint_start, team.sprint_weeks = day("2026-03-16"), 4
    set_up(world, When.SPRINT)
    world.until(utc("2026-03-18T00:00"))
    team.sprint_weeks = 1
    for night in range(19, 30):
        world.until(utc(f"2026-03-{night}T03:00"))
        for work in RITUAL.daily:
            work(world.session, world.at)
    world.until(utc("2026-04-04T00:00"))
    assert [date for _at, date in held(world)] == ["03-20", "03-27", "04-03"]


def test_what_is_done_is_said_beside_the_worst(world: World) -> None:
    """The message of one of the top three follows how far a mitigation is."""
    risk = add(world, "ULENA", likelihood=5, impact=5, cause="", ticked=(), mitigations="Ask legal")
    ritual = schedule.ritual_of(world.session, set_up(world).id)
    assert ritual is not None
    team_review.hold_now(world.session, world.at, ritual)
    world.send()
    (one,) = mitigations(world.session, risk.id)
    who = world.session, world.at, world.workspace_id, "ULENA"
    register.set_mitigation(*who, one.id, MitigationState.DONE)
    (top,) = world.mirrors("risk.review.top")
    assert top.shown < top.wanted
    assert "Ask legal · done" in str(world.drawn(top))


def test_whoever_left_is_named_no_more(world: World) -> None:
    """Nor by the message of a risk that was closed before."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    ritual = schedule.ritual_of(world.session, set_up(world).id)
    assert ritual is not None
    team_review.hold_now(world.session, world.at, ritual)
    decide(world, "ULENA", risk, Fate.CLOSE, "Over")
    world.send()
    (top,) = world.mirrors("risk.review.top")
    assert "ulena" in str(world.drawn(top))
    world.slack("ULENA").deleted = True
    beside.changed(world.session, world.at, [world.slack("ULENA").id])
    world.session.refresh(top)
    assert top.shown < top.wanted
    assert "ulena" not in str(world.drawn(top))


def test_what_it_says(world: World) -> None:
    """What moved since last time and by whom, new, closed, overdue; who and what is missing."""
    moved = add(world, "ULENA", "a", title="Moves", likelihood=3, impact=3)
    closed = add(world, "ULENA", "b", title="Ends", likelihood=5, impact=5)
    team = set_up(world)
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    team_review.hold_now(world.session, world.at, ritual)
    world.until(utc("2026-03-20T09:00"))
    rescore(world, "ULENA", moved, 5, 5)
    decide(world, "ULENA", closed, Fate.CLOSE, "Feed replaced")
    fresh = add(world, "ULENA", "c", title="New one")
    fresh.owner_id, fresh.next_review = None, day("2026-03-19")
    run = team_review.hold_now(world.session, world.at, ritual)
    told = review_of(run.config)
    assert [(one.title, one.said, one.who) for one in told.moved.risks] == [
        ("Moves", "9 → 25 — Seen twice this week", "ulena")
    ]
    assert [one.title for one in told.new.risks] == ["New one"]
    assert [(one.title, one.said) for one in told.closed.risks] == [("Ends", "Feed replaced")]
    assert [one.said for one in told.overdue.risks] == ["1 day"]
    assert [one.title for one in told.unowned.risks] == ["New one"]
    assert {one.title for one in told.unmitigated.risks} == {"Moves", "New one"}
    assert told.top == (moved.id, fresh.id)
    assert told.counts == {"critical": 1, "high": 1}
    assert told.points[-1].counts == told.counts


def test_one_thread_and_the_top_three(world: World) -> None:
    """The review with its replies, and each of the worst as a message of its own."""
    for number in range(5):
        add(world, "ULENA", f"k{number}", title=f"Risk {number}", likelihood=number + 1)
    team = set_up(world)
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    run = team_review.hold_now(world.session, world.at, ritual)
    world.send()
    views = [one.view for one in world.sent if one.target == "C1"]
    assert views == [
        team_review.VIEW,
        *[team_review.TOP_VIEW] * 3,
        team_review.CHANGES_VIEW,
        team_review.NEEDS_VIEW,
    ]
    (top,) = world.mirrors(team_review.VIEW)
    for view in (team_review.CHANGES_VIEW, team_review.NEEDS_VIEW):
        (reply,) = world.mirrors(view)
        assert reply.parent_id == top.id
    said = [str(one.content) for one in world.sent if one.view == team_review.TOP_VIEW]
    assert ["Risk 4" in said[0], "Risk 3" in said[1], "Risk 2" in said[2]] == [True] * 3
    content = world.sent[0].content
    assert isinstance(content, Message)
    assert content.pictures
    assert str(run.id) == top.subject


def test_it_stays_as_it_was(world: World) -> None:
    """What is rescored later changes no review that was held."""
    risk = add(world, "ULENA")
    team = set_up(world)
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    run = team_review.hold_now(world.session, world.at, ritual)
    rescore(world, "ULENA", risk, 1, 1)
    assert review_of(run.config).counts == {"high": 1}


def test_the_worst_are_shown_as_they_are(world: World) -> None:
    """A message to talk about one says what is true of it now, as its buttons do."""
    risk = add(world, "ULENA")
    team = set_up(world)
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    team_review.hold_now(world.session, world.at, ritual)
    world.send()
    rescore(world, "ULENA", risk, 1, 1)
    (top,) = world.mirrors(team_review.TOP_VIEW)
    assert top.shown < top.wanted
    assert "Low 1" in str(world.drawn(top))


def test_twice_is_once(world: World) -> None:
    """A step that runs twice holds one review; each by hand is another."""
    add(world, "ULENA")
    team = set_up(world)
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    on = day("2026-04-06")
    assert team_review.begin(world.session, world.at, ritual, on) is not None
    assert team_review.begin(world.session, world.at, ritual, on) is None
    first = team_review.hold_now(world.session, world.at, ritual)
    second = team_review.hold_now(world.session, world.at, ritual)
    assert [first.ordinal, second.ordinal] == [1, 2]


def test_down_on_that_day(world: World) -> None:
    """A day late it is still held; a week late it is left to the next."""
    add(world, "ULENA")
    set_up(world)
    world.until(utc("2026-04-05T12:00"))
    world.sleep_until(utc("2026-04-07T12:00"))
    assert held(world) == [("04-07T12:00", "04-06")]
    world.until(utc("2026-05-03T20:00"))
    world.sleep_until(utc("2026-05-12T12:00"))
    assert len(held(world)) == 1
    world.until(utc("2026-06-02T12:00"))
    assert [date for _at, date in held(world)] == ["04-06", "06-01"]


def test_down_over_its_weekend(world: World) -> None:
    """Down from before its planning until after its moment: it is held as soon as that is over."""
    add(world, "ULENA")
    set_up(world)
    world.until(utc("2026-04-03T12:00"))
    world.sleep_until(utc("2026-04-06T09:00"))
    assert held(world) == [("04-06T09:00", "04-06")]
    world.until(utc("2026-05-02T12:00"))
    world.sleep_until(utc("2026-05-05T12:00"))
    assert held(world)[1:] == [("05-05T12:00", "05-04")]


def test_its_planning_failed(world: World) -> None:
    """It is held all the same once that is seen, and the next as ever."""
    add(world, "ULENA")
    set_up(world)
    world.session.execute(
        update(Timer).where(Timer.step == schedule.PLAN).values(parked_at=Timer.due_at)
    )
    world.until(utc("2026-04-06T12:00"))
    assert held(world) == []
    for _ in range(2):  # at the start and by night
        replan_missing(world.session, world.at, {KIND: schedule.plan_anew})
    world.until(utc("2026-05-05T12:00"))
    assert held(world) == [("04-06T12:00", "04-06"), ("05-04T08:00", "05-04")]


def test_what_is_due_already_survives_a_change(world: World) -> None:
    """Settings were kept while the bot had not caught up; switched off, it is not held."""
    add(world, "ULENA")
    set_up(world)
    world.until(utc("2026-04-06T07:00"))
    world._pass(utc("2026-04-06T08:01"))
    set_up(world)
    world.tick()
    assert [date for _at, date in held(world)] == ["04-06"]
    world.until(utc("2026-05-04T07:00"))
    world._pass(utc("2026-05-04T08:01"))
    off = Config(when=When.NEVER)
    team, owner = world.session.scalars(select(Team)).one(), world.slack("ULENA").id
    schedule.set_up(world.session, world.at, team, owner, off, None)
    world.until(utc("2026-06-15T00:00"))
    assert [date for _at, date in held(world)] == ["04-06"]


def test_too_late_its_owner_is_told(world: World) -> None:
    """One that made no sense any more is on its owner's card, until one is held again."""
    add(world, "ULENA", likelihood=1, impact=1)
    set_up(world)
    world.until(utc("2026-04-03T12:00"))
    world.sleep_until(utc("2026-04-14T12:00"))
    assert held(world) == []
    said = "*The risk review of Mon 6 April in <#C1> was not held*"
    (told,) = world.notified("ULENA")
    assert said in str(told.content)
    world.until(utc("2026-05-04T12:00"))
    assert [date for _at, date in held(world)] == ["05-04"]
    on = beside.on_card(world.session, world.at, world.slack("ULENA").id, day("2026-05-04"))
    assert said not in str(on)


def test_no_longer(world: World) -> None:
    """Switched off, none is planned; one can still be held by hand."""
    add(world, "ULENA")
    team = set_up(world)
    off = Config(when=When.NEVER)
    schedule.set_up(world.session, world.at, team, world.slack("ULENA").id, off, None)
    replan_missing(world.session, world.at)
    world.until(utc("2026-06-15T00:00"))
    assert held(world) == []
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    team_review.hold_now(world.session, world.at, ritual)
    assert len(held(world)) == 1


def test_checks_by_cadence(world: World) -> None:
    """Both are due with every second planned review, each in the thread until somebody ran it."""
    add(world, "ULENA", likelihood=1, impact=1)
    team = set_up(world, checks_every=2)
    held_by_hand = schedule.ritual_of(world.session, team.id)
    assert held_by_hand is not None
    team_review.hold_now(world.session, world.at, held_by_hand)
    world.until(utc("2026-04-06T12:00"))
    feasibility, release = world.mirrors(checks_due.VIEW)
    (top,) = [one for one in world.mirrors(team_review.VIEW) if "are due" in str(world.drawn(one))]
    assert {feasibility.parent_id, release.parent_id} == {top.id}
    for said in ("data, technique, resources, ethics", "risk.check.feasibility"):
        assert said in str(world.drawn(feasibility))
    answers = {one.key: (Said.YES, "") for one in QUESTIONS[CheckKind.RELEASE]}
    typed = CheckTyped(CheckKind.RELEASE, "churn-v2", answers)
    who = world.session, world.at, world.workspace_id, "ULENA"
    assert isinstance(checks.make(*who, "C1", "team", "k", typed), Made)
    world.send()
    assert release.shown == release.wanted
    assert "✓ *Release check* · churn-v2: ulena on Mon 6 April." in str(world.drawn(release))
    world.until(utc("2026-06-02T12:00"))
    reviews = [review_of(one.config) for one in world.session.scalars(select(Run).order_by(Run.id))]
    assert [one.checks for one in reviews] == [False, True, False, True]
    assert [one.unrun for one in reviews] == [(), (), *[(CheckKind.FEASIBILITY,)] * 2]
    needs = [one for one in world.sent if one.view == team_review.NEEDS_VIEW][-1]
    assert "*Due and not run*: feasibility check" in str(needs.content)
    assert Config.model_validate({"checks": True}).checks_every == 1


@pytest.mark.parametrize("named", ["before", "after"])
def test_whose_owner_left_is_the_risk_owners(world: World, named: str) -> None:
    """Who hears of it if one can't be held; named after that, too."""
    add(world, "ULENA")
    set_up(world)
    team = world.session.scalars(select(Team)).one()
    if named == "before":
        risk_owner(world, "UINES")
    world.until(utc("2026-03-30T09:00"))
    world.person("ULENA", "Europe/Berlin", deleted=True)
    world.until(utc("2026-03-30T09:05"))
    if named == "after":
        risk_owner(world, "UINES")
        beside.roles_changed(world.session, world.at, [world.slack("UINES").id])
        world.send()
    ritual = schedule.ritual_of(world.session, team.id)
    assert ritual is not None
    assert ritual.owner_id == world.slack("UINES").id
    assert "You look after *Risk review*" in world.card("UINES", day("2026-03-30"))
    world.until(utc("2026-04-05T12:00"))
    world.sleep_until(utc("2026-04-14T12:00"))
    assert "was not held" in world.card("UINES", day("2026-04-14"))
