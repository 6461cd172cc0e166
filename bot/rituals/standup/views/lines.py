"""One line per answer: who, and the essence of what they said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.asking.issue_links import NO_LINKS, IssueLinks, linked
from bot.core.content import Block
from bot.core.text import clamp, isolated, one_line
from bot.rituals.standup import issues
from bot.rituals.standup.questions import SCALE, Part, Question, QuestionKind
from bot.rituals.standup.values import spoken
from bot.rituals.standup.views.names import glance, shown_name
from bot.slack import blocks
from bot.slack.blocks import Paragraph

_WRITTEN = frozenset({QuestionKind.TEXT, QuestionKind.LINE})
_IN_A_BLOCK = 50
_DOT = " ·\u00a0"  # what follows it stays on its line, be it two characters


@dataclass(frozen=True)
class Line:
    """One person's answers, in the order of the questions; only those they gave."""

    name: str
    said: tuple[tuple[Question, str], ...]
    late: bool = False
    done: str = ""  # what became of yesterday's plan
    carried: str = ""


@dataclass(frozen=True)
class _Room:
    """Characters that the parts of a line may take."""

    name: int
    essence: int
    plan: int  # of the next day, and of yesterday's each
    values: int


# The more people there are, the less of each, so that nobody is left out while there is room.
_ROOMS = (
    _Room(40, 140, 90, 80),
    _Room(40, 100, 60, 0),
    _Room(32, 70, 40, 0),
    _Room(28, 44, 0, 0),
    _Room(24, 24, 0, 0),
    _Room(20, 10, 0, 0),
    _Room(20, 0, 0, 0),
)


@dataclass(frozen=True)
class _Gist:
    """What of a person's answers may come into their line, each on one line and still too long."""

    name: str
    late: bool
    before: tuple[tuple[str, str], ...]  # what became of yesterday's plan, with its head
    essence: str
    plan: str
    carries_on: bool  # with yesterday's plan
    values: tuple[str, ...]


def lines(answers: Sequence[Line], characters: int, links: IssueLinks = NO_LINKS) -> list[Block]:
    """The answers, a line each, in so many characters; what doesn't fit is counted."""
    gists = [_gist(one) for one in answers]
    for room in _ROOMS:
        if room is not _ROOMS[-1] and sum(_at_least(one, room) for one in gists) > characters:
            continue  # to draw them only to find that takes most of the time
        drawn = [_line(one, room, links) for one in gists]
        if blocks.size(drawn) <= characters:
            break
    shown = _as_many_as_fit(drawn, characters)
    made = [
        blocks.rich_text(blocks.bullets(shown[start : start + _IN_A_BLOCK]))
        for start in range(0, len(shown), _IN_A_BLOCK)
    ]
    if rest := len(drawn) - len(shown):
        made.append(blocks.small(f"… and {rest} more than one message holds."))
    return made


def _as_many_as_fit(drawn: Sequence[Paragraph], characters: int) -> list[Paragraph]:
    kept: list[Paragraph] = []
    for one in drawn:
        characters -= blocks.size(one)
        if characters < 0:
            break
        kept.append(one)
    return kept


def _at_least(gist: _Gist, room: _Room) -> int:
    """Characters that a person's line takes, not counting what stands between its parts."""
    parts = ((gist.name, room.name), (gist.essence, room.essence), (gist.plan, room.plan))
    return sum(min(len(text), limit) for text, limit in parts)


def _gist(line: Line) -> _Gist:
    # What came of the work, or else the first thing they wrote that is no plan.
    written = (
        text for one, text in line.said if one.kind in _WRITTEN and one.part is not Part.PLAN
    )
    essence = _of(line, Part.DONE) or next(written, "")
    named = "" if essence else _issues(line)  # then they say what somebody is at
    plan = _of(line, Part.PLAN)
    before = (("Done", line.done, essence), ("Carried over", line.carried, plan))
    return _Gist(
        name=shown_name(line.name),
        late=line.late,
        before=tuple(
            (head, glance(text)) for head, text, again in before if text and text != again
        ),
        essence=glance(essence or named),
        plan=glance(plan),
        carries_on=plan == line.carried,
        values=tuple(
            _value(question, text)
            for question, text in line.said
            if question.kind not in _WRITTEN and question.part is None
            if not (named and question.kind is QuestionKind.ISSUES)
        ),
    )


def _issues(line: Line) -> str:
    """Of a person who wrote nothing: the issues that they named, with their summaries."""
    return ", ".join(
        spoken(question, text)
        for question, text in line.said
        if question.kind is QuestionKind.ISSUES
    )


def _of(line: Line, part: Part) -> str:
    return next((text for question, text in line.said if question.part is part), "")


def _value(question: Question, text: str) -> str:
    """An answer of a few characters; of a scale the number alone, since its average says which."""
    value = glance(spoken(question, text))
    match question.kind:
        case QuestionKind.SCALE:
            return f"{text}/{len(SCALE)}"
        case QuestionKind.MOOD:
            return value.split()[0]
        case QuestionKind.ISSUES:
            return issues.at_a_glance(text)
        case QuestionKind.NUMBER:
            return f"{one_line(question.short)} {value}"
        case _:
            return value


def _line(gist: _Gist, room: _Room, links: IssueLinks) -> Paragraph:
    parts = [blocks.words(clamp(gist.name, room.name), bold=True)]
    if gist.late:
        parts.append(blocks.words(" (late)", italic=True))
    if said := _DOT.join(_said(gist, room)):
        parts += linked(f": {said}", links)
    return blocks.paragraph(*parts)


def _said(gist: _Gist, room: _Room) -> Iterator[str]:
    if room.plan:
        for head, text in gist.before:
            yield f"{head}: {_short(text, room.plan)}"
    essence = _short(gist.essence, room.essence)
    plan = _plan(gist, room.plan if essence else room.essence)
    if said := " ".join(part for part in (essence, plan) if part):
        yield said
    left = room.values if gist.essence or gist.plan else room.essence
    for value in gist.values:
        left -= len(value)
        if left < 0:
            return
        yield isolated(value)


def _plan(gist: _Gist, limit: int) -> str:
    plan = _short(gist.plan, limit)
    return f"→ {plan}{' (carried over)' if gist.carries_on else ''}" if plan else ""


def _short(text: str, limit: int) -> str:
    return isolated(clamp(text, limit))
