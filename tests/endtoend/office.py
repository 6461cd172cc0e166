"""The whole bot in this process, in a sandbox, and what people do there."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
from sqlalchemy import text

from bot.app import Meridian
from bot.asking import holidays
from bot.cli.trial import connect, settings_for
from bot.core.clock import MovableCalendar, SystemMachine
from bot.db.base import Base
from bot.sandbox import SIGNING_SECRET, Sandbox, payloads
from bot.sandbox.views import View
from bot.sandbox.wire import Ack, Delivery, Wire
from tests.processes import PATIENCE

Json = dict[str, Any]

SUNDAY = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
"""Half past nine on Monday has come nowhere yet, and Berlin's clocks have just gone forward."""

GENERAL, QUALITY = "C01GENERAL", "C01DATAQUALITY"
MEI, ARJUN, LENA = "U01MEI", "U01ARJUN", "U01LENA"
INES, RAFAEL, SAM = "U01INES", "U01RAFAEL", "U01SAM"
FORM = "application/x-www-form-urlencoded"
LOOK_SECONDS = 0.02
LOOKS = int(PATIENCE / LOOK_SECONDS)
"""How often to look whether something has come, and how many times."""


class Recorder:
    """A wire to the bot that keeps what went over it."""

    def __init__(self, wire: Wire, sent: list[Delivery]) -> None:
        self._wire = wire
        self._sent = sent

    @property
    def connected(self) -> bool:
        return self._wire.connected

    async def deliver(self, delivery: Delivery) -> Ack:
        self._sent.append(delivery)
        return await self._wire.deliver(delivery)


@dataclass
class Office:
    """The bot's team at work: each method is something that a person does or sees."""

    bot: Meridian
    world: Sandbox
    session: aiohttp.ClientSession
    sent: list[Delivery]

    async def begin(self, mode: str) -> None:
        """Start the bot, and let the world know of it."""
        await self.bot.start()
        connect(self.world, self.bot, by_http=mode == "http")
        self.world.attach(next_due=self.bot.next_due, at_rest=self.bot.at_rest)

    async def restart(self) -> None:
        """The bot ends, and another one starts with what the first left in SQL."""
        old = self.bot
        await old.stop()
        self.bot = Meridian(old._settings, old._machine, old._calendar)
        await self.begin("http" if self.world.request_url else "socket")

    # --- what people do

    async def post(self, name: str, status: int = 200, /, **body: Any) -> Json:
        """A control call."""
        url = f"{self.world.url}/_control/{name}"
        async with self.session.post(url, json=body) as reply:
            answer: Json = await reply.json()
            assert reply.status == status, answer
            return answer

    async def standup(self, user: str, text: str = "", channel: str = GENERAL) -> Json:
        """`/standup …`, as typed in a channel."""
        body = {"user": user, "channel": channel, "command": "/standup", "text": text}
        return await self._opened("command", body)

    async def _opened(self, name: str, body: Json) -> Json:
        """What a person does, and the modal that comes of it once it is whole.

        A busy machine opens it empty and fills it, or takes longer than the page looks for it.
        """
        views, user = self.world.site.views, body["user"]
        before = views.shown.get(user, 0)
        answer = await self.post(name, **body)
        await self.bot.front.drain()
        top = views.top(user)
        if top is not None and views.shown.get(user, 0) != before:
            answer["view"] = top.json()
        return answer

    async def set_up(self, *members: str, by: str = LENA) -> Json:
        """A stand-up in #general of these people, at the hours that the screen suggests."""
        await self.standup(by, "setup")
        await self.modal_saying(by, "each person is asked")
        answer = await self.post("submit", user=by, values={"members": {"members": list(members)}})
        await self.post("close", user=by)
        await self.rest()
        return answer

    async def answer(self, user: str, **said: str) -> Json:
        """Submit the open modal, with these texts by question."""
        await self._form(user, said)
        values = {key: {"text": words} for key, words in said.items()}
        return await self.post("submit", user=user, values=values)

    async def say(self, user: str, words: str, thread_ts: str | None = None) -> list[Json]:
        """A person writes to the bot in their DM; what it says there to that."""
        before = {one["ts"] for one in await self.messages(user)}
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        place = f"D{user[1:]}"
        said = await self.post("message", user=user, channel=place, text=words, **thread)
        await self.hear()
        now = await self.messages(user)
        return [one for one in now if one["ts"] not in before | {said["ts"]}]

    async def hear(self) -> None:
        """Until the bot has taken every event, and nothing is left to do."""
        await self.world.site.events.quiet()
        await self.rest()

    async def click(self, user: str, message: Mapping[str, Any]) -> Json:
        """The first button of a message."""
        return await self._opened("click", self.first_button(user, message))

    def first_button(self, user: str, message: Mapping[str, Any]) -> Json:
        """What a click there sends."""
        place = {"channel": message["channel"], "ts": message["ts"]}
        return {"user": user, "action_id": buttons(message)[0]["action_id"]} | place

    async def choose(self, user: str, action: str) -> Json:
        """Press a button that a person's Home has in a menu, by the button's action."""
        home = (await self.state())["homes"][user]
        value = next(one for one in choices(home).values() if one.split(" ")[0] == action)
        return await self.post("click", user=user, action_id="menu", value=value)

    async def until(self, instant: str) -> Json:
        """Move the clock to an instant of the day after SUNDAY or later, `30T07:30`, in UTC."""
        return await self.post("clock", to=f"2026-03-{instant}:00Z")

    async def rest(self) -> None:
        """Until the bot has nothing left to do."""
        await self.bot.at_rest()

    async def send(self, payload: Json) -> Json:
        """An interaction past the client and its limits, by the office's way in."""
        ack = await self.world.site.line.deliver(Delivery("interactive", payload))
        return ack.body or {}

    async def submission(self, user: str, **said: str) -> Json:
        """What Slack would send for a person's open modal with these texts, however long."""
        site, view = self.world.site, await self._form(user, said)
        payload: Json = payloads.submission(site, site.world.users[user], view)
        for key, words in said.items():
            payload["view"]["state"]["values"][key]["text"]["value"] = words
        return payload

    async def _form(self, user: str, inputs: Collection[str]) -> View:
        """A person's modal, once it has these inputs: on a busy machine it loads first."""
        for _ in range(LOOKS):
            view = self.world.site.views.top(user)
            blocks = view.blocks if view else []
            asked = [block["block_id"] for block in blocks if block["type"] == "input"]
            if view and asked and set(inputs) <= set(asked):
                return view
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"{user} has no form with {inputs}")

    # --- what people see

    async def state(self) -> Json:
        async with self.session.get(f"{self.world.url}/_control/state") as reply:
            found: Json = await reply.json()
            return found

    async def messages(self, channel: str) -> list[Json]:
        """What stands in a channel; a person's id means their DM with the bot."""
        place = f"D{channel[1:]}" if channel.startswith("U") else channel
        return [
            one
            for one in (await self.state())["messages"]
            if one["channel"] == place and not one["deleted"]
        ]

    async def modal(self, user: str) -> Json:
        """A person's topmost modal."""
        view: Json = (await self.state())["modals"][user][-1]
        return view

    async def modal_saying(self, user: str, words: str) -> Json:
        """A person's topmost modal, once it says these words."""
        for _ in range(LOOKS):
            stack = (await self.state())["modals"].get(user, [])
            if stack and words in shown(stack[-1]):
                top: Json = stack[-1]
                return top
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError(f"no modal says {words!r}: {stack}")

    # --- what only the test sees

    async def rows(self, table: str | None = None) -> Any:
        """How many rows a table holds; without one, all of them by name."""
        found = await self.bot.database.read(
            lambda session: {
                each.name: session.scalar(text(f'SELECT count(*) FROM "{each.name}"'))  # noqa: S608
                for each in Base.metadata.sorted_tables
            }
        )
        return found if table is None else found[table]

    async def http(
        self,
        body: str,
        *,
        content_type: str = FORM,
        timestamp: str | None = None,
        signature: str | None = None,
    ) -> tuple[int, str]:
        """A request to the bot as Slack would sign it, or as somebody else would."""
        if timestamp is None:
            timestamp = str(int(SystemMachine().utc().timestamp()))
        base = f"v0:{timestamp}:{body}".encode()
        good = "v0=" + hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": good if signature is None else signature,
        }
        url = f"{self.bot.web.url}/slack/events"
        async with self.session.post(url, data=io.BytesIO(body.encode()), headers=headers) as reply:
            return reply.status, await reply.text()

    async def interact(self, payload: Mapping[str, Any]) -> tuple[int, str]:
        """A signed interaction."""
        return await self.http(urlencode({"payload": json.dumps(payload)}))


def form(payload: Mapping[str, Any]) -> str:
    """An interaction's body."""
    return urlencode({"payload": json.dumps(payload)})


def buttons(message: Mapping[str, Any]) -> list[Json]:
    """The buttons of a message or view, in order."""
    return [
        element
        for block in message["blocks"]
        for element in [block.get("accessory"), *block.get("elements", ())]
        if isinstance(element, dict) and element.get("type") == "button"
    ]


def choices(view: Mapping[str, Any]) -> dict[str, str]:
    """What the menus of a message or view offer: how each reads, and its value."""
    return {
        option["text"]["text"]: option["value"]
        for block in view["blocks"]
        for element in [block.get("accessory"), *block.get("elements", ())]
        if isinstance(element, dict) and element.get("type") == "overflow"
        for option in element["options"]
    }


def shown(view: Mapping[str, Any]) -> str:
    """All words in a message or view, as one text."""
    return json.dumps([view.get("title"), view.get("text"), view["blocks"]], ensure_ascii=False)


def be_patient(world: Sandbox, seconds: float) -> None:
    """Let the world wait so long for acks and modals, where a busy machine is not what is tested.

    Slack waits three seconds; so does the world that nobody has told otherwise.
    """
    site = world.site
    site.triggers.seconds = site.http.patience = site.sockets.patience = seconds


@asynccontextmanager
async def office(
    database_url: str, mode: str, start: datetime = SUNDAY, *, jira: bool = False
) -> AsyncIterator[Office]:
    """An office on a Sunday evening, or at `start`, reached by `socket` or by signed `http`.

    Without `jira` its bot has no settings for that.
    """
    holidays.warm()  # else the first test of all competes with it for the processor
    machine, sent = SystemMachine(), list[Delivery]()
    calendar = MovableCalendar(machine, start)
    world = Sandbox(machine=machine, calendar=calendar, limits=False)
    be_patient(world, PATIENCE)
    world.site.silence = 0.2  # the bot is near, and `_opened` waits for what it does later
    world.site.line.wires = [Recorder(wire, sent) for wire in world.site.line.wires]
    await world.start()
    settings = settings_for(world, database_url, socket_mode=mode == "socket", jira=jira)
    settings = settings.model_copy(update={"slack_rates": "off"})
    opened = Office(Meridian(settings, machine, calendar), world, aiohttp.ClientSession(), sent)
    try:
        await opened.begin(mode)
        yield opened
    finally:
        await opened.session.close()
        await opened.bot.stop()
        await world.stop()
