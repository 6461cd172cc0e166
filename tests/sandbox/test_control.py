"""The control API: who may use it, faults, the stream, and sentences for nonsense."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import MovableCalendar, SystemMachine
from bot.sandbox import BOT_USER_ID, PortTaken, Sandbox
from tests.sandbox.conftest import START, Client, Paced

CHANNEL = "C01CHURN"


async def test_the_state_has_everything_the_page_draws(sandbox: Sandbox, control: Client) -> None:
    """The shape is a contract."""
    sandbox.subscriptions.add("message.im")
    await control.post("message", user="U01MEI", channel=BOT_USER_ID, text="hi")
    state = await control.state()
    assert state["now"].startswith("2026-03-30T06:00")
    assert state["commands"] == ["/standup", "/slow"]
    assert state["team"]["name"] == "Aurora ML"
    people = {user["id"]: user for user in state["users"]}
    assert len({user["tz"] for user in people.values() if not user["is_bot"]}) >= 6
    assert sum(not user["is_bot"] for user in people.values()) == 7
    assert people["U01LENA"].keys() >= {
        "id", "name", "real_name", "title", "tz", "is_bot", "deleted", "team_id", "color",
    }  # fmt: skip
    channels = {channel["id"]: channel for channel in state["channels"]}
    assert channels["D01MEI"]["is_im"] is True
    assert channels["C01LEADS"]["is_private"] is True
    assert BOT_USER_ID not in channels["C01DATAQUALITY"]["members"]
    (message,) = state["messages"]
    assert message.keys() >= {
        "channel", "ts", "at", "user", "text", "blocks", "thread_ts", "files", "metadata",
        "edited", "deleted", "ephemeral_to",
    }  # fmt: skip
    assert message["at"].startswith("2026-03-30T06:00")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "{url}"}, 200),
    ],
)
async def test_only_this_machine_may_call(
    control: Client, headers: dict[str, str], status: int
) -> None:
    """Neither a rebound name nor another site's page gets in."""
    headers = {name: value.format(url=control.url) for name, value in headers.items()}
    for path in ("/_control/state", "/api/api.test"):
        async with control.session.get(control.url + path, headers=headers) as reply:
            assert reply.status == status


async def test_control_calls_are_json(control: Client) -> None:
    """A form of another site can't be made to look like one."""
    async with control.session.post(f"{control.url}/_control/home", data="{}") as reply:
        assert reply.status == 415


async def test_the_port_is_taken(sandbox: Sandbox) -> None:
    """Said in a sentence that names it."""
    machine = SystemMachine()
    port = int(sandbox.url.rpartition(":")[2])
    second = Sandbox(machine=machine, calendar=MovableCalendar(machine), port=port)
    with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is in use"):
        await second.start()


async def test_a_reply_dropped_before_or_after_the_effect(
    slack: AsyncWebClient, control: Client
) -> None:
    """The caller sees the same; the channel doesn't."""
    for mode, count in (("drop_before", 0), ("drop_after", 1)):
        await control.post("fault", method="chat.postMessage", mode=mode)
        with pytest.raises(aiohttp.ClientError):
            await slack.chat_postMessage(channel=CHANNEL, text=mode)
        assert len(await control.messages(CHANNEL)) == count
    await slack.chat_postMessage(channel=CHANNEL, text="works again")


async def test_a_status_with_retry_after(slack: AsyncWebClient, control: Client) -> None:
    """For so many calls, before or after the effect."""
    await control.post(
        "fault", method="chat.postMessage", mode="status", status=429, retry_after=7, count=1
    )
    with pytest.raises(SlackApiError) as limited:
        await slack.chat_postMessage(channel=CHANNEL, text="x")
    assert limited.value.response.headers["Retry-After"] == "7"
    assert limited.value.response["error"] == "ratelimited"
    await control.post("fault", method="chat.postMessage", mode="status", status=503, after=True)
    with pytest.raises(SlackApiError) as failed:
        await slack.chat_postMessage(channel=CHANNEL, text="x")
    assert failed.value.response.status_code == 503
    assert len(await control.messages(CHANNEL)) == 1


async def test_a_delay_is_machine_time(
    slack: AsyncWebClient, control: Client, machine: Paced
) -> None:
    """The call waits, then works."""
    await control.post("fault", method="auth.test", mode="delay", seconds=30)
    call = asyncio.create_task(slack.auth_test())
    await asyncio.sleep(0.05)
    assert not call.done()
    machine.push(30)
    assert (await call)["ok"]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("fault", {"mode": "drop_before"}, "needs the method"),
        ("fault", {"method": "x", "mode": "explode"}, "mode is one of"),
        ("fault", {"method": "x", "mode": "status", "status": 200}, "between 400 and 599"),
        ("fault", {"method": "x", "mode": "delay"}, "needs seconds"),
        ("fault", {"method": "x", "mode": "delay", "seconds": 1, "count": 0}, "count"),
        ("deliver", {"mode": "lose"}, "mode is one of"),
        ("message", {"user": "U0", "channel": CHANNEL, "text": "x"}, "no user"),
        ("message", {"user": BOT_USER_ID, "channel": CHANNEL, "text": "x"}, "is a bot"),
        ("message", {"user": "U01MEI", "channel": "C0", "text": "x"}, "no channel"),
        ("message", {"user": "U01MEI", "channel": "C01LEADS", "text": "x"}, "is not in"),
        ("message", {"user": "U01MEI", "channel": CHANNEL}, "needs a text"),
        ("edit", {"user": "U01MEI", "channel": CHANNEL, "ts": "1", "text": "x"}, "no message"),
        ("user", {"user": "me"}, "begins with U"),
        ("user", {"user": "U01MEI", "tz": "Mars/Olympus"}, "no IANA time zone"),
        ("user", {"user": "U01MEI", "tz": "../etc/passwd"}, "no IANA time zone"),
        ("user", {"user": "U01MEI", "deleted": "yes"}, "true or false"),
        ("channel", {"channel": "C0"}, "no channel"),
        ("channel", {"channel": CHANNEL, "join": ["U0"]}, "no user"),
        ("click", {"user": "U01MEI", "action_id": "x"}, "neither a modal nor a Home"),
        ("submit", {"user": "U01MEI", "values": {}}, "no modal open"),
        ("shortcut", {"user": "U01MEI"}, "needs its callback_id"),
    ],
)
async def test_nonsense_is_answered_with_a_sentence(
    control: Client, name: str, body: dict[str, Any], said: str
) -> None:
    """400, and what was wrong."""
    assert said in (await control.post(name, 400, **body))["error"]


async def test_bodies_that_are_no_objects(control: Client) -> None:
    """Broken JSON and lists."""
    headers = {"Content-Type": "application/json"}
    for data in ("{", "[]"):
        async with control.session.post(
            f"{control.url}/_control/home", data=data, headers=headers
        ) as reply:
            assert reply.status == 400


async def test_the_stream_tells_of_changes(control: Client) -> None:
    """At once on connecting, then after each change, with a counter."""
    async with control.session.get(f"{control.url}/_control/stream") as reply:
        assert reply.content_type == "text/event-stream"
        seen = []
        for _ in range(2):
            assert await reply.content.readline() == b"event: changed\n"
            seen.append(int((await reply.content.readline()).removeprefix(b"data: ")))
            await reply.content.readline()
            if len(seen) == 1:
                await control.post("message", user="U01MEI", channel=CHANNEL, text="x")
        assert seen[1] > seen[0]


async def test_the_log_has_both_ways(
    app: AsyncApp, connect: Callable[[], Any], control: Client, slack: AsyncWebClient
) -> None:
    """Calls and payloads, without tokens."""

    @app.command("/standup")
    async def standup(ack: Any) -> None:
        await ack()

    await connect()
    await slack.chat_postMessage(channel=CHANNEL, text="hello")
    await control.post("command", user="U01MEI", channel=CHANNEL, command="/standup")
    entries = await control.log()
    assert {(e["direction"], e["kind"]) for e in entries} >= {
        ("in", "api"),
        ("out", "slash_commands"),
    }
    (posted,) = [e for e in entries if e["summary"].startswith("chat.postMessage")]
    assert (posted["status"], json.loads(posted["body"])["text"]) == ("ok", "hello")
    assert "xoxb-sandbox" not in json.dumps(entries)
    assert "xapp-sandbox" not in json.dumps(entries)


async def test_the_page_is_served_from_its_folder_only(control: Client) -> None:
    """The page itself, and nothing above it or hidden."""
    async with control.session.get(control.url) as reply:
        assert (reply.status, reply.content_type) == (200, "text/html")
    async with control.session.get(f"{control.url}/page/main.js") as reply:
        assert (reply.status, reply.content_type.endswith("/javascript")) == (200, True)
    for path, status in (("/page/..%2fserver.py", 404), ("/page/.hidden", 404), ("/page/x", 404)):
        async with control.session.get(control.url + path) as reply:
            assert reply.status == status


async def test_people_act_only_while_they_are_active(control: Client) -> None:
    """And admins may delete what others wrote."""
    said = await control.post("message", user="U01MEI", channel=CHANNEL, text="x")
    place = {"channel": CHANNEL, "ts": said["ts"]}
    answer = await control.post("delete", 400, user="U01SAM", **place)
    assert "only admins" in answer["error"]
    answer = await control.post("edit", 400, user="U01LENA", text="y", **place)
    assert "their own" in answer["error"]
    await control.post("delete", user="U01LENA", **place)
    await control.post("user", user="U01MEI", deleted=True)
    answer = await control.post("message", 400, user="U01MEI", channel=CHANNEL, text="x")
    assert "deactivated" in answer["error"]


async def test_two_sandboxes_do_not_know_each_other(sandbox: Sandbox, control: Client) -> None:
    """Each has a world and a clock of its own."""
    machine = Paced()
    other = Sandbox(machine=machine, calendar=MovableCalendar(machine, START))
    await other.start()
    try:
        await control.post("message", user="U01MEI", channel=CHANNEL, text="x")
        assert list(other.site.world.messages(CHANNEL)) == []
    finally:
        await other.stop()
