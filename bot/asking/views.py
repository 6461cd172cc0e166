"""How the card and App Home look: frozen values in, Block Kit out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import ButtonElement

from bot.core.content import HOME_BLOCKS, Block, Home, Message
from bot.core.states import Outcome, PromptState
from bot.core.text import clamp, escape, escape_clamped, one_line, spoken_date
from bot.slack import blocks

POST_AGAIN = "asking.post_again"
NOT_DELIVERED = "the message could not be delivered"
AWAY, PREFERENCES = "asking.away", "asking.preferences"
TEAM, WORKSPACE = "teams.team", "teams.workspace"  # buttons that open what bot.teams keeps
_NAMES = 300
_TITLE = 100
_DETAIL = 200
# A message holds 50 blocks and 12,000 characters: so many of such lengths stay within both.
_ITEMS = 30
_TROUBLES = 10
_AWAY = 5
_REPEATABLE = frozenset({Outcome.GONE, Outcome.UNKNOWN, Outcome.BLOCKED, Outcome.PARKED})
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
class Next:
    """When somebody is asked next, on their own clock."""

    title: str
    channel: str
    due: datetime


@dataclass(frozen=True)
class CardShown:
    """A person's card of one day."""

    name: str
    number: int
    continued: bool  # a later card of the day stands below
    standing: bool  # it is a message already
    items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class HomeShown:
    """A person's App Home."""

    waiting: tuple[Item, ...]
    answered: tuple[Item, ...]
    next: tuple[Next, ...]
    troubles: tuple[Trouble, ...]
    command: str
    away: tuple[str, ...] = ()  # days, in words
    country: str = ""  # whose public holidays they have; its name
    admin: bool = False  # of the workspace


Answers = Mapping[str, str]
"""The action that opens a prompt, by kind of ritual."""


def card(shown: CardShown, answers: Answers) -> Message | None:
    """The card; None where nothing waits and nothing is to be told."""
    if not shown.items and not shown.troubles:
        return _one_line("Nothing waits for you any more.") if shown.standing else None
    if shown.continued:
        return _one_line("Continued below, in today's second message.")
    made = [*_items(shown.items, answers), *_troubles(shown.troubles)]
    return Message(text=_summary(shown), blocks=tuple(made))


def _one_line(text: str) -> Message:
    return Message(text=text, blocks=(blocks.context(text),))


def _summary(shown: CardShown) -> str:
    owed = [item for item in shown.items if _owes(item)]
    if not owed:
        return "Nothing waits for you." if not shown.troubles else escape(_words(shown.troubles[0]))
    still = "still " if shown.number > 1 else ""
    title = clamp(owed[0].title, _TITLE)
    return escape(f"{title} is {still}waiting for you. {_standing(owed[0])}.")


def _owes(item: Item) -> bool:
    return item.open and item.state in _WAITING


def _items(items: Sequence[Item], answers: Answers) -> Iterator[Block]:
    for item in items[:_ITEMS]:
        yield blocks.section(_line(item), _button(item, answers))
    rest = len(items) - _ITEMS
    if rest > 0:
        yield blocks.small(f"… and {rest} more.")


def _line(item: Item) -> str:
    title = escape_clamped(one_line(item.title), _TITLE)
    head = f"*{title}* · <#{item.channel}> · {spoken_date(item.date)}"
    return f"{head}\n{escape(_standing(item))}"


def _standing(item: Item) -> str:
    match item.state:
        case PromptState.ANSWERED:
            return "Answered ✓" if item.open else "Answered ✓ · closed"
        case PromptState.WAITING:
            return f"You are asked at {item.due:%H:%M}"
        case PromptState.SKIPPED:
            return item.excuse
        case _ if item.open and item.late:
            return f"Late; still open until {_moment(item.late_until, item.date)}"
        case _ if item.open:
            return f"Open until {_moment(item.closes, item.date)}"
        case _:
            return "Closed without your answer"


def _moment(at: datetime, on: date) -> str:
    """A time on the person's own clock, with its day where that is another one."""
    return f"{at:%H:%M}" if at.date() == on else f"{at:%a %H:%M}"


def _button(item: Item, answers: Answers) -> ButtonElement | None:
    action = answers.get(item.kind)
    if action is None or not item.open:
        return None
    value, about = str(item.prompt_id), f"{item.title} of {spoken_date(item.date)}"
    if item.state is PromptState.ANSWERED:
        return blocks.button("Edit", action, value, reads=f"Edit {about}")
    if item.state is PromptState.SKIPPED:
        return blocks.button("Answer anyway", action, value, reads=f"Answer {about} anyway")
    return blocks.button("Answer", action, value, primary=True, reads=f"Answer {about}")


def _troubles(troubles: Sequence[Trouble]) -> Iterator[Block]:
    yield from map(_trouble, troubles[:_TROUBLES])
    rest = len(troubles) - _TROUBLES
    if rest > 0:
        yield blocks.small(f"… and {rest} more in the last days.")


def _trouble(trouble: Trouble) -> Block:
    again = trouble.outcome in _REPEATABLE and trouble.mirror_id is not None
    button = blocks.button("Post again", POST_AGAIN, str(trouble.mirror_id)) if again else None
    return blocks.section(f":warning: {escape(_words(trouble))}", button)


def _words(trouble: Trouble) -> str:
    """What happened and what to do, in the owner's language."""
    about = f"{clamp(trouble.title, _TITLE)} of {spoken_date(trouble.date)}"
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


def home(shown: HomeShown, answers: Answers) -> Home:
    """App Home: what waits and what is next."""
    made: list[Block] = [blocks.header("Waiting for you")]
    made += (
        _items(shown.waiting, answers) if shown.waiting else [blocks.section("Nothing. :sparkles:")]
    )
    if shown.answered:
        made += [blocks.header("Answered"), *_items(shown.answered, answers)]
    if shown.troubles:
        made += [blocks.header("Needs you as the owner"), *_troubles(shown.troubles)]
    coming = [blocks.header("Next"), *_next(shown), *_not_asked(shown)]
    return Home(blocks=(*made[: HOME_BLOCKS - len(coming)], *coming))


def _not_asked(shown: HomeShown) -> Iterator[Block]:
    days = shown.away[:_AWAY] if len(shown.away) <= _AWAY else (*shown.away[:_AWAY], "…")
    lines = [f"You are away: {', '.join(days)}."] if days else []
    if shown.country:
        lines.append(f"You are not asked on public holidays of {escape(shown.country)}.")
    if lines:
        yield blocks.context("\n".join(lines))
    buttons = [
        blocks.button("I am away …", AWAY, "home"),
        blocks.button("My preferences", PREFERENCES, "home"),
    ]
    if shown.admin:
        buttons.append(blocks.button("Workspace settings", WORKSPACE, "home"))
    yield blocks.actions(buttons)


def _next(shown: HomeShown) -> Iterator[Block]:
    for item in shown.next[:_ITEMS]:
        about = f"*{escape(item.title)}* · <#{item.channel}>"
        yield blocks.section(f"{about}\n{spoken_date(item.due)}, {item.due:%H:%M}")
    if not shown.next and not shown.waiting and not shown.answered:
        yield blocks.section(
            f"Type `{shown.command} setup` in a channel to start a stand-up there."
        )
    elif not shown.next:
        yield blocks.section("Nothing is planned yet.")
