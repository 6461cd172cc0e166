"""The connection to Jira: all that there is only where one is set up."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from slack_bolt.async_app import AsyncApp
from sqlalchemy.orm import Session

from bot.actions import jira_listeners, troubles
from bot.actions.mine import Mine
from bot.actions.polling import Polling
from bot.actions.to_jira import ToJira
from bot.actions.troubles import Troubles
from bot.actions.webhook import Webhook
from bot.core.clock import Calendar, Machine
from bot.core.errors import MeridianError
from bot.core.states import MirrorKind
from bot.db.session import Database
from bot.db.tables import Workspace
from bot.engine.intake import Intake
from bot.engine.rates import Rates
from bot.engine.ritual import Offer, Slice
from bot.jira.gateway import Gateway

_RECHECK_SECONDS = 60.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Access:
    """How to reach Jira, as the settings say."""

    url: str
    token: str
    email: str | None  # None: Data Center
    webhook_secret: str | None
    token_expires: date | None


class Connection:
    """Everything about Jira that the composition root joins to the rest."""

    kinds = (MirrorKind.ISSUE,)

    def __init__(
        self,
        access: Access,
        database: Database,
        *,
        calendar: Calendar,
        machine: Machine,
        limits: Rates,
        workspace_id: int,
        root: str,
    ) -> None:
        """Reach nobody yet; `root` is the address of the Slack workspace."""
        self.gateway = Gateway(access.url, access.token, access.email)
        self._database = database
        self._calendar = calendar
        self._machine = machine
        self._workspace_id = workspace_id
        self._cloud = access.email is not None
        self._troubles = Troubles(workspace_id, access.token_expires)
        self._polling = Polling(workspace_id)
        self.issues = Mine(database, self.gateway, calendar=calendar, workspace_id=workspace_id)
        self._webhook = (
            Webhook(database, access.webhook_secret, calendar=calendar)
            if access.webhook_secret
            else None
        )
        self.outside = ToJira(
            database,
            self.gateway,
            self._troubles,
            calendar=calendar,
            machine=machine,
            limits=limits,
            root=root,
        )

    @property
    def slices(self) -> Sequence[Slice]:
        """What it brings to the timetable."""
        return self._polling, self._troubles

    @property
    def offer(self) -> Offer:
        """What it puts on cards and Homes."""
        return self._troubles.offer

    def begin(self, session: Session, at: datetime) -> None:
        """Look at all issues now; not while the token is refused, which `watch` finds out."""
        self._polling.begin(session, at)
        self._troubles.begin(session, at)

    def listen(self, bolt: AsyncApp, intake: Intake) -> None:
        """Register what people do about Jira in Slack."""
        jira_listeners.listen(bolt, intake, self.gateway, cloud=self._cloud)

    async def hear(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take Jira's webhook; without its secret nobody can be believed."""
        return 401 if self._webhook is None else await self._webhook.hear(headers, body)

    async def watch(self) -> None:
        """A refused token pauses all; one that works again lets all go on.

        It is tried at once, since whoever set a new one has started the bot again.
        """
        while True:
            await self.recheck()
            await self._machine.sleep(_RECHECK_SECONDS)

    async def recheck(self) -> None:
        """Try a token that was refused, and go on where it works again."""
        if not await self._database.read(is_paused, self._workspace_id):
            return
        with contextlib.suppress(MeridianError):
            await self.gateway.me()
            at = self._calendar.now()
            await self._database.write(troubles.alive, at, self._workspace_id)
            log.info("Jira's token works again")

    async def close(self) -> None:
        """Let go of Jira."""
        await self.gateway.close()


def is_paused(session: Session, workspace_id: int) -> bool:
    """Whether nothing goes to Jira because it refuses the token."""
    return session.get_one(Workspace, workspace_id).jira_paused is not None
