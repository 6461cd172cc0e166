"""What people do outside the bot's own messages and views: speak, come, go, change."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.errors import ControlError
from bot.sandbox.events import FAMILY
from bot.sandbox.shapes import user_json
from bot.sandbox.site import Site
from bot.sandbox.speech import rich_text
from bot.sandbox.world import ADMIN, BOT_USER_ID, SLACKBOT, TEAM_ID, Channel, Json, Message, User

USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")


def person(site: Site, body: Json) -> User:
    """The active person a control call is made for."""
    user = site.world.users.get(str(body.get("user")))
    if user is None:
        raise ControlError(f"there is no user {body.get('user')!r}")
    if user.is_bot or user.id == SLACKBOT:
        raise ControlError(f"{user.id} is a bot; name a person")
    if user.deleted:
        raise ControlError(f"{user.id} is deactivated and can't do anything")
    return user


def place(site: Site, body: Json, user: User) -> Channel:
    """The channel a control call names by id, by name, or as the bot for the person's DM."""
    name = str(body.get("channel"))
    if name in (BOT_USER_ID, f"D{user.id[1:]}"):
        return site.world.dm(user.id)
    channel = site.world.channels.get(name) or next(
        (c for c in site.world.channels.values() if c.name == name.lstrip("#") and not c.is_im),
        None,
    )
    if channel is None:
        raise ControlError(f"there is no channel {body.get('channel')!r}")
    return channel


def place_of_member(site: Site, body: Json, user: User) -> Channel:
    channel = place(site, body, user)
    if user.id not in channel.members:
        raise ControlError(f"{user.id} is not in {channel.id}")
    return channel


def message_in(site: Site, channel: Channel, ts: object) -> Message:
    message = site.world.message(channel.id, str(ts))
    if message is None:
        raise ControlError(f"there is no message {ts!r} in {channel.id}")
    return message


def say(site: Site, body: Json) -> Json:
    """A person posts a message; its text is as Slack's client sends it, `&` as `&amp;`."""
    user = person(site, body)
    channel = place_of_member(site, body, user)
    text = body.get("text")
    if not isinstance(text, str) or not text:
        raise ControlError("a message needs a text")
    if channel.is_archived:
        raise ControlError(f"{channel.id} is archived")
    if channel.is_im and is_read_only(site):
        raise ControlError("Sending messages to this app has been turned off.")
    thread_ts = body.get("thread_ts")
    if thread_ts is not None:
        message_in(site, channel, thread_ts)
    blocks = [rich_text(text)]
    message = site.feed.post(channel, user.id, text, blocks=blocks, thread_ts=thread_ts)
    return {"channel": channel.id, "ts": message.ts}


def is_read_only(site: Site) -> bool:
    """Whether people can't write to the app, which asked to hear of no direct message."""
    return FAMILY["im"] not in site.events.subscriptions


def edit(site: Site, body: Json) -> Json:
    """A person edits a message of theirs."""
    user = person(site, body)
    message = message_in(site, place_of_member(site, body, user), body.get("ts"))
    if message.user != user.id:
        raise ControlError("people edit their own messages only")
    if not isinstance(body.get("text"), str) or not body["text"]:
        raise ControlError("an edit needs the new text")
    site.feed.edit(message, body["text"], blocks=[rich_text(body["text"])])
    return {"channel": message.channel, "ts": message.ts}


def delete(site: Site, body: Json) -> Json:
    """A person deletes a message: their own, or as an admin anybody's."""
    user = person(site, body)
    message = message_in(site, place_of_member(site, body, user), body.get("ts"))
    if message.user != user.id and not user.is_admin:
        raise ControlError("only admins delete what others wrote")
    site.feed.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def dismiss(site: Site, body: Json) -> Json:
    """A person puts away what they alone see; nobody hears of it."""
    user = person(site, body)
    message = message_in(site, place_of_member(site, body, user), body.get("ts"))
    if message.ephemeral_to != user.id:
        raise ControlError("people dismiss only what they alone see")
    site.feed.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def change_user(site: Site, body: Json) -> Json:
    """A person changes, or a new one comes."""
    user_id = body.get("user")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise ControlError("a user id begins with U and holds capitals and digits only")
    if "tz" in body:
        _check_zone(body["tz"])
    is_new = user_id not in site.world.users
    if is_new:
        site.world.users[user_id] = _newcomer(site, user_id, body)
    user = site.world.users[user_id]
    _apply(site, user, body)
    _tell(site, "team_join" if is_new else "user_change", user)
    return {"user": user_id}


def _tell(site: Site, kind: str, user: User) -> None:
    shown = user_json(site.world, user, email="users:read.email" in site.scopes)
    event = {"type": kind, "user": shown, "cache_ts": user.updated}
    site.events.emit(event, "users:read")
    site.changes.bump()


def expire_statuses(site: Site) -> None:
    """Clear the statuses whose time has come, as Slack does by itself."""
    now = site.world.seconds()
    for user in site.world.users.values():
        if 0 < user.status_expiration <= now:
            user.status_text = user.status_emoji = ""
            user.status_expiration, user.updated = 0, now
            _tell(site, "user_change", user)


def _check_zone(tz: object) -> None:
    try:
        ZoneInfo(str(tz))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ControlError(f"{tz!r} is no IANA time zone such as Asia/Tokyo") from None


def _newcomer(site: Site, user_id: str, body: Json) -> User:
    name = str(body.get("name") or user_id[1:].lower())
    real_name = str(body.get("real_name") or name.title())
    email = f"{name}@aurora-ml.example"
    user = User(user_id, name, real_name, str(body.get("tz", "Etc/UTC")), email=email)
    user.display_name = real_name.split()[0]
    if body.get("team_id", TEAM_ID) == TEAM_ID:
        site.world.channels["C01GENERAL"].members.append(user_id)
    return user


def _apply(site: Site, user: User, body: Json) -> None:
    for name in ("tz", "name", "real_name", "title", "email", "display_name", "status_text",
                 "status_emoji", "team_id"):  # fmt: skip
        if name in body:
            if not isinstance(body[name], str):
                raise ControlError(f"{name} is a string")
            setattr(user, name, body[name])
    for name in ("deleted", "is_admin", "is_owner"):
        if name in body:
            if not isinstance(body[name], bool):
                raise ControlError(f"{name} is true or false")
            setattr(user, name, body[name])
    if "status_expiration" in body:
        if not isinstance(body["status_expiration"], int):
            raise ControlError("status_expiration is in seconds since 1970, or 0")
        user.status_expiration = body["status_expiration"]
    user.updated = site.world.seconds()


def change_channel(site: Site, body: Json) -> Json:
    """A channel is archived or opened again; people come and go."""
    channel = site.world.channels.get(str(body.get("channel"))) or next(
        (c for c in site.world.channels.values() if c.name == body.get("channel")), None
    )
    if channel is None or channel.is_im:
        raise ControlError(f"there is no channel {body.get('channel')!r}")
    joining, leaving = _users(site, body, "join"), _users(site, body, "leave")
    by = next(iter(_users(site, body, "by")), None)
    archived = body.get("archived")
    if archived not in (None, True, False):
        raise ControlError("archived is true or false")
    for user_id in joining:
        join(site, channel, user_id, inviter=by or _host(site, channel, user_id))
    for user_id in leaving:
        leave(site, channel, user_id, actor=by or ADMIN)
    if archived is not None and archived != channel.is_archived:
        _archive(site, channel, archived=archived)
    site.changes.bump()
    return {"channel": channel.id, "members": channel.members}


def _users(site: Site, body: Json, name: str) -> list[str]:
    users = body.get(name) or []
    users = [users] if isinstance(users, str) else users
    for user in users:
        if user not in site.world.users:
            raise ControlError(f"there is no user {user!r}")
    return list(users)


def _host(site: Site, channel: Channel, user_id: str) -> str | None:
    """Who invites the app, which never comes by itself; people do."""
    if user_id != BOT_USER_ID:
        return None
    inside = [each for each in channel.members if not site.world.users[each].deleted]
    return ADMIN if ADMIN in inside else next(iter(inside), None)


def join(site: Site, channel: Channel, user_id: str, *, inviter: str | None = None) -> None:
    """Somebody comes into a channel, maybe invited; the bot hears of it where it is a member."""
    if user_id in channel.members:
        return
    channel.members.append(user_id)
    site.changes.bump()
    if BOT_USER_ID in channel.members:
        event = _membership(site, "member_joined_channel", channel, user_id)
        if inviter is not None:
            event["inviter"] = inviter
        site.events.emit(event, f"{channel.scope_prefix}:read")


def leave(site: Site, channel: Channel, user_id: str, *, actor: str) -> None:
    """Somebody leaves a channel, or is removed; the bot hears of its own leaving too."""
    if user_id not in channel.members:
        return
    heard = BOT_USER_ID in channel.members
    channel.members.remove(user_id)
    scope = f"{channel.scope_prefix}:read"
    if user_id == BOT_USER_ID:
        event = {"type": f"{channel.kind}_left", "channel": channel.id, "actor_id": actor}
        site.events.emit(event, scope)
    elif heard:
        site.events.emit(_membership(site, "member_left_channel", channel, user_id), scope)


def _membership(site: Site, kind: str, channel: Channel, user_id: str) -> Json:
    return {
        "type": kind,
        "user": user_id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": site.world.users[user_id].team_id,
    }


def _archive(site: Site, channel: Channel, *, archived: bool) -> None:
    channel.is_archived = archived
    kind = f"{channel.kind}_{'archive' if archived else 'unarchive'}"
    if BOT_USER_ID in channel.members or not channel.is_private:
        event = {"type": kind, "channel": channel.id, "user": ADMIN}
        site.events.emit(event, f"{channel.scope_prefix}:read")
