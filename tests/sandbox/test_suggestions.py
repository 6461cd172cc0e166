"""Menus that ask the bot for their options while a person types."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Client
from tests.sandbox.test_modals import block, plain, trigger, view

MENU = {"type": "external_select", "action_id": "v", "min_query_length": 1}
WHO = {"user": "U01MEI", "action_id": "v"}


def option(name: str) -> dict[str, Any]:
    return {"text": plain(name.title()), "value": name}


@pytest.fixture
async def asked(app: AsyncApp, connect: Callable[[], Any]) -> list[dict[str, Any]]:
    """What the bot was asked; it offers two projects, or whatever `answer` says."""
    payloads: list[dict[str, Any]] = []

    @app.options("v")
    async def offer(ack: Any, body: dict[str, Any]) -> None:
        payloads.append(body)
        if body["value"] == "many":
            await ack(options=[option(f"p{number}") for number in range(101)])
        elif body["value"] == "groups":
            await ack(option_groups=[{"label": plain("Mine"), "options": [option("churn")]}])
        else:
            await ack(options=[option("churn"), option("drift")])

    @app.view("form")
    async def form(ack: Any, body: dict[str, Any]) -> None:
        payloads.append(body)
        await ack()

    await connect()
    return payloads


async def opened(sandbox: Sandbox, slack: AsyncWebClient, element: dict[str, Any]) -> None:
    content = view("Form", block("project", element))
    await slack.views_open(trigger_id=trigger(sandbox), view=content)


async def test_what_is_typed_goes_to_the_bot_and_its_options_come_back(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, asked: list[dict[str, Any]]
) -> None:
    """As Slack's payload tells it; what is chosen of them is what the form holds."""
    await opened(sandbox, slack, MENU)
    told = await control.post("suggest", **WHO, query="ch")
    assert told["options"] == [option("churn"), option("drift")]
    [payload] = asked
    assert (payload["type"], payload["value"]) == ("block_suggestion", "ch")
    assert (payload["action_id"], payload["block_id"]) == ("v", "project")
    assert payload["view"]["callback_id"] == "form"
    values = {"project": {"v": "Drift"}}
    assert (await control.post("submit", user="U01MEI", values=values))["outcome"] == "closed"
    state = asked[1]["view"]["state"]["values"]["project"]["v"]
    assert state == {"type": "external_select", "selected_option": option("drift")}


async def test_only_what_was_offered_can_be_chosen(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, asked: list[dict[str, Any]]
) -> None:
    """A menu begins with what the bot put there; anything else has to be asked for."""
    await opened(sandbox, slack, MENU | {"initial_option": option("fraud")})
    values = {"project": {"v": "drift"}}
    refused = await control.post("submit", 400, user="U01MEI", values=values)
    assert "has offered no 'drift'" in refused["error"]
    values = {"project": {"v": "fraud"}}
    assert (await control.post("submit", user="U01MEI", values=values))["outcome"] == "closed"


async def test_too_little_typed_asks_nobody(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, asked: list[dict[str, Any]]
) -> None:
    """Three characters by default."""
    await opened(sandbox, slack, {"type": "external_select", "action_id": "v"})
    assert await control.post("suggest", **WHO, query="ch") == {"options": []}
    assert asked == []


async def test_options_may_come_in_groups_but_not_in_hundreds(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, asked: list[dict[str, Any]]
) -> None:
    """What Slack would not take is no offer."""
    await opened(sandbox, slack, MENU)
    grouped = await control.post("suggest", **WHO, query="groups")
    assert grouped["options"] == [option("churn")]
    assert await control.post("suggest", **WHO, query="many") == {"options": []}


async def test_another_menu_asks_nobody(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client
) -> None:
    """Its options are all there from the start."""
    await opened(sandbox, slack, {"type": "users_select", "action_id": "v"})
    refused = await control.post("suggest", 400, **WHO, query="ch")
    assert "asks nobody" in refused["error"]
