"""chat.*: messages."""

from typing import Any

from bot.sandbox.api.args import Args, stamp
from bot.sandbox.api.registry import bot_in, channel_of, method
from bot.sandbox.blocks import MESSAGE_TEXT, check_message
from bot.sandbox.errors import SlackError
from bot.sandbox.feed import UNSET
from bot.sandbox.shapes import message_json
from bot.sandbox.site import Site
from bot.sandbox.world import BOT_USER_ID, TEAM_DOMAIN, Channel, Json, Message, World

METADATA_BYTES = 16_000


@method("chat.postMessage", scope="chat:write", per_channel=True)
def post_message(site: Site, args: Args) -> Json:
    channel = target(site, args.text("channel"))
    text, blocks = content(site, args)
    message = site.feed.post(
        channel,
        BOT_USER_ID,
        text,
        blocks=blocks,
        thread_ts=_thread(site, channel, args.maybe("thread_ts")),
        metadata=_metadata(args),
        broadcast=args.flag("reply_broadcast"),
    )
    shown = message_json(site.world, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


@method("chat.postEphemeral", scope="chat:write", tier=4)
def post_ephemeral(site: Site, args: Args) -> Json:
    channel = target(site, args.text("channel"))
    user = args.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = content(site, args)
    message = site.feed.post(
        channel,
        BOT_USER_ID,
        text,
        blocks=blocks,
        thread_ts=args.maybe("thread_ts"),
        ephemeral_to=user,
    )
    return {"message_ts": message.ts}


@method("chat.update", scope="chat:write", tier=3)
def update(site: Site, args: Args) -> Json:
    message = _own(site, args, "cant_update_message")
    if not {"text", "blocks", "metadata", "file_ids"} & args.given.keys():
        raise SlackError("no_text")
    check_text(args)
    blocks: Any = _blocks(site, args) if "blocks" in args else UNSET
    if blocks is UNSET and "text" in args:
        # Slack keeps the old blocks only where no new text comes either.
        blocks = []
    site.feed.edit(
        message,
        args.text("text", message.text),
        blocks=blocks,
        metadata=_metadata(args) if "metadata" in args else UNSET,
        files=_file_ids(site, args) if "file_ids" in args else UNSET,
    )
    shown = message_json(site.world, message, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", scope="chat:write", tier=3)
def delete(site: Site, args: Args) -> Json:
    message = _own(site, args, "cant_delete_message")
    site.feed.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(site: Site, args: Args) -> Json:
    channel = channel_of(site, args.text("channel"))
    message = site.world.message(channel.id, args.text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(message)}


def permalink(message: Message) -> str:
    link = f"https://{TEAM_DOMAIN}.slack.com/archives/{message.channel}"
    link += f"/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={message.channel}"
    return link


def target(site: Site, name: str) -> Channel:
    """Where the bot wants to post: a channel's id or #name, or a person's id for their DM."""
    if name in site.world.users:
        return _dm(site.world, name)
    by_name = [c for c in site.world.channels.values() if f"#{c.name}" == name and not c.is_im]
    channel = by_name[0] if by_name else channel_of(site, name)
    if channel.is_im and site.world.users[channel.user].deleted:
        raise SlackError("user_disabled")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not bot_in(channel):
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    return channel


def _dm(world: World, user_id: str) -> Channel:
    if world.users[user_id].is_bot or user_id == "USLACKBOT":
        raise SlackError("cannot_dm_bot")
    if world.users[user_id].deleted:
        raise SlackError("user_disabled")
    return world.dm(user_id)


def content(site: Site, args: Args) -> tuple[str, list[Json]]:
    """A new message's text and blocks, of which one must be there."""
    check_text(args)
    blocks = _blocks(site, args)
    text = args.text("text", "")
    if not text and not blocks and not args.data("attachments"):
        raise SlackError("no_text")
    return text, blocks


def check_text(args: Args) -> None:
    if len(args.text("text", "")) > MESSAGE_TEXT:
        raise SlackError("msg_too_long")


def _blocks(site: Site, args: Args) -> list[Json]:
    blocks = args.data("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    check_message(blocks)
    check_files(site, blocks)
    return list(blocks)


def check_files(site: Site, blocks: Any) -> None:
    """Refuse an image of a file that isn't there, or whose upload wasn't completed."""
    for number, block in enumerate(blocks if isinstance(blocks, list) else []):
        shown = block.get("slack_file") if isinstance(block, dict) else None
        if not isinstance(shown, dict) or "id" not in shown:
            continue
        file = site.world.files.get(str(shown["id"]))
        if file is None or not file.completed:
            said = f"invalid slack file [json-pointer:/blocks/{number}/slack_file]"
            raise SlackError(
                "invalid_blocks",
                errors=[said],
                response_metadata={"messages": [f"[ERROR] {said}"]},
            )


def _metadata(args: Args) -> Json | None:
    metadata = args.data("metadata", "invalid_metadata_format")
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(str(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def _file_ids(site: Site, args: Args) -> list[str]:
    ids = args.data("file_ids") or []
    if any(file_id not in site.world.files for file_id in ids):
        raise SlackError("file_not_found")
    return list(ids)


def _thread(site: Site, channel: Channel, thread_ts: str | None) -> str | None:
    """The thread that a message joins; a deleted one's goes into the channel, and Slack says ok."""
    if thread_ts is None:
        return None
    stamp(thread_ts, "invalid_thread_ts")
    parent = site.world.ever(channel.id, thread_ts)
    if parent is None or parent.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    # A deleted parent's thread lives on as long as it has replies.
    lives = not parent.deleted or bool(site.world.replies(channel.id, thread_ts))
    return thread_ts if lives else None


def _own(site: Site, args: Args, refusal: str) -> Message:
    channel = channel_of(site, args.text("channel"))
    message = site.world.message(channel.id, args.text("ts"))
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.user != BOT_USER_ID:
        raise SlackError(refusal)
    if channel.is_archived:
        raise SlackError("is_archived")
    return message
