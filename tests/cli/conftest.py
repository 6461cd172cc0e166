"""Commands in this process, in an empty folder, with none of this shell's settings."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import logs
from bot.cli import app
from bot.core.clock import SystemCalendar, SystemMachine
from bot.sandbox import APP_TOKEN, BOT_TOKEN, Sandbox

Command = Callable[..., Result]
"""`command("backup", "copy.db", DATABASE_URL="…")`: words, and settings without their prefix."""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    # The logs of this process are the tests'.
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    for name in [name for name in os.environ if name.startswith("MERIDIAN_")]:
        monkeypatch.delenv(name)

    def run(*words: str, **settings: str) -> Result:
        given = {f"MERIDIAN_{name}": value for name, value in settings.items()}
        return CliRunner().invoke(app, list(words), env=given)

    return run


@dataclass
class Slack:
    """A sandbox in a thread of its own, since a command has the loop of this one."""

    world: Sandbox
    command: Command
    database_url: str

    def check(self, **settings: str) -> Result:
        return self.run("check", **settings)

    def run(self, *words: str, **settings: str) -> Result:
        given = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{self.world.url}/api/",
            "DATABASE_URL": self.database_url,
        } | settings
        return self.command(*words, **given)


@pytest.fixture
def slack(command: Command, database_url: str) -> Iterator[Slack]:
    machine, loop = SystemMachine(), asyncio.new_event_loop()
    world = Sandbox(machine=machine, calendar=SystemCalendar(machine), limits=False)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result(10)

    run(world.start())
    yield Slack(world, command, database_url)
    run(world.stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
