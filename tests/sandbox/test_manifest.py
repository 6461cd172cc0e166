"""The sandbox's app is the one that the manifest describes."""

from pathlib import Path
from typing import Any

import yaml

from bot.sandbox import SHORTCUTS, SUBSCRIBED

MANIFEST = Path(__file__).parents[2] / "deploy/slack-app-manifest.yaml"


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return found


def test_the_app_hears_of_what_its_manifest_asks_for() -> None:
    """An event more would never be acked; one less would never be heard."""
    assert sorted(SUBSCRIBED) == sorted(manifest()["settings"]["event_subscriptions"]["bot_events"])


def test_people_write_to_the_app_where_it_listens() -> None:
    """The page's composer in a direct message is open where Slack's own is."""
    read_only = manifest()["features"]["app_home"]["messages_tab_read_only_enabled"]
    assert read_only is ("message.im" not in SUBSCRIBED)


def test_the_app_offers_the_shortcuts_of_its_manifest() -> None:
    """With the names that people read."""
    declared = manifest()["features"].get("shortcuts", [])
    assert {(each.callback_id, each.type, each.name) for each in SHORTCUTS} == {
        (each["callback_id"], each["type"], each["name"]) for each in declared
    }
