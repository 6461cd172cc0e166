"""What of Slack's payloads is looked at before anybody listens to them."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bot.slack.shapes import wrong_in
from tests.processes import ROOT

SAMPLES = ROOT.parent / "shared/specs/slack-samples"
PRESSED: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1", "name": "mei"},
    "trigger_id": "1.2.3",
    "channel": {"id": "C1", "name": "general"},
    "message": {"ts": "1774800000.000100", "text": "", "blocks": "whatever"},
    "actions": [{"type": "button", "action_id": "asking.skip", "block_id": "b", "value": "7"}],
}
VIEW: dict[str, Any] = {
    "id": "V1",
    "type": "modal",
    "private_metadata": "",
    "callback_id": "x",
    "blocks": [
        {"type": "input", "block_id": "a", "element": {"type": "plain_text_input"}},
        {"type": "context", "block_id": "b", "elements": [{"type": "mrkdwn", "text": "x"}]},
    ],
    "state": {"values": {"a": {"a": {"type": "plain_text_input", "value": None}}}},
}
SENT: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "U1", "team_id": "T1"},
    "trigger_id": "1.2.3",
    "view": VIEW,
}
SAID: dict[str, Any] = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event_time": 1774800000,
    "event": {"type": "message", "channel": "D1", "ts": "1.2", "user": "U1", "text": "Hello"},
}


@pytest.mark.parametrize("payload", [PRESSED, SENT, SAID], ids=["pressed", "sent", "said"])
def test_what_is_as_slack_says_is_let_in(payload: dict[str, Any]) -> None:
    """With whatever else stands in it."""
    assert wrong_in(payload | {"more": [None]}) is None


def changed(payload: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(payload)
    *way, last = (int(one) if one.isdigit() else one for one in path.split("."))
    at: Any = made
    for key in way:
        at = at[key]
    at[last] = value
    return made


@pytest.mark.parametrize(
    ("payload", "path", "value", "wrong"),
    [
        (PRESSED, "actions", [], "actions: too_short"),
        (PRESSED, "actions", 5, "actions: list_type"),
        (PRESSED, "actions.0.value", None, "actions.0: value_error"),
        (PRESSED, "actions.0.type", "overflow", "actions.0: value_error"),
        (PRESSED, "actions.0.action_id", ["x"], "actions.0.action_id: string_type"),
        (PRESSED, "trigger_id", "", "trigger_id: string_too_short"),
        (PRESSED, "trigger_id", 7, "trigger_id: string_type"),
        (PRESSED, "channel", None, ": value_error"),
        (PRESSED, "user", "U1", "user: model_type"),
        (PRESSED, "user.id", "U" * 256, "user.id: string_too_long"),
        (PRESSED, "type", "dialog_submission", "type"),
        (PRESSED, "type", None, "type"),
        (SENT, "view.state.values.a", [], "view.state.values.a: dict_type"),
        (SENT, "view.state.values.a.a.value", "a\x00b", "view.state.values.a.a.value: "
         "string_pattern_mismatch"),
        (SENT, "view.state.values.a.a.value", "\ud800", "view.state.values.a.a.value: "
         "string_unicode"),
        (SENT, "view.blocks.0.element", {}, "view.blocks.0.element.type: missing"),
        (SAID, "event", "message", "event: model_type"),
        (SAID, "event.channel", None, "channel: string_type"),
        (SAID, "event_id", None, "event_id: string_type"),
    ],
)  # fmt: skip
def test_what_is_not_is_named_without_its_content(
    payload: dict[str, Any], path: str, value: Any, wrong: str
) -> None:
    """Where, and why; never what stood there, since that may be somebody's words."""
    assert wrong_in(changed(payload, path, value)) == wrong


def test_what_nobody_listens_to_is_bolt_s_to_answer() -> None:
    """An event of another type, and the challenge by which Slack makes sure of an address."""
    assert wrong_in(changed(SAID, "event", {"type": "emoji_changed"})) is None
    assert wrong_in({"type": "url_verification", "challenge": "x"}) is None


@pytest.mark.skipif(not SAMPLES.exists(), reason="Slack's samples are not beside the working copy")
@pytest.mark.parametrize(
    "name",
    [
        "app-backend/slash-commands/SlashCommandPayload",
        "app-backend/interactive-components/BlockActionPayload",
        "app-backend/interactive-components/MessageShortcutPayload",
        "app-backend/views/ViewSubmissionPayload",
        "app-backend/views/ViewClosedPayload",
        "events/AppHomeOpenedPayload",
        "events/ChannelIdChangedPayload",
        "events/ChannelUnarchivePayload",
        "events/GroupUnarchivePayload",
        "events/MemberJoinedChannelPayload",
        "events/MessageChangedPayload",
        "events/MessageDeletedPayload",
        "events/MessagePayload",
        "events/UserChangePayload",
    ],
)
def test_slack_s_own_samples_are_let_in(name: str) -> None:
    """Their values are blank; filled in, they have all that is asked for."""
    payload = filled(json.loads(Path(SAMPLES / f"{name}.json").read_text()))
    assert wrong_in(payload) is None


def filled(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: filled(one) for key, one in part.items()}
    if isinstance(part, list):
        return [filled(one) for one in part]
    return "X1" if part == "" else part
