"""Who is not asked on which of their dates, and why: away, a public holiday, a Slack status."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import countries, statuses
from bot.asking.holidays import holiday
from bot.asking.statuses import Status
from bot.core.cadence import zone
from bot.core.states import Excuse
from bot.core.text import spoken_date
from bot.db.tables import Absence, Person, Workspace

Dates = Collection[tuple[Person, date]]
"""People, each with a local date of their own."""


@dataclass(frozen=True)
class Excused:
    """Why somebody is not asked on a date; the reason is for everybody's eyes."""

    excuse: Excuse
    reason: str


def excuses(session: Session, at: datetime, dates: Dates) -> Mapping[tuple[int, date], Excused]:
    """The excuses there are at `at` for these, by person id and date.

    An absence is told before a holiday, and a holiday before a status.
    """
    found = dict(_statuses(session, at, dates)) | dict(_holidays(dates))
    return found | dict(_absences(session, dates))


def country_of(person: Person) -> str:
    """Whose holidays a person has; "" for none."""
    return person.country if person.country is not None else countries.guess(person.tz) or ""


def status_of(person: Person) -> Status:
    """What a person says of themselves in Slack."""
    return Status(person.status_emoji or "", person.status_text or "", person.status_until)


def _statuses(
    session: Session, at: datetime, dates: Dates
) -> Iterator[tuple[tuple[int, date], Excused]]:
    days: dict[Person, list[date]] = {}
    for person, on in dates:
        if person.status_emoji or person.status_text:
            days.setdefault(person, []).append(on)
    if not days:
        return
    rows = session.execute(
        select(Workspace.id, Workspace.leave_statuses).where(
            Workspace.id.in_({person.workspace_id for person in days})
        )
    )
    listed = dict(rows.all())
    for person, theirs in days.items():
        status = status_of(person)
        if said := statuses.meaning(status, listed[person.workspace_id]):
            why = Excused(Excuse.STATUS, f"Slack status: {said}")
            for on in statuses.covered(status, at, theirs, zone(person.tz or "UTC")):
                yield (person.id, on), why


def _holidays(dates: Dates) -> Iterator[tuple[tuple[int, date], Excused]]:
    for person, on in dates:
        country = country_of(person)
        if name := holiday(country, person.subdivision, on):
            reason = f"{name} in {countries.spoken(country)}"
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
