"""How App Home looks: frozen values in, Block Kit out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ButtonElement, InteractiveElement

from bot.asking import items, views
from bot.asking.items import Answers, Item
from bot.asking.views import AWAY, PREFERENCES, TEAM, WORKSPACE, Mine, TakenOver, Trouble
from bot.core.content import HOME_BLOCKS, Beside, Block, Home, Message
from bot.core.states import PromptState
from bot.core.text import escape, escape_clamped, one_line, spoken_date
from bot.engine.ritual import OnHome
from bot.slack import blocks, inputs

WHY, WHY_OF, HELP = "asking.why", "asking.why.of", "asking.help"
_NEXT = 15
_MINE = 12
_AWAY = 5
_BESIDE = 12  # blocks that another slice may take
_TOP = 30  # that all of them leave to what waits, whatever they have
_CHARACTERS = 20_000  # that all of them may: Slack takes 250 kB in a view
_NO_BUTTONS: Mapping[str, str] = {}
OnHomes = Mapping[str, OnHome]
"""What each kind of ritual offers on Home."""


@dataclass(frozen=True)
class Next:
    """When somebody is asked next, on their own clock."""

    title: str
    channel: str
    due: datetime


@dataclass(frozen=True)
class HomeShown:
    """A person's App Home."""

    waiting: tuple[Item, ...] = ()
    answered: tuple[Item, ...] = ()
    next: tuple[Next, ...] = ()
    troubles: tuple[Trouble | TakenOver, ...] = ()
    beside: tuple[Beside, ...] = ()  # what other slices put there
    mine: tuple[Mine, ...] = ()
    away: tuple[str, ...] = ()  # days, in words
    country: str = ""  # whose public holidays they have; its name
    admin: bool = False  # of the workspace
    guest: bool = False  # of another organisation


def home(
    shown: HomeShown,
    answers: Answers,
    on_homes: OnHomes,
    others: Mapping[str, str] = _NO_BUTTONS,
) -> Home:
    """What waits, what is next, and what one is on; the buttons always find their place.

    `others` are the buttons that other slices put there.
    """
    end = [
        *(blocks.header("Next"), *_next(shown)),
        *_mine(shown, on_homes),
        *_buttons(shown, on_homes, others),
        *_not_asked(shown),
    ]
    room = HOME_BLOCKS - len(end)
    most = min(_BESIDE * len(shown.beside), room - _TOP)
    beside = list(views.beside(shown.beside, most, _CHARACTERS))
    top = _fitting(list(_waiting(shown, answers)), room - len(beside))
    return Home(blocks=(*top, *beside, *end))


@dataclass(frozen=True)
class _Part:
    """Blocks that stand together, and how many things they tell of: none for a heading."""

    blocks: Sequence[Block]
    things: int = 0


def _waiting(shown: HomeShown, answers: Answers) -> Iterator[_Part]:
    yield _Part([blocks.header("Waiting for you")])
    if shown.waiting:
        yield from _counted(items.each(shown.waiting, answers), len(shown.waiting))
    else:
        yield _Part([blocks.section("Nothing to answer. :sparkles:")])
    if shown.answered:
        yield _Part([blocks.header(_settled(shown))])
        yield from _counted(items.each(shown.answered, answers), len(shown.answered))
    if shown.troubles:
        yield _Part([blocks.header("Needs you as the owner")])
        yield from _counted(([one] for one in views.troubles(shown.troubles)), len(shown.troubles))


def _counted(drawn: Iterable[Sequence[Block]], things: int) -> Iterator[_Part]:
    """One thing each; the last stands for all that are left."""
    made = list(drawn)
    yield from (_Part(one, 1) for one in made[:-1])
    yield from (_Part(one, things - len(made) + 1) for one in made[-1:])


def _fitting(parts: Sequence[_Part], room: int) -> list[Block]:
    """As many as there is room for; what is left out is counted where it would stand."""
    if sum(len(one.blocks) for one in parts) <= room:
        return [block for one in parts for block in one.blocks]
    made: list[_Part] = []
    for one in parts:
        room -= len(one.blocks)
        if room < 1:
            break
        made.append(one)
    left = sum(one.things for one in parts[len(made) :])
    while made and not made[-1].things:
        made.pop()  # a heading of nothing
    return [
        *(block for one in made for block in one.blocks),
        blocks.small(
            f"… and {left} more, for which there is no room here. What waits for you is on your "
            "card, under Messages, too."
        ),
    ]


def _settled(shown: HomeShown) -> str:
    skipped = any(item.state is PromptState.SKIPPED for item in shown.answered)
    return "Answered or skipped" if skipped else "Answered"


def _next(shown: HomeShown) -> Iterator[Block]:
    coming = sorted(shown.next, key=lambda one: one.due)
    lines = [
        f"*{spoken_date(one.due)}, {one.due:%H:%M}* · {_about(one.title, one.channel)}"
        for one in coming[:_NEXT]
    ]
    if lines:
        yield blocks.section("\n".join(lines))
    if (rest := len(coming) - _NEXT) > 0:
        yield blocks.small(f"… and {rest} more.")
    if not lines:
        yield blocks.section("Nothing is planned yet.")


def _about(title: str, channel: str) -> str:
    return f"{escape_clamped(one_line(title), items.TITLE)} · <#{channel}>"


def _mine(shown: HomeShown, on_homes: OnHomes) -> Iterator[Block]:
    for kind, offered in on_homes.items():
        theirs = [one for one in shown.mine if one.kind == kind]
        if theirs:
            yield blocks.header(offered.heading)
            for one in theirs[:_MINE]:
                yield _one_of_mine(one, offered)
        if (rest := len(theirs) - _MINE) > 0:
            yield blocks.section(f"… and {rest} more.", _all(offered))


def _one_of_mine(one: Mine, offered: OnHome) -> Block:
    paused = ":double_vertical_bar: Paused · " if one.paused else ""
    head = f"*{escape_clamped(one_line(one.title), items.TITLE)}* · <#{one.channel}>"
    value, label = str(one.ritual_id), "Settings" if one.may_change else "Look at its settings"
    menu = blocks.menu(
        [
            blocks.button("Status", offered.status, value),
            blocks.button(label, offered.settings, value),
            blocks.button("Team", TEAM, one.channel),
        ]
    )
    return blocks.section(f"{head}\n{paused}{escape(one.recurs)}", menu)


def _all(offered: OnHome) -> ButtonElement:
    return blocks.button("Show all", offered.all, "home", reads=f"Show all: {offered.heading}")


def _buttons(shown: HomeShown, on_homes: OnHomes, others: Mapping[str, str]) -> Iterator[Block]:
    """One row of what one can do, the rarer in a menu.

    Set-up stands out for those who are on nothing yet.
    """
    made: list[InteractiveElement] = []
    if not shown.guest:
        first = not shown.mine
        made += [
            blocks.button(one.set_up_label, one.set_up, "home", primary=first)
            for one in on_homes.values()
        ]
    made += [blocks.button(label, action, "home") for action, label in others.items()]
    rarer = [
        blocks.button("My preferences", PREFERENCES, "home"),
        blocks.button("Why was I (not) asked?", WHY, "home"),
        blocks.button("Help", HELP, "home"),
    ]
    if shown.admin:
        rarer.append(blocks.button("Workspace settings", WORKSPACE, "home"))
    yield blocks.divider()
    yield blocks.actions([*made, blocks.button("I am away …", AWAY, "home"), blocks.menu(rarer)])


def _not_asked(shown: HomeShown) -> Iterator[Block]:
    days = shown.away[:_AWAY] if len(shown.away) <= _AWAY else (*shown.away[:_AWAY], "…")
    lines = [f"You are away: {', '.join(days)}."] if days else []
    if shown.country:
        lines.append(f"You are not asked on public holidays of {escape(shown.country)}.")
    if lines:
        yield blocks.context("\n".join(lines))


def invited(channel: str, offered: Sequence[OnHome]) -> Message:
    """What whoever invited the bot into a channel can set up there; seen by them alone."""
    said = f"Meridian is in <#{channel}> now. To begin takes one screen, filled in already."
    made = [blocks.button(one.set_up_label, one.set_up, channel, primary=True) for one in offered]
    return Message(text=said, blocks=(blocks.section(said), blocks.actions(made)))


def why_modal(told: str) -> dict[str, Any]:
    """Why somebody was asked or not, in mrkdwn; and whom else one may want to know it of."""
    other = inputs.person_menu(WHY_OF, hint="Somebody else …")
    return blocks.modal("Why?", [blocks.section(told), blocks.actions([other])])


def help_modal(told: Iterable[str]) -> dict[str, Any]:
    """What the commands of each kind of ritual do, in mrkdwn."""
    return blocks.modal("Help", [blocks.section(one) for one in told if one])
