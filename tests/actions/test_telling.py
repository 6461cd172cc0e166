"""When people are told of their action items: on their own clock, by their day's one card."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from bot.actions import due, shown, telling
from bot.asking import absences
from bot.asking.absences import Request
from bot.core.cadence import Cadence
from bot.core.content import Message
from bot.core.states import AbsenceKind, Outcome
from bot.db.tables import Timer
from bot.rituals.standup.model import Config
from tests.actions.deeds import RETRAIN, act, raised, row
from tests.asking.conftest import Begin
from tests.asking.world import EVERY_DAY, Sent, World, day, utc
from tests.db import rows

BERLIN, TOKYO, LA, AUCKLAND = (
    "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Auckland",
)  # fmt: skip
MONDAY, TUESDAY, WEDNESDAY = day("2026-03-30"), day("2026-03-31"), day("2026-04-01")
FRIDAY, SATURDAY = day("2026-04-03"), day("2026-04-04")


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday noon. Ana and Bo in Berlin are asked at 09:30; the others are on no stand-up."""
    world = begin("2026-03-28T12:00")
    for name, tz in (
        ("UANA", BERLIN), ("UBO", BERLIN), ("UCY", BERLIN),
        ("UTOM", TOKYO), ("ULU", LA), ("UKIM", AUCKLAND),
    ):  # fmt: skip
        world.person(name, tz)
    world.set_up(["UANA", "UBO"], config=Config(remind_minutes=0))
    return world


def told(world: World, who: str) -> list[Sent]:
    """The cards that came to somebody's notice."""
    return [one for one in world.notified(who) if one.view == "card"]


def moments(world: World, who: str) -> list[str]:
    """When that was."""
    return [f"{one.at:%m-%d %H:%M}" for one in told(world, who)]


def summary(world: World, who: str) -> str:
    """What the first of them said as a notification."""
    content = told(world, who)[0].content
    assert isinstance(content, Message)
    return content.text


def away(world: World, who: str, first: date, last: date) -> None:
    request = Request(None, first, last, AbsenceKind.LEAVE, "", f"{who} {first}")
    absences.enter(world.session, world.at, world.workspace_id, who, request)


# --- due today


def test_whoever_is_asked_reads_it_on_that_card(world: World) -> None:
    """Nothing is sent for it, and Done stands beside it."""
    raised(world, "UANA", due=MONDAY)
    world.until(utc("2026-03-30T12:00"))
    assert moments(world, "UANA") == ["03-30 07:30"]
    card = world.card("UANA", MONDAY)
    assert RETRAIN in card
    assert "Due today" in card
    assert str(told(world, "UANA")[0].content).count("Due today") == 1


@pytest.mark.parametrize(
    ("who", "when"),
    [
        ("UCY", "03-31 07:30"),  # 09:30 in Berlin, by summer time
        ("UTOM", "03-31 00:30"),
        ("ULU", "03-31 16:30"),
        ("UKIM", "03-30 20:30"),  # when it is Tuesday there
    ],
)
def test_others_get_one_card_on_their_own_morning(world: World, who: str, when: str) -> None:
    raised(world, who, due=TUESDAY)
    world.until(utc("2026-04-03T12:00"))
    assert moments(world, who) == [when]
    assert summary(world, who) == f"An action item is due: {RETRAIN}"


@pytest.mark.parametrize(
    ("begins", "on", "who", "when"),
    [
        ("2026-03-27T12:00", MONDAY, "UCY", "03-30 07:30"),  # Berlin's clocks go forward between
        ("2026-10-23T12:00", day("2026-10-26"), "UCY", "10-26 08:30"),  # and back
        ("2026-04-02T12:00", day("2026-04-06"), "UKIM", "04-05 21:30"),  # Auckland's go back
        ("2026-10-30T12:00", day("2026-11-02"), "ULU", "11-02 17:30"),  # Los Angeles' too
    ],
)
def test_across_a_clock_change(begin: Begin, begins: str, on: date, who: str, when: str) -> None:
    """Half past nine is what the clocks show, whatever they did on the weekend."""
    world = begin(begins)
    zones = {"UCY": BERLIN, "UKIM": AUCKLAND, "ULU": LA}
    world.person(who, zones[who])
    raised(world, who, due=on)
    world.until(utc(f"{on + timedelta(days=2)}T12:00"))
    assert moments(world, who) == [when]


def test_two_that_are_due_are_one_card(world: World) -> None:
    raised(world, "UCY", due=TUESDAY)
    raised(world, "UCY", "Label audit", due=TUESDAY)
    world.until(utc("2026-04-02T12:00"))
    assert len(told(world, "UCY")) == 1
    assert summary(world, "UCY") == f"2 action items are due: {RETRAIN} …"


@pytest.mark.parametrize("what", ["finish", "drop", "move", "reassign"])
def test_what_is_settled_before_is_not_told(world: World, what: str) -> None:
    said = {"drop": ("No",), "move": (FRIDAY,), "reassign": ("UANA",)}.get(what, ())
    item = raised(world, "UCY", due=TUESDAY)
    act(world, what, "UCY", item.id, *said)
    world.until(utc("2026-04-01T12:00"))
    assert moments(world, "UCY") == []


def test_a_date_that_moves_moves_the_moment(world: World) -> None:
    """There and back: told once, on the day that it is due at last."""
    item = raised(world, "UCY", due=TUESDAY)
    act(world, "move", "UCY", item.id, FRIDAY)
    world.until(utc("2026-04-01T12:00"))
    act(world, "move", "UCY", item.id, day("2026-04-02"))
    world.until(utc("2026-04-06T12:00"))
    assert moments(world, "UCY") == ["04-02 07:30"]


def test_raised_on_the_day_itself_by_its_owner_nobody_is_told(world: World) -> None:
    """They know; where they have a card it shows it at once."""
    world.until(utc("2026-03-30T12:00"))
    raised(world, "UCY", due=MONDAY)
    raised(world, "UANA", "Label audit", due=MONDAY)
    world.until(utc("2026-03-31T06:00"))
    assert moments(world, "UCY") == []
    assert "Label audit" in world.card("UANA", MONDAY)
    assert moments(world, "UANA") == ["03-30 07:30"]


def test_overdue_is_a_line_and_no_message_of_its_own(world: World) -> None:
    """Told on the day; from then on it stands on the cards that come anyway."""
    raised(world, "UCY", due=TUESDAY)
    raised(world, "UANA", due=TUESDAY)
    world.until(utc("2026-04-02T12:00"))
    assert moments(world, "UCY") == ["03-31 07:30"]
    assert moments(world, "UANA") == ["03-30 07:30", "03-31 07:30", "04-01 07:30", "04-02 07:30"]
    assert "2 days late, due 31 March" in world.card("UANA", day("2026-04-02"))


# --- when they don't work


def test_not_on_a_weekend(world: World) -> None:
    """What is due on Saturday is told on Monday."""
    raised(world, "UCY", due=SATURDAY)
    world.until(utc("2026-04-08T12:00"))
    assert moments(world, "UCY") == ["04-06 07:30"]
    assert "2 days late, due 4 April" in str(told(world, "UCY")[0].content)


def test_not_on_a_holiday(begin: Begin) -> None:
    """Good Friday and Easter Monday in Germany: on Tuesday."""
    world = begin("2026-03-28T12:00")
    world.holidays = True
    world.person("UCY", BERLIN)
    raised(world, "UCY", due=FRIDAY)
    world.until(utc("2026-04-08T12:00"))
    assert moments(world, "UCY") == ["04-07 07:30"]


def test_not_when_away_even_if_entered_later(world: World) -> None:
    """On the first day back; and one that is on the stand-up reads it on that day's card."""
    for who in ("UCY", "UANA"):
        raised(world, who, due=TUESDAY)
        away(world, who, TUESDAY, day("2026-04-02"))
    world.until(utc("2026-04-03T12:00"))
    assert moments(world, "UCY") == ["04-03 07:30"]
    assert moments(world, "UANA") == ["03-30 07:30", "04-03 07:30"]


def test_not_in_quiet_hours(world: World) -> None:
    """Quiet until eleven: at eleven."""
    cy = world.slack("UCY")
    cy.quiet_from, cy.quiet_until = time(20), time(11)
    raised(world, "UCY", due=TUESDAY)
    world.until(utc("2026-04-01T12:00"))
    assert moments(world, "UCY") == ["03-31 09:00"]


def test_whoever_is_away_for_months_is_told_when_they_are_back(world: World) -> None:
    raised(world, "UCY", due=TUESDAY)
    away(world, "UCY", TUESDAY, day("2026-06-30"))
    world.until(utc("2026-07-02T12:00"))
    assert len(told(world, "UCY")) == 1
    assert told(world, "UCY")[0].at >= utc("2026-07-01T07:30")


# --- beside a stand-up


def test_a_stand_up_in_the_afternoon_brings_it(world: World) -> None:
    """Its card comes at 15:30: one message, not two."""
    world.set_up(["UCY"], at=time(15, 30), channel="C2")
    raised(world, "UCY", due=TUESDAY)
    world.until(utc("2026-03-31T20:00"))
    assert moments(world, "UCY")[-1] == "03-31 13:30"
    assert "Due today" in world.card("UCY", TUESDAY)


def test_who_answered_the_evening_before_gets_a_card_all_the_same(world: World) -> None:
    """They are not asked any more, so there is none."""
    raised(world, "UANA", due=MONDAY)
    world.until(utc("2026-03-29T16:00"))
    world.answer("UANA", MONDAY)
    world.until(utc("2026-03-30T12:00"))
    assert moments(world, "UANA") == ["03-30 07:45"]
    assert "Answered ✓" in world.card("UANA", MONDAY)


def test_in_a_zone_of_its_own(world: World) -> None:
    """A stand-up at nine in Tokyo asks Los Angeles on the afternoon before."""
    cadence = Cadence(weekdays=EVERY_DAY, at=time(9), zone=TOKYO)
    world.set_up(["ULU"], channel="C2", cadence=cadence)
    raised(world, "ULU", due=TUESDAY)
    world.until(utc("2026-04-01T06:00"))
    cards = [one for one in told(world, "ULU") if "Due today" in str(one.content)]
    assert [f"{one.at:%m-%d %H:%M}" for one in cards] == ["04-01 00:00"]  # 17:00 there, on Tuesday


def test_never_more_than_two_a_day(world: World) -> None:
    """Two stand-ups, a reminder, items that are due and new: two messages."""
    world.set_up(["UANA", "UCY"], at=time(14), channel="C2", open_minutes=120)
    for number in range(3):
        raised(world, "UANA", f"Mine {number}", due=MONDAY)
        raised(world, "UBO", f"Given {number}", owner="UANA")
    world.until(utc("2026-03-30T10:00"))
    raised(world, "UBO", "Given at noon", owner="UANA", due=MONDAY)
    world.until(utc("2026-03-31T06:00"))
    assert len(told(world, "UANA")) == 2
    assert "Given at noon" in world.card("UANA", MONDAY, 2)


# --- given by somebody else


def test_whoever_is_given_one_is_told_when_they_work(world: World) -> None:
    """On the weekend it waits for Monday; it is new on that day's card alone."""
    item = raised(world, "UANA", owner="UCY", due=FRIDAY)
    world.until(utc("2026-03-30T12:00"))
    assert moments(world, "UCY") == ["03-30 07:30"]
    assert summary(world, "UCY") == f"An action item is new for you: {RETRAIN}"
    assert "*New* from uana" in world.card("UCY", MONDAY)
    assert row(world, item.id).told_on == MONDAY
    world.until(utc("2026-04-03T12:00"))
    assert moments(world, "UCY") == ["03-30 07:30", "04-03 07:30"]
    assert "*New*" not in world.card("UCY", FRIDAY)


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ("2026-03-30T10:00", "03-30 10:00"),  # at once
        ("2026-03-30T15:59", "03-30 15:59"),
        ("2026-03-30T16:00", "03-30 16:00"),  # six in the evening
        ("2026-03-30T16:01", "03-31 07:30"),  # their day is over
        ("2026-03-31T04:00", "03-31 07:30"),
    ],
)
def test_at_once_in_their_working_hours(world: World, given: str, when: str) -> None:
    world.until(utc(given))
    raised(world, "UANA", owner="UCY")
    world.until(utc("2026-04-01T12:00"))
    assert moments(world, "UCY") == [when]


def test_where_there_is_a_card_it_comes_silently(world: World) -> None:
    world.until(utc("2026-03-30T10:00"))
    raised(world, "UBO", owner="UANA")
    assert moments(world, "UANA") == ["03-30 07:30"]
    assert "*New* from ubo" in world.card("UANA", MONDAY)


def test_given_at_night_and_done_past_midnight(world: World) -> None:
    """The card of the day before, which said that it was new, follows."""
    world.until(utc("2026-03-30T19:00"))
    item = raised(world, "UBO", owner="UANA")
    assert row(world, item.id).told_on is None
    [card] = world.mirrors("card", "UANA")
    before = card.wanted
    world.until(utc("2026-03-30T22:30"))
    act(world, "finish", "UANA", item.id)
    world.session.refresh(card)
    assert card.wanted > before


def test_nobodys_at_night_and_done_past_midnight(world: World) -> None:
    """Jira took it from its owner: the card of the day before asked who raised it for somebody."""
    world.until(utc("2026-03-30T19:00"))
    item = raised(world, "UANA", owner="UTOM")
    row(world, item.id).owner_id = None
    shown.refresh(world.session, world.at, [item.id])
    [card] = world.mirrors("card", "UANA")
    before = card.wanted
    world.until(utc("2026-03-30T22:30"))
    row(world, item.id).told_on = None
    act(world, "finish", "UANA", item.id)
    world.session.refresh(card)
    assert card.wanted > before


def test_done_after_a_flight_back_over_the_date_line(world: World) -> None:
    """Tomorrow's card, which said that it was due, follows."""
    item = raised(world, "UKIM", due=TUESDAY)
    world.until(utc("2026-03-30T22:00"))
    world.person("UKIM", LA)
    [card] = world.mirrors("card", "UKIM")
    before = card.wanted
    act(world, "finish", "UKIM", item.id)
    world.session.refresh(card)
    assert card.wanted > before


def test_handed_on_it_is_new_for_the_next(world: World) -> None:
    """And no longer stands on the card of the one before."""
    world.until(utc("2026-03-30T10:00"))
    item = raised(world, "UANA", owner="UCY")
    act(world, "reassign", "UCY", item.id, "UBO")
    assert RETRAIN not in world.card("UCY", MONDAY)
    assert "*New* from ucy" in world.card("UBO", MONDAY)


def test_handed_on_a_day_later_it_leaves_the_card_it_was_new_on(world: World) -> None:
    """Though the next one has been told by then, on their own card of that later day."""
    world.until(utc("2026-03-30T10:00"))
    item = raised(world, "UANA", owner="UCY")
    [card] = world.mirrors("card", "UCY")
    before = card.wanted
    world.until(utc("2026-03-31T10:00"))
    act(world, "reassign", "UCY", item.id, "UBO")
    assert row(world, item.id).told_on == TUESDAY
    world.session.refresh(card)
    assert card.wanted > before


def test_taken_by_oneself_it_is_not_new(world: World) -> None:
    world.until(utc("2026-03-30T10:00"))
    item = raised(world, "UANA", owner="UBO")
    act(world, "reassign", "UANA", item.id, "UANA")
    assert "New" not in world.card("UANA", MONDAY)
    assert "1 open" in world.card("UANA", MONDAY)


def test_given_on_the_day_that_it_is_due(world: World) -> None:
    """It is told like any other that is given, though the day's moment is over."""
    world.until(utc("2026-03-30T10:00"))
    raised(world, "UANA", owner="UCY", due=MONDAY)
    assert moments(world, "UCY") == ["03-30 10:00"]
    assert summary(world, "UCY") == f"An action item is due: {RETRAIN}"


def test_what_could_not_be_sent_that_day_is_told_on_the_next(world: World) -> None:
    """Slack was out of reach until the evening: that card made no sense any more."""
    raised(world, "UCY", due=TUESDAY)
    world.until(utc("2026-03-31T07:00"))
    world.online = False
    world.until(utc("2026-03-31T18:01"))
    (mirror,) = world.mirrors("card", "UCY")
    assert mirror.not_after == utc("2026-03-31T18:00")  # when their quiet hours begin
    world.stop(mirror, Outcome.MISSED)
    world.online = True
    world.until(utc("2026-04-03T12:00"))
    assert moments(world, "UCY") == ["04-01 07:30"]


# --- people who move


def test_a_flight_before_the_day(world: World) -> None:
    """Due on Tuesday is by the clock of where they are."""
    raised(world, "ULU", due=TUESDAY)
    world.until(utc("2026-03-29T20:00"))
    world.person("ULU", TOKYO)
    world.until(utc("2026-04-01T23:00"))
    assert moments(world, "ULU") == ["03-31 00:30"]


def test_a_flight_the_other_way(world: World) -> None:
    """What woke in Tokyo's morning waits for Los Angeles'."""
    raised(world, "UTOM", due=TUESDAY)
    world.until(utc("2026-03-30T23:00"))
    world.person("UTOM", LA)
    world.until(utc("2026-04-01T23:00"))
    assert moments(world, "UTOM") == ["03-31 16:30"]


def test_whose_zone_is_not_known_is_told_once_it_is(world: World) -> None:
    """Chosen before Slack told anything about them."""
    raised(world, "UANA", owner="UNEW", due=TUESDAY)
    world.until(utc("2026-03-30T10:00"))
    assert told(world, "UNEW") == []
    world.person("UNEW", TOKYO)
    world.until(utc("2026-03-31T10:00"))
    assert [one.at for one in told(world, "UNEW")][-1] == utc("2026-03-31T00:30")


def test_after_three_days_without_the_bot_it_is_told(world: World) -> None:
    """Nothing is dropped: on the first working morning that it runs."""
    raised(world, "UCY", due=MONDAY)
    world.sleep_until(utc("2026-04-02T03:00"))
    world.until(utc("2026-04-02T12:00"))
    assert moments(world, "UCY") == ["04-02 07:30"]


def test_the_moment_that_comes_twice_tells_once(world: World) -> None:
    """A step may run again: the card is there."""
    raised(world, "UCY", due=TUESDAY)
    world.until(utc("2026-03-31T07:30"))
    query = select(Timer).where(Timer.kind == telling.KIND, Timer.step == due.STEP)
    for _ in range(3):
        due.step(world.session, world.at, list(map(rows.fired, world.session.scalars(query))))
        world.send()
    assert moments(world, "UCY") == ["03-31 07:30"]
