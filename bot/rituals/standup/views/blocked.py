"""What holds people up, above all answers: it is what somebody else can act on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from slack_sdk.models.blocks import ButtonElement, Option, StaticSelectElement

from bot.actions.model import ItemShown
from bot.actions.views import words as actions
from bot.asking.issue_links import NO_LINKS, IssueLinks, linked
from bot.core.content import PLAIN_INPUT, Block
from bot.core.states import ItemState
from bot.core.text import clamp, isolated
from bot.rituals.standup.views.names import glance, shown_name
from bot.slack import blocks
from bot.slack.blocks import Paragraph

_CHARACTERS = 3500  # of all of them
_MOST = 50
_A_WEEK = timedelta(days=7)
_ACTED_ON = 20  # in one menu; Read all has a button for each
_OPTION = 60
_ABOUT = 40


@dataclass(frozen=True)
class BlockerShown:
    """A blocker on the date of a run."""

    owner: str
    text: str
    raised_on: date
    unblocker: str | None = None
    resolved: bool = False
    id: int = 0  # 0: nothing can be made of it
    item: ItemShown | None = None  # that was made of it


@dataclass(frozen=True)
class _Room:
    """Characters that the parts of a blocker may take."""

    name: int
    text: int


_ROOMS = (_Room(40, 240), _Room(32, 120), _Room(24, 60), _Room(16, 24))
_ALL = _Room(80, PLAIN_INPUT)


def blocked(
    blockers: Sequence[BlockerShown], on: date, links: IssueLinks = NO_LINKS
) -> Iterator[Block]:
    """The blockers with their age on a date, owner, and who can help."""
    if not blockers:
        return
    shown = _as_many_as_fit(blockers[:_MOST], on, links)
    yield _heading(blockers)
    yield blocks.rich_text(blocks.bullets(shown))
    if rest := len(blockers) - len(shown):
        yield blocks.small(f"… and {rest} more {'blocker' if rest == 1 else 'blockers'}.")


def unabridged(
    blockers: Sequence[BlockerShown], on: date, run_id: int, links: IssueLinks = NO_LINKS
) -> Iterator[Block]:
    """The same with every word, a block each, and beside each that is open what can be done."""
    if blockers:
        yield _heading(blockers)
    for one in blockers:
        yield blocks.rich_text(blocks.bullets([_drawn(one, one.text, on, _ALL, links)]))
        if one.id and not one.resolved:
            yield blocks.actions([_act(one, run_id)])


def _act(blocker: BlockerShown, run_id: int) -> ButtonElement:
    there = blocker.item is not None and blocker.item.live
    about = f"{shown_name(blocker.owner, _ABOUT)}: {clamp(glance(blocker.text), _ABOUT)}"
    return blocks.button(
        "Its action item …" if there else actions.MAKE,
        actions.FROM_BLOCKER,
        f"{blocker.id} {run_id}",
        reads=f"Action item for {about}",
    )


def act_on(blockers: Sequence[BlockerShown], run_id: int) -> Iterator[StaticSelectElement]:
    """A menu of those that are open: an action item is made of the one that is chosen."""
    options = [
        Option(value=f"{one.id} {run_id}", label=_option(one))
        for one in blockers
        if one.id and not one.resolved
    ]
    if options:
        yield StaticSelectElement(
            action_id=actions.ACT_ON,
            placeholder="Act on a blocker …",
            options=options[:_ACTED_ON],
        )


def _option(blocker: BlockerShown) -> str:
    there = "→ " if blocker.item is not None and blocker.item.live else ""
    return clamp(f"{there}{shown_name(blocker.owner)}: {glance(blocker.text)}", _OPTION)


def _heading(blockers: Sequence[BlockerShown]) -> Block:
    over = all(one.resolved for one in blockers)
    return blocks.section("*Was blocked*" if over else ":construction: *Blocked*")


def _as_many_as_fit(
    blockers: Sequence[BlockerShown], on: date, links: IssueLinks
) -> list[Paragraph]:
    texts = [glance(one.text) for one in blockers]
    for room in _ROOMS:
        drawn = [_drawn(*each, on, room, links) for each in zip(blockers, texts, strict=True)]
        if blocks.size(drawn) <= _CHARACTERS:
            break
    while blocks.size(drawn) > _CHARACTERS:
        drawn.pop()
    return drawn


def _drawn(blocker: BlockerShown, text: str, on: date, room: _Room, links: IssueLinks) -> Paragraph:
    parts = [blocks.words("✓ ")] if blocker.resolved else []
    parts.append(blocks.words(shown_name(blocker.owner, room.name), bold=True))
    if (since := _since(blocker.raised_on, on)) and not blocker.resolved:
        parts.append(blocks.words(f" ({since})", italic=True))
    parts += linked(f": {isolated(clamp(text, room.text))}", links)
    if blocker.item is not None:
        parts += actions.arrow(blocker.item, room.name)
    if blocker.resolved:
        parts.append(blocks.words(" — resolved", italic=True))
    elif blocker.unblocker is not None and not _is_acted_on(blocker):
        parts.append(blocks.words(" — can unblock: "))
        parts.append(blocks.words(shown_name(blocker.unblocker, room.name), bold=True))
    return blocks.paragraph(*parts)


def _is_acted_on(blocker: BlockerShown) -> bool:
    """Whether somebody does something about it, or did: then who could help is told already."""
    return blocker.item is not None and blocker.item.state is not ItemState.DROPPED


def _since(raised: date, on: date) -> str:
    """How long it has been: since Tue, 3 days. Nothing where it is new."""
    age = on - raised
    if not age:
        return ""
    day = f"{raised:%a}" if age < _A_WEEK else f"{raised.day} {raised:%B}"
    return f"since {day}, {age.days} {'day' if age.days == 1 else 'days'}"
