"""Use cases of action items: raise one, or change what it says."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import loading, shown, tickets
from bot.actions.model import (
    Exists,
    Gone,
    ItemShown,
    Noted,
    NotTheirs,
    Place,
    Settled,
    Typed,
    Wrong,
)
from bot.actions.problems import problems
from bot.actions.rights import find
from bot.asking.askable import is_askable
from bot.asking.newcomers import rows_of
from bot.core.states import LIVE_ITEMS, ItemState
from bot.core.text import clean, one_line
from bot.db.tables import ActionItem, Blocker, JiraProject, Person, Ritual
from bot.db.upsert import insert
from bot.engine import mirrors
from bot.teams.teams import team_of

EVERYTHING = frozenset({"what", "owner", "due", "details", "ticket"})
OUTSIDER = "You belong to another organisation, so you can't raise action items here."


# --- raise


def raise_item(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    key: str,
    place: Place,
    typed: Typed,
) -> Noted | Wrong | Exists | Gone | NotTheirs | Settled:
    """Raise an item; a second submit of the same form, which has the same key, changes it."""
    people = rows_of(session, workspace_id, {slack_id, typed.owner} - {""})
    actor, owner = people[slack_id], people.get(typed.owner)
    if not is_askable(actor):
        return Wrong({"what": OUTSIDER})
    made = session.scalar(select(ActionItem.id).where(ActionItem.origin == key))
    if made is not None:
        return edit(session, at, workspace_id, slack_id, made, typed, EVERYTHING, place.channel)
    if (wrong := problems(typed, EVERYTHING, owner, at)) or owner is None:
        return Wrong(wrong)
    if place.blocker_id is not None:
        other = _made_of(session, at, place.blocker_id)
        if other is not None:
            return other
    item_id = _insert(session, _row(session, at, workspace_id, key, place, typed, actor, owner))
    if item_id is None:  # another submit of the form was quicker
        return raise_item(session, at, workspace_id, slack_id, key, place, typed)
    item = session.get_one(ActionItem, item_id)
    if place.thread_ts:
        mirrors.mark(session, at, [shown.reply(item, place.thread_ts)])
    return Noted(note(session, at, item, actor), new=True)


def _made_of(session: Session, at: datetime, blocker_id: int) -> Exists | Gone | None:
    """What keeps an item from being made of a blocker, which is locked against a second one."""
    blocker = session.get(Blocker, blocker_id, with_for_update=True, populate_existing=True)
    if blocker is None:
        return Gone()
    there = loading.of_blockers(session, at, [blocker_id]).get(blocker_id)
    return Exists(there) if there is not None and there.live else None


def _row(
    session: Session,
    at: datetime,
    workspace_id: int,
    key: str,
    place: Place,
    typed: Typed,
    actor: Person,
    owner: Person,
) -> dict[str, Any]:
    team_id = _team(session, workspace_id, place)
    return {
        "workspace_id": workspace_id,
        "team_id": team_id,
        "ritual_id": place.ritual_id,
        "run_id": place.run_id,
        "blocker_id": place.blocker_id,
        "channel": place.channel or None,
        "message_ts": place.message_ts or None,
        "what": one_line(typed.what),
        "details": clean(typed.details).strip(),
        "owner_id": owner.id,
        "assigned_by": actor.id,
        "due": typed.due,
        "state": ItemState.OPEN,
        "raised_by": actor.id,
        "raised_at": at,
        "origin": key,
        "wants_ticket": typed.ticket and has_project(session, team_id),
    }


def _insert(session: Session, row: dict[str, Any]) -> int | None:
    """The id of the new row; None where its origin is there already."""
    session.flush()
    adding = insert(session, ActionItem).values(row).on_conflict_do_nothing()
    return session.scalar(adding.returning(ActionItem.id))


def _team(session: Session, workspace_id: int, place: Place) -> int | None:
    """Whose it is: the team of the ritual that it came from, or of the channel."""
    if place.ritual_id is not None:
        return session.get_one(Ritual, place.ritual_id).team_id
    if not place.channel.startswith(("C", "G")):
        return None
    return team_of(session, workspace_id, place.channel, place.channel_name).id


def has_project(session: Session, team_id: int | None) -> bool:
    """Whether a team's items can have tickets."""
    return team_id is not None and session.get(JiraProject, team_id) is not None


# --- change


def edit(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    typed: Typed,
    which: Collection[str],
    here: str = "",
) -> Noted | Wrong | Gone | NotTheirs | Settled:
    """Change what an item says: of what was typed, the inputs named in `which` alone.

    What somebody else has changed since the form was opened stays so.
    """
    found = find(session, workspace_id, slack_id, item_id, here)
    if isinstance(found, (Gone, NotTheirs)):
        return found
    item = found.item
    if item.state not in LIVE_ITEMS:
        return Settled(loading.shown(session, at, [item])[0])
    before = Before(item.owner_id, item.told_on)
    owner = owner_of(session, workspace_id, item, typed, which)
    asked = set(which) - ({"due"} if typed.due == item.due else set())
    if wrong := problems(typed, asked, owner, at):
        return Wrong(wrong)
    _write(session, item, typed, which)
    if owner is not None:
        give(item, owner, found.actor)
    return Noted(note(session, at, item, found.actor, before))


def owner_of(
    session: Session, workspace_id: int, item: ActionItem, typed: Typed, which: Collection[str]
) -> Person | None:
    """Whose the item will be: who was chosen, or where nobody was to be, who has it."""
    if "owner" in which:
        named = {typed.owner} - {""}
        return rows_of(session, workspace_id, named).get(typed.owner)
    return session.get(Person, item.owner_id) if item.owner_id is not None else None


def _write(session: Session, item: ActionItem, typed: Typed, which: Collection[str]) -> None:
    if "what" in which and item.issue_id is None:  # from then on its words are Jira's
        item.what = one_line(typed.what)
    if "details" in which:
        item.details = clean(typed.details).strip()
    if "due" in which:
        item.due = typed.due
    if "ticket" in which and item.issue_id is None:
        item.wants_ticket = typed.ticket and has_project(session, item.team_id)


def give(item: ActionItem, owner: Person, by: Person | None) -> None:
    """Let somebody have an item; `by` is None where Jira says so."""
    if item.owner_id != owner.id:
        item.owner_id, item.told_on = owner.id, None
        item.assigned_by = by.id if by is not None else None


class Before(NamedTuple):
    """Who had an item until now, and on which day's card it was new to them."""

    owner: int | None = None
    told_on: date | None = None


_SAME = Before()


def note(
    session: Session, at: datetime, item: ActionItem, by: Person, before: Before = _SAME
) -> ItemShown:
    """Somebody changed an item: let all that shows it follow."""
    session.flush()
    tickets.mark(session, at, [item])
    also = {by.id, before.owner or by.id}
    shown.refresh_items(session, at, [item], also=also, told=[before.told_on])
    return loading.shown(session, at, [item])[0]
