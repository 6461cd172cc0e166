"""users.*"""

from bot.sandbox.api.args import Args, page
from bot.sandbox.api.registry import method
from bot.sandbox.errors import SlackError
from bot.sandbox.people import expire_statuses
from bot.sandbox.shapes import user_json
from bot.sandbox.site import Site
from bot.sandbox.world import Json, User


def _shown(site: Site, user: User) -> Json:
    expire_statuses(site)
    return user_json(site.world, user, email="users:read.email" in site.scopes)


@method("users.info", scope="users:read", tier=4)
def info(site: Site, args: Args) -> Json:
    user = site.world.users.get(args.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(site, user)}


@method("users.list", scope="users:read", tier=2)
def list_(site: Site, args: Args) -> Json:
    users, more = page(list(site.world.users.values()), args, default=200, most=1000)
    members = [_shown(site, user) for user in users]
    return {"members": members, "cache_ts": site.world.seconds(), **more}
