"""What the terminal shows as tables."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, groupby, repeat

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.asking.outlook import Occasion, outlook
from bot.cli.findings import Finding
from bot.core.errors import Refused
from bot.db.tables import Person, Team


class NobodyByThatName(Refused):
    """Nobody by that name or id is known. Names are those of Slack; a part of one is enough."""


def occasions(session: Session, at: datetime, days: int, person: str | None) -> list[Occasion]:
    """What the timetable lists."""
    return list(outlook(session, at, days, None if person is None else _named(session, person)))


def _named(session: Session, person: str) -> Sequence[int]:
    named = Person.name.icontains(person, autoescape=True)
    found = session.scalars(select(Person.id).where(or_(Person.slack_id == person, named))).all()
    if not found:
        raise NobodyByThatName
    return found


def channel_names(session: Session) -> Mapping[str, str]:
    """What people call a channel, by its id."""
    rows = session.execute(select(Team.channel, Team.name).order_by(Team.id)).all()
    return {channel: f"#{name}" if name != channel else channel for channel, name in rows}


_NOTHING = "-"


def print_timetable(
    console: Console, listed: Sequence[Occasion], days: int, names: Mapping[str, str]
) -> None:
    """One table a ritual; `names` are those of the channels, by id."""
    if not listed:
        console.print(f"Nobody is asked anything in the next {days} days.")
    for _ritual, group in groupby(listed, key=lambda one: one.ritual_id):
        rows = list(group)
        alone = len({one.person_id for one in rows}) == 1
        place = names.get(rows[0].channel, rows[0].channel)
        title = escape(f"{rows[0].title} in {place}")
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
        for heading in ("Date", "Person", "Local time", "Zone", "UTC", "Remark"):
            table.add_column(heading, no_wrap=heading != "Remark")
        for day, same_day in groupby(rows, key=lambda one: one.day):
            dates = chain([f"{day:%a} {day}"], repeat(""))
            for date_cell, cells in zip(dates, _cells(list(same_day)), strict=False):
                table.add_row(date_cell, *map(escape, cells))
            if not alone:
                table.add_section()
        console.print(table)


def _cells(same_day: Sequence[Occasion]) -> list[tuple[str, ...]]:
    """One row a person, but a single one where nobody is asked for the same reason."""
    reasons = {one.remark for one in same_day}
    if len(same_day) > 1 and all(one.due is None for one in same_day) and len(reasons) == 1:
        return [("nobody", _NOTHING, _NOTHING, _NOTHING, reasons.pop())]
    return [_row(one) for one in same_day]


def _row(one: Occasion) -> tuple[str, ...]:
    if one.due is None:
        return one.person, _NOTHING, one.zone, _NOTHING, one.remark
    there, utc = _on(one.due, one.day), _on(one.due.astimezone(UTC), one.day)
    return one.person, there, one.zone, utc, one.remark


def _on(at: datetime, day: date) -> str:
    """A time, with its weekday where that is another one than the row's."""
    return f"{at:%H:%M}" if at.date() == day else f"{at:%a %H:%M}"


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """One line a finding, with what to do under those that aren't fine."""
    for finding in findings:
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
        if finding.note:
            mark = "[yellow]![/yellow]"
        console.print(f"{mark} {escape(finding.what)}", highlight=False, soft_wrap=True)
        if finding.todo:
            console.print(f"  {finding.todo}", highlight=False, soft_wrap=True, markup=False)
