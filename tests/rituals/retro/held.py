"""Anonymous retros held on a real database, and what somebody curious can get hold of meanwhile."""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.content import Content
from bot.db.backup import copy_to
from bot.db.inbox import first_time
from bot.db.session import Database, note_clean
from bot.db.tables import Mirror, Person
from bot.rituals.retro import notes, settling, stages
from bot.rituals.retro.finding import place_of
from bot.rituals.retro.model import Config
from bot.rituals.retro.status import status
from bot.rituals.retro.tables import Retro, SealedNote
from bot.rituals.retro.views.status import StatusShown, status_modal
from tests.asking.world import World, utc
from tests.benchmarks.team import views
from tests.clocks import HandMachine
from tests.rituals.retro.attacker import Evidence
from tests.rituals.retro.team import ZONES, Team

NOTES = 2  # of each
BEGIN = "2026-03-30T06:00"
ASKED = utc("2026-03-31T17:00")
_VIEWS = views()
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Begun:
    """A database in which seven people have been asked for notes, to be copied."""

    file: Path
    retro_id: int
    workspace_id: int
    ritual_id: int


@dataclass(frozen=True)
class Held:
    """A retro that was held, and who wrote what in it."""

    authors: Mapping[str, str]
    before: Evidence  # while the notes are hidden
    after: Evidence  # once they are shown


def begin(template: str, folder: Path) -> Begun:
    """Everybody has been asked."""
    file = folder / "begun.db"
    copyfile(template.removeprefix("sqlite:///"), file)
    machine = HandMachine(utc(BEGIN))
    database = Database(f"sqlite:///{file}", machine)

    def gathered(session: Session) -> Begun:
        session.info["machine"] = machine
        team = Team(World(session, machine, utc(BEGIN)), Config(anonymous=True))
        team.gather()
        team.until(ASKED)
        note_clean(session)
        return Begun(file, team.retro.id, team.world.workspace_id, team.ritual.id)

    begun = database.write_now(gathered)
    database.close()
    return begun


def hold(
    seed: int, begun: Begun, folder: Path, *, shown: bool = True, emptied: bool = True
) -> Held:
    """Seven people write, and say that they are done, one after the other; then all is shown.

    The attacker comes after the hourly emptying of the log: without `emptied`, before it.
    """
    file = folder / f"{seed}.db"
    copyfile(begun.file, file)
    machine = HandMachine(ASKED)
    database = Database(f"sqlite:///{file}", machine)
    with _logs() as logs:
        going = _Going(database, machine, begun, random.Random(seed))  # noqa: S311 - no secret
        for who in going.shuffled():
            going.write(who)
            going.done(who, folder / f"{seed}-{who}.db")
        if emptied:
            alone(database, note_clean)
            assert _log_of(file).stat().st_size == 0
        for who in going.shuffled():  # presses it once more; the log has something in it again
            going.done(who)
        before = _evidence(going, folder / f"{seed}-before", logs)
        if shown:
            going.show()
            assert _log_of(file).stat().st_size == 0
        after = _evidence(going, folder / f"{seed}-after", logs)
    database.close()
    return Held(going.authors, before, after)


def alone(database: Database, work: Callable[..., Any], *args: Any) -> None:
    """As `take_untraced` does it: in a commit of its own."""
    database._submit(0, lambda session: work(session, *args), alone=True).result()


@dataclass
class _Going:
    """A retro in which people write, as far as it has come."""

    database: Database
    machine: HandMachine
    begun: Begun
    lot: random.Random
    at: datetime = ASKED
    authors: dict[str, str] = field(default_factory=dict)
    earlier: list[Path] = field(default_factory=list)
    sent: list[tuple[datetime, str, str]] = field(default_factory=list)

    def shuffled(self) -> list[str]:
        order = list(ZONES)
        self.lot.shuffle(order)
        return order

    def write(self, who: str) -> None:
        begun, lot = self.begun, self.lot
        for number in range(NOTES):
            self._pass(_MINUTE * lot.randint(1, 9))
            said = f"{lot.getrandbits(64):016x} says something {'long ' * lot.randint(1, 40)}"
            said = said.strip()
            token = f"{lot.getrandbits(128):032x}"
            words = (begun.workspace_id, who, begun.retro_id, token, number, said)
            alone(self.database, notes.put, self.at, *words)
            self.authors[said] = who

    def done(self, who: str, backup: Path | None = None) -> None:
        """As a listener does it: with its receipt. Then others look at what they may see."""
        self._pass(_MINUTE)
        self.database.write_now(self._settle, who)
        if backup is not None:
            self.sent += self.database.read_now(self._seen, who)
            copy_to(self.database.url, backup)
            self.earlier.append(backup)

    def show(self) -> None:
        self._pass(60 * _MINUTE)
        self.database.write_now(self._show)
        self.sent += self.database.read_now(self._seen, self.shuffled()[0])

    def _pass(self, time: timedelta) -> None:
        self.at += time
        self.machine.advance(time.total_seconds())

    def _settle(self, session: Session, who: str) -> None:
        assert first_time(session, "block_actions", f"trigger-{who}-{self.at}")
        settling.done(session, self.at, self.begun.workspace_id, who, self.begun.retro_id)

    def _show(self, session: Session) -> None:
        stages.end_stage(
            session, self.at, place_of(session, session.get_one(Retro, self.begun.retro_id))
        )
        assert session.query(SealedNote).count() == 0

    def _seen(self, session: Session, who: str) -> list[tuple[datetime, str, str]]:
        """What goes to Slack then: the channel's message, the card of whoever pressed, and what
        somebody else sees who looks: their Home, and how the retro stands.
        """
        other = self.lot.choice([one for one in ZONES if one != who])
        ids = dict(session.execute(select(Person.slack_id, Person.id)).all())
        cards = session.scalars(select(Mirror).where(Mirror.view == "card", Mirror.target == who))
        told = status(session, self.at, self.begun.workspace_id, other, self.begun.ritual_id)
        assert isinstance(told, StatusShown)
        return [
            (self.at, "C1", self._drawn(session, "retro.run", str(self.begun.retro_id))),
            *((self.at, who, self._drawn(session, "card", one.subject)) for one in cards),
            (self.at, other, self._drawn(session, "home", str(ids[other]))),
            (self.at, other, str(status_modal(told))),
        ]

    def _drawn(self, session: Session, view: str, subject: str) -> str:
        drawn: Content | None = _VIEWS[view].draw(_VIEWS[view].load(session, subject, self.at))
        return str(drawn)


def _evidence(going: _Going, folder: Path, logs: list[str]) -> Evidence:
    """Copies of what there is: the database with its write-ahead log, and a backup."""
    folder.mkdir()
    file = Path(going.database.url.removeprefix("sqlite:///"))
    copyfile(file, folder / "copy.db")
    copyfile(_log_of(file), _log_of(folder / "copy.db"))
    copyfile(_log_of(file), folder / "log")  # for whoever opens the copy moves it into that
    copy_to(going.database.url, folder / "backup.db")
    return Evidence(
        database=folder / "copy.db",
        log=folder / "log",
        backup=folder / "backup.db",
        earlier=list(going.earlier),
        logs=list(logs),
        sent=list(going.sent),
        texts=sorted(going.authors),
    )


def _log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


@contextmanager
def _logs() -> Iterator[list[str]]:
    """Every line at every level, of ours and of the libraries."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    def keep(_logger: object, _name: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
        lines.append(str(event))
        raise structlog.DropEvent

    root, keeping = logging.getLogger(), Keeping()
    level, processors = root.level, structlog.get_config()["processors"]
    ours = list(processors)
    processors[:] = [keep]
    root.addHandler(keeping)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(keeping)
        processors[:] = ours
