"""A run as its channel sees it: frozen values in, Block Kit out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.content import MESSAGE_TEXT, Block, Message
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.rituals.standup import values
from bot.rituals.standup.questions import Question, QuestionKind
from bot.slack import blocks
from bot.slack.blocks import Paragraph, Words

CHANNEL_WORDS = 600  # characters of one answer in the channel; the whole is kept
_FEWEST = 8
_NAME = 40
_NAMES = 1500  # of all who did not answer
_LABEL = 12  # what stands before an answer
_BLOCKERS = 50
_OF_BLOCKERS = MESSAGE_TEXT // 2  # characters of all of them
_PEOPLE_IN_A_BLOCK = 20


@dataclass(frozen=True)
class Line:
    """One person's answers, in the order of the questions; only those they gave."""

    name: str
    said: tuple[tuple[Question, str], ...]


@dataclass(frozen=True)
class RunShown:
    """A run, as its channel sees it."""

    title: str
    date: date
    closed: bool
    closes_at: datetime
    lines: tuple[Line, ...]
    owing: tuple[str, ...]  # who has not answered (yet); names
    asked: int
    away: tuple[str, ...] = ()  # who isn't asked; names, some with the reason


def run_message(run: RunShown) -> Message | None:
    """The run's one message; None while there is nothing to read in it."""
    if not run.lines and not (run.closed and run.owing):
        return None
    title = f"{run.title} · {spoken_date(run.date)}"
    return Message(
        text=escape(f"{title}: {_count(run)}"),
        blocks=(blocks.header(title), *_body(run)),
    )


def _count(run: RunShown) -> str:
    if not run.lines:
        return "nobody answered"
    answered = len(run.lines)
    return f"all {run.asked} answered" if not run.owing else f"{answered} of {run.asked} answered"


def _body(run: RunShown) -> Iterator[Block]:
    ending = "closed" if run.closed else f"open until {_until(run)}"
    yield blocks.context(f"{_count(run)} · {ending}")
    each = _words_each(run.lines)
    all_blocked = _blocked(run.lines, each)
    blocked = _as_many_as_fit(all_blocked[:_BLOCKERS], _OF_BLOCKERS)
    if blocked:
        yield blocks.section(":construction: *Blocked*")
        yield blocks.rich_text(blocks.bullets(blocked))
    if rest := len(all_blocked) - len(blocked):
        yield blocks.small(f"… and {rest} more blockers. Every answer is kept.")
    left = MESSAGE_TEXT - 2 * _NAMES - sum(map(_size, blocked))
    shown = _as_many_as_fit([_person(line, each) for line in run.lines], left)
    for start in range(0, len(shown), _PEOPLE_IN_A_BLOCK):
        yield blocks.rich_text(*shown[start : start + _PEOPLE_IN_A_BLOCK])
    if rest := len(run.lines) - len(shown):
        yield blocks.small(f"… and {rest} more than one message holds. Every answer is kept.")
    if run.closed and run.owing:
        yield _named("Did not answer", run.owing)
    if run.away:
        yield _named("Away", run.away)


def _named(head: str, names: Sequence[str]) -> Block:
    return blocks.small(f"{head}: {clamp(', '.join(map(one_line, names)), _NAMES)}")


def _until(run: RunShown) -> str:
    """The end in each reader's own zone, as Slack's clients show it; UTC for those that can't."""
    stamp = int(run.closes_at.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{run.closes_at:%d %b %H:%M} UTC>"


def _words_each(lines: Sequence[Line]) -> int:
    """Characters of each answer: many answers are shown shorter, so that one message holds all."""
    texts = sum(len(line.said) for line in lines)
    fixed = 2 * _NAMES + sum(len(_name(line)) + 2 for line in lines) + texts * _LABEL
    return max(_FEWEST, min(CHANNEL_WORDS, (MESSAGE_TEXT - fixed) // max(1, texts)))


def _as_many_as_fit(paragraphs: Sequence[Paragraph], characters: int) -> list[Paragraph]:
    kept: list[Paragraph] = []
    for one in paragraphs:
        characters -= _size(one)
        if characters < 0:
            break
        kept.append(one)
    return kept


def _size(paragraph: Paragraph) -> int:
    return sum(len(part.text) for part in paragraph.elements if isinstance(part, Words))


def _blocked(lines: Sequence[Line], each: int) -> list[Paragraph]:
    """Blockers come first: they are what somebody else can act on."""
    return [
        blocks.paragraph(
            blocks.words(_name(line), bold=True),
            blocks.words(f": {clamp(one_line(blocker), each)}"),
        )
        for line in lines
        for question, text in line.said
        if question.kind is QuestionKind.BLOCKERS
        for blocker in values.blockers(text)
    ]


def _person(line: Line, each: int) -> Paragraph:
    parts = [blocks.words(_name(line), bold=True)]
    for question, text in line.said:
        if question.kind is not QuestionKind.BLOCKERS:
            parts.append(blocks.words(f"\n{question.short}: ", italic=True))
            parts.append(blocks.words(clamp(values.spoken(question, text), each)))
    parts.append(blocks.words("\n"))  # a gap before the next person
    return blocks.paragraph(*parts)


def _name(line: Line) -> str:
    return clamp(one_line(line.name), _NAME) or "Somebody"  # Slack refuses an empty text
