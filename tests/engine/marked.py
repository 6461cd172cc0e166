"""Mirrors of one workspace, marked and sent by hand."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind
from bot.db.tables import Mirror
from bot.engine import mirrors, sending
from bot.engine.mirrors import Mark
from bot.engine.sending import Claim, Shown

AT = datetime.fromisoformat("2030-01-01T12:00:00+00:00")  # the calendar is elsewhere altogether
POSTED = Shown("C1", "1.1")


def mark(session: Session, subject: str = "s", target: str = "C1", **more: Any) -> Mirror:
    """Mark one message stale; answers its row."""
    kind = more.pop("kind", MirrorKind.MESSAGE)
    mirrors.mark(session, AT, [Mark(1, kind, "view", subject, target, **more)])
    return find(session, subject)


def find(session: Session, subject: str = "s") -> Mirror:
    statement = select(Mirror).where(Mirror.subject == subject)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def claim(session: Session, subject: str = "s") -> Claim:
    """Claim a mirror that must be due."""
    claimed = sending.claim(session, find(session, subject).id, AT)
    assert claimed is not None
    return claimed


def is_due(session: Session, subject: str = "s") -> bool:
    session.flush()
    return find(session, subject).id in {one.id for one in mirrors.candidates(session, 100)}


def show(session: Session, subject: str = "s", result: Shown = POSTED) -> None:
    """Claim and settle: it stands outside."""
    sending.settle(session, claim(session, subject), result)
