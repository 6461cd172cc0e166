"""People's text made inert for Jira's wiki markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import clean, one_line
from bot.jira.markup import LONGEST, inert, line

BREAKER = "\u2060"

# What is dense in signs that mean something, in all their neighbourhoods.
DENSE = st.text(
    alphabet=st.sampled_from("[]{}~|!\\*_-+^?#()/:.\n aby1h\u2060é") | st.characters(), max_size=60
)

# --- a reader of wiki markup, on what is left once escaped signs are taken out

_ESCAPED = re.compile(r"\\(?:\u2060|_|[^\w\s\\])")
_ADDRESS = re.compile(r"\bhttps?://[^\s\\{}\[\]|!<>\"']+")
_LIVE = {
    "a macro": r"\{",
    "a link or a mention": r"\[",
    "a picture": r"!\S",
    "a table": r"^\s*\|",
    "a list": r"^[^\S\n]*[*#-]+[^\S\n]",
    "a rule": r"^-{4,}[^\S\n]*$",
    "a heading": r"^\s*h[1-6]\.",
    "a quotation": r"^\s*bq\.",
    "bold": r"(?<![^\W_])\*\S",
    "italic": r"(?<![^\W_])_\S",
    "a citation": r"(?<![^\W_])\?\?\S",
    "struck out": r"(?<![^\W_])-\S",
    "underlined": r"(?<![^\W_])\+\S",
    "raised": r"(?<![^\W_])\^\S",
    "lowered": r"(?<![^\W_])~\S",
    "a forced break": r"\\\\",
}


def read(made: str) -> str:
    """What a person sees of it."""
    return re.sub(r"\\(?=_|[^\w\s\u2060])|\u2060", "", made)


def live(made: str) -> list[str]:
    """What Jira would make of it."""
    left = _ADDRESS.sub("\ue000", _ESCAPED.sub("\ue000", made))
    return [name for name, sign in _LIVE.items() if re.search(sign, left, re.MULTILINE)]


@given(DENSE)
def test_nothing_that_people_write_is_alive(text: str) -> None:
    """No mention, no macro, no link, no picture, nothing that styles a line."""
    made = inert(text)
    assert live(made) == []
    assert "[~" not in made


@given(DENSE)
def test_it_reads_as_it_was_written(text: str) -> None:
    """Backslashes of ours are not seen, those of people are."""
    seen = read(inert(text).replace("\\" + BREAKER, "\ue001"))
    expected = clean(text).strip("\n").replace(BREAKER, "")
    assert seen.replace("\ue001", "\\") == expected


@given(DENSE, st.integers(0, 80))
def test_it_fits(text: str, limit: int) -> None:
    """Cut before it is changed, so that no sign is freed by the cut."""
    made = inert(text, limit)
    assert len(made) <= limit
    assert live(made) == []


@given(DENSE)
def test_a_line_is_one_and_mentions_nobody(text: str) -> None:
    """As a summary is shown: nothing is read in it, so nothing is escaped."""
    made = line(text * 9)
    assert len(made) <= 255
    assert one_line(made) == made
    assert "[~" not in made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Ask the vendor for v2 - today!", "Ask the vendor for v2 - today!"),
        ("train_model_v2 on 2026-04-09, e-mail me", "train_model_v2 on 2026-04-09, e-mail me"),
        ("ping [~mei] now", f"ping \\[{BREAKER}\\~mei] now"),
        ("[~accountid:5b10]", f"\\[{BREAKER}\\~accountid:5b10]"),
        ("\\[~mei]", f"\\{BREAKER}\\[{BREAKER}\\~mei]"),
        ("{code}x{code} {{y}}", "\\{code}x\\{code} \\{\\{y}}"),
        ("[a|https://b.example] [#x] [^y]", "\\[a|https://b.example] \\[#x] \\[\\^y]"),
        ("!x.png|width=9!", "\\!x.png|width=9!"),
        ("h1. Title\nbq. said", f"h1{BREAKER}. Title\nbq{BREAKER}. said"),
        ("* one\n ** two\n# three\n- four", "\\* one\n \\** two\n\\# three\n\\- four"),
        ("|a|b|\n||c||", "\\|a|b|\n\\||c||"),
        ("*bold* _it_ -no- +un+ ??ci??", "\\*bold* \\_it_ \\-no- \\+un+ \\?\\?ci??"),
        ("f(x) and (/) and (on)", "f\\(x) and \\(/) and \\(on)"),
        ("C:\\temp\\new", f"C:\\{BREAKER}temp\\{BREAKER}new"),
        (
            "see https://a.example/-x_/~u?a=*b*#c and {d}",
            "see https://a.example/-x_/~u?a=*b*#c and \\{d}",
        ),
        ("https://a.example/[~mei]", f"https://a.example/\\[{BREAKER}\\~mei]"),
    ],
)
def test_examples(text: str, made: str) -> None:
    """Ordinary sentences stay as they are."""
    assert inert(text) == made


def test_a_long_text_is_cut_to_what_jira_takes() -> None:
    """However many of its signs grow."""
    assert len(inert("{" * 99_999)) <= LONGEST
    assert inert("{" * 99_999).endswith("…")


def test_the_reader_above_sees_what_is_alive() -> None:
    """Else it would prove nothing."""
    for text in ("{a}", "[~m]", "!a!", "|a|", "* a", "----", "h1. a", "*a*", "??a??", "\\\\"):
        assert live(text) != []
