"""Everything that can go wrong."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tests.simulation.borders.trouble import Trouble
from tests.simulation.borders.wire import Odd
from tests.simulation.machine.life import Step, When


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


class Humour(StrEnum):
    """What may come over Jira for a while."""

    TOKEN = "its token is refused"
    LAG = "its index lags"
    RIGHTS = "nobody may create anything"


@dataclass(frozen=True)
class Mood:
    """Jira is in one for so long."""

    at: datetime
    humour: Humour
    seconds: float


@dataclass(frozen=True)
class Hooked:
    """The next webhooks of Jira's are never sent, sent twice, in another order, or forged."""

    at: datetime
    mode: str  # of the sandbox: drop, duplicate, reorder or forge
    count: int


Incident = Trouble | Odd | Kill | Restart | Stall | Shuffle | Mood | Hooked
