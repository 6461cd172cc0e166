"""What people type, as rich text; and their messages as events tell them."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import BOT_ID, BOT_USER_ID, TEAM_ID, Sandbox
from bot.sandbox.blocks import check_message
from bot.sandbox.speech import rich_text
from tests.sandbox.conftest import Client, Paced
from tests.sandbox.test_delivery import Socket

DM = "D01MEI"


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


SAID: list[tuple[str, list[dict[str, Any]]]] = [
    ("Ship it", [section(text("Ship it"))]),
    ("one\ntwo", [section(text("one\ntwo"))]),
    ("a &lt;b&gt; &amp; c", [section(text("a <b> & c"))]),
    ("*a* _b_ ~c~ `d_e_`", [
        section(text("a", bold=True), text(" "), text("b", italic=True), text(" "),
                text("c", strike=True), text(" "), text("d_e_", code=True)),
    ]),
    ("at 10:30:45 :+1:", [section(text("at 10:30:45 "), {"type": "emoji", "name": "+1"})]),
    ("snake_case_name and 2*3*4", [section(text("snake_case_name and 2*3*4"))]),
    ("*all _of_ it*", [
        section(text("all ", bold=True), text("of", bold=True, italic=True),
                text(" it", bold=True)),
    ]),
    ("ask <@U01SAM> in <#C01CHURN|churn-model> :tada:", [
        section(text("ask "), {"type": "user", "user_id": "U01SAM"}, text(" in "),
                {"type": "channel", "channel_id": "C01CHURN"}, text(" "),
                {"type": "emoji", "name": "tada"}),
    ]),
    ("<https://a.example/?x&amp;y> <mailto:b@c.example|b@c.example> <!here>", [
        section({"type": "link", "url": "https://a.example/?x&y"}, text(" "),
                {"type": "link", "url": "mailto:b@c.example", "text": "b@c.example"}, text(" "),
                {"type": "broadcast", "range": "here"}),
    ]),
    ("Done:\n• a\n• b\nend", [
        section(text("Done:")),
        {"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0,
         "elements": [section(text("a")), section(text("b"))]},
        section(text("end")),
    ]),
    ("1. a\n2. b", [
        {"type": "rich_text_list", "style": "ordered", "indent": 0, "border": 0,
         "elements": [section(text("a")), section(text("b"))]},
    ]),
    ("&gt; said\n&gt; so", [{"type": "rich_text_quote", "elements": [text("said\nso")]}]),
    ("see\n```\nx = *1*\n```\nyes", [
        section(text("see")),
        {"type": "rich_text_preformatted", "elements": [text("x = *1*")], "border": 0},
        section(text("yes")),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "parts"), SAID)
def test_typed_text_becomes_rich_text(typed: str, parts: list[dict[str, Any]]) -> None:
    """As Slack's own client sends it along; and it is good Block Kit."""
    block = rich_text(typed)
    assert block == {"type": "rich_text", "elements": parts}
    check_message([block])


@pytest.fixture
async def socket(session: Any, sandbox: Sandbox) -> Socket:
    sandbox.subscriptions.add("message.im")
    return await Socket(session, sandbox).open()


async def told(socket: Socket, act: Any, count: int = 1) -> list[dict[str, Any]]:
    """The payloads of the events that come of an act."""
    doing = asyncio.create_task(act)
    payloads = await socket.events(count)
    await doing
    return payloads


async def test_a_direct_message_as_slack_tells_it(socket: Socket, control: Client) -> None:
    """Every field, and no other."""
    act = control.post("message", user="U01MEI", channel=BOT_USER_ID, text="Ship *it*")
    (payload,) = await told(socket, act)
    event = payload["event"]
    assert event.pop("client_msg_id")
    assert event.pop("ts") == event.pop("event_ts")
    (block,) = event.pop("blocks")
    assert block.pop("block_id")
    assert block == rich_text("Ship *it*")
    assert event == {
        "type": "message", "user": "U01MEI", "text": "Ship *it*", "team": TEAM_ID,
        "channel": DM, "channel_type": "im",
    }  # fmt: skip
    assert (payload["team_id"], payload["type"]) == (TEAM_ID, "event_callback")


async def test_a_reply_in_a_direct_message_names_its_thread(
    socket: Socket, slack: AsyncWebClient, control: Client
) -> None:
    """The parent is the bot's card; the person answers in its thread."""
    sent = asyncio.create_task(slack.chat_postMessage(channel="U01MEI", text="Your stand-up"))
    (own,) = await socket.events(1)
    card = (await sent)["ts"]
    assert (own["event"]["bot_id"], own["event"]["user"]) == (BOT_ID, BOT_USER_ID)
    assert own["event"]["channel_type"] == "im"
    act = control.post("message", user="U01MEI", channel=DM, text="Later", thread_ts=card)
    (payload,) = await told(socket, act)
    assert (payload["event"]["thread_ts"], payload["event"]["parent_user_id"]) == (
        card, BOT_USER_ID,
    )  # fmt: skip


async def test_an_edit_comes_as_message_changed(socket: Socket, control: Client) -> None:
    """With the message as it is and as it was; the person is named inside alone."""
    act = control.post("message", user="U01MEI", channel=DM, text="on")
    (said,) = await told(socket, act)
    ts = said["event"]["ts"]
    act = control.post("edit", user="U01MEI", channel=DM, ts=ts, text="*two*")
    (payload,) = await told(socket, act)
    event = payload["event"]
    assert (event["subtype"], event["hidden"], event["channel_type"]) == (
        "message_changed", True, "im",
    )  # fmt: skip
    assert "user" not in event
    assert event["ts"] != ts
    assert (event["message"]["ts"], event["message"]["edited"]["user"]) == (ts, "U01MEI")
    assert event["message"]["blocks"][0]["elements"] == [section(text("two", bold=True))]
    assert event["message"]["client_msg_id"] == event["previous_message"]["client_msg_id"]
    assert event["previous_message"]["text"] == "on"
    assert "edited" not in event["previous_message"]
    act = control.post("delete", user="U01MEI", channel=DM, ts=ts)
    (payload,) = await told(socket, act)
    assert (payload["event"]["subtype"], payload["event"]["deleted_ts"]) == ("message_deleted", ts)


async def test_a_direct_message_comes_again_and_twice(
    socket: Socket, control: Client, machine: Paced
) -> None:
    """Not acked, it is sent again; and on demand it comes in two copies."""
    saying = asyncio.create_task(control.post("message", user="U01MEI", channel=DM, text="hi"))
    first = await socket.next()
    machine.push(3.1)
    second = await socket.next(ack=True)
    await saying
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["payload"] == second["payload"]
    await control.post("deliver", mode="duplicate", count=1)
    act = control.post("message", user="U01MEI", channel=DM, text="hi")
    one, other = await told(socket, act, 2)
    assert one == other


async def test_people_write_to_an_app_only_where_it_listens(
    sandbox: Sandbox, control: Client
) -> None:
    """Slack closes the composer of an app that asked for no direct messages."""
    body = {"user": "U01MEI", "channel": DM, "text": "hi"}
    sandbox.subscriptions.discard("message.im")
    assert (await control.state())["dm_read_only"] is True
    assert "turned off" in (await control.post("message", 400, **body))["error"]
    sandbox.subscriptions.add("message.im")
    assert (await control.state())["dm_read_only"] is False
    await control.post("message", **body)
    sandbox.scopes.discard("im:history")
    await control.post("message", **body)
    assert [entry for entry in await control.log() if entry["kind"] == "events_api"] == []
