"""A person and the real Bolt app, end to end in Socket Mode."""

from collections.abc import Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from tests.sandbox.conftest import Client

MODAL = {
    "type": "modal",
    "callback_id": "standup",
    "title": {"type": "plain_text", "text": "Stand-up"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "today",
            "label": {"type": "plain_text", "text": "Today"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        }
    ],
}
BUTTON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "answer",
            "text": {"type": "plain_text", "text": "Answer"},
            "value": "run-7",
        }
    ],
}


async def test_command_button_modal_and_update(
    app: AsyncApp, connect: Callable[[], Any], control: Client
) -> None:
    """The whole way from a slash command to an updated message."""

    @app.command("/standup")
    async def standup(ack: Any, client: Any, command: dict[str, Any]) -> None:
        await client.chat_postMessage(
            channel=command["channel_id"], text="Please answer", blocks=[BUTTON]
        )
        await ack("Posted.")

    @app.action("answer")
    async def answer(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await client.views_open(
            trigger_id=body["trigger_id"],
            view=MODAL | {"private_metadata": body["message"]["ts"]},
        )
        await ack()

    @app.view("standup")
    async def submitted(ack: Any, client: Any, view: dict[str, Any], body: Any) -> None:
        text = view["state"]["values"]["today"]["text"]["value"]
        await client.chat_update(
            channel="C01CHURN", ts=view["private_metadata"], text=f"Mei: {text}"
        )
        await ack()

    await connect()
    told = await control.post(
        "command", user="U01MEI", channel="C01CHURN", command="/standup", text="now"
    )
    assert told == {"acked": True, "response": "Posted.", "view": None}
    card, note = await control.messages("C01CHURN")
    assert (note["text"], note["ephemeral_to"]) == ("Posted.", "U01MEI")

    clicked = await control.post(
        "click", user="U01MEI", channel="C01CHURN", ts=card["ts"], action_id="answer"
    )
    assert clicked["acked"] is True
    assert clicked["view"]["private_metadata"] == card["ts"]

    refused = await control.post("submit", user="U01MEI", values={})
    assert refused["outcome"] == "errors"
    assert refused["errors"] == {"today": "Please complete this required field."}
    values = {"today": {"text": "x" * 21}}
    refused = await control.post("submit", user="U01MEI", values=values)
    assert "no more than 20" in refused["errors"]["today"]

    done = await control.post("submit", user="U01MEI", values={"today": {"text": "Ship it"}})
    assert done == {"outcome": "closed", "view": None}
    card = (await control.messages("C01CHURN"))[0]
    assert (card["text"], card["blocks"]) == ("Mei: Ship it", [])
    assert (await control.state())["modals"] == {}


async def test_home_is_published_on_opening(
    app: AsyncApp, connect: Callable[[], Any], control: Client
) -> None:
    """app_home_opened reaches the bot, and its Home is what the person then uses."""
    opened: list[Any] = []

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        opened.append(event)
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [BUTTON]})

    @app.action("answer")
    async def answer(ack: Any, body: dict[str, Any]) -> None:
        assert body["container"]["type"] == "view"
        await ack()

    await connect()
    await control.post("home", user="U01SAM")
    state = await control.state()
    assert state["homes"]["U01SAM"]["blocks"][0]["elements"][0]["action_id"] == "answer"
    clicked = await control.post("click", user="U01SAM", action_id="answer")
    assert clicked == {"acked": True, "response": None, "view": None}
    await control.post("home", user="U01SAM")
    assert "view" not in opened[0]
    assert opened[1]["view"]["id"] == state["homes"]["U01SAM"]["id"]
