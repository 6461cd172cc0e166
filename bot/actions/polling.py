"""Looking every few minutes whether issues have changed, for a webhook may get lost.

That a look is due is a mirror like any other, without anything that stands outside: claimed once,
tried again when Jira can't be reached, and done before the sandbox's clock moves on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from bot.actions import detail, meeting, tickets
from bot.core.states import LIVE_ITEMS, MirrorKind, Outcome
from bot.db.session import machine_time
from bot.db.tables import ActionItem, JiraProject, Mirror
from bot.engine import mirrors, timers
from bot.engine.mirrors import Mark, Urgency
from bot.engine.retry import back_off
from bot.engine.ritual import Step, View
from bot.engine.timers import Due, Fired
from bot.jira.model import Polled

KIND = "polling"
VIEW = "poll"
_EVERY = timedelta(minutes=5)
_SELDOM = timedelta(hours=1)  # what has been shut for long is tried no more often
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

    def look(self, session: Session, at: datetime, _due: Sequence[Fired]) -> None:
        """Step: a look is due; and what a team's lane is shut to is tried once more."""
        mark = Mark(self._workspace_id, MirrorKind.ISSUE, VIEW, "", "jira")
        mirrors.mark(session, at, [mark])
        timers.reset(session, [Due(KIND, "look", at + _EVERY)])
        try_those_shut(session)


def try_those_shut(session: Session) -> None:
    """Try the lanes that are shut: with the next look, then ever more seldom."""
    blocked = tickets.ISSUES & (Mirror.outcome == Outcome.BLOCKED)
    shut = session.scalars(select(Mirror.target).where(blocked).distinct()).all()
    if not shut:
        return
    now = machine_time(session)
    projects = {
        one.team_id: one
        for one in session.scalars(
            select(JiraProject).where(
                JiraProject.team_id.in_([tickets.team_of(lane) for lane in shut])
            )
        )
    }
    for lane in shut:
        project = projects.get(tickets.team_of(lane))
        if project is None or project.try_at is None or project.try_at <= now:
            if project is not None:
                project.tries += 1
                wait = back_off(project.tries, _EVERY.total_seconds(), _SELDOM.total_seconds())
                project.try_at = now + timedelta(seconds=wait)
            try_again(session, lane)


def try_afresh(session: Session, lane: str) -> None:
    """A lane may work again: should it be shut all the same, it is tried soon once more."""
    session.execute(
        update(JiraProject)
        .where(JiraProject.team_id == tickets.team_of(lane), JiraProject.tries > 0)
        .values(tries=0, try_at=None)
        .execution_options(synchronize_session="fetch")
    )


def try_again(session: Session, lane: str) -> bool:
    """Try a ticket of a lane that is shut, and answer whether there was any.

    Of those to be made and of those that are there one each, since for either there is a right of
    its own: whichever wasn't tried for the longest time, since one may be refused for a reason of
    its own. Once one gets through, the others follow.
    """
    turn = (
        func.row_number()
        .over(
            partition_by=Mirror.remote_id.is_(None),
            order_by=(Mirror.stale_since, Mirror.id),  # trying one makes it the latest
        )
        .label("turn")
    )
    turns = (
        select(Mirror.id, turn)
        .where(tickets.ISSUES, Mirror.outcome == Outcome.BLOCKED, Mirror.target == lane)
        .subquery()
    )
    ids = session.scalars(select(turns.c.id).where(turns.c.turn == 1)).all()
    if ids:
        mirrors.lift(session, Mirror.id.in_(ids))
    return bool(ids)


def open_lane(session: Session, lane: str, *, making: bool) -> bool:
    """One ticket of a lane was made, or told: so may be the others that it was shut to.

    Answers whether there were any.
    """
    session.flush()
    try_afresh(session, lane)
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


@dataclass(frozen=True)
class Seen:
    """What a look saw, as the ids of items."""

    changed: Sequence[int]  # the issue is there, and not what was last agreed on
    gone: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone)


def changed(session: Session, polled: Polled) -> Seen:
    """The items whose issue is not what was last agreed on, is gone, or is there again."""
    issues = {one.id: one for one in polled.found}
    found: list[int] = []
    gone: list[int] = []
    wanted = [*issues, *polled.absent]
    for start in range(0, len(wanted), _MANY):
        items = session.scalars(
            select(ActionItem).where(ActionItem.issue_id.in_(wanted[start : start + _MANY]))
        ).all()
        lost = _lost(session, [one.id for one in items])
        for item in items:
            issue = issues.get(item.issue_id or "")
            if issue is None and item.id not in lost:
                gone.append(item.id)
            elif issue is not None and (item.id in lost or meeting.differs(item, issue)):
                found.append(item.id)
    return Seen(found, gone)


def _lost(session: Session, item_ids: Sequence[int]) -> set[int]:
    """Those of these items whose issue was gone, or out of sight, when it was last read."""
    rows = session.execute(
        select(Mirror.subject, Mirror.outcome, Mirror.detail).where(
            tickets.of_items(item_ids), Mirror.outcome.in_((Outcome.GONE, Outcome.BLOCKED))
        )
    )
    return {
        int(subject)
        for subject, outcome, said in rows
        if outcome is Outcome.GONE or detail.read(said).unseen
    }


def touch(session: Session, seen: Seen) -> None:
    """Let these meet their issues."""
    refused = (Outcome.PARKED, Outcome.BLOCKED, Outcome.GONE)
    for ids, ended in ((seen.changed, refused), (seen.gone, (Outcome.PARKED,))):
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            tickets.follow(session, some, Urgency.PROGRESS, ended)
