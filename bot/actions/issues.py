"""An item and its issue, in SQL: planned, created, met, confirmed, lost.

Each is one transaction; between them Jira is asked and told, by `to_jira`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions import accounts, links, shown, tickets
from bot.actions.agreed import Agreed, Here, agreed, here, ours
from bot.actions.drawn import Ticket, new_issue
from bot.actions.merge import Field, Merged, Values, Verdict, category_of, merge, state_of
from bot.actions.words import both, no_way, not_assignable, not_found, nobody_here, refused_due
from bot.core.states import LIVE_ITEMS, ItemState
from bot.core.text import one_line
from bot.db.tables import ActionItem, JiraPerson, JiraProject, Person, Ritual, Run
from bot.jira.model import KEEP, Category, Changes, Created, Issue, NewIssue, RemoteLink


def owner_of(session: Session, item_id: int) -> int | None:
    """Who an item's owner is."""
    item = session.get(ActionItem, item_id)
    return None if item is None else item.owner_id


# --- before there is one


def plan(session: Session, at: datetime, item_id: int, uid: str) -> NewIssue | None:
    """What an item's issue is to be; None where none is to be made (any more).

    It is noted beside the item before anything is sent: should nobody hear what came of it, the
    issue is held against what it was made with.
    """
    item = session.get(ActionItem, item_id)
    project = session.get(JiraProject, item.team_id) if item is not None and item.team_id else None
    if item is None or project is None or not tickets.wanted(item):
        return None
    owner = accounts.account_of(session, item.owner_id)
    account = owner.account if owner is not None else None
    notes = {}
    if account is None and (name := _name(session, item.owner_id)):
        notes[Field.ASSIGNEE] = not_found(name)
    Agreed(
        here=Here(ItemState.OPEN, item.owner_id, item.due),
        there=Values(Category.TODO, account, item.due),
        notes=notes,
    ).keep(item)
    return new_issue(_ticket(session, item, project), tickets.label(uid), account)


def plan_without(session: Session, _at: datetime, item_id: int, refused: Mapping[Field, str]) -> None:
    """Jira takes these fields from nobody: the issue is to be made without them."""
    item = session.get_one(ActionItem, item_id)
    last = agreed(item)
    there = last.there.without(refused)
    notes = {**last.notes, **_refusals(session, item, refused)}
    last.model_copy(update={"there": there, "notes": notes}).keep(item)


def _ticket(session: Session, item: ActionItem, project: JiraProject) -> Ticket:
    ritual = session.get(Ritual, item.ritual_id) if item.ritual_id else None
    run = session.get(Run, item.run_id) if item.run_id else None
    return Ticket(
        what=item.what,
        details=item.details,
        due=item.due,
        raised_by=_name(session, item.raised_by),
        ritual=ritual.title if ritual is not None else "",
        kind=ritual.kind if ritual is not None else "",
        date=run.local_date if run is not None else None,
        project=project.project,
        issue_type=project.issue_type,
        fields={**(project.fields or {}), **(item.fields or {})},
    )


def created(session: Session, at: datetime, item_id: int, made: Created) -> None:
    """There is an issue."""
    item = session.get(ActionItem, item_id)
    if item is None:
        return
    item.issue_id, item.issue_key = made.id, made.key
    shown.refresh(session, at, [item.id])


# --- while there is one


@dataclass(frozen=True)
class Owed:
    """What Jira is to be told of an item, and what both were when that was found."""

    item_id: int
    here: Here
    there: Issue
    category: Category | None = None
    changes: Changes = Changes()
    link: RemoteLink | None = None

    @property
    def dropped(self) -> bool:
        return self.here.state is ItemState.DROPPED


def meet(
    session: Session, at: datetime, item_id: int, uid: str, issue: Issue, root: str
) -> Owed | None:
    """Merge what an item and its issue are; None where the item has no use for one any more."""
    item = session.get(ActionItem, item_id)
    if item is None or item.issue_id != issue.id:
        return None
    owner = accounts.account_of(session, item.owner_id)
    last, now = agreed(item), here(item)
    mine = ours(now, last, owner)
    theirs = values_of(issue)
    merged = merge(last.there, mine, theirs)
    before = _seen(item)
    shown.refresh(session, at, [item.id] if now.owner is not None and merged.taken else [])
    _follow(session, at, item, merged, issue)
    notes = _notes(session, item, last, now, owner, merged, issue)
    link = links.back(session, item, uid, root)
    _agree(item, last, now, merged, notes)
    if _seen(item) != before:
        shown.refresh(session, at, [item.id])
    return Owed(
        item_id=item.id,
        here=here(item),
        there=issue,
        category=mine.category if Field.CATEGORY in merged.sent else None,
        changes=Changes(
            assignee=mine.assignee if Field.ASSIGNEE in merged.sent else KEEP,
            due=mine.due if Field.DUE in merged.sent else KEEP,
        ),
        link=link if link is not None and link.url != last.link else None,
    )
