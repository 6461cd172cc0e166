"""The payloads of interactions, as complete as Slack's."""

from typing import Any

from bot.sandbox import values
from bot.sandbox.shapes import message_json
from bot.sandbox.site import Site
from bot.sandbox.views import View
from bot.sandbox.world import (
    APP_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    VERIFICATION_TOKEN,
    Channel,
    Json,
    Message,
    User,
)


def command(site: Site, user: User, channel: Channel, name: str, text: str, hook: str) -> Json:
    """What a slash command sends; flat, since it travels as a form."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team_id,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": hook,
        "trigger_id": site.triggers.issue(user.id, channel.id),
    }


def _channel_name(channel: Channel) -> str:
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def _common(user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def click_in_message(
    site: Site, user: User, message: Message, action: Json, entered: values.Entered
) -> Json:
    """block_actions of a message; an ephemeral one is not sent along, as in Slack."""
    channel = site.world.channels[message.channel]
    ephemeral = message.ephemeral_to is not None
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = _common(user, "block_actions") | {
        "container": container,
        "trigger_id": site.triggers.issue(user.id, channel.id),
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": values.state(message.blocks, entered),
        "response_url": site.hooks.issue(user.id, channel.id, message.ts, message.thread_ts),
        "actions": [action],
    }
    if not ephemeral:
        payload["message"] = message_json(site.world, message, metadata=True)
    return payload


def click_in_view(site: Site, user: User, view: View, action: Json) -> Json:
    """block_actions of a modal or Home tab, whose state is told in the view alone."""
    return _common(user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": _trigger_in(site, view),
        "view": view.json(),
        "actions": [action],
    }


def _trigger_in(site: Site, view: View) -> str:
    return site.triggers.issue(view.user, view.current.id if view.current else None)


def suggestion(user: User, block: Json, element: Json, typed: str, place: Json) -> Json:
    """What a menu that asks the bot for its options sends while a person types."""
    return _common(user, "block_suggestion") | {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
        **place,
    }


def submission(site: Site, user: User, view: View) -> Json:
    return _common(user, "view_submission") | {
        "trigger_id": _trigger_in(site, view),
        "view": view.json(),
        "response_urls": [],
    }


def closed(user: User, view: View, *, cleared: bool) -> Json:
    return _common(user, "view_closed") | {"view": view.json(), "is_cleared": cleared}


def shortcut(site: Site, user: User, callback_id: str, channel: str | None) -> Json:
    """A global shortcut, which doesn't say what channel the person looks at."""
    return _common(user, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": site.triggers.issue(user.id, channel),
        "action_ts": site.world.stamp(),
    }


def message_shortcut(site: Site, user: User, callback_id: str, message: Message) -> Json:
    """A shortcut from a message's own menu."""
    channel = site.world.channels[message.channel]
    return _common(user, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": site.triggers.issue(user.id, channel.id),
        "action_ts": site.world.stamp(),
        "response_url": site.hooks.issue(user.id, channel.id, message.ts, message.thread_ts),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "message": message_json(site.world, message),
    }


def action(site: Site, block: Json, element: Json, chosen: Any) -> Json:
    """One of `actions`: the element, and what the person did with it."""
    kind = element["type"]
    told: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": site.world.stamp(),
    }
    if kind == "button":
        return told | _kept(element, "text", "value", "style", "url", "confirm")
    told |= _kept(
        element, "placeholder", "confirm", *(n for n in element if n.startswith("initial_"))
    )
    return told | {name: value for name, value in chosen.items() if name != "type"}


def _kept(element: Json, *names: str) -> Json:
    return {name: element[name] for name in names if name in element}
