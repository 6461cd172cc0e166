"""Modals: triggers, the stack per person, hashes, and what answers to a form do."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Client, Paced


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def block(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


def view(title: str = "Form", *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    text = {"type": "plain_text_input", "action_id": "v"}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks) or [block("note", text)],
        **more,
    }


def home(action: str = "go") -> dict[str, Any]:
    button = {"type": "button", "action_id": action, "text": plain("Go")}
    return {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}


async def code(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def trigger(sandbox: Sandbox, user: str = "U01MEI") -> str:
    return sandbox.site.triggers.issue(user)


async def test_triggers_work_once_and_for_three_seconds(
    sandbox: Sandbox, slack: AsyncWebClient, machine: Paced
) -> None:
    """By machine time."""
    first, late = trigger(sandbox), trigger(sandbox)
    await slack.views_open(trigger_id=first, view=view())
    assert await code(slack.views_open(trigger_id=first, view=view())) == "exchanged_trigger_id"
    machine.push(3.1)
    assert await code(slack.views_open(trigger_id=late, view=view())) == "expired_trigger_id"
    assert await code(slack.views_open(trigger_id="1.2", view=view())) == "invalid_trigger_id"


async def test_three_modals_stack_and_no_more(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client
) -> None:
    """Each person has a stack of their own."""
    root = (await slack.views_open(trigger_id=trigger(sandbox), view=view("1")))["view"]
    second = (await slack.views_push(trigger_id=trigger(sandbox), view=view("2")))["view"]
    third = (await slack.views_push(trigger_id=trigger(sandbox), view=view("3")))["view"]
    assert (third["root_view_id"], third["previous_view_id"]) == (root["id"], second["id"])
    push = slack.views_push(trigger_id=trigger(sandbox), view=view("4"))
    assert await code(push) == "push_limit_reached"
    push = slack.views_push(trigger_id=trigger(sandbox, "U01SAM"), view=view("1"))
    assert await code(push) == "not_found"
    closed = await control.post("close", user="U01MEI")
    assert closed["view"]["id"] == second["id"]
    await control.post("close", user="U01MEI")
    await control.post("close", user="U01MEI")
    answer = await control.post("close", 400, user="U01MEI")
    assert answer["error"] == "U01MEI has no modal open"


async def test_update_checks_the_hash_and_keeps_what_was_typed(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client
) -> None:
    """A stale hash is a conflict; an input that stays keeps its value."""
    opened = (await slack.views_open(trigger_id=trigger(sandbox), view=view(external_id="e")))[
        "view"
    ]
    again = slack.views_open(trigger_id=trigger(sandbox, "U01SAM"), view=view(external_id="e"))
    assert await code(again) == "duplicate_external_id"
    sandbox.site.views.stacks["U01MEI"][0].entered = {
        "note": {"v": {"type": "plain_text_input", "value": "typed"}}
    }
    updated = await slack.views_update(external_id="e", hash=opened["hash"], view=view("New"))
    stale = slack.views_update(view_id=opened["id"], hash=opened["hash"], view=view())
    assert await code(stale) == "hash_conflict"
    assert updated["view"]["id"] == opened["id"]
    (shown,) = (await control.state())["modals"]["U01MEI"]
    assert shown["state"]["values"]["note"]["v"]["value"] == "typed"
    await control.post("close", user="U01MEI")
    assert await code(slack.views_update(view_id=opened["id"], view=view())) == "not_found"


async def test_bad_views_are_refused(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    """With a pointer into the view; and the trigger is not used up by that."""
    mine = trigger(sandbox)
    with pytest.raises(SlackApiError) as refused:
        await slack.views_open(trigger_id=mine, view=view("x" * 25))
    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/title/text" in str(refused.value.response["response_metadata"])
    await slack.views_open(trigger_id=mine, view=view())


@pytest.mark.parametrize(
    ("answer", "outcome", "left"),
    [
        ({}, "closed", 1),
        ({"response_action": "clear"}, "closed", 0),
        ({"response_action": "update", "view": view("After")}, "updated", 2),
        ({"response_action": "push", "view": view("After")}, "pushed", 3),
        ({"response_action": "errors", "errors": {"note": "No."}}, "errors", 2),
        ({"response_action": "errors", "errors": {"nowhere": "No."}}, "failed", 2),
        ({"response_action": "update", "view": view("x" * 25)}, "failed", 2),
    ],
)
async def test_what_an_answer_to_a_form_does(
    app: AsyncApp,
    connect: Callable[[], Any],
    sandbox: Sandbox,
    slack: AsyncWebClient,
    control: Client,
    answer: dict[str, Any],
    outcome: str,
    left: int,
) -> None:
    """Two modals are open; the answer decides how many are afterwards."""

    @app.view("form")
    async def submitted(ack: Any) -> None:
        await ack(**answer)

    await connect()
    await slack.views_open(trigger_id=trigger(sandbox), view=view("1"))
    await slack.views_push(trigger_id=trigger(sandbox), view=view("2"))
    told = await control.post("submit", user="U01MEI", values={"note": {"v": "x"}})
    assert told["outcome"] == outcome
    assert len((await control.state())["modals"].get("U01MEI", [])) == left
    if outcome == "errors":
        assert told["errors"] == {"note": "No."}
    if outcome in ("updated", "pushed"):
        assert told["view"]["title"]["text"] == "After"


async def test_a_form_without_an_answer_stays_open(
    connect: Callable[[], Any], sandbox: Sandbox, slack: AsyncWebClient, control: Client
) -> None:
    """The bot is away: the person reads that something went wrong."""
    await slack.views_open(trigger_id=trigger(sandbox), view=view())
    told = await control.post("submit", user="U01MEI", values={"note": {"v": "x"}})
    assert told["outcome"] == "failed"
    assert "trouble connecting" in told["error"]
    assert (await control.state())["modals"]["U01MEI"]


async def test_closing_tells_who_asked_to_know(
    app: AsyncApp,
    connect: Callable[[], Any],
    sandbox: Sandbox,
    slack: AsyncWebClient,
    control: Client,
) -> None:
    """notify_on_close; clear_on_close and a modal's cross take the whole stack."""
    heard: list[Any] = []

    @app.view_closed("form")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        heard.append((body["view"]["title"]["text"], body["is_cleared"]))
        await ack()

    await connect()
    await slack.views_open(trigger_id=trigger(sandbox), view=view("1", notify_on_close=True))
    await slack.views_push(
        trigger_id=trigger(sandbox), view=view("2", notify_on_close=True, clear_on_close=True)
    )
    assert await control.post("close", user="U01MEI") == {"acked": True, "view": None}
    assert heard == [("2", True), ("1", True)]
    await slack.views_open(trigger_id=trigger(sandbox), view=view("3", notify_on_close=True))
    await slack.views_push(trigger_id=trigger(sandbox), view=view("4", notify_on_close=True))
    await slack.views_push(trigger_id=trigger(sandbox), view=view("5", notify_on_close=True))
    await control.post("close", user="U01MEI")
    await control.post("close", user="U01MEI", all=True)
    assert heard[2:] == [("5", False), ("4", True), ("3", True)]


async def test_plain_values_become_slacks_state(
    app: AsyncApp,
    connect: Callable[[], Any],
    sandbox: Sandbox,
    slack: AsyncWebClient,
    control: Client,
) -> None:
    """Every kind of input, by its type; what nobody touched keeps its initial value."""
    choices = [{"text": plain(f"Choice {n}"), "value": f"c{n}"} for n in range(3)]
    blocks = [
        block("text", {"type": "plain_text_input", "action_id": "v", "initial_value": "before"}),
        block("day", {"type": "datepicker", "action_id": "v"}),
        block("time", {"type": "timepicker", "action_id": "v"}),
        block("one", {"type": "static_select", "action_id": "v", "options": choices}),
        block("some", {"type": "multi_static_select", "action_id": "v", "options": choices}),
        block("boxes", {"type": "checkboxes", "action_id": "v", "options": choices}),
        block("who", {"type": "users_select", "action_id": "v"}),
        block("where", {"type": "multi_conversations_select", "action_id": "v"}),
        block("none", {"type": "radio_buttons", "action_id": "v", "options": choices},
              optional=True),
    ]  # fmt: skip
    seen: dict[str, Any] = {}

    @app.view("form")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        seen.update(view["state"]["values"])
        await ack()

    await connect()
    await slack.views_open(trigger_id=trigger(sandbox), view=view("All", *blocks))
    values = {
        "day": {"v": "2026-04-01"},
        "time": {"v": "07:30"},
        "one": {"v": "c1"},
        "some": {"v": ["c0", "Choice 2"]},
        "boxes": {"v": ["c2"]},
        "who": {"v": "U01SAM"},
        "where": {"v": ["C01GENERAL"]},
    }
    bad = await control.post("submit", 400, user="U01MEI", values={"one": {"v": "c9"}})
    assert "c9" in bad["error"]
    bad = await control.post("submit", 400, user="U01MEI", values={"day": {"v": "tomorrow"}})
    assert "tomorrow" in bad["error"]
    bad = await control.post("submit", 400, user="U01MEI", values={"lost": {"v": "x"}})
    assert "lost" in bad["error"]
    assert (await control.post("submit", user="U01MEI", values=values))["outcome"] == "closed"
    assert {name: entry["v"] for name, entry in seen.items()} == {
        "text": {"type": "plain_text_input", "value": "before"},
        "day": {"type": "datepicker", "selected_date": "2026-04-01"},
        "time": {"type": "timepicker", "selected_time": "07:30"},
        "one": {"type": "static_select", "selected_option": choices[1]},
        "some": {"type": "multi_static_select", "selected_options": [choices[0], choices[2]]},
        "boxes": {"type": "checkboxes", "selected_options": [choices[2]]},
        "who": {"type": "users_select", "selected_user": "U01SAM"},
        "where": {"type": "multi_conversations_select", "selected_conversations": ["C01GENERAL"]},
        "none": {"type": "radio_buttons", "selected_option": None},
    }


async def test_inputs_speak_up_only_where_they_dispatch(
    app: AsyncApp,
    connect: Callable[[], Any],
    sandbox: Sandbox,
    slack: AsyncWebClient,
    control: Client,
) -> None:
    """An input block keeps its value to itself unless it has dispatch_action."""
    heard: list[Any] = []

    @app.action("v")
    async def typed(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    await connect()
    people = {"type": "users_select", "action_id": "v"}
    form = view("Two", block("quiet", people), block("loud", people, dispatch_action=True))
    await slack.views_open(trigger_id=trigger(sandbox), view=form)
    click: dict[str, Any] = {"user": "U01MEI", "action_id": "v", "value": "U01SAM"}
    quiet = await control.post("click", **click, block_id="quiet")
    assert quiet["acked"] is None
    loud = await control.post("click", **click, block_id="loud")
    assert loud["acked"] is True
    (body,) = heard
    assert body["actions"][0]["selected_user"] == "U01SAM"
    values = body["view"]["state"]["values"]
    assert values["quiet"]["v"]["selected_user"] == "U01SAM"


async def test_home_is_each_persons_own(slack: AsyncWebClient, control: Client) -> None:
    """Published anew it keeps its id; its hash guards it."""
    first = (await slack.views_publish(user_id="U01MEI", view=home()))["view"]
    second = (await slack.views_publish(user_id="U01MEI", view=home(), hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    stale = slack.views_publish(user_id="U01MEI", view=home(), hash=first["hash"])
    assert await code(stale) == "hash_conflict"
    assert list((await control.state())["homes"]) == ["U01MEI"]
    await control.post("user", user="U01MEI", deleted=True)
    assert await code(slack.views_publish(user_id="U01MEI", view=home())) == "user_disabled"
    assert await code(slack.views_publish(user_id="U0", view=home())) == "user_not_found"
