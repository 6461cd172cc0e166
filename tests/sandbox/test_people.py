"""People who come with an invitation, whose status ends, and who use the app's shortcuts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import MovableCalendar
from bot.sandbox import BOT_USER_ID, EVERYTHING, Sandbox, Shortcut
from tests.sandbox.conftest import START, Client, Paced
from tests.sandbox.test_delivery import Socket

OUTSIDE = "C01DATAQUALITY"


@pytest.fixture
async def heard(session: Any, sandbox: Sandbox) -> AsyncIterator[list[dict[str, Any]]]:
    """The events that the bot got, in order."""
    sandbox.subscriptions.update(EVERYTHING)
    socket = await Socket(session, sandbox).open()
    seen: list[dict[str, Any]] = []

    async def listen() -> None:
        while True:
            seen.append((await socket.next(ack=True))["payload"]["event"])

    listening = asyncio.create_task(listen())
    yield seen
    listening.cancel()


async def test_who_invites_the_bot_is_told(heard: list[dict[str, Any]], control: Client) -> None:
    """By whom it was said to be, else by somebody of the channel; people come by themselves."""
    await control.post("channel", channel=OUTSIDE, join=[BOT_USER_ID], by="U01INES")
    await control.post("channel", channel=OUTSIDE, leave=[BOT_USER_ID])
    await control.post("channel", channel=OUTSIDE, join=[BOT_USER_ID])
    await control.post("channel", channel=OUTSIDE, join=["U01SAM"])
    first, left, second, person = heard
    assert (first["type"], first["user"], first["inviter"]) == (
        "member_joined_channel", BOT_USER_ID, "U01INES",
    )  # fmt: skip
    assert left["type"] == "channel_left"
    assert second["inviter"] == "U01MEI"
    assert "inviter" not in person


async def test_slacks_own_commands_bring_the_bot_in_and_out(
    heard: list[dict[str, Any]], control: Client
) -> None:
    """`/invite @Meridian`, as the page sends it and as a person would write it."""
    place: dict[str, Any] = {"user": "U01ARJUN", "channel": OUTSIDE}
    told = await control.post(
        "command", **place, command="/invite", text=f"<@{BOT_USER_ID}|meridian>"
    )
    assert told == {"acked": True, "response": None, "view": None}
    again = await control.post("command", **place, command="/invite", text="@Meridian")
    assert again["response"] == "Meridian is already in this channel."
    nobody = await control.post("command", **place, command="/invite", text="@nobody")
    assert nobody["response"] == "Say whom: /invite @name."
    await control.post("command", **place, command="/remove", text="@meridian")
    assert [(e["type"], e.get("inviter"), e.get("actor_id")) for e in heard] == [
        ("member_joined_channel", "U01ARJUN", None), ("channel_left", None, "U01ARJUN"),
    ]  # fmt: skip
    ts = (await control.messages(OUTSIDE))[-1]["ts"]
    told = await control.post("command", **place, command="/invite", text="x", thread_ts=ts)
    assert "not supported in threads" in told["response"]


async def test_a_bot_that_joins_by_itself_has_no_inviter(
    heard: list[dict[str, Any]], slack: AsyncWebClient, control: Client
) -> None:
    """conversations.join."""
    await slack.conversations_join(channel=OUTSIDE)
    await control.post("user", user="U01MEI", tz="Asia/Seoul")
    assert "inviter" not in heard[0]


async def test_a_status_is_told_and_ends_by_itself(
    heard: list[dict[str, Any]], sandbox: Sandbox, slack: AsyncWebClient, control: Client
) -> None:
    """user_change carries it, users.info shows it until its time has come; so does the state."""

    async def at_rest() -> int:
        return 0

    async def nothing() -> None:
        return None

    sandbox.attach(next_due=nothing, at_rest=at_rest)
    until = int((START + timedelta(hours=10)).timestamp())
    status = {"status_text": "Out sick", "status_emoji": ":face_with_thermometer:",
              "status_expiration": until}  # fmt: skip
    await control.post("user", user="U01MEI", **status)
    assert heard[0]["type"] == "user_change"
    assert heard[0]["cache_ts"] == heard[0]["user"]["updated"]
    for profile in (
        heard[0]["user"]["profile"],
        (await slack.users_info(user="U01MEI"))["user"]["profile"],
    ):
        assert profile.items() >= status.items()
    await control.post("clock", advance="PT9H59M")
    assert len(heard) == 1
    await control.post("clock", advance="PT2M")
    cleared = {"status_text": "", "status_emoji": "", "status_expiration": 0}
    assert heard[1]["user"]["profile"].items() >= cleared.items()
    shown = (await slack.users_info(user="U01MEI"))["user"]["profile"]
    assert shown.items() >= cleared.items()
    (mei,) = [user for user in (await control.state())["users"] if user["id"] == "U01MEI"]
    assert mei.items() >= cleared.items()


async def test_declared_shortcuts_are_shown_to_the_page(machine: Paced, session: Any) -> None:
    """With the name a person reads, and where it is offered."""
    mine = Shortcut("Answer my stand-up", "global", "answer")
    calendar = MovableCalendar(machine, START)
    world = Sandbox(machine=machine, calendar=calendar, shortcuts=[mine])
    await world.start()
    try:
        shown = (await Client(world.url, session).state())["shortcuts"]
    finally:
        await world.stop()
    assert shown == [{"name": "Answer my stand-up", "type": "global", "callback_id": "answer"}]


async def test_shortcuts_are_not_for_messages_to_one_alone(
    slack: AsyncWebClient, control: Client
) -> None:
    """Slack has no menu on them."""
    channel = "C01CHURN"
    sent = await slack.chat_postEphemeral(channel=channel, user="U01MEI", text="psst")
    body = {"user": "U01MEI", "channel": channel, "ts": sent["message_ts"], "callback_id": "note"}
    assert "one person alone" in (await control.post("shortcut", 400, **body))["error"]
