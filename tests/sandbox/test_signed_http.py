"""Signed HTTP, with the real Bolt app behind an aiohttp server."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import SIGNING_SECRET, Sandbox
from tests.sandbox.conftest import Client


@pytest.fixture
def requests() -> list[dict[str, Any]]:
    return []


@pytest.fixture
async def served(
    app: AsyncApp, sandbox: Sandbox, requests: list[dict[str, Any]]
) -> AsyncIterator[AsyncApp]:
    async def receive(request: web.Request) -> web.Response:
        body = await request.text()
        requests.append({"headers": dict(request.headers), "body": body})
        bolt = AsyncBoltRequest(body=body, headers=dict(request.headers))
        answer = await app.async_dispatch(bolt)
        return web.Response(status=answer.status, text=answer.body, headers=answer.first_headers())

    server = web.Application()
    server.router.add_post("/slack/events", receive)
    async with TestServer(server) as running:
        sandbox.request_url = str(running.make_url("/slack/events"))
        yield app


async def test_commands_clicks_and_forms(
    served: AsyncApp, control: Client, requests: list[dict[str, Any]]
) -> None:
    """Everything works as in Socket Mode, and every request is signed."""

    @served.command("/standup")
    async def standup(ack: Any, client: Any, command: dict[str, Any]) -> None:
        title = {"type": "plain_text", "text": "Form"}
        view = {"type": "modal", "callback_id": "form", "title": title, "submit": title,
                "blocks": []}  # fmt: skip
        await client.views_open(trigger_id=command["trigger_id"], view=view)
        await ack()

    @served.view("form")
    async def submitted(ack: Any) -> None:
        await ack(response_action="clear")

    told = await control.post("command", user="U01MEI", channel="C01GENERAL", command="/standup")
    assert told["view"]["title"]["text"] == "Form"
    done = await control.post("submit", user="U01MEI", values={})
    assert done["outcome"] == "closed"
    verifier = SignatureVerifier(SIGNING_SECRET)
    assert all(verifier.is_valid_request(each["body"], each["headers"]) for each in requests)


async def test_an_ack_in_words_is_shown_to_the_person(served: AsyncApp, control: Client) -> None:
    """Plain text in the reply is an ephemeral."""

    @served.command("/standup")
    async def standup(ack: Any) -> None:
        await ack("Only you see this")

    told = await control.post("command", user="U01MEI", channel="C01GENERAL", command="/standup")
    assert told["response"] == "Only you see this"


async def test_failing_events_come_again(
    served: AsyncApp, control: Client, requests: list[dict[str, Any]]
) -> None:
    """With the number and the reason of the retry in the headers."""
    tries: list[int] = []

    @served.event("user_change")
    async def changed() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("the first time fails")

    await control.post("user", user="U01MEI", tz="Asia/Seoul")
    assert len(tries) == 2
    headers = requests[1]["headers"]
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", "http_error")


async def test_a_server_that_is_away(sandbox: Sandbox, control: Client) -> None:
    """The person reads that the command failed."""
    sandbox.request_url = "http://127.0.0.1:9/slack/events"
    told = await control.post("command", user="U01MEI", channel="C01GENERAL", command="/standup")
    assert told["response"] == '/standup failed with the error "connection_failed"'
