"""Commands in this process, in an empty folder, with none of this shell's settings."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import logs
from bot.cli import app
from bot.core.clock import SystemCalendar, SystemMachine
from bot.jira.model import Right
from bot.sandbox import APP_TOKEN, BOT_TOKEN, Sandbox
from tests.jira import replies
from tests.jira.server import Reply, Server

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
    """A sandbox, and commands that are led to it."""

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


@contextmanager
def loop_beside() -> Iterator[Callable[[Coroutine[Any, Any, None]], None]]:
    """A loop in a thread of its own, since a command has the loop of this one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def slack(command: Command, database_url: str) -> Iterator[Slack]:
    machine = SystemMachine()
    world = Sandbox(machine=machine, calendar=SystemCalendar(machine), limits=False)
    with loop_beside() as run:
        run(world.start())
        yield Slack(world, command, database_url)
        run(world.stop())


@pytest.fixture
def jira() -> Iterator[Server]:
    """A server in Jira's stead: Cloud, whose account may do everything."""
    with loop_beside() as run:
        server = Server()
        run(server.start())
        server.answers("GET", "serverInfo", Reply(replies.SERVER_INFO))
        server.answers("GET", "myself", Reply(replies.MEI_IN_CLOUD))
        everything = dict.fromkeys(Right, True)
        server.answers("GET", "mypermissions", Reply(replies.permissions(**everything)))
        yield server
        run(server.close())
