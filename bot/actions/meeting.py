"""An item and its issue meet, in SQL: what each changed is merged, and what Jira confirms kept.

Each is one transaction. Between the two Jira is told, by `to_jira`; should nobody hear what came of
that, they meet again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.actions import accounts, links, shown, unheard, words
from bot.actions.agreed import Agreed, Here, agreed, here, ours
from bot.actions.issues import name_of
from bot.actions.items import give
from bot.actions.merge import Field, Merged, Values, Verdict, category_of, merge, state_of
from bot.core.errors import Transient
from bot.core.states import ItemState
from bot.core.text import one_line
from bot.db.tables import ActionItem, JiraPerson
from bot.jira.model import KEEP, Category, Changes, Issue, RemoteLink

NOTHING = Changes()


class Overtaken(Transient):
    """It was given to somebody else at that moment."""


@dataclass(frozen=True)
class Owed:
    """What Jira is to be told of an item, and what both were when that was found."""

    item_id: int
    here: Here
    issue: Issue
    category: Category | None = None
    changes: Changes = NOTHING
    link: RemoteLink | None = None


def meet(
    session: Session,
    at: datetime,
    item_id: int,
    uid: str,
    issue: Issue,
    *,
    owner: int | None,
    by_hand: bool,
    root: str,
) -> Owed | None:
    """Merge what an item and its issue have become; None where they have nothing to do any more.

    `owner` is whom the item belonged to when Jira was asked who they are. Raises Overtaken where it
    is somebody else by now. `by_hand`: somebody assigned a new issue that was to be nobody's.
    `root` is the workspace's address.
    """
    item = session.get(ActionItem, item_id, with_for_update=True)
    if item is None or item.issue_id != issue.id:
        return None
    if item.owner_id != owner:
        raise Overtaken
    last, known = (
        unheard.as_asked(session, agreed(item), issue, by_hand),
        accounts.account_of(session, owner),
    )
    met = _Meeting(item, issue, last, known, here(item))
    merged = merge(last.there, ours(met.before, last, known), values_of(issue))
    before, told_on = _seen(item), item.told_on
    _follow(session, at, met, merged)
    _agree(session, met, merged)
    session.flush()
    if _seen(item) != before:
        also = () if owner is None else (owner,)
        shown.refresh(session, at, [item.id], also=also, told=[told_on])
    return _owed(met, merged, links.back(session, item, uid, root))


@dataclass(frozen=True)
class _Meeting:
    item: ActionItem
    issue: Issue
    last: Agreed
    owner: JiraPerson | None
    before: Here


def values_of(issue: Issue) -> Values:
    """An issue's fields that go both ways."""
    assignee = issue.assignee.id if issue.assignee is not None else None
    return Values(issue.category, assignee, issue.due)


def differs(item: ActionItem, issue: Issue) -> bool:
    """Whether an issue is not what was last agreed on, so that they should meet."""
    seen = (item.what, item.issue_key)
    return agreed(item).there != values_of(issue) or seen != (_summary(item, issue), issue.key)


def _summary(item: ActionItem, issue: Issue) -> str:
    return one_line(issue.summary) or item.what


def _seen(item: ActionItem) -> tuple[object, ...]:
    return here(item), item.what, item.issue_key, item.note


def _follow(session: Session, at: datetime, met: _Meeting, merged: Merged) -> None:
    """Let the item become what the issue is, where that changed."""
    item, issue = met.item, met.issue
    item.what, item.issue_key = _summary(item, issue), issue.key
    if Field.CATEGORY in merged.taken:
        become(item, at, issue.category)
    if Field.DUE in merged.taken:
        item.due = issue.due
    if Field.ASSIGNEE in merged.taken:
        person = None
        if issue.assignee is not None:
            person = accounts.person_of(session, item.workspace_id, issue.assignee)
        if person is not None:
            give(item, person, None)
        else:
            item.owner_id = item.assigned_by = item.told_on = None


def become(item: ActionItem, at: datetime, category: Category) -> None:
    """Let an item be where Jira has it; one that was dropped stays so while that is done there."""
    if category_of(item.state) is not category:
        item.state = state_of(category)
        item.closed_at = at if item.state is ItemState.DONE else None
        item.reason = None


def _agree(session: Session, met: _Meeting, merged: Merged) -> None:
    """Write down what both hold now; of what is to be sent, still what they held before."""
    now, was, sent = here(met.item), met.last.here, merged.sent
    Agreed(
        here=Here(
            was.state if Field.CATEGORY in sent else now.state,
            was.owner if Field.ASSIGNEE in sent else now.owner,
            was.due if Field.DUE in sent else now.due,
        ),
        there=merged.agreed,
        link=met.last.link,
        notes=_notes(session, met, merged),
        nobody_for=met.last.nobody_for if Field.ASSIGNEE in sent else None,
    ).keep(met.item)


def _notes(session: Session, met: _Meeting, merged: Merged) -> Mapping[Field, str]:
    """Each field's note holds until that field changes again."""
    notes = dict(met.last.notes)
    for field, verdict in merged.verdicts.items():
        if verdict is not Verdict.SAME:
            notes.pop(field, None)
        if verdict is Verdict.JIRA_WINS:
            notes[field] = words.both(field)
    if Field.ASSIGNEE in merged.taken:
        if met.issue.assignee is not None and met.item.owner_id is None:
            notes[Field.ASSIGNEE] = words.not_known_here(met.issue.assignee.name)
    elif met.before.owner != met.last.here.owner:
        notes.pop(Field.ASSIGNEE, None)
        if met.owner is not None and met.owner.account is None:
            name = name_of(session, met.before.owner)
            notes[Field.ASSIGNEE] = words.without_account(name, met.owner.match)
    return notes


def _owed(met: _Meeting, merged: Merged, link: RemoteLink | None) -> Owed:
    mine = ours(met.before, met.last, met.owner)
    return Owed(
        item_id=met.item.id,
        here=here(met.item),
        issue=met.issue,
        category=mine.category if Field.CATEGORY in merged.sent else None,
        changes=Changes(
            assignee=mine.assignee if Field.ASSIGNEE in merged.sent else KEEP,
            due=mine.due if Field.DUE in merged.sent else KEEP,
        ),
        link=link if link is not None and link.url != met.last.link else None,
    )


# --- what comes of it


def asks_for_nobody(session: Session, owed: Owed) -> None:
    """Jira refused the owner and is about to be told nobody instead.

    Written down first: should nobody hear what came of that, an issue of nobody's is no change of
    Jira's own.
    """
    item = session.get(ActionItem, owed.item_id, with_for_update=True)
    if item is not None and item.issue_id == owed.issue.id:
        agreed(item).model_copy(update={"nobody_for": owed.here.owner}).keep(item)


@dataclass(frozen=True)
class Told:
    """What Jira was told, and what came of that."""

    owed: Owed
    changed: Changes = NOTHING  # what it took of the changes
    refused: frozenset[Field] = frozenset()
    why: str = ""  # it is stuck in its status, where there is more to say of that
    linked: bool = False  # the link back was written

    @property
    def took(self) -> bool:
        """Whether Jira let anything be changed."""
        return bool(self.changed) or (self.owed.category is not None and not self.stuck)

    @property
    def stuck(self) -> bool:
        """Whether there was no way to the status that was wanted."""
        return Field.CATEGORY in self.refused


def confirm(session: Session, at: datetime, told: Told) -> None:
    """Both hold now what Jira took; what it refused stays as it is there, and the item says so."""
    owed = told.owed
    item = session.get(ActionItem, owed.item_id, with_for_update=True)
    if item is None or item.issue_id != owed.issue.id:
        return
    last, before = agreed(item), _seen(item)
    if told.stuck and item.state is owed.here.state:
        become(item, at, owed.issue.category)
    Agreed(
        here=_held_here(last.here, item, told),
        there=_held_there(last.there, told),
        link=owed.link.url if owed.link is not None and told.linked else last.link,
        notes={**last.notes, **_refusals(session, told)},
    ).keep(item)
    session.flush()
    if _seen(item) != before:
        shown.refresh(session, at, [item.id])


def _held_here(was: Here, item: ActionItem, told: Told) -> Here:
    """What the item was when it was told; where its state is stuck, what it became then."""
    owed = told.owed
    state = was.state
    if owed.category is not None:
        # Where it is another one yet by now, that is still to be told.
        state = owed.here.state if not told.stuck else _stuck_at(was, item, owed)
    return Here(
        state,
        was.owner if owed.changes.assignee is KEEP else owed.here.owner,
        was.due if owed.changes.due is KEEP else owed.here.due,
    )


def _stuck_at(was: Here, item: ActionItem, owed: Owed) -> ItemState:
    return item.state if category_of(item.state) is owed.issue.category else was.state


def _held_there(was: Values, told: Told) -> Values:
    moved, changed = told.owed.category is not None and not told.stuck, told.changed
    return Values(
        category=told.owed.category if moved and told.owed.category else was.category,
        assignee=was.assignee if changed.assignee is KEEP else changed.assignee,
        due=was.due if changed.due is KEEP else changed.due,
    )


def _refusals(session: Session, told: Told) -> Mapping[Field, str]:
    owed = told.owed
    notes: dict[Field, str] = {}
    if told.stuck and owed.category is not None:
        notes[Field.CATEGORY] = words.no_way(owed.issue.status, owed.category, told.why)
    if Field.ASSIGNEE in told.refused:
        notes[Field.ASSIGNEE] = words.not_assignable(name_of(session, owed.here.owner))
    if Field.DUE in told.refused:
        notes[Field.DUE] = words.NO_DUE_DATE
    return notes
