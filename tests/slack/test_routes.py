"""How a click or a modal finds its listener."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.slack.routes import App
from tests.benchmarks.bare import SECRET, TEAM, command, interaction, signed

BUTTON = {"type": "button", "action_id": "go", "value": "7"}
CLICK = {"type": "block_actions", "actions": [BUTTON]}
SENT = {"type": "view_submission", "view": {"type": "modal", "callback_id": "go", "id": "V1"}}
Body = dict[str, Any]


@pytest.fixture
def app() -> App:
    """One that knows who it is, and leads."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1")

    made = App(signing_secret=SECRET, authorize=authorize, process_before_response=True)
    made.use(made.lead)
    return made


async def answer(app: App, payload: Mapping[str, Any]) -> BoltResponse:
    return await app.async_dispatch(signed(interaction(payload, team=TEAM)))


def acking(said: list[str], word: str) -> Any:
    async def listener(ack: AsyncAck, body: Body) -> None:
        said.append(f"{word} {body['user']['id']}")
        await ack(response_action="clear")

    return listener


async def test_each_kind_has_its_own_listener_of_an_id(app: App) -> None:
    """And what that acks is the answer."""
    said: list[str] = []
    app.action("go")(acking(said, "clicked"))
    app.view("go")(acking(said, "sent"))
    app.action("go")(acking(said, "too late"))
    for payload in (CLICK, SENT):
        found = await answer(app, payload)
        assert (found.status, json.loads(found.body)) == (200, {"response_action": "clear"})
    assert said == ["clicked U1", "sent U1"]


async def test_a_command_has_the_listener_of_its_word(app: App) -> None:
    """Whatever follows it."""
    said: list[str] = []

    def saying(word: str) -> Any:
        async def listener(ack: AsyncAck, body: Body) -> None:
            said.append(f"{word} {body['text']}")
            await ack(f"said {word}")

        return listener

    app.command("/standup")(saying("one"))
    app.command("/retro")(saying("two"))
    found = await app.async_dispatch(signed(command("go", word="/retro")))
    assert (found.status, found.body) == (200, "said two")
    assert said == ["two go"]


async def test_what_is_asked_otherwise_is_bolt_s(app: App) -> None:
    """By a pattern, for a part of it, or by a listener that wants more than the body."""
    said: list[str] = []

    async def wants_more(ack: AsyncAck, action: Body) -> None:
        said.append(action["value"])
        await ack()

    app.action(re.compile("^st"))(acking(said, "pattern"))
    app.action({"action_id": "go", "block_id": "b"})(acking(said, "block"))
    app.action("go")(wants_more)
    for changed in ({}, {"action_id": "stop"}, {"block_id": "b"}):
        found = await answer(app, {**CLICK, "actions": [BUTTON | changed]})
        assert found.status == 200
    assert said == ["7", "pattern U1", "block U1"]


async def test_what_nobody_asked_for_is_not_found(app: App) -> None:
    """As Bolt says it."""
    app.view("go")(acking([], "sent"))
    assert (await answer(app, CLICK)).status == 404


async def test_a_failure_goes_where_those_of_listeners_go(app: App) -> None:
    """So that the person is told."""
    told: list[str] = []

    async def fails(ack: AsyncAck, body: Body) -> None:
        raise RuntimeError(body["type"])

    async def on_error(error: Exception) -> BoltResponse:
        told.append(str(error))
        return BoltResponse(status=200, body="told")

    app.error(on_error)
    app.action("go")(fails)
    found = await answer(app, CLICK)
    assert (found.status, found.body, told) == (200, "told", ["block_actions"])
