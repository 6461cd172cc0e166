"""Raising action items, and changing what they say: once each, and whole."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions import items, lists
from bot.actions.model import (
    DETAILS,
    WHAT,
    Exists,
    Gone,
    Noted,
    NotTheirs,
    Place,
    Scope,
    Settled,
    Typed,
    Wrong,
)
from bot.actions.problems import FAR, NO_OWNER, NO_WHAT, TOO_LONG, TOO_MUCH
from bot.core.states import ItemState, MirrorKind
from bot.db.tables import Blocker, JiraProject, Mirror, Team
from bot.rituals.standup import answers
from bot.rituals.standup.answers import Beside
from tests.actions.deeds import RETRAIN, act, count, raise_item, raised, row, stale
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc

FRIDAY = day("2026-04-03")
BERLIN, TOKYO, LA = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin; Ana, Bo and Cy are on a stand-up, Tom in Tokyo is on none."""
    world = begin("2026-03-28T12:00")
    for name in ("UANA", "UBO", "UCY"):
        world.person(name, BERLIN)
    world.person("UTOM", TOKYO)
    world.set_up(["UANA", "UBO", "UCY"])
    world.until(utc("2026-03-30T08:00"))
    return world


def edit(world: World, who: str, item_id: int, *which: str, **said: Any) -> Any:
    """Somebody submits the form of an item, with these inputs changed."""
    typed = Typed(**({"what": RETRAIN, "owner": who, "due": None} | said))
    return items.edit(
        world.session, world.at, world.workspace_id, who, item_id, typed, which or said
    )


# --- raise


def test_an_item_has_an_owner_a_date_and_where_it_came_from(world: World) -> None:
    item = raised(world, "UANA", owner="UBO", due=FRIDAY, details="On the clean labels\n")
    one = row(world, item.id)
    assert (one.what, one.details, one.due) == (RETRAIN, "On the clean labels", FRIDAY)
    assert (one.owner_id, one.raised_by) == (world.slack("UBO").id, world.slack("UANA").id)
    assert (one.state, one.raised_at, one.channel) == (ItemState.OPEN, world.at, CHANNEL)
    assert one.team_id == world.ritual().team_id
    assert (item.owner, item.raiser, item.giver) == ("ubo", "uana", "uana")


def test_one_form_is_one_item_however_often_it_is_sent(world: World) -> None:
    """The second submit corrects the first."""
    first = raised(world, "UANA", key="k", due=FRIDAY)
    again = raise_item(world, "UANA", "Retrain both", key="k", owner="UBO")
    assert isinstance(again, Noted)
    assert (again.item.id, again.new, count(world)) == (first.id, False, 1)
    one = row(world, first.id)
    assert (one.what, one.due, one.owner_id) == ("Retrain both", None, world.slack("UBO").id)


def test_a_form_that_was_sent_and_its_item_dropped_makes_no_other(world: World) -> None:
    first = raised(world, "UANA", key="k")
    act(world, "drop", "UBO", first.id, "Not needed")
    assert isinstance(raise_item(world, "UANA", "Again", key="k"), Settled)
    assert count(world) == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"what": ""}, {"what": NO_WHAT}),
        ({"what": " \n\t "}, {"what": NO_WHAT}),
        ({"what": "ä" * WHAT}, {}),
        ({"what": "ä" * (WHAT + 1)}, {"what": TOO_LONG}),
        ({"what": "x" * 40_000}, {"what": TOO_LONG}),
        ({"details": "ä" * DETAILS}, {}),
        ({"details": "ä" * (DETAILS + 1)}, {"details": TOO_MUCH}),
        ({"owner": "UBOT2"}, {"owner": "A bot does no action items. Choose a person."}),
        (
            {"owner": "UGONE"},
            {"owner": "They have left this workspace. Choose somebody else."},
        ),
        (
            {"owner": "UOUT"},
            {"owner": "They belong to another organisation. Choose somebody of this workspace."},
        ),
        (
            {"due": day("2026-03-29")},
            {"due": "That day is over: where uana is it is Mon 30 March. Choose today or later."},
        ),
        ({"due": day("2026-03-30")}, {}),
        ({"due": day("2031-04-03")}, {}),
        ({"due": day("2031-04-04")}, {"due": FAR}),
        ({"due": day("9999-12-31")}, {"due": FAR}),
    ],
)
def test_bad_input_is_told_under_its_input(
    world: World, said: dict[str, Any], wrong: dict[str, str]
) -> None:
    """And nothing is stored."""
    world.person("UBOT2", None, bot=True)
    world.person("UGONE", BERLIN, deleted=True)
    world.person("UOUT", BERLIN, external=True)
    came = raise_item(world, "UANA", said.pop("what", RETRAIN), **said)
    if wrong:
        assert came == Wrong(wrong)
    else:
        assert isinstance(came, Noted)
    assert count(world) == (0 if wrong else 1)


def test_nobody_is_no_owner(world: World) -> None:
    came = items.raise_item(
        world.session, world.at, world.workspace_id, "UANA", "k", Place(), Typed("x", "", None)
    )
    assert came == Wrong({"owner": NO_OWNER})


def test_a_day_is_its_owner_s_own(world: World) -> None:
    """At nine in the evening in Berlin it is Tuesday in Tokyo already."""
    world.until(utc("2026-03-30T19:00"))
    came = raise_item(world, "UANA", owner="UTOM", due=day("2026-03-30"))
    assert came == Wrong(
        {"due": "That day is over: where utom is it is Tue 31 March. Choose today or later."}
    )
    assert isinstance(raise_item(world, "UANA", due=day("2026-03-30")), Noted)


def test_an_outsider_raises_nothing(world: World) -> None:
    world.person("UOUT", BERLIN, external=True)
    came = raise_item(world, "UOUT", owner="UANA")
    assert came == Wrong({"what": items.OUTSIDER})


def test_what_people_write_is_one_clean_line(world: World) -> None:
    """Mentions are words; what turns the direction of writing, or no database takes, is gone."""
    item = raised(world, "UANA", "Ask\n <!channel>\u202e and\x00 <@U1>  now ", details="\x00a\r\nb")
    one = row(world, item.id)
    assert (one.what, one.details) == ("Ask <!channel> and <@U1> now", "a\nb")


@pytest.mark.parametrize("channel", ["D1", ""])
def test_raised_where_no_team_is(world: World, channel: str) -> None:
    """In a direct message, or on App Home: nobody's but one's own."""
    item = raised(world, "UANA", place=Place(channel=channel))
    assert row(world, item.id).team_id is None
    assert isinstance(act(world, "finish", "UBO", item.id), NotTheirs)
    assert isinstance(act(world, "finish", "UANA", item.id), Noted)


def test_a_channel_without_a_stand_up_has_a_team_from_then_on(world: World) -> None:
    """Its list shows what was raised there."""
    item = raised(world, "UTOM", place=Place(channel="C9", channel_name="labels"))
    team = world.session.scalars(select(Team).where(Team.channel == "C9")).one()
    assert (team.name, row(world, item.id).team_id) == ("labels", team.id)
    page = lists.page(world.session, world.at, world.workspace_id, "UTOM", Scope.TEAM, channel="C9")
    assert [one.id for one in page.items] == [item.id]


# --- tickets


def test_a_ticket_is_wanted_only_where_the_team_has_a_project(world: World) -> None:
    """Without one, what was ticked in a forged form means nothing."""

    def mirrors() -> list[str]:
        issues = select(Mirror.subject).where(Mirror.kind == MirrorKind.ISSUE)
        return list(world.session.scalars(issues))

    world.online = False
    without = raised(world, "UANA", ticket=True)
    assert not row(world, without.id).wants_ticket
    world.session.add(
        JiraProject(
            team_id=world.ritual().team_id,
            project="10000",
            key="CHURN",
            name="Churn",
            issue_type="1",
            issue_type_name="Task",
            set_at=world.at,
        )
    )
    wanted = raised(world, "UANA", "With a ticket", ticket=True)
    assert row(world, wanted.id).wants_ticket
    assert mirrors() == [str(wanted.id)]
    edit(world, "UANA", wanted.id, ticket=False)
    assert not row(world, wanted.id).wants_ticket


def test_what_has_a_ticket_keeps_jira_s_words(world: World) -> None:
    """Slack writes the summary once."""
    item = raised(world, "UANA")
    row(world, item.id).issue_id = "10001"
    assert isinstance(edit(world, "UANA", item.id, what="Other words", details="More"), Noted)
    one = row(world, item.id)
    assert (one.what, one.details) == (RETRAIN, "More")


# --- change


def test_only_what_was_touched_is_changed(world: World) -> None:
    """What a teammate changed since the form was opened stays."""
    item = raised(world, "UANA", due=FRIDAY)
    act(world, "move", "UBO", item.id, day("2026-04-30"))
    edit(world, "UANA", item.id, "what", what="Retrain both", due=FRIDAY)
    one = row(world, item.id)
    assert (one.what, one.due) == ("Retrain both", day("2026-04-30"))


def test_an_item_that_is_late_can_be_changed_without_a_new_day(world: World) -> None:
    item = raised(world, "UANA", due=day("2026-03-31"))
    world.until(utc("2026-04-10T08:00"))
    typed = {"what": "Retrain both", "due": day("2026-03-31")}
    assert isinstance(edit(world, "UANA", item.id, "what", "due", **typed), Noted)
    assert edit(world, "UANA", item.id, "due", due=day("2026-04-01")) == Wrong(
        {"due": "That day is over: where uana is it is Fri 10 April. Choose today or later."}
    )


def test_what_was_dropped_meanwhile_is_not_changed(world: World) -> None:
    """The form says so, with the reason."""
    item = raised(world, "UANA")
    act(world, "drop", "UBO", item.id, "The model is retired")
    came = edit(world, "UANA", item.id, what="Other words")
    assert isinstance(came, Settled)
    assert came.item.reason == "The model is retired"
    assert row(world, item.id).what == RETRAIN


def test_what_is_not_there(world: World) -> None:
    assert edit(world, "UANA", 99, what="Other words") == Gone()


# --- of a blocker


def blocker(world: World) -> int:
    """Ana says what blocks her, and names Bo; the blocker's id."""
    prompt = world.prompts(day("2026-03-30"))["UANA"]
    said = {"learned": "Much", "blockers": "GPU quota"}
    use = (world.session, world.at, world.workspace_id, "UANA", prompt.id, said)
    answers.submit(*use, Beside(helper="UBO", anew=True))
    world.send()
    return world.session.scalars(select(Blocker.id)).all()[-1]


def of(world: World, blocker_id: int) -> Place:
    ritual = world.ritual()
    return Place(CHANNEL, "team", blocker_id=blocker_id, ritual_id=ritual.id)


def test_a_blocker_has_one_item_that_is_to_be_done(world: World) -> None:
    """Another form that was open meanwhile is told; once it is dropped, there may be a new one."""
    blocker_id = blocker(world)
    first = raised(world, "UCY", "Ask for quota", key="1", place=of(world, blocker_id))
    second = raise_item(world, "UBO", "Buy a GPU", key="2", place=of(world, blocker_id))
    assert isinstance(second, Exists)
    assert second.item.what == "Ask for quota"
    act(world, "drop", "UCY", first.id, "Refused")
    third = raise_item(world, "UBO", "Buy a GPU", key="2", place=of(world, blocker_id))
    assert isinstance(third, Noted)
    assert row(world, third.item.id).ritual_id == world.ritual().id


def test_a_blocker_that_is_gone(world: World) -> None:
    assert raise_item(world, "UBO", place=of(world, 99)) == Gone()
    assert count(world) == 0


def test_all_that_shows_it_is_stale(world: World) -> None:
    """The run, the message to who can unblock, the cards of both; and the reply below a message."""
    blocker_id = blocker(world)
    place = of(world, blocker_id)
    item = raised(world, "UANA", owner="UBO", place=place)
    thread = raised(
        world, "UANA", "Of a message", place=Place(CHANNEL, message_ts="1.0", thread_ts="1.0")
    )
    world.until(world.at + timedelta(minutes=5))
    world.online = False
    act(world, "finish", "UCY", item.id)
    assert stale(world) >= {"standup.run", "standup.unblock", "card"}
    act(world, "finish", "UCY", thread.id)
    assert "actions.reply" in stale(world)


def test_what_is_done_twice_changes_nothing_more(world: World) -> None:
    """A second tap on Done marks nothing stale."""
    item = raised(world, "UANA")
    act(world, "finish", "UANA", item.id)
    closed_at = row(world, item.id).closed_at
    world.until(world.at + timedelta(minutes=5))
    world.online = False
    assert isinstance(act(world, "finish", "UBO", item.id), Noted)
    assert (row(world, item.id).closed_at, stale(world)) == (closed_at, set())
