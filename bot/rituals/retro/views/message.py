"""A retro as its channel sees it: one message, from the first note to the summary."""

from collections.abc import Iterator
from typing import assert_never

from slack_sdk.models.blocks import ButtonElement

from bot.asking.upkeep.words import on_each_clock
from bot.core.content import Block, Message
from bot.core.text import clamp, escape, one_line, spoken_date
from bot.rituals.retro.model import Stage
from bot.rituals.retro.views import words
from bot.rituals.retro.views.body import body
from bot.rituals.retro.views.shown import RetroShown
from bot.slack import blocks

_TITLE = 110


def retro_message(shown: RetroShown) -> Message | None:
    """The retro's one message."""
    title = f"{clamp(one_line(shown.title), _TITLE)} · {spoken_date(shown.date)}"
    if shown.stage is Stage.CLOSED and not shown.topics:
        return _line(f"{title}: {_nothing_shown(shown)}")
    return Message(
        text=escape(f"{title}: {_summary(shown)}"),
        blocks=(
            blocks.header(title),
            blocks.context(state(shown)),
            *body(shown),
            *_buttons(shown),
        ),
    )


def _nothing_shown(shown: RetroShown) -> str:
    if shown.deleted:
        return "this retro was deleted"
    why = "too few took part to show anything" if shown.held else "nobody wrote a note"
    return f"{why}, so it is closed"


def _line(said: str) -> Message:
    return Message(text=escape(said), blocks=(blocks.small(said),))


def _summary(shown: RetroShown) -> str:
    match shown.stage:
        case Stage.COLLECT:
            return "add your notes"
        case Stage.SORT:
            return f"{words.topics(len(shown.topics))} to look at"
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
            yield "deleted before its end" if shown.deleted else "closed"
            yield words.took_part(shown.took_part)
        case _:
            assert_never(shown.stage)


def _done(shown: RetroShown, what: str) -> str:
    if shown.done is None:
        return ""
    return f"{shown.done} of {shown.asked} {what}"


# --- what one can do


def _buttons(shown: RetroShown) -> Iterator[Block]:
    """Above them, what is not there to be read."""
    if shown.late_dropped:
        yield blocks.small(words.late_dropped(talking=shown.stage is Stage.DISCUSS))
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
