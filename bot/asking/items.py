"""How one prompt looks on the card and on App Home: where it stands, and what one can do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import (
    ButtonElement,
    InteractiveElement,
    Option,
    StaticSelectElement,
)

from bot.core.content import Asks, Block
from bot.core.states import PromptState
from bot.core.text import escape, escape_clamped, one_line, spoken_date
from bot.slack import blocks

LATER, SKIP = "asking.later", "asking.skip"
SPANS = {30: "In 30 minutes", 60: "In 1 hour", 180: "In 3 hours"}
"""By how many minutes one can put a prompt off."""
# A message holds 50 blocks and 12,000 characters: so many of such lengths stay within both.
MOST = 16
TITLE = 100
_USUAL = Asks("")
_WAITING = frozenset({PromptState.ASKED, PromptState.MISSED})


@dataclass(frozen=True)
class Item:
    """One prompt, as its person sees it. Times are on the person's own clock."""

    prompt_id: int
    kind: str
    title: str
    channel: str
    state: PromptState
    open: bool
    date: date
    due: datetime
    closes: datetime  # the end of the person's own window
    late: bool  # that is over
    late_until: datetime  # the run's end: late answers count until then
    excuse: str = ""  # why nothing is owed although they were asked
    back: datetime | None = None  # it is put off until then
    same: str | None = None  # the action that repeats what was planned, where something was
    asks: Asks | None = None  # how it reads, where that is not as usual

    @property
    def window(self) -> "Window":
        """How long one may answer."""
        return Window(self.date, self.closes, self.late_until, late=self.late)

    @property
    def named(self) -> str:
        """The ritual's title, with what of it is asked."""
        return f"{self.title}: {self.asks.what}" if self.asks and self.asks.what else self.title


@dataclass(frozen=True)
class Window:
    """How long somebody may answer. Times are on their own clock."""

    date: date  # of the run
    closes: datetime  # the end of their own window
    late_until: datetime  # the run's end
    late: bool  # their own is over


Answers = Mapping[str, str]
"""The action that opens a prompt, by kind of ritual."""


def owes(item: Item) -> bool:
    """Whether an answer is owed, and still counts."""
    return item.open and item.state in _WAITING


def drawn(items: Sequence[Item], answers: Answers) -> Iterator[Block]:
    """Each item with what one can do; where there are too many, first what is owed."""
    for one in each(items, answers):
        yield from one


def each(items: Sequence[Item], answers: Answers) -> Iterator[Sequence[Block]]:
    """The same, the blocks of each item for themselves; the last may count the rest."""
    shown = items if len(items) <= MOST else sorted(items, key=lambda one: not owes(one))
    for item in shown[:MOST]:
        yield list(_item(item, answers.get(item.kind) if item.open else None))
    rest = len(items) - MOST
    if rest > 0:
        yield [blocks.small(f"… and {rest} more.")]


def _item(item: Item, answer: str | None) -> Iterator[Block]:
    if answer is not None and item.state is PromptState.ASKED:
        yield blocks.section(_line(item))
        yield blocks.actions(_actions(item, answer))
    else:
        yield blocks.section(_line(item), _button(item, answer) if answer else None)


def _line(item: Item) -> str:
    title = escape_clamped(one_line(item.named), TITLE)
    where = escape(f"{spoken_date(item.date)} · {standing(item)}")
    return f"*{title}* · <#{item.channel}>\n{where}"


def standing(item: Item) -> str:
    """Where it stands, in plain text."""
    match item.state:
        case PromptState.ANSWERED:
            settled = (item.asks or _USUAL).settled
            return settled if item.open else f"{settled} · closed"
        case PromptState.WAITING:
            return f"You are asked at {item.due:%H:%M}"
        case PromptState.SKIPPED:
            return item.excuse
        case _ if item.open and item.back is not None:
            until = open_until(item.window)
            return f"Back at {on_clock(item.back, item.date)} · {until[0].lower()}{until[1:]}"
        case _ if item.open:
            return open_until(item.window)
        case _:
            return (item.asks or _USUAL).missed


def open_until(window: Window) -> str:
    """How long one may still answer, in plain text."""
    if window.late:
        return f"Late; still open until {on_clock(window.late_until, window.date)}"
    return f"Open until {on_clock(window.closes, window.date)}"


def on_clock(at: datetime, on: date) -> str:
    """A time on the person's own clock, with its day where that is another one."""
    return f"{at:%H:%M}" if at.date() == on else f"{at:%a %H:%M}"


def _about(item: Item) -> str:
    return f"{item.named} of {spoken_date(item.date)}"


def _button(item: Item, action: str) -> ButtonElement:
    value, about, asks = str(item.prompt_id), _about(item), item.asks or _USUAL
    if item.state is PromptState.ANSWERED:
        return blocks.button(asks.again, action, value, reads=f"{asks.again} {about}")
    if item.state is PromptState.SKIPPED:
        label = f"{asks.label} anyway"
        return blocks.button(label, action, value, reads=f"{asks.label} {about} anyway")
    return blocks.button(asks.label, action, value, primary=True, reads=f"{asks.label} {about}")


def _actions(item: Item, answer: str) -> Iterator[InteractiveElement]:
    """What is done most often comes first, and takes one tap."""
    value = str(item.prompt_id)
    yield _button(item, answer)
    if item.same is not None:
        reads = f"{_about(item)}: same as planned"
        yield blocks.button("Same as planned", item.same, value, reads=reads)
    if item.asks is not None and item.asks.done is not None:
        reads = f"{_about(item)}: I'm done"
        yield blocks.button("I'm done", item.asks.done, value, reads=reads)
    spans = [Option(value=f"{value} {minutes}", label=label) for minutes, label in SPANS.items()]
    yield StaticSelectElement(action_id=LATER, placeholder="Later", options=spans)
    label = "Skip today" if item.asks is None else "Skip"  # what says of itself, lasts for days
    yield blocks.button(label, SKIP, value, reads=f"Skip {_about(item)}")
