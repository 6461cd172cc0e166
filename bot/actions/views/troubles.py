"""What people are told of tickets that stopped, and what they can do: values in, blocks out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from slack_sdk.models.blocks import ButtonElement

from bot.asking.issue_links import NO_LINKS, IssueLinks, linked_mrkdwn
from bot.core.content import Beside, Block
from bot.core.text import clamp, isolated, one_line, spoken_date
from bot.slack import blocks
from bot.teams.views import JIRA_PROJECT

FILL_IN, AGAIN, WITHOUT = "actions.fill_in", "actions.create_again", "actions.go_on_without"
TRY_AGAIN, TRY_LANE = "actions.try_again", "actions.try_lane"
KEEP = "actions.keep_issue"
NOT_LET_IN = (
    "Jira refuses Meridian's token. Whoever runs Meridian should set a new MERIDIAN_JIRA_TOKEN "
    "and start it again."
)
_WHAT = 80
_SAID = 300
_KEPT = 4  # buttons to choose one of several issues
_ENDS = (".", "!", "?", "…", "。")
_TOLD = 5  # troubles at once, of two blocks each


@dataclass(frozen=True)
class Wanting:
    """Jira creates none before more is said."""

    mirror_id: int
    what: str
    said: str


@dataclass(frozen=True)
class Refused:
    """Jira refuses an item's ticket, or a change of it."""

    mirror_id: int
    what: str
    key: str  # "" while there is none
    said: str


@dataclass(frozen=True)
class Lost:
    """Somebody deleted it in Jira."""

    mirror_id: int
    what: str
    key: str


@dataclass(frozen=True)
class Several:
    """Jira has more than one of an item, by (id, key)."""

    mirror_id: int
    what: str
    issues: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Unsure:
    """There may be one, and nobody can look."""

    mirror_id: int
    what: str
    said: str


@dataclass(frozen=True)
class Shut:
    """Jira takes no tickets of a whole team."""

    team_id: int
    channel: str
    project: str  # its name and key
    said: str
    waiting: int


@dataclass(frozen=True)
class TokenDied:
    """Jira refuses the token."""

    waiting: int


@dataclass(frozen=True)
class TokenExpires:
    """It will, soon."""

    on: date
    days: int


Trouble = Wanting | Refused | Lost | Several | Unsure | Shut | TokenDied | TokenExpires


def beside(found: Sequence[Trouble], *above: Block, links: IssueLinks = NO_LINKS) -> Beside | None:
    """The troubles for a card or a Home, below what is said anyway; None where that is nothing."""
    if not found and not above:
        return None
    lines = [block for one in found[:_TOLD] for block in drawn(one, links)]
    return Beside(
        head=blocks.header("Jira"),
        lines=(*above, *lines),
        more=len(found[_TOLD:]),
        summary=plain(found[0]) if found else "",
    )


def drawn(trouble: Trouble, links: IssueLinks = NO_LINKS) -> Iterator[Block]:
    """One trouble, and what one can do."""
    said = linked_mrkdwn(plain(trouble), links.knowing(_keys(trouble)))
    yield blocks.section(f":warning: {said}")
    if offered := list(_buttons(trouble)):
        yield blocks.actions(offered)


def _keys(trouble: Trouble) -> Sequence[str]:
    """Of the tickets that it is about."""
    match trouble:
        case Refused() | Lost():
            return (trouble.key,)
        case Several():
            return [key for _id, key in trouble.issues]
        case _:
            return ()


def plain(trouble: Trouble) -> str:
    """What is the matter, in plain text; what there is nothing to say of leaves no gap."""
    return _told(trouble).replace("  ", " ").rstrip()


def _told(trouble: Trouble) -> str:
    match trouble:
        case Wanting():
            return (
                f"{_what(trouble.what)} has no ticket yet: Jira asks for more. "
                f"{_said(trouble.said)}"
            )
        case Refused(key=""):
            return f"{_what(trouble.what)} has no ticket: Jira refused it. {_said(trouble.said)}"
        case Refused():
            return (
                f"Jira refused a change of {trouble.key}, {_what(trouble.what)}. "
                f"{_said(trouble.said)}"
            )
        case Lost():
            return (
                f"{trouble.key}, the ticket of {_what(trouble.what)}, is gone from Jira: "
                "deleted, or moved out of Meridian's sight."
            )
        case Several():
            keys = _listed([key for _id, key in trouble.issues])
            return (
                f"Jira has {len(trouble.issues)} tickets of {_what(trouble.what)}: {keys}. "
                "Choose which one stays; please delete the rest there."
            )
        case Unsure():
            return (
                f"{_what(trouble.what)} may have a ticket already, but Jira doesn't let Meridian "
                f"look. {_said(trouble.said)}"
            )
        case Shut():
            return (
                f"Jira takes nothing from Meridian in {_what(trouble.project)}. "
                f"{_said(trouble.said)} {_waiting(trouble.waiting)}"
            )
        case TokenDied():
            return f"{NOT_LET_IN} {_waiting(trouble.waiting)}"
        case TokenExpires():
            return (
                f"Meridian's Jira token expires {_in(trouble.days)}, on {spoken_date(trouble.on)}. "
                "Whoever runs Meridian should make a new one and set MERIDIAN_JIRA_TOKEN."
            )
        case _:
            assert_never(trouble)


def _buttons(trouble: Trouble) -> Iterator[ButtonElement]:
    match trouble:
        case Wanting():
            yield _button("Fill it in", FILL_IN, trouble, primary=True)
            yield _button("Go on without", WITHOUT, trouble)
        case Refused():
            yield _button("Try again", TRY_AGAIN, trouble)
            yield _button("Go on without", WITHOUT, trouble)
        case Lost():
            yield _button("Create it again", AGAIN, trouble)
            yield _button("Go on without", WITHOUT, trouble)
        case Several():
            for issue_id, key in trouble.issues[:_KEPT]:
                value = f"{trouble.mirror_id} {issue_id}"
                yield blocks.button(f"Keep {key}", f"{KEEP}.{issue_id}", value)
        case Unsure():
            yield _button("Create it", AGAIN, trouble)
            yield _button("Go on without", WITHOUT, trouble)
        case Shut():
            yield blocks.button("Try again", TRY_LANE, str(trouble.team_id))
            yield blocks.button("Jira project …", JIRA_PROJECT, trouble.channel)
        case TokenDied() | TokenExpires():
            pass
        case _:
            assert_never(trouble)


def _button(
    label: str,
    action: str,
    trouble: Wanting | Refused | Lost | Unsure,
    *,
    primary: bool = False,
) -> ButtonElement:
    reads = f"{label}: {one_line(trouble.what)}"
    return blocks.button(label, action, str(trouble.mirror_id), primary=primary, reads=reads)


def _what(text: str) -> str:
    return f"“{isolated(clamp(one_line(text), _WHAT))}”"


def _said(words: str) -> str:
    """Jira's words, which need not end as a sentence does."""
    said = clamp(one_line(words), _SAID)
    end = "" if said.endswith(_ENDS) else "."
    return f"It says: {said}{end}" if said else ""


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _waiting(count: int) -> str:
    if not count:
        return ""
    return "1 ticket waits." if count == 1 else f"{count} tickets wait."


def _in(days: int) -> str:
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days} days"
