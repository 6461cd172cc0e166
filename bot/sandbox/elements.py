"""Block Kit's composition objects and elements: their fields and limits."""

from typing import Any

from bot.sandbox.rules import (
    Report,
    Rule,
    array,
    at_least_one_of,
    boolean,
    both,
    by_type,
    exactly_one_of,
    integer,
    one_of,
    pattern,
    shape,
    string,
    unique,
)

ID = string(255)
URL = both(string(3000), pattern(r"(https?|mailto|slack|tel):\S+", "a valid URL"))
DATE = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date such as 2026-03-30")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time such as 07:30")


def plain_text(longest: int) -> Rule:
    return by_type(
        {"plain_text": shape({"type": string(10), "text": string(longest)}, {"emoji": boolean})}
    )


def mrkdwn(longest: int) -> Rule:
    return by_type(
        {"mrkdwn": shape({"type": string(10), "text": string(longest)}, {"verbatim": boolean})}
    )


def any_text(longest: int) -> Rule:
    plain, marked = plain_text(longest), mrkdwn(longest)
    return by_type({"plain_text": plain, "mrkdwn": marked})


TYPE = {"type": string(50)}
CONFIRM = shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": one_of("primary", "danger")},
)
OPTION = shape(
    {"text": plain_text(75), "value": string(150)},
    {"description": plain_text(75), "url": URL},
)
# Checkboxes and radio buttons may set their text in mrkdwn; menus may not.
RICH_OPTION = shape(
    {"text": any_text(75), "value": string(150)}, {"description": any_text(75), "url": URL}
)
OPTION_GROUP = shape(
    {"label": plain_text(75), "options": both(array(OPTION, most=100), unique("value"))}
)
DISPATCH = shape(
    {},
    {
        "trigger_actions_on": array(
            one_of("on_enter_pressed", "on_character_entered"), least=1, most=2
        )
    },
)
FILTER = shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
SLACK_FILE = shape({}, {"id": string(50), "url": URL}, exactly_one_of("id", "url"))


def _options(options: Rule, most: int) -> Rule:
    return both(array(options, most=most), unique("value"))


def _offered(value: Any) -> list[Any]:
    """Every option of an element, those in groups too."""
    offered = list(value.get("options") or [])
    for group in value.get("option_groups") or []:
        offered += (group.get("options") or []) if isinstance(group, dict) else []
    return offered


def _initial_offered(value: Any, where: str, report: Report) -> None:
    chosen = [value["initial_option"]] if "initial_option" in value else []
    chosen += value.get("initial_options") or []
    offered = [_pair(option) for option in _offered(value)]
    if any(_pair(option) not in offered for option in chosen):
        name = "initial_option" if "initial_option" in value else "initial_options"
        report.add("initial value must match one of the options", f"{where}/{name}")


def _pair(option: Any) -> Any:
    text = option.get("text") if isinstance(option, dict) else None
    words = text.get("text") if isinstance(text, dict) else None
    return (option.get("value"), words) if isinstance(option, dict) else option


def _initial_within_most(value: Any, where: str, report: Report) -> None:
    most = value.get("max_selected_items")
    for name, chosen in value.items():
        if name.startswith("initial_") and isinstance(most, int) and len(chosen) > most:
            report.add("more initial values than max_selected_items", f"{where}/{name}")


def _text_bounds(value: Any, where: str, report: Report) -> None:
    low, high = value.get("min_length", 0), value.get("max_length", 3000)
    if isinstance(low, int) and isinstance(high, int) and low > high:
        report.add("min_length must be no more than max_length", f"{where}/min_length")


FOCUS = {"focus_on_load": boolean}
ACTION = {"action_id": ID, "confirm": CONFIRM, **FOCUS}
PICKER = {**ACTION, "placeholder": plain_text(150)}
TYPED = {
    "action_id": ID,
    "placeholder": plain_text(150),
    "dispatch_action_config": DISPATCH,
    **FOCUS,
}
MANY = {"max_selected_items": integer(1, 1000)}
IDS = array(string(50), most=1000)

_STATIC = {"options": _options(OPTION, 100), "option_groups": array(OPTION_GROUP, most=100)}
_ONE_SOURCE = exactly_one_of("options", "option_groups")
_CONVERSATION = {"default_to_current_conversation": boolean, "filter": FILTER}
_IMAGE_SOURCE = exactly_one_of("image_url", "slack_file")

IMAGE = shape(
    {**TYPE, "alt_text": string(2000)}, {"image_url": URL, "slack_file": SLACK_FILE}, _IMAGE_SOURCE
)

ELEMENTS: dict[str, Rule] = {
    "button": shape(
        {**TYPE, "text": plain_text(75)},
        {
            "action_id": ID,
            "url": URL,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "checkboxes": shape(
        {**TYPE, "options": _options(RICH_OPTION, 10)},
        {**ACTION, "initial_options": array(RICH_OPTION, most=10)},
        _initial_offered,
    ),
    "radio_buttons": shape(
        {**TYPE, "options": _options(RICH_OPTION, 10)},
        {**ACTION, "initial_option": RICH_OPTION},
        _initial_offered,
    ),
    "overflow": shape(
        {**TYPE, "options": _options(OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}
    ),
    "datepicker": shape(TYPE, {**PICKER, "initial_date": DATE}),
    "timepicker": shape(TYPE, {**PICKER, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": shape(
        TYPE, {**ACTION, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": shape(
        TYPE,
        {
            **TYPED,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        _text_bounds,
    ),
    "email_text_input": shape(TYPE, {**TYPED, "initial_value": string(3000, 0)}),
    "url_text_input": shape(TYPE, {**TYPED, "initial_value": string(3000, 0)}),
    "number_input": shape(
        {**TYPE, "is_decimal_allowed": boolean},
        {
            **TYPED,
            "initial_value": string(50),
            "min_value": string(50),
            "max_value": string(50),
        },
    ),
    "file_input": shape(
        TYPE,
        {"action_id": ID, "filetypes": array(string(20), most=100), "max_files": integer(1, 10)},
    ),
    "static_select": shape(
        TYPE, {**PICKER, **_STATIC, "initial_option": OPTION}, _ONE_SOURCE, _initial_offered
    ),
    "multi_static_select": shape(
        TYPE,
        {**PICKER, **_STATIC, **MANY, "initial_options": array(OPTION, most=100)},
        _ONE_SOURCE,
        _initial_offered,
        _initial_within_most,
    ),
    "external_select": shape(
        TYPE, {**PICKER, "initial_option": OPTION, "min_query_length": integer(0, 100)}
    ),
    "multi_external_select": shape(
        TYPE,
        {
            **PICKER,
            **MANY,
            "initial_options": array(OPTION, most=100),
            "min_query_length": integer(0, 100),
        },
        _initial_within_most,
    ),
    "users_select": shape(TYPE, {**PICKER, "initial_user": string(50)}),
    "multi_users_select": shape(
        TYPE, {**PICKER, **MANY, "initial_users": IDS}, _initial_within_most
    ),
    "conversations_select": shape(
        TYPE,
        {
            **PICKER,
            **_CONVERSATION,
            "initial_conversation": string(50),
            "response_url_enabled": boolean,
        },
    ),
    "multi_conversations_select": shape(
        TYPE,
        {**PICKER, **_CONVERSATION, **MANY, "initial_conversations": IDS},
        _initial_within_most,
    ),
    "channels_select": shape(
        TYPE, {**PICKER, "initial_channel": string(50), "response_url_enabled": boolean}
    ),
    "multi_channels_select": shape(
        TYPE, {**PICKER, **MANY, "initial_channels": IDS}, _initial_within_most
    ),
    "image": IMAGE,
}

SELECTS = ("static_select", "external_select", "users_select", "conversations_select",
           "channels_select")  # fmt: skip
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
CHOICES = ("checkboxes", "radio_buttons", "datepicker", "timepicker", *SELECTS, *MULTI_SELECTS)
IN_ACTIONS = ("button", "overflow", "datetimepicker", "rich_text_input", *CHOICES)
IN_SECTION = ("button", "overflow", "image", *CHOICES)
IN_INPUT = ("plain_text_input", "email_text_input", "url_text_input", "number_input",
            "rich_text_input", "file_input", "datetimepicker", *CHOICES)  # fmt: skip
