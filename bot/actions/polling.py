"""Looking every few minutes whether issues have changed, for a webhook may get lost.

That a look is due is a mirror like any other, without anything that stands outside: claimed once,
tried again when Jira can't be reached, and done before the sandbox's clock moves on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.actions import meeting, tickets
from bot.core.states import LIVE_ITEMS, MirrorKind, Outcome
from bot.db.tables import ActionItem, Mirror, Timer
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark, Urgency
from bot.engine.ritual import Step, View
from bot.engine.timers import Due
from bot.jira.model import Polled

KIND = "polling"
VIEW = "poll"
_EVERY = timedelta(minutes=5)
_CLOSED = timedelta(days=7)  # what was done or dropped may be taken up again in Jira
_MANY = 500  # in one statement, whose variables are limited


class Polling:
    """The look every five minutes, as a timer: done once, however many processes tick."""

    kind = KIND
    views: Mapping[str, View] = {}

    def __init__(self, workspace_id: int) -> None:
        self._workspace_id = workspace_id

    @property
    def steps(self) -> Mapping[str, Step]:
        return {"look": self.look}

    def begin(self, session: Session, at: datetime) -> None:
        """Look now, for whatever was changed while the bot was down."""
        timers.reset(session, [Due(KIND, "look", at)])

    def look(self, session: Session, at: datetime, _due: Sequence[Timer]) -> None:
        """Step: a look is due; and what a team's lane is shut to is tried once more."""
        mark = Mark(self._workspace_id, MirrorKind.ISSUE, VIEW, "", "jira")
        mirrors.mark(session, at, [mark])
        timers.reset(session, [Due(KIND, "look", at + _EVERY)])
        try_again(session)


def try_again(session: Session, lane: str | None = None) -> bool:
    """Try the oldest ticket of each lane that is shut, or of one, and answer whether there was any.

    Of those to be made and of those that are there one each, since for either there is a right of
    its own. Once one gets through, the others follow.
    """
    oldest = (
        select(func.min(Mirror.id))
        .where(tickets.ISSUES, Mirror.outcome == Outcome.BLOCKED)
        .group_by(Mirror.target, Mirror.remote_id.is_(None))
    )
    if lane is not None:
        oldest = oldest.where(Mirror.target == lane)
    ids = session.scalars(oldest).all()
    if ids:
        mirrors.lift(session, Mirror.id.in_(ids))
    return bool(ids)


def open_lane(session: Session, lane: str, *, making: bool) -> bool:
    """One ticket of a lane was made, or told: so may be the others that it was shut to.

    Answers whether there were any.
    """
    session.flush()
    shut = tickets.ISSUES & (Mirror.target == lane) & (Mirror.outcome == Outcome.BLOCKED)
    same = Mirror.remote_id.is_(None) if making else Mirror.remote_id.is_not(None)
    ids = session.scalars(select(Mirror.id).where(shut, same)).all()
    if ids:
        mirrors.lift(session, Mirror.id.in_(ids))
    return bool(ids)


def followed(session: Session, at: datetime) -> Sequence[str]:
    """The issues to look at: of all that is to be done, and of what was closed lately."""
    found = session.scalars(
        select(ActionItem.issue_id)
        .where(
            ActionItem.issue_id.is_not(None),
            or_(ActionItem.state.in_(LIVE_ITEMS), ActionItem.closed_at > at - _CLOSED),
        )
        .order_by(ActionItem.id)
    )
    return [one for one in found if one is not None]


def changed(session: Session, polled: Polled) -> Sequence[int]:
    """The items whose issue is not what was last agreed on, or is gone."""
    issues = {one.id: one for one in polled.found}
    found: list[int] = []
    wanted = [*issues, *polled.absent]
    for start in range(0, len(wanted), _MANY):
        items = session.scalars(
            select(ActionItem).where(ActionItem.issue_id.in_(wanted[start : start + _MANY]))
        )
        for item in items:
            issue = issues.get(item.issue_id or "")
            if issue is None or meeting.differs(item, issue):
                found.append(item.id)
    return found


def touch(session: Session, item_ids: Sequence[int]) -> None:
    """Let these meet their issues."""
    for start in range(0, len(item_ids), _MANY):
        those = tickets.of_items(item_ids[start : start + _MANY])
        mirrors.touch(session, those & Mirror.outcome.is_(None), Urgency.PROGRESS)
