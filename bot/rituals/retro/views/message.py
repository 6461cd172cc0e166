"""A retro as its channel sees it: one message, from the first note to the summary."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from slack_sdk.models.blocks import ButtonElement

from bot.actions.model import ItemShown
from bot.actions.views import words as actions
from bot.asking.upkeep.words import on_each_clock
from bot.core.content import MESSAGE_TEXT, Block, Message
from bot.core.text import clamp, escape, isolated, one_line, spoken_date
from bot.rituals.retro.model import FEWEST, TOP, Stage
from bot.rituals.retro.views import words
from bot.rituals.retro.views.shown import LastTime, RetroShown, TopicShown
from bot.slack import blocks
from bot.slack.blocks import Paragraph, Words

_TITLE = 110
_NOTE = 160  # characters of a note in the channel; Read all has the rest
_BRIEF = 110  # of what was said
_SAID = 3  # replies of a topic in the summary
_ITEMS = 12
_WHAT = 160
_WAITING = 12
_ROOM = MESSAGE_TEXT - 4500  # for notes; what stands around them is short


def retro_message(shown: RetroShown) -> Message | None:
    """The retro's one message."""
    title = f"{clamp(one_line(shown.title), _TITLE)} · {spoken_date(shown.date)}"
    if shown.deleted:
        return _line(f"{title}: this retro was deleted")
    if shown.stage is Stage.CLOSED and not shown.topics:
        why = "too few took part to show anything" if shown.held else "nobody wrote a note"
        return _line(f"{title}: {why}, so it is closed")
    return Message(
        text=escape(f"{title}: {_summary(shown)}"),
        blocks=(
            blocks.header(title),
            blocks.context(state(shown)),
            *_body(shown),
            *_buttons(shown),
        ),
    )


def _line(said: str) -> Message:
    return Message(text=escape(said), blocks=(blocks.small(said),))


def _summary(shown: RetroShown) -> str:
    match shown.stage:
        case Stage.COLLECT:
            return "add your notes"
        case Stage.SORT:
            return f"{len(shown.topics)} topics are shown"
        case Stage.VOTE:
            return "choose what to talk about"
        case Stage.DISCUSS:
            return "say what you think in the threads"
        case Stage.CLOSED:
            return "what came of it"
        case _:
            assert_never(shown.stage)


def state(shown: RetroShown) -> str:
    """Where it is, until when, and how many are done; in mrkdwn."""
    return " · ".join(filter(None, _parts(shown)))


def _parts(shown: RetroShown) -> Iterator[str]:
    until = on_each_clock(shown.ends) if shown.ends is not None else ""
    match shown.stage:
        case Stage.COLLECT:
            yield "waiting for the facilitator" if shown.held else f"notes until {until}"
            if shown.notes is not None and shown.notes:
                yield "1 note so far" if shown.notes == 1 else f"{shown.notes} notes so far"
            yield _done(shown, "done")
            yield "anonymous" if shown.anonymous else "shown together, when time is up"
        case Stage.SORT:
            yield f"voting begins {until}"
            yield words.took_part(shown.took_part)
        case Stage.VOTE:
            yield f"votes until {until}"
            yield "1 vote each" if shown.votes == 1 else f"{shown.votes} votes each"
            yield _done(shown, "voted")
        case Stage.DISCUSS:
            yield f"discussed until {until}"
            yield _done(shown, "done")
        case Stage.CLOSED:
            yield "closed"
            yield words.took_part(shown.took_part)
        case _:
            assert_never(shown.stage)


def _done(shown: RetroShown, what: str) -> str:
    if shown.done is None:
        return ""
    return f"{shown.done} of {shown.asked} {what}"


def _body(shown: RetroShown) -> Iterator[Block]:
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
        yield blocks.rich_text(blocks.bullets([item(one) for one in last.items[:_ITEMS]]))
        if (rest := len(last.items) - _ITEMS) > 0:
            yield blocks.small(f"… and {rest} more.")
    else:
        yield blocks.section(f"*Last time* we decided nothing{rate}")


def item(one: ItemShown) -> Paragraph:
    """An action item: what, who, by when, and where it stands."""
    what = blocks.words(words.line(one.what, _WHAT))
    return blocks.paragraph(what, *actions.arrow(one))


def _waiting(names: Sequence[str]) -> str:
    shown = [words.name(one) for one in names[:_WAITING]]
    rest = len(names) - len(shown)
    more = f" and {rest} more" if rest > 0 else ""
    return f"Still waiting for {', '.join(shown)}{more}"


# --- once notes are shown


def _by_column(
    shown: RetroShown, topics: Sequence[TopicShown], room: int = _ROOM
) -> Iterator[Block]:
    left = 0
    for number, title in enumerate(shown.columns):
        mine = [one for one in topics if one.column == number]
        if not mine:
            continue
        drawn: list[Paragraph] = []
        for one in mine:
            made = blocks.paragraph(*topic(one))
            room -= blocks.size(made)
            if room < 0:
                break
            drawn.append(made)
        left += len(mine) - len(drawn)
        if drawn:
            yield blocks.section(f"*{escape(title)}*")
            yield blocks.rich_text(blocks.bullets(drawn))
    if left:
        yield blocks.small(f"… and {left} more. Read all shows every word.")


def topic(one: TopicShown, limit: int = _NOTE) -> Iterator[Words]:
    """A topic in a line: what it says, of how many notes, whose, and its votes."""
    yield blocks.words(words.line(one.text, limit))
    if one.parts:
        yield blocks.words(f" (+{len(one.parts)} alike)", italic=True)
    if one.author:
        yield blocks.words(f" — {isolated(words.name(one.author))}", italic=True)
    if one.votes is not None and not one.late:
        yield blocks.words(f" · {votes(one.votes)}")


def votes(number: int) -> str:
    """So many votes."""
    return "1 vote" if number == 1 else f"{number} votes"


def _discussed(shown: RetroShown) -> Iterator[Block]:
    yield blocks.section("*What we talk about*, each in a thread of its own below:")
    yield blocks.rich_text(_numbered([blocks.paragraph(*topic(one)) for one in shown.top]))
    late = [one for one in shown.topics if one.late]
    if late:
        yield blocks.section("*Came later*")
        yield from _by_column(shown, late, _ROOM // 3)


def _numbered(made: Sequence[Paragraph]) -> dict[str, object]:
    return {"type": "rich_text_list", "style": "ordered", "elements": list(made)}


def _decided(shown: RetroShown) -> Iterator[Block]:
    if shown.items:
        yield blocks.section(_actions(shown))
        yield blocks.rich_text(blocks.bullets([item(one) for one in shown.items[:_ITEMS]]))
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
        yield blocks.rich_text(blocks.paragraph(head, *topic(one)), *_brief(one))
    others = [one for one in shown.topics if one.rank is None]
    if others:
        ranked = sorted(others, key=lambda one: -(one.votes or 0))
        yield blocks.section("*Also said*" if shown.top else "*What was said*")
        yield from _by_column(shown, ranked, _ROOM // 2)


def _brief(one: TopicShown) -> Iterator[dict[str, object]]:
    """The beginning of what was said first; the thread has all of it."""
    lines = [
        blocks.paragraph(
            blocks.words(f"{isolated(words.name(who))}: ", bold=True),
            blocks.words(words.line(text, _BRIEF)),
        )
        for who, text in one.said[:_SAID]
    ]
    if rest := len(one.said) - len(lines):
        lines.append(blocks.paragraph(blocks.words(f"… and {rest} more", italic=True)))
    if lines:
        yield blocks.bullets(lines)


# --- what one can do


def _buttons(shown: RetroShown) -> Iterator[Block]:
    if made := list(_of_stage(shown)):
        yield blocks.actions(made)


def _of_stage(shown: RetroShown) -> Iterator[ButtonElement]:
    value, about = str(shown.retro_id), clamp(one_line(shown.title), 40)
    match shown.stage:
        case Stage.COLLECT:
            yield blocks.button(
                "Add a note", words.ADD, value, primary=True, reads=f"Add a note to {about}"
            )
        case Stage.VOTE:
            yield blocks.button("Vote", words.VOTE, value, primary=True, reads=f"Vote: {about}")
        case _:
            pass
    if shown.stage in (Stage.COLLECT, Stage.DISCUSS):
        yield blocks.button("I'm done", words.DONE, value, reads=f"I'm done: {about}")
    if shown.topics:
        reads = f"Read all of {about}"
        yield blocks.button("Read all", words.READ_ALL, f"{value} 0", reads=reads)
    if shown.stage is not Stage.CLOSED:
        yield blocks.button("Facilitate …", words.LEAD, value, reads=f"Facilitate {about}")
