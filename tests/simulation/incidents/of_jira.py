"""Trouble on the way to Jira and back, and in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from tests.simulation.borders.trouble import ANY, Border
from tests.simulation.borders.wire import Odd, Oddity
from tests.simulation.cast import Setting
from tests.simulation.incidents.kinds import Hooked, Humour, Incident, Mood
from tests.simulation.incidents.moments import moments
from tests.simulation.incidents.usual import trouble
from tests.simulation.people.act import Act
from tests.simulation.people.acts.doing import Change, Tap
from tests.simulation.people.acts.on_the_board import DeleteIssue, MoveIssue, OnBoard
from tests.simulation.people.acts.raising import Raise, RaiseOfBlocker

_OF_ITEMS = (Raise, RaiseOfBlocker, Tap, Change, OnBoard, DeleteIssue, MoveIssue)
_REQUESTS = (
    "POST issue",
    "POST issue",
    "POST search/jql",
    "POST search",
    "POST issue/bulkfetch",
    "GET issue/*",
    "PUT issue/*",
    "POST issue/*/transitions",
    "POST issue/*/remotelink",
    "GET user/search",
    ANY,
    ANY,
)


def draw(setting: Setting, acts: Sequence[Act], chance: Random) -> Iterator[Incident]:
    """Where there is one; more or less of it."""
    if setting.board is None:
        return
    level = chance.choice((0, 1, 1, 2, 3, 6))
    moment = moments(setting, [one for one in acts if isinstance(one, _OF_ITEMS)], chance, 8)
    for _ in range(chance.randint(1, 4) * level):
        yield replace(
            trouble(moment(), chance), border=Border.JIRA, method=chance.choice(_REQUESTS)
        )
    for _ in range(chance.randint(0, 2) * level):
        yield Odd(moment(), chance.choice(list(Oddity)), chance.choice((1, 2, 5)), Border.JIRA)
    for _ in range(chance.randint(0, 1) * level):
        mode = chance.choice(("drop", "duplicate", "reorder", "forge"))
        yield Hooked(moment(), mode, chance.randint(1, 5))
    for _ in range(chance.randint(0, 1) * level):
        seconds = chance.choice((5.0, 60.0, 300.0, 600.0, 3600.0))
        yield Mood(moment(), chance.choice(list(Humour)), seconds)
