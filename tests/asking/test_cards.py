"""The card: at most two messages a person and date, whatever happens."""

from datetime import time

import pytest

from bot.asking import absences, deck, home, planning
from bot.asking.absences import Request
from bot.core.states import AbsenceKind, Outcome, PromptState
from bot.db.tables import Mirror
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc
from tests.plans import explained, walks

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN = "Europe/Berlin"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; one person in Berlin."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    return world


def busy(world: World, *times: time) -> None:
    """A stand-up at each of these times, in a channel each."""
    for number, at in enumerate(times, start=1):
        world.set_up(["U1"], at=at, channel=f"C{number}")


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([time(9)], id="one"),
        pytest.param([time(9), time(9)], id="two at once"),
        pytest.param([time(9), time(11)], id="two"),
        pytest.param([time(9), time(11), time(13)], id="three"),
        pytest.param([time(hour) for hour in range(7, 15)], id="eight"),
    ],
)
def test_never_more_than_two(world: World, times: list[time]) -> None:
    """However many rituals and reminders: two messages a date, and all of it on the last card."""
    busy(world, *times)
    world.until(utc("2026-03-31T23:59"))
    for on in (MONDAY, TUESDAY):
        cards_of_day = [one for one in world.sent if f"/{on}/" in one.subject]
        assert len(cards_of_day) == 2
        assert world.card("U1", on, 2).count("Stand-up*") == len(times)


def test_what_is_asked_in_one_minute_is_one_message(world: World) -> None:
    """Three rituals at 09:30 make one card of three lines."""
    busy(world, time(9, 30), time(9, 30), time(9, 30))
    world.until(utc("2026-03-30T07:31"))
    assert len(world.notified("U1")) == 1
    assert world.card("U1", MONDAY).count("· Open until 17:30") == 3


def test_the_first_card_shrinks_when_there_is_a_second(world: World) -> None:
    """The second message holds everything; the first only points there."""
    busy(world, time(9), time(11))
    world.until(utc("2026-03-30T07:01"))
    assert "Open until 17:00" in world.card("U1", MONDAY)
    world.until(utc("2026-03-30T09:01"))
    first, second = world.mirrors(deck.VIEW, "U1")
    assert first.shown == first.wanted
    assert "Continued below" in str(world.drawn(first))
    assert "Open until" not in str(world.drawn(first))
    assert str(world.drawn(second)).count("'Answer'") == 2


def test_a_second_card_that_is_gone_leaves_the_first_whole(world: World) -> None:
    """Somebody deletes the second message: the first shows what waits again."""
    busy(world, time(9), time(11))
    world.until(utc("2026-03-30T09:01"))
    world.mirrors(deck.VIEW, "U1")[1].outcome = Outcome.GONE
    world.session.flush()
    assert world.card("U1", MONDAY).count("· Open until") == 2


def test_the_card_says_late_once_the_own_window_is_over(begin: Begin) -> None:
    """At 17:30 the card changes by itself, silently; the run is open for others still."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", "America/Los_Angeles")
    world.set_up(["U1", "U2"])
    world.until(utc("2026-03-30T15:29"))
    last = world.mirrors(deck.VIEW, "U1")[-1]
    assert "Open until 17:30" in str(world.drawn(last))
    told = len(world.notified("U1"))
    world.until(utc("2026-03-30T15:31"))
    assert "Late; still open until Tue 02:30" in str(world.drawn(last))
    assert all(mirror.shown == mirror.wanted for mirror in world.mirrors(deck.VIEW, "U1"))
    assert len(world.notified("U1")) == told


def test_the_first_card_shrinks_only_once_the_second_stands(begin: Begin) -> None:
    """A second message that never comes must leave the buttons of the first where they are."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    busy(world, time(9), time(11))
    world.until(utc("2026-03-30T07:01"))
    world.online = False
    world.until(utc("2026-03-30T09:01"))
    first, second = world.mirrors(deck.VIEW, "U1")
    assert str(world.drawn(first)).count("'Answer'") == 2
    world.stop(second, Outcome.UNKNOWN)
    world.online = True
    world.send()
    world.session.refresh(first)
    assert first.shown == first.wanted
    assert str(world.drawn(first)).count("'Answer'") == 2


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.PARKED])
def test_a_card_that_never_came_is_told_to_the_owner(begin: Begin, outcome: Outcome) -> None:
    """Whoever was never shown the question is named; they can still answer."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"])
    world.online = False
    world.until(utc("2026-03-30T07:31"))
    (theirs,) = world.mirrors(deck.VIEW, "U2")
    world.stop(theirs, outcome)
    world.online = True
    world.send()
    assert "Slack took no message to u2. They can still answer." in world.card("U1", MONDAY)
    world.answer("U2", MONDAY)
    assert "Slack took no message" not in world.card("U1", MONDAY)


@pytest.mark.parametrize("how", ["leaves", "is taken off", "is away"])
def test_who_never_got_a_card_and_is_asked_no_more(begin: Begin, how: str) -> None:
    """Whoever looks after it no longer reads that they can still answer."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"])
    world.online = False
    world.until(utc("2026-03-30T07:31"))
    (theirs,) = world.mirrors(deck.VIEW, "U2")
    world.stop(theirs, Outcome.PARKED)
    world.online = True
    world.send()
    assert "Slack took no message to u2." in world.card("U1", MONDAY)
    if how == "leaves":
        world.person("U2", BERLIN, deleted=True)
    elif how == "is taken off":
        world.set_up(["U1"], key="another")
    else:
        request = Request(None, MONDAY, MONDAY, AbsenceKind.LEAVE, "", "key")
        absences.enter(world.session, world.at, world.workspace_id, "U2", request)
    (mine,) = world.mirrors(deck.VIEW, "U1")
    assert mine.shown < mine.wanted
    assert "Slack took no message" not in world.card("U1", MONDAY)


def test_whoever_is_taken_off_owes_nothing(begin: Begin) -> None:
    """Asked already, then taken off: no button, no reminder, and nobody waits for them."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"])
    world.until(utc("2026-03-30T07:31"))
    assert "'Answer'" in world.card("U2", MONDAY)
    world.set_up(["U1"], key="another")
    world.send()
    assert "Nothing waits here any more." in world.card("U2", MONDAY)
    told = len(world.notified("U2"))
    world.until(utc("2026-03-30T15:00"))
    assert len(world.notified("U2")) == told
    states = world.states(MONDAY)
    assert (states["U1"], states["U2"]) == (PromptState.ASKED, PromptState.SKIPPED)


def test_whoever_was_excused_and_is_asked_later_today_reads_so(begin: Begin) -> None:
    """The stand-up moves to the afternoon when they have said that they are away."""
    world = begin("2026-03-28T12:00")
    world.person("U1", BERLIN)
    world.set_up(["U1"])
    world.until(utc("2026-03-30T07:31"))
    request = Request(None, MONDAY, MONDAY, AbsenceKind.LEAVE, "", "key")
    absences.enter(world.session, world.at, world.workspace_id, "U1", request)
    world.send()
    assert "Away today" in world.card("U1", MONDAY)
    world.set_up(["U1"], at=time(13), key="another")
    assert "You are asked at 13:00" in world.card("U1", MONDAY)
    (card,) = world.mirrors(deck.VIEW, "U1")
    assert card.shown < card.wanted
    world.until(utc("2026-03-30T10:59"))
    before = card.wanted
    world.until(utc("2026-03-30T11:01"))
    assert "Away today" in world.card("U1", MONDAY)
    world.session.refresh(card)
    assert card.wanted > before
    assert len(world.notified("U1")) == 1


def test_later_changes_are_silent(world: World) -> None:
    """With both messages used, a third ritual is an edit of the second."""
    busy(world, time(9), time(11), time(13))
    world.until(utc("2026-03-30T10:59"))
    second = world.mirrors(deck.VIEW, "U1")[1]
    before = second.wanted
    world.until(utc("2026-03-30T11:01"))
    world.session.refresh(second)
    assert second.wanted > before
    assert second.shown == second.wanted
    assert len(world.notified("U1")) == 2


def test_a_card_not_sent_yet_is_no_reason_for_a_second(begin: Begin) -> None:
    """While Slack can't be reached, what comes meanwhile joins the card that waits."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("U1", BERLIN)
    busy(world, time(9), time(11))
    world.until(utc("2026-03-30T16:30"))
    world.online = True
    world.send()
    assert [one.subject for one in world.notified("U1")] == [
        deck.subject(world.slack("U1").id, MONDAY, 1)
    ]


def test_it_is_not_sent_after_the_last_window(begin: Begin) -> None:
    """A card that waits makes sense until the last of its windows ends, and no longer."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("U1", BERLIN)
    busy(world, time(9), time(11))
    world.until(utc("2026-03-30T16:30"))
    (card,) = world.mirrors(deck.VIEW)
    assert card.not_after == utc("2026-03-30T17:00")
    world.until(utc("2026-03-30T17:01"))
    world.online = True
    world.send()
    assert world.notified("U1") == []
    assert world.mirrors(deck.VIEW)[0].outcome is Outcome.MISSED


def test_who_never_got_a_card_either_is_told_of_a_trouble(begin: Begin) -> None:
    """The owner's own card of the day never came: nothing stands that could say it silently."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("U1", BERLIN)
    world.person("U2", BERLIN)
    world.person("U3", "America/New_York")  # for whom the run stays open
    world.set_up(["U1", "U2", "U3"], at=time(9), open_minutes=60)
    world.until(utc("2026-03-30T08:30"))
    world.online = True
    world.send()
    (told,) = world.notified("U1")
    assert "Slack took no message to u1, u2" in str(told.content)
    assert world.notified("U2") == []


def test_messages_that_never_came_leave_a_day_its_two(begin: Begin) -> None:
    """Slack was out of reach for both: what is asked after that comes to notice all the same."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("U1", BERLIN)
    for number, at in enumerate((time(9), time(11), time(13), time(15), time(17)), start=1):
        world.set_up(["U1"], at=at, channel=f"C{number}", open_minutes=60)
    for missed in ("2026-03-30T08:01", "2026-03-30T10:01"):
        world.until(utc(missed))
        world.online = True
        world.send()
        world.online = False
    assert [one.outcome for one in world.mirrors(deck.VIEW)] == [Outcome.MISSED]
    world.online = True
    world.until(utc("2026-03-30T15:30"))
    assert [one.at for one in world.notified("U1")] == [
        utc("2026-03-30T11:00"),
        utc("2026-03-30T13:00"),
    ]
    assert world.card("U1", MONDAY, 2).count("'Answer'") == 1


def test_two_windows_of_one_moment_last_as_long_as_the_longer(world: World) -> None:
    """Two rituals at the same minute: their card makes sense until the later end."""
    world.set_up(["U1"], channel="C1", open_minutes=600)
    world.set_up(["U1"], channel="C2", open_minutes=60)
    world.until(utc("2026-03-30T07:30"))
    (card,) = world.mirrors(deck.VIEW)
    assert card.not_after == utc("2026-03-30T17:30")


def test_an_answer_shows_on_the_card_silently_and_first(world: World) -> None:
    """Who answers sees it on the card at once, ahead of everything else that is sent."""
    busy(world, time(9, 30))
    world.until(utc("2026-03-30T07:31"))
    world.online = False
    world.answer("U1", MONDAY)
    (card,) = world.mirrors(deck.VIEW)
    assert (card.urgency, card.shown < card.wanted) == (0, True)
    assert "Answered ✓" in world.card("U1", MONDAY)


# --- telling owners


@pytest.mark.parametrize(
    ("up", "told"),
    [
        pytest.param("2026-03-31T16:00", "2026-03-31T16:00", id="in the afternoon"),
        pytest.param("2026-03-31T17:59", "2026-03-31T17:59", id="just before 20:00"),
        pytest.param("2026-03-31T18:00", "2026-04-01T06:00", id="at 20:00"),
        pytest.param("2026-04-01T03:00", "2026-04-01T06:00", id="at night"),
        pytest.param("2026-04-01T05:59", "2026-04-01T06:00", id="just before 08:00"),
    ],
)
def test_an_owner_is_told_by_day(world: World, up: str, told: str) -> None:
    """A trouble found in the owner's quiet hours waits for their end."""
    world.person("U2", BERLIN)
    world.set_up(["U2"], by="U1", at=time(7, 15))
    world.sleep_until(utc(up))
    world.until(utc("2026-04-01T07:00"))
    assert [one.at for one in world.notified("U1")] == [utc(told)]
    assert "was not running in time to ask u2" in str(world.notified("U1")[0].content)


def test_an_owner_with_a_card_is_told_on_it_silently(world: World) -> None:
    """The day's card takes the line in; no message more."""
    world.person("U2", BERLIN)
    world.set_up(["U1", "U2"], at=time(12))
    world.set_up(["U2"], by="U1", at=time(12, 5), channel="C2", open_minutes=15)
    world.until(utc("2026-03-30T10:01"))
    world.sleep_until(utc("2026-03-30T10:30"))
    assert len(world.notified("U1")) == 1
    assert "to ask u2" in world.card("U1", MONDAY)


def test_in_quiet_hours_today_s_card_says_it_at_once(world: World) -> None:
    """Silently; they are told in the morning all the same."""
    world.person("U2", BERLIN)
    world.set_up(["U1"], at=time(12), open_minutes=240)
    world.set_up(["U2"], by="U1", at=time(19, 50), channel="C2", open_minutes=15)
    world.until(utc("2026-03-30T10:01"))
    world.answer("U1", MONDAY)
    world.until(utc("2026-03-30T17:00"))
    before = world.mirrors(deck.VIEW, "U1")[0].wanted
    world.sleep_until(utc("2026-03-30T18:30"))
    assert "to ask u2" in world.card("U1", MONDAY)
    assert world.mirrors(deck.VIEW, "U1")[0].wanted > before
    assert len(world.notified("U1")) == 1
    world.until(utc("2026-03-31T06:00"))
    assert len(world.notified("U1")) == 2


def test_the_morning_comes_again_for_who_flies_west(world: World) -> None:
    """Due at eight in Berlin, but it is two in New York by then: told at eight there."""
    world.person("U2", BERLIN)
    world.set_up(["U2"], by="U1", at=time(7, 15))
    world.sleep_until(utc("2026-03-31T20:00"))
    world.person("U1", "America/New_York")
    world.until(utc("2026-04-01T11:59"))
    assert world.notified("U1") == []
    world.until(utc("2026-04-01T12:00"))
    assert len(world.notified("U1")) == 1


def test_a_mirror_s_limit_is_the_machine_s(world: World) -> None:
    """`not_after` is kept as far ahead on the machine's clock as it lies on the calendar."""
    busy(world, time(9, 30))
    world.until(utc("2026-03-30T07:30"))
    (card,) = world.mirrors(deck.VIEW)
    assert isinstance(card, Mirror)
    assert card.not_after == world.machine.utc() + minutes(480)


@pytest.mark.usefixtures("on_sqlite")
def test_nothing_walks_through_all_there_ever_was(world: World) -> None:
    """Rows pile up over the years: nobody must wait for a walk through all of them."""
    busy(world, time(9), time(11))
    home.opened(world.session, world.at, world.workspace_id, "U1")
    world.until(utc("2026-03-30T08:00"))
    about = ("mirrors.subject ", "mirrors.run_id IN", "prompts.run_id IN")
    with explained(world.session, "mirrors", "prompts", about=about) as plans:
        world.answer("U1", MONDAY)
        world.until(utc("2026-03-30T09:30"))
    assert len(plans) > 3
    assert walks(plans) == []


@pytest.mark.usefixtures("on_sqlite")
def test_what_was_asked_long_ago_is_not_walked_through(world: World) -> None:
    """When a stand-up is planned anew, nor when somebody is asked too late for a reminder."""
    world.set_up(["U1"], at=time(9, 30))
    with explained(world.session, "prompts", "timers") as plans:
        planning.plan_from(world.session, world.at, world.ritual())
        world.sleep_until(utc("2026-03-30T14:45"))  # eight hours end at 17:30
    assert world.notified("U1")
    assert plans
    assert walks(plans) == []


@pytest.mark.usefixtures("on_sqlite")
def test_somebody_s_first_and_last_cards_are_found_among_theirs(world: World) -> None:
    """Each card that is drawn asks whether it is their first."""
    busy(world, time(9))
    world.until(utc("2026-04-01T12:00"))
    with explained(world.session, "mirrors") as plans:
        assert deck.first_days(world.session, "U1") == {(world.slack("U1").id, MONDAY)}
        last = deck.last_days(world.session, ["U1"])
    assert last == {(world.slack("U1").id, day("2026-04-01"))}
    by_target = "SEARCH mirrors USING INDEX ix_mirrors_target_outcome (target=?)"
    assert [one for one in plans if "PRIMARY KEY" not in one] == [by_target] * 2
