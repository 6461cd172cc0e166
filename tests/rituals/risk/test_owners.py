"""By whose date a review is due or late: the same wherever it is listed, counted or shown."""

import pytest
from sqlalchemy import select

from bot.rituals.risk import owners
from bot.rituals.risk.lists import lists, portfolio
from bot.rituals.risk.lists.lists_model import Asked, Scope
from bot.rituals.risk.lists.portfolio_model import Portfolio
from bot.rituals.risk.loading import lines
from bot.rituals.risk.reads import shown_of
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.values import Gone
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.rituals.risk.register import add, risk_owner

ZONES = {
    "UKIRI": "Pacific/Kiritimati",
    "UAUCK": "Pacific/Auckland",
    "ULON": "Europe/London",
    "ULOSA": "America/Los_Angeles",
    "UBAKER": "Etc/GMT+12",
}


@pytest.fixture
def world(begin: Begin) -> World:
    """Each owns a risk to be looked at on the 30th; somebody has left, and nobody has one."""
    made = begin("2026-03-28T12:00")
    for slack_id, tz in ZONES.items():
        made.person(slack_id, tz)
        add(made, slack_id, slack_id, title=slack_id, likelihood=2, impact=2)
    made.person("ULEFT", ZONES["UKIRI"])
    add(made, "ULEFT", "left", title="left", likelihood=2, impact=2)
    made.slack("ULEFT").deleted = True
    made.person("UADA", ZONES["UBAKER"], admin=True)
    made.person("ULEADER", ZONES["UKIRI"])
    risks = made.session.scalars(select(Risk)).all()
    for one in risks:
        one.next_review = day("2026-03-30")
    portfolio.name_leaders(made.session, made.at, made.workspace_id, "UADA", ["ULEADER"])
    return made


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-03-30T09:59", set()),
        ("2026-03-30T10:00", {"UKIRI"}),
        ("2026-03-30T11:00", {"UKIRI", "UAUCK"}),
        ("2026-03-30T23:30", {"UKIRI", "UAUCK", "ULON"}),
        ("2026-03-31T00:30", {"UKIRI", "UAUCK", "ULON", "left"}),
        ("2026-03-31T07:00", {"UKIRI", "UAUCK", "ULON", "left", "ULOSA"}),
        ("2026-03-31T12:00", {"UKIRI", "UAUCK", "ULON", "left", "ULOSA", "UBAKER"}),
    ],
)
def test_overdue_by_its_reviewers_date(world: World, now: str, late: set[str]) -> None:
    """In the list, in the portfolio and where it stands alone, whoever looks from wherever."""
    world.at = utc(now)
    session, at, where = world.session, world.at, world.workspace_id
    risks = session.scalars(select(Risk).order_by(Risk.id)).all()
    assert {one.title for one in lines(session, at, risks) if one.days_over} == late
    asked = Asked(Scope.OVERDUE, channel="C1")
    for who in ("UADA", "ULEADER", "ULON"):
        page = lists.page(session, at, where, who, asked)
        assert {one.title for one in page.risks} == late
        assert page.total == len(late)
    found = portfolio.portfolio(session, at, where, "ULEADER")
    assert isinstance(found, Portfolio)
    assert (found.total, found.overdue) == (len(late), len(late))
    opened = [one for one in risks if shown_of(session, at, where, "ULEADER", one.id, "") != Gone()]
    assert {one.title for one in opened} == late


def test_what_nobody_owns_is_late_where_its_risk_owner_is(world: World) -> None:
    """As it is asked of them; without one, by UTC."""
    one = world.session.scalars(select(Risk).where(Risk.title == "ULON")).one()
    one.owner_id = None
    world.at = utc("2026-03-30T10:00")
    assert one.id not in owners.late(world.session, world.at, [one])
    risk_owner(world, "UKIRI")
    assert one.id in owners.late(world.session, world.at, [one])
    (line,) = lines(world.session, world.at, [one])
    assert (line.owner, line.days_over) == (None, 1)
