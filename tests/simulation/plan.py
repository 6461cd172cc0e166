"""The plan of a run: its setting, what people do, and what goes wrong. Chance draws it by number.

A plan is all that a run depends on, so whoever cuts something out of it has a smaller run.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from tests.simulation import cast
from tests.simulation.borders.trouble import ANY, Mode, Trouble
from tests.simulation.borders.wire import Odd, Oddity
from tests.simulation.cast import Setting
from tests.simulation.machine.life import Step, When
from tests.simulation.people.act import Act
from tests.simulation.people.acts import KINDS


@dataclass(frozen=True)
class Kill:
    """The process is killed at the `nth` point of a sort from an instant on; or at that instant."""

    at: datetime
    down_seconds: float
    step: Step | None = None
    when: When | None = None
    nth: int = 0


@dataclass(frozen=True)
class Restart:
    """The process is told to stop, as by SIGTERM, and begun again after a while."""

    at: datetime
    down_seconds: float


@dataclass(frozen=True)
class Stall:
    """The database takes so long."""

    at: datetime
    seconds: float


@dataclass(frozen=True)
class Shuffle:
    """The next events that Slack sends arrive in another order, or late."""

    at: datetime
    mode: str  # of the sandbox: reorder, delay or duplicate
    count: int
    seconds: float = 2.0


Incident = Trouble | Odd | Kill | Restart | Stall | Shuffle


@dataclass(frozen=True)
class Plan:
    """All that a run depends on."""

    seed: str
    setting: Setting
    acts: tuple[Act, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @property
    def size(self) -> int:
        return len(self.acts) + len(self.incidents)

    def keeping(self, kept: Collection[int]) -> "Plan":
        """The plan with some of its parts alone, by their number: acts first, then incidents."""
        acts, incidents = enumerate(self.acts), enumerate(self.incidents, len(self.acts))
        return replace(
            self,
            acts=tuple(one for number, one in acts if number in kept),
            incidents=tuple(one for number, one in incidents if number in kept),
        )


def draw(seed: int) -> Plan:
    """The plan with this number."""
    setting = cast.draw(_chance(seed, "setting"))
    acts = [act for kind in KINDS for act in kind(setting, _chance(seed, kind.__module__))]
    acts = [act for act in acts if setting.start < act.at < setting.end]
    incidents = list(_incidents(setting, acts, _chance(seed, "incidents")))
    return Plan(
        seed=str(seed),
        setting=setting,
        acts=tuple(sorted(acts, key=lambda act: act.at)),
        incidents=tuple(sorted(incidents, key=lambda one: one.at)),
    )


def _chance(seed: int, what: str) -> Random:
    """Each part has its own, so that a new kind of act leaves the others as they were."""
    return Random(f"{seed} {what}")  # noqa: S311 - chance that is repeated


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


def _incidents(setting: Setting, acts: Sequence[Act], chance: Random) -> Iterator[Incident]:
    """A quiet time in one of eight runs; else a little trouble, or a lot."""
    level = chance.choice((0, 1, 1, 1, 2, 2, 3, 6))
    length = (setting.end - setting.start).total_seconds()

    def moment() -> datetime:
        """Any time, but mostly while somebody does something."""
        if acts and chance.random() < 0.7:
            return chance.choice(acts).at + timedelta(seconds=chance.uniform(0, 4))
        return setting.start + timedelta(seconds=chance.uniform(60, length))

    for _ in range(chance.randint(0, 4) * level):
        yield _trouble(moment(), chance)
    for _ in range(chance.randint(0, 2) * level):
        yield Odd(moment(), chance.choice(list(Oddity)), chance.choice((1, 1, 2, 5)))
    for _ in range(chance.randint(0, 2) * level):
        yield _kill(moment(), chance)
    if level and chance.random() < 0.3:
        yield Restart(moment(), chance.choice((2.0, 30.0, 600.0)))
    for _ in range(chance.randint(0, 1) * level):
        yield Stall(moment(), chance.choice((1.0, 2.6, 4.0, 12.0)))
    for _ in range(chance.randint(0, 1) * level):
        mode = chance.choice(("reorder", "delay", "duplicate"))
        yield Shuffle(moment(), mode, chance.randint(1, 3), chance.choice((2.0, 20.0)))


def _trouble(at: datetime, chance: Random) -> Trouble:
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
