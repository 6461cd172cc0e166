"""What Jira says of somebody's issues, for whoever asks them what they are at."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.accounts import Accounts, account_of
from bot.core.clock import Calendar
from bot.db.session import Database
from bot.db.tables import Person
from bot.jira.gateway import Gateway
from bot.jira.model import Issue, Project


class Mine:
    """Asks Jira for a person, whom it gets to know there first."""

    def __init__(
        self, database: Database, jira: Gateway, *, calendar: Calendar, workspace_id: int
    ) -> None:
        self._database = database
        self._jira = jira
        self._accounts = Accounts(database, jira, calendar=calendar)
        self._workspace_id = workspace_id

    async def in_progress(self, slack_id: str, limit: int) -> Sequence[Issue] | None:
        """Somebody's issues in progress, those that changed last first; None: nobody there."""
        person_id = await self._database.read(_person, self._workspace_id, slack_id)
        await self._accounts.get_to_know(person_id)
        account = await self._database.read(_account, person_id)
        return None if account is None else await self._jira.in_progress(account, limit)

    async def search(self, project: Project, typed: str, limit: int) -> Sequence[Issue]:
        """Issues of a project for what somebody typed."""
        return await self._jira.search(project, typed, limit)


def _person(session: Session, workspace_id: int, slack_id: str) -> int | None:
    return session.scalar(
        select(Person.id).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


def _account(session: Session, person_id: int | None) -> str | None:
    known = account_of(session, person_id)
    return known.account if known is not None else None
