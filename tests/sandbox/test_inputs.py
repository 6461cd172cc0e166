"""Inputs of modals: what state they begin with, what a person may enter, and what updates keep."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.aurora import GUEST
from tests.sandbox.conftest import Client
from tests.sandbox.test_modals import block, plain, view

OPTIONS = [{"text": plain(f"Choice {n}"), "value": f"c{n}"} for n in range(3)]

# An element's own fields, what it says untouched, what a person enters, and what it says then.
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], Any, dict[str, Any]]] = {
    "plain_text_input": ({}, {"value": None}, "Hi", {"value": "Hi"}),
    "number_input": ({"is_decimal_allowed": True}, {"value": None}, 2.5, {"value": "2.5"}),
    "datepicker": ({}, {"selected_date": None}, "2026-04-01", {"selected_date": "2026-04-01"}),
    "timepicker": ({}, {"selected_time": None}, "07:30", {"selected_time": "07:30"}),
    "radio_buttons": (
        {"options": OPTIONS}, {"selected_option": None}, "c1", {"selected_option": OPTIONS[1]},
    ),
    "checkboxes": (
        {"options": OPTIONS}, {"selected_options": []}, ["c0", "c2"],
        {"selected_options": [OPTIONS[0], OPTIONS[2]]},
    ),
    "static_select": (
        {"options": OPTIONS}, {"selected_option": None}, "Choice 2",
        {"selected_option": OPTIONS[2]},
    ),
    "multi_static_select": (
        {"options": OPTIONS}, {"selected_options": []}, "c2", {"selected_options": [OPTIONS[2]]},
    ),
    "users_select": ({}, {"selected_user": None}, "U01SAM", {"selected_user": "U01SAM"}),
    "multi_users_select": (
        {}, {"selected_users": []}, ["U01SAM", GUEST], {"selected_users": ["U01SAM", GUEST]},
    ),
    "conversations_select": (
        {}, {"selected_conversation": None}, "C01CHURN", {"selected_conversation": "C01CHURN"},
    ),
    "channels_select": (
        {}, {"selected_channel": None}, "C01DATAQUALITY", {"selected_channel": "C01DATAQUALITY"},
    ),
}  # fmt: skip


def every_kind(*, optional: bool) -> list[dict[str, Any]]:
    return [
        block(kind, {"type": kind, "action_id": "v", **case[0]}, optional=optional)
        for kind, case in KINDS.items()
    ]


def trigger(sandbox: Sandbox, user: str = "U01MEI", channel: str | None = None) -> str:
    return sandbox.site.triggers.issue(user, channel)


@pytest.fixture
async def submitted(app: AsyncApp, connect: Callable[[], Any]) -> dict[str, Any]:
    """The values of the latest form, as the bot has got them."""
    seen: dict[str, Any] = {}

    @app.view("form")
    async def form(ack: Any, view: dict[str, Any]) -> None:
        seen.clear()
        seen.update({name: entry["v"] for name, entry in view["state"]["values"].items()})
        await ack()

    await connect()
    return seen


async def test_untouched_inputs_say_null_or_none_chosen(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, submitted: dict[str, Any]
) -> None:
    """Each kind is there with its type, even where it is empty."""
    await slack.views_open(trigger_id=trigger(sandbox), view=view("x", *every_kind(optional=True)))
    assert (await control.post("submit", user="U01MEI"))["outcome"] == "closed"
    assert submitted == {kind: {"type": kind, **case[1]} for kind, case in KINDS.items()}


async def test_required_inputs_are_marked_before_the_bot_hears(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, submitted: dict[str, Any]
) -> None:
    """One sentence below each; what was entered meanwhile stays."""
    await slack.views_open(trigger_id=trigger(sandbox), view=view("x", *every_kind(optional=False)))
    told = await control.post("submit", user="U01MEI", values={"datepicker": {"v": "2026-04-01"}})
    assert told["errors"] == dict.fromkeys(
        KINDS.keys() - {"datepicker"}, "Please complete this required field."
    )
    values = {kind: {"v": case[2]} for kind, case in KINDS.items() if kind != "datepicker"}
    assert (await control.post("submit", user="U01MEI", values=values))["outcome"] == "closed"
    assert submitted == {kind: {"type": kind, **case[3]} for kind, case in KINDS.items()}


async def test_what_is_cleared_is_null_again(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, submitted: dict[str, Any]
) -> None:
    """A person empties a field, or takes a choice back."""
    await slack.views_open(trigger_id=trigger(sandbox), view=view("x", *every_kind(optional=True)))
    filled = {kind: {"v": case[2]} for kind, case in KINDS.items()}
    empty: dict[str, Any] = {kind: {"v": None} for kind in KINDS} | {"plain_text_input": {"v": ""}}
    with_it = {"user": "U01MEI", "action_id": "v", "block_id": "datepicker"}
    await control.post("click", **with_it, state=filled)
    assert (await control.post("submit", user="U01MEI", values=empty))["outcome"] == "closed"
    assert submitted == {kind: {"type": kind, **case[1]} for kind, case in KINDS.items()}


INITIAL: list[tuple[dict[str, Any], str, Any]] = [
    ({"type": "number_input", "is_decimal_allowed": False, "initial_value": "7"}, "value", "7"),
    (
        {"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[0]},
        "selected_option",
        OPTIONS[0],
    ),
    (
        {"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:2]},
        "selected_options",
        OPTIONS[:2],
    ),
    ({"type": "timepicker", "initial_time": "09:30"}, "selected_time", "09:30"),
    ({"type": "multi_users_select", "initial_users": ["U01MEI"]}, "selected_users", ["U01MEI"]),
    (
        {"type": "conversations_select", "initial_conversation": "C01CHURN"},
        "selected_conversation",
        "C01CHURN",
    ),
]


@pytest.mark.parametrize(
    ("element", "field", "value"), INITIAL, ids=[case[0]["type"] for case in INITIAL]
)
async def test_initial_values_are_sent_untouched(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, submitted: dict[str, Any],
    element: dict[str, Any], field: str, value: Any,
) -> None:  # fmt: skip
    """As if the person had entered them."""
    form = view("x", block("one", element | {"action_id": "v"}))
    await slack.views_open(trigger_id=trigger(sandbox), view=form)
    assert (await control.post("submit", user="U01MEI"))["outcome"] == "closed"
    assert submitted["one"] == {"type": element["type"], field: value}


NUMBERS: list[tuple[dict[str, Any], Any, str | None]] = [
    ({"is_decimal_allowed": False}, "2.5", "Please enter a valid number."),
    ({"is_decimal_allowed": False}, "two", "Please enter a valid number."),
    ({"is_decimal_allowed": True}, "2.5", None),
    ({"is_decimal_allowed": True}, -3, None),
    ({"is_decimal_allowed": False, "min_value": "1"}, "0", "no less than 1"),
    ({"is_decimal_allowed": False, "max_value": "5"}, "6", "no more than 5"),
    ({"is_decimal_allowed": False, "min_value": "1", "max_value": "5"}, "5", None),
]


@pytest.mark.parametrize(("fields", "entered", "said"), NUMBERS)
async def test_numbers_keep_to_their_bounds(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, submitted: dict[str, Any],
    fields: dict[str, Any], entered: Any, said: str | None,
) -> None:  # fmt: skip
    """Whole or decimal, from the lowest to the highest; sent as a string."""
    element = {"type": "number_input", "action_id": "v", **fields}
    form = view("x", block("n", element))
    await slack.views_open(trigger_id=trigger(sandbox), view=form)
    told = await control.post("submit", user="U01MEI", values={"n": {"v": entered}})
    if said is None:
        assert submitted["n"] == {"type": "number_input", "value": str(entered)}
    else:
        assert said in told["errors"]["n"]


CURRENT: list[tuple[str | None, dict[str, Any], str | None]] = [
    ("C01CHURN", {}, "C01CHURN"),
    ("C01LEADS", {"filter": {"include": ["public", "private"]}}, "C01LEADS"),
    ("C01LEADS", {"filter": {"include": ["public"]}}, None),
    ("D01LENA", {"filter": {"include": ["public", "private"]}}, None),
    ("D01LENA", {}, "D01LENA"),
    ("D01LENA", {"filter": {"exclude_bot_users": True}}, None),
    ("C01DATAQUALITY", {"filter": {"exclude_external_shared_channels": True}}, None),
    (None, {}, None),
]


@pytest.mark.parametrize(("place", "fields", "chosen"), CURRENT)
async def test_the_current_conversation_is_the_default(
    sandbox: Sandbox, slack: AsyncWebClient, place: str | None, fields: dict[str, Any],
    chosen: str | None,
) -> None:  # fmt: skip
    """The one a person looked at when they opened the modal, where the menu offers it."""
    sandbox.site.world.dm("U01LENA")
    element = {"type": "conversations_select", "action_id": "v", **fields}
    element["default_to_current_conversation"] = True
    if chosen is not None:
        element["initial_conversation"] = "C01GENERAL"
    form = view("x", block("where", element))
    await slack.views_open(trigger_id=trigger(sandbox, "U01LENA", place), view=form)
    await slack.views_push(trigger_id=trigger(sandbox, "U01LENA"), view=form)
    for opened in sandbox.site.views.stacks["U01LENA"]:
        entry = opened.json()["state"]["values"]["where"]["v"]
        assert entry["selected_conversation"] == chosen


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"type": "users_select"}, "U0NOBODY"),
    ({"type": "multi_users_select"}, "U01GONE"),
    ({"type": "conversations_select"}, "C0NOWHERE"),
    ({"type": "conversations_select"}, "C01LEADS"),
    ({"type": "conversations_select", "filter": {"include": ["private"]}}, "C01CHURN"),
    ({"type": "channels_select"}, "D01MEI"),
]


@pytest.mark.parametrize(("element", "chosen"), REFUSED)
async def test_nobody_chooses_what_a_menu_does_not_offer(
    sandbox: Sandbox, slack: AsyncWebClient, control: Client, element: dict[str, Any], chosen: str
) -> None:
    """Unknown or deactivated people; channels that are hidden, filtered out or not there."""
    await control.post("user", user="U01GONE", name="gone", deleted=True)
    sandbox.site.world.dm("U01MEI")
    form = view("x", block("one", element | {"action_id": "v"}))
    await slack.views_open(trigger_id=trigger(sandbox), view=form)
    told = await control.post("submit", 400, user="U01MEI", values={"one": {"v": chosen}})
    assert f"does not offer {chosen!r}" in told["error"]


async def test_an_update_keeps_what_inputs_of_the_same_ids_show(
    app: AsyncApp, connect: Callable[[], Any], sandbox: Sandbox, slack: AsyncWebClient,
    control: Client,
) -> None:  # fmt: skip
    """Typed or not: a new initial value is seen only under a new block_id, as in Slack."""
    kind = {"type": "static_select", "action_id": "kind", "options": OPTIONS}

    def form(suffix: str, begins: str) -> dict[str, Any]:
        text = {"type": "plain_text_input", "action_id": "v", "initial_value": begins}
        some = {"type": "static_select", "action_id": "v", "options": OPTIONS[:2]}
        return view(
            "x", block("kind", kind, dispatch_action=True), block("same", text),
            block("typed", text), block(f"new{suffix}", text), block("fewer", some),
        )  # fmt: skip

    heard: list[dict[str, Any]] = []

    @app.action("kind")
    async def chosen(ack: Any, body: dict[str, Any], client: Any) -> None:
        heard.append(body)
        await client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view=form("2", "second")
        )
        await ack()

    await connect()
    begun = form("", "first")
    begun["blocks"][-1]["element"]["options"] = OPTIONS
    await slack.views_open(trigger_id=trigger(sandbox), view=begun)
    told = await control.post(
        "click", user="U01MEI", action_id="kind", value="c1",
        state={"typed": {"v": "by hand"}, "fewer": {"v": "c2"}},
    )  # fmt: skip
    (body,) = heard
    assert "state" not in body
    assert body["view"]["state"]["values"]["typed"]["v"]["value"] == "by hand"
    assert body["actions"][0]["selected_option"] == OPTIONS[1]
    values = told["view"]["state"]["values"]
    assert values["kind"]["kind"]["selected_option"] == OPTIONS[1]
    assert values["same"]["v"]["value"] == "first"
    assert values["typed"]["v"]["value"] == "by hand"
    assert values["new2"]["v"]["value"] == "second"
    assert values["fewer"]["v"]["selected_option"] is None
    # What an update takes away is not remembered for when it comes back.
    stacks = sandbox.site.views.stacks["U01MEI"]
    await slack.views_update(view_id=stacks[0].id, view=view("x", block("kind", kind)))
    await slack.views_update(view_id=stacks[0].id, view=form("", "third"))
    assert stacks[0].state()["values"]["typed"]["v"]["value"] == "third"


async def test_a_choice_outside_a_form_says_what_it_began_with(
    app: AsyncApp, connect: Callable[[], Any], slack: AsyncWebClient, control: Client
) -> None:
    """Radio buttons and selects in actions, by value or text; the element's fields come along."""
    seen: list[dict[str, Any]] = []

    @app.action("v")
    async def chosen(ack: Any, action: dict[str, Any]) -> None:
        seen.append(action)
        await ack()

    await connect()
    radio = {"type": "radio_buttons", "action_id": "v", "options": OPTIONS,
             "initial_option": OPTIONS[0]}  # fmt: skip
    person = {"type": "users_select", "action_id": "v", "placeholder": plain("Who?")}
    rows = [{"type": "actions", "block_id": each["type"], "elements": [each]}
            for each in (radio, person)]  # fmt: skip
    ts = (await slack.chat_postMessage(channel="C01CHURN", text="x", blocks=rows))["ts"]
    click = {"user": "U01MEI", "channel": "C01CHURN", "ts": ts, "action_id": "v"}
    await control.post("click", **click, block_id="radio_buttons", value="Choice 2")
    await control.post("click", **click, block_id="users_select", value="U01SAM")
    assert (seen[0]["selected_option"], seen[0]["initial_option"]) == (OPTIONS[2], OPTIONS[0])
    assert (seen[1]["selected_user"], seen[1]["placeholder"]["text"]) == ("U01SAM", "Who?")


async def test_menus_of_one_name_are_told_apart_by_their_options(
    app: AsyncApp, connect: Callable[[], Any], slack: AsyncWebClient, control: Client
) -> None:
    """A list of stand-ups in the Home repeats its overflow menu for each."""
    seen: list[str] = []

    @app.action("more")
    async def more(ack: Any, action: dict[str, Any]) -> None:
        seen.append(f"{action['block_id']} {action['selected_option']['value']}")
        await ack()

    await connect()
    blocks = [
        {
            "type": "section",
            "block_id": f"row{n}",
            "text": plain("x"),
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [{"text": plain("Pause"), "value": f"pause:{n}"}],
            },
        }
        for n in range(2)
    ]
    await slack.views_publish(user_id="U01MEI", view={"type": "home", "blocks": blocks})
    await control.post("click", user="U01MEI", action_id="more", value="pause:1")
    await control.post("click", user="U01MEI", action_id="more", block_id="row0", value="Pause")
    assert seen == ["row1 pause:1", "row0 pause:0"]
