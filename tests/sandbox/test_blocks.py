"""Block Kit's limits: what just fits is taken, one more is refused."""

from typing import Any

import pytest

from bot.sandbox.blocks import check_message, check_view
from bot.sandbox.errors import SlackError

Block = dict[str, Any]


def plain(length: int = 1) -> Block:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> Block:
    return {"type": "mrkdwn", "text": "x" * length}


def section(length: int = 1) -> Block:
    return {"type": "section", "text": mrkdwn(length)}


def button(number: int = 0, text: int = 1, **more: Any) -> Block:
    return {"type": "button", "action_id": f"a{number}", "text": plain(text), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(number: int = 0, text: int = 1) -> Block:
    return {"text": plain(text), "value": f"v{number}"}


def options(count: int) -> list[Block]:
    return [option(number) for number in range(count)]


def picker(kind: str, count: int, **more: Any) -> Block:
    return actions({"type": kind, "action_id": "pick", "options": options(count), **more})


def field(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain(), "element": element, **more}


def words(**more: Any) -> Block:
    return {"type": "plain_text_input", "action_id": "text", **more}


# name, what holds n of something, and n: n is fine and n + 1 is not.
LIMITS: list[tuple[str, Any, int]] = [
    ("section text", section, 3000),
    ("header", lambda n: {"type": "header", "text": plain(n)}, 150),
    ("fields", lambda n: {"type": "section", "fields": [mrkdwn()] * n}, 10),
    ("a field", lambda n: {"type": "section", "fields": [mrkdwn(n)]}, 2000),
    ("context", lambda n: {"type": "context", "elements": [mrkdwn()] * n}, 10),
    ("actions", lambda n: actions(*[button(i) for i in range(n)]), 25),
    ("button text", lambda n: actions(button(text=n)), 75),
    ("button value", lambda n: actions(button(value="x" * n)), 2000),
    ("action_id", lambda n: actions(button() | {"action_id": "x" * n}), 255),
    ("block_id", lambda n: section() | {"block_id": "x" * n}, 255),
    ("select options", lambda n: picker("static_select", n), 100),
    ("overflow options", lambda n: picker("overflow", n), 5),
    ("checkboxes", lambda n: picker("checkboxes", n), 10),
    ("radio buttons", lambda n: picker("radio_buttons", n), 10),
    (
        "option text",
        lambda n: actions({"type": "static_select", "action_id": "a", "options": [option(0, n)]}),
        75,
    ),
    ("label", lambda n: field(words()) | {"label": plain(n)}, 2000),
    ("initial value", lambda n: field(words(initial_value="x" * n)), 3000),
    ("max_length", lambda n: field(words(max_length=n)), 3000),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    (
        "image alt text",
        lambda n: {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "x" * n},
        2000,
    ),
]


@pytest.mark.parametrize(("build", "most"), [limit[1:] for limit in LIMITS],
                         ids=[limit[0] for limit in LIMITS])  # fmt: skip
def test_n_fits_and_one_more_does_not(build: Any, most: int) -> None:
    """Each limit, at its edge and just past it."""
    check_message([build(most)])
    with pytest.raises(SlackError) as refused:
        check_message([build(most + 1)])
    assert refused.value.code == "invalid_blocks"


REFUSED: list[tuple[str, Block, str]] = [
    ("empty text", section(0), "/blocks/0/text/text"),
    ("no text at all", {"type": "section"}, "/blocks/0"),
    ("unknown block", {"type": "poem"}, "/blocks/0/type"),
    ("no type", {"text": plain()}, "/blocks/0"),
    ("unknown field", section() | {"colour": "red"}, "/blocks/0"),
    ("twice the action_id", actions(button(), button()), "/blocks/0/elements/1/action_id"),
    ("mrkdwn in a header", {"type": "header", "text": mrkdwn()}, "/blocks/0/text/type"),
    ("no elements", actions(), "/blocks/0/elements"),
    ("input in actions", actions(words()), "/blocks/0/elements/0/type"),
    ("style", actions(button(style="loud")), "/blocks/0/elements/0/style"),
    ("url", actions(button(url="here")), "/blocks/0/elements/0/url"),
    ("twice the value", picker("static_select", 1, options=[option(), option()]), "/value"),
    (
        "initial option not offered",
        picker("static_select", 2, initial_option=option(7)),
        "/blocks/0/elements/0/initial_option",
    ),
    (
        "initial options not offered",
        picker("checkboxes", 2, initial_options=[option(7)]),
        "/blocks/0/elements/0/initial_options",
    ),
    (
        "too many initial users",
        actions(
            {"type": "multi_users_select", "initial_users": ["U1", "U2"], "max_selected_items": 1}
        ),
        "/blocks/0/elements/0/initial_users",
    ),
    (
        "bad date",
        actions({"type": "datepicker", "initial_date": "30.3.2026"}),
        "/blocks/0/elements/0/initial_date",
    ),
    ("lengths crossed", field(words(min_length=9, max_length=3)), "/blocks/0/element/min_length"),
    ("number in a message", field({"type": "number_input", "is_decimal_allowed": True}), "/type"),
    (
        "image of two sources",
        {
            "type": "image",
            "alt_text": "x",
            "image_url": "https://a.example/b.png",
            "slack_file": {"id": "F1"},
        },
        "/blocks/0",
    ),
    (
        "bad rich text",
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{}]}]},
        "/blocks/0/elements/0/elements/0",
    ),
]


@pytest.mark.parametrize(("block", "where"), [case[1:] for case in REFUSED],
                         ids=[case[0] for case in REFUSED])  # fmt: skip
def test_the_refusal_names_the_place(block: Block, where: str) -> None:
    """invalid_blocks comes with a pointer to what is wrong."""
    with pytest.raises(SlackError) as refused:
        check_message([section(), block])
    assert refused.value.code == "invalid_blocks"
    messages = refused.value.extra["response_metadata"]["messages"]
    assert where.replace("/blocks/0", "/blocks/1") in " ".join(messages)


def test_a_good_message_passes() -> None:
    """Every block and a good many elements, as the bot might send them."""
    rich: list[Block] = [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "hi ", "style": {"bold": True}},
                {"type": "user", "user_id": "U01MEI"},
                {"type": "link", "url": "https://a.example", "text": "link"},
                {"type": "emoji", "name": "wave"},
            ],
        },
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": []},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "x"}]},
    ]
    check_message(
        [
            {"type": "header", "text": plain()},
            {"type": "divider"},
            {"type": "rich_text", "elements": rich},
            {"type": "section", "text": mrkdwn(), "accessory": button()},
            picker("overflow", 2),
            {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x", "title": plain()},
            actions(
                button(1, style="primary", value="1"),
                {"type": "users_select", "action_id": "u", "initial_user": "U01MEI"},
                {"type": "multi_static_select", "action_id": "m", "option_groups": [
                    {"label": plain(), "options": options(3)}]},
                {"type": "timepicker", "action_id": "t", "initial_time": "07:30"},
            ),
            field(words(multiline=True), optional=True, hint=plain()),
        ]
    )  # fmt: skip


def test_a_message_holds_50_blocks() -> None:
    """And not one more."""
    check_message([section()] * 50)
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message([section()] * 51)


def test_a_message_holds_13200_characters() -> None:
    """All its blocks together."""
    check_message([section(3000)] * 4 + [section(1200)])
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message([section(3000)] * 4 + [section(1201)])


def test_block_ids_are_unique() -> None:
    """Two blocks can't share one."""
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message([section() | {"block_id": "a"}, section() | {"block_id": "a"}])


def modal(*blocks: Block, **more: Any) -> Block:
    view = {"type": "modal", "title": plain(), "blocks": list(blocks), "submit": plain()}
    return {name: value for name, value in (view | more).items() if value is not None}


VIEW_LIMITS: list[tuple[str, Any, int]] = [
    ("title", lambda n: modal(title=plain(n)), 24),
    ("submit", lambda n: modal(submit=plain(n)), 24),
    ("close", lambda n: modal(close=plain(n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("blocks", lambda n: modal(*[section()] * n), 100),
]


@pytest.mark.parametrize(("build", "most"), [limit[1:] for limit in VIEW_LIMITS],
                         ids=[limit[0] for limit in VIEW_LIMITS])  # fmt: skip
def test_a_view_takes_n_and_no_more(build: Any, most: int) -> None:
    """A modal's own limits, at their edges."""
    check_view(build(most), "modal")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(build(most + 1), "modal")


def test_inputs_need_a_submit_button() -> None:
    """A modal with a form must be able to send it."""
    check_view(modal(section(), submit=None), "modal")
    with pytest.raises(SlackError, match="invalid_arguments") as refused:
        check_view(modal(field(words()), submit=None), "modal")
    assert "submit" in str(refused.value.extra)


@pytest.mark.parametrize("kind", ["markdown", "table"])
def test_some_blocks_are_for_messages_only(kind: str) -> None:
    """Neither a modal nor a Home tab draws them."""
    block = {"type": "markdown", "text": "x"} if kind == "markdown" else {
        "type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}  # fmt: skip
    check_message([block])
    for surface in ("modal", "home"):
        view = modal(block) if surface == "modal" else {"type": "home", "blocks": [block]}
        with pytest.raises(SlackError, match="invalid_arguments"):
            check_view(view, surface)


def test_a_home_tab_is_no_modal() -> None:
    """Each method takes its own kind of view."""
    check_view({"type": "home", "blocks": [section()]}, "home")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view({"type": "home", "blocks": []}, "modal")


def test_a_view_is_at_most_250_kb() -> None:
    """Counted as JSON in UTF-8."""
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(*[{"type": "section", "text": mrkdwn(3000)}] * 90), "modal")


def test_one_element_may_take_the_focus() -> None:
    """Two can't both have it."""
    one = field(words(focus_on_load=True))
    two = field(words(focus_on_load=True), block_id="b")
    check_view(modal(one), "modal")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(modal(one, two), "modal")


@pytest.mark.parametrize(
    "blocks", [{}, "no", [None], [[]], [{"type": ["x"]}], [{"type": "actions", "elements": 3}]]
)
def test_nonsense_is_refused_and_not_tripped_over(blocks: Any) -> None:
    """Whatever comes, the answer is a refusal."""
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message(blocks)
