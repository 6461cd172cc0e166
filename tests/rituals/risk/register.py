"""A team with a register in a world whose weeks pass: what people do to risks there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import AbsenceKind, Role
from bot.db.tables import Absence, Membership, Person, Team
from bot.rituals.risk import register
from bot.rituals.risk.categories import Category
from bot.rituals.risk.reviews import reviews
from bot.rituals.risk.reviews.reviews_model import Fate, Meant, Scored
from bot.rituals.risk.tables import Change, Risk
from bot.rituals.risk.values import Origin, Saved, Typed
from tests.asking.world import CHANNEL, World

TYPED = Typed("Labels arrive too late", Category.DATA, "UMEI", 4, 3)


def add(
    world: World, by: str = "UMEI", key: str = "k1", channel: str = CHANNEL, **said: object
) -> Risk:
    """Somebody submits the form."""
    typed = replace(TYPED, owner=by)
    typed = replace(typed, **said)  # type: ignore[arg-type]
    result = register.add(
        world.session, world.at, world.workspace_id, by, Origin(key, channel, "team"), typed
    )
    assert isinstance(result, Saved), result
    return world.session.get_one(Risk, result.risk.id)


def keep(world: World, by: str, risk: Risk) -> object:
    return reviews.keep(world.session, world.at, world.workspace_id, by, risk.id)


def rescore(
    world: World, by: str, risk: Risk, likelihood: int | None, impact: int | None
) -> object:
    said = Scored(likelihood, impact, "Seen twice this week")
    return reviews.rescore(world.session, world.at, world.workspace_id, by, risk.id, said)


def decide(
    world: World, by: str, risk: Risk, fate: Fate, why: str = "Agreed", until: date | None = None
) -> object:
    meant = Meant(fate, why, until)
    return reviews.decide(world.session, world.at, world.workspace_id, by, risk.id, meant)


def risk_owner(world: World, slack_id: str, channel: str = CHANNEL) -> Person:
    """Make somebody the risk owner of a channel's team, which must be there."""
    person = world.slack(slack_id)
    team = world.session.scalars(select(Team).where(Team.channel == channel)).one()
    world.session.add(Membership(team_id=team.id, person_id=person.id, role=Role.RISK_OWNER))
    world.session.flush()
    return person


def away(world: World, slack_id: str, first: str, last: str) -> None:
    """Somebody is on leave, by dates of theirs."""
    world.session.add(
        Absence(
            person_id=world.slack(slack_id).id,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            kind=AbsenceKind.LEAVE,
            origin=f"{slack_id}/{first}",
            created_at=world.at,
        )
    )
    world.session.flush()


def history(session: Session, risk: Risk) -> Sequence[Change]:
    return session.scalars(
        select(Change).where(Change.risk_id == risk.id).order_by(Change.id)
    ).all()
