"""Alerts: one thread each, a review pulled forward, a decision kept; never a score changed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.asking import people
from bot.core.content import Message
from bot.db.tables import Audit, Mirror, Team, Timer, Workspace
from bot.rituals.risk import forms, showing
from bot.rituals.risk.alerts import alerts, alerts_rows
from bot.rituals.risk.alerts.alerts_model import Decided, NotYours
from bot.rituals.risk.alerts.alerts_rows import STORM
from bot.rituals.risk.alerts.payloads import Told
from bot.rituals.risk.loading import line
from bot.rituals.risk.register import add as add_risk
from bot.rituals.risk.states import Act, Verdict
from bot.rituals.risk.tables import Alert, Decision, Risk
from bot.rituals.risk.values import Gone, Origin, Saved
from bot.slack.gateway import Member
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.plans import explained
from tests.rituals.risk.register import TYPED, add, history, risk_owner

DRIFT = Told("fp1", "evidently", "FeatureDrift", "warning", "0.31", model="churn-v2")
_SECOND = timedelta(seconds=1)


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-30T08:00")  # Monday, 10:00 in Berlin
    made.person("ULENA", "Europe/Berlin")
    made.person("UINES", "Europe/Lisbon")
    return made


def hear(world: World, risk: Risk, *told: Told) -> None:
    alerts.take(world.session, world.at, risk.team_id, told)
    world.session.flush()
    world.send()


def decide(world: World, by: str, alert: Alert, verdict: Verdict) -> object:
    return alerts.decide(world.session, world.at, world.workspace_id, by, alert.id, verdict)


def only(world: World) -> Alert:
    return world.session.scalars(select(Alert)).one()


def test_it_marks_the_risk_of_its_model(world: World) -> None:
    """Its review is today's, its owner is asked; its score is what it was."""
    add(world, "ULENA", "other", title="Another")
    risk = add(world, "ULENA", "b", model="Churn-V2", cause="", consequence="", links="")
    before = (risk.likelihood, risk.impact, risk.was_score)
    hear(world, risk, DRIFT)
    world.until(world.at + timedelta(minutes=1))
    assert only(world).risk_id == risk.id
    assert risk.next_review == day("2026-03-30")
    assert (risk.likelihood, risk.impact, risk.was_score) == before
    assert "risk.keep" in world.card("ULENA", day("2026-03-30"))
    (posted,) = [one for one in world.sent if one.target == "C1"]
    said = str(posted.content)
    assert "It is about" in said
    assert "<@ULENA>: what do we do?" in said
    assert history(world.session, risk)[-1].act is Act.ALERTED


def test_its_owner_is_named(world: World) -> None:
    """So that they hear of it: in its first message, twice a day, and only while they work."""
    for number in range(4):
        name = f"m{number}"
        risk = add(world, "ULENA", name, model=name, cause="", consequence="", links="")
        hear(world, risk, replace(DRIFT, fingerprint=name, model=name))
    risk_owner(world, "UINES")
    for hours, name in ((1, "o1"), (11, "o2")):
        world.until(world.at + timedelta(hours=hours))
        hear(world, risk, replace(DRIFT, fingerprint=name, model=""))
    asked = [
        next(one["text"]["text"] for one in sent.content.blocks if "what do we do" in str(one))
        for sent in world.sent
        if sent.view == alerts.VIEW and isinstance(sent.content, Message)
    ]
    assert [one.partition(":")[0] for one in asked] == [
        "<@ULENA>",
        "<@ULENA>",
        "ulena",
        "ulena",
        "<@UINES>",
        "uines",
    ]


def test_of_one_model_the_one_of_its_kind(world: World) -> None:
    """A drift of a model is about that model's risk of drift, though another one is worse."""
    rest: dict[str, Any] = {"model": "churn-v2", "cause": "", "consequence": "", "links": ""}
    add(world, "ULENA", "a", likelihood=5, impact=5, category="fairness", **rest)
    drift = add(world, "ULENA", "b", likelihood=1, impact=1, category="drift", **rest)
    hear(world, drift, DRIFT)
    assert only(world).risk_id == drift.id


def test_it_proposes_one_where_none_speaks_of_it(world: World) -> None:
    """A button in its thread makes one; they belong together from then on."""
    risk = add(world, "ULENA")
    hear(world, risk, replace(DRIFT, summary="PSI above 0.25"))
    (message,) = [one.content for one in world.sent if one.view == alerts.VIEW]
    assert isinstance(message, Message)
    assert "*FeatureDrift*\nPSI above 0.25\nevidently" in message.blocks[0]["text"]["text"]
    assert "No risk in the register speaks of it yet." in str(message)
    who = world.session, world.at, world.workspace_id, "ULENA"
    proposed = forms.of_alert(*who, only(world).id, "new")
    assert not isinstance(proposed, Gone)
    assert proposed[1].title == "FeatureDrift (evidently)"
    assert proposed[1].cause == "FeatureDrift (evidently)\nPSI above 0.25"
    origin = Origin("new", "C1", "team", alert_id=only(world).id)
    made = add_risk(
        world.session, world.at, world.workspace_id, "ULENA", origin, replace(TYPED, owner="ULENA")
    )
    assert isinstance(made, Saved)
    assert only(world).risk_id == made.risk.id
    hear(world, risk, replace(DRIFT, firing=False))
    hear(world, risk, DRIFT)
    assert only(world).risk_id == made.risk.id


def test_one_thread_for_a_fingerprint(world: World) -> None:
    """However often it is told; when it begins anew, a reply says so in that thread."""
    risk = add(world, "ULENA")
    for _ in range(50):
        hear(world, risk, DRIFT)
    hear(world, risk, replace(DRIFT, firing=False))
    world.at += timedelta(minutes=31)
    hear(world, risk, DRIFT)
    alert = only(world)
    assert (alert.times, alert.episode, alert.firing) == (51, 2, True)
    posted = [one.view for one in world.sent if one.target == "C1"]
    assert posted == [alerts.VIEW, alerts.AGAIN_VIEW]
    (reply,) = world.mirrors(alerts.AGAIN_VIEW)
    assert reply.parent_id == world.mirrors(alerts.VIEW)[0].id


def test_one_that_flaps(world: World) -> None:
    """Ended and back within half an hour it is the same one: its message changes, nothing else."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    for _ in range(20):
        hear(world, risk, DRIFT)
        world.at += timedelta(minutes=5)
        hear(world, risk, replace(DRIFT, firing=False))
        world.at += timedelta(minutes=29)
    hear(world, risk, DRIFT)
    alert = only(world)
    assert (alert.times, alert.episode, alert.firing) == (21, 1, True)
    assert [one.view for one in world.mirrors(alerts.AGAIN_VIEW)] == []
    assert [one.act for one in history(world.session, risk)] == [Act.RAISED, Act.ALERTED]


def test_what_speaks_of_its_risk_follows(world: World) -> None:
    """Its owner's card says that it is alerting, until it is over; and again, where it flaps."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    hear(world, risk, DRIFT)
    world.until(world.at + timedelta(minutes=1))
    for firing in (False, True):
        (card,) = world.mirrors("card", "ULENA")
        assert card.shown == card.wanted
        alerts.take(world.session, world.at, risk.team_id, [replace(DRIFT, firing=firing)])
        (card,) = world.mirrors("card", "ULENA")
        assert card.shown < card.wanted
        assert ("alerting" in world.card("ULENA", day("2026-03-30"))) is firing
        world.send()


@pytest.mark.usefixtures("on_sqlite")
def test_a_change_of_its_risk_walks_through_no_other_messages(world: World) -> None:
    """What the years have posted is not looked through for the few that speak of it."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    hear(world, risk, DRIFT)
    with explained(world.session, "mirrors") as plans:
        showing.refresh(world.session, world.at, risk)
    assert plans
    assert [one for one in plans if one.endswith("(kind=?)")] == []


def test_whom_it_asks_has_left(world: World) -> None:
    """Its message names them no longer: neither the risk owner, nor the owner of its risk."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    risk_owner(world, "UINES")
    hear(world, risk, DRIFT, replace(DRIFT, fingerprint="fp2", name="Latency", model=""))
    for who, name in (("UINES", "Latency"), ("ULENA", "FeatureDrift")):
        world.until(world.at + timedelta(minutes=1))
        world.send()
        gone = Member(who, who.lower(), "Europe/Lisbon", False, False, False, True)
        people.change(world.session, world.at, world.workspace_id, gone)
        world.online = False  # what is marked stays so
        world.until(world.at + timedelta(minutes=1))
        world.online = True
        stale = [one for one in world.mirrors("risk.alert") if one.shown < one.wanted]
        (told,) = [str(world.drawn(one)) for one in stale if name in str(world.drawn(one))]
        assert who.lower() not in told


def test_one_line_of_history_a_day(world: World) -> None:
    """However often it begins; a review is pulled forward each time all the same, and audited."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    for hour in range(16):
        world.at = utc("2026-03-30T00:30") + timedelta(hours=hour)
        risk.next_review = day("2026-06-01")
        hear(world, risk, DRIFT)
        assert risk.next_review == day("2026-03-30")
        hear(world, risk, replace(DRIFT, firing=False))
    assert only(world).episode == 16
    assert [one.act for one in history(world.session, risk)] == [Act.RAISED, Act.ALERTED]
    pulled = select(func.count()).select_from(Audit).where(Audit.action == "risk.alerted")
    assert world.session.scalar(pulled) == 16
    world.at += timedelta(days=1)
    hear(world, risk, DRIFT)
    assert [one.act for one in history(world.session, risk)][1:] == [Act.ALERTED, Act.ALERTED]


def test_over_before_it_was_heard_of(world: World) -> None:
    """Nothing is posted of what is resolved already."""
    risk = add(world, "ULENA")
    hear(world, risk, replace(DRIFT, firing=False))
    assert [one for one in world.sent if one.target == "C1"] == []


def test_the_decision_is_kept(world: World) -> None:
    """Who, when and what, once for each time it began; the first counts."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    risk_owner(world, "UINES")
    hear(world, risk, DRIFT)
    alert = only(world)
    assert decide(world, "ULENA", alert, Verdict.WATCH) == Decided(Verdict.WATCH)
    assert decide(world, "UINES", alert, Verdict.RETRAIN) == Decided(Verdict.WATCH)
    kept = world.session.scalars(select(Decision)).one()
    assert (kept.verdict, kept.decided_on, kept.risk_id) == (
        Verdict.WATCH,
        day("2026-03-30"),
        risk.id,
    )
    assert kept.decided_by == world.slack("ULENA").id
    assert history(world.session, risk)[-1].act is Act.DECIDED
    audited = select(func.count()).select_from(Audit).where(Audit.action == "risk.alert.decided")
    assert world.session.scalar(audited) == 1
    hear(world, risk, replace(DRIFT, firing=False))
    world.at += timedelta(minutes=31)
    hear(world, risk, DRIFT)
    assert decide(world, "UINES", alert, Verdict.RETRAIN) == Decided(Verdict.RETRAIN)
    assert world.session.scalar(select(func.count()).select_from(Decision)) == 2


def test_a_false_alarm_marks_no_risk(world: World) -> None:
    """Until it begins anew; many a monitor never says that it is over."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    hear(world, risk, DRIFT)
    assert line(world.session, world.at, risk).alerting
    decide(world, "ULENA", only(world), Verdict.FALSE_ALARM)
    assert not line(world.session, world.at, risk).alerting
    hear(world, risk, replace(DRIFT, firing=False))
    world.at += timedelta(minutes=31)
    hear(world, risk, DRIFT)
    assert line(world.session, world.at, risk).alerting


def test_who_may_decide(world: World) -> None:
    """Its risk's owner, the risk owner, admins; nobody else, and nobody of another workspace."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    risk_owner(world, "UINES")
    world.person("USAM", "UTC")
    hear(world, risk, DRIFT)
    assert decide(world, "USAM", only(world), Verdict.WATCH) == NotYours("ulena")
    other = Workspace(slack_id="T2", name="Other", bot_user="UBOT")
    world.session.add(other)
    world.session.flush()
    elsewhere = alerts.decide(
        world.session, world.at, other.id, "ULENA", only(world).id, Verdict.WATCH
    )
    assert isinstance(elsewhere, Gone)
    hear(world, risk, replace(DRIFT, fingerprint="fp2", model=""))
    unknown = world.session.scalars(select(Alert).where(Alert.fingerprint == "fp2")).one()
    assert decide(world, "ULENA", unknown, Verdict.WATCH) == NotYours("")
    assert decide(world, "UINES", unknown, Verdict.WATCH) == Decided(Verdict.WATCH)
    assert (
        world.session.scalar(select(Audit.actor_id).where(Audit.subject == f"alert:{unknown.id}"))
        == world.slack("UINES").id
    )


def test_ten_thousand_of_one(world: World) -> None:
    """One row, one thread, one line of history."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    world.online = False
    for _ in range(100):
        alerts.take(world.session, world.at, risk.team_id, [DRIFT] * 100)
    assert only(world).times == 10_000
    assert len(world.session.scalars(select(Mirror)).all()) <= 3
    assert len(history(world.session, risk)) == 2


def test_ten_thousand_different_ones(world: World) -> None:
    """A few threads, and one for all the rest; so few rows too, and one timer for when it ends."""
    risk = add(world, "ULENA")
    world.online = False
    rows = world.session.scalar(select(func.count()).select_from(Timer))
    for batch in range(100):
        told = [replace(DRIFT, fingerprint=f"{batch}-{n}", model="") for n in range(100)]
        alerts.take(world.session, world.at, risk.team_id, told)
    assert world.session.scalar(select(func.count()).select_from(Alert)) == 6
    storm = world.session.scalars(select(Alert).where(Alert.fingerprint == STORM)).one()
    assert storm.times == 10_000 - 5
    mirrors = select(func.count()).select_from(Mirror).where(Mirror.target == "C1")
    assert world.session.scalar(mirrors) == 6
    assert world.session.scalar(select(func.count()).select_from(Timer)) == (rows or 0) + 1
    world.at += timedelta(hours=1)
    alerts.take(world.session, world.at, risk.team_id, [replace(DRIFT, fingerprint="later")])
    assert world.session.scalar(select(func.count()).select_from(Alert)) == 7


def test_a_storm_ends(world: World) -> None:
    """Half an hour after the last of it, for each team by itself; it is about no risk meanwhile."""
    named = add(world, "ULENA", title="FeatureDrift", model="churn-v2", cause="", consequence="")
    other = add(world, "ULENA", "b", channel="C2")
    many = [replace(DRIFT, fingerprint=f"n{number}") for number in range(7)]

    def storms() -> dict[str, bool]:
        rows = world.session.scalars(select(Alert).where(Alert.fingerprint == STORM))
        return {world.session.get_one(Team, one.team_id).channel: one.firing for one in rows}

    hear(world, named, *[replace(one, model="", name="psi") for one in many[:5]], *many[5:])
    world.until(world.at + timedelta(minutes=20))
    hear(world, other, *[replace(one, fingerprint=f"o-{one.fingerprint}") for one in many])
    hear(world, named, replace(DRIFT, fingerprint=many[6].fingerprint, firing=False))
    assert named.next_review == day("2026-04-13")
    assert storms() == {"C1": True, "C2": True}
    world.until(world.at + timedelta(minutes=9))
    assert storms() == {"C1": True, "C2": True}
    world.until(world.at + timedelta(minutes=1))
    assert storms() == {"C1": False, "C2": True}
    (shown,) = [
        one for one in world.mirrors(alerts.VIEW, "C1") if "at once" in str(world.drawn(one))
    ]
    assert "over now" in str(world.drawn(shown))
    assert shown.shown == shown.wanted
    world.until(world.at + timedelta(minutes=20))
    assert storms() == {"C1": False, "C2": False}


def test_what_is_over_leaves_its_place(world: World) -> None:
    """Five at once have threads; one that ends makes room, but not for a thread each minute."""
    risk = add(world, "ULENA")

    def threads() -> list[str]:
        return list(world.session.scalars(select(Alert.fingerprint).order_by(Alert.id)))

    hear(world, risk, *[replace(DRIFT, fingerprint=f"unheard{n}", firing=False) for n in range(9)])
    assert threads() == []
    hear(world, risk, *[replace(DRIFT, fingerprint=f"f{n}", model="") for n in range(5)])
    hear(world, risk, replace(DRIFT, fingerprint="f0", model="", firing=False))
    hear(world, risk, replace(DRIFT, fingerprint="f5", model=""))
    assert threads() == [f"f{number}" for number in range(6)]
    for number in range(6, 25):
        hear(world, risk, replace(DRIFT, fingerprint=f"f{number - 1}", model="", firing=False))
        hear(world, risk, replace(DRIFT, fingerprint=f"f{number}", model=""))
    assert threads() == [*(f"f{number}" for number in range(15)), STORM]


def test_closed_risks_are_not_woken(world: World) -> None:
    """An alert about what was closed proposes a new one."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    risk.status = risk.status.CLOSED
    hear(world, risk, DRIFT)
    assert only(world).risk_id is None


def test_it_may_name_its_risk(world: World) -> None:
    """By its number; only one of the same team."""
    risk = add(world, "ULENA", "a", title="Named")
    other = add(world, "ULENA", "b", channel="C2")
    hear(world, risk, replace(DRIFT, risk_id=risk.id))
    hear(world, risk, replace(DRIFT, fingerprint="fp2", model="", risk_id=other.id))
    found = {one.fingerprint: one.risk_id for one in world.session.scalars(select(Alert))}
    assert found == {"fp1": risk.id, "fp2": None}


def test_the_register_is_read_once(world: World, statements: list[str]) -> None:
    """However many alerts of a request begin: each finds its risk among what was read."""
    risk = add(world, "ULENA", "a", model="churn-v2", cause="", consequence="", links="")
    named = add(world, "ULENA", "b", title="Latency doubles")
    latency = replace(DRIFT, fingerprint="slow", name="latency", model="")
    statements.clear()
    hear(world, risk, *[replace(DRIFT, fingerprint=f"n{n}") for n in range(4)], latency)
    reads = [one for one in statements if "ORDER BY risks.likelihood * risks.impact" in one]
    assert len(reads) == 1
    found = {one.fingerprint: one.risk_id for one in world.session.scalars(select(Alert))}
    assert found == {f"n{n}": risk.id for n in range(4)} | {"slow": named.id}


def test_old_ones_are_forgotten(world: World) -> None:
    """After half a year, but not what somebody decided about."""
    risk = add(world, "ULENA", model="churn-v2", cause="", consequence="", links="")
    hear(world, risk, DRIFT, replace(DRIFT, fingerprint="fp2"))
    decided = world.session.scalars(select(Alert).where(Alert.fingerprint == "fp1")).one()
    decide(world, "ULENA", decided, Verdict.FALSE_ALARM)
    alerts_rows.forget_old(world.session, utc("2026-08-01T00:00"))
    assert world.session.scalar(select(func.count()).select_from(Alert)) == 2
    alerts_rows.forget_old(world.session, utc("2026-12-01T00:00"))
    assert only(world).fingerprint == "fp1"
    assert [one.subject for one in world.mirrors(alerts.VIEW)] == [str(decided.id)]
