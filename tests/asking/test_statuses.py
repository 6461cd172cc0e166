"""A Slack status of leave or illness: which it is, how long it lasts, who is not asked for it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.asking import absences
from bot.asking.absences import Request
from bot.asking.outlook import outlook
from bot.asking.statuses import USUAL, Status, covered, listing, meaning
from bot.asking.why import answer, why
from bot.core.states import AbsenceKind, Excuse, PromptState
from bot.db.tables import Workspace
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN = "Europe/Berlin"
THERE = ZoneInfo(BERLIN)
AT = utc("2026-03-30T07:00")  # Monday, 09:00 in Berlin
PALM = Status(":palm_tree:")


@pytest.mark.parametrize(
    ("emoji", "text", "read"),
    [
        (":palm_tree:", "", "vacation"),
        (":palm_tree:", "Vacationing", "Vacationing"),
        (":face_with_thermometer:", "", "out sick"),
        (":face_with_thermometer:", "Out sick", "Out sick"),
        (":PALM_TREE:", "", "vacation"),
        (":pill::skin-tone-3:", "", "out sick"),
        ("", "On VACATION till Friday!", "On VACATION till Friday!"),
        (":tada:", "parental  leave\n", "parental leave"),
        ("", "im Urlaub", "im Urlaub"),
    ],
)
def test_these_mean_leave_or_illness(emoji: str, text: str, read: str) -> None:
    """By emoji or by words; what others read is the text, else what the emoji means."""
    assert meaning(Status(emoji, text), None) == read


@pytest.mark.parametrize(
    ("emoji", "text"),
    [
        ("", ""),
        (":spiral_calendar_pad:", "In a meeting"),
        (":spiral_calendar_pad:", "in a meeting about sick leave"),
        (":bus:", "Commuting"),
        (":house_with_garden:", "Working remotely"),
        (":palm_tree:", "Working remotely from Crete"),
        (":computer:", "Remote"),
        ("", "Back from vacation"),
        ("", "Fixing the silly sickle"),
        ("", "I'll be late"),
        (":palm_tree_two:", ""),
        ("palm_tree", ""),
    ],
)
def test_these_do_not(emoji: str, text: str) -> None:
    """A meeting is none; words count whole, and an emoji is exactly one of the list."""
    assert meaning(Status(emoji, text), None) is None


def test_a_workspace_has_its_own_list() -> None:
    """It replaces the usual one, and may even hold what is none elsewhere."""
    own = listing("ferien\n\n  :Skier: \nFerien\nremote")
    assert own == ["ferien", ":skier:", "remote"]
    assert meaning(Status(text="Ferien!"), own) == "Ferien!"
    assert meaning(Status(":skier:"), own) == "skier"
    assert meaning(Status(text="Remote"), own) == "Remote"
    assert meaning(PALM, own) is None
    assert meaning(Status(text="ferien in a meeting"), own) is None
    assert meaning(PALM, []) is None


def test_the_usual_list_reads_as_an_admin_would_type_it() -> None:
    """Else an admin who copied the hint would get something else."""
    assert listing("\n".join(USUAL)) == list(USUAL)


def test_a_long_text_is_cut() -> None:
    """What is kept as the reason stays short."""
    read = meaning(Status(text="sick " * 50), None)
    assert read is not None
    assert len(read) <= 60


def away_on(status: Status, at: datetime = AT) -> list[date]:
    """Of Sunday to Wednesday, the days on which this keeps somebody in Berlin away."""
    days = [day(f"2026-03-{number}") for number in (29, 30, 31)] + [day("2026-04-01")]
    return list(covered(status, at, days, THERE))


@pytest.mark.parametrize(
    ("until", "first_asked"),
    [
        ("2026-03-30T21:58:59", "2026-03-29"),  # ends more than a minute before the day does
        ("2026-03-30T21:59", "2026-03-31"),
        ("2026-03-30T21:59:59", "2026-03-31"),  # Slack's "Today"
        ("2026-03-31T12:00", "2026-03-31"),
        ("2026-04-01T22:00", "2026-04-02"),
    ],
)
def test_it_must_last_to_the_day_s_end(until: str, first_asked: str) -> None:
    """A day that it covers in part is asked about."""
    found = away_on(Status(":palm_tree:", until=utc(until)))
    assert found == [one for one in found if one < day(first_asked)]
    assert (day(first_asked) > MONDAY) == (MONDAY in found)


def test_one_without_an_end_is_believed_for_today() -> None:
    """Nobody is told that they are not asked for ever; tomorrow it is looked at again."""
    assert away_on(PALM) == [day("2026-03-29"), MONDAY]
    assert away_on(PALM, utc("2026-03-30T22:00")) == [day("2026-03-29"), MONDAY, TUESDAY]


def test_one_that_is_over_counts_no_more() -> None:
    """Although no event has told of it."""
    assert away_on(Status(":palm_tree:", until=AT)) == []


def test_the_day_ends_by_their_own_clock_across_a_change() -> None:
    """The night before Berlin's clocks go forward, midnight is at 23:00 UTC, and then at 22:00."""
    saturday = utc("2026-03-28T12:00")
    days = [day("2026-03-28"), day("2026-03-29")]
    until = Status(":palm_tree:", until=utc("2026-03-29T21:59:59"))
    assert list(covered(until, saturday, days, THERE)) == days
    short = Status(":palm_tree:", until=utc("2026-03-28T22:58"))
    assert list(covered(short, saturday, days, THERE)) == []


# --- in a week


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on Ana and Bo, in Berlin, are asked at 09:30."""
    world = begin("2026-03-28T12:00")
    for who in ("UANA", "UBO"):
        world.person(who, BERLIN)
    world.set_up(["UANA", "UBO"])
    return world


def told_why(world: World, asker: str = "UANA", whom: str | None = None) -> str:
    return answer(why(world.session, world.at, world.workspace_id, asker, whom), "/standup")


def test_who_says_so_in_slack_is_not_asked(world: World) -> None:
    """Without a card; the channel and `why` tell the reason."""
    world.until(utc("2026-03-30T06:00"))
    world.says("UANA", Status(":palm_tree:", "Vacationing", utc("2026-03-31T21:59:59")))
    assert "not asked today: Slack status: Vacationing; next on *Wed 1 April" in told_why(world)
    world.until(utc("2026-03-30T08:00"))
    assert world.notified("UANA") == []
    prompt = world.prompts(MONDAY)["UANA"]
    assert (prompt.state, prompt.excuse) == (PromptState.SKIPPED, Excuse.STATUS)
    assert prompt.reason == "Slack status: Vacationing"
    world.answer("UBO", MONDAY)
    (mirror,) = world.mirrors("standup.run")
    assert "Away: *uana* (Slack status: Vacationing)" in str(world.drawn(mirror))
    assert "not asked today: Slack status: Vacationing" in told_why(world, "UBO", "UANA")


def test_the_channel_names_who_will_be_skipped(world: World) -> None:
    """Before their moment too: Bo, further east, has answered already."""
    world.person("UBO", "Asia/Tokyo")
    world.says("UANA", PALM)
    world.until(utc("2026-03-30T01:00"))
    world.answer("UBO", MONDAY)
    (mirror,) = world.mirrors("standup.run")
    assert "Away: *uana* (Slack status: vacation)" in str(world.drawn(mirror))


def test_a_status_without_an_end_is_looked_at_each_day(world: World) -> None:
    """Not asked while it stands, and never "not asked for weeks"."""
    world.says("UANA", PALM)
    world.until(utc("2026-04-01T08:00"))
    assert world.notified("UANA") == []
    assert "next on *Thu 2 April, 09:30*" in told_why(world)
    world.says("UANA", None)
    assert [one.day for one in world.asked if one.person == "UANA"] == [day("2026-04-01")]


def test_its_end_needs_no_event(world: World) -> None:
    """Asked on the first day that it doesn't cover, whether or not Slack told that it is over."""
    world.says("UANA", Status(":palm_tree:", until=utc("2026-03-30T21:59:59")))
    world.until(utc("2026-03-31T08:00"))
    assert [one.day for one in world.asked if one.person == "UANA"] == [TUESDAY]


def test_set_after_being_asked(world: World) -> None:
    """They owe nothing any more; the card says so silently, and nobody is reminded."""
    world.until(utc("2026-03-30T08:00"))
    world.says("UANA", Status(":face_with_thermometer:", "Out sick"))
    assert world.states(MONDAY)["UANA"] == "skipped"
    card = world.card("UANA", MONDAY)
    assert "Slack status: Out sick" in card
    assert "Answer anyway" in card
    world.until(utc("2026-03-30T20:00"))
    assert len(world.notified("UANA")) == 1


def test_cleared_in_the_window_they_are_asked_at_once(world: World) -> None:
    """Back already."""
    world.says("UANA", PALM)
    world.until(utc("2026-03-30T10:00"))
    world.says("UANA", None)
    assert world.states(MONDAY)["UANA"] == "asked"
    assert [one.at for one in world.notified("UANA")] == [utc("2026-03-30T10:00")]


def test_cleared_at_midnight_nobody_is_asked_for_yesterday(begin: Begin) -> None:
    """Slack clears it at the day's end; Monday's window, which is open still, is no reason."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.set_up(["UANA"], open_minutes=24 * 60)
    world.says("UANA", Status(":palm_tree:", until=utc("2026-03-30T21:59:59")))
    world.until(utc("2026-03-30T22:01"))
    world.says("UANA", None)
    assert world.states(MONDAY)["UANA"] == "skipped"
    assert world.notified("UANA") == []


def test_a_meeting_changes_nothing(world: World) -> None:
    """Nor does it touch the card."""
    world.until(utc("2026-03-30T08:00"))
    before = [mirror.wanted for mirror in world.mirrors("asking.card")]
    world.says("UANA", Status(":spiral_calendar_pad:", "In a meeting", utc("2026-03-30T21:59:59")))
    assert world.states(MONDAY)["UANA"] == "asked"
    assert [mirror.wanted for mirror in world.mirrors("asking.card")] == before


def test_an_absence_and_a_holiday_win_over_a_status(begin: Begin) -> None:
    """Each is told by its own reason."""
    world = begin("2026-04-01T12:00")
    world.holidays = True
    world.person("UANA", BERLIN)
    world.set_up(["UANA"])
    world.says("UANA", Status(":palm_tree:", until=utc("2026-04-30T12:00")))
    on = day("2026-04-08")
    request = Request(None, on, on, AbsenceKind.LEAVE, "", "key")
    absences.enter(world.session, world.at, world.workspace_id, "UANA", request)
    seen = {one.day: one.remark for one in outlook(world.session, world.at, 8)}
    assert seen[day("2026-04-02")] == "Slack status: vacation"
    assert seen[day("2026-04-03")] == "Good Friday in Germany"
    assert seen[on] == "away until Wed 8 April"


def test_the_workspace_s_own_list_counts(world: World) -> None:
    """A status that is only on the usual list is none then."""
    world.session.get_one(Workspace, world.workspace_id).leave_statuses = ["fasching"]
    world.says("UANA", PALM)
    world.says("UBO", Status(text="Fasching"))
    world.until(utc("2026-03-30T08:00"))
    assert [one.person for one in world.asked] == ["UANA"]


def test_their_words_are_shown_inert(world: World) -> None:
    """A status is no way to mention anybody, nor to break a line."""
    world.until(utc("2026-03-30T06:00"))
    world.says("UANA", Status(text="sick <!channel> *b*\n@here"))
    assert "Slack status: sick &lt;!channel&gt; *b* @here" in told_why(world)


def test_an_own_wish_is_not_taken_back_by_a_status(world: World) -> None:
    """Who skipped today, and clears a status, is not asked again."""
    world.until(utc("2026-03-30T08:00"))
    prompt = world.prompts(MONDAY)["UANA"]
    prompt.state, prompt.excuse = PromptState.SKIPPED, Excuse.OWN_WISH
    world.session.flush()
    world.says("UANA", PALM)
    world.says("UANA", None)
    assert world.prompts(MONDAY)["UANA"].excuse is Excuse.OWN_WISH
