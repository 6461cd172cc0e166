"""reactions.*"""

from bot.sandbox.api.args import Args
from bot.sandbox.api.registry import bot_in, channel_of, method
from bot.sandbox.errors import SlackError
from bot.sandbox.site import Site
from bot.sandbox.world import BOT_USER_ID, Json, Message


@method("reactions.add", scope="reactions:write", tier=3)
def add(site: Site, args: Args) -> Json:
    users = _message(site, args).reactions.setdefault(args.text("name"), [])
    if BOT_USER_ID in users:
        raise SlackError("already_reacted")
    users.append(BOT_USER_ID)
    site.changes.bump()
    return {}


@method("reactions.remove", scope="reactions:write", tier=2)
def remove(site: Site, args: Args) -> Json:
    message, name = _message(site, args), args.text("name")
    if BOT_USER_ID not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(BOT_USER_ID)
    if not message.reactions[name]:
        del message.reactions[name]
    site.changes.bump()
    return {}


def _message(site: Site, args: Args) -> Message:
    channel = channel_of(site, args.text("channel"))
    if not bot_in(channel):
        raise SlackError("not_in_channel")
    message = site.world.message(channel.id, args.text("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return message
