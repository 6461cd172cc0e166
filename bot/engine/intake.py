"""What a listener works with: use cases that take effect once, and the way back to people."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import structlog
from sqlalchemy.orm import Session

from bot.core.clock import Calendar
from bot.core.errors import Transient
from bot.db.inbox import first_time
from bot.db.sealing import Sealer
from bot.db.session import Database
from bot.jira.model import Issue, Project
from bot.slack import acks
from bot.slack.front import Front
from bot.slack.gateway import Gateway

P = ParamSpec("P")
T = TypeVar("T")

Receipt = tuple[str, str]
"""A source, and the id of what came in from there: it takes effect once."""
ACK_SECONDS = 2.5  # of the three that Slack waits
log = structlog.get_logger()


def left() -> float:
    """Seconds until the request at hand must be acked, or that one may take after its ack."""
    return ACK_SECONDS - acks.spent()


class StillSaving(Transient):
    """Still saving: the database is slow. Nothing is lost; please look again in a minute."""


class Repeated:
    """A redelivery: what it asks for has been done."""


class Issues(Protocol):
    """What Jira can be asked while somebody answers; either may raise a MeridianError."""

    async def in_progress(self, slack_id: str, limit: int) -> Sequence[Issue] | None:
        """What a person has in progress; None where nobody knows who they are there."""
        ...

    async def search(self, project: Project, typed: str, limit: int) -> Sequence[Issue]:
        """Issues of a project for what somebody typed."""
        ...


@dataclass(frozen=True)
class Intake:
    """The way in. Everything a listener may use, and nothing else."""

    database: Database
    calendar: Calendar
    front: Front
    workspace_id: int
    bot_user: str
    standup_command: str
    team_command: str = "/team"
    actions_command: str = "/actions"
    retro_command: str = "/retro"
    risk_command: str = "/risk"
    sealer: Sealer | None = None  # None: no secret can be kept
    has_jira: bool = False  # whether tickets can go anywhere
    issues: Issues | None = None  # None: there is no Jira
    hears_dms: bool = True  # whether Slack tells of what people write to it
    look_people_up: Callable[[], None] = lambda: None

    @property
    def gateway(self) -> Gateway:
        return self.front.gateway

    async def read(
        self,
        question: Callable[Concatenate[Session, datetime, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Ask `question(session, at, …)` of committed state."""
        at = self.calendar.now()
        return await self.database.read(lambda session: question(session, at, *args, **kwargs))

    async def take(
        self,
        receipt: Receipt,
        use_case: Callable[Concatenate[Session, datetime, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T | Repeated:
        """Run `use_case(session, at, …)` once for a receipt, and commit.

        Raises StillSaving before Slack would give up, counted from when its request came in; the
        transaction may commit all the same.
        """
        at = self.calendar.now()

        def unit(session: Session) -> T | Repeated:
            if not first_time(session, *receipt):
                return Repeated()
            return use_case(session, at, *args, **kwargs)

        return await _in_time(self.database.write(unit))

    async def take_untraced(
        self,
        use_case: Callable[Concatenate[Session, datetime, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case(session, at, …)` in a commit of its own, without a receipt.

        Nothing beside what it writes says that it took place. It must bear being run twice by what
        it writes alone. Raises StillSaving as `take` does.
        """
        at = self.calendar.now()
        return await _in_time(
            self.database.write_alone(lambda session: use_case(session, at, *args, **kwargs))
        )


async def _in_time(writing: Coroutine[Any, Any, T]) -> T:
    saving = asyncio.ensure_future(writing)
    try:
        return await asyncio.wait_for(asyncio.shield(saving), max(0.0, left()))
    except TimeoutError as error:
        saving.add_done_callback(_note_late_failure)
        raise StillSaving from error


def _note_late_failure(saving: asyncio.Future[Any]) -> None:
    if not saving.cancelled() and (error := saving.exception()) is not None:
        log.error("a unit that its listener had given up on failed", exc_info=error)
