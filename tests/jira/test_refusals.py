"""What a reply means, by its status, headers and body alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import MeridianError, RateLimited
from bot.jira.errors import JiraRefused
from bot.jira.refusals import judged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["errorMessages", "errors", "message", "errorMessage", "x"]), inner
        )
    ),
    max_leaves=8,
)


def pause(**headers: str) -> float:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    judgement = judged(429, named, "")
    assert isinstance(judgement, RateLimited)
    return judgement.retry_after


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0", 0), (" 12 ", 12), ("999999", 3600), ("-5", 30), ("soon", 30), ("", 30), ("²", 30)],
)
def test_a_pause_in_seconds(said: str, seconds: float) -> None:
    """What is no number asks for a pause of our choosing; none is longer than an hour."""
    assert pause(retry_after=said) == seconds


@pytest.mark.parametrize(
    ("until", "now", "seconds"),
    [
        ("Mon, 30 Mar 2026 07:00:20 GMT", "Mon, 30 Mar 2026 07:00:00 GMT", 20),
        ("Mon, 30 Mar 2026 06:59:00 GMT", "Mon, 30 Mar 2026 07:00:00 GMT", 0),
        ("Mon, 30 Mar 2026 07:00:20 GMT", "", 30),
        ("Mon, 30 Mar 2026 07:00:20", "Mon, 30 Mar 2026 07:00:00 GMT", 30),
    ],
)
def test_a_pause_until_a_date(until: str, now: str, seconds: float) -> None:
    """By the clock of whoever sent it, which is not ours."""
    assert pause(retry_after=until, date=now) == seconds


def test_jira_s_words_are_lines_and_not_too_many() -> None:
    """They stand on somebody's card."""
    said = {
        "errorMessages": ["two\nlines", 7, "x" * 999, *"abcdef"],
        "errors": {"due": "No.", "y": 1},
    }
    refused = judged(400, {}, json.dumps(said))
    assert isinstance(refused, JiraRefused)
    assert refused.messages == ("two lines", "x" * 299 + "…", "a", "b")
    assert refused.fields == {"due": "No."}
    assert refused.words.endswith("a b No.")


def test_a_refusal_without_words_says_its_status() -> None:
    """Better than nothing."""
    refused = judged(400, {}, "<html>")
    assert isinstance(refused, JiraRefused)
    assert refused.message == "Jira refused: 400"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_answer_is_none(status: int) -> None:
    """Whatever its body."""
    assert judged(status, {"x-seraph-loginreason": "OK"}, "") is None


@given(st.sampled_from([300, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599]), JSON)
def test_any_body_is_judged(status: int, body: object) -> None:
    """Whatever stands between us and Jira may answer too."""
    judgement = judged(status, {}, json.dumps(body))
    assert isinstance(judgement, MeridianError)
    assert "\n" not in judgement.message
