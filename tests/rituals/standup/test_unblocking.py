"""Whoever can unblock: told once, in their working hours, and what they make of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.asking import people
from bot.core.content import Message
from bot.core.states import AbsenceKind, BlockerState, Outcome, RunState
from bot.db.tables import Absence, Blocker, Mirror, Timer
from bot.engine.mirrors import Urgency
from bot.rituals.standup import answers, running, telling, unblocking
from bot.rituals.standup.answers import Beside, Saved
from bot.rituals.standup.unblock_shown import VIEW
from bot.rituals.standup.views.unblock import Asked, AskedOf, unblock_message
from bot.sandbox.blocks import check_message
from tests.asking.conftest import Begin
from tests.asking.world import Sent, World, day, minutes, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, LA, TOKYO = "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin, where Ana and Bo are asked; Lu is in Los Angeles, on no stand-up."""
    world = begin("2026-03-28T12:00")
    for name, tz in (("UANA", BERLIN), ("UBO", BERLIN), ("ULU", LA), ("UTO", TOKYO)):
        world.person(name, tz)
    world.set_up(["UANA", "UBO"])
    world.until(utc("2026-03-30T08:00"))
    return world


def say(world: World, *lines: str, helper: str = "", on: date = MONDAY, **beside: Any) -> None:
    anew = beside.pop("anew", bool(helper))
    result = answers.submit(
        world.session,
        world.at,
        world.workspace_id,
        "UANA",
        world.prompts(on)["UANA"].id,
        {"learned": "Much", "blockers": "\n".join(lines)},
        Beside(helper=helper, anew=anew, **beside),
    )
    assert isinstance(result, Saved), result
    world.send()


def told(world: World, who: str) -> list[Sent]:
    return [one for one in world.notified(who) if one.view == VIEW]


def blocker(world: World) -> Blocker:
    query = select(Blocker).execution_options(populate_existing=True)
    return world.session.scalars(query.order_by(Blocker.id)).all()[0]


def reads(world: World, who: str) -> str:
    """What the message to somebody shows now."""
    (mirror,) = world.mirrors(VIEW, who)
    return str(world.drawn(mirror))


def press(world: World, who: str, *, helps: bool) -> None:
    use_case = unblocking.unblock if helps else unblocking.decline
    use_case(world.session, world.at, world.workspace_id, who, blocker(world).id)
    world.send()


# --- when


def test_in_their_working_hours_they_are_told_at_once(world: World) -> None:
    """Who is blocked, by what, since when and where; with a button to say that it is resolved."""
    say(world, "GPU quota", helper="UBO")
    (sent,) = told(world, "UBO")
    assert sent.at == world.at
    shown = str(sent.content)
    for words in ("uana", "GPU quota", "Since Mon 30 March", "<#C1>", "Unblocked", "I can't help"):
        assert words in shown
    assert blocker(world).told_at == world.at


@pytest.mark.parametrize(
    ("helper", "when"),
    [
        ("ULU", "2026-03-30T16:00"),  # 09:00 in Los Angeles
        ("UTO", "2026-03-30T08:00"),  # 17:00 in Tokyo
    ],
)
def test_elsewhere_they_are_told_when_they_begin_to_work(
    world: World, helper: str, when: str
) -> None:
    say(world, "GPU quota", helper=helper)
    world.until(utc("2026-03-31T08:00"))
    assert [one.at for one in told(world, helper)] == [utc(when)]


def test_not_on_a_weekend(world: World) -> None:
    """What is said on a Friday evening waits for Monday's nine o'clock."""
    world.until(utc("2026-04-03T15:20"))  # 17:20 in Berlin
    friday = day("2026-04-03")
    world.person("UBO", "Asia/Kolkata")
    say(world, "GPU quota", helper="UBO", on=friday)
    assert told(world, "UBO") == []
    world.until(utc("2026-04-06T12:00"))
    assert [one.at for one in told(world, "UBO")] == [utc("2026-04-06T03:30")]


def test_not_on_a_day_off_even_one_that_is_entered_later(world: World) -> None:
    """It waits for the first working day after it."""
    say(world, "GPU quota", helper="ULU")
    lu = world.slack("ULU")
    world.session.add(
        Absence(
            person_id=lu.id,
            first=MONDAY,
            last=TUESDAY,
            kind=AbsenceKind.LEAVE,
            origin="x",
            created_at=world.at,
        )
    )
    world.until(utc("2026-04-02T08:00"))
    assert [one.at for one in told(world, "ULU")] == [utc("2026-04-01T16:00")]


def test_not_in_quiet_hours_of_their_own(world: World) -> None:
    """Quiet until eleven: told at eleven."""
    bo = world.slack("UBO")
    bo.quiet_from, bo.quiet_until = utc("2026-03-30T20:00").time(), utc("2026-03-30T11:00").time()
    say(world, "GPU quota", helper="UBO")
    world.until(utc("2026-03-30T12:00"))
    assert [one.at for one in told(world, "UBO")] == [utc("2026-03-30T09:00")]


def test_whoever_is_unknown_is_told_once_their_zone_is_known(world: World) -> None:
    say(world, "GPU quota", helper="UNEW")
    world.until(world.at + minutes(20))
    assert told(world, "UNEW") == []
    world.person("UNEW", BERLIN)
    world.until(world.at + minutes(20))
    assert len(told(world, "UNEW")) == 1


def test_slack_is_asked_about_whoever_was_named(world: World) -> None:
    """Though they are on no stand-up: their zone, and whether they are still there."""
    say(world, "GPU quota", helper="UNEW")
    assert "UNEW" in [slack_id for _team, slack_id in people.to_look_at(world.session)]
    say(world, helper="")
    assert "UNEW" not in [slack_id for _team, slack_id in people.to_look_at(world.session)]


def test_what_could_not_be_sent_in_their_hours_is_sent_in_the_next(world: World) -> None:
    """Slack was out of reach until the evening: it would disturb them."""
    world.online = False
    say(world, "GPU quota", helper="UBO")
    (mirror,) = world.mirrors(VIEW, "UBO")
    assert mirror.not_after == world.machine.utc() + timedelta(hours=8)
    world.stop(mirror, Outcome.MISSED)
    world.online = True
    world.until(utc("2026-03-31T08:00"))
    assert [one.at for one in told(world, "UBO")] == [utc("2026-03-31T07:00")]
    (mirror,) = world.mirrors(VIEW, "UBO")
    assert mirror.not_after == world.machine.utc() + timedelta(hours=8)  # the same again
    world.until(utc("2026-04-02T08:00"))
    waiting = select(Timer).where(Timer.step == telling.STEP, Timer.consumed_at.is_(None))
    assert world.session.scalars(waiting).all() == []


def test_what_is_resolved_after_the_close_on_its_date_is_seen_in_the_channel(world: World) -> None:
    """It is Monday in Los Angeles still when Berlin's Monday has closed."""
    say(world, "GPU quota", helper="ULU")
    world.until(utc("2026-03-30T16:30"))
    assert world.run(MONDAY).state is RunState.CLOSED
    (message,) = world.mirrors("standup.run")
    wanted = message.wanted
    press(world, "ULU", helps=True)
    assert message.wanted > wanted
    assert "resolved" in str(world.drawn(message))


def test_what_is_resolved_where_it_is_yesterday_still_is_gone_from_a_later_run(
    world: World,
) -> None:
    """Berlin's Tuesday may have closed by then, with the blocker in its message."""
    say(world, "GPU quota", helper="ULU")
    world.until(utc("2026-03-31T06:30"))  # half past eleven on Monday evening there
    say(world, on=TUESDAY)
    run = world.run(TUESDAY)
    run.state = RunState.CLOSED
    running.mark_run(world.session, world.at, run, Urgency.CLOSING)
    world.send()
    message = world.mirrors("standup.run")[-1]
    assert "GPU quota" in str(world.drawn(message))
    wanted = message.wanted
    press(world, "ULU", helps=True)
    assert message.wanted > wanted
    assert "GPU quota" not in str(world.drawn(message))


def test_what_was_resolved_after_the_close_and_is_not_after_all(world: World) -> None:
    """Somebody answers for Tuesday on Monday evening, and thinks better of it."""
    say(world, "GPU quota")
    world.until(utc("2026-03-30T17:00"))
    assert world.run(MONDAY).state is RunState.CLOSED
    message = world.mirrors("standup.run")[0]
    for fate in (True, False):
        wanted = message.wanted
        say(world, on=TUESDAY, resolved={blocker(world).id: fate})
        assert message.wanted > wanted
        assert ("resolved" in str(world.drawn(message))) is fate


# --- once


def test_nobody_is_told_twice(world: World) -> None:
    """Not by an edit, nor the next day; the message follows what is said now."""
    say(world, "GPU quota", helper="UBO")
    say(world, "GPU quota: 8 more", helper="UBO", anew=False)
    world.until(utc("2026-03-31T08:00"))
    say(world, "GPU quota: 8 more", helper="UBO", on=TUESDAY)
    assert len(told(world, "UBO")) == 1
    assert "8 more" in reads(world, "UBO")


def test_another_who_is_named_is_told_once(world: World) -> None:
    """And the first one reads that they are not asked any more; back again, they are not told."""
    world.person("UCY", BERLIN)
    for helper in ("UBO", "UCY", "UBO", "UCY"):
        say(world, "GPU quota", helper=helper)
    assert (len(told(world, "UBO")), len(told(world, "UCY"))) == (1, 1)
    assert "no longer asked" in reads(world, "UBO")
    assert "Unblocked" in reads(world, "UCY")


def test_each_new_blocker_is_told(world: World) -> None:
    """One message each: each is resolved on its own."""
    say(world, "GPU quota", "Labels", helper="UBO")
    say(world, "GPU quota", "Labels", "Access", helper="UBO", anew=False)
    assert len(told(world, "UBO")) == 3


@pytest.mark.parametrize("how", ["withdrawn", "resolved", "somebody else", "nobody", "left"])
def test_what_needs_no_help_any_more_is_not_told(world: World, how: str) -> None:
    """They had not begun to work when it was settled."""
    say(world, "GPU quota", helper="ULU")
    match how:
        case "withdrawn":
            say(world)
        case "resolved":
            world.until(utc("2026-03-30T15:00"))
            unblocking.unblock(
                world.session, world.at, world.workspace_id, "ULU", blocker(world).id
            )
        case "somebody else":
            say(world, "GPU quota", helper="UBO")
        case "nobody":
            say(world, "GPU quota", anew=True)
        case "left":
            world.person("ULU", LA, deleted=True)
    world.until(utc("2026-03-31T18:00"))
    assert told(world, "ULU") == []


def test_being_named_takes_none_of_the_day_s_two_messages(world: World) -> None:
    """It is a message of its own, beside the card."""
    for number in range(3):
        say(
            world, *[f"Number {each}" for each in range(number + 1)], helper="UBO", anew=number == 0
        )
    cards = [one for one in world.notified("UBO") if one.view == "card"]
    assert len(cards) == 1
    assert len(told(world, "UBO")) == 3


# --- what they make of it


def test_they_resolve_it_and_all_see_it(world: World) -> None:
    """In their message, in the run that is open, on the owner's card; with who and when."""
    say(world, "GPU quota", helper="UBO")
    world.until(world.at + minutes(5))
    world.online = False
    press(world, "UBO", helps=True)
    row = blocker(world)
    assert (row.state, row.resolved_at, row.resolved_on) == (
        BlockerState.RESOLVED, world.at, MONDAY,
    )  # fmt: skip
    assert row.resolved_by == world.slack("UBO").id
    stale = world.session.scalars(select(Mirror.view).where(Mirror.shown < Mirror.wanted)).all()
    assert {"standup.run", VIEW, "card"} <= set(stale)
    assert "Resolved ✓" in reads(world, "UBO")
    assert "Unblocked" not in reads(world, "UBO")
    assert len(told(world, "UBO")) == 1


def test_the_owner_resolves_it_elsewhere_and_the_message_says_so(world: World) -> None:
    say(world, "GPU quota", helper="UBO")
    world.until(utc("2026-03-31T08:00"))
    say(world, on=TUESDAY, resolved={blocker(world).id: True})
    assert "Resolved ✓ by uana" in reads(world, "UBO")


def test_a_line_taken_out_is_said_to_block_no_longer(world: World) -> None:
    say(world, "GPU quota", helper="UBO")
    say(world)
    assert "No longer blocked" in reads(world, "UBO")


def test_they_can_t_help(world: World) -> None:
    """It stays open with nobody named, and that they were told is known."""
    say(world, "GPU quota", helper="UBO")
    press(world, "UBO", helps=False)
    row = blocker(world)
    assert (row.state, row.unblocker_id) == (BlockerState.OPEN, None)
    assert row.told_at is not None
    assert "no longer asked" in reads(world, "UBO")
    press(world, "UBO", helps=True)
    assert blocker(world).state is BlockerState.OPEN
    world.until(utc("2026-03-31T08:00"))
    say(world, on=TUESDAY, helper="UBO")  # asked once more: they can help now, silently
    assert len(told(world, "UBO")) == 1
    assert "Unblocked" in reads(world, "UBO")


@pytest.mark.parametrize("who", ["ULU", "UNOBODY"])
def test_nobody_else_s_button_does_anything(world: World, who: str) -> None:
    say(world, "GPU quota", helper="UBO")
    press(world, who, helps=True)
    press(world, who, helps=False)
    row = blocker(world)
    assert (row.state, row.unblocker_id) == (BlockerState.OPEN, world.slack("UBO").id)


# --- how it looks


@pytest.mark.parametrize("state", AskedOf)
@pytest.mark.parametrize("words", ["GPU", "<!channel> <@U1> *b*\n" * 150, "ä" * 3000])
def test_the_message_is_within_slack_s_limits_and_inert(state: AskedOf, words: str) -> None:
    message = unblock_message(Asked(7, "<!here>", words, MONDAY, "C1", state, by="<@U2>"))
    assert isinstance(message, Message)
    check_message(list(message.blocks))
    assert "<!" not in message.text
    assert len(message.text) < 1000
    for block in message.blocks:
        assert "<!" not in str(block) or block["type"] == "rich_text"
