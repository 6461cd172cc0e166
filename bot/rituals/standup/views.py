"""How a stand-up looks in its channel and in its modals: frozen values in, Block Kit out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    Option,
    TimePickerElement,
    UserMultiSelectElement,
)

from bot.core.content import MESSAGE_TEXT, PLAIN_INPUT, Block, Message
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.rituals.standup import model
from bot.rituals.standup.model import NothingOpen, Problem, Question, QuestionKind, Started
from bot.slack import blocks
from bot.slack.blocks import Paragraph, Words

ANSWER = "standup.answer"
SETUP = "standup.setup"
CLOSED = "standup.closed"
CHANNEL_WORDS = 600  # characters of one answer in the channel; the whole is kept
_FEWEST = 8
_NAME = 40
_NAMES = 1500  # of all who did not answer
_LABEL = 12  # what stands before an answer
_BLOCKERS = 50
_OF_BLOCKERS = MESSAGE_TEXT // 2  # characters of all of them
_PEOPLE_IN_A_BLOCK = 20
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
    away: tuple[str, ...] = ()  # who isn't asked; names, of a holiday with what it is


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
        for blocker in model.blockers(text)
    ]


def _person(line: Line, each: int) -> Paragraph:
    parts = [blocks.words(_name(line), bold=True)]
    for question, text in line.said:
        if question.kind is not QuestionKind.BLOCKERS:
            parts.append(blocks.words(f"\n{question.short}: ", italic=True))
            parts.append(blocks.words(clamp(text, each)))
    parts.append(blocks.words("\n"))  # a gap before the next person
    return blocks.paragraph(*parts)


def _name(line: Line) -> str:
    return clamp(one_line(line.name), _NAME) or "Somebody"  # Slack refuses an empty text


def answer_modal(
    prompt_id: int,
    on: date,
    channel: str,
    questions: Sequence[Question],
    said: Mapping[str, str],
) -> dict[str, Any]:
    """The modal that a person answers in."""
    asked = [
        blocks.input_block(
            one.key,
            one.text,
            blocks.text_input("text", said.get(one.key, ""), focus=index == 0),
            optional=not one.required,
        )
        for index, one in enumerate(questions)
    ]
    return blocks.modal(
        f"Stand-up {on:%a} {on.day} {on:%b}",
        [blocks.context(f"Shown in <#{channel}>. You can change it until it closes."), *asked],
        callback=ANSWER,
        submit="Save",
        close="Cancel",
        metadata=str(prompt_id),
    )


def errors(problems: Mapping[str, Problem]) -> dict[str, str]:
    """Problems where the person looks: under the input."""
    return {key: str(problem) for key, problem in problems.items()}


def closed_modal(on: date, said: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The run closed meanwhile; what was written is handed back, to copy."""
    head = f"The stand-up of {spoken_date(on)} has closed, so this was not saved."
    if not said:
        return blocks.notice("Closed", f"The stand-up of {spoken_date(on)} has closed.")
    back = [
        blocks.input_block(
            f"back_{index}_{start}",
            question,
            blocks.text_input("text", text[start : start + PLAIN_INPUT]),
            optional=True,
        )
        for index, (question, text) in enumerate(said)
        for start in range(0, len(text), PLAIN_INPUT)
    ]
    shown = [blocks.section(f"{head} Here is your text, to copy:"), *back]
    return blocks.modal("Closed", shown, callback=CLOSED, submit="OK")


@dataclass(frozen=True)
class SetupShown:
    """What the setup screen is filled with."""

    key: str
    channel: str
    channel_name: str
    members: tuple[str, ...]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    at: time = time(9, 30)
    changes: bool = False


def setup_modal(shown: SetupShown) -> dict[str, Any]:
    """The one screen that starts a stand-up, or changes it."""
    questions = "\n".join(f"• {escape(question.text)}" for question in model.AI_ML)
    return blocks.modal(
        "Stand-up",
        [
            blocks.section(f"In <#{shown.channel}>, each person is asked at their own local time."),
            blocks.input_block(
                "members",
                "Who",
                UserMultiSelectElement(
                    action_id="members", initial_users=list(shown.members) or None
                ),
            ),
            blocks.input_block("days", "Days", _days(shown.weekdays)),
            blocks.input_block(
                "at",
                "Time, on each person's own clock",
                TimePickerElement(action_id="at", initial_time=f"{shown.at:%H:%M}"),
            ),
            blocks.context(f"Asked:\n{questions}"),
        ],
        callback=SETUP,
        submit="Save" if shown.changes else "Start",
        close="Cancel",
        metadata=f"{shown.key} {shown.channel} {shown.channel_name}",
    )


def _days(chosen: Sequence[int]) -> CheckboxesElement:
    options = [Option(value=str(number), label=name) for number, name in enumerate(_DAYS)]
    initial = [options[number] for number in chosen]
    return CheckboxesElement(action_id="days", options=options, initial_options=initial or None)


def started_modal(channel: str, started: Started) -> dict[str, Any]:
    """It runs: what happens next."""
    what = "The stand-up is changed." if started.changed else "The stand-up starts."
    who = "1 person is" if started.people == 1 else f"{started.people} people are"
    first = started.first_asked
    mine = f" You are asked first on *{moment(first)}*." if first else ""
    return blocks.notice(
        "Done",
        f"{what} {who} asked by direct message, and the answers come together in <#{channel}>."
        f"{mine}",
    )


def not_owner(owner: str) -> str:
    """Somebody else's stand-up: who may change it."""
    return f"This channel's stand-up is {owner}'s: only they or a workspace admin can change it."


def not_a_member(channel: str, command: str) -> str:
    """The bot can't see the channel: how to invite it."""
    return (
        f"Meridian is not in <#{channel}> yet. Type `/invite @Meridian` there, "
        f"then `{command} setup` again."
    )


def not_in_a_dm(command: str) -> str:
    """A stand-up needs a channel."""
    return f"A stand-up needs a channel to show its answers in. Type `{command} setup` there."


def nothing_open(found: NothingOpen, command: str) -> str:
    """Nothing to answer now: when the next one is."""
    if found.next is not None:
        return f"Nothing is open for you now. You are asked next on *{moment(found.next)}*."
    if found.on_any:
        return "Nothing is open for you now. Your App Home shows what comes next."
    return f"You are on no stand-up yet. Type `{command} setup` in a channel to start one there."


def moment(at: datetime) -> str:
    """A local moment as people say it: Tue 24 March, 09:30."""
    return f"{spoken_date(at.date())}, {at:%H:%M}"
