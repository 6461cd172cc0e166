"""Container, compose file, systemd unit and .env.example speak of things that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
COMPOSE = ROOT / "deploy/compose.yaml"
UNIT = ROOT / "deploy/meridian.service"
EXAMPLE = ROOT / ".env.example"


def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return parsed


@pytest.mark.parametrize("path", [DOCKERFILE, COMPOSE, UNIT, EXAMPLE], ids=lambda path: path.name)
def test_each_variable_is_a_setting(path: Path) -> None:
    named = set(re.findall(r"MERIDIAN_([A-Z_]+)", path.read_text()))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_image_copies_what_is_there_and_what_the_builder_is_sent() -> None:
    sent = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copied = [
        source
        for line in re.findall(r"^COPY (.+)$", DOCKERFILE.read_text(), re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert sorted(copied) == sorted(sent)
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_the_image_runs_the_bot_itself_and_not_as_root() -> None:
    lines = DOCKERFILE.read_text().splitlines()
    assert lines[-1] == 'CMD ["meridian", "run"]'
    assert lines.index("USER meridian") < lines.index("STOPSIGNAL SIGTERM")


def test_compose_migrates_first_and_keeps_the_data() -> None:
    services = compose()["services"]
    assert services["meridian"]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }
    assert services["migrate"]["command"] == ["meridian", "migrate"]
    for service in services.values():
        assert service["volumes"] == ["data:/data"]
        assert service["environment"]["MERIDIAN_DATABASE_URL"].startswith("sqlite:////data/")


def test_both_leave_the_bot_15_seconds_to_stop() -> None:
    assert compose()["services"]["meridian"]["stop_grace_period"] == "15s"
    assert "\nTimeoutStopSec=15\n" in UNIT.read_text()
