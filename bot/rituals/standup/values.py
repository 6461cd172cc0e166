"""What is said to a question, as text: read from a form or from words, checked, and spoken.

Every answer is kept as text: of a choice the option itself, of several one a line, of a scale its
number, of a mood its word, of a number its plain decimal notation, of issues one a line.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never

from bot.core.content import PLAIN_INPUT
from bot.core.text import clean, one_line
from bot.rituals.standup import issues
from bot.rituals.standup.questions import SCALE, Mood, Question, QuestionKind

LINE_INPUT = 150
NUMBER_INPUT = 1_000_000_000  # the largest number, and the smallest with its sign turned
MOST_BLOCKERS = 20
_DECIMALS = 6
_EMOJI = {Mood.GREAT: "😄", Mood.GOOD: "🙂", Mood.OKAY: "😐", Mood.LOW: "😕", Mood.BAD: "😞"}
# What Slack makes of these faces in a message: docs.slack.dev/messaging/formatting-message-text
_CODES = {
    ":smile:": Mood.GREAT,
    ":slightly_smiling_face:": Mood.GOOD,
    ":neutral_face:": Mood.OKAY,
    ":confused:": Mood.LOW,
    ":disappointed:": Mood.BAD,
}
_NONE = frozenset({"no", "none", "nothing", "nope", "n/a", "na", "-", "no blockers", "nichts"})
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
_GAPS = re.compile("[\\s'_\N{RIGHT SINGLE QUOTATION MARK}]")
_OF_FIVE = re.compile(r"\s*(?:/|of|out of|von)\s*5$")
_SEPARATORS = re.compile(r"[\n;]"), re.compile(r"[\n;,+&]|\band\b")


class Problem(StrEnum):
    """What is wrong with the answer to one question, as the person reads it."""

    EMPTY = "Please write a line here: this one is needed."
    NOT_CHOSEN = "Please choose here: this one is needed."
    TOO_LONG = f"Please keep this to {PLAIN_INPUT:,} characters. Nothing has been cut."
    LONG_LINE = f"Please keep this to {LINE_INPUT} characters, on one line. Nothing has been cut."
    NOT_OFFERED = "That is not offered, or not any more. Please choose again."
    NOT_ON_SCALE = "Please give a whole number from 1 to 5."
    NO_MOOD = "Please choose one of the five moods."
    NOT_A_NUMBER = "Please give a number, such as 12 or 0.5."
    ABSURD = f"Please give a number up to {NUMBER_INPUT:,}, with at most {_DECIMALS} decimals."
    NO_ISSUE = "Please choose an issue, or write its key: this one is needed."
    NO_KEY = "Please write keys with commas between, such as ML-12, ML-15. Nothing has been lost."
    LONG_ISSUE = f"Please keep each issue to {issues.LONGEST} characters. Nothing has been cut."
    MANY_ISSUES = f"Please keep this to {issues.MOST} issues."
    MANY_BLOCKERS = f"Please keep this to {MOST_BLOCKERS} blockers, one per line."


def entered(state: Mapping[str, Any]) -> str:
    """The text of one input's state in a modal; "" where nothing was entered."""
    match state.get("type"):
        case "checkboxes" | "multi_external_select":
            return "\n".join(option["value"] for option in state.get("selected_options") or ())
        case "radio_buttons" | "static_select":
            return str((state.get("selected_option") or {}).get("value", ""))
        case "users_select":
            return state.get("selected_user") or ""
        case _:
            return state.get("value") or ""


def tidy(questions: Iterable[Question], said: Mapping[str, str]) -> dict[str, str]:
    """Answers as they are stored: without control characters and blank ends; numbers plainly."""
    kinds = {question.key: question.kind for question in questions}
    return {key: _tidied(kinds.get(key), clean(text).strip()) for key, text in said.items()}


def _tidied(kind: QuestionKind | None, text: str) -> str:
    if kind is QuestionKind.LINE:
        return one_line(text)
    if kind is QuestionKind.NUMBER and _problem_of_number(text) is None:
        return _plainly(text)
    if kind is QuestionKind.ISSUES:
        return issues.tidied(text)
    return text


def problems(questions: Iterable[Question], said: Mapping[str, str]) -> dict[str, Problem]:
    """What keeps these tidied answers from being stored, by question key."""
    found = {one.key: problem(one, said.get(one.key, "")) for one in questions}
    return {key: wrong for key, wrong in found.items() if wrong is not None}


def problem(question: Question, text: str) -> Problem | None:
    """What is wrong with one tidied answer."""
    if not text:
        return _missing(question)
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.LINE:
            return _problem_of_length(question.kind, text)
        case QuestionKind.BLOCKERS:
            return _problem_of_blockers(text)
        case QuestionKind.CHOICE:
            return None if text in question.options else Problem.NOT_OFFERED
        case QuestionKind.CHOICES:
            offered = set(text.splitlines()) <= set(question.options)
            return None if offered else Problem.NOT_OFFERED
        case QuestionKind.SCALE:
            return None if text in SCALE else Problem.NOT_ON_SCALE
        case QuestionKind.MOOD:
            return None if text in set(Mood) else Problem.NO_MOOD
        case QuestionKind.NUMBER:
            return _problem_of_number(text)
        case QuestionKind.ISSUES:
            return _problem_of_issues(text)
        case _:
            assert_never(question.kind)


def _missing(question: Question) -> Problem | None:
    if not question.required:
        return None
    if question.kind is QuestionKind.ISSUES:
        return Problem.NO_ISSUE
    written = {QuestionKind.TEXT, QuestionKind.LINE, QuestionKind.BLOCKERS, QuestionKind.NUMBER}
    return Problem.EMPTY if question.kind in written else Problem.NOT_CHOSEN


def _problem_of_length(kind: QuestionKind, text: str) -> Problem | None:
    if kind is QuestionKind.LINE:
        return Problem.LONG_LINE if len(text) > LINE_INPUT else None
    return Problem.TOO_LONG if len(text) > PLAIN_INPUT else None


def _problem_of_blockers(text: str) -> Problem | None:
    if len(text) > PLAIN_INPUT:
        return Problem.TOO_LONG
    return Problem.MANY_BLOCKERS if len(blockers(text)) > MOST_BLOCKERS else None


def _problem_of_issues(text: str) -> Problem | None:
    lines = text.splitlines()
    if not all(map(issues.key_of, lines)):
        return Problem.NO_KEY
    if any(len(line) > issues.LONGEST for line in lines):
        return Problem.LONG_ISSUE
    return Problem.MANY_ISSUES if len(lines) > issues.MOST else None


def _problem_of_number(text: str) -> Problem | None:
    if not _NUMBER.fullmatch(text):
        return Problem.NOT_A_NUMBER
    plain = _plainly(text)
    absurd = abs(Decimal(text)) > NUMBER_INPUT or len(plain.partition(".")[2]) > _DECIMALS
    return Problem.ABSURD if absurd else None


def _plainly(text: str) -> str:
    """A number without leading or trailing zeros, and nothing else that isn't needed."""
    plain = f"{Decimal(text):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


# --- how it reads


def spoken(question: Question, text: str) -> str:
    """How an answer reads to others: in the channel, or handed back to copy."""
    match question.kind:
        case QuestionKind.SCALE:
            return f"{text} of {len(SCALE)}"
        case QuestionKind.MOOD:
            return spoken_mood(Mood(text)) if text in set(Mood) else text
        case QuestionKind.CHOICES | QuestionKind.ISSUES:
            return ", ".join(text.splitlines())
        case (
            QuestionKind.TEXT
            | QuestionKind.LINE
            | QuestionKind.CHOICE
            | QuestionKind.NUMBER
            | QuestionKind.BLOCKERS
        ):
            return text
        case _:
            assert_never(question.kind)


def in_full(question: Question, text: str) -> str:
    """The same where there is room: several issues stand below one another."""
    lines = text.splitlines()
    if question.kind is QuestionKind.ISSUES and len(lines) > 1:
        return "".join(f"\n• {line}" for line in lines)
    return spoken(question, text)


def spoken_mood(mood: Mood) -> str:
    """A mood with its face: 🙂 Good."""
    return f"{_EMOJI[mood]} {mood.capitalize()}"


def blockers(text: str) -> list[str]:
    """The blockers in an answer, one a line; list marks and words for "none" are left out."""
    lines = (line.strip().lstrip("-*•").strip() for line in text.splitlines())
    return [line for line in lines if line and line.lower().rstrip(".!") not in _NONE]


# --- typed in a conversation


def typed(question: Question, words: str) -> str | Problem:
    """The answer that these words give, or what is wrong with them.

    Of a choice its option in any case, or its number in the list; of several, with commas between.
    Of issues their keys, in any case.
    """
    text = clean(words).strip()
    found = _read(question, text)
    if isinstance(found, Problem):
        return found
    return problem(question, found) or found


def _read(question: Question, text: str) -> str | Problem:
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.BLOCKERS:
            return text
        case QuestionKind.LINE:
            return one_line(text)
        case QuestionKind.CHOICE:
            return _option(question.options, text) or (Problem.NOT_OFFERED if text else "")
        case QuestionKind.CHOICES:
            return _options(question.options, text)
        case QuestionKind.SCALE:
            return _OF_FIVE.sub("", text.casefold()).strip(" .")
        case QuestionKind.MOOD:
            return _mood(text)
        case QuestionKind.NUMBER:
            return _number(text)
        case QuestionKind.ISSUES:
            return issues.tidied(text)
        case _:
            assert_never(question.kind)


def _option(options: Sequence[str], text: str) -> str | None:
    """The option of this name, or else of this number."""
    wanted = one_line(text).casefold()
    for option in options:
        if one_line(option).casefold() == wanted:
            return option
    number = wanted.rstrip(".)")
    if number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= len(options):
        return options[int(number) - 1]
    return None


def _options(options: Sequence[str], text: str) -> str | Problem:
    """Several options, in the order in which they are offered; a name may hold a comma itself."""
    if not text:
        return ""
    for separators in _SEPARATORS:
        parts = [part for part in separators.split(text) if part.strip()]
        found = {_option(options, part) for part in parts}
        if None not in found:
            return "\n".join(option for option in options if option in found)
    return Problem.NOT_OFFERED


def _mood(text: str) -> str:
    faces = {_EMOJI[mood]: mood for mood in Mood} | _CODES
    names = [mood.value for mood in Mood]
    face = next((mood for emoji, mood in faces.items() if text.startswith(emoji)), None)
    return face or _option(names, text.rstrip(".!")) or text


def _number(text: str) -> str:
    """A number as people write it: 1,000 or 1 000, 2,5 or 2.5; else the words themselves."""
    plain = _GAPS.sub("", text).replace("\N{MINUS SIGN}", "-")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif "," in plain and "." in plain:
        grouping = "," if plain.rindex(".") > plain.rindex(",") else "."
        plain = plain.replace(grouping, "").replace(",", ".")
    else:
        plain = plain.replace(",", ".")
    return _plainly(plain) if _NUMBER.fullmatch(plain) else text
