"""What the bot answers with an ack or through a response_url, made into messages."""

from bot.sandbox.api.args import Args
from bot.sandbox.api.chat import content
from bot.sandbox.errors import SlackError
from bot.sandbox.hooks import Hook
from bot.sandbox.site import Site
from bot.sandbox.wire import Ack
from bot.sandbox.world import BOT_USER_ID, Channel, Json, User


def show_ack(site: Site, ack: Ack, user: User, channel: Channel) -> None:
    """Post what a slash command's ack said, to the person alone unless it says in_channel."""
    if not ack.body or not ({"text", "blocks"} & ack.body.keys()):
        return
    try:
        _post(site, Args(ack.body), user.id, channel, None)
    except SlackError as refusal:
        # Slack has nobody to tell but the person: the bot's own call is over.
        site.log.add("out", "ack", "refused", refusal.code, ack.body)


def answer(site: Site, secret: str, body: Json) -> None:
    """One use of a response_url."""
    hook = site.hooks.use(secret)
    args = Args(body)
    original = site.world.message(hook.channel, hook.message_ts or "")
    if args.flag("delete_original"):
        if original is not None:
            site.feed.delete(original)
        return
    if args.flag("replace_original") and original is not None:
        text, blocks = content(site, args)
        site.feed.edit(original, text, blocks=blocks)
        return
    channel = site.world.channels[hook.channel]
    _post(site, args, hook.user, channel, _thread(args, hook))


def _thread(args: Args, hook: Hook) -> str | None:
    return args.maybe("thread_ts") or (hook.thread_ts if hook.message_ts else None)


def _post(site: Site, args: Args, user: str, channel: Channel, thread_ts: str | None) -> None:
    text, blocks = content(site, args)
    alone = args.text("response_type", "ephemeral") != "in_channel"
    site.feed.post(
        channel,
        BOT_USER_ID,
        text,
        blocks=blocks,
        thread_ts=thread_ts,
        ephemeral_to=user if alone else None,
    )
