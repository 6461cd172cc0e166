"""Who is not asked on which of their dates, and why: away, or a public holiday."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import countries
from bot.asking.holidays import holiday
from bot.core.states import Excuse
from bot.core.text import spoken_date
from bot.db.tables import Absence, Person

Dates = Collection[tuple[Person, date]]
"""People, each with a local date of their own."""


@dataclass(frozen=True)
class Excused:
    """Why somebody is not asked on a date; the reason is for everybody's eyes."""

    excuse: Excuse
    reason: str


def excuses(session: Session, dates: Dates) -> Mapping[tuple[int, date], Excused]:
    """The excuses there are for these, by person id and date."""
    found = _holidays(dates)
    return dict(found) | dict(_absences(session, dates))


def country_of(person: Person) -> str:
    """Whose holidays a person has; "" for none."""
    return person.country if person.country is not None else countries.guess(person.tz) or ""


def _holidays(dates: Dates) -> Iterator[tuple[tuple[int, date], Excused]]:
    for person, on in dates:
        country = country_of(person)
        if name := holiday(country, person.subdivision, on):
            reason = f"{name} in {countries.name(country)}"
            yield (person.id, on), Excused(Excuse.HOLIDAY, reason)


def _absences(session: Session, dates: Dates) -> Iterator[tuple[tuple[int, date], Excused]]:
    if not dates:
        return
    rows = session.execute(
        select(Absence.person_id, Absence.first, Absence.last)
        .where(
            Absence.person_id.in_({person.id for person, _on in dates}),
            Absence.first <= max(on for _person, on in dates),
            Absence.last >= min(on for _person, on in dates),
        )
        .order_by(Absence.last)  # the longest comes last, and is told
    ).all()
    wanted: dict[int, set[date]] = {}
    for person, on in dates:
        wanted.setdefault(person.id, set()).add(on)
    for person_id, first, last in rows:
        for on in wanted[person_id]:
            if first <= on <= last:
                reason = f"away until {spoken_date(last)}"
                yield (person_id, on), Excused(Excuse.ABSENCE, reason)
