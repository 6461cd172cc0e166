"""What the forms of action items are filled with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import loading
from bot.actions.model import FormShown, Gone, ItemShown, NotTheirs, Place, Proposed, Settled
from bot.actions.rights import look
from bot.asking import cards
from bot.db.tables import ActionItem, JiraProject, Person, Ritual, Team

_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_SATURDAY = 5


def new_form(
    session: Session, at: datetime, workspace_id: int, slack_id: str, proposed: Proposed
) -> FormShown:
    """The form of a new item: whoever opens it does it within a week, unless proposed otherwise."""
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    today = cards.today(person, at) if person is not None else at.date()
    project = _project(session, _team(session, workspace_id, proposed.place))
    return FormShown(
        key=proposed.key,
        place=proposed.place,
        what=proposed.what,
        owner=proposed.owner or slack_id,
        due=proposed.due or _workday(today + _WEEK),
        details=proposed.details,
        ticket=bool(project),
        project=project,
        about=proposed.about,
        hidden=proposed.hidden,
    )


def _workday(on: date) -> date:
    """That day, or the Monday after it."""
    while on.weekday() >= _SATURDAY:
        on += _DAY
    return on


def _team(session: Session, workspace_id: int, place: Place) -> int | None:
    """The team that an item of this place will belong to, where there is one yet."""
    if place.ritual_id is not None:
        return session.scalar(select(Ritual.team_id).where(Ritual.id == place.ritual_id))
    of_channel = (Team.workspace_id == workspace_id) & (Team.channel == place.channel)
    return session.scalar(select(Team.id).where(of_channel))


def _project(session: Session, team_id: int | None) -> str:
    """The Jira project of a team's tickets, by name; "" for none."""
    named = select(JiraProject.name).where(JiraProject.team_id == team_id)
    return session.scalar(named) or ""


def edit_form(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    here: str = "",
) -> FormShown | Gone | NotTheirs | Settled:
    """The form that changes an item."""
    found = look(session, workspace_id, slack_id, item_id, here)
    if isinstance(found, (Gone, NotTheirs)):
        return found
    item, shown = found.item, loading.shown(session, at, [found.item])[0]
    if not shown.live:
        return Settled(shown)
    return FormShown(
        key=item.origin,
        place=Place(channel=item.channel or ""),
        what=item.what,
        owner=_slack_id(session, item),
        due=item.due,
        details=item.details,
        ticket=item.wants_ticket,
        project=_project(session, item.team_id),
        item_id=item.id,
        issue_key=shown.issue_key,
        issue_url=shown.issue_url,
        issue=item.issue_id is not None,
        note=item.note or "",
    )


@dataclass(frozen=True)
class Little:
    """What one of the small forms is filled with."""

    item: ItemShown
    owner: str  # a Slack id; "": nobody


def little_form(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    item_id: int,
    here: str = "",
) -> Little | Gone | NotTheirs | Settled:
    """An item for a form that changes one thing about it."""
    found = look(session, workspace_id, slack_id, item_id, here)
    if isinstance(found, (Gone, NotTheirs)):
        return found
    shown = loading.shown(session, at, [found.item])[0]
    return Little(shown, _slack_id(session, found.item)) if shown.live else Settled(shown)


def _slack_id(session: Session, item: ActionItem) -> str:
    """The owner's, where they can be chosen still."""
    person = session.get(Person, item.owner_id) if item.owner_id is not None else None
    return person.slack_id if person is not None and not person.deleted else ""


def item_of_blocker(
    session: Session, at: datetime, _workspace_id: int, blocker_id: int
) -> ItemShown | None:
    """The item that is made of a blocker already and still to be done."""
    there = loading.of_blockers(session, at, [blocker_id]).get(blocker_id)
    return there if there is not None and there.live else None
