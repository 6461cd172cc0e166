"""Telling Jira what an item has become: only what differs, and without what it refuses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.actions import issues
from bot.actions.meeting import Owed, Told
from bot.actions.merge import Field
from bot.actions.ways import choose
from bot.core.noted import noted
from bot.core.states import ItemState
from bot.jira.errors import Conflict, Forbidden, JiraRefused, NotFound, Unauthorised
from bot.jira.gateway import Gateway
from bot.jira.model import KEEP, Category, Changes

log = structlog.get_logger()


async def update(jira: Gateway, owed: Owed, asks_for_nobody: Callable[[], Awaitable[None]]) -> Told:
    """Tell Jira; what is not known to have taken effect ends in an error, and is told again.

    `asks_for_nobody` writes down that nobody is about to be assigned instead of a refused owner.
    """
    try:
        changed, refused = await _change(jira, owed, asks_for_nobody)
    except (NotFound, Unauthorised):
        raise
    except JiraRefused:
        if owed.category is not None:  # the one is no reason to keep the other from Jira
            await _move(jira, owed, owed.category)
        raise
    stuck = await _move(jira, owed, owed.category) if owed.category is not None else None
    linked = await _link(jira, owed)
    if stuck is not None:
        refused |= {Field.CATEGORY}
    return Told(owed, changed, refused, stuck.why if stuck is not None else "", linked)


async def _change(
    jira: Gateway, owed: Owed, asks_for_nobody: Callable[[], Awaitable[None]]
) -> tuple[Changes, frozenset[Field]]:
    """What Jira took of the changes, and what it refused."""
    changes, refused = owed.changes, frozenset[Field]()
    while changes:
        try:
            await jira.update(owed.issue.id, changes)
            break
        except (Forbidden, NotFound, Unauthorised):
            raise
        except JiraRefused as error:
            named = issues.refused_fields(error.fields) & _named(changes)
            if not named:
                raise
            refused |= named
            changes = _less(changes, named, assigned=owed.issue.assignee is not None)
            if Field.ASSIGNEE in named and changes.assignee is None:
                await asks_for_nobody()
    return changes, refused


def _named(changes: Changes) -> frozenset[Field]:
    found = {Field.ASSIGNEE: changes.assignee, Field.DUE: changes.due}
    return frozenset(field for field, value in found.items() if value is not KEEP)


def _less(changes: Changes, refused: frozenset[Field], *, assigned: bool) -> Changes:
    """The changes without what was refused: of an assignee, nobody is left, or where nobody can't
    be, whoever it was.
    """
    if Field.ASSIGNEE in refused:
        nobody = assigned and changes.assignee is not None
        changes = replace(changes, assignee=None if nobody else KEEP)
    return replace(changes, due=KEEP) if Field.DUE in refused else changes


@dataclass(frozen=True)
class _Stuck:
    """No way leads to where the item went."""

    why: str


async def _move(jira: Gateway, owed: Owed, wanted: Category) -> _Stuck | None:
    found = await jira.transitions(owed.issue.id)
    way = choose(found, wanted, dropped=owed.here.state is ItemState.DROPPED)
    why = ""
    if way is not None and way.needs:
        why = f"it asks for {', '.join(way.needs)}"
    elif way is not None:
        try:
            await jira.transition(owed.issue.id, way.id)
        except (NotFound, Unauthorised):
            raise
        except JiraRefused as error:
            why = error.words
        else:
            return None
    now = await jira.issue(owed.issue.id)
    if now.category is not owed.issue.category:  # somebody has moved it since it was read
        raise Conflict
    return _Stuck(why)


async def _link(jira: Gateway, owed: Owed) -> bool:
    """Whether the link was written; a site may take none, and the issue is worth having even so."""
    if owed.link is None:
        return False
    try:
        await jira.link(owed.issue.id, owed.link)
    except (NotFound, Unauthorised):
        raise
    except JiraRefused as error:
        log.warning("an issue takes no link", issue=owed.issue.key, error=noted(error))
        return False
    return True
