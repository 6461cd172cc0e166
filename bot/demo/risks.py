"""The demo team's risk register: twelve risks of all six categories, two of them overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.states import Role
from bot.db.tables import Membership, Person
from bot.demo.script import ARJUN, INES, LENA, MEI, RAFAEL, SAM
from bot.rituals.risk import register
from bot.rituals.risk.categories import ABOUT, Category
from bot.rituals.risk.reviews import reviews
from bot.rituals.risk.reviews.reviews_model import Scored
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.values import Origin, Saved, Typed
from bot.teams.teams import team_of

_DAY = timedelta(days=1)
_MODEL = "churn-v2"


@dataclass(frozen=True)
class Step:
    """What its owner did to it at a review, so many days before the demo begins."""

    ago: int
    likelihood: int = 0  # 0: kept as it was
    impact: int = 0
    why: str = ""


@dataclass(frozen=True)
class Entry:
    """One risk, as it was raised."""

    title: str
    category: Category
    owner: str
    likelihood: int
    impact: int
    ago: int  # days before the demo begins
    cause: str = ""
    consequence: str = ""
    ticked: tuple[int, ...] = ()  # of its category's usual mitigations
    residual: tuple[int, int] | None = None
    model: str = ""
    steps: tuple[Step, ...] = ()


RISKS = (
    Entry("Consent flags stay closed to us until legal agrees", Category.DATA, LENA, 4, 4, 9,
          "Access needs a signature that nobody has asked for.",
          "We can't tell whom we may train on, and the pilot waits.",
          (1, 4), (2, 4)),
    Entry("August's event log has gaps that nobody explained", Category.DATA, MEI, 3, 3, 25,
          "The collector was restarted three times.", "Labels of August may be wrong.",
          (0, 3), (2, 3)),
    Entry("Precision in the top 200 misses what sales can use", Category.PERFORMANCE, RAFAEL,
          4, 4, 20, "3.1 % positives.", "Customer success calls the wrong accounts.",
          (0, 2), (2, 4), _MODEL,
          (Step(13, why=""), Step(6, 5, 4, "Calibration got worse with class weights"))),
    Entry("The baseline is nearly as good as the boosted model", Category.PERFORMANCE, ARJUN,
          3, 2, 21, "Few features carry it.", "We pay for complexity that gives nothing.", (0,)),
    Entry("Small customers are flagged far more often", Category.FAIRNESS, INES, 3, 4, 9,
          "They change plans more often, which looks like churn.",
          "They get discounts for nothing, or calls that annoy them.", (0, 2), (2, 3), _MODEL),
    Entry("Nobody can say why an account is on the list", Category.FAIRNESS, SAM, 3, 3, 15,
          consequence="Customer success won't trust it.", ticked=(4,)),
    Entry("The price change in May shifts what churn looks like", Category.DRIFT, RAFAEL, 4, 3, 8,
          "Nothing in the training data knows the new prices.",
          "Scores go stale within weeks.", (0, 2), (3, 2), _MODEL),
    Entry("Nobody would notice if the scores became stale", Category.DRIFT, ARJUN, 3, 3, 18,
          ticked=(1,)),
    Entry("Scoring every account takes longer than the night", Category.DEPLOYMENT, ARJUN,
          2, 4, 22, "Joins over 14 months of events.", "Lists arrive after the calls.",
          (1, 3), (1, 4), "", (Step(5, 2, 3, "Nightly snapshots cut it to three hours"),)),
    Entry("Only Mei knows how to rebuild the features", Category.DEPLOYMENT, MEI, 3, 3, 16),
    Entry("Names of contacts end up in the training set", Category.SECURITY, MEI, 2, 5, 11,
          "Free-text fields hold anything.", "Personal data where nobody may keep it.",
          (0, 1), (1, 5)),
    Entry("Old exports lie in a bucket that everybody reads", Category.SECURITY, LENA, 2, 2, 30,
          ticked=(3,)),
)  # fmt: skip


def furnish(session: Session, begins: datetime, workspace_id: int, channel: str, name: str) -> None:
    """Let the team have raised and reviewed its risks before the demo `begins`."""
    for number, entry in enumerate(RISKS):
        origin = Origin(f"demo-{number}", channel, name)
        at, who = begins - entry.ago * _DAY, (workspace_id, entry.owner)
        saved = register.add(session, at, *who, origin, _typed(entry))
        if isinstance(saved, Saved):
            for step in entry.steps:
                _review(session, begins - step.ago * _DAY, who, saved.risk.id, step)
    team = team_of(session, workspace_id, channel, name)
    owner = session.scalars(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == INES)
    ).one()
    session.add(Membership(team_id=team.id, person_id=owner.id, role=Role.RISK_OWNER))


def _typed(entry: Entry) -> Typed:
    usual = ABOUT[entry.category].mitigations
    residual = entry.residual or (None, None)
    return Typed(
        title=entry.title,
        category=entry.category,
        owner=entry.owner,
        likelihood=entry.likelihood,
        impact=entry.impact,
        model=entry.model,
        cause=entry.cause,
        consequence=entry.consequence,
        links="",
        response="reduce" if entry.ticked else "",
        residual_likelihood=residual[0],
        residual_impact=residual[1],
        ticked=tuple(usual[one] for one in entry.ticked),
        mitigations="",
    )


def _review(session: Session, at: datetime, who: tuple[int, str], risk_id: int, step: Step) -> None:
    risk = session.get_one(Risk, risk_id)
    if step.likelihood:
        said = Scored(step.likelihood, step.impact, step.why)
        reviews.rescore(session, at, *who, risk.id, said)
    else:
        reviews.keep(session, at, *who, risk.id)
