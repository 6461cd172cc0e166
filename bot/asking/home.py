"""App Home: what waits for a person, what is next, and what an owner should mend."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.core.states import MirrorKind
from bot.db.tables import Mirror, Person
from bot.engine import mirrors
from bot.engine.mirrors import Mark, Urgency

VIEW = "home"
# With its kind too, though the view would do: the unique index begins with it.
_HOMES = (Mirror.kind == MirrorKind.HOME) & (Mirror.view == VIEW)
_WATCHED = timedelta(hours=1)  # a Home that nobody looked at for an hour is not pushed
# Kept, since to build it takes longer than to run it.
_OPENED = select(Person.id).where(
    Person.id.in_(bindparam("people", expanding=True)),
    Person.home_opened_at > bindparam("since"),
)


def opened(session: Session, at: datetime, workspace_id: int, slack_id: str) -> None:
    """A person looks at their Home: show it, and keep it current for an hour."""
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    if person is None:
        person = Person(workspace_id=workspace_id, slack_id=slack_id, name=slack_id)
        session.add(person)
    person.home_opened_at = at
    session.flush()
    home = Mark(
        workspace_id, MirrorKind.HOME, VIEW, str(person.id), slack_id, urgency=Urgency.CLICKED
    )
    mirrors.mark(session, at, [home])
    # Whoever was deactivated may be back, and what Slack refused to draw may be mended.
    mirrors.lift(session, _HOMES & (Mirror.subject == str(person.id)))


def refresh(
    session: Session,
    at: datetime,
    person_ids: Collection[int],
    urgency: Urgency = Urgency.PROGRESS,
) -> None:
    """Keep the Homes current that are being looked at."""
    if not person_ids:
        return
    whose = {"people": list(person_ids), "since": at - _WATCHED}
    watched = session.scalars(_OPENED, whose).all()
    if watched:
        subjects = [str(person_id) for person_id in watched]
        mirrors.touch(session, _HOMES & Mirror.subject.in_(subjects), urgency)
