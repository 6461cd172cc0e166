"""Anonymous means it: an attacker with all that is kept does no better than by lot."""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import structlog
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from bot.asking import card
from bot.db.backup import copy_to
from bot.db.inbox import first_time
from bot.db.session import Database, note_clean
from bot.db.tables import Mirror
from bot.rituals import RITUALS
from bot.rituals.retro import notes, sealed, settling, stages
from bot.rituals.retro.finding import by_id, place_of
from bot.rituals.retro.model import Config
from bot.rituals.retro.sealed import Written
from bot.rituals.retro.shown import retro_shown
from bot.rituals.retro.tables import Ballot, Retro, SealedNote
from bot.rituals.retro.views.message import retro_message
from tests.asking.world import World, utc
from tests.clocks import HandMachine
from tests.rituals.retro.attacker import Evidence, guesses
from tests.rituals.retro.team import ZONES, Team

SEEDS = 16
NOTES = 2  # of each
BEGIN = "2026-03-30T06:00"
ASKED = utc("2026-03-31T17:00")

pytestmark = [pytest.mark.usefixtures("on_sqlite"), pytest.mark.timeout(180)]

Put = Callable[[Session, int, str, Written], None]


@dataclass
class Held:
    """A retro that was held on a real database, and who wrote what in it."""

    authors: Mapping[str, str]
    before: Evidence  # while the notes are hidden
    after: Evidence  # once they are shown


def hold(seed: int, template: str, folder: Path) -> Held:
    """Seven people write, and say that they are done, one after the other; then all is shown."""
    lot = random.Random(seed)  # noqa: S311 - a test's order, no secret
    file = folder / f"{seed}.db"
    copyfile(template.removeprefix("sqlite:///"), file)
    machine = HandMachine(utc(BEGIN))
    database = Database(f"sqlite:///{file}", machine)
    sent: list[tuple[datetime, str, str]] = []
    earlier: list[Path] = []
    with structlog.testing.capture_logs() as logs:
        retro_id, workspace_id = database.write_now(_gathered, machine)
        authors: dict[str, str] = {}
        order = list(ZONES)
        lot.shuffle(order)
        at = ASKED
        for who in order:
            for number in range(NOTES):
                at += timedelta(minutes=lot.randint(1, 9))
                machine.advance((at - machine.utc()).total_seconds())
                said = f"{lot.getrandbits(64):016x} says something {'long ' * lot.randint(1, 40)}"
                said = said.strip()
                token = f"{lot.getrandbits(128):032x}"
                _alone(database, notes.put, at, workspace_id, who, retro_id, token, number, said)
                authors[said] = who
            at += timedelta(minutes=1)
            machine.advance((at - machine.utc()).total_seconds())
            database.write_now(_done, at, workspace_id, who, retro_id)
            earlier.append(folder / f"{seed}-{who}.db")
            copy_to(database.url, earlier[-1])
            sent += database.read_now(_sent, at, retro_id, who)
    lines = [str(one) for one in logs]
    _alone(database, _nothing)  # whatever waits in the log goes into the file
    before = _evidence(database, folder / f"{seed}-before", earlier, lines, sent, list(authors))
    database.write_now(_shown, at + timedelta(hours=1), retro_id)
    after = _evidence(database, folder / f"{seed}-after", earlier, lines, sent, list(authors))
    database.close()
    return Held(authors, before, after)


def _gathered(session: Session, machine: HandMachine) -> tuple[int, int]:
    session.info["machine"] = machine
    world = World(session, machine, utc(BEGIN))
    team = Team(world, Config(anonymous=True))
    team.gather()
    team.until(ASKED)
    return team.retro.id, world.workspace_id


def _alone(database: Database, work: Callable[..., Any], *args: Any) -> None:
    database._submit(0, lambda session: work(session, *args), alone=True).result()


def _nothing(session: Session) -> None:
    note_clean(session)


def _done(session: Session, at: datetime, workspace_id: int, who: str, retro_id: int) -> None:
    """As a listener does it: with its receipt."""
    assert first_time(session, "block_actions", f"trigger-{who}")
    settling.done(session, at, workspace_id, who, retro_id)


def _sent(
    session: Session, at: datetime, retro_id: int, who: str
) -> list[tuple[datetime, str, str]]:
    """What goes to Slack then: the channel's message, and the card of whoever pressed."""
    shown = retro_shown(session, str(retro_id), at)
    assert shown is not None
    on_cards = {one.kind: one.on_card for one in RITUALS if one.on_card}
    cards = session.query(Mirror).filter(Mirror.view == "card", Mirror.target == who).all()
    drawn = [str(card.card_shown(session, one.subject, at, on_cards)) for one in cards]
    return [(at, "C1", str(retro_message(shown))), *((at, who, one) for one in drawn)]


def _shown(session: Session, at: datetime, retro_id: int) -> None:
    retro = session.get_one(Retro, retro_id)
    stages.end_stage(session, at, place_of(session, retro))
    assert session.query(SealedNote).count() == 0


def _evidence(
    database: Database,
    folder: Path,
    earlier: list[Path],
    logs: list[str],
    sent: list[tuple[datetime, str, str]],
    texts: list[str],
) -> Evidence:
    """Copies of what there is, with the write-ahead log empty."""
    folder.mkdir()
    file = Path(database.url.removeprefix("sqlite:///"))
    assert file.with_name(f"{file.name}-wal").stat().st_size == 0
    copyfile(file, folder / "copy.db")
    copy_to(database.url, folder / "backup.db")
    return Evidence(folder / "copy.db", folder / "backup.db", earlier, logs, sent, sorted(texts))


def hits(held: list[Held], phase: str) -> Counter[str]:
    """How many notes each way of guessing gave to their authors."""
    found: Counter[str] = Counter()
    for one in held:
        for name, guess in guesses(getattr(one, phase)):
            found[name] += sum(guess.get(said) == who for said, who in one.authors.items())
    return found


@pytest.fixture(scope="module")
def held(template: str, tmp_path_factory: pytest.TempPathFactory) -> list[Held]:
    """So many retros that chance is told from knowledge."""
    if not template.startswith("sqlite"):
        pytest.skip("it is about SQLite, and these tests run on PostgreSQL")
    folder = tmp_path_factory.mktemp("held")
    return [hold(seed, template, folder) for seed in range(SEEDS)]


@pytest.mark.parametrize("phase", ["before", "after"])
def test_no_way_of_guessing_is_better_than_by_lot(phase: str, held: list[Held]) -> None:
    """Over many retros each finds about one in seven, as whoever draws lots would."""
    found, tried = hits(held, phase), SEEDS * NOTES * len(ZONES)
    chance = tried / len(ZONES)
    # Two notes of a person stand or fall together where they lie side by side.
    spread = math.sqrt(NOTES * chance * (1 - 1 / len(ZONES)))
    assert len(found) > 20, found
    assert not {name: n for name, n in found.items() if n > chance + 5 * spread}, found
    assert found["named"] == found["told"] == 0


@pytest.mark.parametrize("phase", ["before", "after"])
def test_each_note_stands_in_the_file_once(phase: str, held: list[Held]) -> None:
    """No earlier copy is left where rows were deleted or pages freed."""
    for one in held:
        evidence: Evidence = getattr(one, phase)
        shown = 1 if phase == "after" else 0  # a backup goes without what is hidden
        for file, times in ((evidence.database, 1), (evidence.backup, shown)):
            content = file.read_bytes()
            assert {content.count(said.encode()) for said in evidence.texts} == {times}


def test_of_backups_with_the_notes_the_attacker_finds_them_all(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of them tell who was done in between, whatever order the notes lie in."""
    monkeypatch.setattr("bot.db.backup.HIDDEN", ())
    found = hits([hold(0, template, tmp_path)], "before")
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


@pytest.mark.parametrize("naive", [_plainly, _numbered])
def test_the_attacker_is_able(
    naive: Put, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of notes kept less carefully it finds nearly all: by row numbers, or by where bytes lie."""
    monkeypatch.setattr(sealed, "put", naive)
    monkeypatch.setattr("tests.rituals.retro.test_anonymity._shown", lambda *_args: None)
    held = [hold(seed, template, tmp_path) for seed in range(4)]
    found, tried = hits(held, "before"), 4 * NOTES * len(ZONES)
    assert max(found.values()) > 0.9 * tried, found


def test_a_note_s_transaction_touches_its_table_alone(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other row of the database is byte for byte as it was."""
    file = tmp_path / "one.db"
    copyfile(template.removeprefix("sqlite:///"), file)
    machine = HandMachine(utc(BEGIN))
    database = Database(f"sqlite:///{file}", machine)
    retro_id, workspace_id = database.write_now(_gathered, machine)
    written: list[str] = []

    def note(statement: str) -> None:
        if statement.split()[0] not in {"SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA"}:
            written.append(statement)

    _listen(database, note)
    _alone(database, notes.put, ASKED, workspace_id, "UMEI", retro_id, "token", 0, "A note")
    _alone(database, notes.put, ASKED, workspace_id, "UMEI", retro_id, "token", 1, "Another")
    _alone(database, notes.drop, ASKED, workspace_id, "UMEI", retro_id, "token")
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
