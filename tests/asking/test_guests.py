"""Guests from other organisations: refused, admitted by being chosen, and let go."""

import pytest
from sqlalchemy import select

from bot.asking import absences, guests, people
from bot.asking.absences import Entered, Problem, Request, Wrong
from bot.asking.upkeep.model import Wrong as Refused
from bot.asking.upkeep.setup import GUEST
from bot.core.states import AbsenceKind, PromptState
from bot.db.tables import Audit, Participant, Person, Ritual
from bot.rituals.standup.lifecycle import NotOwner, act
from bot.rituals.standup.model import Act, Started
from bot.rituals.standup.settings import UPKEEP, Typed
from bot.rituals.standup.setup import Outsiders, askable
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.views import words
from bot.slack.gateway import member_from
from bot.teams import workspace
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, DUBAI = "Europe/Berlin", "Asia/Dubai"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; Ana, and Gus and Gia from another organisation. Ada is an admin."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.person("UADA", BERLIN, admin=True)
    for guest in ("UGUS", "UGIA"):
        world.person(guest, DUBAI, external=True)
    return world


def allow(world: World, *, guests: bool = True) -> None:
    """Ada says whether guests are allowed, and the bot does what is due."""
    workspace.keep(world.session, world.at, world.workspace_id, "UADA", "", guests)
    world.tick()
    world.send()


def let_in(world: World, who: str) -> bool:
    """Whether the door opens for somebody from outside."""
    world.session.expire_all()
    return guests.is_admitted(world.session, world.workspace_id, who)


def audited(world: World) -> list[tuple[str, str, str | None]]:
    """What the audit says of guests: what, whose, and by whom."""
    rows = world.session.execute(
        select(Audit.action, Audit.detail["slack_id"].as_string(), Person.slack_id)
        .outerjoin(Person, Audit.actor_id == Person.id)
        .where(Audit.action.like("guest.%"))
        .order_by(Audit.id)
    )
    return [(action, whose, actor) for action, whose, actor in rows]


def test_a_guest_is_refused_where_no_admin_allows_it(world: World) -> None:
    """By name, with what to do; and nothing is set up."""
    refused = world.set_up(["UANA", "UGUS", "UGIA"])
    assert refused == Outsiders(("ugus", "ugia"))
    assert isinstance(refused, Outsiders)
    assert "Of another organisation: ugus, ugia." in words.outsiders(refused.names)
    assert "ask a workspace admin" in words.outsiders(refused.names)
    assert world.session.scalars(select(Ritual)).all() == []
    assert not let_in(world, "UGUS")
    assert audited(world) == []


def test_the_screen_does_not_suggest_them(world: World) -> None:
    """A channel's guests are left out until they are admitted."""
    everybody = ["UANA", "UGUS", "UGIA"]
    allow(world)
    assert askable(world.session, world.at, world.workspace_id, everybody) == ["UANA"]
    world.set_up(["UANA", "UGUS"])
    assert askable(world.session, world.at, world.workspace_id, everybody) == ["UANA", "UGUS"]


def test_chosen_where_guests_are_allowed_they_are_admitted(world: World) -> None:
    """They are asked at their own local time, like members; the audit tells who let them in."""
    allow(world)
    assert isinstance(world.set_up(["UANA", "UGUS"], by="UANA"), Started)
    assert audited(world) == [("guest.admitted", "UGUS", "UANA")]
    assert let_in(world, "UGUS")
    assert not let_in(world, "UGIA")
    world.until(utc("2026-03-30T08:00"))
    assert [(one.person, one.at) for one in world.asked] == [
        ("UGUS", utc("2026-03-30T05:30")),
        ("UANA", utc("2026-03-30T07:30")),
    ]
    world.answer("UGUS", MONDAY)
    assert world.states(MONDAY)["UGUS"] is PromptState.ANSWERED


def test_admitted_once_they_are_on_other_stand_ups_without_more_ado(world: World) -> None:
    allow(world)
    world.set_up(["UANA", "UGUS"])
    assert isinstance(world.set_up(["UGUS"], channel="C2", by="UANA"), Started)
    assert audited(world) == [("guest.admitted", "UGUS", "UANA")]


def test_news_of_an_admitted_guest_leave_them_in(world: World) -> None:
    """A changed zone moves what they are asked, as a member's does."""
    allow(world)
    world.set_up(["UGUS"], by="UANA")
    world.person("UGUS", BERLIN, external=True)
    world.until(utc("2026-03-30T08:00"))
    assert [one.at for one in world.asked] == [utc("2026-03-30T07:30")]


def test_somebody_else_s_stand_up_admits_nobody(world: World) -> None:
    """Who may not change it lets nobody in."""
    world.person("UBO", BERLIN)
    world.set_up(["UANA"])
    allow(world)
    assert isinstance(world.set_up(["UANA", "UGUS"], by="UBO"), NotOwner)
    assert not let_in(world, "UGUS")


def test_a_guest_sets_nothing_up(world: World) -> None:
    """Neither Home nor a list offers it to them; typed, the command does, and says why not."""
    allow(world)
    world.set_up(["UANA", "UGUS"])
    typed = Typed("key", "C2", "c2", None, Form(members=("UGUS", "UGIA")))
    where = (world.session, world.at, world.workspace_id)
    assert UPKEEP.submit(*where, "UGUS", typed) == Refused({"members": GUEST})
    assert not let_in(world, "UGIA")
    assert isinstance(UPKEEP.submit(*where, "UANA", typed), Started)


def test_a_guest_may_be_away(world: World) -> None:
    """Admitted; before that there is nothing to be away from."""
    request = Request(None, MONDAY, MONDAY, AbsenceKind.LEAVE, "", "key")
    enter = (world.session, world.at, world.workspace_id, "UGUS", request)
    assert absences.enter(*enter) == Wrong({"first": Problem.NOBODY})
    allow(world)
    world.set_up(["UGUS"], by="UANA")
    assert isinstance(absences.enter(*enter), Entered)


def test_withdrawn_they_are_asked_no_more(world: World) -> None:
    """What is open for them is over, they are off the stand-up, and the door is closed."""
    allow(world)
    world.set_up(["UANA", "UGUS"])
    world.until(utc("2026-03-30T08:00"))
    allow(world, guests=False)
    assert world.states(MONDAY) == {"UANA": "asked", "UGUS": "skipped"}
    assert not let_in(world, "UGUS")
    assert audited(world)[-1] == ("guest.released", "UGUS", "UADA")
    world.until(utc("2026-03-31T08:00"))
    assert [one.person for one in world.asked if one.day == TUESDAY] == ["UANA"]
    on_it = world.session.scalars(
        select(Person.slack_id).join(Participant, Participant.person_id == Person.id)
    )
    assert list(on_it) == ["UANA"]


def test_allowed_again_they_are_chosen_again(world: World) -> None:
    """A tick brings nobody back by itself."""
    allow(world)
    world.set_up(["UANA", "UGUS"])
    allow(world, guests=False)
    allow(world)
    assert not let_in(world, "UGUS")
    assert isinstance(world.set_up(["UANA", "UGUS"]), Started)
    assert let_in(world, "UGUS")


def test_taken_off_their_last_stand_up_they_leave(world: World) -> None:
    """Not before: one of two is enough to stay."""
    allow(world)
    world.set_up(["UANA", "UGUS"])
    world.set_up(["UANA", "UGUS"], channel="C2")
    world.set_up(["UANA"])
    assert let_in(world, "UGUS")
    world.set_up(["UANA"], channel="C2")
    assert not let_in(world, "UGUS")
    assert audited(world)[-1] == ("guest.released", "UGUS", "UANA")


def test_deleted_with_its_guest_the_door_closes(world: World) -> None:
    """The last stand-up they were on is gone."""
    allow(world)
    world.set_up(["UANA", "UGUS"])
    what = (world.session, world.at, world.workspace_id, "UANA", world.ritual().id)
    act(*what, Act.PAUSE)
    assert let_in(world, "UGUS")
    act(*what, Act.DELETE)
    assert not let_in(world, "UGUS")
    assert audited(world)[-1] == ("guest.released", "UGUS", "UANA")


def test_what_a_guest_looked_after_passes_on(world: World) -> None:
    """To a member, not to another guest who goes with them."""
    allow(world)
    world.set_up(["UANA", "UGUS", "UGIA"], by="UANA")
    world.ritual().owner_id = world.slack("UGUS").id
    allow(world, guests=False)
    assert world.ritual().owner_id == world.slack("UANA").id


def test_a_guest_who_takes_themselves_off_looks_after_nothing(world: World) -> None:
    allow(world)
    world.set_up(["UANA", "UGUS"], by="UANA")
    world.ritual().owner_id = world.slack("UGUS").id
    world.set_up(["UANA"], by="UGUS")
    assert not let_in(world, "UGUS")
    assert world.ritual().owner_id == world.slack("UANA").id


@pytest.mark.parametrize("news", [{"deleted": True, "external": True}, {"external": False}])
def test_who_leaves_or_becomes_a_member_is_no_guest(world: World, news: dict[str, bool]) -> None:
    """Should they come back from outside, an owner admits them anew."""
    allow(world)
    world.set_up(["UANA", "UGUS"])
    world.person("UGUS", DUBAI, **news)
    assert audited(world)[-1] == ("guest.released", "UGUS", None)
    world.person("UGUS", DUBAI, external=True)
    assert not let_in(world, "UGUS")


def test_a_guest_whom_slack_tells_of_later(world: World) -> None:
    """Chosen while nobody knew where they belong: admitted where it is allowed, else taken off."""
    world.set_up(["UANA", "UNEW"])
    world.person("UNEW", DUBAI, external=True)
    assert not let_in(world, "UNEW")
    allow(world)
    world.set_up(["UANA", "UNEWER"])
    world.person("UNEWER", DUBAI, external=True)
    assert audited(world) == [("guest.admitted", "UNEWER", "UANA")]
    world.until(utc("2026-03-30T08:00"))
    assert sorted(one.person for one in world.asked) == ["UANA", "UNEWER"]


def test_bots_and_leavers_from_outside_need_no_permission(world: World) -> None:
    """They are not asked, and keep nobody from setting a stand-up up."""
    world.person("UROBO", None, bot=True, external=True)
    world.person("UOLD", DUBAI, deleted=True, external=True)
    started = world.set_up(["UANA", "UROBO", "UOLD"])
    assert isinstance(started, Started)
    assert started.people == 1


def test_who_is_an_admin_elsewhere_is_none_here(world: World) -> None:
    """Slack tells the roles that they have at home."""
    told = {"id": "UGUS", "team_id": "T2", "is_admin": True, "is_owner": True}
    member = member_from(told, "T1")
    assert not people.learn(world.session, world.at, world.workspace_id, member).is_admin
