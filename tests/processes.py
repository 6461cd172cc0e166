"""The bot's command line as processes of their own, with nothing of this one's settings."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0
"""Seconds; a test that is slow on a busy machine is no failure."""


_CALIBRATION = 0.1


def slowness() -> float:
    """How many times longer work takes here just now than on a processor of its own; at least 1.

    What a test promises in seconds it promises for a machine that is not busy with something else.
    """
    began, alone = time.perf_counter(), time.thread_time()
    while time.thread_time() - alone < _CALIBRATION:
        pass
    return max(1.0, (time.perf_counter() - began) / _CALIBRATION)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def connected(url: str) -> socket.socket:
    """A connection to a server in this process, which has not taken notice of it yet."""
    host, _, port = url.removeprefix("http://").partition(":")
    made = socket.create_connection((host, int(port)))
    made.setblocking(False)
    return made


async def said_in_the_end(connection: socket.socket) -> bytes:
    """What comes over a connection next: nothing, once the other side has let it go."""
    with contextlib.suppress(ConnectionResetError):
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(connection, 1), PATIENCE)
    return b""


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This environment with these MERIDIAN_ settings and no others; the tree can be imported."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MERIDIAN_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    named = {f"MERIDIAN_{name}": value for name, value in settings.items()}
    return kept | named | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}


def meridian(
    *words: str, cwd: Path, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(settings or {}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Running:
    """A command that stays; `output` is what it has said so far, both streams."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def output(self) -> str:
        return self._log.read_text()

    def until_says(self, words: str) -> str:
        """Wait until the output holds these words."""
        end = time.monotonic() + PATIENCE
        while words not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < end, self.output
            time.sleep(0.02)
        return self.output

    def until_serves(self, url: str, status: int = 200) -> None:
        """Wait until a page of it is answered with this status."""
        end = time.monotonic() + PATIENCE
        while (last := status_of(url)) != status:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < end, f"{last}\n{self.output}"
            time.sleep(0.02)

    def ends(self, seconds: float = PATIENCE) -> int:
        """Its exit status."""
        return self.process.wait(timeout=seconds)


def status_of(url: str) -> int | None:
    """The HTTP status of a page; None where nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - our own
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return None


@contextmanager
def running(*words: str, cwd: Path, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A command that stays, killed when the test is over."""
    log = cwd / f"{words[0]}-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=cwd,
            env=environment(settings or {}),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
