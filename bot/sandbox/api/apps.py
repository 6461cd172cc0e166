"""auth.test, api.test, apps.*, team.*, bots.*: who is calling whom."""

from bot.sandbox.api.args import Args
from bot.sandbox.api.registry import method
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import bot_profile, team_json
from bot.sandbox.site import Site
from bot.sandbox.world import (
    APP_ID,
    APP_NAME,
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Json,
)


@method("api.test", tier=4)
def api_test(site: Site, args: Args) -> Json:
    if "error" in args:
        raise SlackError(args.text("error"), args=args.given)
    return {"args": args.given}


@method("auth.test")
def auth_test(site: Site, args: Args) -> Json:
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": site.world.users[BOT_USER_ID].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "app_name": APP_NAME,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=3, app_token=True)
def connections_open(site: Site, args: Args) -> Json:
    root = site.url.replace("http://", "ws://")
    return {"url": f"{root}/socket?ticket={site.sockets.ticket()}"}


@method("team.info", scope="team:read", tier=3)
def team_info(site: Site, args: Args) -> Json:
    return {"team": team_json()}


@method("bots.info", scope="users:read", tier=3)
def bots_info(site: Site, args: Args) -> Json:
    if args.text("bot", BOT_ID) != BOT_ID:
        raise SlackError("bot_not_found")
    return {"bot": bot_profile(site.world)}
