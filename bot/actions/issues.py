"""The making of an item's issue, in SQL: what it is to be, and that it is there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.actions import accounts, shown, tickets, words
from bot.actions.agreed import Agreed, Here
from bot.actions.merge import Field, Values
from bot.actions.new_issue import Ticket, new_issue
from bot.core.states import ItemState
from bot.db.tables import ActionItem, JiraPerson, JiraProject, Person, Ritual, Run
from bot.jira.model import Category, NewIssue

_OPTIONAL = {"assignee": Field.ASSIGNEE, "duedate": Field.DUE}


def owner_of(session: Session, item_id: int) -> int | None:
    """Who an item's owner is."""
    item = session.get(ActionItem, item_id)
    return None if item is None else item.owner_id


def plan(
    session: Session, item_id: int, uid: str, without: Iterable[Field] = ()
) -> NewIssue | None:
    """What an item's issue is to be; None where none is to be made (any more).

    It is `without` the fields that Jira refused. What it is goes beside the item before anything is
    sent: should nobody hear what came of that, the issue is held against what it was made with.
    """
    item = session.get(ActionItem, item_id)
    project = chosen_for(session, item)
    if item is None or project is None or not tickets.wanted(item):
        return None
    owner = accounts.account_of(session, item.owner_id)
    account = owner.account if owner is not None and Field.ASSIGNEE not in without else None
    due = item.due if Field.DUE not in without else None
    there = Values(Category.TODO, account, due)
    Agreed(
        here=Here(ItemState.OPEN, item.owner_id, item.due),
        there=there,
        notes=_notes(session, item, owner, there),
        new=True,
    ).keep(item)
    return new_issue(_ticket(session, item, project), tickets.label(uid), account, due)


def _notes(
    session: Session, item: ActionItem, owner: JiraPerson | None, there: Values
) -> dict[Field, str]:
    notes: dict[Field, str] = {}
    if owner is not None and there.assignee is None:
        name = name_of(session, item.owner_id)
        notes[Field.ASSIGNEE] = (
            words.not_assignable(name)
            if owner.account is not None
            else words.without_account(name, owner.match)
        )
    if there.due is None and item.due is not None:
        notes[Field.DUE] = words.NO_DUE_DATE
    return notes


def _ticket(session: Session, item: ActionItem, project: JiraProject) -> Ticket:
    ritual = session.get(Ritual, item.ritual_id) if item.ritual_id else None
    run = session.get(Run, item.run_id) if item.run_id else None
    return Ticket(
        what=item.what,
        details=item.details,
        raised_by=name_of(session, item.raised_by),
        ritual=ritual.title if ritual is not None else "",
        kind=ritual.kind if ritual is not None else "",
        date=run.local_date if run is not None else None,
        project=project.project,
        issue_type=project.issue_type,
        fields={**(project.fields or {}), **filled_in(item, project)},
    )


def filled_in(item: ActionItem, project: JiraProject) -> Mapping[str, Any]:
    """What its owner filled in for where its team's tickets go now; of elsewhere it may not fit."""
    found: Mapping[str, Any] = (item.fields or {}).get(_place(project), {})
    return found


def fill_in(item: ActionItem, project: JiraProject, fields: Mapping[str, Any]) -> None:
    """Keep what its owner filled in, as Jira takes it, with where it is for."""
    mine = {**filled_in(item, project), **fields}
    item.fields = {**(item.fields or {}), _place(project): mine}


def _place(project: JiraProject) -> str:
    return f"{project.project}/{project.issue_type}"


def set_by_team(session: Session, item_id: int) -> frozenset[str]:
    """The fields that every ticket of an item's team has alike, as far as its owner has no say."""
    item = session.get(ActionItem, item_id)
    project = chosen_for(session, item)
    if item is None or project is None:
        return frozenset()
    return frozenset(project.fields or {}) - filled_in(item, project).keys()


def name_of(session: Session, person_id: int | None) -> str:
    """Somebody's name; "" for nobody."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""


def stands(session: Session, at: datetime, item_id: int, issue_id: str, key: str) -> None:
    """There is an issue: it was made, or found where an earlier try had made it."""
    item = session.get(ActionItem, item_id)
    if item is not None:
        item.issue_id, item.issue_key = issue_id, key
        session.flush()
        shown.refresh(session, at, [item.id])


def project_of(session: Session, item_id: int) -> str | None:
    """The project that the item's team has chosen."""
    chosen = chosen_for(session, session.get(ActionItem, item_id))
    return chosen.project if chosen is not None else None


def chosen_for(session: Session, item: ActionItem | None) -> JiraProject | None:
    """Where an item's team has its tickets made."""
    return session.get(JiraProject, item.team_id) if item is not None and item.team_id else None


def refused_fields(refused: Mapping[str, str]) -> frozenset[Field]:
    """Of the fields that Jira refused those that an issue can do without."""
    return frozenset(field for name, field in _OPTIONAL.items() if name in refused)
