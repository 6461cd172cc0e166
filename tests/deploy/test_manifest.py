"""The Slack app manifests say what the bot uses, no more and no less."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.settings import Settings
from bot.slack.scopes import HISTORY_SCOPES, SCOPES

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared/specs/slack-manifest-schema/schemas/manifest.schema.1.0.0.json"
FULL = ROOT / "deploy/slack-app-manifest.yaml"
LEAN = ROOT / "deploy/slack-app-manifest-lean.yaml"
DOCS = ROOT / "docs/slack-app.md"

both = pytest.mark.parametrize("path", [FULL, LEAN], ids=["full", "lean"])


def manifest(path: Path) -> dict[str, Any]:
    """The manifest as Slack would read it."""
    parsed: dict[str, Any] = yaml.safe_load(path.read_text())
    return parsed


def scopes(path: Path) -> list[str]:
    found: list[str] = manifest(path)["oauth_config"]["scopes"]["bot"]
    return found


@both
def test_valid_by_slacks_own_schema(path: Path) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's manifest schema isn't beside this clone")
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft7Validator(schema).validate(manifest(path))


def test_the_full_one_asks_for_exactly_what_the_code_lists() -> None:
    assert sorted(scopes(FULL)) == sorted(SCOPES)


def test_the_lean_one_leaves_out_the_history_scopes() -> None:
    assert sorted(scopes(LEAN)) == sorted(set(SCOPES) - HISTORY_SCOPES)


def test_the_history_scopes_are_all_that_read_messages() -> None:
    assert {scope for scope in SCOPES if scope.endswith(":history")} == HISTORY_SCOPES


def test_the_two_differ_only_in_what_reads_messages() -> None:
    """Without its scope the event would not come, and nobody should write what nobody hears."""
    full, lean = manifest(FULL), manifest(LEAN)
    del full["oauth_config"], lean["oauth_config"]
    for event in ("message.channels", "message.groups", "message.im"):
        full["settings"]["event_subscriptions"]["bot_events"].remove(event)
    tabs = [each["features"]["app_home"] for each in (full, lean)]
    assert [tab.pop("messages_tab_read_only_enabled") for tab in tabs] == [False, True]
    assert full == lean


@both
def test_only_bot_scopes(path: Path) -> None:
    """A user scope would let the bot act as a person."""
    assert list(manifest(path)["oauth_config"]["scopes"]) == ["bot"]


@both
def test_command_names_are_the_settings_defaults(path: Path) -> None:
    commands = [entry["command"] for entry in manifest(path)["features"]["slash_commands"]]
    defaults = [
        field.default for name, field in Settings.model_fields.items() if name.endswith("_command")
    ]
    assert commands == defaults
    assert commands == ["/standup", "/team", "/actions", "/retro", "/risk"]


@both
def test_socket_mode_home_and_buttons_work_as_delivered(path: Path) -> None:
    full = manifest(path)
    assert full["settings"]["socket_mode_enabled"] is True
    assert full["settings"]["interactivity"] == {"is_enabled": True}
    assert full["features"]["app_home"]["home_tab_enabled"] is True
    assert full["features"]["app_home"]["messages_tab_enabled"] is True


def test_the_docs_give_each_scope_its_reason() -> None:
    rows = re.findall(r"^\| `([a-z:.]+)` \| (.+) \| (yes|no) \|$", DOCS.read_text(), re.MULTILINE)
    assert {scope: reason for scope, reason, _ in rows} == SCOPES
    assert {scope for scope, _, lean in rows if lean == "no"} == HISTORY_SCOPES


def test_the_docs_give_each_event_its_reason() -> None:
    section = DOCS.read_text().split("## Events")[1].split("\n### ")[0]
    rows = re.findall(r"^\| (`.+) \| .+ \|$", section, re.MULTILINE)
    documented = {event for row in rows for event in re.findall(r"`([\w.]+)`", row)}
    assert documented == set(manifest(FULL)["settings"]["event_subscriptions"]["bot_events"])


def test_the_docs_name_each_shortcut() -> None:
    section = DOCS.read_text().split("## Shortcuts")[1].split("\n## ")[0]
    rows = re.findall(r"^\| \*(.+)\* \| `([\w.]+)` \| .+ \|$", section, re.MULTILINE)
    declared = manifest(FULL)["features"]["shortcuts"]
    assert rows == [(one["name"], one["callback_id"]) for one in declared]
