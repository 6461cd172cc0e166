"""Who can unblock somebody: named with a blocker, and what they make of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking.askable import is_outside
from bot.core.states import BlockerState
from bot.db.tables import Blocker, Person
from bot.rituals.standup import blockers
from bot.rituals.standup.blockers import Synced
from bot.rituals.standup.model import CantHelp


def cant_help(who: Person, owner_id: int) -> CantHelp | None:
    """Why this person is not to be told of that owner's blockers, if there is a reason."""
    if who.id == owner_id:
        return CantHelp.THEMSELVES
    if who.is_bot:
        return CantHelp.BOT
    if is_outside(who):
        return CantHelp.ELSEWHERE
    return CantHelp.GONE if who.deleted else None


def named(rows: Sequence[Blocker]) -> int | None:
    """The one person who is named for all open ones of these rows; None where that isn't one."""
    ids = {row.unblocker_id for row in rows if row.state is BlockerState.OPEN}
    return ids.pop() if len(ids) == 1 else None


def name(
    synced: Synced, earlier: Sequence[Blocker], who: Person | None, *, anew: bool
) -> tuple[list[Blocker], set[int]]:
    """Note who can unblock; answers the blockers for which that changed, and who had been named.

    Whoever is named is so for what is newly said. Named `anew` in this form, they are so for all
    that its answer raised, or else for what an earlier one left without anybody.
    """
    to_name = [*synced.new, *synced.again] if who is not None else []
    if anew:
        to_name += synced.own
    if anew and not to_name:
        to_name += [one for one in earlier if _needs_somebody(one)]
    who_id = who.id if who is not None else None
    changed = [one for one in to_name if one.unblocker_id != who_id]
    former = {one.unblocker_id for one in changed if one.unblocker_id is not None}
    for one in changed:
        one.unblocker_id, one.told_at = who_id, None
    return changed, former


def _needs_somebody(one: Blocker) -> bool:
    return one.state is BlockerState.OPEN and one.unblocker_id is None


def unblock(
    session: Session, at: datetime, workspace_id: int, slack_id: str, blocker_id: int
) -> None:
    """Use case: whoever was named says that it is resolved. What isn't theirs any more stays."""
    found = _asked(session, workspace_id, slack_id, blocker_id)
    if found is not None:
        blocker, person = found
        if blocker.unblocker_id == person.id and blocker.state is BlockerState.OPEN:
            blockers.resolve(blocker, at, person)
        blockers.show(session, at, [blocker], {person.id})


def decline(
    session: Session, at: datetime, workspace_id: int, slack_id: str, blocker_id: int
) -> None:
    """Use case: whoever was named can't help. Told, and nobody named: so its owner learns of it."""
    found = _asked(session, workspace_id, slack_id, blocker_id)
    if found is not None:
        blocker, person = found
        if blocker.unblocker_id == person.id and blocker.state is BlockerState.OPEN:
            blocker.unblocker_id, blocker.told_at = None, at
        blockers.show(session, at, [blocker], {person.id})


def _asked(
    session: Session, workspace_id: int, slack_id: str, blocker_id: int
) -> tuple[Blocker, Person] | None:
    blocker = session.get(Blocker, blocker_id)
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    return None if blocker is None or person is None else (blocker, person)
