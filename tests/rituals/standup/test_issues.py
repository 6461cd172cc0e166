"""Asking for issues: what is offered, what comes of it, and how it is drawn."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking.issue_links import IssueLinks
from bot.rituals.standup import forms, issues
from bot.rituals.standup.forms import Submitted
from bot.rituals.standup.issues import KEYS_ONLY, Note, Offered
from bot.rituals.standup.questions import Question, QuestionKind
from bot.rituals.standup.views import answer, channel
from bot.rituals.standup.views.blocked import BlockerShown
from bot.rituals.standup.views.lines import Line
from bot.rituals.standup.views.read_all import AllAnswers, read_all_modal
from bot.rituals.standup.views.reply import ReplyShown, reply_message
from bot.rituals.standup.views.unblock import Asked, AskedOf, unblock_message
from bot.rituals.standup.views.whole import Said, Told
from bot.sandbox import values as sandbox
from bot.sandbox.blocks import check_view
from tests.rituals.standup.drawn import checked, checked_modal, objects, words
from tests.rituals.standup.test_channel_message import LEARNED, MONDAY, line, run

WORK = Question(key="work", kind=QuestionKind.ISSUES, text="What are you at?", short="At")
MINE = ("ML-12 Retrain the baseline", "ML-15 Fix the join")
BOTH = Offered(MINE, "C1")
LINKS = IssueLinks("https://jira.example", frozenset({"ML"}))
Json = dict[str, Any]


def modal(said: str = "", offered: Offered = BOTH, question: Question = WORK) -> Json:
    made = answer.answer_modal(7, MONDAY, "C1", [question], {"work": said}, offered=offered)
    check_view(json.loads(json.dumps(made)), "modal")
    return made


def inputs(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def submitted(view: Json) -> Submitted:
    return forms.submitted({**view, "state": sandbox.state(view["blocks"], {})})


def led_to(shown: object) -> list[str]:
    return [each["url"] for each in objects(shown) if each["type"] == "link"]


# --- the form


def test_what_is_mine_can_be_ticked_and_others_searched() -> None:
    """What was said before is ticked, or stands in the search."""
    view = modal("ML-15 An older summary\nML-99 Something else")
    ticks, others = inputs(view)["work"], inputs(view)["-others-work"]
    assert [one["value"] for one in ticks["element"]["options"]] == list(MINE)
    assert [one["value"] for one in ticks["element"]["initial_options"]] == [MINE[1]]
    assert others["element"]["action_id"] == "standup.issues C1"
    assert [one["value"] for one in others["element"]["initial_options"]] == [
        "ML-99 Something else"
    ]
    assert others["element"]["min_query_length"] == 0
    assert submitted(view).said == {"work": "ML-15 Fix the join\nML-99 Something else"}
    assert submitted(view).offered == BOTH


@pytest.mark.parametrize("note", [Note.NONE, Note.UNKNOWN])
def test_where_nothing_is_mine_the_search_alone_is_asked(note: Note) -> None:
    """It says why, and is the question's own input, where an error can stand."""
    found = inputs(modal("ML-99", Offered(search="C1", note=note)))
    assert list(found) == ["work"]
    assert found["work"]["element"]["type"] == "multi_external_select"
    assert found["work"]["hint"]["text"] == note


@pytest.mark.parametrize("offered", [KEYS_ONLY, Offered(note=Note.DOWN)])
def test_keys_are_enough_where_jira_offers_nothing(offered: Offered) -> None:
    """What was said before stands there, and is lost by nobody."""
    said = "ML-12 Retrain the baseline\nML-15"
    view = modal(said, offered)
    (asked,) = inputs(view).values()
    assert asked["element"]["type"] == "plain_text_input"
    assert asked["hint"]["text"].startswith(offered.note)
    assert "Keys with commas between" in asked["hint"]["text"]
    assert submitted(view).said == {"work": said}


def test_without_a_project_others_are_written() -> None:
    found = inputs(modal(offered=Offered(MINE)))
    assert found["-others-work"]["element"]["type"] == "plain_text_input"
    assert found["-others-work"]["label"]["text"] == "Others, by their keys"


@pytest.mark.parametrize(("offered", "ticks"), [(9, 9), (10, 10), (11, 10)])
def test_slack_s_checkboxes_hold_ten(offered: int, ticks: int) -> None:
    """However long the summaries are: what is said of one is what is stored."""
    mine = tuple(issues.line(f"ML-{n}", "ä" * 300) for n in range(1, offered + 1))
    view = modal("\n".join(mine), Offered(mine, "C1"))
    assert len(inputs(view)["work"]["element"]["options"]) == ticks
    assert submitted(view).said == {"work": "\n".join(mine)}


def test_one_that_is_needed_may_be_ticked_or_searched_for() -> None:
    """So neither input must be filled in, and the hint says what is needed."""
    needed = WORK.model_copy(update={"required": True})
    found = inputs(modal(question=needed))
    assert [block["optional"] for block in found.values()] == [True, True]
    assert "One at least is needed" in found["work"]["hint"]["text"]
    (alone,) = inputs(modal(question=needed, offered=KEYS_ONLY)).values()
    assert not alone.get("optional")


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = issues.tidied(text)
    assert issues.tidied(once) == once


# --- how it is drawn


def at(text: str) -> Line:
    return Line("Ana", ((WORK, text),))


def test_in_a_person_s_line_the_keys_stand_beside_what_they_wrote() -> None:
    """Five of them; where nothing is written, with their summaries."""
    many = "\n".join(f"ML-{n} Long" for n in range(1, 8))
    written = line("Ana", (LEARNED, "Much"), (WORK, many))
    assert "Ana: Much · ML-1, ML-2, ML-3, ML-4, ML-5 +2" in words(checked_run(written))
    assert f"Ana: {MINE[0]}, {MINE[1]}" in words(checked_run(at("\n".join(MINE))))


def checked_run(*lines: Line, links: IssueLinks = LINKS) -> Any:
    message = channel.run_message(replace(run(*lines, blockers=(stuck(),)), links=links))
    checked(message)
    assert message is not None
    return message.blocks


def stuck() -> BlockerShown:
    return BlockerShown("Bo", "Waits for ML-7", MONDAY)


def test_keys_are_links_wherever_answers_and_blockers_stand() -> None:
    """In the channel's message, a reply, *Read all*, and what a helper is told."""
    twelve, seven = (f"https://jira.example/browse/ML-{n}" for n in (12, 7))
    said = Said("Ana", late=False, told=(Told("At", "ML-12 Retrain in UTF-8"),))
    assert led_to(checked_run(at(MINE[0]))) == [seven, twelve]
    reply = reply_message(ReplyShown(said, 1, LINKS))
    checked(reply)
    assert led_to(reply.blocks) == [twelve]
    whole = read_all_modal(AllAnswers(1, "Stand-up", MONDAY, (said,), (stuck(),), LINKS))
    checked_modal(whole)
    assert led_to(whole["blocks"]) == [seven, twelve]
    for state in AskedOf:
        told = unblock_message(Asked(1, "Bo", "Waits for ML-7", MONDAY, "C1", state, links=LINKS))
        checked(told)
        assert led_to(told.blocks) == [seven]
    assert led_to(checked_run(at(MINE[0]), links=IssueLinks())) == []


@pytest.mark.parametrize("people", [1, 49, 50, 51, 199, 200])
def test_any_number_of_answers_full_of_keys_fits_one_message(people: int) -> None:
    """Addresses count, so there is less room for words, but nobody is left out."""
    keys = " ".join(f"ML-{n}" for n in range(1, 400))
    text = words(checked_run(*[line(f"P{n}.", (LEARNED, keys)) for n in range(people)]))
    assert all(f"P{n}." in text for n in range(people))


@pytest.mark.parametrize("length", [2999, 3000])
def test_an_answer_full_of_keys_is_whole_in_a_reply(length: int) -> None:
    keys = ("ML-1 " * 600)[:length]
    reply = reply_message(ReplyShown(Said("Ana", late=False, told=(Told("At", keys),)), 1, LINKS))
    checked(reply)
    assert keys.strip() in words(reply.blocks).replace("\n", " ")
