"""views.*: modals and Home tabs."""

from typing import Any

from bot.sandbox.api.args import Args, bad
from bot.sandbox.api.chat import check_files
from bot.sandbox.api.registry import method
from bot.sandbox.blocks import check_view
from bot.sandbox.errors import SlackError
from bot.sandbox.site import Site
from bot.sandbox.triggers import Trigger
from bot.sandbox.views import View
from bot.sandbox.world import Json


@method("views.open", tier=4)
def open_(site: Site, args: Args) -> Json:
    content = _content(site, args)
    trigger = _use_trigger(site, args)
    return _shown(site, site.views.open(trigger.user, content, trigger.channel))


@method("views.push", tier=4)
def push(site: Site, args: Args) -> Json:
    content = _content(site, args)
    return _shown(site, site.views.push(_use_trigger(site, args).user, content))


@method("views.update", tier=4)
def update(site: Site, args: Args) -> Json:
    content = _content(site, args)
    view = site.views.find(args.maybe("view_id"), args.maybe("external_id"))
    return _shown(site, site.views.update(view, content, args.maybe("hash")))


@method("views.publish", tier=4)
def publish(site: Site, args: Args) -> Json:
    content = _content(site, args, "home")
    user = site.world.users.get(args.text("user_id"))
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    return _shown(site, site.views.publish(user.id, content, args.maybe("hash")))


def _use_trigger(site: Site, args: Args) -> Trigger:
    return site.triggers.use(args.text("trigger_id"))


def _content(site: Site, args: Args, surface: str = "modal") -> Any:
    """The view, found good before a trigger is used up for it."""
    if "view" not in args:
        raise bad("missing required field: view")
    view = args.data("view")
    check_view(view, surface)
    check_files(site, view["blocks"])
    return view


def _shown(site: Site, view: View) -> Json:
    site.changes.bump()
    return {"view": view.json(with_state=False)}
