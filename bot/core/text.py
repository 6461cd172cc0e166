"""What people wrote, made safe to show: cleaning, escaping for mrkdwn, clamping.

Escaping takes all power from `<!channel>`, `<@U1>` and `<https://…|text>`. What Slack finds in bare
text is the sender's to switch off: `@channel` and `@here` stay inert only while `parse` is "none"
and `link_names` off, and `verbatim` in a mrkdwn text object keeps addresses and channel names from
becoming links. Slack has no escape for `*`, `_`, `~` and the backtick; they style their own line
at most.

Clean what goes into SQL; escape where it is drawn. A plain_text object takes cleaned text as it is.
Sources: docs.slack.dev/messaging/formatting-message-text and
docs.slack.dev/reference/block-kit/composition-objects/text-object
"""

import re
import unicodedata
from datetime import date

ELLIPSIS = "…"

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters but tab and line feed (PostgreSQL refuses NUL), and the embeddings, overrides
# and isolates by which a line turns the direction of what follows. Marks (U+200E, U+200F) stay:
# ordinary Hebrew and Arabic text uses them, and they reach no further than their neighbours.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_ENTITY = re.compile("&(?:amp|lt|gt);")
_LONGEST_ENTITY = len("&amp;")
# Three backticks open a block, and >>> a quotation, that runs on over other people's lines.
_FENCE = re.compile("`(?=``)")
_LONG_QUOTE = re.compile(r"^([ \t]*&gt;)(?=&gt;)", re.MULTILINE)
_BREAKER = "\u200b"

# Letters that are written from right to left: Hebrew, Arabic and their neighbours.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"

_JOINER = "\u200d"
_FLAG_LETTERS = range(0x1F1E6, 0x1F1FF + 1)
_EXTENDING = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


def clean(text: str) -> str:
    """`text` without what no reader should meet and no database takes.

    Line breaks of every kind become a line feed; other control characters and those that override
    the direction of writing go; half a surrogate pair becomes U+FFFD.
    """
    text = _UNWANTED.sub("", _LINE_BREAK.sub("\n", text))
    return _LONE_SURROGATE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` cleaned, with every run of white space as one space and none at its ends."""
    return " ".join(clean(text).split())


def isolated(text: str) -> str:
    """`text`, kept apart where it is written from right to left: what follows it keeps its place.

    For cleaned text inside a line of ours; it grows by two characters there.
    """
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if _RIGHT_TO_LEFT.search(text) else text


def escape(text: str) -> str:
    """`text` cleaned and escaped for mrkdwn and for a message's fallback text.

    It can't mention, link or notify, nor open a block that swallows the lines after it. Takes what
    a person typed, not what was escaped before.
    """
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _FENCE.sub("`" + _BREAKER, text)
    return _LONG_QUOTE.sub(r"\1" + _BREAKER, text)


def escape_clamped(text: str, limit: int) -> str:
    """`text` escaped, in at most `limit` characters as Slack counts them: after escaping."""
    return clamp(escape(text), limit)


def spoken_date(on: date) -> str:
    """A date (or a datetime's) as people say it: Fri 27 March."""
    return f"{on:%a} {on.day} {on:%B}"


def clamp(text: str, limit: int) -> str:
    """`text` in at most `limit` characters (code points), with an ellipsis where it was cut.

    The cut never splits an escaped entity or what is read as one character: a letter and its
    accents, an emoji of several parts, a flag. It knows no markup: clamp first, then decorate.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    return text[: _cut(text, limit - len(ELLIPSIS))].rstrip() + ELLIPSIS


def _cut(text: str, at: int) -> int:
    """The last place, no later than `at`, where `text` may be cut."""
    while at > 0 and _splits_character(text, at):
        at -= 1
    start = max(at - _LONGEST_ENTITY + 1, 0)
    for entity in _ENTITY.finditer(text, start, at + _LONGEST_ENTITY):
        if entity.start() < at < entity.end():
            return entity.start()
    return at


def _splits_character(text: str, at: int) -> bool:
    """Whether a cut at `at` parts what is read as one character."""
    following = text[at]
    if unicodedata.category(following).startswith("M") or _EXTENDING.match(following):
        return True
    return text[at - 1] == _JOINER or _splits_flag(text, at)


def _splits_flag(text: str, at: int) -> bool:
    """Whether a cut at `at` parts the two letters of a flag, which pair off from the left."""
    first = at
    while first > 0 and ord(text[first - 1]) in _FLAG_LETTERS:
        first -= 1
    return ord(text[at]) in _FLAG_LETTERS and (at - first) % 2 == 1
