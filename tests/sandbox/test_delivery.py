"""Events to the bot over Socket Mode: which ones, in what order, and again if not acked."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import APP_TOKEN, BOT_USER_ID, EVERYTHING, Sandbox
from tests.sandbox.conftest import Client, Paced

CHANNEL = "C01CHURN"


class Socket:
    """A Socket Mode connection by hand, which acks only when told to."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self._session = session
        self._sandbox = sandbox

    async def open(self) -> "Socket":
        client = AsyncWebClient(base_url=f"{self._sandbox.url}/api/")
        url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
        self.ws = await self._session.ws_connect(str(url))
        self.hello = await self.next()
        return self

    async def next(self, *, ack: bool = False) -> dict[str, Any]:
        message: dict[str, Any] = await self.ws.receive_json(timeout=5)
        if ack:
            await self.ws.send_str(json.dumps({"envelope_id": message["envelope_id"]}))
        return message

    async def events(self, count: int) -> list[dict[str, Any]]:
        return [(await self.next(ack=True))["payload"] for _ in range(count)]


@pytest.fixture
async def socket(session: aiohttp.ClientSession, sandbox: Sandbox) -> Socket:
    sandbox.subscriptions.update(EVERYTHING)
    return await Socket(session, sandbox).open()


async def say(control: Client, text: str) -> None:
    await control.post("message", user="U01MEI", channel=CHANNEL, text=text)


def heard(payloads: list[dict[str, Any]]) -> list[str]:
    return [payload["event"].get("text", payload["event"]["type"]) for payload in payloads]


async def test_hello_and_an_event_as_slack_wraps_it(socket: Socket, control: Client) -> None:
    """The envelope, the callback and the event inside."""
    assert socket.hello["type"] == "hello"
    saying = asyncio.create_task(say(control, "hi"))
    envelope = await socket.next(ack=True)
    await saying
    assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
    assert envelope["accepts_response_payload"] is False
    payload = envelope["payload"]
    assert payload["type"] == "event_callback"
    assert payload["authorizations"][0]["user_id"] == BOT_USER_ID
    assert payload["event"]["channel_type"] == "channel"
    assert payload["event"]["ts"] == payload["event"]["event_ts"]


async def test_an_event_not_acked_comes_again(
    socket: Socket, control: Client, machine: Paced
) -> None:
    """At once, after one minute and after five: the same event in new envelopes."""
    saying = asyncio.create_task(say(control, "hi"))
    envelopes = []
    for wait in (3.1, 3.1 + 60, 3.1 + 300, 3.1 + 900):
        envelopes.append(await socket.next())
        machine.push(3.1)
        await asyncio.sleep(0.05)
        machine.push(wait - 3.1)
    await saying
    assert [each["retry_attempt"] for each in envelopes] == [0, 1, 2, 3]
    assert [each["retry_reason"] for each in envelopes[1:]] == ["timeout"] * 3
    assert len({each["payload"]["event_id"] for each in envelopes}) == 1
    assert len({each["envelope_id"] for each in envelopes}) == 4
    await asyncio.sleep(0.05)
    later = asyncio.create_task(say(control, "after"))
    assert heard(await socket.events(1)) == ["after"]
    await later


async def test_duplicates_on_demand(socket: Socket, control: Client) -> None:
    """The next n events come twice, under the same id."""
    await control.post("deliver", mode="duplicate", count=1)
    saying = asyncio.create_task(say(control, "hi"))
    first, second = await socket.events(2)
    await saying
    assert first["event_id"] == second["event_id"]
    saying = asyncio.create_task(say(control, "once"))
    assert heard(await socket.events(1)) == ["once"]
    await saying


async def test_reordering_on_demand(socket: Socket, control: Client) -> None:
    """The next n events come backwards."""
    await control.post("deliver", mode="reorder", count=3)
    for text in "ab":
        await say(control, text)
    saying = asyncio.create_task(say(control, "c"))
    assert heard(await socket.events(3)) == ["c", "b", "a"]
    await saying


async def test_delay_on_demand(socket: Socket, control: Client, machine: Paced) -> None:
    """The next n events come late, by machine time."""
    await control.post("deliver", mode="delay", count=1, seconds=60)
    await say(control, "late")
    saying = asyncio.create_task(say(control, "in time"))
    assert heard(await socket.events(1)) == ["in time"]
    await saying
    machine.push(60)
    assert heard(await socket.events(1)) == ["late"]


async def test_events_wait_for_a_connection(
    sandbox: Sandbox, session: aiohttp.ClientSession, control: Client
) -> None:
    """What happens while the bot is away reaches it when it comes."""
    sandbox.subscriptions.update(EVERYTHING)
    await say(control, "a")
    await say(control, "b")
    socket = await Socket(session, sandbox).open()
    assert heard(await socket.events(2)) == ["a", "b"]


async def test_ten_connections_share_the_events(
    sandbox: Sandbox, session: aiohttp.ClientSession, control: Client, socket: Socket
) -> None:
    """Each event goes to one of them; an eleventh is turned away."""
    others = [await Socket(session, sandbox).open() for _ in range(9)]
    assert others[-1].hello["num_connections"] == 10
    refused = await Socket(session, sandbox).open()
    assert refused.hello == {"type": "disconnect", "reason": "too_many_websockets"}
    talking = asyncio.create_task(say(control, "a"))
    waiting = {asyncio.create_task(each.next(ack=True)) for each in [socket, *others]}
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 1
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    await talking


async def test_a_lost_connection_is_noticed_at_once(
    sandbox: Sandbox, session: aiohttp.ClientSession, control: Client, socket: Socket
) -> None:
    """The event goes to the next connection without waiting three seconds."""
    saying = asyncio.create_task(say(control, "hi"))
    first = await socket.next()
    await socket.ws.close()
    again = await Socket(session, sandbox).open()
    second = await again.next(ack=True)
    await saying
    assert first["payload"]["event_id"] == second["payload"]["event_id"]


async def test_disconnect_brings_the_real_client_back(
    app: AsyncApp, connect: Callable[[], Any], sandbox: Sandbox, control: Client
) -> None:
    """Slack asks for that now and then; no event is lost."""
    got = asyncio.Event()

    @app.event("user_change")
    async def changed() -> None:
        got.set()

    await connect()
    await sandbox.disconnect()
    await control.post("user", user="U01MEI", tz="Europe/London")
    await asyncio.wait_for(got.wait(), 5)


async def test_tickets_let_in_once(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    """A made-up ticket opens nothing."""
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(f"{sandbox.url}/socket?ticket=W1")


async def test_what_people_do_is_told(
    socket: Socket, sandbox: Sandbox, control: Client, slack: AsyncWebClient
) -> None:
    """Messages and their changes, people, channels; each with what Slack sends along."""
    seen: list[dict[str, Any]] = []

    async def listen() -> None:
        while True:
            seen.append((await socket.next(ack=True))["payload"]["event"])

    listening = asyncio.create_task(listen())
    said = await control.post("message", user="U01MEI", channel=CHANNEL, text="one")
    await control.post("edit", user="U01MEI", channel=CHANNEL, ts=said["ts"], text="two")
    await control.post("delete", user="U01MEI", channel=CHANNEL, ts=said["ts"])
    await control.post("message", user="U01MEI", channel=BOT_USER_ID, text="dm")
    await control.post("message", user="U01MEI", channel="C01DATAQUALITY", text="unheard")
    await control.post("user", user="U01MEI", tz="Asia/Seoul", status_text="Away")
    await control.post("user", user="U01NEW", name="noor", tz="Africa/Cairo")
    await control.post("channel", channel=CHANNEL, join=["U01NEW"], leave=["U01SAM"])
    await control.post("channel", channel="C01LEADS", archived=True)
    await control.post("channel", channel=CHANNEL, archived=True)
    await control.post("channel", channel=CHANNEL, archived=False)
    await control.post("channel", channel=CHANNEL, leave=[BOT_USER_ID])
    await slack.chat_postMessage(channel="C01GENERAL", text="own")
    await asyncio.sleep(0.05)
    listening.cancel()
    kinds = [".".join(filter(None, (e["type"], e.get("subtype")))) for e in seen]
    assert kinds == [
        "message", "message.message_changed", "message.message_deleted", "message",
        "user_change", "team_join", "member_joined_channel", "member_left_channel",
        "group_archive", "channel_archive", "channel_unarchive", "channel_left", "message",
    ]  # fmt: skip
    assert seen[1]["message"]["text"] == "two"
    assert seen[1]["previous_message"]["text"] == "one"
    assert seen[2]["deleted_ts"] == said["ts"]
    assert (seen[3]["channel_type"], seen[3]["channel"]) == ("im", "D01MEI")
    assert seen[4]["user"]["tz"] == "Asia/Seoul"
    assert seen[5]["user"]["tz_offset"] == 2 * 3600
    assert seen[-1]["bot_id"] == "B01MERIDIAN"


async def test_no_scope_or_subscription_no_event(
    socket: Socket, sandbox: Sandbox, control: Client
) -> None:
    """A lean manifest hears less."""
    sandbox.scopes.discard("channels:history")
    await say(control, "unheard")
    sandbox.subscriptions.discard("user_change")
    await control.post("user", user="U01MEI", tz="Asia/Seoul")
    changing = asyncio.create_task(control.post("channel", channel=CHANNEL, archived=True))
    assert heard(await socket.events(1)) == ["channel_archive"]
    await changing
