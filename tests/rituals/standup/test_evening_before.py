"""`/standup` from the evening before: from when on, and which of several."""

from datetime import time

import pytest

from bot.core.states import PromptState, RunState
from bot.rituals.standup import sheets
from bot.rituals.standup.model import Choice, NothingOpen
from bot.rituals.standup.sheets import Sheet
from bot.rituals.standup.views import words
from bot.rituals.standup.views.choice import choice_modal
from bot.sandbox.blocks import check_view
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, LA, TOKYO = "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"
SAMOA, LINE_ISLANDS = "Pacific/Pago_Pago", "Pacific/Kiritimati"


def opened(world: World, who: str, channel: str = CHANNEL) -> Sheet | Choice | NothingOpen:
    return sheets.open_sheet(world.session, world.at, world.workspace_id, who, channel)


def alone(begin: Begin, tz: str, since: str = "2026-03-28T00:00") -> World:
    """One person on one stand-up, with its zone."""
    world = begin(since, online=False)
    world.person("UONE", tz)
    world.set_up(["UONE"])
    return world


@pytest.mark.parametrize(
    ("tz", "before", "evening"),
    [
        (TOKYO, "2026-03-29T06:59", "2026-03-29T07:00"),
        (LA, "2026-03-29T22:59", "2026-03-29T23:00"),
        # Berlin's clocks went forward at 02:00 that Sunday.
        (BERLIN, "2026-03-29T13:59", "2026-03-29T14:00"),
        (SAMOA, "2026-03-30T02:59", "2026-03-30T03:00"),
        (LINE_ISLANDS, "2026-03-29T01:59", "2026-03-29T02:00"),
    ],
)
def test_open_from_four_in_the_afternoon_of_the_day_before(
    begin: Begin, tz: str, before: str, evening: str
) -> None:
    """On each person's own clock, wherever they are; not a minute sooner."""
    world = alone(begin, tz)
    world.until(utc(before))
    early = opened(world, "UONE")
    assert isinstance(early, NothingOpen)
    assert early.opens == utc(evening)
    world.until(utc(evening))
    sheet = opened(world, "UONE")
    assert isinstance(sheet, Sheet)
    assert (sheet.date, sheet.answered) == (MONDAY, False)


def test_on_the_sunday_of_an_autumn_change(begin: Begin) -> None:
    """Los Angeles has 16:00 once that day, an hour later by UTC than the day before."""
    world = alone(begin, LA, "2026-10-30T00:00")
    world.until(utc("2026-11-01T23:59"))
    assert isinstance(opened(world, "UONE"), NothingOpen)
    world.until(utc("2026-11-02T00:00"))
    sheet = opened(world, "UONE")
    assert isinstance(sheet, Sheet)
    assert sheet.date == day("2026-11-02")


def test_a_moment_before_four_o_clock_of_the_day_before_opens_it(begin: Begin) -> None:
    """Nobody is asked for what they may not answer yet: a run by hand, or a flight westward."""
    world = alone(begin, BERLIN)
    world.until(utc("2026-03-29T10:00"))
    prompt = world.prompts(MONDAY)["UONE"]
    assert isinstance(opened(world, "UONE"), NothingOpen)
    prompt.due_at = world.at
    world.session.flush()
    assert isinstance(opened(world, "UONE"), Sheet)


def test_what_was_said_the_evening_before_is_not_asked_again(begin: Begin) -> None:
    """No card, no reminder, and the summary counts it."""
    world = begin("2026-03-28T00:00")
    world.person("UBER", BERLIN)
    world.person("UTYO", TOKYO)
    world.set_up(["UBER", "UTYO"])
    world.until(utc("2026-03-29T15:00"))
    world.answer("UBER", MONDAY, "Said on Sunday")
    prompt = world.prompts(MONDAY)["UBER"]
    assert (prompt.state, prompt.answered_at) == (PromptState.ANSWERED, world.at)
    assert world.run(MONDAY).state is RunState.OPEN
    world.until(utc("2026-03-30T18:00"))
    assert world.notified("UBER") == []
    assert len(world.notified("UTYO")) > 0
    assert world.states(MONDAY)["UBER"] is PromptState.ANSWERED
    (message,) = [one for one in world.sent if one.target == CHANNEL]
    assert message.at == utc("2026-03-29T15:00")


def test_it_is_edited_until_the_run_closes(begin: Begin) -> None:
    """Said on Sunday, and still open for a change on Monday, late limit included."""
    world = alone(begin, BERLIN)
    world.until(utc("2026-03-29T15:00"))
    world.answer("UONE", MONDAY, "Said on Sunday")
    closes = world.run(MONDAY).closes_at
    world.until(utc("2026-03-30T13:59"))  # Tuesday's opens a minute later
    sheet = opened(world, "UONE")
    assert isinstance(sheet, Sheet)
    assert (sheet.date, sheet.answered) == (MONDAY, True)
    world.until(closes)
    sheet = opened(world, "UONE")
    assert isinstance(sheet, Sheet)
    assert (sheet.date, sheet.answered) == (TUESDAY, False)


def test_who_is_away_may_answer_the_evening_before(begin: Begin) -> None:
    """A holiday doesn't close the sheet."""
    world = begin("2026-04-03T00:00", online=False)
    world.holidays = True
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-04-05T15:00"))  # Easter Monday's evening before
    sheet = opened(world, "UBER")
    assert isinstance(sheet, Sheet)
    assert sheet.date == day("2026-04-06")
    world.answer("UBER", sheet.date, "Could not resist")
    world.until(utc("2026-04-06T12:00"))
    assert world.states(sheet.date)["UBER"] is PromptState.ANSWERED


def test_a_change_of_the_stand_up_keeps_what_was_said_early(begin: Begin) -> None:
    """Moved to another hour on Sunday evening: the answer stands, and nobody is asked twice."""
    world = alone(begin, BERLIN)
    world.until(utc("2026-03-29T15:00"))
    world.answer("UONE", MONDAY, "Said on Sunday")
    world.set_up(["UONE"], at=time(11), key="later")
    world.until(utc("2026-03-30T12:00"))
    assert world.asked == []
    assert world.states(MONDAY) == {"UONE": PromptState.ANSWERED}


# --- several open


@pytest.fixture
def busy(begin: Begin) -> World:
    """Three stand-ups of one person, all open on Monday at noon; the last closes first."""
    world = begin("2026-03-28T12:00", online=False)
    world.person("UBER", BERLIN)
    for hour, channel in ((10, "C1"), (9, "C2"), (8, "C3")):
        world.set_up(["UBER"], channel=channel, at=time(hour))
    world.until(utc("2026-03-30T10:00"))
    return world


def chosen(found: object) -> list[tuple[str, bool]]:
    assert isinstance(found, Choice)
    return [(one.channel, one.answered) for one in found.among]


def test_with_several_open_it_asks_which(busy: World) -> None:
    """What is not answered first, then what closes first."""
    assert chosen(opened(busy, "UBER", "C9")) == [("C3", False), ("C2", False), ("C1", False)]
    busy.answer("UBER", MONDAY, channel="C3")
    assert chosen(opened(busy, "UBER", "C9")) == [("C2", False), ("C1", False), ("C3", True)]


def test_typed_in_a_stand_up_s_own_channel_that_one_opens(busy: World) -> None:
    """One tap less; answered or not."""
    sheet = opened(busy, "UBER", "C2")
    assert isinstance(sheet, Sheet)
    assert sheet.channel == "C2"
    busy.answer("UBER", MONDAY, channel="C2")
    sheet = opened(busy, "UBER", "C2")
    assert isinstance(sheet, Sheet)
    assert (sheet.channel, sheet.answered) == ("C2", True)


def test_only_one_not_answered_opens_at_once(busy: World) -> None:
    """There is nothing to ask."""
    busy.answer("UBER", MONDAY, channel="C2")
    busy.answer("UBER", MONDAY, channel="C3")
    sheet = opened(busy, "UBER", "C9")
    assert isinstance(sheet, Sheet)
    assert sheet.channel == "C1"


def test_with_all_answered_it_asks_which_to_edit(busy: World) -> None:
    """Each may still be changed."""
    for channel in ("C1", "C2", "C3"):
        busy.answer("UBER", MONDAY, channel=channel)
    assert chosen(opened(busy, "UBER", "C9")) == [("C3", True), ("C2", True), ("C1", True)]


def test_what_is_owed_today_goes_before_tomorrow_s(busy: World) -> None:
    """At 16:00 Tuesday's opens while Monday's is owed: that one; once it is answered, which?"""
    busy.until(utc("2026-03-30T14:00"))
    sheet = opened(busy, "UBER", "C1")
    assert isinstance(sheet, Sheet)
    assert sheet.date == MONDAY
    busy.answer("UBER", MONDAY, channel="C1")
    busy.answer("UBER", MONDAY, channel="C2")
    found = opened(busy, "UBER", "C1")
    assert isinstance(found, Choice)
    assert {one.date for one in found.among if one.channel == "C1"} == {MONDAY, TUESDAY}


def test_the_list_to_choose_from_names_each_and_offers_its_button(busy: World) -> None:
    """Title, channel, date and state; *Answer* or *Edit*."""
    busy.ritual("C3").title = "Ops <!channel>"
    busy.answer("UBER", MONDAY, channel="C3")
    found = opened(busy, "UBER", "C9")
    assert isinstance(found, Choice)
    modal = choice_modal(found.among)
    check_view(modal, "modal")
    rows = [block for block in modal["blocks"] if "accessory" in block]
    assert [row["accessory"]["text"]["text"] for row in rows] == ["Answer", "Answer", "Edit"]
    last = rows[-1]["text"]["text"]
    assert last == "*Ops &lt;!channel&gt;* · <#C3>\nMon 30 March · answered ✓"
    assert [row["accessory"]["value"] for row in rows] == [
        str(one.prompt_id) for one in found.among
    ]


def test_a_hundred_open_fit_into_the_list(busy: World) -> None:
    """A modal holds 100 blocks; the rest waits in App Home."""
    found = opened(busy, "UBER", "C9")
    assert isinstance(found, Choice)
    modal = choice_modal(found.among * 50)
    check_view(modal, "modal")
    assert "and 52 more, in App Home" in str(modal)


def test_nothing_open_says_from_when_on() -> None:
    """Both moments, on the person's clock."""
    found = NothingOpen(utc("2026-03-31T09:30"), True, utc("2026-03-30T16:00"))
    assert words.nothing_open(found, "/standup") == (
        "Nothing is open for you now. You are asked next on *Tue 31 March, 09:30*; "
        "you may answer from *Mon 30 March, 16:00* on."
    )
