"""A day of two teams, in which the process is killed at every commit and call, one at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from tests.simulation.cast import Setting, Somebody, Standup
from tests.simulation.machine.life import Dies
from tests.simulation.people.act import Act
from tests.simulation.people.acts.answering import Answer, Way
from tests.simulation.people.acts.being_away import GoAway
from tests.simulation.people.acts.channels import LookHome
from tests.simulation.people.acts.moving import Fly
from tests.simulation.people.acts.running import ChangeMembers, Pause
from tests.simulation.people.acts.talking import Talk
from tests.simulation.people.acts.wishing import Later, Skip
from tests.simulation.plan import Plan
from tests.simulation.run import run

_CHURN, _FRAUD = "C01GENERAL", "C01CHURN"
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


def _acts() -> Sequence[Act]:
    def at(hour: int, minute: int) -> datetime:
        return _MONDAY + timedelta(hours=hour, minutes=minute)

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


def at(number: int) -> Dies:
    """It dies at the point with this number."""
    return lambda point: point.number == number


def points() -> range:
    """The points at which the process can be killed on that day."""
    return range(run(day()).points)
