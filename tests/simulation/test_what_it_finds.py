"""A bot that is broken on purpose is found out: else all the other runs would prove nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.actions import polling
from bot.asking import planning
from bot.db.tables import Ritual
from bot.engine import intake, mirrors, timers
from bot.engine.timers import Fired
from bot.jira.gateway import Gateway as Jira
from bot.rituals.retro import leading, stages
from bot.rituals.risk import checks, on_runs
from bot.rituals.risk.alerts import alerts_rows, hook
from bot.rituals.risk.reviews import chasing, replanning, team_review
from bot.rituals.standup import answers
from bot.slack.gateway import Gateway
from tests.simulation.borders.trouble import Border, Mode, Trouble
from tests.simulation.borders.wire import Odd, Oddity
from tests.simulation.crashes import day, retros, risks, tickets
from tests.simulation.evidence import POST
from tests.simulation.incidents.kinds import Hooked, Incident
from tests.simulation.machine.life import Dies, Point, Step, When, never
from tests.simulation.model.risks import Planned
from tests.simulation.model.risks import Way as RiskWay
from tests.simulation.people.acts.answering import Answer, Way
from tests.simulation.people.acts.checking import RiskOfCheck, RunCheck
from tests.simulation.people.acts.rescheduling import Reschedule
from tests.simulation.people.acts.risks import Tap as TapRisk
from tests.simulation.people.acts.risks_made_of import RiskOfBlocker
from tests.simulation.people.acts.settling import HoldReview, Settle
from tests.simulation.people.acts.storming import Storm
from tests.simulation.people.acts.talking import Talk
from tests.simulation.plan import Plan
from tests.simulation.run import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def complaints(dies: Dies = never, *incidents: Incident, of: Callable[[], Plan] = day) -> str:
    """What does not hold of the usual day, or of another."""
    return "\n".join(run(replace(of(), incidents=incidents), dies=dies).complaints)


def after_the_first_post() -> Dies:
    """It dies once Slack has its first message, before it hears of that."""
    done: list[Point] = []

    def dies(point: Point) -> bool:
        here = (point.step, point.when, point.about) == (Step.CALL, When.AFTER, POST)
        if here:
            done.append(point)
        return here and len(done) == 1

    return dies


def test_who_does_not_look_before_posting_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message whose reply was lost with the process is posted twice."""

    async def nothing(*_args: object, **_kwargs: object) -> None:
        return None

    assert complaints(after_the_first_post()) == ""
    monkeypatch.setattr(Gateway, "find", nothing)
    assert "posted 2 times" in complaints(after_the_first_post())


def test_who_forgets_to_mark_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card or a message says what is no longer so."""
    monkeypatch.setattr(mirrors, "touch_these", lambda *_args: None)
    assert "show_what_sql_says: card" in complaints()


def test_who_loses_a_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who is due is on no card."""
    take_due = timers.take_due

    def all_but_one(session: Session, at: datetime, limit: int) -> Sequence[Fired]:
        due = take_due(session, at, limit)
        lost = [one for one in due if one.step == "ask" and one.person_id == 2]
        timers.consume(session, at, lost)
        return [one for one in due if one not in lost]

    monkeypatch.setattr(timers, "take_due", all_but_one)
    assert "nobody_missing" in complaints()


def test_who_keeps_to_the_time_that_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-up was moved to the afternoon, and who was not asked yet is asked in the morning."""
    usual, begin = day(), planning.begin
    start, channel = usual.setting.start, usual.setting.standups[0].channel
    moved = Reschedule(start + timedelta(minutes=10), "U0ADA", channel, time(14), "standup")
    plan = replace(usual, acts=(moved,))

    def once(session: Session, at: datetime, ritual: Ritual) -> date:
        return begin(session, at, ritual) if at == start else at.date()

    assert complaints(of=lambda: plan) == ""
    monkeypatch.setattr(planning, "begin", once)
    found = complaints(of=lambda: plan)
    assert "is asked at 2026-03-30 07:30:02" in found
    assert "was due at 2026-03-30 12:00:00+00:00, and is on no card" in found


def test_who_looks_after_no_risk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A review that is due is asked of nobody; and a request that is sent again is taken twice."""
    monkeypatch.setattr(chasing, "_owed", lambda *_args: {})
    monkeypatch.setattr(hook, "has_come", lambda *_args: False)
    monkeypatch.setattr(hook, "first_time", lambda *_args: True)
    found = complaints(of=risks)
    assert "reviews_asked: 'Labels come late' was due" in found
    assert "alerts_counted: 'Features drift' was told of 1 to 1 times" in found


def of_the_register() -> Plan:
    """The first hour of the day of risks: some made, settled anew, held, and stormed at."""
    usual = risks()
    start, channel = usual.setting.start, "C01LEADS"
    plan = Planned(-1, 0, time(12))

    def at(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    return replace(
        usual,
        setting=replace(usual.setting, end=at(60)),
        acts=(
            Answer(at(12), "U0ADA", "Churn", Way.CARD, "Ada one", "No labels yet"),
            RiskOfBlocker(at(15), "U0BO", "C01GENERAL", "No labels", "U0BO", (2, 2)),
            RunCheck(at(16), "U0ADA", channel, "feasibility", "Churn", ("yes", "no")),
            TapRisk(at(18), "U0ADA", channel, "Features drift", RiskWay.KEPT, on_card=False),
            Settle(at(20), "U0ADA", channel, (1, 2, 3, 4), plan),
            RiskOfCheck(at(22), "U0ADA", channel, "Churn", "May do harm", "U0ADA", (2, 2)),
            HoldReview(at(25), "U0ADA", channel, by_command=True),
            Storm(at(30), "a monitor", "Node", 0, 8, firing=True, together=False, seconds=1.0),
        ),
    )


def test_who_neglects_a_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """It offers what was made, keeps to old intervals, holds no review, and has no bound."""
    assert complaints(of=of_the_register) == ""
    for module, name in (
        (on_runs, "show_made"),
        (checks, "link"),
        (replanning, "replan"),
        (team_review, "hold_now"),
    ):
        monkeypatch.setattr(module, name, lambda *_args: None)
    monkeypatch.setattr(alerts_rows, "_room", lambda *_args: 99)
    found = complaints(of=of_the_register)
    assert "sources_follow: a risk was made of {'1'}" in found
    assert "sources_follow: a risk was made of {'1 ethics'}" in found
    assert "risks_as_left: 'Features drift' is due on" in found
    assert "team_reviews_held: the team review of" in found
    assert "few_threads: more than 5 alerts got a thread" in found


def test_who_takes_late_notes_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came late stands among the rest, and a retro begins by hand beside another."""
    add = stages._add_topics
    monkeypatch.setattr(stages, "_add_topics", lambda *given, late: add(*given, late=False))
    monkeypatch.setattr(leading, "live_in", lambda *_args: None)
    found = complaints(of=retros)
    assert "late_apart: 'Cleo late 0 all the same after all' is late: True; in SQL: False" in found
    assert "refused_rightly: U0ADA began a retro at 2026-03-30 08:30:00+00:00, and" in found


def test_who_acks_what_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody was told that their answer is saved, and SQL has none, or an older one."""
    monkeypatch.setattr(answers, "_revise", lambda *_args: None)
    assert "kept:" in complaints()


def test_who_takes_a_redelivery_for_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said once in a DM is taken for two answers."""
    talks = next(act for act in day().acts if isinstance(act, Talk))
    twice = Odd(talks.at, Oddity.TWICE, 20)
    assert complaints(never, twice) == ""
    monkeypatch.setattr(intake, "first_time", lambda *_args: True)
    assert "wrote 4 times and was answered" in complaints(never, twice)


def test_who_does_not_look_before_making_an_issue_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An issue whose reply was lost is made twice."""

    async def nothing(*_args: object) -> tuple[()]:
        return ()

    lost = Trouble(tickets().setting.start, "POST issue", Mode.UNHEARD, border=Border.JIRA)
    assert complaints(never, lost, of=tickets) == ""
    monkeypatch.setattr(Jira, "find", nothing)
    assert "an issue was made 2 times" in complaints(never, lost, of=tickets)


def test_who_relies_on_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was changed in Jira without a word of it is never seen."""
    silent = Hooked(tickets().setting.start, "drop", 50)
    assert complaints(never, silent, of=tickets) == ""
    monkeypatch.setattr(polling, "changed", lambda *_args: polling.Seen((), ()))
    found = complaints(never, silent, of=tickets)
    assert "both_sides_agree" in found
    assert "was deleted" in found
