"""Each action item that wants an issue has one, and both say what people did last."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from bot.core.states import ItemState, MirrorKind, Outcome
from bot.db.tables import ActionItem, Mirror, Person
from bot.sandbox.jira.schemes import DONE, INDETERMINATE, NEW
from bot.sandbox.jira.world import Issue
from tests.simulation.borders.jira import Made
from tests.simulation.cast import Account
from tests.simulation.evidence import Evidence
from tests.simulation.model.tasks import Aspect, Task, Value

_CATEGORIES = {
    ItemState.OPEN: NEW,
    ItemState.IN_PROGRESS: INDETERMINATE,
    ItemState.DONE: DONE,
    ItemState.DROPPED: DONE,
}
_VIEW = "ticket"


def one_each(evidence: Evidence) -> Iterator[str]:
    """No issue is made twice, nor of what nobody wants one of.

    Of one that somebody deleted before the bot heard of it nobody can tell that it ever was.
    """
    made_so = [one for one in evidence.jira.made if not _deleted_since(evidence, one)]
    for label, times in Counter(one.label for one in made_so).items():
        if times > 1:
            yield f"an issue was made {times} times: {label}"
    for made in evidence.jira.made:
        task = evidence.books.tasks.get(made.summary)
        if task is None or not task.ticket:
            yield f"nobody wants an issue {made.summary!r}"


def _deleted_since(evidence: Evidence, made: Made) -> bool:
    """Whether an issue was deleted before the next one of its label was made."""
    task = evidence.books.tasks.get(made.summary)
    deleted = task.deleted if task is not None else None
    later = [one.at for one in evidence.jira.made if one.label == made.label and one.at > made.at]
    return deleted is not None and any(made.at < deleted < at for at in later)


def items_kept(evidence: Evidence) -> Iterator[str]:
    """What was raised and acknowledged is in SQL, once; and nothing else."""
    stored = Counter(evidence.session.scalars(select(ActionItem.what)))
    for what, task in evidence.books.tasks.items():
        if stored[what] > 1 or (task.sure and not stored[what]):
            yield f"the item {what!r} is {stored[what]} times in SQL"
    for what in stored.keys() - evidence.books.tasks.keys():
        yield f"nobody raised {what!r}"


def none_missing(evidence: Evidence) -> Iterator[str]:
    """Once Jira is up and quiet, whatever wants an issue has one, unless it was deleted there."""
    made = {one.summary for one in evidence.jira.made}
    rows = evidence.session.execute(
        select(ActionItem, Mirror.outcome, Mirror.shown < Mirror.wanted).outerjoin(
            Mirror,
            (Mirror.kind == MirrorKind.ISSUE)
            & (Mirror.view == _VIEW)
            & (Mirror.subject == ActionItem.id.cast(Mirror.subject.type)),
        )
    )
    for item, outcome, stale in rows:
        task = evidence.books.tasks[item.what]
        if not task.ticket:
            continue
        if item.what not in made and item.state is not ItemState.DROPPED:
            yield f"{item.what!r} wants an issue and has none: {outcome} {item.note}"
        if stale and outcome is None:
            yield f"{item.what!r} is still to be told to Jira"
        deleted = _is_deleted(evidence, task)
        if deleted and (outcome is not Outcome.GONE or not item.note):
            yield f"the issue of {item.what!r} was deleted, and it is {outcome}: {item.note}"
        if not deleted and outcome is not None:
            yield f"Jira is told no more of {item.what!r}: {outcome} {item.note}"


def _is_deleted(evidence: Evidence, task: Task) -> bool:
    """Whether the last issue of an item was deleted."""
    at = task.deleted
    return at is not None and not any(
        one.summary == task.what and one.at > at for one in evidence.jira.made
    )


def both_sides_agree(evidence: Evidence) -> Iterator[str]:
    """The item in SQL and the issue in Jira say the same, as far as either can say it."""
    for task, item, owner, issue in _pairs(evidence):
        if issue is None:
            continue
        told = f"{task.what!r} ({issue.key})"
        if item.issue_key != issue.key:
            yield f"{told} is called {item.issue_key}"
        if _CATEGORIES[item.state] is not issue.category:
            yield f"{told} is {item.state}, and in Jira {issue.category.name}"
        if item.due != _day(issue):
            yield f"{told} is due on {item.due}, and in Jira on {_day(issue)}"
        if issue.assignee != _account(evidence, owner) and not _unknown(evidence, owner, issue):
            yield f"{told} is {owner}'s, and in Jira {issue.assignee}'s: {item.note}"


def as_people_left_it(evidence: Evidence) -> Iterator[str]:
    """Each aspect is what the last of those who changed it said, here or there."""
    for task, item, owner, _issue in _pairs(evidence):
        found: dict[Aspect, Value] = {
            Aspect.STATE: item.state.value,
            Aspect.OWNER: owner,
            Aspect.DUE: item.due,
        }
        for aspect, value in found.items():
            if aspect is Aspect.STATE and task.strict:
                continue  # where no way leads there, Jira's stays
            may = task.may_be(aspect, evidence.weather_of_jira.deadline)
            if aspect is Aspect.OWNER and any(_left(evidence, one) for one in may):
                may.append("")  # whoever left Slack is assigned in Jira to nobody here
            if value not in may and not (value == "dropped" and "done" in may):
                yield f"{task.what!r} has as {aspect} {value}, and should have one of {may}"


def _left(evidence: Evidence, who: Value) -> bool:
    return isinstance(who, str) and who != "" and bool(evidence.books.active[who].changes)


def _pairs(evidence: Evidence) -> Iterator[tuple[Task, ActionItem, str, Issue | None]]:
    """Each item as people know it, in SQL, whose it is, and its issue."""
    rows = evidence.session.execute(
        select(ActionItem, Person.slack_id).outerjoin(Person, Person.id == ActionItem.owner_id)
    )
    for item, owner in rows:
        issue = evidence.site.jira.world.issues.get(item.issue_id or "")
        yield evidence.books.tasks[item.what], item, owner or "", issue


def _day(issue: Issue) -> date | None:
    due = issue.values.get("duedate")
    return date.fromisoformat(due) if due else None


def _account(evidence: Evidence, owner: str) -> str | None:
    """Whom an issue should be assigned to for its owner; None: it can't be."""
    board = evidence.books.setting.board
    if not owner or board is None:
        return None
    person = evidence.books.setting.person(owner)
    able = board.account(owner) in (Account.OPEN, Account.HIDDEN)
    return f"account-{person.name}" if able else None


def _unknown(evidence: Evidence, owner: str, issue: Issue) -> bool:
    """Whether it is nobody's here since it is assigned to whom nobody knows in Slack (any more)."""
    theirs = [
        one.id
        for one in evidence.books.setting.people
        if f"account-{one.name}" == issue.assignee and evidence.books.active[one.id].last
    ]
    return not owner and not theirs
