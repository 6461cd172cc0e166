"""Tickets: the mirrors of action items in Jira."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.core.states import MirrorKind
from bot.db.tables import ActionItem
from bot.engine import mirrors
from bot.engine.mirrors import Mark

VIEW = "issue"
TARGET = "jira"


def mark(session: Session, at: datetime, items: Collection[ActionItem]) -> None:
    """Say that these items have changed, where they have a ticket or want one."""
    mirrors.mark(
        session,
        at,
        [
            Mark(one.workspace_id, MirrorKind.ISSUE, VIEW, str(one.id), TARGET)
            for one in items
            if one.wants_ticket or one.issue_id is not None
        ],
    )
