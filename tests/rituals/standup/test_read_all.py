"""*Read all*: every word of every answer, in pages that Slack takes, and who may not see it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.core.states import RitualState
from bot.db.tables import Ritual, Run
from bot.rituals.standup import answers
from bot.rituals.standup.model import Config, Reveal
from bot.rituals.standup.questions import Question, QuestionKind
from bot.rituals.standup.read_all import read_all
from bot.rituals.standup.views.blocked import BlockerShown
from bot.rituals.standup.views.read_all import (
    EARLIER,
    NEXT,
    AllAnswers,
    NoLonger,
    NotYet,
    read_all_modal,
)
from bot.rituals.standup.views.whole import Said, Told
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc
from tests.endtoend.office import buttons
from tests.rituals.standup.drawn import (
    ARABIC,
    FAMILY,
    HOSTILE,
    LONG,
    bold,
    checked_modal,
    objects,
    words,
)

MONDAY = date(2026, 3, 30)


def all_of(*said: Said, blockers: tuple[BlockerShown, ...] = ()) -> AllAnswers:
    return AllAnswers(7, "Stand-up", MONDAY, said, blockers)


def said(name: str = "Ana", *told: Told, late: bool = False) -> Said:
    return Said(name, late, told or (Told("Learned", "F1 is 0.81"),))


def pages(found: AllAnswers) -> list[str]:
    """What each page reads, turned by its own buttons."""
    view, read = read_all_modal(found), []
    while True:
        checked_modal(view)
        read.append(words(view["blocks"]))
        turning = {one["action_id"]: one["value"] for one in buttons(view)}
        if NEXT not in turning:
            return read
        run_id, page = turning[NEXT].split()
        assert (run_id, page) == ("7", str(len(read)))
        view = read_all_modal(found, int(page))


# --- the modal


def test_it_shows_every_answer_under_its_short_name() -> None:
    """By person; late and edited are marked, lines stay lines."""
    found = all_of(
        said("Ana", Told("Learned", "One\nTwo"), Told("Next", "Three", edited=True), late=True),
        said("Bo"),
        blockers=(BlockerShown("Bo", "GPU quota", MONDAY - timedelta(days=3), "Sam"),),
    )
    (page,) = pages(found)
    assert page.splitlines() == [
        "Stand-up · 2 answers",
        ":construction: *Blocked*",
        "Bo (since Fri, 3 days): GPU quota — can unblock: Sam",
        "Ana (late)",
        "Learned: One",
        "Two",
        "Next (edited): Three",
        "Bo",
        "Learned: F1 is 0.81",
    ]
    view = read_all_modal(found)
    assert view["title"]["text"] == "Stand-up Mon 30 Mar"
    assert bold(view["blocks"]) == ["Bo", "Sam", "Ana", "Bo"]
    assert "submit" not in view


@pytest.mark.parametrize("long", [0, 2, 3, 20])
@pytest.mark.parametrize("short", [1, 89, 90, 91, 200])
def test_no_word_is_lost_between_pages(long: int, short: int) -> None:
    """Answers of 3,000 characters or of one: every page is one that Slack takes."""
    every = [
        *[said(f"P{number}.", Told("Done", LONG), Told("Next", LONG)) for number in range(long)],
        *[said(f"Q{number}.", Told("Done", "x")) for number in range(short)],
    ]
    read = "".join(pages(all_of(*every)))
    assert read.count("ä") == long * 2 * len(LONG)
    assert all(f"P{number}." in read for number in range(long))
    assert all(f"Q{number}." in read for number in range(short))


def test_a_page_names_whose_answer_goes_on() -> None:
    """Each page can be read by itself."""
    told = tuple(Told(f"Question {number}", LONG) for number in range(10))
    first, second, *_rest = pages(all_of(said("Ana", *told)))
    assert first.startswith("Stand-up · 1 answer · page 1 of 3\nAna")
    assert second.startswith("Stand-up · 1 answer · page 2 of 3\nAna, continued")


def test_pages_are_turned_both_ways() -> None:
    """The first has nothing earlier, the last nothing next; one that is gone is the nearest."""
    found = all_of(*[said("Ana", *[Told("Q", LONG)] * 4)] * 3)

    def turning(page: int) -> list[str]:
        return [one["action_id"] for one in buttons(read_all_modal(found, page))]

    assert [turning(page) for page in (0, 1, 2)] == [[NEXT], [EARLIER, NEXT], [EARLIER]]
    assert read_all_modal(found, 9) == read_all_modal(found, 2)
    assert read_all_modal(found, -1) == read_all_modal(found, 0)
    assert turning(0) == [NEXT]
    assert buttons(read_all_modal(all_of(said()))) == []


@pytest.mark.parametrize("text", [HOSTILE, ARABIC * 100, FAMILY * 400, "\u0645" * 3000])
def test_any_text_is_only_text(text: str) -> None:
    """Markup stands as it was typed; emoji of many parts fit Slack's bytes as well."""
    many = all_of(
        *[said(text, Told(text[:40], text), late=True)] * 30,
        blockers=(BlockerShown(text, text, MONDAY, text),) * 50,
    )
    pages(many)
    view = read_all_modal(many)
    kinds = {part["type"] for part in objects(view["blocks"])}
    assert kinds.isdisjoint({"user", "link", "broadcast", "channel", "usergroup"})
    assert text in words(view["blocks"])


def test_why_there_is_nothing_to_read() -> None:
    """In a sentence."""
    closes = read_all_modal(NotYet(utc("2026-03-30T15:30")))
    assert "shown when it closes: <!date^1774884600^" in checked_modal(closes)
    assert "was deleted" in checked_modal(read_all_modal(NoLonger()))


# --- what it is made of


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin; Ana and Bo have been asked."""
    world = begin("2026-03-28T12:00")
    for who in ("UANA", "UBO"):
        world.person(who, "Europe/Berlin")
    world.set_up(["UANA", "UBO"])
    world.until(utc("2026-03-30T08:00"))
    return world


def submit(world: World, who: str, **said: str) -> None:
    prompt = world.prompts(MONDAY)[who]
    done = answers.submit(world.session, world.at, world.workspace_id, who, prompt.id, said)
    assert isinstance(done, answers.Saved), done


def opened(world: World, run_id: int | None = None) -> AllAnswers | NotYet | NoLonger:
    run_id = world.run(MONDAY).id if run_id is None else run_id
    return read_all(world.session, world.at, world.workspace_id, run_id)


def test_it_is_read_from_what_is_kept(world: World) -> None:
    """In the order of answering; only what was said; what was changed is marked."""
    submit(world, "UBO", learned="Little", next="")
    world.until(world.at + minutes(5))
    submit(world, "UANA", learned="One", next="Plan")
    submit(world, "UANA", learned="Two", next="Plan")
    found = opened(world)
    assert isinstance(found, AllAnswers)
    assert found.answers == (
        Said("ubo", False, (Told("Learned", "Little"),)),
        Said("uana", False, (Told("Learned", "Two", edited=True), Told("Next", "Plan"))),
    )


def test_values_read_as_they_are_spoken(world: World) -> None:
    """A scale's number says of how many."""
    submit(world, "UANA", learned="One", confidence="4")
    found = opened(world)
    assert isinstance(found, AllAnswers)
    assert found.answers[0].told[-1] == Told("Confidence", "4 of 5")


def test_every_blocker_stands_once_and_above_the_answers(world: World) -> None:
    """New ones and those brought along; whoever says nothing else keeps their words."""
    submit(world, "UANA", learned="One", blockers="GPU quota\nA key")
    submit(world, "UBO", learned="Two", blockers="none")
    found = opened(world)
    assert isinstance(found, AllAnswers)
    assert [one.text for one in found.blockers] == ["GPU quota", "A key"]
    assert [one.told for one in found.answers] == [
        (Told("Learned", "One"),),
        (Told("Learned", "Two"),),
    ]
    world.until(utc("2026-03-31T08:00"))
    asked = (Question(key="blockers", text="?", short="B", kind=QuestionKind.BLOCKERS),)
    tuesday = world.run(day("2026-03-31"))
    tuesday.config = Config(questions=asked).model_dump(mode="json")
    prompt = world.prompts(day("2026-03-31"))["UANA"]
    use = (world.session, world.at, world.workspace_id, "UANA", prompt.id)
    assert isinstance(answers.submit(*use, {"blockers": "A cable"}), answers.Saved)
    found = opened(world, tuesday.id)
    assert isinstance(found, AllAnswers)
    assert [one.text for one in found.blockers] == ["GPU quota", "A key", "A cable"]
    assert [[one.text for one in answer.told] for answer in found.answers] == [["A cable"]]


def test_an_answer_after_one_s_own_window_is_marked(world: World) -> None:
    """Los Angeles keeps the run open."""
    world.person("ULAX", "America/Los_Angeles")
    world.set_up(["UANA", "UBO", "ULAX"], by="UANA")
    world.until(utc("2026-03-30T15:30"))
    submit(world, "UANA", learned="In time")
    world.until(world.at + minutes(1))
    submit(world, "UBO", learned="Late")
    found = opened(world)
    assert isinstance(found, AllAnswers)
    assert [(one.name, one.late) for one in found.answers] == [("uana", False), ("ubo", True)]


def test_before_the_reveal_it_says_when(world: World) -> None:
    """And at the close it opens."""
    run = world.run(MONDAY)
    run.config = Config(reveal=Reveal.AT_CLOSE).model_dump(mode="json")
    submit(world, "UANA", learned="One")
    assert opened(world) == NotYet(run.closes_at)
    world.until(run.closes_at)
    assert isinstance(opened(world), AllAnswers)


@pytest.mark.parametrize(
    ("state", "opens"),
    [(RitualState.ACTIVE, True), (RitualState.PAUSED, True), (RitualState.DELETED, False)],
)
def test_of_a_deleted_stand_up_nothing_is_read(
    world: World, state: RitualState, opens: bool
) -> None:
    """A paused one's answers stay."""
    submit(world, "UANA", learned="One")
    world.session.scalars(select(Ritual)).one().state = state
    assert isinstance(opened(world), AllAnswers) == opens


def test_of_no_run_nothing_is_read(world: World) -> None:
    """One that retention took, or of another workspace."""
    assert opened(world, 4711) == NoLonger()
    run_id = world.session.scalars(select(Run.id).where(Run.local_date == day("2026-03-30"))).one()
    assert read_all(world.session, world.at, world.workspace_id + 1, run_id) == NoLonger()
