"""Telling people what waits for them as a line on their card: today, or when they next work.

A card of today that is there already says it silently in any case.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions.mornings import next_mornings
from bot.asking import cards
from bot.asking.askable import ASKABLE
from bot.asking.deck import Day
from bot.core.cadence import local_date, zone
from bot.db.tables import Person
from bot.engine import timers
from bot.engine.timers import Due, Fired
from bot.rituals.risk.model import KIND
from bot.rituals.risk.owners import risk_owners

STEP = "tell"


def tell(session: Session, at: datetime, person_ids: Collection[int]) -> None:
    """Let these people see it; whoever is away, or has done for today, on their next morning."""
    people = session.scalars(
        select(Person).where(Person.id.in_(person_ids), ASKABLE).order_by(Person.id)
    ).all()
    when = next_mornings(session, at, people)
    today: list[int] = []
    later: list[Due] = []
    silently: list[Day] = []
    for one in people:
        on = local_date(when[one.id], zone(one.tz or "UTC"))
        if on == cards.today(one, at):
            today.append(one.id)
        else:
            later.append(Due(KIND, STEP, when[one.id], person_id=one.id, local_date=on))
            silently.append((one.id, cards.today(one, at)))
    cards.refresh(session, at, silently)
    cards.tell(session, at, today)
    timers.reset(session, later)


def tell_risk_owners(session: Session, at: datetime, team_ids: Collection[int]) -> None:
    """The same for those who answer for these teams' registers."""
    owners = risk_owners(session, team_ids) if team_ids else {}
    tell(session, at, {one.id for people in owners.values() for one in people})


def step(session: Session, at: datetime, due: Sequence[Fired]) -> None:
    """Step: they are back."""
    tell(session, at, {one.person_id for one in due if one.person_id is not None})
