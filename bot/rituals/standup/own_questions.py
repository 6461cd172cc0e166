"""Questions of one's own: read from what somebody types, one a line, and written as that again.

A line is the question, then if need be how it is answered, in brackets, and a star where an answer
is needed: “Which area? [choice: data, model, infra] *”. The first question always needs one.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from bot.core.errors import Refused
from bot.core.text import clamp, clean, one_line
from bot.rituals.standup.questions import AI_ML, CLASSIC, OPTION_TEXT, Question, QuestionKind

MOST = 10
LONGEST = 150
_FEWEST_OPTIONS, _MOST_OPTIONS = 2, 10
_SHORT = 24
_ALIKE = 0.75  # of 1: so alike, a changed line is the same question still
_KINDS = {
    "long": QuestionKind.TEXT,
    "short": QuestionKind.LINE,
    "choice": QuestionKind.CHOICE,
    "choices": QuestionKind.CHOICES,
    "scale": QuestionKind.SCALE,
    "mood": QuestionKind.MOOD,
    "number": QuestionKind.NUMBER,
    "issues": QuestionKind.ISSUES,
    "blockers": QuestionKind.BLOCKERS,
}
_WORDS = {kind: word for word, kind in _KINDS.items()}
_CHOSEN = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
_MARKS = re.compile(r"^(?:(?:[-•*]|\d{1,2}[.)])\s+)+")  # of a pasted list
_STARS = re.compile(r"[\s*]*\*$")
_SUFFIX = re.compile(r"\[([^\[\]]*)\]$")


class BadQuestions(Refused):
    """What is wrong with a line, as the person reads it."""


def parse(typed: str, earlier: Sequence[Question]) -> tuple[Question, ...]:
    """The questions of some lines; raises BadQuestions.

    A line that `earlier` or a template has, moved or lightly changed, keeps its key: what was
    answered to it goes on.
    """
    lines = [line for line in map(_stripped, clean(typed).split("\n")) if line]
    if not lines:
        raise BadQuestions("Write at least one question, one a line.")
    if len(lines) > MOST:
        raise BadQuestions(f"These are {len(lines)} questions; please keep to {MOST}.")
    read = [_question(number, line) for number, line in enumerate(lines, 1)]
    _refuse_repeated(read)
    first = read[0].model_copy(update={"required": True})
    return tuple(_with_keys([first, *read[1:]], earlier))


def written(questions: Sequence[Question]) -> str:
    """The lines that `parse` reads as these questions."""
    return "\n".join(_written(one, first=one is questions[0]) for one in questions)


def _stripped(line: str) -> str:
    return _MARKS.sub("", one_line(line))


def _question(number: int, line: str) -> Question:
    rest, required = _without_star(line)
    kind, options = QuestionKind.TEXT, tuple[str, ...]()
    if suffix := _SUFFIX.search(rest):
        kind, options = _answered(number, suffix[1])
        rest, again = _without_star(rest[: suffix.start()].rstrip())
        required = required or again
    rest = _MARKS.sub("", f"{rest} ").rstrip()  # a mark alone asks nothing
    if not rest:
        raise BadQuestions(f"Line {number} has no question before its brackets.")
    if len(rest) > LONGEST:
        raise BadQuestions(
            f"Line {number} has {len(rest)} characters; please keep a question to {LONGEST}."
        )
    return Question(
        key=_key(rest, kind),
        kind=kind,
        text=rest,
        short=_short(rest),
        required=required,
        options=options,
    )


def _without_star(line: str) -> tuple[str, bool]:
    bare = _STARS.sub("", line)
    return bare, bare != line


def _answered(number: int, suffix: str) -> tuple[QuestionKind, tuple[str, ...]]:
    """How a line is answered, from what stands in its brackets."""
    word, colon, rest = suffix.partition(":")
    kind = _KINDS.get(word.strip().lower())
    if kind is None:
        known = ", ".join(f"[{one}{': a, b' if _KINDS[one] in _CHOSEN else ''}]" for one in _KINDS)
        raise BadQuestions(
            f"Line {number}: there is no [{clamp(word.strip(), 30)}]. There are {known}."
        )
    if kind not in _CHOSEN:
        if colon:
            raise BadQuestions(f"Line {number}: only [choice: …] and [choices: …] have options.")
        return kind, ()
    return kind, _options(number, rest)


def _options(number: int, rest: str) -> tuple[str, ...]:
    options = tuple(one for one in map(one_line, rest.split(",")) if one)
    if not _FEWEST_OPTIONS <= len(options) <= _MOST_OPTIONS:
        raise BadQuestions(
            f"Line {number} takes {_FEWEST_OPTIONS} to {_MOST_OPTIONS} options, with commas "
            f"between: [choice: yes, no]. It has {len(options)}."
        )
    if long := next((one for one in options if len(one) > OPTION_TEXT), None):
        raise BadQuestions(
            f"Line {number}: please keep an option to {OPTION_TEXT} characters: "
            f"“{clamp(long, 40)}”."
        )
    if len({one.casefold() for one in options}) < len(options):
        raise BadQuestions(f"Line {number} offers the same option twice.")
    return options


def _refuse_repeated(questions: Sequence[Question]) -> None:
    seen: dict[str, int] = {}
    for number, one in enumerate(questions, 1):
        before = seen.setdefault(one.text.casefold(), number)
        if before != number:
            raise BadQuestions(f"Line {number} asks the same as line {before}.")
    asking = [n for n, one in enumerate(questions, 1) if one.kind is QuestionKind.BLOCKERS]
    if len(asking) > 1:
        raise BadQuestions(f"Lines {asking[0]} and {asking[1]} both ask for blockers; one may.")


def _written(question: Question, *, first: bool) -> str:
    parts = [question.text]
    if question.options:
        parts.append(f"[{_WORDS[question.kind]}: {', '.join(question.options)}]")
    elif question.kind is not QuestionKind.TEXT or _SUFFIX.search(question.text):
        parts.append(f"[{_WORDS[question.kind]}]")
    if question.required and not first:
        parts.append("*")
    return " ".join(parts)


def _key(text: str, kind: QuestionKind) -> str:
    """The same for the same question, so that one taken out and put back goes on."""
    named = f"{kind}/{text.casefold()}".encode()
    return f"q_{hashlib.sha256(named).hexdigest()[:12]}"


def _short(text: str) -> str:
    """What stands before an answer in the channel."""
    return clamp(text.rstrip(" ?.!:"), _SHORT) or clamp(text, _SHORT)


def _with_keys(questions: Sequence[Question], earlier: Sequence[Question]) -> Iterator[Question]:
    """Let each line be the question that it was, where it was one."""
    known = [one for one in (*AI_ML, *CLASSIC) if one.key not in {each.key for each in earlier}]
    found: dict[str, Question] = {}
    for among, alike in (([*earlier, *known], 1.0), (earlier, _ALIKE)):
        for one in questions:
            taken = {match.key for match in found.values()}
            left = [each for each in among if each.key not in taken]
            if one.key not in found and (match := _match(one, left, alike)) is not None:
                found[one.key] = match
    taken = {match.key for match in found.values()}
    for one in questions:
        yield _as(one, found[one.key]) if one.key in found else _beside(one, taken)


def _beside(question: Question, taken: Collection[str]) -> Question:
    """A new question whose text was an older one's, which goes on with another."""
    free = (f"{question.key}{again}" for again in ("", *(f"_{n}" for n in range(2, MOST + 2))))
    return question.model_copy(update={"key": next(key for key in free if key not in taken)})


def _match(question: Question, among: Sequence[Question], alike: float) -> Question | None:
    same = [one for one in among if one.kind is question.kind]
    best = max(same, key=lambda one: _likeness(question, one), default=None)
    return best if best is not None and _likeness(question, best) >= alike else None


def _likeness(one: Question, other: Question) -> float:
    return SequenceMatcher(None, one.text.casefold(), other.text.casefold()).ratio()


def _as(question: Question, before: Question) -> Question:
    own_name = before.short if before.short != _short(before.text) else question.short
    return question.model_copy(update={"key": before.key, "part": before.part, "short": own_name})
