"""From the command to ready, and how much memory it holds, against a bare Bolt process."""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path

from bot.core.clock import SystemMachine
from bot.db.schema import upgrade
from bot.db.session import Database
from bot.sandbox import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.benchmarks.report import Row, middle
from tests.benchmarks.team import crowd
from tests.processes import free_port, running

_AIM_SECONDS, _AIM_MB, _AIM_FULL_MB = 2.0, 130, 200
_ROUNDS = 5
_BARE = """
import asyncio
from slack_bolt.async_app import AsyncApp
import aiohttp, sqlalchemy.orm
app = AsyncApp(signing_secret="s" * 32, token="xoxb-1")
print(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
"""


def run(*, quick: bool) -> list[Row]:
    empty = [_started(0) for _ in range(1 if quick else _ROUNDS)]
    seconds = middle([one for one, _mb in empty])
    mb = middle([one for _seconds, one in empty])
    full = _started(10 if quick else 100)[1]
    bare = _bare_mb()
    return [
        Row(
            "start",
            "`run` to ready",
            f"{seconds:.1f} s",
            aim=f"≤ {_AIM_SECONDS:.0f} s",
            met=seconds <= _AIM_SECONDS,
        ),
        Row(
            "start",
            "memory once ready",
            f"{mb:.0f} MB",
            f"bare Bolt {bare:.0f} MB",
            f"{mb / bare:.1f}",
            f"≤ {_AIM_MB} MB",
            mb <= _AIM_MB,
        ),
        Row(
            "start",
            f"the same with {10 if quick else 100},000 people",
            f"{full:.0f} MB",
            f"bare Bolt {bare:.0f} MB",
            f"{full / bare:.1f}",
            f"≤ {_AIM_FULL_MB} MB",
            full <= _AIM_FULL_MB,
        ),
    ]


def _started(thousands: int) -> tuple[float, float]:
    """Seconds to ready, and resident megabytes then."""
    machine = SystemMachine()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'meridian.db'}"
        upgrade(url)
        if thousands:
            opened = Database(url, machine)
            now = datetime.now(UTC)
            crowd(opened, now, [time(now.hour)] * thousands)
            opened.close()
        slack, web = free_port(), free_port()
        settings = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
            "DATABASE_URL": url,
            "PORT": str(web),
        }
        words = ("sandbox", "--no-bot", "--port", str(slack))
        with running(*words, cwd=Path(folder)) as sandbox:
            sandbox.until_serves(f"http://127.0.0.1:{slack}")
            began = machine.elapsed()
            with running("run", cwd=Path(folder), settings=settings) as bot:
                bot.until_serves(f"http://127.0.0.1:{web}/health")
                return machine.elapsed() - began, _resident(bot.process.pid)


def _resident(pid: int) -> float:
    """Resident megabytes of a process, as Linux tells."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _bare_mb() -> float:
    done = subprocess.run(
        [sys.executable, "-c", _BARE], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(done.stdout) / 1024
