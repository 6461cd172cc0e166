"""When people are asked, as far as a plan of acts need know it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.simulation.cast import Retro, Setting, Somebody, Standup
from tests.simulation.model.wall import DAY, instant


def moments(setting: Setting) -> Iterator[tuple[Standup, Somebody, datetime, datetime]]:
    """Each moment at which somebody is asked in a run, and the end of their window."""
    for standup in setting.standups:
        for person, due, ends in _of(setting, standup):
            yield standup, person, due, ends


def retro_moments(setting: Setting) -> Iterator[tuple[Retro, Somebody, datetime, datetime]]:
    """The same of a retro's notes."""
    retro = setting.retro
    for person, due, ends in _of(setting, retro) if retro is not None else ():
        assert retro is not None
        yield retro, person, due, ends


def _of(setting: Setting, ritual: Standup | Retro) -> Iterator[tuple[Somebody, datetime, datetime]]:
    for who in ritual.members:
        person = setting.person(who)
        day = setting.start.date() - DAY
        while day <= setting.end.date() + DAY:
            due = instant(day, ritual.at, ritual.zone or person.zone)
            if day.weekday() in ritual.weekdays and setting.start < due < setting.end:
                yield person, due, due + timedelta(minutes=ritual.open_minutes)
            day += DAY
