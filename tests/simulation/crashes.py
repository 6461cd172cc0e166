"""Usual days, in which the process is killed at every commit and call, one at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.simulation.cast import (
    Account,
    Board,
    KnownRisk,
    Register,
    Retro,
    Setting,
    Somebody,
    Standup,
)
from tests.simulation.machine.life import Dies
from tests.simulation.model.retros import Way as RetroWay
from tests.simulation.model.risks import Way as RiskWay
from tests.simulation.model.tasks import Aspect
from tests.simulation.people.act import Act
from tests.simulation.people.acts.alerting import Alert, Judge, Then
from tests.simulation.people.acts.answering import Answer, Way
from tests.simulation.people.acts.being_away import GoAway
from tests.simulation.people.acts.channels import LookHome
from tests.simulation.people.acts.doing import Change, Tap
from tests.simulation.people.acts.moving import Fly
from tests.simulation.people.acts.on_the_board import DeleteIssue, OnBoard
from tests.simulation.people.acts.raising import Raise, RaiseOfBlocker, Wanted
from tests.simulation.people.acts.retro_late import TakeBackLate, WriteLate
from tests.simulation.people.acts.retro_leading import Lead
from tests.simulation.people.acts.retro_notes import Then as NoteThen
from tests.simulation.people.acts.retro_notes import WriteNotes
from tests.simulation.people.acts.retro_starting import StartRetro
from tests.simulation.people.acts.retro_votes import SayInThread, Vote
from tests.simulation.people.acts.risks import AddRisk
from tests.simulation.people.acts.risks import Decide as DecideRisk
from tests.simulation.people.acts.risks import Tap as TapRisk
from tests.simulation.people.acts.running import ChangeMembers, Pause
from tests.simulation.people.acts.talking import Talk
from tests.simulation.people.acts.wishing import Later, Skip
from tests.simulation.plan import Plan
from tests.simulation.run import run

_CHURN, _FRAUD, _LEADS = "C01GENERAL", "C01CHURN", "C01LEADS"
_QUALITY = "C01DATAQUALITY"
_MONDAY = datetime(2026, 3, 30, tzinfo=UTC)


def day() -> Plan:
    """Two teams on a Monday: all that people usually do is done once."""
    people = (
        Somebody("U0ADA", "Ada", "Europe/Berlin", is_admin=True),
        Somebody("U0BO", "Bo", "Europe/Lisbon"),
        Somebody("U0CLEO", "Cleo", "Etc/UTC"),
        Somebody("U0DAN", "Dan", "America/Sao_Paulo"),
    )
    standup = Standup(
        title="Churn",
        channel=_CHURN,
        owner="U0ADA",
        members=("U0ADA", "U0BO", "U0CLEO"),
        weekdays=(0, 1, 2, 3, 4),
        at=time(9, 30),
        zone=None,
        open_minutes=180,
        remind_minutes=60,
        at_close=False,
        replies=False,
    )
    other = replace(
        standup,
        title="Fraud",
        channel=_FRAUD,
        owner="U0DAN",
        members=("U0BO", "U0CLEO", "U0DAN"),
        at=time(10),
        at_close=True,
        replies=True,
    )
    setting = Setting(
        start=_MONDAY + timedelta(hours=5),
        end=_MONDAY + timedelta(hours=18),
        skew=30.0,
        people=people,
        standups=(standup, other),
    )
    return Plan("day", setting, tuple(sorted(_acts(), key=lambda act: act.at)))


def _at(hour: int, minute: int) -> datetime:
    return _MONDAY + timedelta(hours=hour, minutes=minute)


def _acts() -> Sequence[Act]:
    at = _at
    return (
        LookHome(at(5, 30), "U0ADA"),
        Answer(at(7, 35), "U0ADA", "Churn", Way.CARD, "Ada one", "No labels yet", "U0BO"),
        Answer(at(7, 50), "U0ADA", "Churn", Way.COMMAND, "Ada two", "No labels yet", "U0BO"),
        Later(at(8, 40), "U0BO", "Churn", 30),
        Talk(at(9, 20), "U0BO", "Bo says", 4),
        Skip(at(9, 40), "U0CLEO", "Churn"),
        Answer(at(10, 10), "U0CLEO", "Fraud", Way.CARD, "Cleo one"),
        GoAway(at(10, 30), "U0DAN", _FRAUD, _MONDAY.date(), _MONDAY.date()),
        Fly(at(11, 0), "U0CLEO", "Asia/Tokyo"),
        ChangeMembers(at(12, 0), "U0ADA", _CHURN, ("U0ADA", "U0BO", "U0DAN")),
        Pause(at(14, 0), "U0DAN", _FRAUD, resumes=False),
        Pause(at(14, 30), "U0DAN", _FRAUD, resumes=True),
    )


def tickets() -> Plan:
    """An hour of action items, in which each side changes each aspect of them."""
    usual = day().setting
    people = usual.people[:3]
    setting = replace(
        usual,
        start=_at(7, 20),
        end=_at(8, 40),
        people=people,
        standups=usual.standups[:1],
        board=Board(
            cloud=True,
            hooked=True,
            projects=((_CHURN, "ML"),),
            accounts=tuple((one.id, Account.OPEN) for one in people),
        ),
    )

    def wanted(what: str, owner: str, due: date | None = None) -> Wanted:
        return Wanted(what, owner, due, ticket=True)

    tomorrow, friday = date(2026, 3, 31), date(2026, 4, 3)
    acts: tuple[Act, ...] = (
        Answer(_at(7, 32), "U0ADA", "Churn", Way.CARD, "Ada one", "No labels yet"),
        RaiseOfBlocker(_at(7, 34), "U0BO", _CHURN, wanted("Get the labels", "U0BO", friday)),
        Raise(_at(7, 41), "U0CLEO", _CHURN, wanted("Look at drift", "U0ADA")),
        Tap(_at(7, 47), "U0BO", _CHURN, 0, "in progress"),
        OnBoard(_at(7, 53), "U0ADA", 0, Aspect.OWNER, "U0CLEO"),
        OnBoard(_at(7, 54), "U0ADA", 1, Aspect.DUE, tomorrow),
        Change(_at(8, 2), "U0CLEO", _CHURN, 1, Aspect.OWNER, "U0ADA"),
        OnBoard(_at(8, 9), "U0ADA", 0, Aspect.STATE, "done"),
        Change(_at(8, 16), "U0ADA", _CHURN, 0, Aspect.STATE, "dropped"),
        Raise(_at(8, 21), "U0BO", _CHURN, wanted("Tell the board", "U0BO")),
        DeleteIssue(_at(8, 27), "U0ADA", 2),
    )
    return Plan("tickets", setting, acts)


def risks() -> Plan:
    """A morning of risks: each way to look at one, and a monitor."""
    usual = day().setting
    register = Register(
        channel=_LEADS,
        risk_owner="U0ADA",
        days=(1, 1, 2, 30),
        risks=(
            KnownRisk("Labels come late", "U0BO", 5, 4, _MONDAY.date()),
            KnownRisk("Features drift", "U0CLEO", 2, 4, _MONDAY.date()),
            KnownRisk("Nobody retrains", "", 3, 3, _MONDAY.date()),
        ),
        nth=5,
        weekday=0,
        at=time(11),
        zone="Etc/UTC",
    )
    setting = replace(
        usual,
        start=_at(7, 20),
        end=_at(11, 30),
        people=usual.people[:3],
        standups=usual.standups[:1],
        register=register,
    )
    late, drift, nobody = (one.title for one in register.risks)
    monitor = "a monitor"
    acts: tuple[Act, ...] = (
        AddRisk(_at(7, 25), "U0ADA", _LEADS, "Ada fears", "U0BO", (3, 5)),
        Alert(_at(7, 30), monitor, drift, firing=True, number=0, then=Then.REPLAY),
        Judge(_at(7, 35), "U0CLEO", _LEADS, drift, "watch"),
        TapRisk(_at(9, 0), "U0BO", _LEADS, late, RiskWay.KEPT, on_card=True),
        DecideRisk(_at(9, 5), "U0ADA", _LEADS, nobody, RiskWay.RESCORED, "Worse", (4, 5)),
        TapRisk(_at(9, 15), "U0BO", _LEADS, nobody, RiskWay.EDITED, on_card=False),
        DecideRisk(_at(10, 5), "U0CLEO", _LEADS, drift, RiskWay.CLOSED, "Gone", on_card=True),
        Alert(_at(10, 10), monitor, drift, firing=False, number=1, then=Then.FORGE),
        TapRisk(_at(10, 30), "U0ADA", _LEADS, drift, RiskWay.REOPENED, on_card=False),
    )
    return Plan("risks", setting, acts)


def retros() -> Plan:
    """A retro begun by hand, in which notes come late; and another that can't begin beside it."""
    usual = day().setting
    retro = Retro(
        title="Looking back",
        channel=_QUALITY,
        owner="U0ADA",
        facilitator="U0ADA",
        members=("U0ADA", "U0BO", "U0CLEO"),
        weekdays=(4,),
        at=time(9),
        zone=None,
        open_minutes=180,
        sort_minutes=60,
        vote_minutes=60,
        discuss_minutes=60,
        votes=3,
        anonymous=False,
    )
    setting = replace(usual, start=_at(8, 20), end=_at(9, 35), people=usual.people[:3], retro=retro)
    setting = replace(setting, standups=usual.standups[:1])
    soon, keep, lead = timedelta(minutes=3), NoteThen.KEEP, ("U0ADA", _QUALITY)
    acts: tuple[Act, ...] = (
        StartRetro(_at(8, 25), *lead, typed=True),
        StartRetro(_at(8, 30), *lead, typed=True),
        WriteNotes(_at(8, 32), *lead, "Ada notes", 2, keep),
        WriteNotes(_at(8, 33), "U0BO", _QUALITY, "Bo notes", 1, NoteThen.CHANGE),
        TakeBackLate(_at(8, 34), "U0BO", _QUALITY, "Bo regrets"),
        WriteLate(_at(8, 35), "U0CLEO", _QUALITY, "Cleo late", 1, soon, soon, NoteThen.CHANGE),
        Lead(_at(8, 40), *lead, RetroWay.NEXT, typed=True),
        WriteLate(_at(8, 48), "U0BO", _QUALITY, "Bo late", 1, 8 * soon, soon, keep),
        Lead(_at(8, 52), *lead, RetroWay.NEXT, typed=False),
        Vote(_at(8, 55), *lead, (0, 1)),
        Lead(_at(9, 5), *lead, RetroWay.NEXT, typed=True),
        SayInThread(_at(9, 15), *lead, 0, "Ada thinks", "keep"),
        Lead(_at(9, 25), *lead, RetroWay.CLOSE, typed=True),
    )
    return Plan("retros", setting, acts)


def at(number: int) -> Dies:
    """It dies at the point with this number."""
    return lambda point: point.number == number


def points(plan: Plan) -> range:
    """The points at which the process can be killed in a plan."""
    return range(run(plan).points)


DAYS: Mapping[str, Callable[[], Plan]] = {
    "usual": day,
    "tickets": tickets,
    "risks": risks,
    "retros": retros,
}
"""Each by what it is called."""
