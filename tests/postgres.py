"""A PostgreSQL server of the tests' own, in a folder that is gone when they end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, Table, create_engine
from sqlalchemy.exc import OperationalError

_START_SECONDS = 30.0
# Nothing here need outlive the machine.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "timezone": "Asia/Kathmandu",  # an odd one: instants must come back as they went
}


class Server:
    """A running server, reached over a socket in its folder; no port can be taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engines: dict[str, Engine] = {}

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self, database: str) -> str:
        """A new, empty database; answers its URL."""
        self.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def empty(self, database: str, tables: Sequence[Table]) -> None:
        """Delete every row and count from 1 again; TRUNCATE takes ten times as long."""
        deletes = [str(table.delete()) for table in reversed(tables)]
        counters = [
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false)"
            for table in tables
            if "id" in table.columns
        ]
        self.execute("; ".join(["BEGIN", *deletes, *counters, "COMMIT"]), database)

    def execute(self, statement: str, database: str = "postgres") -> None:
        if database not in self._engines:
            url = self.url(database)
            self._engines[database] = create_engine(url, isolation_level="AUTOCOMMIT")
        with self._engines[database].connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the connections."""
        for engine in self._engines.values():
            engine.dispose()


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server by the programs of a folder (initdb, postgres), until the caller is done."""
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="meridian-postgres-"))
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        _run_initdb(programs, folder, user)
        with _process(programs, folder, user) as process:
            server = Server(folder)
            try:
                _await(server, process)
                yield server
            finally:
                server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as; PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run_initdb(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    options: dict[str, str | Path] = {"-D": folder / "data", "-U": "postgres", "-A": "trust"}
    words = [word for option in options.items() for word in option]
    subprocess.run(
        [
            programs / "initdb",
            *words,
            "--encoding=UTF8",
            "--locale=C",
            "--lc-ctype=C.UTF-8",
            "--no-sync",
        ],
        cwd=folder,
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def _process(
    programs: Path, folder: Path, user: pwd.struct_passwd | None
) -> Iterator[subprocess.Popen[bytes]]:
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *settings],
            cwd=folder,
            user=user and user.pw_uid,
            group=user and user.pw_gid,
            extra_groups=[] if user else None,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # "fast": it disconnects everybody and ends
        process.wait(timeout=_START_SECONDS)


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.execute("SELECT 1")
        except OperationalError:
            if process.poll() is not None or time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return
