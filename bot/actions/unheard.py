"""What Jira was asked for and nobody heard of yet: that an issue is to be nobody's."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.actions import words
from bot.actions.agreed import Agreed, agreed
from bot.actions.issues import name_of
from bot.actions.merge import Field
from bot.db.tables import ActionItem
from bot.jira.model import Account, Issue


def was_nobodys(session: Session, item_id: int) -> bool:
    """Whether an item's issue was made for nobody, and not read since."""
    item = session.get(ActionItem, item_id)
    return item is not None and _is_new_and_nobodys(agreed(item))


def _is_new_and_nobodys(last: Agreed) -> bool:
    return last.new and last.there.assignee is None


def as_asked(session: Session, last: Agreed, issue: Issue, by_hand: bool) -> Agreed:
    """What was agreed on; that the issue is nobody's too, where that was asked for and unheard.

    A new one that was to be nobody's is somebody's if its project will have it so.
    """
    if _is_new_and_nobodys(last) and issue.assignee is not None and not by_hand:
        return _as_jira_chose(last, issue.assignee)
    refused = last.nobody_for
    if refused is None or issue.assignee is not None:
        return last
    return last.model_copy(
        update={
            "here": replace(last.here, owner=refused),
            "there": replace(last.there, assignee=None),
            "notes": {
                **last.notes,
                Field.ASSIGNEE: words.not_assignable(name_of(session, refused)),
            },
        }
    )


def _as_jira_chose(last: Agreed, chosen: Account) -> Agreed:
    return last.model_copy(
        update={
            "there": replace(last.there, assignee=chosen.id),
            "notes": {**last.notes, Field.ASSIGNEE: words.chosen_by_jira(chosen.name)},
        }
    )
