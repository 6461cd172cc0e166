"""What a team review shows: the register at that moment, and what is different since the last.

It is kept as JSON in the run's configuration, so that a review of March stays one of March.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.cadence import local_date
from bot.db.tables import Person, Team
from bot.rituals.risk.loading import lines
from bot.rituals.risk.model import band, score
from bot.rituals.risk.reviews.snapshot_model import Arrow, Listed, Point, Review, Told
from bot.rituals.risk.scoring import inherent, residual
from bot.rituals.risk.states import LIVE, Act, Band, Status
from bot.rituals.risk.tables import Change, Mitigation, Risk
from bot.rituals.risk.values import RiskLine

TOP = 3
_ARROWS = 5
_LISTED = 12  # of each kind
_POINTS = 12
_WEEK = timedelta(weeks=1)


def take(
    session: Session,
    at: datetime,
    team: Team,
    since: datetime | None,
    there: ZoneInfo,
    *,
    checks: bool = False,
) -> Review:
    """The register as it is at `at`, and what is different since an instant; dated as `there`."""
    on = local_date(at, there)
    worst = (Risk.likelihood * Risk.impact).desc()
    risks = session.scalars(
        select(Risk).where(Risk.team_id == team.id).order_by(worst, Risk.next_review, Risk.id)
    ).all()
    live = [one for one in risks if one.status in LIVE]
    shown = {one.id: one for one in lines(session, at, live)}
    changes = _changes(session, team.id)
    fresh = [(one, who) for one, who in changes if since is None or one.at > since]
    mitigated = set(
        session.scalars(
            select(Mitigation.risk_id).where(Mitigation.risk_id.in_([one.id for one in live]))
        )
    )
    by_id = {one.id: one for one in risks}
    return Review(
        team=team.name,
        on=on,
        since=None if since is None else local_date(since, there),
        total=len(live),
        counts=_counts((one.likelihood, one.impact) for one in live),
        cells=_cells(live),
        arrows=_arrows(live),
        moved=_listed(_moved(fresh, by_id)),
        new=_listed(_of_act(fresh, by_id, Act.RAISED)) if since is not None else Listed(),
        closed=_listed(_of_act(fresh, by_id, Act.CLOSED)),
        overdue=_listed(_overdue(shown.values())),
        unowned=_listed(_told(one, "") for one in shown.values() if one.owner is None),
        unmitigated=_listed(_told(one, "") for one in shown.values() if one.id not in mitigated),
        top=tuple(one.id for one in live[:TOP]),
        points=tuple(_points(changes, on)),
        checks=checks,
    )


def _changes(session: Session, team_id: int) -> Sequence[tuple[Change, str]]:
    rows = session.execute(
        select(Change, Person.name)
        .outerjoin(Person, Change.actor_id == Person.id)
        .where(Change.team_id == team_id)
        .order_by(Change.at, Change.id)
    )
    return [(change, name or "") for change, name in rows]


def _counts(pairs: Iterable[tuple[int, int]]) -> dict[str, int]:
    counted = Counter(band(score(*pair)).value for pair in pairs)
    return {one.value: counted[one.value] for one in Band if counted[one.value]}


def _cells(live: Sequence[Risk]) -> tuple[tuple[int, int, int], ...]:
    counted = Counter((one.likelihood, one.impact) for one in live)
    return tuple((*pair, number) for pair, number in sorted(counted.items(), reverse=True))


def _arrows(live: Sequence[Risk]) -> tuple[Arrow, ...]:
    """Of the worst that have somewhere to go."""
    found = []
    for one in live:
        left, was = residual(one), inherent(one)
        if left is not None and left != was:
            found.append(Arrow(id=one.id, title=one.title, was=was, now=left))
    return tuple(found[:_ARROWS])


def _moved(fresh: Sequence[tuple[Change, str]], risks: Mapping[int, Risk]) -> Iterable[Told]:
    """What has another score than at the last review: from where to where, and who said so."""
    first: dict[int, Change] = {}
    last: dict[int, tuple[Change, str]] = {}
    for change, who in fresh:
        if (change.was_likelihood, change.was_impact) == (change.likelihood, change.impact):
            continue
        first.setdefault(change.risk_id, change)
        last[change.risk_id] = (change, who)
    for risk_id, (change, who) in last.items():
        before = score(first[risk_id].was_likelihood, first[risk_id].was_impact)
        after = score(change.likelihood, change.impact)
        if risk_id in risks and before != after:
            why = f" — {change.why}" if change.why else ""
            said = f"{before} → {after}{why}"
            yield Told(id=risk_id, title=risks[risk_id].title, said=said, who=who)


def _of_act(
    fresh: Sequence[tuple[Change, str]], risks: Mapping[int, Risk], act: Act
) -> Iterable[Told]:
    for change, who in fresh:
        risk = risks.get(change.risk_id)
        if change.act is not act or risk is None:
            continue
        if act is Act.CLOSED and risk.status is not Status.CLOSED:
            continue
        said = change.why or f"{band(score(risk.likelihood, risk.impact))}"
        yield Told(id=risk.id, title=risk.title, said=said, who=who)


def _overdue(shown: Iterable[RiskLine]) -> Iterable[Told]:
    late = sorted((one for one in shown if one.days_over), key=lambda one: -one.days_over)
    for one in late:
        yield _told(one, f"{one.days_over} {'day' if one.days_over == 1 else 'days'}")


def _told(one: RiskLine, said: str) -> Told:
    return Told(id=one.id, title=one.title, said=said, who=one.owner.name if one.owner else "")


def _listed(found: Iterable[Told]) -> Listed:
    every = list(found)
    return Listed(risks=tuple(every[:_LISTED]), more=len(every[_LISTED:]))


def _points(changes: Sequence[tuple[Change, str]], on: date) -> Iterable[Point]:
    """How many there were of each band at the end of each of the last weeks."""
    if not changes:
        return
    begun = changes[0][0].on_date
    for ago in reversed(range(_POINTS)):
        day = on - ago * _WEEK
        if ago and day < begun:
            continue
        standing: dict[int, tuple[int, int]] = {}
        for change, _who in changes:
            if change.on_date > day:
                continue
            if change.status is Status.CLOSED:
                standing.pop(change.risk_id, None)
            else:
                standing[change.risk_id] = (change.likelihood, change.impact)
        yield Point(on=day, counts=_counts(standing.values()))


def review_of(config: Mapping[str, Any]) -> Review:
    """What a run keeps of its review."""
    return Review.model_validate(config["review"])
