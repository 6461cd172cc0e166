"""The tickets of items: mirrors of a kind of their own, one an item.

Its creation is sent as any mirror is; what comes after is a merge, for which the mirror is marked
stale whenever either side has changed.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.core.states import ItemState, MirrorKind, Outcome
from bot.db.tables import ActionItem, JiraProject, Mirror
from bot.engine import mirrors, threads
from bot.engine.mirrors import Mark, Urgency

VIEW = "ticket"
ISSUES = (Mirror.kind == MirrorKind.ISSUE) & (Mirror.view == VIEW)


def lane(team_id: int) -> str:
    """What a team's tickets share: whatever shuts Jira to one of them shuts it to all."""
    return f"jira/{team_id}"


def team_of(target: str) -> int:
    """The team of a lane."""
    return int(target.removeprefix("jira/"))


def label(uid: str) -> str:
    """What the issue of a mirror can be found by."""
    return f"meridian-{uid}"


def of_items(item_ids: Collection[int]) -> ColumnElement[bool]:
    """The tickets of these items."""
    return ISSUES & Mirror.subject.in_([str(one) for one in item_ids])


def mark(
    session: Session,
    at: datetime,
    items: Collection[ActionItem],
    urgency: Urgency = Urgency.CLICKED,
) -> None:
    """These items have changed: tell Jira of those that have a ticket, or want one.

    What Jira refused of one is tried again, since the change may have mended it.
    """
    if not items:
        return
    session.flush()
    rows = session.execute(
        select(Mirror.id, Mirror.subject, Mirror.outcome).where(of_items([one.id for one in items]))
    ).all()
    mirrors.touch_these(session, [row.id for row in rows], urgency)
    if parked := [row.id for row in rows if row.outcome is Outcome.PARKED]:
        mirrors.lift(session, Mirror.id.in_(parked))
    anew = {str(one.id) for one in items if one.issue_id is None and wanted(one)}
    for row in rows:  # somebody went on without, and wants one after all
        if row.outcome is Outcome.GONE and row.subject in anew:
            threads.make_again(session, row.id)
    there = {int(row.subject) for row in rows}
    _begin(session, at, [one for one in items if one.id not in there and wanted(one)], urgency)


def follow(
    session: Session,
    item_ids: Collection[int],
    urgency: Urgency,
    ended: Collection[Outcome] = (Outcome.PARKED, Outcome.BLOCKED),
) -> None:
    """The issues of these items may have changed: let them meet, whatever Jira refused before.

    Also those that `ended` in one of these ways.
    """
    those = of_items(item_ids) & Mirror.remote_id.is_not(None)
    mirrors.touch(session, those & Mirror.outcome.is_(None), urgency)
    mirrors.lift(session, those & Mirror.outcome.in_(ended))


def wanted(item: ActionItem) -> bool:
    """Whether a ticket is to be made of an item that has none: not of what was dropped."""
    return item.wants_ticket and item.state is not ItemState.DROPPED


def _begin(session: Session, at: datetime, items: Collection[ActionItem], urgency: Urgency) -> None:
    teams = {one.team_id for one in items if one.team_id is not None}
    if not teams:
        return
    connected = {one for one in teams if session.get(JiraProject, one) is not None}
    mirrors.mark(
        session,
        at,
        [
            Mark(
                one.workspace_id,
                MirrorKind.ISSUE,
                VIEW,
                str(one.id),
                lane(one.team_id),
                urgency=urgency,
            )
            for one in items
            if one.team_id is not None and one.team_id in connected
        ],
    )


def again(session: Session, at: datetime, item: ActionItem) -> None:
    """Make an item's ticket anew: the one that it had is lost."""
    let_go(session, item)
    item.wants_ticket = True
    mark(session, at, [item])


def let_go(session: Session, item: ActionItem) -> None:
    """Go on without the ticket that an item had, or was to have: Jira is told no more of it."""
    item.wants_ticket = False
    item.issue_id = item.issue_key = item.agreed = item.note = None
    session.flush()
    session.execute(
        update(Mirror)
        .where(of_items([item.id]))
        .values(outcome=Outcome.GONE, told=None)
        .execution_options(synchronize_session="fetch")
    )
