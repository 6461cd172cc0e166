"""The methods this Slack knows, with the scope and the rate each demands."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.api.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.site import Site
from bot.sandbox.world import BOT_USER_ID, Channel, Json

Handler = Callable[[Site, Args], Json]


@dataclass(frozen=True)
class Method:
    """One Web API method; tier None is Slack's "special" one."""

    name: str
    handler: Handler
    scope: str | None
    tier: int | None
    app_token: bool
    per_channel: bool


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scope: str | None = None,
    tier: int | None = None,
    app_token: bool = False,
    per_channel: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a handler under its method's name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scope, tier, app_token, per_channel)
        return handler

    return register


def need(site: Site, scope: str) -> None:
    """Refuse where the app was not granted the scope."""
    if scope not in site.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(site.scopes)))


def channel_of(site: Site, channel_id: str) -> Channel:
    """The conversation as far as the bot can see it."""
    channel = site.world.channels.get(channel_id)
    if channel is None or (channel.is_private and not bot_in(channel)):
        raise SlackError("channel_not_found")
    return channel


def bot_in(channel: Channel) -> bool:
    return BOT_USER_ID in channel.members
