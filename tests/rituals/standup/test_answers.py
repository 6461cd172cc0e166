"""Answers: stored, changed, refused, handed back; and what `/standup` opens."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from bot.core.states import PromptState, RunState
from bot.db.tables import Answer, AnswerRevision, Prompt
from bot.rituals.standup import answers, sheets
from bot.rituals.standup.answers import Incomplete, Saved
from bot.rituals.standup.model import Choice, NothingOpen
from bot.rituals.standup.sheets import Closed, NotYours, Sheet
from bot.rituals.standup.values import Problem
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, minutes, utc

MONDAY, TUESDAY = day("2026-03-30"), day("2026-03-31")
BERLIN, LA = "Europe/Berlin", "America/Los_Angeles"


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin: asked there, and not yet in Los Angeles."""
    world = begin("2026-03-28T12:00")
    world.person("UBER", BERLIN)
    world.person("ULAX", LA)
    world.set_up(["UBER", "ULAX"])
    world.until(utc("2026-03-30T08:00"))
    return world


def submit(
    world: World, said: Mapping[str, str], who: str = "UBER", prompt: Prompt | None = None
) -> Saved | Incomplete | Closed | NotYours:
    prompt = prompt or world.prompts(MONDAY)[who]
    return answers.submit(world.session, world.at, world.workspace_id, who, prompt.id, said)


def stored(world: World) -> dict[str, str]:
    rows = world.session.execute(select(Answer.question, Answer.text).order_by(Answer.id))
    return dict(rows.all())


def revisions(world: World) -> list[str]:
    query = select(AnswerRevision.text).order_by(AnswerRevision.id)
    return list(world.session.scalars(query))


def test_an_answer_is_stored_with_all_it_changes(world: World) -> None:
    """Text, state, time, the run's message and the card: all in the one transaction."""
    card = world.mirrors("card", "UBER")[0]
    assert card.shown == card.wanted
    assert submit(world, {"learned": "F1 is 0.81", "next": ""}) == Saved(edited=False)
    prompt = world.prompts(MONDAY)["UBER"]
    assert stored(world) == {"learned": "F1 is 0.81"}
    assert (prompt.state, prompt.answered_at) == (PromptState.ANSWERED, world.at)
    (run,) = world.mirrors("standup.run")
    assert (run.target, run.shown < run.wanted, run.run_id) == (CHANNEL, True, prompt.run_id)
    assert card in world.mirrors("card", "UBER")
    assert card.shown < card.wanted


def test_an_edit_keeps_the_earlier_text(world: World) -> None:
    """Each replaced text stays as a revision; the time of the first answer stays too."""
    first = world.at
    submit(world, {"learned": "One", "blockers": "GPU"})
    world.until(world.at + minutes(5))
    assert submit(world, {"learned": "Two", "blockers": "GPU"}) == Saved(edited=True)
    assert submit(world, {"learned": "Two", "blockers": ""}) == Saved(edited=True)
    assert stored(world) == {"learned": "Two", "blockers": ""}
    assert revisions(world) == ["One", "GPU"]
    assert world.prompts(MONDAY)["UBER"].answered_at == first


def test_the_same_text_again_changes_nothing(world: World) -> None:
    """A second submit of the same words makes no revision and sends nothing."""
    submit(world, {"learned": "One"})
    world.send()
    assert submit(world, {"learned": "  One\u0000 "}) == Saved(edited=True)
    assert revisions(world) == []
    assert all(one.shown == one.wanted for one in world.mirrors("standup.run"))


def test_an_empty_required_answer(world: World) -> None:
    """The first question is needed; blanks and control characters are no answer."""
    for nothing in ("", " \n ", "\u0000\u202e"):
        assert submit(world, {"learned": nothing, "next": "x"}) == Incomplete(
            {"learned": Problem.EMPTY}
        )
    assert stored(world) == {}
    assert world.prompts(MONDAY)["UBER"].state is PromptState.ASKED


@pytest.mark.parametrize(("length", "fits"), [(3000, True), (3001, False), (40_000, False)])
def test_as_long_as_slack_s_input(world: World, length: int, fits: bool) -> None:
    """3,000 characters are stored whole; more is refused under its question, and not cut."""
    result = submit(world, {"learned": "x", "next": "ä" * length})
    if fits:
        assert result == Saved(edited=False)
        assert stored(world)["next"] == "ä" * length
    else:
        assert result == Incomplete({"next": Problem.TOO_LONG})
        assert stored(world) == {}


def test_what_no_reader_should_meet_is_left_out(world: World) -> None:
    """NUL and other controls go, overrides of direction too; Hebrew, accents and emoji stay."""
    submit(world, {"learned": "a\u0000b\r\nאבג \u202edlrow\u0007 ✓ e\u0301"})
    assert stored(world) == {"learned": "ab\nאבג dlrow ✓ e\u0301"}


def test_somebody_else_s_prompt(world: World) -> None:
    """Nobody answers for another, sees their sheet, or learns whether there is one."""
    theirs = world.prompts(MONDAY)["ULAX"]
    at, workspace = world.at, world.workspace_id
    assert submit(world, {"learned": "x"}, prompt=theirs) == NotYours()
    assert sheets.sheet(world.session, at, workspace, "UBER", theirs.id) == NotYours()
    assert sheets.sheet(world.session, at, workspace, "UBER", 999_999) == NotYours()
    assert sheets.sheet(world.session, at, workspace + 1, "ULAX", theirs.id) == NotYours()
    assert stored(world) == {}


def test_a_run_closed_meanwhile_hands_the_text_back(world: World) -> None:
    """The end is the end to the second, even before its step has run; what was said comes back."""
    prompt = world.prompts(MONDAY)["UBER"]
    world.until(utc("2026-03-31T00:29"))
    world._pass(utc("2026-03-31T00:30"))
    assert world.run(MONDAY).state is RunState.OPEN
    closed = Closed(
        MONDAY,
        (("What did you learn or finish?", "Much"), ("What blocks you? One per line.", "GPU")),
    )
    said = {"learned": "Much", "next": "", "blockers": "GPU"}
    assert submit(world, said, prompt=prompt) == closed
    world.tick()
    assert submit(world, said, prompt=prompt) == closed
    assert sheets.sheet(world.session, world.at, world.workspace_id, "UBER", prompt.id) == Closed(
        MONDAY
    )
    assert stored(world) == {}


def test_an_answer_stays_editable_until_the_run_ends(world: World) -> None:
    """One's own window is over, the run is not: late answers and edits count."""
    world.until(utc("2026-03-31T00:29"))
    assert submit(world, {"learned": "Late"}) == Saved(edited=False)
    assert submit(world, {"learned": "Later"}) == Saved(edited=True)


# --- what /standup opens


def opened(world: World, who: str, channel: str = CHANNEL) -> Sheet | Choice | NothingOpen:
    return sheets.open_sheet(world.session, world.at, world.workspace_id, who, channel)


def test_this_channel_s_comes_first(world: World) -> None:
    """Two are open: the one of the channel it was typed in; elsewhere, it asks which."""
    world.set_up(["UBER"], channel="C2", at=world.at.time().replace(hour=10, minute=30))
    world.until(utc("2026-03-30T09:00"))
    here, there = opened(world, "UBER"), opened(world, "UBER", "C2")
    elsewhere = opened(world, "UBER", "C9")
    assert isinstance(here, Sheet)
    assert isinstance(there, Sheet)
    assert (here.channel, there.channel) == (CHANNEL, "C2")
    assert isinstance(elsewhere, Choice)
    assert [one.channel for one in elsewhere.among] == ["C2", CHANNEL]  # by their end
    world.answer("UBER", MONDAY, channel="C2")
    elsewhere = opened(world, "UBER", "C9")
    assert isinstance(elsewhere, Sheet)
    assert elsewhere.channel == CHANNEL  # what is not answered goes first


def test_before_being_asked(world: World) -> None:
    """The run is open and one's own time has not come: answered now, and not asked then."""
    sheet = opened(world, "ULAX")
    assert isinstance(sheet, Sheet)
    assert (sheet.date, sheet.answered, sheet.said) == (MONDAY, False, {})
    submit(world, {"learned": "Early"}, "ULAX")
    again = opened(world, "ULAX")
    assert isinstance(again, Sheet)
    assert (again.answered, again.said) == (True, {"learned": "Early"})
    world.until(utc("2026-03-31T00:29"))
    assert world.notified("ULAX") == []


def test_nothing_open(begin: Begin) -> None:
    """On a Friday evening the next moment is Monday's; who is on none is told so."""
    world = begin("2026-03-26T12:00")
    world.person("UBER", BERLIN)
    world.person("UNON", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-03-27T19:00"))
    assert opened(world, "UBER") == NothingOpen(
        utc("2026-03-30T07:30"), on_any=True, opens=utc("2026-03-29T14:00")
    )
    assert opened(world, "UNON") == NothingOpen(None, on_any=False)
    assert opened(world, "UNOBODY") == NothingOpen(None, on_any=False)


def test_a_sheet_has_the_questions_of_its_run(world: World) -> None:
    """Four questions, with what was said so far."""
    submit(world, {"learned": "One", "blockers": "GPU"})
    sheet = opened(world, "UBER")
    assert isinstance(sheet, Sheet)
    assert [one.key for one in sheet.questions] == ["learned", "next", "blockers", "confidence"]
    assert sheet.said == {"learned": "One", "blockers": "GPU"}
