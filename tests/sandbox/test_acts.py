"""Commands, clicks, shortcuts and response_urls as people and the bot use them."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import Sandbox
from bot.sandbox.aurora import GUEST, OTHER_TEAM_ID
from tests.sandbox.conftest import Client, Paced

CHANNEL = "C01CHURN"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain(value), "value": value}


def row(name: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": name, "elements": list(elements)}


async def test_a_command_with_no_bot(control: Client) -> None:
    """The person reads what Slackbot says; nothing is delivered later."""
    told = await control.post("command", user="U01MEI", channel=CHANNEL, command="/standup")
    assert told["acked"] is False
    assert told["response"] == '/standup failed with the error "dispatch_failed"'
    assert (await control.messages(CHANNEL))[0]["user"] == "USLACKBOT"


async def test_commands_are_refused_in_threads(slack: AsyncWebClient, control: Client) -> None:
    """As Slack does; and so are those nobody registered."""
    ts = (await slack.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    body: dict[str, Any] = {"user": "U01MEI", "channel": CHANNEL, "command": "/standup"}
    told = await control.post("command", **body, thread_ts=ts)
    assert told["response"] == "/standup is not supported in threads. Sorry!"
    told = await control.post("command", **body | {"command": "/dance"})
    assert "/dance is not a valid command" in told["response"]


async def test_a_command_that_takes_too_long(
    app: AsyncApp, connect: Callable[[], Any], control: Client, machine: Paced
) -> None:
    """Three seconds of machine time without an ack."""

    @app.command("/slow")
    async def slow(ack: Any) -> None:
        machine.push(3)
        await machine.sleep(0.05)
        await ack()

    await connect()
    told = await control.post("command", user="U01MEI", channel=CHANNEL, command="/slow")
    assert told["response"] == '/slow failed with the error "operation_timeout"'


async def test_what_a_command_carries(
    app: AsyncApp, connect: Callable[[], Any], control: Client
) -> None:
    """In a DM, and from a guest of another organisation."""
    seen: list[dict[str, Any]] = []

    @app.command("/standup")
    async def standup(ack: Any, command: dict[str, Any]) -> None:
        seen.append(command)
        await ack(response_type="in_channel", text="Hello all")

    await connect()
    await control.post("command", user="U01MEI", channel="D01MEI", command="/standup", text=" a ")
    await control.post("command", user=GUEST, channel="C01DATAQUALITY", command="/standup")
    assert (seen[0]["channel_name"], seen[0]["text"]) == ("directmessage", "a")
    assert seen[1]["team_id"] == OTHER_TEAM_ID
    (message,) = await control.messages("C01DATAQUALITY")
    assert (message["text"], message["ephemeral_to"]) == ("Hello all", None)


async def test_a_press_that_meets_a_home_drawn_anew(
    app: AsyncApp, connect: Callable[[], Any], slack: AsyncWebClient, control: Client
) -> None:
    """Blocks without ids get others each time; the press counts all the same, as in Slack."""
    seen: list[str] = []

    @app.action("vote")
    async def vote(ack: Any, action: dict[str, Any]) -> None:
        seen.append(action["value"])
        await ack()

    await connect()
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button("vote", "1")]}]}
    first = (await slack.views_publish(user_id="U01MEI", view=home))["view"]
    second = (await slack.views_publish(user_id="U01MEI", view=home))["view"]
    pressed = first["blocks"][0]["block_id"]
    assert pressed != second["blocks"][0]["block_id"]
    await control.post("click", user="U01MEI", action_id="vote", block_id=pressed, value="1")
    assert seen == ["1"]


async def test_a_click_carries_the_message_and_its_state(
    app: AsyncApp, connect: Callable[[], Any], slack: AsyncWebClient, control: Client
) -> None:
    """Buttons of one action are told apart by value; other inputs' state comes along."""
    seen: list[dict[str, Any]] = []

    @app.action("vote")
    async def vote(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    @app.action("mood")
    async def mood(ack: Any) -> None:
        await ack()

    await connect()
    moods = [{"text": plain(each), "value": each} for each in ("good", "bad")]
    blocks = [
        row("a", button("vote", "1"), {"type": "static_select", "action_id": "mood",
                                       "options": moods}),
        row("b", button("vote", "2")),
    ]  # fmt: skip
    ts = (await slack.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks))["ts"]
    place = {"user": "U01SAM", "channel": CHANNEL, "ts": ts}
    await control.post("click", **place, action_id="mood", value="good")
    told = await control.post("click", **place, action_id="vote", value="2")
    assert told == {"acked": True, "response": None, "view": None}
    (body,) = seen
    assert (body["actions"][0]["block_id"], body["actions"][0]["value"]) == ("b", "2")
    assert body["state"]["values"]["a"]["mood"]["selected_option"]["value"] == "good"
    assert body["message"]["ts"] == body["container"]["message_ts"] == ts
    assert body["user"]["team_id"] == body["team"]["id"]
    answer = await control.post("click", 400, **place, action_id="dance")
    assert "mood, vote" in answer["error"]
    answer = await control.post("click", 400, **place | {"user": GUEST}, action_id="vote")
    assert answer["error"] == f"{GUEST} is not in {CHANNEL}"


async def test_response_url_five_times_in_half_an_hour(
    app: AsyncApp,
    connect: Callable[[], Any],
    slack: AsyncWebClient,
    control: Client,
    machine: Paced,
) -> None:
    """It replaces, deletes and adds; a sixth use and a 31st minute are refused."""
    urls: list[str] = []

    @app.action("vote")
    async def vote(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    await connect()
    blocks = [row("a", button("vote", "1"))]
    ts = (await slack.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks))["ts"]
    click = {"user": "U01SAM", "channel": CHANNEL, "ts": ts, "action_id": "vote"}
    await control.post("click", **click)
    hook = AsyncWebhookClient(urls[0])
    await hook.send(text="Only you")
    await hook.send(text="Voted", replace_original=True, blocks=[row("a", button("vote", "2"))])
    await hook.send(text="Everybody", response_type="in_channel")
    bad = await hook.send(text="x", blocks=[{"type": "section"}])
    assert (bad.status_code, "invalid_blocks" in bad.body) == (400, True)
    original, alone, public = await control.messages(CHANNEL)
    assert (original["text"], alone["ephemeral_to"], public["text"]) == (
        "Voted", "U01SAM", "Everybody",
    )  # fmt: skip
    assert (await hook.send(text="five")).status_code == 200
    sixth = await hook.send(text="six")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)

    await control.post("click", **click)
    hook = AsyncWebhookClient(urls[1])
    await hook.send(delete_original=True, text="")
    assert (await control.messages(CHANNEL))[0]["deleted"] is True
    machine.push(31 * 60)
    late = await hook.send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_ephemerals_are_clicked_without_the_message(
    app: AsyncApp, connect: Callable[[], Any], slack: AsyncWebClient, control: Client
) -> None:
    """Slack does not send an ephemeral message back; it is replaced through its url."""
    seen: list[dict[str, Any]] = []

    @app.action("vote")
    async def vote(ack: Any, body: dict[str, Any], respond: Any) -> None:
        seen.append(body)
        await ack()
        await respond(text="Done", replace_original=True)

    await connect()
    blocks = [row("a", button("vote", "1"))]
    answer = await slack.chat_postEphemeral(channel=CHANNEL, user="U01SAM", text="x", blocks=blocks)
    place = {"channel": CHANNEL, "ts": answer["message_ts"], "action_id": "vote"}
    refused = await control.post("click", 400, **place, user="U01MEI")
    assert "can't see" in refused["error"]
    await control.post("click", **place, user="U01SAM")
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"] is True
    (shown,) = await control.messages(CHANNEL)
    assert (shown["text"], shown["blocks"], shown["edited"]) == ("Done", [], None)
    place.pop("action_id")
    await control.post("dismiss", 400, **place, user="U01MEI")
    await control.post("dismiss", **place, user="U01SAM")
    assert (await control.messages(CHANNEL))[0]["deleted"] is True


@pytest.mark.parametrize("on_message", [False, True])
async def test_shortcuts_open_modals(
    app: AsyncApp,
    connect: Callable[[], Any],
    slack: AsyncWebClient,
    control: Client,
    *,
    on_message: bool,
) -> None:
    """Global ones, and those of a message."""

    @app.shortcut("note")
    async def note(ack: Any, client: Any, body: dict[str, Any]) -> None:
        title = body["message"]["text"] if on_message else body["type"]
        await ack()
        view = {"type": "modal", "title": plain(title), "blocks": []}
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    await connect()
    body: dict[str, Any] = {"user": "U01MEI", "callback_id": "note"}
    if on_message:
        ts = (await slack.chat_postMessage(channel=CHANNEL, text="of a message"))["ts"]
        body |= {"channel": CHANNEL, "ts": ts}
    told = await control.post("shortcut", **body)
    assert told["view"]["title"]["text"] == ("of a message" if on_message else "shortcut")


async def test_overflow_menus_take_an_option(
    app: AsyncApp, connect: Callable[[], Any], slack: AsyncWebClient, control: Client,
    sandbox: Sandbox,
) -> None:  # fmt: skip
    """By its value or its text; and a modal may be pushed from it."""
    seen: list[str] = []

    @app.action("more")
    async def more(ack: Any, action: dict[str, Any]) -> None:
        seen.append(action["selected_option"]["value"])
        await ack()

    await connect()
    options = [{"text": plain(each.title()), "value": each} for each in ("edit", "delete")]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    section = {"type": "section", "text": plain("x"), "accessory": menu}
    await slack.views_publish(user_id="U01MEI", view={"type": "home", "blocks": [section]})
    await control.post("click", user="U01MEI", action_id="more", value="delete")
    await control.post("click", user="U01MEI", action_id="more", value="Edit")
    assert seen == ["delete", "edit"]
