"""Rows that tests of the database and the engine need, without a ritual's rules."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.core.states import RunState
from bot.db.tables import Person, Ritual, Run, Team, Timer, Workspace
from bot.engine.timers import Fired

TEAM, CHANNEL = "T01AURORA", "C01CHURN"
OWNER = "U01LENA"


def workspace(session: Session, slack_id: str = TEAM) -> Workspace:
    made = Workspace(slack_id=slack_id, name="Aurora ML", bot_user="U01MERIDIAN")
    session.add(made)
    session.flush()
    return made


def person(session: Session, workspace_id: int, slack_id: str = OWNER) -> Person:
    made = Person(workspace_id=workspace_id, slack_id=slack_id, name=slack_id, tz="Europe/Berlin")
    session.add(made)
    session.flush()
    return made


def ritual(session: Session, owner: Person, at: datetime, channel: str = CHANNEL) -> Ritual:
    team = Team(workspace_id=owner.workspace_id, channel=channel, name=channel)
    session.add(team)
    session.flush()
    made = Ritual(
        team_id=team.id,
        kind="standup",
        title="Stand-up",
        channel=channel,
        owner_id=owner.id,
        cadence={},
        config={},
        origin=f"origin-{channel}",
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def run(
    session: Session,
    of: Ritual,
    at: datetime,
    state: RunState = RunState.OPEN,
    ordinal: int = 0,
) -> Run:
    made = Run(
        ritual_id=of.id,
        local_date=date(2026, 3, 30),
        ordinal=ordinal,
        channel=of.channel,
        state=state,
        config={},
        closes_at=at + timedelta(hours=8),
    )
    session.add(made)
    session.flush()
    return made


def fired(timer: Timer) -> Fired:
    """A timer as a step is given it."""
    return Fired(*(getattr(timer, name) for name in Fired._fields))
