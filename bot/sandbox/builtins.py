"""Slack's own commands, as far as an app's people need them."""

import re
from collections.abc import Callable

from bot.sandbox.people import join, leave
from bot.sandbox.site import Site
from bot.sandbox.world import SLACKBOT, Channel, User

MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")


def _invite(site: Site, user: User, channel: Channel, named: User) -> str | None:
    if channel.is_im:
        return "You can't invite people to a direct message."
    if named.id in channel.members:
        return f"{named.real_name} is already in this channel."
    join(site, channel, named.id, inviter=user.id)
    return None


def _remove(site: Site, user: User, channel: Channel, named: User) -> str | None:
    if named.id not in channel.members:
        return f"{named.real_name} is not in this channel."
    leave(site, channel, named.id, actor=user.id)
    return None


BUILTINS: dict[str, Callable[[Site, User, Channel, User], str | None]] = {
    "/invite": _invite,
    "/remove": _remove,
}


def run(site: Site, user: User, channel: Channel, name: str, text: str) -> str | None:
    """Do it; what Slackbot has to say to it, if anything."""
    named = _named(site, text)
    if named is None:
        said: str | None = f"Say whom: {name} @name."
    else:
        said = BUILTINS[name](site, user, channel, named)
    if said is not None:
        site.feed.post(channel, SLACKBOT, said, ephemeral_to=user.id)
    return said


def _named(site: Site, text: str) -> User | None:
    mention = MENTION.search(text)
    if mention:
        return site.world.users.get(mention[1])
    words = text.strip().removeprefix("@").lower()
    for user in site.world.users.values():
        if not user.deleted and words in (user.name.lower(), user.real_name.lower()):
            return user
    return None
