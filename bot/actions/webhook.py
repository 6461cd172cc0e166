"""Jira's webhook: a hint to read an issue again, from whoever knows the secret."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import tickets
from bot.core.clock import Calendar
from bot.db.inbox import first_time
from bot.db.session import Database
from bot.db.tables import ActionItem
from bot.engine.mirrors import Urgency
from bot.jira.webhook import BadWebhook, identifier, issue_of, signed

_SOURCE = "jira"

log = structlog.get_logger()


class Webhook:
    """Takes what Jira sends; answers HTTP's status."""

    def __init__(self, database: Database, secret: str, *, calendar: Calendar) -> None:
        self._database = database
        self._secret = secret
        self._calendar = calendar

    async def hear(self, headers: Mapping[str, str], body: bytes) -> int:
        """A forged one leaves no trace, and one about an issue of others' none either."""
        if not signed(self._secret, headers, body):
            log.warning("a webhook was not signed as Jira's")
            return 401
        try:
            issue_id = issue_of(body)
        except BadWebhook:
            return 400
        if issue_id is not None and await self._database.read(is_ours, issue_id):
            name = identifier(headers, body)
            await self._database.write(heard, self._calendar.now(), name, issue_id)
        return 200


def is_ours(session: Session, issue_id: str) -> bool:
    """Whether it is the issue of an item."""
    return bool(_of_issue(session, issue_id))


def _of_issue(session: Session, issue_id: str) -> Sequence[int]:
    return session.scalars(select(ActionItem.id).where(ActionItem.issue_id == issue_id)).all()


def heard(session: Session, _at: datetime, name: str, issue_id: str) -> None:
    """Something happened to an issue: let it meet its item, once for each delivery by `name`."""
    if first_time(session, _SOURCE, name):
        tickets.follow(session, _of_issue(session, issue_id), Urgency.CLICKED)
