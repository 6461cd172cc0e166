"""The whole world as the page and scripts see it."""

from dataclasses import asdict

from bot.sandbox.builtins import BUILTINS
from bot.sandbox.clockwork import NO_BOT, Clockwork
from bot.sandbox.jira.board import glance
from bot.sandbox.people import expire_statuses, is_read_only
from bot.sandbox.shapes import file_json, is_stranger
from bot.sandbox.site import Site
from bot.sandbox.world import (
    SLACKBOT,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Channel,
    Json,
    Message,
    User,
    instant_of,
)


async def state(site: Site, clock: Clockwork) -> Json:
    """Everything that the control API shows."""
    world = site.world
    expire_statuses(site)
    due = await clock.next_due()
    return {
        "now": world.now().isoformat(),
        "next_due": None if due is None else due.isoformat(),
        "clock_movable": clock.movable,
        "clock_reason": None if clock.movable else NO_BOT,
        "clock_moving": clock.moving,
        "changes": site.changes.count,
        "bot_connected": site.line.connected,
        "commands": list(site.commands),
        "own_commands": list(BUILTINS),
        "shortcuts": [asdict(each) for each in site.shortcuts],
        "dm_read_only": is_read_only(site),
        "jira": glance(site),
        "team": {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN},
        "users": [_user(site, user) for user in world.users.values()],
        "channels": [_channel(channel) for channel in world.channels.values()],
        "messages": [
            _message(site, message)
            for channel in world.channels
            for message in world.messages(channel)
        ],
        "modals": {
            user: [view.json() for view in stack]
            for user, stack in site.views.stacks.items()
            if stack
        },
        "homes": {user: view.json() for user, view in site.views.homes.items()},
    }


def _user(site: Site, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "display_name": user.display_name,
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        # Slack's API calls Slackbot no bot, but nobody can act as it.
        "is_bot": user.is_bot or user.id == SLACKBOT,
        "is_admin": user.is_admin,
        "is_stranger": is_stranger(site.world, user),
        "deleted": user.deleted,
        "team_id": user.team_id,
        "color": user.color,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "user": channel.user or None,
        "members": list(channel.members),
    }


def _message(site: Site, message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "at": instant_of(message.ts).isoformat(),
        "user": message.user,
        "bot_id": message.bot_id,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "files": [file_json(site.world, site.world.files[file]) for file in message.files],
        "metadata": message.metadata,
        "edited": message.edited,
        "deleted": message.deleted,
        "ephemeral_to": message.ephemeral_to,
        "reactions": message.reactions,
        "broadcast": message.broadcast,
    }
