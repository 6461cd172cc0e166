"""Commands in this process, in an empty folder, with none of this shell's settings."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import logs
from bot.cli import app

Command = Callable[..., Result]
"""`command("backup", "copy.db", DATABASE_URL="…")`: words, and settings without their prefix."""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    # The logs of this process are the tests'.
    monkeypatch.setattr(logs, "configure", lambda _level: None)
    for name in [name for name in os.environ if name.startswith("MERIDIAN_")]:
        monkeypatch.delenv(name)

    def run(*words: str, **settings: str) -> Result:
        given = {f"MERIDIAN_{name}": value for name, value in settings.items()}
        return CliRunner().invoke(app, list(words), env=given)

    return run
