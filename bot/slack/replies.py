"""Saying something to a person where they are looking, whatever they did last."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from bot.core.content import Home, Message
from bot.core.text import escape
from bot.slack import blocks
from bot.slack.gateway import Gateway

Body = Mapping[str, Any]


def actor(body: Body) -> str:
    """The Slack id of whoever did this; "" for an event that nobody did."""
    event = body.get("event") or {}
    user = event.get("user") or _edited(event).get("user") or body.get("user")
    user = user or body.get("user_id") or ""
    return str(user.get("id", "")) if isinstance(user, Mapping) else str(user)


def actors_team(body: Body) -> str | None:
    """The home workspace of whoever did this, where Slack says it."""
    event, user = body.get("event") or {}, body.get("user")
    if isinstance(user, Mapping):
        team: str | None = user.get("team_id")
        return team
    home = event.get("user_team") or _edited(event).get("user_team")
    return home or (body.get("team_id") if "command" in body else None)


def _edited(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that an event says is changed: Slack tells of its writer there alone.

    Not one that is deleted: that is followed, whosever it was.
    """
    message = event.get("message")
    return message if isinstance(message, Mapping) else {}


def at_once(body: Body, sentence: str) -> BoltResponse | None:
    """An answer that fits into the ack itself; None where that can't carry one."""
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": escape(sentence)})
    if body.get("type") == "view_submission":
        return _json(_in_the_form(body["view"], sentence))
    return None


def _in_the_form(view: Body, sentence: str) -> dict[str, Any]:
    if _inputs(view):
        return {"response_action": "errors", "errors": kept_back(view, sentence)}
    return {"response_action": "update", "view": blocks.notice("Sorry", escape(sentence))}


def kept_back(view: Body, sentence: str) -> dict[str, str]:
    """As an error of a form's first input: it stays open, to copy from it what was typed."""
    return {_inputs(view)[0]: sentence}


def under_inputs(view: Body, problems: Mapping[str, str]) -> dict[str, str]:
    """Each problem under its input; what the form doesn't ask, under the first.

    An input's block may be of another name after a colon, where it isn't to keep what it holds.
    """
    inputs = _inputs(view)
    asked = {block.partition(":")[0]: block for block in inputs}
    return {asked.get(name, inputs[0]): said for name, said in problems.items()}


def _inputs(view: Body) -> list[str]:
    return [one["block_id"] for one in view.get("blocks", []) if one.get("type") == "input"]


async def afterwards(gateway: Gateway, body: Body, sentence: str) -> None:
    """Say it in a call of its own: in place after a click, in a modal from App Home or another."""
    text = escape(sentence)
    trigger, view = body.get("trigger_id"), body.get("view") or {}
    if (event := body.get("event")) is not None:
        if event.get("type") == "app_home_opened":
            await gateway.publish(actor(body), Home((blocks.section(text),)))
        elif event.get("channel_type") == "im":
            await gateway.whisper(event["channel"], actor(body), Message(text, ()))
    elif body.get("response_url"):
        await gateway.respond(body["response_url"], text)
    elif trigger and view.get("type") == "modal":
        await gateway.call("views.push", trigger_id=trigger, view=blocks.notice("Sorry", text))
    elif trigger:
        await gateway.open_view(trigger, blocks.notice("Sorry", text))


def _json(body: Mapping[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(body), headers={"content-type": ["application/json"]}
    )
