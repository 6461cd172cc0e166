"""What people wrote: nothing in it notifies, breaks out of its line or its limit."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import clamp, clean, escape, escape_clamped, isolated, one_line

E_ACUTE = "e\u0301"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
THUMB = "\U0001f44d\U0001f3fd"
GERMANY, FRANCE = "\U0001f1e9\U0001f1ea", "\U0001f1eb\U0001f1f7"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

# What Slack, PostgreSQL, terminals and readers of right-to-left scripts stumble over.
HOSTILE = (
    *("<", ">", "&", "`", "```", ">>>", "@", "!", "#", "|", "&amp;", "&lt", ";", "*"),
    *("<!channel>", "<@U1>", "<#C1>", "<!subteam^S1>", "<https://a.b|c>", "@here"),
    *(" ", "\t", "\n", "\r", "\r\n", "\v", "\f", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\u200f", "\u200b", "\u200d", "\ufe0f", "\ud83d"),
    *("a", E_ACUTE, "\u0301", FAMILY, THUMB, GERMANY, FRANCE, SCOTLAND, "\u05e9\u05dc"),
)
texts = st.lists(st.sampled_from(HOSTILE), max_size=30).map("".join) | st.text(st.characters())
limits = st.integers(0, 60)

ENTITY = re.compile("&(?:amp|lt|gt);")


def is_inert(escaped: str) -> bool:
    """Nothing is left of Slack's control characters but whole entities."""
    return not re.search("[<>&]", ENTITY.sub("", escaped))


# ---- escaping


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<!channel> now", "&lt;!channel&gt; now"),
        ("ask <@U1>", "ask &lt;@U1&gt;"),
        ("<https://evil.example|our wiki>", "&lt;https://evil.example|our wiki&gt;"),
        ("R&D", "R&amp;D"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("x -> y >> z", "x -&gt; y &gt;&gt; z"),
        ("*bold* _and_ `code`", "*bold* _and_ `code`"),
    ],
)
def test_escaping(written: str, shown: str) -> None:
    """Mentions, links and typed entities are read as they were written."""
    assert escape(written) == shown


def test_a_block_of_code_swallows_nobody_else_s_line() -> None:
    """Three backticks in a row would run on over the lines below."""
    assert escape("```") == "`\u200b``"
    assert "```" not in escape("`````")


def test_a_long_quotation_swallows_nobody_else_s_line() -> None:
    """>>> quotes all that follows in the message; > quotes its own line and may stay."""
    assert escape(">>> mine") == "&gt;\u200b&gt;&gt; mine"
    assert escape("a\n  >>> b") == "a\n  &gt;\u200b&gt;&gt; b"
    assert escape("> mine") == "&gt; mine"


@given(texts)
def test_no_text_can_notify(written: str) -> None:
    """Whatever was written, no control character of Slack's is left of it."""
    assert is_inert(escape(written))


@given(texts, limits)
def test_no_cut_text_can_notify(written: str, limit: int) -> None:
    """Nor where it was cut, on one line or on many."""
    assert is_inert(escape_clamped(written, limit))
    assert is_inert(escape_clamped(one_line(written), limit))


@given(texts)
def test_no_text_opens_a_block(written: str) -> None:
    """Neither code nor quotation reaches over the end of the text."""
    assert "```" not in escape(written)
    assert not re.search(r"^\s*&gt;&gt;", escape(written), re.MULTILINE)


@given(texts)
def test_escaping_loses_nothing(written: str) -> None:
    """What Slack shows is the cleaned text, but for invisible breakers."""
    shown = html.unescape(escape(written).replace("\u200b", ""))
    assert shown == clean(written).replace("\u200b", "")


# ---- cleaning


def test_nul_is_removed() -> None:
    """PostgreSQL refuses it in any text."""
    assert clean("a\0b") == "ab"


def test_terminal_sequences_are_disarmed() -> None:
    """An escape character would colour, or rewrite, the log of whoever reads it."""
    assert clean("\x1b[31mred\x9b2J") == "[31mred2J"


def test_line_breaks_of_every_kind() -> None:
    """Windows, old Macs, typewriters and Unicode; tabs stay."""
    assert clean("a\r\nb\rc\vd\fe\x85f\u2028g\u2029h\ti") == "a\nb\nc\nd\ne\nf\ng\nh\ti"


def test_an_override_can_t_flip_the_next_line() -> None:
    """U+202E would show what follows backwards."""
    assert clean("\u202egnp.exe\u202c \u2066x\u2069") == "gnp.exe x"


def test_ordinary_right_to_left_text_is_kept() -> None:
    """Hebrew, Arabic, and the marks they are written with."""
    text = "\u05e9\u05dc\u05d5\u05dd\u200f! \u0645\u0631\u062d\u0628\u0627\u200e 3"
    assert clean(text) == text


def test_half_a_surrogate_pair_is_replaced() -> None:
    """JSON can carry one where a client cut an emoji in two; UTF-8 can't."""
    assert clean("ok \ud83d") == "ok \ufffd"


@given(texts)
def test_cleaned_text_can_be_stored(written: str) -> None:
    """It is encodable, free of NUL and of overrides, and clean already."""
    text = clean(written)
    text.encode()
    assert not re.search("[\0\r\x1b\u202a-\u202e\u2066-\u2069]", text)
    assert clean(text) == text


# ---- one line


def test_one_line() -> None:
    """A multi-line answer becomes a line of a list."""
    assert one_line("  first\r\n\n\tsecond\u2028 third\u00a0 ") == "first second third"


@given(texts)
def test_one_line_is_one_line(written: str) -> None:
    """For every notion of a line there is, and doing it again changes nothing."""
    line = one_line(written)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert one_line(line) == line


# ---- clamping


@pytest.mark.parametrize(
    ("text", "limit", "clamped"),
    [
        pytest.param("abcde", 5, "abcde", id="fits"),
        pytest.param("abcdef", 5, "abcd…", id="too long"),
        pytest.param("abc def", 5, "abc…", id="no space before the ellipsis"),
        pytest.param("abc", 1, "…", id="room for the ellipsis only"),
        pytest.param("abc", 0, "", id="no room"),
        pytest.param("", 0, "", id="nothing"),
        pytest.param("ab&amp;cd", 6, "ab…", id="entity"),
        pytest.param("ab&amp;cd", 7, "ab…", id="before its semicolon"),
        pytest.param("ab&amp;cd", 8, "ab&amp;…", id="after an entity"),
        pytest.param("a&amp;amp;bc", 7, "a&amp;…", id="entity, then its name"),
        pytest.param("&lt;&gt;&lt;", 8, "&lt;…", id="entities in a row"),
        pytest.param("AT&T is long", 5, "AT&T…", id="a bare ampersand"),
        pytest.param("a" + E_ACUTE + "bc", 3, "a…", id="accent"),
        pytest.param("a" + FAMILY + "bcd", 6, "a…", id="joined emoji"),
        pytest.param("a" + FAMILY + "bcd", 7, "a" + FAMILY + "…", id="after a joined emoji"),
        pytest.param("a" + THUMB + "bc", 3, "a…", id="skin tone"),
        pytest.param(GERMANY + FRANCE + "x", 4, GERMANY + "…", id="second flag"),
        pytest.param("a" + GERMANY + FRANCE, 3, "a…", id="first flag"),
        pytest.param("ab" + SCOTLAND + "c", 7, "ab…", id="flag of tags"),
        pytest.param("a" + 50 * "\u0301", 10, "…", id="more accents than room"),
    ],
)
def test_clamping(text: str, limit: int, clamped: str) -> None:
    """Cut where a reader would cut."""
    assert clamp(text, limit) == clamped


@given(texts, limits)
def test_clamp_keeps_its_limit(text: str, limit: int) -> None:
    """Never longer; untouched if it fits; else a beginning of the text with an ellipsis."""
    clamped = clamp(text, limit)
    assert len(clamped) <= limit
    if len(text) <= limit:
        assert clamped == text
    elif limit:
        assert clamped.endswith("…")
        assert text.startswith(clamped[:-1])
    assert clamp(clamped, limit) == clamped


@given(st.text("abc", min_size=1), st.integers(1, 60))
def test_clamp_wastes_nothing(text: str, limit: int) -> None:
    """Plain letters fill the limit."""
    assert len(clamp(text, limit)) == min(len(text), limit)


@given(st.lists(st.sampled_from([E_ACUTE, FAMILY, THUMB, SCOTLAND, GERMANY, "&amp;"])), limits)
def test_clamp_splits_no_character(characters: list[str], limit: int) -> None:
    """What is left are whole characters."""
    clamped = clamp("".join(characters), limit)
    beginnings = ["".join(characters[:count]) for count in range(len(characters) + 1)]
    assert clamped.removesuffix("…") in beginnings


def test_escaped_length_is_what_counts() -> None:
    """Slack measures what it is sent: five characters for one ampersand."""
    assert escape_clamped("&&&", 14) == "&amp;&amp;…"
    assert escape_clamped("&&&", 15) == "&amp;&amp;&amp;"


@pytest.mark.parametrize(
    "text", ["\u05e9\u05dc\u05d5\u05dd", "ok \u0645\u0631\u062d\u0628\u0627", "\ufb1d"]
)
def test_what_is_written_from_right_to_left_is_kept_apart(text: str) -> None:
    """In one pair of marks about the whole."""
    assert isolated(text) == f"\u2068{text}\u2069"


@pytest.mark.parametrize("text", ["", "plain", "Zo\u00eb \u65e5\u672c", FAMILY, "\u0394 \u042f"])
def test_other_writing_is_left_as_it_is(text: str) -> None:
    """Nothing to keep apart."""
    assert isolated(text) == text
