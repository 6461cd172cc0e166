"""A stand-up tried by whoever sets it up: the real form, and what the channel would see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.core.content import Block
from bot.core.text import clamp
from bot.rituals.standup import issues, values
from bot.rituals.standup.issues import KEYS_ONLY, Offered
from bot.rituals.standup.model import Layout, Reveal
from bot.rituals.standup.questions import Question, QuestionKind
from bot.rituals.standup.views.answer import answer_modal
from bot.rituals.standup.views.blocked import BlockerShown
from bot.rituals.standup.views.channel import RunShown, run_message
from bot.rituals.standup.views.lines import Line
from bot.rituals.standup.views.whole import Said, Told, whole
from bot.slack import blocks

TRIED = "standup.tried"
TITLE = "Try it"
_UNSAVED = "This is what each person is asked. Nothing of it is saved or posted."
_SEEN = "This is how the channel sees it. Nothing was saved or posted."
_AT_CLOSE = "Until it closes, the channel sees only who has answered, and what blocks them."


@dataclass(frozen=True)
class Trial:
    """What is tried."""

    title: str
    channel: str
    questions: tuple[Question, ...]
    reveal: Reveal
    layout: Layout


def trial_modal(
    trial: Trial, on: date, metadata: str, offered: Offered = KEYS_ONLY
) -> dict[str, Any]:
    """The form that people will answer in, for one's own eyes."""
    at_close = trial.reveal is Reveal.AT_CLOSE
    view = answer_modal(
        0, on, trial.channel, trial.questions, {}, offered=offered, at_close=at_close
    )
    return view | {
        "title": {"type": "plain_text", "text": TITLE},
        "callback_id": TRIED,
        "private_metadata": metadata,
        "submit": {"type": "plain_text", "text": "See it"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [blocks.context(_UNSAVED), *view["blocks"]],
    }


def preview_modal(
    trial: Trial,
    name: str,
    on: date,
    until: datetime,
    said: Mapping[str, str],
    links: IssueLinks = NO_LINKS,
) -> dict[str, Any]:
    """What the channel would see of it."""
    links = links.knowing(issues.keys_of(trial.questions, said))
    hints = [_SEEN, _AT_CLOSE] if trial.reveal is Reveal.AT_CLOSE else [_SEEN]
    made = [blocks.context("\n".join(hints)), *_message(trial, name, on, until, said, links)]
    return blocks.modal(TITLE, made, close="Back")


def _message(
    trial: Trial,
    name: str,
    on: date,
    until: datetime,
    said: Mapping[str, str],
    links: IssueLinks,
) -> Iterator[Block]:
    run = RunShown(
        run_id=0,
        title=trial.title,
        date=on,
        closed=False,
        closes_at=until,
        lines=(Line(name, tuple(_lines(trial, said))),),
        blockers=tuple(_blockers(trial, name, on, said)),
        replies=trial.layout is Layout.REPLIES,
        links=links,
    )
    message = run_message(run)
    for block in message.blocks if message else ():
        if block["type"] != "actions":  # there is nothing to read behind its button
            yield block
    if run.replies:
        yield {"type": "divider"}
        yield from whole(Said(name, late=False, told=tuple(_told(trial, said))), links)


def _lines(trial: Trial, said: Mapping[str, str]) -> Iterator[tuple[Question, str]]:
    for one in trial.questions:
        if one.kind is not QuestionKind.BLOCKERS and said.get(one.key):
            yield one, said[one.key]


def _told(trial: Trial, said: Mapping[str, str]) -> Iterator[Told]:
    for one in trial.questions:
        if said.get(one.key):
            yield Told(one.short, values.in_full(one, said[one.key]))


def _blockers(trial: Trial, name: str, on: date, said: Mapping[str, str]) -> Iterator[BlockerShown]:
    for one in trial.questions:
        if one.kind is QuestionKind.BLOCKERS:
            for text in values.blockers(said.get(one.key, "")):
                yield BlockerShown(name, text, on)


def refusal_modal(why: str) -> dict[str, Any]:
    """Why it can't be tried yet."""
    return blocks.modal(TITLE, [blocks.small(clamp(why, 1000))], close="Back")
