"""When people are asked, as far as a plan of acts need know it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.simulation.cast import Setting, Somebody, Standup
from tests.simulation.model.wall import DAY, instant


def moments(setting: Setting) -> Iterator[tuple[Standup, Somebody, datetime, datetime]]:
    """Each moment at which somebody is asked in a run, and the end of their window."""
    for standup in setting.standups:
        for who in standup.members:
            person = setting.person(who)
            day = setting.start.date() - DAY
            while day <= setting.end.date() + DAY:
                due = instant(day, standup.at, standup.zone or person.zone)
                if day.weekday() in standup.weekdays and setting.start < due < setting.end:
                    yield standup, person, due, due + timedelta(minutes=standup.open_minutes)
                day += DAY
