"""How the card looks: frozen values in, Block Kit out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.asking import items
from bot.asking.issue_links import NO_LINKS, IssueLinks, linked
from bot.asking.items import Answers, Item
from bot.core.content import MESSAGE_BLOCKS, MESSAGE_TEXT, Beside, Block, Message
from bot.core.states import Outcome
from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.slack import blocks

POST_AGAIN = "asking.post_again"
NOT_DELIVERED = "the message could not be delivered"
AWAY, PREFERENCES = "asking.away", "asking.preferences"
TEAM, WORKSPACE = "teams.team", "teams.workspace"  # buttons that open what bot.teams keeps
_NAMES = 300
_DETAIL = 200
_TROUBLES = 10
_LINES = 3  # of news
_LINE = 150
_REST = 20  # characters of how many more there are
_REPEATABLE = frozenset({Outcome.GONE, Outcome.UNKNOWN, Outcome.BLOCKED, Outcome.PARKED})


@dataclass(frozen=True)
class Trouble:
    """Something that a ritual's owner should know or can mend."""

    mirror_id: int | None
    title: str
    channel: str
    date: date
    outcome: Outcome | None  # None: people could not be asked in time
    detail: str
    missed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakenOver:
    """A ritual that somebody looks after since its owner left."""

    title: str
    channel: str
    left: str  # the name of who left


@dataclass(frozen=True)
class Mine:
    """A ritual that somebody is on, or looks after, as they see it."""

    ritual_id: int
    kind: str
    title: str
    channel: str
    channel_name: str
    recurs: str  # its cadence in words
    paused: bool
    may_change: bool


@dataclass(frozen=True)
class CardShown:
    """A person's card of one day."""

    name: str
    number: int
    continued: bool  # a later card of the day stands below
    standing: bool  # it is a message already
    items: tuple[Item, ...] = ()
    troubles: tuple[Trouble | TakenOver, ...] = ()
    news: tuple[str, ...] = ()  # since their last answer, in plain text
    links: IssueLinks = NO_LINKS  # of what stands in the news
    beside: tuple[Beside, ...] = ()  # what other slices put there
    country: str = ""  # the name of the one their zone says, on the first card
    by_message: bool = False  # what they write below is their answer: said on the first card


def card(shown: CardShown, answers: Answers) -> Message | None:
    """The card; None where it would notify of nothing that waits or is to be told."""
    if shown.continued:
        return _one_line("Continued below, in a later message.")
    if not shown.standing and not _is_worth_a_message(shown):
        return None
    if not shown.items and not shown.troubles and not shown.beside:
        return _one_line("Nothing waits here any more.")
    top = [*items.drawn(shown.items, answers), *_by_message(shown)]
    end = [*_news(shown), *troubles(shown.troubles), *_country(shown.country)]
    room = MESSAGE_BLOCKS - len(top) - len(end)
    characters = MESSAGE_TEXT - blocks.size([*top, *end])
    made = [*top, *beside(shown.beside, room, characters), *end]
    return Message(text=_summary(shown), blocks=tuple(made))


def _is_worth_a_message(shown: CardShown) -> bool:
    owed = any(map(items.owes, shown.items))
    return owed or bool(shown.troubles) or any(one.summary for one in shown.beside)


def beside(found: Sequence[Beside], room: int, characters: int) -> Iterator[Block]:
    """What other slices offer, in so many blocks and characters; what doesn't fit is counted."""
    for number, one in enumerate(found):
        mine = room // (len(found) - number)
        drawn = _fitting(one, mine, characters) if mine > 1 else []
        room -= len(drawn)
        characters -= blocks.size(drawn)
        yield from drawn


def _fitting(one: Beside, room: int, characters: int) -> list[Block]:
    characters -= blocks.size(one.head) + _REST
    if characters < 0:
        return []
    made = [one.head]
    for line in one.lines[: room - 2 if one.more or len(one.lines) > room - 1 else room - 1]:
        characters -= blocks.size(line)
        if characters < 0:
            break
        made.append(line)
    if rest := one.more + len(one.lines) - (len(made) - 1):
        made.append(blocks.small(f"… and {rest} more."))
    return made


def _one_line(text: str) -> Message:
    return Message(text=text, blocks=(blocks.context(text),))


def _summary(shown: CardShown) -> str:
    owed = sorted(filter(items.owes, shown.items), key=lambda item: item.back is not None)
    if not owed:
        others = [escape(one.summary) for one in shown.beside if one.summary]
        told = [*map(_told, shown.troubles[:1]), *others]
        return told[0] if told else "Nothing waits for you."
    still = "still " if shown.number > 1 else ""
    title = clamp(owed[0].named, items.TITLE)
    return escape(f"{title} is {still}waiting for you. {items.standing(owed[0])}.")


def _news(shown: CardShown) -> Iterator[Block]:
    """What others said meanwhile: for those who are about to say something themselves."""
    if shown.news and any(map(items.owes, shown.items)):
        lines = [f"• {clamp(one_line(line), _LINE)}" for line in shown.news[:_LINES]]
        said = "\n".join(["Since you left", *lines])
        yield blocks.divider()
        # Small text holds no links; what people wrote must not become markup either.
        runs = linked(said, shown.links)
        if any(one["type"] == "link" for one in runs):
            yield blocks.rich_text(blocks.paragraph(*runs))
        else:
            yield blocks.small(said)


def _by_message(shown: CardShown) -> Iterator[Block]:
    if shown.by_message:
        yield blocks.small("Or write your answer to me here, one question at a time.")


def _told(trouble: Trouble | TakenOver) -> str:
    return _taken_over(trouble) if isinstance(trouble, TakenOver) else escape(_words(trouble))


def _country(name: str) -> Iterator[Block]:
    if name:
        told = f"You are not asked on public holidays of {escape(name)}."
        change = blocks.button("Change", PREFERENCES, "card", reads="Change my country")
        yield blocks.section(told, change)


def troubles(found: Sequence[Trouble | TakenOver]) -> Iterator[Block]:
    """What an owner should know, a line each."""
    yield from map(_trouble, found[:_TROUBLES])
    rest = len(found) - _TROUBLES
    if rest > 0:
        yield blocks.small(f"… and {rest} more in the last days.")


def _trouble(trouble: Trouble | TakenOver) -> Block:
    if isinstance(trouble, TakenOver):
        return blocks.section(f":key: {_taken_over(trouble)}")
    again = trouble.outcome in _REPEATABLE and trouble.mirror_id is not None
    button = blocks.button("Post again", POST_AGAIN, str(trouble.mirror_id)) if again else None
    return blocks.section(f":warning: {escape(_words(trouble))}", button)


def _taken_over(one: TakenOver) -> str:
    title = escape_clamped(one_line(one.title), items.TITLE)
    left = escape_clamped(one_line(one.left), items.TITLE)
    return f"You look after *{title}* in <#{one.channel}> now: {left} left."


def _words(trouble: Trouble) -> str:
    """What happened and what to do, in the owner's language."""
    about = f"{clamp(trouble.title, items.TITLE)} of {spoken_date(trouble.date)}"
    match trouble.outcome:
        case None:
            names = clamp(", ".join(trouble.missed), _NAMES)
            if trouble.detail == NOT_DELIVERED:
                return f"{about}: Slack took no message to {names}. They can still answer."
            return f"{about}: Meridian was not running in time to ask {names}."
        case Outcome.GONE:
            return f"{about}: somebody deleted its message. The answers are kept."
        case Outcome.UNKNOWN:
            return f"{about}: its message may not have been posted. Look, and post it again if not."
        case Outcome.BLOCKED:
            return f"{about} can't be shown: {_blocked(trouble.detail)} The answers are kept."
        case Outcome.PARKED | Outcome.MISSED:
            said = clamp(trouble.detail, _DETAIL)
            return f"{about}: its message can't be shown ({said}). The log says more."


def _blocked(detail: str) -> str:
    if "is_archived" in detail:
        return "the channel is archived. Unarchive it, and it appears."
    if "restricted_action" in detail:
        return "the channel lets only some people post. Allow Meridian to, then post again."
    return "Meridian is not in the channel. Invite it there (/invite), and it appears."
