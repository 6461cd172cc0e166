"""What the bot answers in the DM: the next question, and what became of the conversation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from slack_sdk.models.blocks import ButtonElement

from bot.core.content import Block, Message
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.rituals.standup import values
from bot.rituals.standup.model import Choosable, NothingOpen
from bot.rituals.standup.questions import SCALE, Mood, Question, QuestionKind
from bot.rituals.standup.views.answer import ANSWER
from bot.rituals.standup.views.words import moment
from bot.slack import blocks

SKIP = "skip"
CANCEL = "cancel"
_TITLE = 150
_QUESTION = 1000
_BUTTONS = 5


@dataclass(frozen=True)
class Asks:
    """The next question, and what became of the words before it."""

    about: Choosable
    remark: str
    wrong: bool  # those words were not taken
    number: int  # of the question, from 1
    of: int
    question: Question
    begins: bool = True  # the conversation: it says which stand-up this is
    others: int = 0  # stand-ups that wait until this one is done


@dataclass(frozen=True)
class Kept:
    """All is said, and saved. `then` is what the next message answers, with its first question."""

    about: Choosable
    open: bool
    at_close: bool  # its channel sees it when it closes
    then: Choosable | None = None
    asks: str = ""


@dataclass(frozen=True)
class NotKept:
    """It closed before all that is needed was said, or they skipped it."""

    about: Choosable


@dataclass(frozen=True)
class Left:
    """The conversation was left; `due` is when they are asked, where that is to come."""

    due: datetime | None
    has_card: bool


@dataclass(frozen=True)
class NothingToLeave:
    """There was no conversation."""


@dataclass(frozen=True)
class AllAnswered:
    """What is open has been answered."""

    among: tuple[Choosable, ...]


DialogueShown = Asks | Kept | NotKept | Left | NothingToLeave | AllAnswered | NothingOpen


def dialogue_message(shown: DialogueShown) -> Message:
    """One answer of the bot."""
    match shown:
        case Asks():
            return _asks(shown)
        case Kept():
            return _kept(shown)
        case NotKept(about):
            return _said(
                f"The stand-up of {spoken_date(about.date)} closed before this was complete, so it "
                "was not saved. Your words stand above."
            )
        case Left():
            return _said(_left(shown))
        case NothingToLeave():
            return _said("There is nothing half-said here, so there is nothing to cancel.")
        case AllAnswered(among):
            return _answered(among)
        case NothingOpen():
            return _said(_nothing_open(shown))
        case _:
            assert_never(shown)


def _said(text: str) -> Message:
    return Message(escape(text), (blocks.rich_text(blocks.paragraph(blocks.words(text))),))


def _left(shown: Left) -> str:
    left = "Left. Nothing of this was saved"
    if shown.due is not None:
        return f"{left}; you are asked on {moment(shown.due)}."
    return f"{left}; your card is still there." if shown.has_card else f"{left}."


def _asks(shown: Asks) -> Message:
    apart = "\n" if shown.wrong else " "
    head = apart.join(filter(None, [shown.remark, f"{shown.number} of {shown.of}"]))
    asked = clamp(one_line(shown.question.text), _QUESTION)
    parts = [blocks.words(f"{head} · "), blocks.words(asked, bold=True)]
    if hint := _hint(shown.question):
        parts.append(blocks.words(f"\n{hint}"))
    small = [blocks.context(_place(shown.about))] if shown.begins else []
    if shown.others:
        small.append(blocks.small(_waiting(shown.others)))
    leave = "" if shown.question.required else f"`{SKIP}` leaves it out · "
    small.append(blocks.context(f"{leave}`{CANCEL}` stops, nothing is saved"))
    return Message(
        escape(f"{head} · {asked}"), (blocks.rich_text(blocks.paragraph(*parts)), *small)
    )


def _waiting(others: int) -> str:
    if others == 1:
        return "One other stand-up is open too. It waits until this one is done."
    return f"{others} other stand-ups are open too. They wait until this one is done."


def _hint(question: Question) -> str:
    """How to answer it in words, where that isn't plain."""
    match question.kind:
        case QuestionKind.CHOICE:
            return f"{_numbered(question.options)}\nIts number is enough."
        case QuestionKind.CHOICES:
            return f"{_numbered(question.options)}\nTheir numbers are enough: 1, 3"
        case QuestionKind.SCALE:
            return f"{SCALE[0]} to {SCALE[-1]}"
        case QuestionKind.MOOD:
            return "\n".join(
                f"{number}  {values.spoken_mood(mood)}" for number, mood in enumerate(Mood, 1)
            )
        case QuestionKind.NUMBER:
            return "A number"
        case QuestionKind.ISSUES:
            return "Keys with commas between: ML-12, ML-15"
        case QuestionKind.TEXT | QuestionKind.LINE | QuestionKind.BLOCKERS:
            return ""
        case _:
            assert_never(question.kind)


def _numbered(options: Sequence[str]) -> str:
    return "\n".join(f"{number}  {option}" for number, option in enumerate(options, 1))


def _place(about: Choosable) -> str:
    """Which stand-up it is: its title, channel and date; in mrkdwn."""
    title = escape(clamp(one_line(about.title), _TITLE))
    return f"{title} · <#{about.channel}> · {spoken_date(about.date)}"


def _kept(shown: Kept) -> Message:
    about = shown.about
    when = " when it closes" if shown.at_close and shown.open else ""
    saved = f"*Saved ✓* · shown in <#{about.channel}>{when}"
    made = [blocks.section(saved, _edit(about) if shown.open else None)]
    if shown.open:
        made.append(blocks.small("To change it, press Edit. Editing your messages here does not."))
    made += _then(shown)
    return Message("Saved ✓", tuple(made))


def _then(shown: Kept) -> Iterator[Block]:
    if shown.then is not None:
        yield blocks.context(f"Open too: {_place(shown.then)}")
        yield blocks.rich_text(
            blocks.paragraph(
                blocks.words("Your next message answers it: "),
                blocks.words(clamp(one_line(shown.asks), _QUESTION), bold=True),
            )
        )


def _edit(about: Choosable) -> ButtonElement:
    reads = f"Edit {one_line(about.title)} of {spoken_date(about.date)}"
    return blocks.button("Edit", ANSWER, str(about.prompt_id), reads=reads)


def _answered(among: Sequence[Choosable]) -> Message:
    lines = [
        blocks.section(f"You have answered: {_place(one)} ✓", _edit(one))
        for one in among[:_BUTTONS]
    ]
    small = blocks.small("This message was not added to it. Edit changes what you said.")
    return Message("You have answered already.", (*lines, small))


def _nothing_open(found: NothingOpen) -> str:
    """Without the command's name, which a message can't know; Home says how to start one."""
    if found.elsewhere:
        what = clamp(one_line(found.elsewhere[0]), _TITLE)
        return (
            "This was not kept: what is written here answers stand-ups, and none is open for "
            f"you. “{what}” is: press its button on your card."
        )
    if not found.on_any:
        return "You are on no stand-up yet. The Home tab says how to start one."
    if found.next is None:
        return "Nothing is open for you now. The Home tab shows what comes next."
    early = f" You may answer from {moment(found.opens)} on." if found.opens else ""
    return f"Nothing is open for you now. You are asked next on {moment(found.next)}.{early}"
