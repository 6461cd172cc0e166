"""What a team's risk register holds before a run begins."""

import base64
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import Role
from bot.db.sealing import Sealer, key_of
from bot.db.tables import Membership, Person, Team
from bot.rituals.risk import register
from bot.rituals.risk import registers as settled
from bot.rituals.risk.alerts import hook
from bot.rituals.risk.categories import Category
from bot.rituals.risk.reviews import chasing, schedule
from bot.rituals.risk.reviews.team_review_model import Config, When
from bot.rituals.risk.states import Band
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.values import Origin, Saved, Typed
from bot.teams.teams import team_of
from tests.simulation.borders.monitor import PUBLIC_ID, SECRET
from tests.simulation.cast import KnownRisk, Register

KEY = base64.b64encode(bytes(32)).decode()
"""Seals what SQL keeps of secrets."""
_NAME = "leads"


def open_register(session: Session, at: datetime, workspace_id: int, wanted: Register) -> None:
    """A register with its risks, its risk owner, its hook and its review."""
    team = team_of(session, workspace_id, wanted.channel, _NAME)
    team.tz = wanted.zone
    found = session.scalars(select(Person).where(Person.slack_id == wanted.risk_owner))
    risk_owner = found.one()
    session.add(Membership(team_id=team.id, person_id=risk_owner.id, role=Role.RISK_OWNER))
    _settle(session, team, wanted)
    for number, one in enumerate(wanted.risks):
        _add(session, at, workspace_id, wanted, Origin(f"known {number}", wanted.channel), one)
    cadence = schedule.monthly(wanted.nth, wanted.weekday, wanted.at, wanted.zone)
    config = Config(when=When.MONTHLY)
    schedule.set_up(session, at, team, risk_owner.id, config, cadence)


def _settle(session: Session, team: Team, wanted: Register) -> None:
    row = settled.register_of(session, team.id)
    row.public_id = PUBLIC_ID
    row.intervals = dict(zip((one.value for one in Band), wanted.days, strict=True))
    row.secret = Sealer(key_of(KEY)).seal(SECRET, hook.TABLE, hook.COLUMN, team.id)
    session.flush()


def _add(
    session: Session,
    at: datetime,
    workspace_id: int,
    wanted: Register,
    origin: Origin,
    one: KnownRisk,
) -> None:
    """It was raised long ago, so that it is due when the setting says."""
    typed = Typed(one.title, Category.DATA, one.owner, one.likelihood, one.impact)
    who = one.owner or wanted.risk_owner
    saved = register.add(session, at, workspace_id, who, origin, typed)
    assert isinstance(saved, Saved), saved
    risk = session.get_one(Risk, saved.risk.id)
    risk.next_review = one.due
    chasing.plan(session, at, [risk])
