"""Somebody who wants to know who wrote which note of an anonymous retro.

They have all that a copy of the database gives: every row, every byte of the file (what was deleted
too, and where each row lies in its page), its write-ahead log since that was emptied, backups of
several moments, the log's lines, and what was sent to Slack when, to a channel, on a card, on Home
or in a window. They know who took part, and guess that people said they were done in the order in
which they wrote. Each way of guessing answers an author for every note.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Guess = Mapping[str, str]
"""An author's Slack id for the text of each note."""


@dataclass(frozen=True)
class Evidence:
    """What the attacker holds."""

    database: Path
    log: Path  # the write-ahead log beside it
    backup: Path
    earlier: Sequence[Path]  # backups, each made when one more was done
    logs: Sequence[str]
    sent: Sequence[tuple[datetime, str, str]]  # when, to whom, and all that it said
    texts: Sequence[str]  # the notes, as all may read them in the end


def guesses(evidence: Evidence) -> Iterator[tuple[str, Guess]]:
    """Every way of guessing, by name."""
    people = dict(_people(evidence.database))
    yield "named", dict(_named(evidence, people))
    yield "told", dict(_told(evidence, people))
    yield "backups compared", dict(_compared(evidence, people))
    for how, authors in _orders_of_people(evidence, people):
        for what, texts in _orders_of_notes(evidence):
            yield f"{what} by {how}", _aligned(texts, authors)


def _aligned(texts: Sequence[str], authors: Sequence[str]) -> Guess:
    """As if each had written as many notes as the others, one person after the other."""
    if not texts or not authors:
        return {}
    return {text: authors[index * len(authors) // len(texts)] for index, text in enumerate(texts)}


def _rows(database: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Every row of every table, in the order of its row numbers where it has any."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in names.fetchall():
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
                yield name, row


def _people(database: Path) -> Iterator[tuple[int, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        yield from connection.execute("SELECT id, slack_id FROM people")


# --- who is named beside a note


def _named(evidence: Evidence, people: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """A row that holds a note and a person."""
    for name, row in _rows(evidence.database):
        for text in evidence.texts:
            if text in row and name not in {"people"}:
                ids = [people[one] for one in row[2:] if isinstance(one, int) and one in people]
                slack = [one for one in row if one in people.values()]
                if slack or (len(ids) == 1 and "naive" in name):
                    yield text, str((slack or ids)[0])


def _told(evidence: Evidence, people: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """A line of the log, or a message, that holds a note and a person."""
    said = [*evidence.logs, *(f"{to} {words}" for _at, to, words in evidence.sent)]
    for line in said:
        for text in evidence.texts:
            if text in line:
                yield from ((text, who) for who in people.values() if who in line)


def _compared(evidence: Evidence, people: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """A note that a backup holds and the one before doesn't is by whoever was done in between."""
    done, known = set[str](), set[str]()
    for file in (*evidence.earlier, evidence.backup):
        now = set(dict(_orders_of_people(evidence, people, file))["answers"])
        content = file.read_bytes()
        notes = {text for text in evidence.texts if text.encode() in content}
        for author in sorted(now - done):
            yield from ((text, author) for text in notes - known)
        done, known = now, notes


# --- in which order people were done


def _orders_of_people(
    evidence: Evidence, people: Mapping[int, str], file: Path | None = None
) -> Iterator[tuple[str, Sequence[str]]]:
    queries = {
        "answers": (
            "SELECT person_id FROM prompts WHERE state = 'answered' ORDER BY answered_at, id"
        ),
        "cards": (
            "SELECT CAST(subject AS INTEGER) FROM mirrors WHERE view = 'card' "
            "AND wanted > 1 ORDER BY stale_since, id"
        ),
    }
    with sqlite3.connect(f"file:{file or evidence.database}?mode=ro", uri=True) as connection:
        for how, query in queries.items():
            found = [people[one] for (one,) in connection.execute(query) if one in people]
            yield how, list(dict.fromkeys(found))
    heard = sorted((at, to) for at, to, _words in evidence.sent if to in people.values())
    yield "traffic", list(dict.fromkeys(to for _at, to in heard))


# --- in which order notes were written


def _orders_of_notes(evidence: Evidence) -> Iterator[tuple[str, Sequence[str]]]:
    for which, file in (("file", evidence.database), ("backup", evidence.backup)):
        rows = [text for _name, row in _rows(file) for text in evidence.texts if text in row]
        yield f"rows of the {which}", list(dict.fromkeys(rows))
        content = file.read_bytes()
        size = int.from_bytes(content[16:18], "big") or 65536
        for mark, last in (("first", False), ("last", True)):
            places = {
                text: content.rfind(text.encode()) if last else content.find(text.encode())
                for text in evidence.texts
            }
            there = [text for text in evidence.texts if places[text] >= 0]
            # Within a page SQLite puts a new row before those that it holds already.
            laid = sorted(there, key=lambda one: (places[one] // size, -places[one]))
            yield f"{mark} bytes in the {which}", laid
            yield f"{mark} bytes in the {which}, back to front", laid[::-1]
    written = evidence.log.read_bytes()  # one commit after the other
    yield "write-ahead log", _by_first(evidence, written.find)
    lines = [*evidence.logs, *(words for _at, _to, words in evidence.sent)]
    yield "lines", _by_first(evidence, lambda text: "\0".join(lines).encode().find(text))


def _by_first(evidence: Evidence, find: Callable[[bytes], int]) -> Sequence[str]:
    """The notes that are found at all, by where they are found first."""
    places = {text: find(text.encode()) for text in evidence.texts}
    return sorted((text for text in evidence.texts if places[text] >= 0), key=places.__getitem__)
