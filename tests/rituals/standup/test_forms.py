"""The answer modal: what it shows back, what is read from it, and questions that changed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.rituals.standup import forms, submitting
from bot.rituals.standup.answers import Beside, Saved
from bot.rituals.standup.forms import Submitted
from bot.rituals.standup.model import NOTHING_BACK, Back, BlockedBack, PlanBack
from bot.rituals.standup.questions import AI_ML, PlanFate, Question, QuestionKind, fingerprint
from bot.rituals.standup.sheets import Sheet, sheet
from bot.rituals.standup.submitting import Changed
from bot.rituals.standup.views import answer
from bot.sandbox import values as sandbox
from bot.sandbox.blocks import check_view
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc

MONDAY, THURSDAY = date(2026, 3, 30), date(2026, 3, 26)
HOSTILE = "<!channel> <@U1> *b* :tada: \u202e" + "אב" * 200


def modal(
    said: Mapping[str, str] | None = None,
    back: Back = NOTHING_BACK,
    questions: tuple[Question, ...] = AI_ML,
) -> dict[str, Any]:
    made = answer.answer_modal(7, MONDAY, "C1", questions, said or {}, back)
    check_view(json.loads(json.dumps(made)), "modal")
    return made


def submitted(view: dict[str, Any], **entered: Any) -> Submitted:
    """The form as Slack sends it, with these values entered by block."""
    state: dict[str, Any] = {}
    sandbox.enter(view["blocks"], state, {key: {"text": one} for key, one in entered.items()})
    return forms.submitted({**view, "state": sandbox.state(view["blocks"], state)})


def order(view: Mapping[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def blocked(number: int, **more: Any) -> BlockedBack:
    return BlockedBack(number, f"Number {number}", THURSDAY, **more)


# --- what it shows


def test_the_order_is_that_of_one_s_thoughts() -> None:
    """The plan, the questions, what is still blocked, what newly is, and who can help."""
    back = Back(PlanBack(THURSDAY, "Train"), (blocked(1), blocked(2)))
    assert order(modal(back=back)) == [
        "-plan", "learned", "next", "confidence", "-blocker-1", "-blocker-2", "blockers", "-helper",
    ]  # fmt: skip
    assert order(modal()) == ["learned", "next", "confidence", "blockers", "-helper"]
    assert order(modal(questions=AI_ML[:2])) == ["learned", "next"]


def test_the_first_question_has_the_cursor_unless_a_plan_comes_before() -> None:
    focus = [block["element"].get("focus_on_load") for block in modal()["blocks"][1:]]
    assert focus == [True, None, None, None, None]
    planned = modal(back=Back(PlanBack(THURSDAY, "Train")))
    assert not any(block["element"].get("focus_on_load") for block in planned["blocks"][1:])


def test_what_is_shown_back_says_of_when_it_is() -> None:
    """With its age on that day, and who can unblock it."""
    back = Back(PlanBack(THURSDAY, "Train\nthe model"), (blocked(1, helper="Bo"),))
    shown = json.dumps(modal(back=back), ensure_ascii=False)
    assert "Your plan of Thu 26 March: “Train the model”" in shown
    assert "Blocked since Thu 26 March, 4 days: “Number 1”" in shown
    assert "Bo can unblock it." in shown
    assert "Only what is new" in shown


def test_many_blockers_are_not_all_shown_back() -> None:
    """Eight, and how many more there are."""
    view = modal(back=Back(blocked=tuple(map(blocked, range(11)))))
    assert len([one for one in order(view) if one.startswith("-blocker-")]) == 8
    assert "… and 3 more that are still open." in json.dumps(view, ensure_ascii=False)


def test_hostile_plans_and_blockers_are_plain_text() -> None:
    """Of any length; a label is no markup."""
    back = Back(PlanBack(THURSDAY, HOSTILE), (BlockedBack(1, HOSTILE, THURSDAY, HOSTILE),))
    view = modal(back=back)
    labels = [block["label"] for block in view["blocks"] if block["type"] == "input"]
    assert {label["type"] for label in labels} == {"plain_text"}
    assert all(len(label["text"]) < 300 for label in labels)
    assert "\u202e" not in json.dumps(view, ensure_ascii=False)
    mrkdwn = [one["text"] for one in view["blocks"][0]["elements"]]
    assert not any("channel>" in one for one in mrkdwn)


# --- what is read from it


def test_an_untouched_form_says_what_it_was_filled_with() -> None:
    """Nothing of the plan, still blocked, and nobody new."""
    back = Back(PlanBack(THURSDAY, "Train"), (blocked(1), blocked(2, resolved=True)), "UBO")
    form = submitted(modal({"learned": "Much", "confidence": "4"}, back))
    assert form.prompt_id == 7
    assert form.asked == fingerprint(AI_ML)
    assert form.said == {"learned": "Much", "next": "", "confidence": "4", "blockers": ""}
    assert form.beside == Beside(None, {1: False, 2: True}, "UBO", anew=False)
    assert form.written == (
        ("What did you learn or finish?", "Much"),
        (AI_ML[3].text, "4"),
    )


def test_what_a_person_enters_is_read() -> None:
    back = Back(PlanBack(THURSDAY, "Train", PlanFate.DONE), (blocked(1),))
    form = submitted(
        modal(back=back),
        **{"-plan": "plan_carried", "-blocker-1": "resolved", "-helper": "UBO", "confidence": "5"},
    )
    assert form.beside == Beside(PlanFate.CARRIED, {1: True}, "UBO", anew=True)
    assert form.said["confidence"] == "5"


@pytest.mark.parametrize(
    ("before", "now", "anew"),
    [("", "", False), ("", "UBO", True), ("UBO", "UBO", False), ("UBO", "UCY", True),
     ("UBO", "", True)],
)  # fmt: skip
def test_whether_another_helper_was_chosen(before: str, now: str, anew: bool) -> None:
    form = submitted(modal(back=Back(helper=before)), **{"-helper": now})
    assert (form.beside.helper, form.beside.anew) == (now, anew)


# --- questions that changed meanwhile


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin, where Ana has answered, and said on Monday what she plans."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", "Europe/Berlin")
    world.set_up(["UANA"])
    world.until(utc("2026-03-30T08:00"))
    return world


def opened(world: World, on: date = MONDAY) -> tuple[Sheet, dict[str, Any]]:
    prompt = world.prompts(on)["UANA"].id
    found = sheet(world.session, world.at, world.workspace_id, "UANA", prompt)
    assert isinstance(found, Sheet)
    view = answer.answer_modal(
        found.prompt_id, found.date, found.channel, found.questions, found.said, found.back
    )
    return found, view


def send(world: World, form: Submitted) -> object:
    return submitting.submit(world.session, world.at, world.workspace_id, "UANA", form)


def ask(world: World, questions: tuple[Question, ...], on: date = MONDAY) -> None:
    run = world.run(on)
    run.config = {**run.config, "questions": [one.model_dump(mode="json") for one in questions]}
    world.session.flush()


def test_questions_that_changed_are_shown_with_what_was_written(world: World) -> None:
    """What fits stands in its place, the rest is kept to copy; nothing is stored yet."""
    _found, view = opened(world)
    form = submitted(view, learned="Much", next="More", confidence="4", **{"-helper": "UBO"})
    mood = Question(key="next", kind=QuestionKind.MOOD, text="Mood?", short="Mood")
    ask(world, (AI_ML[0], mood))
    changed = send(world, form)
    assert isinstance(changed, Changed)
    assert changed.sheet.said == {"learned": "Much"}
    assert set(changed.lost) == {"next", "confidence"}
    assert changed.sheet.back.chosen == "UBO"
    assert opened(world)[0].said == {}

    lost = [(form.labels[key], form.said[key]) for key in changed.lost]
    _found, again = opened(world)
    shown = answer.changed_modal(again, lost)
    check_view(shown, "modal")
    texts = json.dumps(shown, ensure_ascii=False)
    assert "The questions were changed while you wrote" in texts
    assert "More" in texts
    saved = send(world, submitted(shown, learned="Much"))
    assert saved == Saved(edited=False)


def test_a_form_that_still_asks_the_same_is_stored(world: World) -> None:
    """Other headings in the channel, or another question that must be answered, change no form."""
    _found, view = opened(world)
    ask(world, tuple(one.model_copy(update={"short": "Else"}) for one in AI_ML))
    assert send(world, submitted(view, learned="Much")) == Saved(edited=False)


def test_a_form_is_filled_with_what_was_said(world: World) -> None:
    """The plan and its fate, blockers and who helps, the day after and on edit."""
    _found, view = opened(world)
    send(world, submitted(view, learned="Much", next="Train", blockers="GPU", **{"-helper": "UBO"}))
    found, _view = opened(world)
    assert found.back == Back(helper="UBO")
    tuesday = day("2026-03-31")
    world.until(utc("2026-03-31T08:00"))
    found, view = opened(world, tuesday)
    assert found.back.plan == PlanBack(MONDAY, "Train")
    (row,) = found.back.blocked
    assert (row.text, row.since, row.helper, row.resolved) == ("GPU", MONDAY, "UBO", False)
    entered = {"-plan": "plan_done", f"-blocker-{row.id}": "resolved"}
    send(world, submitted(view, learned="More", **entered))
    world.until(world.at + minutes(5))
    found, _view = opened(world, tuesday)
    assert found.back.plan == PlanBack(MONDAY, "Train", PlanFate.DONE)
    assert found.back.blocked == (replace(row, resolved=True),)
