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

from bot.core.content import MESSAGE_TEXT, SECTION_TEXT, Block, Message
from bot.core.text import clamp, escape, escape_clamped, one_line
from bot.rituals.standup import model
from bot.rituals.standup.model import NothingOpen, Problem, Question, QuestionKind, Started
from bot.slack import blocks

ANSWER = "standup.answer"
SETUP = "standup.setup"
CLOSED = "standup.closed"
CHANNEL_WORDS = 600  # of one answer in the channel; the whole is kept
_SECTIONS = 40
_NAMES = 1500
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


def run_message(run: RunShown) -> Message | None:
    """The run's one message; None while there is nothing to read in it."""
    if not run.lines and not run.closed:
        return None
    title = f"{run.title} · {day(run.date)}"
    return Message(
        text=escape(f"{title}: {_count(run)}"),
        blocks=tuple(_within_limits([blocks.header(title), *_body(run)])),
    )


def day(on: date) -> str:
    """A date as people say it: Tue 24 March."""
    return f"{on:%a} {on.day} {on:%B}"


def _count(run: RunShown) -> str:
    if not run.lines:
        return "nobody answered"
    answered = len(run.lines)
    return f"all {run.asked} answered" if not run.owing else f"{answered} of {run.asked} answered"


def _body(run: RunShown) -> Iterator[Block]:
    ending = (
        f"closed · {_count(run)}" if run.closed else f"{_count(run)} · open until {_until(run)}"
    )
    yield blocks.context(ending)
    yield from _packed(_blocker_lines(run))
    yield from _packed([_person(line) for line in run.lines])
    if run.closed and run.owing:
        names = clamp(", ".join(escape(one_line(name)) for name in run.owing), _NAMES)
        yield blocks.context(f"Did not answer: {names}")


def _until(run: RunShown) -> str:
    """The end in each reader's own zone, as Slack's clients show it; UTC for those that can't."""
    stamp = int(run.closes_at.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{run.closes_at:%d %b %H:%M} UTC>"


def _blocker_lines(run: RunShown) -> list[str]:
    """Blockers come first: they are what somebody else can act on."""
    found = [
        f"• *{escape(one_line(line.name))}*: {escape_clamped(one_line(blocker), CHANNEL_WORDS)}"
        for line in run.lines
        for question, text in line.said
        if question.kind is QuestionKind.BLOCKERS
        for blocker in model.blockers(text)
    ]
    return [":construction: *Blocked*", *found] if found else []


def _person(line: Line) -> str:
    parts = [
        f"_{escape(question.short)}:_ {_shown(text)}"
        for question, text in line.said
        if question.kind is not QuestionKind.BLOCKERS
    ]
    return "\n".join([f"*{escape(one_line(line.name))}*", *parts])


def _shown(text: str) -> str:
    return escape_clamped(text, CHANNEL_WORDS).replace("\n", "\n      ")


def _packed(paragraphs: Sequence[str]) -> Iterator[Block]:
    """As few sections as hold the paragraphs."""
    held = ""
    for paragraph in paragraphs:
        gap = "\n" if paragraph.startswith("•") else "\n\n"
        if held and len(held) + len(gap) + len(paragraph) > SECTION_TEXT:
            yield blocks.section(held)
            held = ""
        held = f"{held}{gap}{paragraph}" if held else paragraph
    if held:
        yield blocks.section(held)


def _within_limits(made: Sequence[Block]) -> list[Block]:
    """As much as one message holds, and a line that says so where that is not all."""
    kept: list[Block] = []
    size = 0
    for block in made:
        size += len(str(block.get("text") or block.get("elements")))
        if size > MESSAGE_TEXT or len(kept) >= _SECTIONS:
            kept.append(blocks.context("There is more than one message holds. All of it is kept."))
            break
        kept.append(block)
    return kept


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
    head = f"The stand-up of {day(on)} has closed, so this was not saved."
    if not said:
        return blocks.notice("Closed", f"The stand-up of {day(on)} has closed.")
    back = [
        blocks.input_block(f"back_{index}", question, blocks.text_input("text", text[:3000]))
        for index, (question, text) in enumerate(said)
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
    return f"{day(at.date())}, {at:%H:%M}"
