"""What the terminal shows as tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from rich.console import Console
from rich.table import Table
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.asking.outlook import Occasion, outlook
from bot.cli.checks import Finding
from bot.core.errors import Refused
from bot.db.tables import Person


class NobodyByThatName(Refused):
    """Nobody by that name or id is known. Names are those of Slack; a part of one is enough."""


def occasions(session: Session, at: datetime, days: int, person: str | None) -> list[Occasion]:
    """What the timetable lists."""
    return list(outlook(session, at, days, None if person is None else _named(session, person)))


def _named(session: Session, person: str) -> Sequence[int]:
    pattern = "%" + person.replace("%", r"\%").replace("_", r"\_") + "%"
    found = session.scalars(
        select(Person.id).where(
            or_(Person.slack_id == person, Person.name.ilike(pattern, escape="\\"))
        )
    ).all()
    if not found:
        raise NobodyByThatName
    return found


_NOTHING = "-"


def print_timetable(console: Console, listed: Sequence[Occasion], days: int) -> None:
    """One table a ritual."""
    if not listed:
        console.print(f"Nobody is asked anything in the next {days} days.")
    for _ritual, group in groupby(listed, key=lambda one: one.ritual_id):
        rows = list(group)
        table = Table(title=f"{rows[0].title} in {rows[0].channel}", title_justify="left")
        for heading in ("Date", "Person", "Local time", "Zone", "UTC", "Remark"):
            table.add_column(heading, no_wrap=heading != "Remark")
        for day, same_day in groupby(rows, key=lambda one: one.day):
            for cells in _cells(list(same_day)):
                table.add_row(f"{day:%a} {day}", *cells)
            table.add_section()
        console.print(table)


def _cells(same_day: Sequence[Occasion]) -> list[tuple[str, ...]]:
    """One row a person, but a single one where nobody is asked for the same reason."""
    reasons = {one.remark for one in same_day}
    if all(one.due is None for one in same_day) and len(reasons) == 1:
        return [("nobody", _NOTHING, _NOTHING, _NOTHING, reasons.pop())]
    return [_row(one) for one in same_day]


def _row(one: Occasion) -> tuple[str, ...]:
    if one.due is None:
        return one.person, _NOTHING, one.zone, _NOTHING, one.remark
    utc = one.due.astimezone(UTC)
    there = f"{one.due:%H:%M}" if one.due.date() == one.day else f"{one.due:%a %H:%M}"
    return one.person, there, one.zone, f"{utc:%a %H:%M}", one.remark


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """One line a finding, with what to do under those that aren't fine."""
    for finding in findings:
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
        if finding.note:
            mark = "[yellow]![/yellow]"
        console.print(f"{mark} {finding.what}", highlight=False, soft_wrap=True)
        if finding.todo:
            console.print(f"  {finding.todo}", highlight=False, soft_wrap=True, markup=False)
