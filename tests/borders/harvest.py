"""What people could do with all that the bot shows them: a whole payload for each listener."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox import payloads, values
from bot.sandbox.blocks import elements_of
from bot.sandbox.choices import offered_to
from bot.sandbox.errors import ControlError
from bot.sandbox.views import View
from bot.sandbox.world import BOT_USER_ID, Json, User
from tests.borders.events import EVENTS
from tests.borders.house import House

PEOPLE = ("U01LENA", "U01MEI")
CHANNEL = "C01CHURN"
WORDS = {
    "/standup": ("", "setup", "status", "away", "help", "delete", "pause"),
    "/team": ("",),
    "/actions": ("", "add", "list", "help"),
    "/retro": ("", "setup", "status", "start", "add"),
    "/risk": ("", "add", "review", "settings", "portfolio", "check", "list"),
}


@dataclass(frozen=True)
class Sample:
    """Something that Slack sends."""

    kind: str
    payload: Json
    view: View | None = None  # the modal or Home that it came from
    is_guess: bool = False  # nobody was ever offered this


class Harvest:
    """Opens whatever can be opened, and keeps what was sent for it."""

    def __init__(self, house: House, each: int) -> None:
        self._house = house
        self._each = each  # as many of one kind at most
        self.samples: dict[str, list[Sample]] = {}

    async def gather(self) -> None:
        """Go through all there is; send each form once, and go through what came of that."""
        await self._pass()
        for samples in list(self.samples.values()):
            if samples[0].payload.get("type") == "view_submission":
                await self._house.deliver("interactive", samples[0].payload)
                await self._house.bot.front.drain()
        await self._house.rest()
        await self._pass()
        self._events()

    async def _pass(self) -> None:
        """Commands, shortcuts, messages and Homes, and the forms behind them."""
        house, site = self._house, self._house.site
        for slack_id in PEOPLE:
            user = site.world.users[slack_id]
            for command, texts in WORDS.items():
                for text in texts:
                    hook = site.hooks.issue(user.id, CHANNEL)
                    channel = site.world.channels[CHANNEL]
                    payload = payloads.command(site, user, channel, command, text, hook)
                    await self._do(user, f"{command} {text}", "slash_commands", payload)
            for one in site.shortcuts:
                if one.type == "global":
                    payload = payloads.shortcut(site, user, one.callback_id, CHANNEL)
                    await self._do(user, one.callback_id, "interactive", payload)
            await self._open_home(user)
            await self._in_messages(user)
        await house.rest()

    def _events(self) -> None:
        for event in EVENTS:
            payload = self._house.site.events._wrapped(copy.deepcopy(event))
            self._keep(str(event["type"]), Sample("events_api", payload), most=len(EVENTS))

    async def _open_home(self, user: User) -> None:
        self._house.site.events.emit(
            {
                "type": "app_home_opened",
                "user": user.id,
                "channel": self._house.site.world.dm(user.id).id,
                "tab": "home",
            }
        )
        await self._house.rest()
        home = self._house.site.views.homes.get(user.id)
        if home is not None:
            await self._in_view(user, home)

    async def _in_messages(self, user: User) -> None:
        site = self._house.site
        for place in (CHANNEL, site.world.dm(user.id).id):
            for message in list(site.world.messages(place)):
                if message.user != BOT_USER_ID or message.deleted or not message.blocks:
                    continue
                for one in site.shortcuts:
                    if one.type == "message":
                        made = payloads.message_shortcut(site, user, one.callback_id, message)
                        await self._do(user, one.callback_id, "interactive", made)
                for block, element, chosen in _acts(message.blocks):
                    action = payloads.action(site, block, element, chosen)
                    payload = payloads.click_in_message(site, user, message, action, {})
                    await self._do(user, _named(element, chosen), "interactive", payload)

    async def _in_view(self, user: User, view: View) -> None:
        site = self._house.site
        shown = view.blocks
        for block, element, chosen in _acts(shown):
            action = payloads.action(site, block, element, chosen)
            payload = payloads.click_in_view(site, user, view, action)
            await self._do(user, _named(element, chosen), "interactive", payload, view)
        for block, element in elements_of(shown):
            if element["type"] == "external_select":
                place = {"view": view.json(), "container": {"type": "view", "view_id": view.id}}
                made = payloads.suggestion(user, block, element, "per", place)
                self._keep(element["action_id"], Sample("interactive", made, view))

    async def _do(
        self, user: User, name: str, kind: str, payload: Json, within: View | None = None
    ) -> None:
        """Send it, unless enough of its kind were; then look into the modal that comes of it."""
        if not self._keep(name, Sample(kind, payload, within)):
            return
        site = self._house.site
        site.views.stacks.pop(user.id, None)
        if within is not None and within.kind == "modal":
            site.views.stacks[user.id] = [within]
        await self._house.deliver(kind, payload)
        await self._house.bot.front.drain()
        view = site.views.top(user.id)
        if view is None or view is within:
            return
        if "submit" in view.content:
            _fill(self._house, user, view)
            made = payloads.submission(site, user, view)
            self._keep(str(view.content.get("callback_id")), Sample("interactive", made, view))
        await self._in_view(user, view)

    def _keep(self, name: str, sample: Sample, most: int = 0) -> bool:
        kept = self.samples.setdefault(name, [])
        if len(kept) >= (most or self._each):
            return False
        kept.append(sample)
        return True


def _named(element: Json, chosen: Any) -> str:
    """The action; in a menu of buttons that of the chosen one."""
    if element["action_id"] == "menu":
        return str(chosen["selected_option"]["value"]).split(" ")[0]
    return str(element["action_id"])


def _acts(blocks: list[Json]) -> Iterator[tuple[Json, Json, Json]]:
    """Each way to use something there: what is used, and the choice that this makes."""
    for block, element in list(elements_of(blocks)):
        if block["type"] == "input" and not block.get("dispatch_action"):
            continue
        kind = element["type"]
        if kind == "button":
            yield block, element, {}
        elif kind in ("overflow", "static_select", "radio_buttons"):
            for option in values.options(element)[:6]:
                yield block, element, {"type": kind, "selected_option": option}
        elif kind in values.FIELD:
            plain = _plain(element)
            if plain is not None:
                yield block, element, values.entry(element, plain)


def _fill(house: House, user: User, view: View) -> None:
    """Something plausible in each input that is empty."""
    check = offered_to(house.site, user)
    for block, element in elements_of(view.blocks):
        if element["type"] not in values.FIELD:
            continue
        if values.initial(element)[values.FIELD[element["type"]]]:
            continue
        plain = _plain(element)
        if plain is None:
            continue
        try:
            values.enter(
                view.blocks, view.entered, {block["block_id"]: {element["action_id"]: plain}}, check
            )
        except ControlError:
            continue


def _plain(element: Json) -> Any:
    match element["type"]:
        case "plain_text_input":
            return "Said in passing"
        case "number_input":
            return "3"
        case "datepicker":
            return "2026-04-20"
        case "timepicker":
            return "09:30"
        case "users_select":
            return "U01MEI"
        case "multi_users_select":
            return ["U01MEI", "U01LENA"]
        case "conversations_select" | "channels_select":
            return CHANNEL
        case "static_select" | "radio_buttons":
            return values.options(element)[0]["value"]
        case "checkboxes" | "multi_static_select":
            return [values.options(element)[0]["value"]]
        case _:
            return None
