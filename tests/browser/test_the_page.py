"""Slack's own client, as far as the page plays it: an app of a few lines answers it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import MovableCalendar, SystemMachine
from bot.sandbox import (
    APP_TOKEN,
    BOT_TOKEN,
    EVERYTHING,
    SIGNING_SECRET,
    TEAM_ID,
    Sandbox,
    Shortcut,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

Json = dict[str, Any]
CHANNEL, LENA = "C01CHURN", "U01LENA"
SHORTCUTS = (Shortcut("Set it up", "global", "form"), Shortcut("Keep this", "message", "keep"))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def block(name: str, kind: str, *, element: Json | None = None, **more: Any) -> Json:
    inside = {"type": kind, "action_id": "v", **(element or {})}
    return {"type": "input", "block_id": name, "label": plain(name), "element": inside, **more}


def options(*texts: str) -> list[Json]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


def form(title: str, suffix: str = "") -> Json:
    """Every kind of input, a button that pushes, and one that asks first."""
    confirm = {"title": plain("Sure?"), "text": {"type": "mrkdwn", "text": "It is *gone* then."},
               "confirm": plain("Yes"), "deny": plain("No"), "style": "danger"}  # fmt: skip
    three = options("Low", "Middle", "High")
    chosen = {"element": {"options": three}}
    here = {"default_to_current_conversation": True,
            "filter": {"include": ["public", "private"], "exclude_bot_users": True}}  # fmt: skip
    return {
        "type": "modal", "callback_id": "form", "title": plain(title), "submit": plain("Start"),
        "notify_on_close": True,
        "blocks": [
            {"type": "section", "text": plain("Hello"), "accessory": button("Deeper", "push")},
            block("Channel", "conversations_select", element=here, dispatch_action=True),
            block(f"People{suffix}", "multi_users_select", element={"initial_users": ["U01MEI"]}),
            block("Mood", "radio_buttons", **chosen),
            block("Days", "checkboxes", **chosen),
            block("Level", "static_select", optional=True, **chosen),
            block("Tags", "multi_static_select", **chosen),
            block("Number", "number_input",
                  element={"is_decimal_allowed": False, "min_value": "1", "max_value": "5"}),
            block("Title", "plain_text_input", element={"placeholder": plain("Stand-up")}),
            block("Whom", "users_select", optional=True),
            block("From", "datepicker"),
            block("At", "timepicker", element={"initial_time": "09:30"}),
            {"type": "actions", "elements": [
                button("Delete", "delete", style="danger", confirm=confirm),
                {"type": "overflow", "action_id": "more", "options": options("Pause", "Copy")},
            ]},
        ],
    }  # fmt: skip


@dataclass
class Desk:
    """The page, and the app behind it."""

    page: Page
    world: Sandbox
    slack: AsyncWebClient
    heard: list[Json] = field(default_factory=list)

    async def go(self, place: str, person: str = LENA) -> None:
        await self.page.goto(f"{self.world.url}/#user={person}&channel={place}")
        await expect(self.page.locator("#place-title")).not_to_be_empty()

    async def hears(self, test: Callable[[Json], object]) -> Json:
        """The latest that the app heard and that passes the test, once there is one."""
        for _ in range(400):
            found = next((each for each in reversed(self.heard) if test(each)), None)
            if found is not None:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(self.heard)

    async def does(self, action: str) -> Json:
        return await self.hears(
            lambda body: body.get("actions", [{}])[0].get("action_id") == action
        )

    @property
    def modal(self) -> Any:
        return self.page.get_by_role("dialog")


def answering(app: AsyncApp, desk: Desk) -> None:
    """An app that opens, pushes and updates its form, and keeps all it hears."""

    @app.middleware
    async def keep(body: Json, next: Any) -> None:  # noqa: A002 - Bolt goes by the name
        desk.heard.append(body)
        await next()

    @app.shortcut("form")
    async def opened(ack: Any, client: Any, body: Json) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form("Form"))
        await ack()

    @app.action("push")
    async def push(ack: Any, client: Any, body: Json) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=form("Deeper"))
        await ack()

    @app.action({"block_id": "Channel", "action_id": "v"})
    async def chosen(ack: Any, client: Any, body: Json) -> None:
        view = body["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=form("Form", "2"))
        await ack()

    @app.action("replace")
    async def replace(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Answered", replace_original=True)

    @app.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="errors", errors={"Title": "That name is taken."})

    async def quiet(ack: Any) -> None:
        await ack()

    for event in ("message", "user_change", "app_home_opened"):
        app.event(event)(quiet)
    for action in ("delete", "more"):
        app.action(action)(quiet)
    app.view_closed("form")(quiet)
    app.shortcut("keep")(quiet)


@pytest.fixture
async def desk(context: BrowserContext) -> AsyncIterator[Desk]:
    machine = SystemMachine()
    calendar = MovableCalendar(machine, datetime(2026, 3, 26, 8, 31, tzinfo=UTC))
    world = Sandbox(machine=machine, calendar=calendar, limits=False, subscriptions=EVERYTHING,
                    shortcuts=SHORTCUTS)  # fmt: skip
    await world.start()
    slack = AsyncWebClient(BOT_TOKEN, base_url=f"{world.url}/api/", retry_handlers=[])
    app = AsyncApp(client=slack, signing_secret=SIGNING_SECRET, process_before_response=True,
                   logger=logging.getLogger("test-app"))  # fmt: skip
    desk = Desk(context.pages[0], world, slack)
    answering(app, desk)
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    yield desk
    await desk.page.goto("about:blank")
    await handler.close_async()  # type: ignore[no-untyped-call]
    await world.stop()


async def test_every_kind_of_input_is_filled_in(desk: Desk) -> None:
    """From a shortcut: begun where the person is, updated while they type, refused, sent."""
    page, modal = desk.page, desk.modal
    await desk.go(CHANNEL)
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Set it up").click()
    await expect(modal.get_by_label("Channel")).to_have_value(CHANNEL)
    offered = modal.get_by_label("Channel").locator("option")
    names = ["Choose…", "#churn-model", "#data-quality", "#general", "#leads"]
    await expect(offered).to_have_text(names)

    await modal.get_by_role("button", name="Start").click()
    marked = modal.get_by_role("alert").filter(has_text="Please complete this required field.")
    await expect(marked).to_have_count(6)
    assert not any(body.get("type") == "view_submission" for body in desk.heard)

    await modal.get_by_label("Title").fill("Typed before")
    await modal.get_by_label("Channel").select_option("C01LEADS")
    await expect(modal.locator("[data-block-id=People2]")).to_be_visible()
    await expect(modal.get_by_label("Title")).to_have_value("Typed before")
    body = await desk.hears(lambda each: each.get("type") == "block_actions")
    assert body["view"]["state"]["values"]["Title"]["v"]["value"] == "Typed before"
    assert body["actions"][0]["selected_conversation"] == "C01LEADS"

    await modal.get_by_label("People2").select_option("U01SAM")
    await modal.get_by_role("button", name="Remove Mei Tanaka").click()
    await modal.get_by_role("radio", name="Middle").check()
    await modal.get_by_role("checkbox", name="High").check()
    await modal.get_by_label("Level").select_option("low")
    await modal.get_by_label("Level").select_option("")
    await modal.get_by_label("Tags").select_option("high")
    await modal.get_by_label("Number").fill("9")
    await modal.get_by_label("From").fill("2026-04-01")
    await modal.get_by_label("At").fill("10:15")
    await modal.get_by_role("button", name="Start").click()
    await expect(modal.get_by_text("Please enter a number no more than 5.")).to_be_visible()
    await modal.get_by_label("Number").fill("5")
    await modal.get_by_label("Title").press("Control+Enter")
    await expect(modal.get_by_text("That name is taken.")).to_be_visible()

    sent = await desk.hears(lambda each: each.get("type") == "view_submission")
    values = {name: entry["v"] for name, entry in sent["view"]["state"]["values"].items()}
    _, middle, high = options("Low", "Middle", "High")
    assert values == {
        "Channel": {"type": "conversations_select", "selected_conversation": "C01LEADS"},
        "People2": {"type": "multi_users_select", "selected_users": ["U01SAM"]},
        "Mood": {"type": "radio_buttons", "selected_option": middle},
        "Days": {"type": "checkboxes", "selected_options": [high]},
        "Level": {"type": "static_select", "selected_option": None},
        "Tags": {"type": "multi_static_select", "selected_options": [high]},
        "Number": {"type": "number_input", "value": "5"},
        "Title": {"type": "plain_text_input", "value": "Typed before"},
        "Whom": {"type": "users_select", "selected_user": None},
        "From": {"type": "datepicker", "selected_date": "2026-04-01"},
        "At": {"type": "timepicker", "selected_time": "10:15"},
    }


async def test_modals_stack_and_ask_before_they_delete(desk: Desk) -> None:
    """Pushed three deep, back, and away at once by the cross."""
    page, modal = desk.page, desk.modal
    await desk.go(CHANNEL)
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Set it up").click()
    await modal.get_by_label("Title").fill("Kept below")
    for deep in (2, 3):
        await modal.get_by_role("button", name="Deeper").click()
        await expect(modal.get_by_role("heading", name="Deeper")).to_be_visible()
        for _ in range(200):
            if len(desk.world.site.views.stacks[LENA]) == deep:
                break
            await asyncio.sleep(0.02)
        await expect(modal.get_by_label("Title")).to_have_value("")
    await modal.get_by_role("button", name="Back").click()
    await modal.get_by_role("button", name="Cancel").click()
    await expect(modal.get_by_label("Title")).to_have_value("Kept below")

    await modal.get_by_role("button", name="More options").click()
    await page.get_by_role("menuitem", name="Copy").click()
    assert (await desk.does("more"))["actions"][0]["selected_option"] == options("Copy")[0]
    await modal.get_by_role("button", name="Delete").click()
    asked = page.get_by_role("dialog", name="Sure?")
    await expect(asked.locator("strong")).to_have_text("gone")
    await asked.get_by_role("button", name="No").click()
    await modal.get_by_role("button", name="Delete").click()
    await asked.get_by_role("button", name="Yes").click()
    body = await desk.does("delete")
    assert body["view"]["state"]["values"]["Title"]["v"]["value"] == "Kept below"
    assert (
        sum(each.get("actions", [{}])[0].get("action_id") == "delete" for each in desk.heard) == 1
    )

    await modal.get_by_role("button", name="Deeper").click()
    await expect(modal.get_by_role("heading", name="Deeper")).to_be_visible()
    await modal.get_by_role("button", name="Dismiss").click()
    await expect(modal).to_be_hidden()
    closed = await desk.hears(lambda each: each.get("type") == "view_closed")
    assert closed["is_cleared"] is True


async def test_a_direct_message_and_a_note_to_one_person(desk: Desk) -> None:
    """Typed as people type; edited; and what one alone sees is answered and put away."""
    page = desk.page
    await desk.go("D01LENA")
    composer = page.get_by_label("Message Meridian")
    await composer.fill("- done 🎉, see https://a.example/x?y=1.\n- R&D with @Mei Tanaka")
    await composer.press("Enter")
    event = (await desk.hears(lambda each: each.get("event", {}).get("channel_type") == "im"))[
        "event"
    ]
    assert event["text"] == (
        "• done :tada:, see <https://a.example/x?y=1>.\n• R&amp;D with <@U01MEI>"
    )
    assert event["blocks"][0]["elements"][0]["style"] == "bullet"
    assert (event["user"], event["team"], "bot_id" in event) == (LENA, TEAM_ID, False)
    message = page.get_by_role("article").last
    await message.hover()
    more = message.get_by_role("button", name="More actions")
    await more.click()
    await page.get_by_role("menuitem", name="Keep this").click()
    kept = await desk.hears(lambda each: each.get("type") == "message_action")
    assert (kept["callback_id"], kept["message"]["ts"]) == ("keep", event["ts"])
    await more.click()
    await page.get_by_role("menuitem", name="Edit message").click()
    field = page.get_by_label("Text", exact=True)
    await expect(field).to_have_value(
        "• done 🎉, see https://a.example/x?y=1.\n• R&D with @Mei Tanaka"
    )
    await field.fill("done")
    await page.get_by_role("button", name="Save").click()
    changed = await desk.hears(lambda e: e.get("event", {}).get("subtype") == "message_changed")
    assert changed["event"]["message"]["text"] == "done"
    await expect(message).to_contain_text("done (edited)")

    row = {"type": "actions", "elements": [button("Answer", "replace")]}
    await desk.slack.chat_postEphemeral(channel=CHANNEL, user=LENA, text="x", blocks=[row])
    await desk.go(CHANNEL, "U01MEI")
    await expect(page.get_by_role("article")).to_have_count(0)
    await desk.go(CHANNEL)
    note = page.get_by_role("article").filter(has_text="Only visible to you")
    await note.get_by_role("button", name="Answer").click()
    await expect(note).to_contain_text("Answered")
    await note.get_by_role("button", name="Dismiss").click()
    await expect(note).to_have_count(0)


async def test_a_phone_shows_it_all(desk: Desk) -> None:
    """Threads, forms, places and a status at 390 pixels, and nothing to scroll sideways."""
    page = desk.page
    await page.set_viewport_size({"width": 390, "height": 844})

    async def fits() -> None:
        for part in ("html", "#messages", ".modal-body", "#thread-messages"):
            there = page.locator(part)
            if await there.count() and await there.is_visible():
                wide = await there.evaluate("node => [node.scrollWidth, node.clientWidth]")
                assert wide[0] <= wide[1] <= 390, part

    words = "https://a.example/" + "very-long-word" * 20
    rows: list[Json] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": words},
         "accessory": button("A button with many words on it", "more")},
        {"type": "actions", "elements": [button(f"Button {n}", f"b{n}") for n in range(9)]},
    ]  # fmt: skip
    parent = await desk.slack.chat_postMessage(channel=CHANNEL, text="x", blocks=rows)
    ts = str(parent["ts"])
    for text in ("one", "two"):
        await desk.slack.chat_postMessage(channel=CHANNEL, text=text, thread_ts=ts)
    await desk.slack.chat_update(channel=CHANNEL, ts=ts, text="x", blocks=rows)
    await desk.go(CHANNEL)
    await expect(page.get_by_role("article")).not_to_contain_text("(edited)")
    await fits()
    await page.get_by_role("button", name="2 replies").click()
    await expect(page.locator("#thread")).to_contain_text("two")
    await fits()
    await page.get_by_role("button", name="Hide thread").click()

    await page.get_by_role("button", name="Places and people").click()
    await page.get_by_role("button", name="Set a status").click()
    await page.get_by_role("menuitem", name="Out sick").click()
    body = await desk.hears(lambda e: e.get("event", {}).get("type") == "user_change")
    profile = body["event"]["user"]["profile"]
    assert profile["status_emoji"] == ":face_with_thermometer:"
    assert datetime.fromtimestamp(profile["status_expiration"], UTC).isoformat() == (
        "2026-03-26T22:59:59+00:00"
    )
    await page.get_by_role("link", name="general").click()
    await page.get_by_label("Message #general").fill("Hello")
    await page.get_by_label("Message #general").press("Enter")
    await expect(page.get_by_role("article").get_by_role("img", name="Out sick")).to_be_visible()

    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Set it up").click()
    await expect(desk.modal.get_by_label("Channel")).to_have_value("C01GENERAL")
    width = await desk.modal.evaluate("node => node.getBoundingClientRect().width")
    assert width == 390
    await fits()
