"""What a retro's message holds between its head and its buttons, in each stage."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.actions.views.late import late_line
from bot.core.content import MESSAGE_TEXT, Block
from bot.core.text import escape, isolated
from bot.rituals.retro.model import FEWEST, TOP, Stage
from bot.rituals.retro.views import lines, words
from bot.rituals.retro.views.shown import LastTime, RetroShown, TopicShown
from bot.slack import blocks
from bot.slack.blocks import Paragraph

_BRIEF = 110  # characters of what was said
_SAID = 3  # replies of a topic in the summary
_ITEMS = 12
_WAITING = 12
_ROOM = MESSAGE_TEXT - 4500  # for notes; what stands around them is short


def body(shown: RetroShown) -> Iterator[Block]:
    """What there is to read in its stage."""
    if shown.few:
        yield blocks.section(
            f":warning: Fewer than {FEWEST} people took part, or fewer than {FEWEST} notes "
            "were written, so it may be plain who wrote what. "
            "The facilitator chose to show the notes all the same."
        )
    match shown.stage:
        case Stage.COLLECT:
            yield from _collecting(shown)
        case Stage.SORT | Stage.VOTE:
            yield from _by_column(shown, shown.topics)
        case Stage.DISCUSS:
            yield from _discussed(shown)
            yield from _decided(shown)
        case Stage.CLOSED:
            yield from _told(shown)
            yield from _decided(shown)
        case _:
            assert_never(shown.stage)
    if shown.waiting and shown.stage is not Stage.COLLECT:
        yield blocks.small(_waiting(shown.waiting))


# --- while notes are written


def _collecting(shown: RetroShown) -> Iterator[Block]:
    if shown.last is not None:
        yield from _last_time(shown.last)
    yield from late_line(shown.late_items)
    named = " · ".join(f"*{escape(one)}*" for one in shown.columns)
    hidden = "Nobody sees a note before all are shown together."
    yield blocks.section(f"What comes to your mind? {named}\n{hidden}")
    if shown.held:
        yield blocks.section(
            f":hourglass: Fewer than {FEWEST} people have said they are done, or there are "
            f"fewer than {FEWEST} notes. {escape(words.name(shown.leader))} chooses: wait for "
            "more, or show the notes and say so. You can still add yours."
        )
    if shown.waiting:
        yield blocks.small(_waiting(shown.waiting))


def _last_time(last: LastTime) -> Iterator[Block]:
    rate = ""
    if last.decided:
        over = "the last retro" if last.retros == 1 else f"the last {last.retros} retros"
        rate = f" · {last.done} of {last.decided} done over {over}"
    if last.items:
        yield blocks.section(f"*Last time we decided*{rate}")
        yield blocks.rich_text(blocks.bullets([lines.item(one) for one in last.items[:_ITEMS]]))
        if (rest := len(last.items) - _ITEMS) > 0:
            yield blocks.small(f"… and {rest} more.")
    else:
        yield blocks.section(f"*Last time* we decided nothing{rate}")


def _waiting(names: Sequence[str]) -> str:
    shown = [words.name(one) for one in names[:_WAITING]]
    rest = len(names) - len(shown)
    more = f" and {rest} more" if rest > 0 else ""
    return f"Still waiting for {', '.join(shown)}{more}"


# --- once notes are shown


def _by_column(
    shown: RetroShown, topics: Sequence[TopicShown], room: int = _ROOM, *, below: bool = False
) -> Iterator[Block]:
    """What stands in each column; its title is a lesser one `below` a heading."""
    left = 0
    for number, title in enumerate(shown.columns):
        mine = [one for one in topics if one.column == number]
        if not mine:
            continue
        drawn: list[Paragraph] = []
        for one in mine:
            made = blocks.paragraph(*lines.topic(one))
            room -= blocks.size(made)
            if room < 0:
                break
            drawn.append(made)
        left += len(mine) - len(drawn)
        if drawn and below:
            yield blocks.rich_text(
                blocks.paragraph(blocks.words(title, italic=True)), blocks.bullets(drawn)
            )
        elif drawn:
            yield blocks.section(f"*{escape(title)}*")
            yield blocks.rich_text(blocks.bullets(drawn))
    if left:
        yield blocks.small(f"… and {left} more. Read all shows every word.")


def _discussed(shown: RetroShown) -> Iterator[Block]:
    yield blocks.section("*What we talk about*, each in a thread of its own below:")
    yield blocks.rich_text(_numbered([blocks.paragraph(*lines.topic(one)) for one in shown.top]))
    yield from _late(shown)


def _late(shown: RetroShown) -> Iterator[Block]:
    """What came after the notes had been shown, so that nobody could vote for it."""
    late = [one for one in shown.topics if one.late]
    if late:
        yield blocks.section("*Came later*")
        yield from _by_column(shown, late, _ROOM // 3, below=True)


def _numbered(made: Sequence[Paragraph]) -> dict[str, object]:
    return {"type": "rich_text_list", "style": "ordered", "elements": list(made)}


def _decided(shown: RetroShown) -> Iterator[Block]:
    if shown.items:
        yield blocks.section(_actions(shown))
        yield blocks.rich_text(blocks.bullets([lines.item(one) for one in shown.items[:_ITEMS]]))
        if (rest := len(shown.items) - _ITEMS) > 0:
            yield blocks.small(f"… and {rest} more.")
    elif shown.stage is Stage.DISCUSS:
        yield blocks.section(
            f"*Actions*: none yet. Up to {TOP} that somebody does by a day are worth more than ten "
            "good intentions: press *Raise an action* on a topic."
        )
    else:
        yield blocks.section("*Actions*: none")


def _actions(shown: RetroShown) -> str:
    number = len(shown.items)
    if shown.stage is Stage.DISCUSS and number < TOP:
        return f"*Actions* · {number} of up to {TOP}"
    return "*Actions*"


# --- the summary


def _told(shown: RetroShown) -> Iterator[Block]:
    for number, one in enumerate(shown.top, 1):
        head = blocks.words(f"{number}. ", bold=True)
        yield blocks.rich_text(blocks.paragraph(head, *lines.topic(one)), *_brief(one))
    others = [one for one in shown.topics if one.rank is None and not one.late]
    if others:
        ranked = sorted(others, key=lambda one: -(one.votes or 0))
        yield blocks.section("*Also said*" if shown.top else "*What was said*")
        yield from _by_column(shown, ranked, _ROOM // 2, below=True)
    yield from _late(shown)


def _brief(one: TopicShown) -> Iterator[dict[str, object]]:
    """The beginning of what was said first; the thread has all of it."""
    said = [
        blocks.paragraph(
            blocks.words(f"{isolated(words.name(who))}: ", bold=True),
            blocks.words(words.line(text, _BRIEF)),
        )
        for who, text in one.said[:_SAID]
    ]
    if rest := len(one.said) - len(said):
        said.append(blocks.paragraph(blocks.words(f"… and {rest} more", italic=True)))
    if said:
        yield blocks.bullets(said)
