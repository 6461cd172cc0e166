"""Anonymous means it: an attacker with all that is kept does no better than by lot."""

import logging
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from bot.db.backup import copy_to
from bot.db.session import Database
from bot.rituals.retro import notes, sealed
from bot.rituals.retro.finding import by_id
from bot.rituals.retro.model import Config
from bot.rituals.retro.sealed import Written
from bot.rituals.retro.tables import Ballot, SealedNote
from tests.asking.world import World, utc
from tests.clocks import HandMachine
from tests.rituals.retro.attacker import Evidence, guesses
from tests.rituals.retro.held import ASKED, BEGIN, NOTES, Begun, Held, alone, begin, hold
from tests.rituals.retro.team import ZONES, Team

SEEDS = 16

pytestmark = [pytest.mark.usefixtures("on_sqlite"), pytest.mark.timeout(180)]

Put = Callable[[Session, int, str, Written], None]


def hits(held: list[Held], phase: str) -> Counter[str]:
    """How many notes each way of guessing gave to their authors."""
    found: Counter[str] = Counter()
    for one in held:
        for name, guess in guesses(getattr(one, phase)):
            found[name] += sum(guess.get(said) == who for said, who in one.authors.items())
    return found


@pytest.fixture(scope="module")
def begun(template: str, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """From where each begins."""
    if not template.startswith("sqlite"):
        pytest.skip("it is about SQLite, and these tests run on PostgreSQL")
    return begin(template, tmp_path_factory.mktemp("begun"))


@pytest.fixture(scope="module")
def few(begun: Begun, tmp_path_factory: pytest.TempPathFactory) -> list[Held]:
    """Some retros, for what must hold of each."""
    folder = tmp_path_factory.mktemp("few")
    return [hold(seed, begun, folder) for seed in range(4)]


@pytest.mark.slow
def test_no_way_of_guessing_is_better_than_by_lot(
    begun: Begun, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Over many retros each finds about one in seven, as whoever draws lots would."""
    folder = tmp_path_factory.mktemp("held")
    held = [hold(seed, begun, folder) for seed in range(SEEDS)]
    tried = SEEDS * NOTES * len(ZONES)
    chance = tried / len(ZONES)
    # Two notes of a person stand or fall together where they lie side by side.
    spread = math.sqrt(NOTES * chance * (1 - 1 / len(ZONES)))
    for phase in ("before", "after"):
        found = hits(held, phase)
        assert len(found) > 20, found
        assert not {name: n for name, n in found.items() if n > chance + 5 * spread}, found
        assert found["named"] == found["told"] == 0


def test_no_note_is_said_anywhere_before_all_are(few: list[Held]) -> None:
    """Neither in a line of the log, at whatever level, nor in what anybody is shown."""
    for one in few:
        said = [*one.before.logs, *(words for _at, _to, words in one.before.sent)]
        assert any("Collecting notes" in line for line in said)  # a status
        assert any("What waits" in line or "Add more" in line for line in said)
        assert one.before.log.stat().st_size > 0
        assert [text for text in one.before.texts if any(text in line for line in said)] == []


@pytest.mark.parametrize("phase", ["before", "after"])
def test_each_note_stands_in_the_file_once(phase: str, few: list[Held]) -> None:
    """No earlier copy is left where rows were deleted or pages freed."""
    for one in few:
        evidence: Evidence = getattr(one, phase)
        shown = 1 if phase == "after" else 0  # a backup goes without what is hidden
        for file, times in ((evidence.database, 1), (evidence.backup, shown)):
            content = file.read_bytes()
            assert {content.count(said.encode()) for said in evidence.texts} == {times}


def test_of_backups_with_the_notes_the_attacker_finds_them_all(
    begun: Begun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of them tell who was done in between, whatever order the notes lie in."""
    monkeypatch.setattr("bot.db.backup.HIDDEN", ())
    found = hits([hold(0, begun, tmp_path)], "before")
    assert found["backups compared"] == NOTES * len(ZONES)


def test_a_backup_is_without_ballots_and_the_database_keeps_them(
    template: str, tmp_path: Path
) -> None:
    """Who voted for what is known to the running vote alone."""
    file = tmp_path / "voting.db"
    copyfile(template.removeprefix("sqlite:///"), file)
    machine = HandMachine(utc(BEGIN))
    database = Database(f"sqlite:///{file}", machine)
    database.write_now(_voting, machine)
    copy_to(database.url, tmp_path / "backup.db")
    copy = Database(f"sqlite:///{tmp_path / 'backup.db'}", machine)
    counts = [
        one.read_now(lambda session: session.query(Ballot).count()) for one in (database, copy)
    ]
    database.close()
    copy.close()
    assert counts == [1, 0]


def _ballots(session: Session) -> int:
    return session.query(Ballot).count()


def _voting(session: Session, machine: HandMachine) -> None:
    session.info["machine"] = machine
    team = Team(World(session, machine, utc(BEGIN)), Config(sort_minutes=0))
    team.gather()
    team.until(ASKED)
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    team.vote("UMEI", "One")


def _plainly(session: Session, retro_id: int, token: str, written: Written) -> None:
    """A note is put beside the others, as one would."""
    row = {"retro_id": retro_id, "key": sealed.key_of(token)}
    session.execute(insert(SealedNote).values(**row, column=written.column, text=written.text))


def _numbered(session: Session, retro_id: int, token: str, written: Written) -> None:
    """A note gets a row number, in a table like any other."""
    session.execute(
        text("CREATE TABLE IF NOT EXISTS naive (id INTEGER PRIMARY KEY, retro INTEGER, said TEXT)")
    )
    session.execute(
        text("INSERT INTO naive (retro, said) VALUES (:retro, :said)"),
        {"retro": retro_id, "said": written.text},
    )


def _loudly(session: Session, retro_id: int, token: str, written: Written) -> None:
    """A note is kept well, but a line of the log says what it is."""
    _PUT(session, retro_id, token, written)
    logging.getLogger("bot").debug("kept %s", written)


_PUT = sealed.put


@pytest.mark.parametrize("naive", [_plainly, _numbered, _loudly, None])
def test_the_attacker_is_able(
    naive: Put | None, begun: Begun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of notes kept less carefully it finds nearly all: by row numbers, by where bytes lie, by
    lines of the log; and of those kept well, before the write-ahead log is emptied.
    """
    monkeypatch.setattr(sealed, "put", naive or sealed.put)
    emptied = naive is not None
    held = [hold(seed, begun, tmp_path, shown=False, emptied=emptied) for seed in range(2)]
    found, tried = hits(held, "before"), 2 * NOTES * len(ZONES)
    assert max(found.values()) > 0.9 * tried, found


def test_a_note_s_transaction_touches_its_table_alone(begun: Begun, tmp_path: Path) -> None:
    """Every other row of the database is byte for byte as it was."""
    file = tmp_path / "one.db"
    copyfile(begun.file, file)
    database = Database(f"sqlite:///{file}", HandMachine(ASKED))
    retro_id, workspace_id = begun.retro_id, begun.workspace_id
    written: list[str] = []

    def note(statement: str) -> None:
        if statement.split()[0] not in {"SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA"}:
            written.append(statement)

    _listen(database, note)
    alone(database, notes.put, ASKED, workspace_id, "UMEI", retro_id, "token", 0, "A note")
    alone(database, notes.put, ASKED, workspace_id, "UMEI", retro_id, "token", 1, "Another")
    alone(database, notes.drop, ASKED, workspace_id, "UMEI", retro_id, "token")
    database.close()
    assert written
    assert all("retro_sealed_notes" in one for one in written), written


def _listen(database: Database, note: Callable[[str], None]) -> None:
    def seen(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        note(statement)

    event.listen(database._writing, "before_cursor_execute", seen)


def test_its_table_has_no_row_number_no_time_and_no_person(session: Session) -> None:
    """What it holds is what everybody will read, how often that was changed, and a blind key."""
    made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'retro_sealed_notes'"))
    assert "WITHOUT ROWID" in made
    columns = [one.name for one in SealedNote.__table__.columns]
    assert columns == ["retro_id", "key", "column", "text", "turn"]


def test_by_id_finds_no_retro_of_another_workspace(begin: Any) -> None:
    """An id that is guessed leads nowhere."""
    team = Team(begin(BEGIN))
    team.gather()
    team.until(ASKED)
    assert by_id(team.world.session, team.world.workspace_id, team.retro.id)
    assert by_id(team.world.session, team.world.workspace_id + 1, team.retro.id) is None
