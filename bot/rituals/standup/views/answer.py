"""The modal that a person answers in.

In the order in which one thinks of it: what came of the earlier plan, today's questions, what is
still blocked, what newly is, and who can help with that.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from slack_sdk.models.blocks import InputInteractiveElement

from bot.actions.views import words as actions
from bot.core.content import Block
from bot.core.text import clamp, one_line, spoken_date
from bot.rituals.standup import values
from bot.rituals.standup.issues import KEYS_ONLY, Offered
from bot.rituals.standup.model import NOTHING_BACK, Back, BlockedBack, CantHelp, Ending, PlanBack
from bot.rituals.standup.questions import (
    SCALE,
    Mood,
    PlanFate,
    Question,
    QuestionKind,
    fingerprint,
)
from bot.rituals.standup.values import Problem
from bot.rituals.standup.views.issues import SAID, issues_asked
from bot.slack import blocks, inputs

ANSWER, SAME = "standup.answer", "standup.same"
CLOSED = "standup.closed"
# No question's key begins so.
PLAN, HELPER, BLOCKER = "-plan", "-helper", "-blocker-"
RESOLVED = "resolved"
MOST_BLOCKERS = 8  # shown back in one form
_QUOTED = 200
_FATES = {PlanFate.DONE.value: "Done", PlanFate.CARRIED.value: "Carried over"}
_BLOCKED = {"open": "Still blocked", RESOLVED: "Resolved"}
_SCALE = {one: one for one in SCALE}
_MOODS = {mood.value: values.spoken_mood(mood) for mood in Mood}


def answer_modal(
    prompt_id: int,
    on: date,
    channel: str,
    questions: Sequence[Question],
    said: Mapping[str, str],
    back: Back = NOTHING_BACK,
    offered: Offered = KEYS_ONLY,
    *,
    at_close: bool = False,
) -> dict[str, Any]:
    """The modal that a person answers in; `at_close`: its channel sees it when it closes."""
    return blocks.modal(
        f"Stand-up {on:%a} {on.day} {on:%b}",
        [
            blocks.context(_seen(channel, questions, at_close=at_close)),
            *_form(on, questions, said, back, offered),
        ],
        callback=ANSWER,
        submit="Save",
        close="Cancel",
        metadata=f"{prompt_id} {fingerprint(questions)} {back.helper}".rstrip(),
    )


def _seen(channel: str, questions: Sequence[Question], *, at_close: bool) -> str:
    """Who will read it and when, in mrkdwn."""
    if not at_close:
        return f"Shown in <#{channel}>. You can change it until it closes."
    asked = any(one.kind is QuestionKind.BLOCKERS for one in questions)
    blocked = ", and what blocks you at once" if asked else ""
    return f"Shown in <#{channel}> when it closes{blocked}. You can change it until then."


def _form(
    on: date,
    questions: Sequence[Question],
    said: Mapping[str, str],
    back: Back,
    offered: Offered,
) -> Iterator[Block]:
    if back.plan is not None:
        yield _plan(back.plan)
    about_blockers = [one for one in questions if one.kind is QuestionKind.BLOCKERS]
    others = [one for one in questions if one not in about_blockers]
    for index, one in enumerate(others):
        focus = index == 0 and back.plan is None
        if one.kind is QuestionKind.ISSUES:
            yield from issues_asked(one, said.get(one.key, ""), offered, focus=focus)
        else:
            yield _asked(one, said.get(one.key, ""), focus=focus)
    yield from _blocked(on, back.blocked)
    for one in about_blockers:
        hint = "Only what is new: what stands above stays." if back.blocked else None
        yield _asked(one, said.get(one.key, ""), focus=not others and back.plan is None, hint=hint)
    if about_blockers:
        chosen = back.helper if back.chosen is None else back.chosen
        yield blocks.input_block(
            HELPER,
            "Who can unblock?",
            inputs.person_menu(SAID, chosen, hint="Nobody in particular"),
            optional=True,
            hint="They are told once, in their working hours.",
        )


def _plan(plan: PlanBack) -> Block:
    chosen = plan.fate.value if plan.fate is not None else ""
    return blocks.input_block(
        PLAN,
        f"Your plan of {spoken_date(plan.date)}: {_quoted(plan.text)}",
        inputs.radio(SAID, _FATES, chosen),
        optional=True,
        hint="Carried over, it is your plan again unless you write another.",
    )


def _blocked(on: date, back: Sequence[BlockedBack]) -> Iterator[Block]:
    for one in back[:MOST_BLOCKERS]:
        yield blocks.input_block(
            f"{BLOCKER}{one.id}",
            f"Blocked {_since(on, one.since)}: {_quoted(one.text)}",
            inputs.radio(SAID, _BLOCKED, RESOLVED if one.resolved else "open"),
            hint=_known_of(one) or None,
        )
    if (rest := len(back) - MOST_BLOCKERS) > 0:
        yield blocks.small(f"… and {rest} more that are still open.")


def _known_of(one: BlockedBack) -> str:
    """Who can unblock it, and what is done about it."""
    said = [f"{clamp(one_line(one.helper), 40)} can unblock it."] if one.helper else []
    if one.item is not None:
        said.append(f"Action item{actions.arrow_text(one.item)}.")
    return " ".join(said)


def _since(on: date, since: date) -> str:
    days = (on - since).days
    if days < 1:
        return "since today"
    return f"since {spoken_date(since)}, {days} day{'s' if days > 1 else ''}"


def _quoted(text: str) -> str:
    return f"“{clamp(one_line(text), _QUOTED)}”"


def _asked(question: Question, said: str, *, focus: bool, hint: str | None = None) -> Block:
    element = _input(question, said, focus=focus)
    return blocks.input_block(
        question.key, question.text, element, optional=not question.required, hint=hint
    )


def _input(question: Question, said: str, *, focus: bool) -> InputInteractiveElement:
    """Its one input; issues have more where Jira offers some: see `issues_asked`."""
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.BLOCKERS | QuestionKind.ISSUES:
            return blocks.text_input(SAID, said, focus=focus)
        case QuestionKind.LINE:
            return inputs.line_input(SAID, said, longest=values.LINE_INPUT, focus=focus)
        case QuestionKind.CHOICE if question.required:
            return inputs.radio(SAID, _same(question.options), said, focus=focus)
        case QuestionKind.CHOICE:
            # Slack's menus end in "Clear selection"; what is chosen by radio button stays chosen.
            # https://github.com/howdyai/botkit/issues/2053
            options = _same(question.options)
            return inputs.menu(SAID, options, said, hint="Choose …", focus=focus)
        case QuestionKind.CHOICES:
            return inputs.checkboxes(SAID, _same(question.options), said.splitlines(), focus=focus)
        case QuestionKind.SCALE:
            return inputs.menu(SAID, _SCALE, said, hint="1 to 5", focus=focus)
        case QuestionKind.MOOD:
            return inputs.menu(SAID, _MOODS, said, hint="Choose …", focus=focus)
        case QuestionKind.NUMBER:
            most = values.NUMBER_INPUT
            return inputs.number_input(SAID, said, least=-most, most=most, focus=focus)
        case _:
            assert_never(question.kind)


def _same(options: Sequence[str]) -> dict[str, str]:
    return {one: one for one in options}


def errors(problems: Mapping[str, Problem], helper: CantHelp | None = None) -> dict[str, str]:
    """Problems where the person looks: under the input."""
    found = {key: str(problem) for key, problem in problems.items()}
    return found if helper is None else {**found, HELPER: str(helper)}


def closed_modal(
    on: date, said: Sequence[tuple[str, str]], why: Ending = Ending.CLOSED
) -> dict[str, Any]:
    """It ended meanwhile; what was written is handed back, to copy."""
    ended = _ended(on, why)
    if not said:
        return blocks.notice("Closed", f"{ended}.")
    return _handed_back("Closed", f"{ended}, so this was not saved.", said)


def _ended(on: date, why: Ending) -> str:
    match why:
        case Ending.CLOSED:
            return f"The stand-up of {spoken_date(on)} has closed"
        case Ending.PAUSED:
            return "This stand-up is paused"
        case Ending.DELETED:
            return "This stand-up was deleted"
        case Ending.OFF:
            return f"You are not asked in the stand-up of {spoken_date(on)} any more"
        case _:
            assert_never(why)


def gone_modal(why: str, said: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """There is nothing to answer any more; what was written is handed back, to copy."""
    if not said:
        return blocks.notice("Stand-up", why)
    return _handed_back("Stand-up", f"{why} This was not saved.", said)


def _handed_back(title: str, why: str, said: Sequence[tuple[str, str]]) -> dict[str, Any]:
    shown = [blocks.section(f"{why} Here is your text, to copy:"), *inputs.to_copy(said)]
    return blocks.modal(title, shown, callback=CLOSED, submit="OK")


def changed_modal(asked: Mapping[str, Any], lost: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Other questions are asked by now: the form with them, and what fits nowhere to copy."""
    say = "The questions were changed while you wrote, so nothing is saved yet. Please look again."
    shown = [blocks.section(say), *asked["blocks"]]
    if lost:
        shown += [
            blocks.section("*What you wrote for questions that are gone:*"),
            *inputs.to_copy(lost),
        ]
    return {**asked, "blocks": shown}
