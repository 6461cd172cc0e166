"""The world as Slack's JSON shows it."""

from zoneinfo import ZoneInfo

from bot.sandbox.world import (
    ADMIN,
    APP_ID,
    APP_NAME,
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Channel,
    File,
    Json,
    Message,
    User,
    World,
)


def user_json(world: World, user: User, *, email: bool = True) -> Json:
    """A person as users.info tells them; the address only with its own scope."""
    offset = world.now().astimezone(ZoneInfo(user.tz))
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        "profile": _profile(user, email=email),
        "is_stranger": is_stranger(world, user),
    }
    if user.deleted:
        return shown
    delta = offset.utcoffset()
    return shown | {
        "tz": user.tz,
        "tz_label": offset.tzname() or user.tz,
        "tz_offset": int(delta.total_seconds()) if delta else 0,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_owner,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
    }


def _profile(user: User, *, email: bool) -> Json:
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "first_name": first,
        "last_name": last,
        "team": user.team_id,
    }
    if email and user.email:
        profile["email"] = user.email
    if user.is_bot:
        profile |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    return profile


def is_stranger(world: World, user: User) -> bool:
    """From another organisation, and in no channel that the bot can see into."""
    return user.is_foreign and not any(
        user.id in channel.members and BOT_USER_ID in channel.members and not channel.is_im
        for channel in world.channels.values()
    )


def channel_json(world: World, channel: Channel, *, count: bool = False) -> Json:
    """A conversation as conversations.info tells it."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "updated": channel.created * 1000,
    }
    if channel.is_im:
        return shown | {
            "user": channel.user,
            "is_user_deleted": world.users[channel.user].deleted,
            "is_open": True,
            "priority": 0,
        }
    shared = world.is_shared(channel)
    text = {"value": channel.purpose, "creator": "", "last_set": 0}
    shown |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_private": channel.is_private,
        "is_general": channel.is_general,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_pending_ext_shared": False,
        "is_member": BOT_USER_ID in channel.members,
        "creator": ADMIN,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": text,
        "previous_names": [],
        "unlinked": 0,
    }
    if count:
        shown["num_members"] = len(world.present(channel))
    return shown


def message_json(world: World, message: Message, *, metadata: bool = False) -> Json:
    """A message as histories, events and interactions tell it."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": world.users[message.user].team_id,
    }
    if world.users[message.user].is_foreign:
        shown |= {"user_team": shown["team"], "source_team": shown["team"]}
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": APP_ID, "bot_profile": bot_profile(world)}
    if message.client_msg_id:
        shown["client_msg_id"] = message.client_msg_id
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.edited:
        shown["edited"] = message.edited
    if message.files:
        shown["files"] = [file_json(world, world.files[file]) for file in message.files]
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    if metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown | _threading(world, message)


def _threading(world: World, message: Message) -> Json:
    if message.is_reply:
        parent = world.ever(message.channel, message.thread_ts or "")
        shown: Json = {"thread_ts": message.thread_ts}
        if parent is not None:
            shown["parent_user_id"] = parent.user
        if message.broadcast:
            shown["subtype"] = "thread_broadcast"
        return shown
    if message.ephemeral_to is not None:
        return {}
    replies = world.replies(message.channel, message.ts)
    if not replies:
        return {}
    repliers = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "reply_users": repliers[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def tombstone(world: World, message: Message) -> Json:
    """What is left of a deleted message whose thread lives on."""
    return {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "hidden": True,
        "ts": message.ts,
        **_threading(world, message),
    }


def bot_profile(world: World) -> Json:
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER_ID,
        "name": APP_NAME,
        "deleted": False,
        "updated": world.users[BOT_USER_ID].updated,
        "team_id": TEAM_ID,
        "icons": {},
    }


def file_json(world: World, file: File) -> Json:
    """A file as Slack tells it, with addresses under this server's own root."""
    kind = file.name.rpartition(".")[2].lower() if "." in file.name else "binary"
    path = f"{world.root}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": MIME_TYPES.get(kind, "application/octet-stream"),
        "filetype": kind,
        "user": BOT_USER_ID,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(file.channels),
        "url_private": path,
        "url_private_download": path,
        "permalink": path,
        "channels": list(file.channels),
    }


MIME_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "json": "application/json",
    "txt": "text/plain",
    "md": "text/markdown",
}


def team_json() -> Json:
    return {
        "id": TEAM_ID,
        "name": TEAM_NAME,
        "domain": TEAM_DOMAIN,
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "email_domain": "aurora-ml.example",
        "icon": {"image_default": True},
    }
