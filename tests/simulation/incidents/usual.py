"""Trouble with Slack, with the process, and with its database."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from tests.simulation.borders.trouble import ANY, Mode, Trouble
from tests.simulation.borders.wire import Odd, Oddity
from tests.simulation.cast import Setting
from tests.simulation.incidents.kinds import Incident, Kill, Restart, Shuffle, Stall
from tests.simulation.incidents.moments import moments
from tests.simulation.machine.life import Step, When
from tests.simulation.people.act import Act

_OF_SLACK = (Oddity.LOST, Oddity.UNHEARD, Oddity.TWICE)
_METHODS = (
    "chat.postMessage",
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "views.open",
    "conversations.history",
    "users.info",
    ANY,
)


def draw(setting: Setting, acts: Sequence[Act], chance: Random) -> Iterator[Incident]:
    """A quiet time in one of eight runs; else a little trouble, or a lot."""
    level = chance.choice((0, 1, 1, 1, 2, 2, 3, 6))
    moment = moments(setting, acts, chance, 4)
    for _ in range(chance.randint(0, 4) * level):
        yield trouble(moment(), chance)
    for _ in range(chance.randint(0, 2) * level):
        yield Odd(moment(), chance.choice(_OF_SLACK), chance.choice((1, 1, 2, 5)))
    for _ in range(chance.randint(0, 2) * level):
        yield _kill(moment(), chance)
    if level and chance.random() < 0.3:
        yield Restart(moment(), chance.choice((2.0, 30.0, 600.0)))
    for _ in range(chance.randint(0, 1) * level):
        yield Stall(moment(), chance.choice((1.0, 2.6, 4.0, 12.0)))
    for _ in range(chance.randint(0, 1) * level):
        mode = chance.choice(("reorder", "delay", "duplicate"))
        yield Shuffle(moment(), mode, chance.randint(1, 3), chance.choice((2.0, 20.0)))


def trouble(at: datetime, chance: Random) -> Trouble:
    mode = chance.choice(list(Mode))
    seconds = 0.0
    if mode is Mode.STALLED:
        seconds = chance.choice((2.0, 5.0, 9.9, 10.1, 12.0, 14.5))
    elif mode is Mode.LIMITED:
        seconds = chance.choice((1.0, 5.0, 30.0, 120.0))
    count = chance.choice((1, 1, 1, 2, 3, 6))
    return Trouble(at, chance.choice(_METHODS), mode, seconds, count)


def _kill(at: datetime, chance: Random) -> Kill:
    down = chance.choice((0.5, 2.0, 2.0, 20.0, 300.0, 3600.0, 6 * 3600.0))
    if chance.random() < 0.3:
        return Kill(at, down)
    return Kill(at, down, chance.choice(list(Step)), chance.choice(list(When)), chance.randrange(6))
