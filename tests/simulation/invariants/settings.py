"""How a register works is what the last of those who settled it said, and the audit tells of it."""

from collections.abc import Iterator

from sqlalchemy import func, select

from bot.core.cadence import Cadence
from bot.core.states import RitualState, Role
from bot.db.tables import Audit, Membership, Person, Ritual, Team
from bot.rituals.risk.tables import Register
from tests.simulation.evidence import Evidence
from tests.simulation.model.risks import Planned
from tests.simulation.model.scores import USUAL

_BANDS = ("critical", "high", "medium", "low")


def settings_kept(evidence: Evidence) -> Iterator[str]:
    """Intervals, the review's time, and a line of the audit for each time that they were set."""
    books, session = evidence.books.register, evidence.session
    if evidence.books.setting.register is None:
        return
    team = session.scalars(select(Team).where(Team.channel == books.setting.channel)).one()
    kept = session.get_one(Register, team.id).intervals
    days = USUAL if kept is None else tuple(kept[one] for one in _BANDS)
    if days not in books.days.may_be(evidence.now):
        yield f"reviews are {days} days apart, and people said {books.days.may_be(evidence.now)}"
    plan = _planned(evidence, team.id)
    if plan not in books.plan.may_be(evidence.now):
        yield f"the team review is {plan}, and people said {books.plan.may_be(evidence.now)}"
    named = session.scalars(
        select(Person.slack_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.team_id == team.id, Membership.role == Role.RISK_OWNER)
    ).all()
    owners = books.risk_owners.may_be(evidence.now)
    if tuple(named) not in [(one,) for one in owners]:
        yield f"{named} answer for the register, and people said {owners}"
    least = sum(one.sure is not None for one in books.settled)
    most = sum(one.most for one in books.settled)
    audited = session.scalar(select(func.count()).where(Audit.action == "risk.settings")) or 0
    if not least <= audited <= most:
        yield f"the register was settled {least} to {most} times, by the audit {audited} times"


def _planned(evidence: Evidence, team_id: int) -> Planned | None:
    query = select(Ritual).where(Ritual.team_id == team_id, Ritual.kind == "risk")
    ritual = evidence.session.scalars(query).one()
    if ritual.state is not RitualState.ACTIVE:
        return None
    cadence = Cadence.model_validate(ritual.cadence)
    return Planned(cadence.nth[0], cadence.weekdays[0], cadence.at)
