"""Modals in people's hands: submitting and closing them, and opening the Home tab."""

from bot.sandbox import payloads, values
from bot.sandbox.acts import send
from bot.sandbox.choices import offered_to
from bot.sandbox.complaints import complaints
from bot.sandbox.errors import ControlError, SlackError
from bot.sandbox.people import person
from bot.sandbox.site import Site
from bot.sandbox.views import View
from bot.sandbox.wire import Ack
from bot.sandbox.world import Json, User

TROUBLE = "We had some trouble connecting. Try again?"


def _modal(site: Site, user: User) -> View:
    view = site.views.top(user.id)
    if view is None:
        raise ControlError(f"{user.id} has no modal open")
    return view


async def submit(site: Site, body: Json) -> Json:
    """A person submits their topmost modal; errors a client would see never reach the bot."""
    user = person(site, body)
    view = _modal(site, user)
    if "submit" not in view.content:
        raise ControlError("that modal has no submit button")
    plain = body.get("values") or {}
    values.enter(view.blocks, view.entered, plain, offered_to(site, user))
    site.changes.bump()
    marked = complaints(view.blocks, view.state()["values"])
    if marked:
        return {"outcome": "errors", "errors": marked, "view": view.json()}
    ack = await send(site, "interactive", payloads.submission(site, user, view))
    if ack is None:
        return {"outcome": "failed", "error": TROUBLE, "view": view.json()}
    try:
        return _after(site, user, view, ack)
    except SlackError as refusal:
        # The bot's call is over by now; Slack shows the person that something went wrong.
        site.log.add("out", "view_submission", "answer refused", refusal.code, refusal.answer())
        said = {"error": TROUBLE, "reason": refusal.answer()}
        return {"outcome": "failed", "view": view.json(), **said}
    finally:
        site.changes.bump()


def _after(site: Site, user: User, view: View, ack: Ack) -> Json:
    told = ack.body or {}
    act = told.get("response_action")
    if act == "errors":
        return _errors(view, told)
    if act == "update":
        site.views.update(view, told.get("view", {}))
        return {"outcome": "updated", "view": view.json()}
    if act == "push":
        return {"outcome": "pushed", "view": site.views.push(user.id, told.get("view", {})).json()}
    if act == "clear":
        site.views.clear(user.id)
        return {"outcome": "closed", "view": None}
    if act is not None:
        raise SlackError("invalid_response_action")
    _remove(site, user, view)
    below = site.views.top(user.id)
    return {"outcome": "closed", "view": None if below is None else below.json()}


def _errors(view: View, told: Json) -> Json:
    errors = told.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_errors")
    return {"outcome": "errors", "errors": errors, "view": view.json()}


def _remove(site: Site, user: User, view: View) -> None:
    """Take the submitted view away; the bot may have put others in its place meanwhile."""
    stack = site.views.stacks.get(user.id, [])
    if view in stack:
        stack.remove(view)


async def close(site: Site, body: Json) -> Json:
    """A person closes their topmost modal; with clear_on_close, or by the cross, all of it."""
    user = person(site, body)
    top = _modal(site, user)
    cleared = body.get("all") is True or bool(top.content.get("clear_on_close"))
    stack = site.views.stacks[user.id]
    gone = stack[::-1] if cleared else [top]
    for view in gone:
        stack.remove(view)
    site.changes.bump()
    acked = True
    for view in gone:
        if view.content.get("notify_on_close"):
            payload = payloads.closed(user, view, cleared=cleared)
            acked = await send(site, "interactive", payload) is not None and acked
    below = site.views.top(user.id)
    return {"acked": acked, "view": None if below is None else below.json()}


def home(site: Site, body: Json) -> Json:
    """A person opens the bot's Home tab."""
    user = person(site, body)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": site.world.dm(user.id).id,
        "tab": "home",
    }
    published = site.views.homes.get(user.id)
    if published is not None:
        event["view"] = published.json()
    site.events.emit(event)
    site.changes.bump()
    return {"view": None if published is None else published.json()}
