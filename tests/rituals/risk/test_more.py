"""Settings, checks, the portfolio and the export."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.asking import cards
from bot.core.content import Message
from bot.core.states import Role
from bot.db.tables import Audit, Membership, Mirror, Ritual, Run, Team
from bot.engine.mirrors import Urgency
from bot.rituals.risk import beside, checks, register, settings
from bot.rituals.risk.alerts import alerts
from bot.rituals.risk.alerts.payloads import Told
from bot.rituals.risk.checks import Concern
from bot.rituals.risk.checks_model import QUESTIONS, Approved, CheckTyped, Made, NoRole
from bot.rituals.risk.lists import export, portfolio
from bot.rituals.risk.lists.export import inert
from bot.rituals.risk.lists.portfolio import Named
from bot.rituals.risk.lists.portfolio_model import NotLeader, Portfolio
from bot.rituals.risk.reads import shown_of
from bot.rituals.risk.reviews import reviews
from bot.rituals.risk.reviews.reviews_model import Fate
from bot.rituals.risk.reviews.snapshot import review_of
from bot.rituals.risk.reviews.team_review_model import When
from bot.rituals.risk.settings_model import Kept, SettingsTyped
from bot.rituals.risk.states import Approval, Band, CheckKind, Said
from bot.rituals.risk.tables import Check, Risk
from bot.rituals.risk.values import Gone, NotTheirs, Origin, RiskShown, Saved, Wrong
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.rituals.risk.register import TYPED as RISK
from tests.rituals.risk.register import add, decide, rescore, risk_owner

TYPED = SettingsTyped(
    intervals={Band.CRITICAL: 3, Band.HIGH: 10, Band.MEDIUM: 20, Band.LOW: 60},
    categories="Suppliers\n\nSuppliers\nRegulation",
    when=When.MONTHLY,
    nth=-1,
    weekday=4,
    at="15:30",
    checks_every=3,
)


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-30T07:00")
    made.person("ULENA", "Europe/Berlin", admin=True)
    made.person("UMEI", "Asia/Tokyo")
    made.person("USAM", "UTC")
    return made


# --- settings


def keep(world: World, by: str = "ULENA", **said: Any) -> object:
    return settings.keep(
        world.session, world.at, world.workspace_id, by, "C1", "team", replace(TYPED, **said),
        sealed=True,
    )  # fmt: skip


def test_settings_are_kept(world: World) -> None:
    """Intervals, categories and the review; the audit says who."""
    result = keep(world)
    assert isinstance(result, Kept)
    shown = result.shown
    assert shown.intervals == TYPED.intervals
    assert shown.categories == ("Regulation", "Suppliers")
    assert shown.checks_every == 3
    assert (shown.when, shown.nth, shown.weekday, shown.at) == (When.MONTHLY, -1, 4, time(15, 30))
    ritual = world.session.scalars(select(Ritual).where(Ritual.kind == "risk")).one()
    assert ritual.cadence["zone"] == "Europe/Berlin"
    assert world.session.scalars(select(Audit.action)).all() == ["risk.settings"]
    assert isinstance(keep(world, when=When.NEVER, categories="Regulation"), Kept)
    again = keep(world, when=When.NEVER, categories="Regulation")
    assert isinstance(again, Kept)
    assert again.shown.categories == ("Regulation",)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Suppliers\n" + "x" * 61, "Line 2 has 61 characters; please keep a category to 60."),
        ("model DRIFT", "Line 1 is one of the usual six, which are there anyway."),
    ],
)
def test_a_category_that_would_not_be_told_apart(world: World, typed: str, said: str) -> None:
    """Cut short, or there twice: neither is taken without a word."""
    assert keep(world, categories=typed) == Wrong({"categories": said})


def test_new_intervals_move_what_is_not_due(world: World) -> None:
    """Counted from when somebody last looked at it; the audit has each risk that moves."""
    risk = add(world, "UMEI", likelihood=5, impact=5)
    add(world, "UMEI", "b", title="Low", likelihood=1, impact=1)
    keep(world, intervals={**TYPED.intervals, Band.LOW: 90})
    assert risk.next_review == day("2026-04-02")
    moved = select(Audit).where(Audit.action == "risk.replanned")
    (noted,) = world.session.scalars(moved)
    assert (noted.subject, noted.actor_id) == (f"risk:{risk.id}", world.slack("ULENA").id)
    assert noted.detail == {"next_review": ["2026-04-06", "2026-04-02"]}
    world.at = world.at.replace(day=31)
    rescore(world, "UMEI", risk, 5, 4)
    assert risk.next_review == day("2026-04-03")


def test_new_intervals_are_shown(world: World) -> None:
    """The team review's message of a risk, and the card of whoever kept it, follow."""
    risk = add(world, "UMEI", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    settings.hold_now(world.session, world.at, world.workspace_id, "ULENA", "C1", "team")
    reviews.keep(world.session, world.at, world.workspace_id, "UMEI", risk.id)
    world.send()
    shown = [*world.mirrors("risk.review.top"), *world.mirrors("card", "UMEI")]
    assert ["Mon 13 April" in str(world.drawn(one)) for one in shown] == [True, True]
    keep(world, intervals={**TYPED.intervals, Band.CRITICAL: 3})
    shown = [*world.mirrors("risk.review.top"), *world.mirrors("card", "UMEI")]
    assert [one.shown < one.wanted for one in shown] == [True, True]
    assert ["Thu 9 April" in str(world.drawn(one)) for one in shown] == [True, True]


def test_new_intervals_keep_what_was_settled(world: World) -> None:
    """A review that was put off, pulled forward, or follows from an edited score."""
    snoozed, alerted, edited, kept = (
        add(world, "UMEI", name, title=name, likelihood=5, impact=5) for name in "saek"
    )
    world.until(utc("2026-04-03T02:00"))
    decide(world, "UMEI", snoozed, Fate.SNOOZE, until=day("2026-05-20"))
    told = Told("f", "evidently", "drift", "warning", "0.3", risk_id=alerted.id)
    alerts.take(world.session, world.at, alerted.team_id, [told])
    typed = replace(RISK, title="edited", owner="UMEI", likelihood=5, impact=4)
    register.edit(world.session, world.at, world.workspace_id, "UMEI", edited.id, typed, "C1")
    register.edit(world.session, world.at, world.workspace_id, "UMEI", kept.id,
        replace(RISK, title="renamed", owner="UMEI", likelihood=5, impact=5), "C1")  # fmt: skip
    keep(world, intervals={**TYPED.intervals, Band.CRITICAL: 6})
    assert [one.next_review for one in (snoozed, alerted, edited, kept)] == [
        day("2026-05-20"),
        day("2026-04-03"),
        day("2026-04-09"),
        day("2026-04-05"),
    ]


def test_shorter_intervals_are_not_all_at_once(world: World) -> None:
    """What would be late by them is asked from today on, three a day of each, the worst first."""
    mine = [
        add(world, "UMEI", f"m{impact}{n}", title=f"{n}", likelihood=1, impact=impact)
        for impact in (4, 3, 2, 1)
        for n in range(2)
    ]
    other = add(world, "USAM", "s", likelihood=1, impact=1)
    world.until(utc("2026-06-10T12:00"))  # a Wednesday
    keep(world, intervals={**TYPED.intervals, Band.LOW: 7})
    assert [one.next_review for one in mine] == [
        *[day("2026-06-10")] * 3,
        *[day("2026-06-11")] * 3,
        *[day("2026-06-12")] * 2,
    ]
    assert other.next_review == day("2026-06-10")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"intervals": {**TYPED.intervals, Band.CRITICAL: 0}}, "days_critical"),
        ({"intervals": {**TYPED.intervals, Band.LOW: None}}, "days_low"),
        ({"intervals": {**TYPED.intervals, Band.LOW: 9999}}, "days_low"),
        ({"at": ""}, "at"),
        ({"when": When.SPRINT}, "when"),
        ({"categories": "\n".join(map(str, range(50)))}, "categories"),
    ],
)
def test_bad_settings(world: World, said: Mapping[str, Any], where: str) -> None:
    """Told under the input, and nothing is set."""
    result = keep(world, **said)
    assert isinstance(result, Wrong)
    assert list(result.problems) == [where]
    assert world.session.scalars(select(Ritual)).all() == []


def test_who_settles(world: World) -> None:
    """Where a team has a risk owner, they and admins; others look."""
    add(world, "UMEI")
    risk_owner(world, "UMEI")
    assert isinstance(keep(world, "USAM"), NotTheirs)
    assert isinstance(keep(world, "UMEI"), Kept)


@pytest.mark.parametrize("by", ["UMEI", "USAM"])
def test_a_review_of_a_team_without_a_zone(world: World, by: str) -> None:
    """It is dated where whoever held it is: in Tokyo the next day has begun."""
    add(world, "UMEI", likelihood=1, impact=1)
    world.at = utc("2026-03-30T20:00")
    who = world.session, world.at, world.workspace_id, by
    assert settings.hold_now(*who, "C1", "team") == "C1"
    run = world.session.scalars(select(Run)).one()
    there = day("2026-03-31") if by == "UMEI" else day("2026-03-30")
    assert (run.local_date, review_of(run.config).on) == (there, there)


# --- checks


def typed(kind: CheckKind, **said: Said) -> CheckTyped:
    answers: dict[str, tuple[Said | None, str]] = {
        one.key: (said.get(one.key, Said.YES), "a note") for one in QUESTIONS[kind]
    }
    return CheckTyped(kind, "churn-v2", answers, (Role.PRODUCT_OWNER, Role.DATA_SCIENTIST))


def make(world: World, said: CheckTyped, key: str = "k") -> object:
    return checks.make(world.session, world.at, world.workspace_id, "UMEI", "C1", "team", key, said)


def role(world: World, slack_id: str, one: Role) -> None:
    team = world.session.scalars(select(Team)).one()
    person = world.slack(slack_id)
    world.session.add(Membership(team_id=team.id, person_id=person.id, role=one))
    world.session.flush()


def test_whoever_is_asked_to_approve_is_named(world: World) -> None:
    """As long as they have not said: who gets the role meanwhile, or leaves with it."""
    make(world, typed(CheckKind.RELEASE))
    role(world, "USAM", Role.PRODUCT_OWNER)
    (shown,) = world.mirrors(checks.VIEW)
    for change, deleted, named in (
        (beside.roles_changed, False, "Product owner: usam"),
        (beside.changed, True, "Product owner: nobody has this role any more"),
    ):
        world.send()
        world.slack("USAM").deleted = deleted
        change(world.session, world.at, [world.slack("USAM").id])
        world.session.refresh(shown)
        assert shown.shown < shown.wanted
        assert named in str(world.drawn(shown))


def test_a_release_is_approved_by_role(world: World) -> None:
    """Only those who have one of the roles; they may change their mind, and the message says so."""
    assert isinstance(make(world, typed(CheckKind.RELEASE, load=Said.NO)), Made)
    role(world, "USAM", Role.PRODUCT_OWNER)
    check = world.session.scalars(select(Check)).one()
    who = world.session, world.at, world.workspace_id
    refused = checks.approve(*who, "UMEI", check.id, Approval.APPROVED)
    assert refused == NoRole((Role.PRODUCT_OWNER, Role.DATA_SCIENTIST))
    for said in (Approval.NOT_YET, Approval.APPROVED):
        assert checks.approve(*who, "USAM", check.id, said) == Approved(said)
    shown = checks.check_shown(world.session, str(check.id), world.at)
    assert shown is not None
    assert [(one.role, one.said, one.by) for one in shown.roles] == [
        (Role.PRODUCT_OWNER, Approval.APPROVED, "usam"),
        (Role.DATA_SCIENTIST, None, ""),
    ]
    world.send()
    assert [one.view for one in world.sent if one.target == "C1"] == [checks.VIEW]
    assert isinstance(checks.approve(*who, "USAM", 999, Approval.APPROVED), Gone)


def test_a_check_keeps_its_date(world: World) -> None:
    """The one on its maker's clock, wherever they are later, or if they are there no more."""
    make(world, typed(CheckKind.FEASIBILITY))
    check = world.session.scalars(select(Check)).one()
    maker = world.slack("UMEI")
    before = checks.check_shown(world.session, str(check.id), world.at)
    assert before is not None
    assert before.on == cards.today(maker, world.at)
    for maker.tz in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert checks.check_shown(world.session, str(check.id), world.at) == before


def test_a_no_is_offered_as_a_risk(world: World) -> None:
    """With its note, in its category's words; until it is one, as the message says at once."""
    make(world, typed(CheckKind.FEASIBILITY, ethics=Said.UNSURE, data=Said.NO))
    check = world.session.scalars(select(Check)).one()
    found = checks.concern(world.session, world.at, world.workspace_id, check.id, "ethics")
    assert isinstance(found, Concern)
    assert found.text == "It may do harm to some of those it concerns: churn-v2\na note"
    gone = checks.concern(world.session, world.at, world.workspace_id, check.id, "nonsense")
    assert isinstance(gone, Gone)
    world.send()
    (shown,) = world.mirrors(checks.VIEW)
    assert offered(world, shown) == [f"{check.id} data", f"{check.id} ethics"]
    origin = Origin("o", "C1", "team", check_id=check.id, question="ethics")
    saved = register.add(world.session, world.at, world.workspace_id, "UMEI", origin, RISK)
    assert isinstance(saved, Saved)
    world.session.refresh(shown)
    assert (shown.shown < shown.wanted, shown.urgency) == (True, Urgency.CLICKED)
    assert offered(world, shown) == [f"{check.id} data"]
    assert f"In the register: R{saved.risk.id}" in str(world.drawn(shown))
    elsewhere = Origin("p", "C2", "other", check_id=check.id, question="data")
    register.add(world.session, world.at, world.workspace_id, "UMEI", elsewhere, RISK)
    assert offered(world, shown) == [f"{check.id} data"]


def offered(world: World, shown: Mirror) -> list[str]:
    """Of what a check's message offers to make a risk."""
    drawn = world.drawn(shown)
    assert isinstance(drawn, Message)
    menus = [one["accessory"] for one in drawn.blocks if "accessory" in one]
    return [option["value"] for menu in menus for option in menu["options"]]


def test_a_check_needs_its_answers(world: World) -> None:
    """Each that is missing is told; twice submitted is once."""
    bare = CheckTyped(CheckKind.RELEASE, " ", {})
    result = make(world, bare)
    assert isinstance(result, Wrong)
    assert set(result.problems) == {"about", *(one.key for one in QUESTIONS[CheckKind.RELEASE])}
    for _ in range(2):
        make(world, typed(CheckKind.RELEASE))
    assert len(world.session.scalars(select(Check)).all()) == 1


# --- the portfolio


def seen(world: World, by: str, number: int = 0) -> Portfolio | NotLeader:
    return portfolio.portfolio(world.session, world.at, world.workspace_id, by, number)


def opens(world: World, by: str, risk: Risk) -> RiskShown | Gone:
    return shown_of(world.session, world.at, world.workspace_id, by, risk.id, "")


def test_named_leaders_see_all_teams(world: World) -> None:
    """Critical, overdue and unowned; whom an admin has named, and nobody else."""
    add(world, "UMEI", "a", title="Fine", likelihood=1, impact=1)
    add(world, "UMEI", "b", title="Critical", likelihood=5, impact=5)
    late = add(world, "UMEI", "c", channel="C2", title="Late")
    late.next_review = day("2026-03-01")
    unowned = add(world, "UMEI", "d", channel="C2", title="Nobody's")
    unowned.owner_id = None
    assert isinstance(seen(world, "USAM"), NotLeader)
    assert isinstance(seen(world, "USTRANGER"), NotLeader)
    named = portfolio.name_leaders(world.session, world.at, world.workspace_id, "ULENA", ["USAM"])
    assert named == Named(1)
    found = seen(world, "USAM")
    assert isinstance(found, Portfolio)
    assert [one.title for one in found.risks] == ["Critical", "Late", "Nobody's"]
    assert (found.teams, found.critical, found.overdue, found.unowned) == (2, 1, 1, 1)
    assert not found.may_name
    opened = [
        one.id
        for one in world.session.scalars(select(Risk).order_by(Risk.id))
        if not isinstance(opens(world, "USAM", one), Gone)
    ]
    assert opened == [one.id for one in found.risks], "only what it shows"
    refused = portfolio.name_leaders(world.session, world.at, world.workspace_id, "USAM", ["UMEI"])
    assert isinstance(refused, NotLeader)
    admin = world.session, world.at, world.workspace_id, "ULENA"
    kept = portfolio.name_leaders(*admin, ["UMEI"], [])
    assert kept == Named(2), "an admin who was shown nobody takes nobody out"
    assert portfolio.name_leaders(*admin, ["USAM"], ["USAM", "UMEI"]) == Named(1)
    portfolio.name_leaders(*admin, [])
    assert isinstance(seen(world, "USAM"), NotLeader)
    assert isinstance(opens(world, "USAM", late), Gone)


# --- the export


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1")


def test_no_cell_is_a_formula(world: World) -> None:
    """Whatever somebody typed; all the rest comes back as it was."""
    for number, text in enumerate(FORMULAS):
        add(
            world, "UMEI", f"k{number}", title=f"{text}|x", cause=text, consequence="a\nb", links=""
        )
    made = export.export(world.session, world.at, world.workspace_id, "C1")
    rows = list(csv.DictReader(io.StringIO(made.csv.decode("utf-8-sig"))))
    assert made.total == len(rows) == len(FORMULAS)
    for row in rows:
        for text in row.values():
            assert not text.lstrip().startswith(("=", "+", "-", "@", "\uff1d")), text
        assert row["consequence"] == "a\nb"
        scores = ("score", "inherent likelihood", "inherent impact", "residual likelihood")
        assert [row[name] for name in scores] == ["12", "4", "3", ""]
    page = made.markdown.decode()
    assert page.count("\n| R") == len(FORMULAS)
    assert "\\|x" in page
    assert made.name == "risks-team-2026-03-30"
    nothing = export.export(world.session, world.at, world.workspace_id, "C9")
    assert nothing.total == 0


@given(st.text(max_size=60))
def test_a_page_holds_any_text(text: str) -> None:
    """A Markdown table sees one cell on one line, and no formula once it is pasted."""
    page = inert(text)
    assert "\n" not in page
    assert "|" not in page.replace("\\|", "")
    assert not page.lstrip().startswith(("=", "\\+", "-", "@"))
