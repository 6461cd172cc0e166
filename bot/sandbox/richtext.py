"""The rules of rich_text, which is the one block with a grammar of its own."""

from bot.sandbox.elements import DISPATCH, ELEMENTS, FOCUS, ID, TYPE, URL, plain_text
from bot.sandbox.rules import Rule, array, boolean, by_type, integer, one_of, shape, string

_STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight"), boolean
    ),
)
_STYLED = {"style": _STYLE}

_INLINE: dict[str, Rule] = {
    "text": shape({**TYPE, "text": string(40_000)}, _STYLED),
    "link": shape({**TYPE, "url": URL}, {**_STYLED, "text": string(3000, 0), "unsafe": boolean}),
    "emoji": shape(
        {**TYPE, "name": string(255)},
        {**_STYLED, "unicode": string(255), "skin_tone": integer(1, 6)},
    ),
    "user": shape({**TYPE, "user_id": string(50)}, _STYLED),
    "channel": shape({**TYPE, "channel_id": string(50)}, _STYLED),
    "usergroup": shape({**TYPE, "usergroup_id": string(50)}, _STYLED),
    "broadcast": shape({**TYPE, "range": one_of("here", "channel", "everyone")}, _STYLED),
    "color": shape({**TYPE, "value": string(20)}),
    "date": shape(
        {**TYPE, "timestamp": integer(0, 9_999_999_999), "format": string(255)},
        {**_STYLED, "url": URL, "fallback": string(255)},
    ),
}

_INLINES = array(by_type(_INLINE), least=0, most=1000)
_BORDER = {"border": integer(0, 1)}
_SECTION = shape({**TYPE, "elements": _INLINES})

_PARTS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": shape(
        {
            **TYPE,
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type({"rich_text_section": _SECTION}), least=0, most=1000),
        },
        {**_BORDER, "indent": integer(0, 8), "offset": integer(0, 100_000)},
    ),
    "rich_text_preformatted": shape(
        {
            **TYPE,
            "elements": array(
                by_type(_INLINE, ("text", "link", "emoji", "user")), least=0, most=1000
            ),
        },
        {**_BORDER, "language": string(50)},
    ),
    "rich_text_quote": shape({**TYPE, "elements": _INLINES}, _BORDER),
}

RICH_TEXT = shape({**TYPE, "elements": array(by_type(_PARTS), least=0, most=1000)},
                  {"block_id": string(255)})  # fmt: skip

ELEMENTS_WITH_RICH_TEXT: dict[str, Rule] = {
    **ELEMENTS,
    "rich_text_input": shape(
        TYPE,
        {
            "action_id": ID,
            "initial_value": RICH_TEXT,
            "dispatch_action_config": DISPATCH,
            "placeholder": plain_text(150),
            **FOCUS,
        },
    ),
}
