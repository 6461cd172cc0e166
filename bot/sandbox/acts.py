"""What people do with the bot: commands, clicks, shortcuts, and what comes of them."""

from collections.abc import Callable
from typing import Any

from bot.sandbox import builtins, payloads, values
from bot.sandbox.blocks import elements_of
from bot.sandbox.choices import offered_to
from bot.sandbox.errors import ControlError, NotDeliveredError
from bot.sandbox.people import message_in, person, place_of_member
from bot.sandbox.replies import show_ack
from bot.sandbox.site import Site
from bot.sandbox.views import View
from bot.sandbox.waiting import within
from bot.sandbox.wire import Ack, Delivery, Kind
from bot.sandbox.world import SLACKBOT, Channel, Json, User

LONGEST = 3.0
# What is entered into an input block stays with the client until the form is sent.
NOTHING_SENT: Json = {"acked": None, "response": None, "view": None}


async def command(site: Site, body: Json) -> Json:
    """A person runs a slash command; `response` is what they alone are told."""
    user = person(site, body)
    channel = place_of_member(site, body, user)
    name, text = str(body.get("command")), str(body.get("text") or "")
    if name in builtins.BUILTINS and not body.get("thread_ts"):
        said = builtins.run(site, user, channel, name, text)
        return {"acked": True, "response": said, "view": None}
    refusal = _refusal(site, body, name)
    if refusal:
        _slackbot(site, channel, user, refusal, body.get("thread_ts"))
        return {"acked": False, "response": refusal, "view": None}
    hook = site.hooks.issue(user.id, channel.id)
    payload = payloads.command(site, user, channel, name, text.strip(), hook)
    watch = Watch(site, user)
    try:
        ack = await site.line.deliver(Delivery("slash_commands", payload))
    except NotDeliveredError as missed:
        code = "dispatch_failed" if missed.reason == "dispatch_failed" else "operation_timeout"
        if missed.reason in ("http_error", "connection_failed"):
            code = missed.reason
        told = f'{name} failed with the error "{code}"'
        _slackbot(site, channel, user, told)
        return {"acked": False, "response": told, "view": None}
    show_ack(site, ack, user, channel)
    await watch.wait(lambda: watch.view() is not None or watch.told() is not None)
    return {"acked": True, "response": watch.told(), "view": watch.view()}


def _refusal(site: Site, body: Json, name: str) -> str | None:
    if name not in (*site.commands, *builtins.BUILTINS):
        return f"{name} is not a valid command."
    if body.get("thread_ts"):
        return f"{name} is not supported in threads. Sorry!"
    return None


def _slackbot(
    site: Site, channel: Channel, user: User, text: str, thread_ts: str | None = None
) -> None:
    site.feed.post(channel, SLACKBOT, text, thread_ts=thread_ts, ephemeral_to=user.id)


async def click(site: Site, body: Json) -> Json:
    """A person uses a button, menu or picker in a message, their modal or their Home."""
    user = person(site, body)
    if "channel" in body or "ts" in body:
        return await _click_message(site, user, body)
    view = site.views.top(user.id) or site.views.homes.get(user.id)
    if view is None:
        raise ControlError(f"{user.id} has neither a modal nor a Home tab open")
    block, element = find(view.blocks, body)
    check = offered_to(site, user)
    values.enter(view.blocks, view.entered, body.get("state") or {}, check)
    chosen = _choose(block, element, body, view.entered, check)
    site.changes.bump()
    if not _dispatches(block):
        return NOTHING_SENT | {"view": view.json()}
    action = payloads.action(site, block, element, chosen)
    return await _interact(site, user, payloads.click_in_view(site, user, view, action))


async def _click_message(site: Site, user: User, body: Json) -> Json:
    message = message_in(site, place_of_member(site, body, user), body.get("ts"))
    if message.ephemeral_to not in (None, user.id):
        raise ControlError(f"{user.id} can't see that message")
    block, element = find(message.blocks, body)
    entered = site.entered.setdefault((user.id, message.channel, message.ts), {})
    check = offered_to(site, user)
    values.enter(message.blocks, entered, body.get("state") or {}, check)
    chosen = _choose(block, element, body, entered, check)
    site.changes.bump()
    if not _dispatches(block):
        return NOTHING_SENT
    action = payloads.action(site, block, element, chosen)
    payload = payloads.click_in_message(site, user, message, action, entered)
    return await _interact(site, user, payload)


def find(blocks: list[Json], body: Json) -> tuple[Json, Json]:
    """The block and element that a control call names."""
    wanted, block_id = body.get("action_id"), body.get("block_id")
    named = [pair for pair in elements_of(blocks) if pair[1].get("action_id") == wanted]
    # A press may meet what was drawn anew meanwhile, where blocks without ids have got others.
    found = [pair for pair in named if block_id in (None, pair[0]["block_id"])] or named
    if len(found) > 1 and body.get("value") is not None:
        # A list of cards repeats its buttons and menus; their values tell them apart.
        found = [pair for pair in found if body["value"] in _values(pair[1])] or found
    if not found:
        known = ", ".join(sorted({str(e.get("action_id")) for _, e in elements_of(blocks)}))
        raise ControlError(f"there is nothing {wanted!r} to use there; there is: {known or '-'}")
    block, element = found[0]
    if element["type"] == "button" and body.get("value") not in (None, element.get("value")):
        raise ControlError(f"no button {wanted!r} has the value {body['value']!r}")
    return block, element


def _values(element: Json) -> list[Any]:
    offered = values.options(element)
    return [element.get("value"), *(each["value"] for each in offered)]


def _choose(
    block: Json, element: Json, body: Json, entered: values.Entered, check: values.Check
) -> Json:
    """The entry that the click makes, which inputs keep and overflow menus don't."""
    if element["type"] == "button":
        return {}
    if element["type"] == "overflow":
        return {"selected_option": values.option(element, body.get("value"))}
    of_block = entered.setdefault(block["block_id"], {})
    if "value" in body:
        made = values.entry(element, body["value"])
        check(element, made)
        of_block[element["action_id"]] = made
    return of_block.get(element["action_id"]) or values.initial(element)


def _dispatches(block: Json) -> bool:
    """Whether Slack tells the bot: an input block keeps quiet unless it asks otherwise."""
    return block["type"] != "input" or block.get("dispatch_action") is True


async def shortcut(site: Site, body: Json) -> Json:
    """A person uses a global shortcut, or one from a message's menu."""
    user = person(site, body)
    callback_id = body.get("callback_id")
    if not isinstance(callback_id, str) or not callback_id:
        raise ControlError("a shortcut needs its callback_id")
    if "ts" not in body:
        channel = place_of_member(site, body, user).id if "channel" in body else None
        return await _interact(site, user, payloads.shortcut(site, user, callback_id, channel))
    message = message_in(site, place_of_member(site, body, user), body["ts"])
    if message.ephemeral_to is not None:
        raise ControlError("a message to one person alone offers no shortcuts")
    payload = payloads.message_shortcut(site, user, callback_id, message)
    return await _interact(site, user, payload)


async def _interact(site: Site, user: User, payload: Json) -> Json:
    watch = Watch(site, user)
    ack = await send(site, "interactive", payload)
    if ack is None:
        return {"acked": False, "response": None, "view": None}
    await watch.wait(lambda: watch.view() is not None)
    return {"acked": True, "response": ack.body, "view": watch.view()}


async def send(site: Site, kind: Kind, payload: Json) -> Ack | None:
    """The bot's ack, or None where there is none in time."""
    try:
        return await site.line.deliver(Delivery(kind, payload))
    except NotDeliveredError:
        return None


class Watch:
    """What a person comes to see from now on."""

    def __init__(self, site: Site, user: User) -> None:
        self._site = site
        self._user = user.id
        self._shown = site.views.shown.get(user.id, 0)
        self._stamp = site.world.stamp()

    def view(self) -> Json | None:
        """Their modal, where one was opened, pushed or updated meanwhile."""
        if self._site.views.shown.get(self._user, 0) == self._shown:
            return None
        top: View | None = self._site.views.top(self._user)
        return None if top is None else top.json()

    def told(self) -> str | None:
        """The text of the first message to them alone."""
        found = self._site.world.alone_to(self._user, self._stamp)
        return None if found is None else found.text

    async def wait(self, done: Callable[[], bool]) -> None:
        """Until it is done, nothing happens for a moment, or it has been long enough."""
        machine, changes = self._site.machine, self._site.changes
        end = machine.elapsed() + LONGEST
        while not done() and machine.elapsed() < end:
            try:
                await within(machine, self._site.silence, changes.past(changes.count))
            except TimeoutError:
                return
