"""conversations.*: channels, who is in them and what was said."""

from bot.sandbox.api.args import Args, bad, page, page_after, stamp
from bot.sandbox.api.registry import bot_in, channel_of, method, need
from bot.sandbox.errors import SlackError
from bot.sandbox.people import join
from bot.sandbox.shapes import channel_json, message_json, tombstone
from bot.sandbox.site import Site
from bot.sandbox.world import BOT_USER_ID, SLACKBOT, Channel, Json, Message

KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


@method("conversations.open", scope="im:write", tier=3)
def open_(site: Site, args: Args) -> Json:
    channel = channel_of(site, args.text("channel")) if "channel" in args else _dm(site, args)
    shown = channel_json(site.world, channel) if args.flag("return_im") else {"id": channel.id}
    return {"channel": shown}


def _dm(site: Site, args: Args) -> Channel:
    users = args.text("users").split(",")
    if len(users) > 1:
        raise bad("this sandbox opens direct messages with one person only")
    user = site.world.users.get(users[0])
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot or user.id == SLACKBOT:
        raise SlackError("cannot_dm_bot")
    return site.world.dm(user.id)


@method("conversations.info", tier=3)
def info(site: Site, args: Args) -> Json:
    channel = _readable(site, args)
    count = args.flag("include_num_members")
    return {"channel": channel_json(site.world, channel, count=count)}


@method("conversations.list", tier=2)
def list_(site: Site, args: Args) -> Json:
    kinds = [kind.strip() for kind in args.text("types", "public_channel").split(",")]
    for kind in kinds:
        if kind not in KINDS:
            raise SlackError("invalid_types")
        need(site, f"{KINDS[kind]}:read")
    prefixes = {KINDS[kind] for kind in kinds}
    found = [
        channel
        for channel in site.world.channels.values()
        if channel.scope_prefix in prefixes
        and (bot_in(channel) or not channel.is_private)
        and not (args.flag("exclude_archived") and channel.is_archived)
    ]
    channels, more = page(found, args, default=100, most=1000)
    return {"channels": [channel_json(site.world, c, count=True) for c in channels], **more}


@method("conversations.members", tier=4)
def members(site: Site, args: Args) -> Json:
    channel = _readable(site, args)
    users, more = page(site.world.present(channel), args, default=100, most=1000)
    return {"members": users, **more}


@method("conversations.join", scope="channels:join", tier=3)
def join_(site: Site, args: Args) -> Json:
    channel = channel_of(site, args.text("channel"))
    if channel.is_private or channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot_in(channel):
        extra: Json = {"warning": "already_in_channel"}
        return {"channel": channel_json(site.world, channel), **extra}
    join(site, channel, BOT_USER_ID)
    return {"channel": channel_json(site.world, channel)}


@method("conversations.history", tier=3)
def history(site: Site, args: Args) -> Json:
    channel = _heard(site, args)
    spoken = [
        message
        for message in site.world.messages(channel.id)
        if _is_listed(site, message) and _in_range(args, message)
    ]
    chosen, cursor = page_after(spoken[::-1], args, default=100, most=999)
    shown = [_shown(site, args, message) for message in chosen]
    return _messages(shown, cursor) | {"pin_count": 0}


@method("conversations.replies", tier=3)
def replies(site: Site, args: Args) -> Json:
    channel = _heard(site, args)
    ts = args.text("ts")
    stamp(ts, "invalid_ts")
    named = site.world.ever(channel.id, ts)
    if named is None or named.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    parent = site.world.ever(channel.id, named.thread_ts or ts) or named
    below = site.world.replies(channel.id, parent.ts)
    if parent.deleted and not below:
        raise SlackError("thread_not_found")
    said = [reply for reply in below if _in_range(args, reply)]
    chosen, cursor = page_after(said, args, default=1000, most=1000)
    # Slack shows the parent on every page.
    return _messages([_shown(site, args, message) for message in (parent, *chosen)], cursor)


def _readable(site: Site, args: Args) -> Channel:
    channel = channel_of(site, args.text("channel"))
    need(site, f"{channel.scope_prefix}:read")
    return channel


def _heard(site: Site, args: Args) -> Channel:
    channel = channel_of(site, args.text("channel"))
    need(site, f"{channel.scope_prefix}:history")
    if not bot_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _is_listed(site: Site, message: Message) -> bool:
    """Whether a history shows it: neither replies nor what one person alone sees."""
    if message.ephemeral_to is not None or (message.is_reply and not message.broadcast):
        return False
    return not message.deleted or bool(site.world.replies(message.channel, message.ts))


def _in_range(args: Args, message: Message) -> bool:
    at = stamp(message.ts, "invalid_ts")
    oldest, latest = args.maybe("oldest"), args.maybe("latest")
    low = stamp(oldest, "invalid_ts_oldest") if oldest else 0
    high = stamp(latest, "invalid_ts_latest") if latest and latest != "now" else None
    # Both ends are left out by default, but an open end is no end.
    if args.flag("inclusive"):
        return low <= at and (high is None or at <= high)
    return low < at and (high is None or at < high)


def _shown(site: Site, args: Args, message: Message) -> Json:
    if message.deleted:
        return tombstone(site.world, message)
    metadata = args.flag("include_all_metadata")
    return message_json(site.world, message, metadata=metadata)


def _messages(shown: list[Json], cursor: str) -> Json:
    return {
        "messages": shown,
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }
