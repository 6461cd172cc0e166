"""A stand-up is paused, goes on, and is deleted; and its owner leaves."""

from collections.abc import Collection

import pytest
from sqlalchemy import select

from bot.asking import absences, wishes
from bot.asking.absences import Entered, Request
from bot.asking.outlook import outlook
from bot.asking.replanning import replan_missing
from bot.asking.slice import home_shown
from bot.asking.why import answer, why
from bot.asking.wishes import Noted
from bot.core.states import AbsenceKind, RitualState, RunState
from bot.db.tables import Audit, Person, Ritual, Timer
from bot.rituals.standup import answers, lifecycle, settings, sheets
from bot.rituals.standup.answers import Saved
from bot.rituals.standup.lifecycle import Gone, NotOwner
from bot.rituals.standup.model import Act, Done, Ending, Started
from bot.rituals.standup.sheets import Closed, Sheet
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, TOKYO, LA = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"
ALL = ("UBER", "UTYO", "ULAX")


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin: Tokyo and Berlin have been asked, Los Angeles has not."""
    world = begin("2026-03-28T12:00")
    for who, tz in zip(ALL, (BERLIN, TOKYO, LA), strict=True):
        world.person(who, tz)
    world.person("UADM", BERLIN, admin=True)
    world.set_up(ALL, by="UBER")
    world.until(utc("2026-03-30T08:00"))
    assert world.states(MONDAY) == {"UBER": "asked", "UTYO": "asked", "ULAX": "waiting"}
    return world


def act(world: World, what: Act, by: str = "UBER") -> Done | NotOwner | Gone:
    done = lifecycle.act(world.session, world.at, world.workspace_id, by, ritual(world).id, what)
    world.send()
    return done


def ritual(world: World) -> Ritual:
    return world.session.scalars(select(Ritual).order_by(Ritual.id)).all()[0]


def asked_since(world: World, at: str) -> list[tuple[str, str]]:
    return [(one.person, f"{one.at:%d %H:%M}") for one in world.asked if one.at > utc(at)]


def audited(world: World) -> list[tuple[str | None, str]]:
    rows = world.session.execute(
        select(Person.slack_id, Audit.action)
        .outerjoin_from(Audit, Person, Audit.actor_id == Person.id)
        .order_by(Audit.id)
    )
    return [(who, action) for who, action in rows]


def submit(world: World, prompt_id: int, who: str, text: str = "Done") -> object:
    return answers.submit(
        world.session, world.at, world.workspace_id, who, prompt_id, {"learned": text}
    )


# --- who may


@pytest.mark.parametrize("what", list(Act))
def test_only_its_owner_and_admins(world: World, what: Act) -> None:
    """Others are told whose it is, and nothing changes; neither does a guest who once owned one."""
    assert act(world, what, by="UTYO") == NotOwner("uber")
    assert act(world, what, by="UNKNOWN") == NotOwner("uber")
    assert ritual(world).state is RitualState.ACTIVE
    done = act(world, what, by="UADM")
    assert isinstance(done, Done)
    assert done.already is (what is Act.RESUME)
    changes = [one for one in audited(world) if one[1] != "standup.set"]
    assert changes == ([] if done.already else [("UADM", f"standup.{what}")])


def test_a_second_time_says_so(world: World) -> None:
    """And is not written down as a change."""
    act(world, Act.PAUSE)
    again = act(world, Act.PAUSE)
    assert isinstance(again, Done)
    assert again.already
    assert [one for _who, one in audited(world)].count("standup.pause") == 1


# --- paused


def test_nobody_new_is_asked_while_it_is_paused(world: World) -> None:
    """Los Angeles is not on Monday already, and nobody on the days after."""
    act(world, Act.PAUSE)
    world.until(utc("2026-04-06T12:00"))
    assert asked_since(world, "2026-03-30T08:00") == []
    assert list(outlook(world.session, world.at, 7)) == []
    replan_missing(world.session, world.at)
    world.until(utc("2026-04-07T12:00"))
    assert asked_since(world, "2026-03-30T08:00") == []


def test_what_is_open_stays_open_until_it_closes(world: World) -> None:
    """Who was asked may answer, is reminded, and sees it on card and Home; then it closes."""
    act(world, Act.PAUSE)
    found = sheets.open_sheet(world.session, world.at, world.workspace_id, "UBER", "C1")
    assert isinstance(found, Sheet)
    assert "Answer" in world.card("UBER", MONDAY)
    shown = home_shown(world.session, world.slack("UBER").id, world.at)
    assert shown is not None
    assert [one.open for one in shown.waiting] == [True]
    world.answer("UBER", MONDAY)
    world.until(utc("2026-03-30T08:29"))
    assert [f"{one.at:%H:%M}" for one in world.notified("UTYO")] == ["00:30", "07:30"]
    assert world.run(MONDAY).state is RunState.OPEN
    world.until(utc("2026-03-30T15:30"))
    assert world.run(MONDAY).state is RunState.CLOSED
    assert world.states(MONDAY) == {"UBER": "answered", "UTYO": "missed", "ULAX": "skipped"}
    (mirror,) = world.mirrors("standup.run")
    assert "1 of 2 answered" in str(world.drawn(mirror))


def test_a_reminder_of_what_is_open_still_comes(world: World) -> None:
    """Berlin's is due at 16:30 local."""
    act(world, Act.PAUSE)
    world.until(utc("2026-03-30T15:00"))
    assert [f"{one.at:%H:%M}" for one in world.notified("UBER")] == ["07:30", "14:30"]


def test_what_is_open_can_be_put_off_and_comes_back(world: World) -> None:
    """It was asked before the pause, so it is theirs to put off as before."""
    act(world, Act.PAUSE)
    prompt_id = world.prompts(MONDAY)["UBER"].id
    noted = wishes.later(world.session, world.at, world.workspace_id, "UBER", prompt_id, 60)
    assert isinstance(noted, Noted)
    world.send()
    world.until(utc("2026-03-30T09:00"))
    assert [f"{one.at:%H:%M}" for one in world.notified("UBER")] == ["07:30", "09:00"]


def test_why_says_that_it_is_paused(world: World) -> None:
    """To who was not asked; who was asked before reads that."""
    act(world, Act.PAUSE)
    world.until(utc("2026-03-30T17:00"))

    def said(who: str) -> str:
        return answer(why(world.session, world.at, world.workspace_id, who, None), "/standup")

    assert "not asked today: it is paused; nothing is planned" in said("ULAX")
    assert "closed without an answer" in said("UBER")


def test_a_modal_opened_before_it_was_paused_is_handed_back(world: World) -> None:
    """Los Angeles had it open from the evening before; the text is not lost."""
    prompt_id = world.prompts(MONDAY)["ULAX"].id
    act(world, Act.PAUSE)
    said = submit(world, prompt_id, "ULAX", "Early words")
    assert said == Closed(
        MONDAY, (("What did you learn or finish?", "Early words"),), Ending.PAUSED
    )
    act(world, Act.RESUME)
    assert submit(world, prompt_id, "ULAX", "Early words") == Saved(edited=False)


def test_whoever_comes_back_early_is_not_asked_while_it_is_paused(world: World) -> None:
    """Tokyo, asked already, owes its answer again; Los Angeles, not asked yet, is left alone."""
    away(world, "UTYO")
    away(world, "ULAX")
    act(world, Act.PAUSE)
    for who in ("UTYO", "ULAX"):
        for one in absences.listed(world.session, world.at, world.workspace_id, who).away:
            absences.remove(world.session, world.at, world.workspace_id, who, one.absence_id)
    world.until(utc("2026-03-30T20:00"))
    assert asked_since(world, "2026-03-30T08:00") == []
    assert world.states(MONDAY)["UTYO"] == "missed"


def away(world: World, who: str) -> None:
    request = Request(None, MONDAY, TUESDAY, AbsenceKind.LEAVE, "", f"away-{who}")
    entered = absences.enter(world.session, world.at, world.workspace_id, who, request)
    assert isinstance(entered, Entered)


def test_settings_can_change_while_it_is_paused(world: World) -> None:
    """Nobody is asked by that; it is said that it is paused still."""
    act(world, Act.PAUSE)
    started = world.set_up(["UBER", "ULAX"], by="UBER", key="other")
    assert isinstance(started, Started)
    assert started.paused
    world.until(utc("2026-04-01T12:00"))
    assert asked_since(world, "2026-03-30T08:00") == []


# --- goes on


def test_it_goes_on_where_it_would_be_by_now(world: World) -> None:
    """Paused and resumed within the hour: Los Angeles is asked, nobody twice."""
    act(world, Act.PAUSE)
    world.until(utc("2026-03-30T08:30"))
    act(world, Act.RESUME)
    world.until(utc("2026-03-31T08:00"))
    assert asked_since(world, "2026-03-30T08:00") == [
        ("ULAX", "30 16:30"),
        ("UTYO", "31 00:30"),
        ("UBER", "31 07:30"),
    ]


def test_after_a_week_it_goes_on_from_now(world: World) -> None:
    """None of the days between is asked or missed; whose moment today is past starts tomorrow."""
    act(world, Act.PAUSE)
    world.until(utc("2026-04-07T09:00"))
    act(world, Act.RESUME)
    told = {(one.person.upper(), one.due) for one in outlook(world.session, world.at, 3) if one.due}
    world.until(utc("2026-04-08T08:00"))
    assert asked_since(world, "2026-03-30T08:00") == [
        ("ULAX", "07 16:30"),
        ("UTYO", "08 00:30"),
        ("UBER", "08 07:30"),
    ]
    assert {(one.person, one.at) for one in world.asked if one.at > utc("2026-04-01T00:00")} <= told
    shown = home_shown(world.session, world.slack("UBER").id, world.at)
    assert shown is not None
    assert shown.troubles == ()


# --- deleted


def test_deleted_nobody_is_asked_and_all_that_was_said_is_kept(world: World) -> None:
    """No timer is left, and what is open closes at once."""
    world.answer("UBER", MONDAY, "Said before")
    before = len(world.sent)
    act(world, Act.DELETE)
    left = select(Timer).where(Timer.ritual_id == ritual(world).id, Timer.consumed_at.is_(None))
    assert world.session.scalars(left).all() == []
    assert world.run(MONDAY).state is RunState.CLOSED
    (mirror,) = world.mirrors("standup.run")
    drawn = str(world.drawn(mirror))
    assert "Said before" in drawn
    assert "the stand-up was deleted" in drawn
    assert "Did not answer" not in drawn
    world.until(utc("2026-04-02T12:00"))
    assert asked_since(world, "2026-03-30T08:00") == []
    assert len(world.sent) == before  # quietly: nothing new was posted anywhere


def test_a_run_without_an_answer_posts_nothing_when_it_is_deleted(world: World) -> None:
    """Only what stands in the channel already is closed."""
    act(world, Act.DELETE)
    world.until(utc("2026-03-31T12:00"))
    assert world.mirrors("standup.run") == []


def test_cards_say_that_it_is_gone(world: World) -> None:
    """Without a button; who had answered sees that, and Home has nothing waiting."""
    world.answer("UBER", MONDAY)
    act(world, Act.DELETE)
    assert "This was deleted" in world.card("UTYO", MONDAY, 2)
    assert "button" not in world.card("UTYO", MONDAY, 2)
    assert "Answered ✓ · closed" in world.card("UBER", MONDAY)
    shown = home_shown(world.session, world.slack("UTYO").id, world.at)
    assert shown is not None
    assert (shown.waiting, shown.next) == ((), ())


@pytest.mark.parametrize("who", ["UBER", "ULAX"])
def test_a_modal_open_on_it_is_handed_back(world: World, who: str) -> None:
    """Of who was asked, and of who had it open before their moment."""
    prompt_id = world.prompts(MONDAY)[who].id
    act(world, Act.DELETE)
    said = submit(world, prompt_id, who, "My words")
    assert said == Closed(MONDAY, (("What did you learn or finish?", "My words"),), Ending.DELETED)
    opened = sheets.sheet(world.session, world.at, world.workspace_id, who, prompt_id)
    assert opened == Closed(MONDAY, why=Ending.DELETED)


def test_what_is_deleted_is_gone_for_settings_too(world: World) -> None:
    """A second click, and a screen that is open still, are told."""
    act(world, Act.DELETE)
    assert act(world, Act.DELETE) == Gone()
    assert act(world, Act.RESUME) == Gone()
    assert isinstance(world.set_up(ALL, by="UBER"), Gone)  # the screen that had made it
    found = settings.settings_in(world.session, world.at, world.workspace_id, "UBER", "C1")
    assert found is None


def test_a_channel_whose_stand_up_was_deleted_can_have_a_new_one(world: World) -> None:
    """It asks from its own next moment on, whoever sets it up."""
    act(world, Act.DELETE)
    started = world.set_up(ALL, by="UTYO", key="anew")
    assert isinstance(started, Started)
    assert not started.changed
    assert started.ritual_id != ritual(world).id
    world.until(utc("2026-03-31T08:00"))
    assert asked_since(world, "2026-03-30T08:00") == [
        ("ULAX", "30 16:30"),
        ("UTYO", "31 00:30"),
        ("UBER", "31 07:30"),
    ]


def test_somebody_on_two_keeps_the_other(begin: Begin) -> None:
    """A person can be on several: one is deleted, the other goes on on the same card."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world.set_up(["UBER"], channel="C2")
    world.until(utc("2026-03-30T08:00"))
    act(world, Act.DELETE)
    card = world.card("UBER", MONDAY)
    assert card.count("'standup.answer'") == 1
    world.until(utc("2026-03-31T08:00"))
    assert world.states(TUESDAY, "C2") == {"UBER": "asked"}


# --- its owner leaves


def leaves(world: World, who: str) -> None:
    world.person(who, BERLIN, deleted=True)
    world.send()


def owner(world: World) -> str:
    return world.session.get_one(Person, ritual(world).owner_id).slack_id


@pytest.mark.parametrize(
    ("members", "heir"),
    [
        pytest.param(("UBER", "ULAX", "UTYO", "UADM"), "UADM", id="an admin on it"),
        pytest.param(("UBER", "ULAX", "UTYO"), "UTYO", id="else whom we know longest"),
        pytest.param(("UBER",), "UBER", id="nobody is left: it stays"),
    ],
)
def test_who_takes_over(begin: Begin, members: Collection[str], heir: str) -> None:
    """An admin who is not on it is not burdened with it."""
    world = begin("2026-03-28T12:00")
    for who in ("UBER", "UTYO", "ULAX"):
        world.person(who, BERLIN)
    world.person("UADM", BERLIN, admin=True)
    world.set_up(members, by="UBER")
    leaves(world, "UBER")
    assert owner(world) == heir
    handed = [one for one in audited(world) if one[1] == "ritual.handed_on"]
    assert handed == ([] if heir == "UBER" else [(None, "ritual.handed_on")])


def test_the_new_owner_is_told_on_the_card(world: World) -> None:
    """Once, for a day, in office hours; and may change it from now on."""
    leaves(world, "UBER")
    assert owner(world) == "UTYO"
    told = "You look after *Stand-up* in <#C1> now: uber left."
    assert told in world.card("UTYO", MONDAY, 2)
    assert told not in world.card("ULAX", MONDAY)
    world.until(utc("2026-03-31T09:00"))
    assert "waiting" in world.card("UTYO", TUESDAY, 2)
    assert told not in world.card("UTYO", TUESDAY, 2)
    assert isinstance(act(world, Act.PAUSE, by="UTYO"), Done)


def test_whoever_comes_back_does_not_get_it_back(world: World) -> None:
    """It has an owner, who may hand it over."""
    leaves(world, "UBER")
    world.person("UBER", BERLIN)
    assert owner(world) == "UTYO"
    assert act(world, Act.PAUSE, by="UBER") == NotOwner("utyo")


def test_a_deleted_stand_up_needs_no_owner(world: World) -> None:
    """Nobody is told that they look after what is gone."""
    act(world, Act.DELETE)
    leaves(world, "UBER")
    assert owner(world) == "UBER"
    assert "look after" not in world.card("UTYO", MONDAY, 2)
