"""Of an anonymous retro nothing tells who wrote what: no row, no message, no log."""

import re
from collections.abc import Iterator

from sqlalchemy import text

from tests.simulation.evidence import Evidence

_PERSON = re.compile(r"person|author|owner|_by$|_by_|user")
_TABLES = text("SELECT name FROM sqlite_master WHERE type = 'table'")


def nobody_named(evidence: Evidence) -> Iterator[str]:
    """Where a note's text stands, nobody's name or id stands beside it."""
    retro = evidence.books.setting.retro
    if retro is None or not retro.anonymous:
        return
    notes = {
        str(change.value)
        for note in evidence.books.retro.notes
        for change in note.text.changes
        if change.value is not None
    }
    if notes:
        yield from _in_tables(evidence, notes)
        yield from _in_messages(evidence, notes)
        yield from (
            f"the log has a note: {line}"
            for line in evidence.logged
            if any(note in line for note in notes)
        )


def _in_tables(evidence: Evidence, notes: set[str]) -> Iterator[str]:
    for table in evidence.session.scalars(_TABLES).all():
        rows = evidence.session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
        for row in rows.mappings():
            holding = " ".join(str(value) for value in row.values())
            named = [name for name, value in row.items() if _PERSON.search(name) and value]
            if any(note in holding for note in notes) and (named or _names(evidence, holding)):
                yield f"a row of {table} has a note beside {named}: {dict(row)}"


def _in_messages(evidence: Evidence, notes: set[str]) -> Iterator[str]:
    for sight in evidence.sights:
        if any(note in sight.said for note in notes) and sight.who:
            yield f"{sight.who} was told of a note in their DM: {sight.text}"


def _names(evidence: Evidence, words: str) -> list[str]:
    """Whom some words name, by their Slack id."""
    return [one.id for one in evidence.books.setting.people if one.id in words]
