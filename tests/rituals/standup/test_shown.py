"""What the run's message says, read from SQL: by the clock, and by what people do."""

from datetime import date

import pytest

from bot.asking import absences, wishes
from bot.asking.absences import Entered, Request
from bot.core.states import AbsenceKind, BlockerState, PromptState
from bot.db.tables import Blocker, Mirror
from bot.rituals.standup import answers, lifecycle
from bot.rituals.standup.answers import Beside, Saved
from bot.rituals.standup.model import Act, Config, Layout, Reveal
from bot.rituals.standup.questions import PlanFate
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc
from tests.rituals.standup.drawn import checked, words

MONDAY, TUESDAY, WEDNESDAY = day("2026-03-30"), day("2026-03-31"), day("2026-04-01")
BERLIN, TOKYO, LA = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on Ana and Bo in Berlin, and Lax in Los Angeles, are asked."""
    world = begin("2026-03-28T12:00")
    for who in ("UANA", "UBO"):
        world.person(who, BERLIN)
    world.person("ULAX", LA)
    world.set_up(["UANA", "UBO", "ULAX"])
    return world


def message(world: World, on: date = MONDAY) -> str:
    """What the run's message reads as it stands outside: nothing is drawn that wasn't sent."""
    (mirror,) = [one for one in run_mirrors(world) if one.subject == str(world.run(on).id)]
    assert mirror.shown == mirror.wanted, "it shows what was true before"
    drawn = world.drawn(mirror)
    checked(drawn)
    return words(drawn.blocks) if drawn else ""


def run_mirrors(world: World) -> list[Mirror]:
    return world.mirrors("standup.run")


def submit(
    world: World, who: str, on: date = MONDAY, beside: Beside = answers.NOTHING, **said: str
) -> None:
    """Somebody answers, and it is shown."""
    prompt = world.prompts(on)[who]
    said = {"learned": "Much", **said}
    args = (world.session, world.at, world.workspace_id, who, prompt.id, said, beside)
    assert isinstance(answers.submit(*args), Saved)
    world.send()


def configure(world: World, **config: object) -> None:
    """Monday's run asks and shows in another way."""
    run = world.run(MONDAY)
    run.config = Config(**config).model_dump(mode="json")  # type: ignore[arg-type]
    world.session.flush()


# --- who stands where


def test_through_a_day_everybody_is_where_they_belong(world: World) -> None:
    """Waiting, late, answered late, then missing; each at its moment, without anybody's doing."""
    world.until(utc("2026-03-30T08:00"))
    submit(world, "UANA")
    assert "Still waiting for: *ubo*, *ulax*" in message(world)
    assert "Late:" not in message(world)

    world.until(utc("2026-03-30T15:30"))  # Bo's own window ends
    assert "Late: *ubo*\nStill waiting for: *ulax*" in message(world)

    world.until(world.at + minutes(1))
    submit(world, "UBO")
    assert "ubo (late): Much" in message(world)
    assert "uana: Much" in message(world)
    assert "Late:" not in message(world)

    world.until(utc("2026-03-31T00:30"))
    assert "2 of 3 answered · closed" in message(world)
    assert "Did not answer: *ulax*" in message(world)


def test_the_end_of_one_s_own_window_is_still_in_time(world: World) -> None:
    """A second later is late."""
    world.until(utc("2026-03-30T15:30"))
    submit(world, "UANA")
    world.until(world.at + minutes(1 / 60))
    submit(world, "UBO")
    assert "uana: Much" in message(world)
    assert "ubo (late): Much" in message(world)


def test_an_edit_after_one_s_own_window_is_not_late(world: World) -> None:
    """What counts is when it was answered first."""
    world.until(utc("2026-03-30T08:00"))
    submit(world, "UANA")
    world.until(utc("2026-03-30T16:00"))
    submit(world, "UANA", learned="More")
    assert "uana: More" in message(world)


def test_without_a_message_a_window_s_end_makes_none(world: World) -> None:
    """Who is late is no reason to post."""
    world.until(utc("2026-03-30T16:00"))
    assert run_mirrors(world) == []


def test_who_skips_is_not_missing(world: World) -> None:
    """At once, and once it has closed."""
    world.until(utc("2026-03-30T08:00"))
    submit(world, "UANA")
    prompt = world.prompts(MONDAY)["UBO"]
    wishes.skip(world.session, world.at, world.workspace_id, "UBO", prompt.id)
    world.send()
    assert "Still waiting for: *ulax*\nSkipped: *ubo*" in message(world)
    world.until(utc("2026-03-31T00:30"))
    assert "1 of 2 answered · closed" in message(world)
    assert "Did not answer: *ulax*\nSkipped: *ubo*" in message(world)


def test_who_is_away_is_named_and_a_holiday_too(begin: Begin) -> None:
    """Why somebody is absent is their own affair; a holiday is everybody's."""
    world = begin("2026-03-28T12:00")
    world.holidays = True
    world.person("UANA", LA)
    world.person("UBO", BERLIN)
    world.person("UCY", LA)
    world.set_up(["UANA", "UBO", "UCY"])
    away = Request(None, day("2026-04-03"), day("2026-04-03"), AbsenceKind.ILLNESS, "flu", "key")
    done = absences.enter(world.session, world.at, world.workspace_id, "UCY", away)
    assert isinstance(done, Entered)
    world.until(utc("2026-04-03T18:00"))
    submit(world, "UANA", day("2026-04-03"))
    text = message(world, day("2026-04-03"))
    assert "Away: *ubo* (Good Friday in Germany), *ucy*\n" in text
    assert "1 of 1 answered" in text


def test_who_could_not_be_asked_in_time_is_late_while_it_is_open(world: World) -> None:
    """The bot was down all day in Berlin: they may still answer."""
    world.until(utc("2026-03-30T07:29"))
    world.sleep_until(utc("2026-03-30T16:35"))
    assert world.states(MONDAY)["UANA"] is PromptState.MISSED
    submit(world, "ULAX")
    assert "Late: *uana*, *ubo*" in message(world)


def test_somebody_who_leaves_is_named_no_more(world: World) -> None:
    """They owe nothing."""
    world.until(utc("2026-03-30T08:00"))
    submit(world, "UANA")
    world.person("UBO", BERLIN, deleted=True)
    world.send()
    assert "ubo" not in message(world)


# --- blockers


def test_a_blocker_is_shown_at_once_and_stays_with_its_age(world: World) -> None:
    """In the message of each day, until the one on which it is resolved; then gone."""
    world.until(utc("2026-03-30T08:00"))
    submit(world, "UANA", blockers="GPU quota", beside=Beside(helper="UBO"))
    assert "\nuana: GPU quota — can unblock: ubo\n" in message(world)

    world.until(utc("2026-03-31T08:00"))
    submit(world, "UBO", TUESDAY)
    assert "\nuana (since Mon, 1 day): GPU quota — can unblock: ubo\n" in message(world, TUESDAY)

    world.until(utc("2026-04-01T08:00"))
    (blocker,) = world.session.query(Blocker).all()
    submit(world, "UANA", WEDNESDAY, beside=Beside(resolved={blocker.id: True}))
    assert "\n✓ uana: GPU quota — resolved\n" in message(world, WEDNESDAY)
    assert "(since Mon, 1 day): GPU quota" in message(world, TUESDAY)

    thursday = day("2026-04-02")
    world.until(utc("2026-04-02T08:00"))
    submit(world, "UANA", thursday)
    assert "GPU quota" not in message(world, thursday)


def raise_blocker(world: World, who: str, text: str, on: date, **changes: object) -> None:
    world.session.add(
        Blocker(
            ritual_id=world.ritual().id,
            prompt_id=world.prompts(MONDAY)[who].id,
            owner_id=world.slack(who).id,
            text=text,
            since=world.at,
            raised_on=on,
            **changes,
        )
    )
    world.session.flush()


@pytest.mark.parametrize(
    ("changes", "shows"),
    [
        ({}, True),
        ({"raised_on": TUESDAY}, False),
        ({"state": BlockerState.WITHDRAWN}, False),
        ({"state": BlockerState.RESOLVED, "resolved_on": day("2026-03-29")}, False),
        ({"state": BlockerState.RESOLVED, "resolved_on": MONDAY}, True),
        ({"state": BlockerState.RESOLVED, "resolved_on": TUESDAY}, True),
    ],
)
def test_which_blockers_a_run_shows(world: World, changes: dict[str, object], shows: bool) -> None:
    """Those raised by its date and not resolved before it; a withdrawn one never."""
    world.until(utc("2026-03-30T08:00"))
    raise_blocker(world, "UANA", "GPU quota", on=day("2026-03-29"))
    row = world.session.query(Blocker).one()
    for name, value in changes.items():
        setattr(row, name, value)
    submit(world, "UBO")
    text = message(world)
    assert ("GPU quota" in text) == shows
    assert ("resolved" in text) == (changes.get("resolved_on") == MONDAY)


def test_blockers_come_oldest_first_and_only_of_the_run_s_people(world: World) -> None:
    """Who has left holds nobody up; of who is away it is worth knowing."""
    world.person("UCY", BERLIN)
    world.until(utc("2026-03-30T08:00"))
    raise_blocker(world, "UBO", "Newer", day("2026-03-27"))
    raise_blocker(world, "ULAX", "Older", day("2026-03-26"))
    raise_blocker(world, "UANA", "Not hers", day("2026-03-25"))
    world.session.query(Blocker).filter_by(text="Not hers").one().owner_id = world.slack("UCY").id
    submit(world, "UANA")
    text = message(world)
    assert text.index("Older") < text.index("Newer") < text.index("uana: Much")
    assert "Not hers" not in text


# --- answers


def test_what_became_of_the_plan_stands_before_the_rest(world: World) -> None:
    """Yesterday's plan, as it was shown back."""
    world.until(utc("2026-03-30T08:00"))
    submit(world, "UANA", next="Retrain")
    submit(world, "UBO", next="Label")
    world.until(utc("2026-03-31T08:00"))
    submit(world, "UANA", TUESDAY, Beside(fate=PlanFate.DONE), next="Deploy")
    submit(world, "UBO", TUESDAY, Beside(fate=PlanFate.CARRIED), next="")
    text = message(world, TUESDAY)
    assert "uana: Done: Retrain · Much → Deploy" in text
    assert "ubo: Much → Label (carried over)" in text


def test_confidence_is_averaged(world: World) -> None:
    """Of those who said it."""
    world.until(utc("2026-03-30T17:00"))
    for who, confidence in (("UANA", "5"), ("UBO", "2"), ("ULAX", "")):
        submit(world, who, confidence=confidence)
    assert "all 3 answered · open until" in message(world)
    assert "· confidence 3.5 of 5" in message(world)


# --- reveal and layout


def test_answers_may_wait_for_the_close(world: World) -> None:
    """Until then: the count, blockers, who is waiting. At the close all come together."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, reveal=Reveal.AT_CLOSE)
    submit(world, "UANA", blockers="GPU quota", confidence="4")
    text = message(world)
    assert "1 of 3 answered" in text
    assert "uana: GPU quota" in text
    assert "Answered: *uana*" in text
    assert "Still waiting for: *ubo*, *ulax*" in text
    assert "Much" not in text
    assert "confidence" not in text
    assert "Read all" not in text
    world.until(utc("2026-03-31T00:30"))
    assert "uana: Much · 4/5" in message(world)
    assert message(world).endswith("Read all\nuana: GPU quota\nAct on a blocker …")


@pytest.mark.parametrize("reveal", list(Reveal))
def test_a_deleted_stand_up_ends_its_message(world: World, reveal: Reveal) -> None:
    """Nothing more is shown that was not yet, and nothing opens what is not to be read."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, reveal=reveal)
    submit(world, "UANA")
    act = Act.DELETE
    lifecycle.act(world.session, world.at, world.workspace_id, "UANA", world.ritual().id, act)
    world.send()
    text = message(world)
    assert "1 of 1 answered · the stand-up was deleted" in text
    assert "open until" not in text
    assert "Still waiting" not in text
    assert "at its close" not in text
    assert "Read all" not in text
    assert ("Much" in text) == (reveal is Reveal.AT_ONCE)


def replies(world: World) -> list[str]:
    """The replies as they stand outside, in order."""
    found = []
    for mirror in sorted(world.mirrors("standup.reply"), key=lambda one: one.id):
        assert mirror.shown == mirror.wanted
        drawn = world.drawn(mirror)
        checked(drawn)
        assert mirror.parent_id is not None
        found.append(words(drawn.blocks) if drawn else "")
    return found


def test_answers_may_be_replies(world: World) -> None:
    """One each below the message, whole; what is changed is changed in place."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, layout=Layout.REPLIES)
    submit(world, "UANA", learned="One\nTwo", next="Three")
    submit(world, "UBO", learned="x" * 2999)
    assert replies(world) == ["uana\nLearned: One\nTwo\nNext: Three", "ubo\nLearned: " + "x" * 2999]
    assert "Answered: *uana*, *ubo*" in message(world)
    submit(world, "UANA", learned="One", next="Three")
    assert replies(world)[0] == "uana\nLearned (edited): One\nNext: Three"
    world.until(utc("2026-03-30T15:31"))
    world.until(utc("2026-03-31T00:30"))
    assert [one.view for one in world.sent if one.target == "C1"] == [
        "standup.run",
        "standup.reply",
        "standup.reply",
    ]


def test_replies_too_may_wait_for_the_close(world: World) -> None:
    """None is made before; then they come in the order in which they were given."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, layout=Layout.REPLIES, reveal=Reveal.AT_CLOSE)
    submit(world, "UBO", learned="First")
    world.until(world.at + minutes(1))
    submit(world, "UANA", learned="Second")
    submit(world, "UBO", learned="First again")
    assert world.mirrors("standup.reply") == []
    world.until(utc("2026-03-31T00:30"))
    assert replies(world) == ["ubo\nLearned (edited): First again", "uana\nLearned: Second"]
    assert "Did not answer: *ulax*" in message(world)


def test_a_window_s_end_leaves_replies_alone(world: World) -> None:
    """Two hundred of them would take minutes of Slack's rate, and say nothing new."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, layout=Layout.REPLIES)
    submit(world, "UANA")
    (reply,) = world.mirrors("standup.reply")
    before = reply.wanted
    world.until(utc("2026-03-30T16:00"))
    assert "Late: *ubo*" in message(world)
    assert world.mirrors("standup.reply")[0].wanted == before


def test_a_reply_to_an_answer_that_is_gone_draws_nothing(world: World) -> None:
    """Or to one that waits for the close."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, layout=Layout.REPLIES)
    submit(world, "UANA")
    (reply,) = world.mirrors("standup.reply")
    configure(world, layout=Layout.REPLIES, reveal=Reveal.AT_CLOSE)
    assert world.drawn(reply) is None
    reply.subject = "4711"
    assert world.drawn(reply) is None


@pytest.mark.parametrize("reveal", list(Reveal))
def test_what_closed_before_its_stand_up_was_deleted_stays_as_it_was(
    world: World, reveal: Reveal
) -> None:
    """Drawn once more, because its channel was shut and is not any more, it says what it said."""
    world.until(utc("2026-03-30T08:00"))
    configure(world, reveal=reveal)
    submit(world, "UANA")
    world.until(utc("2026-03-31T06:00"))
    before = message(world)
    act = Act.DELETE
    lifecycle.act(world.session, world.at, world.workspace_id, "UANA", world.ritual().id, act)
    world.send()
    assert message(world) == before
    assert "Much" in before
