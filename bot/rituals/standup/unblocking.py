"""Who can unblock somebody: named with a blocker, and told once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import BlockerState
from bot.db.tables import Blocker, Person
from bot.db.upsert import insert_missing
from bot.rituals.standup.blockers import Synced
from bot.rituals.standup.model import CantHelp


def helper(session: Session, workspace_id: int, slack_id: str) -> Person:
    """Whoever was chosen, known to us or not."""
    row = {"workspace_id": workspace_id, "slack_id": slack_id, "name": slack_id}
    flags = dict.fromkeys(("is_admin", "is_bot", "is_external", "deleted"), False)
    insert_missing(session, Person, [row | flags])
    return session.scalars(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    ).one()


def cant_help(who: Person, owner_id: int) -> CantHelp | None:
    """Why this person is not to be told of that owner's blockers, if there is a reason."""
    if who.id == owner_id:
        return CantHelp.THEMSELVES
    if who.is_bot:
        return CantHelp.BOT
    if who.is_external and not who.is_admitted:
        return CantHelp.ELSEWHERE
    return CantHelp.GONE if who.deleted else None


def named(rows: Sequence[Blocker]) -> int | None:
    """The one person who is named for all open ones of these rows; None where that isn't one."""
    ids = {row.unblocker_id for row in rows if row.state is BlockerState.OPEN}
    return ids.pop() if len(ids) == 1 else None


def name(
    synced: Synced, earlier: Sequence[Blocker], who: Person | None, *, anew: bool
) -> list[Blocker]:
    """Note who can unblock; answers the blockers for which that has changed.

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
    for one in changed:
        one.unblocker_id, one.told_at = who_id, None
    return changed


def _needs_somebody(one: Blocker) -> bool:
    return one.state is BlockerState.OPEN and one.unblocker_id is None
