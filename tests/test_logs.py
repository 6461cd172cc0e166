"""Logs: fields on one line, and never a token."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import date

import pytest
import structlog

from bot import logs

CANARIES = (
    "xoxb-12-canary",
    "xapp-1-A-canary",
    "xoxe.xoxp-1-canary",
    "xwfp-canary-9",
    "ATATT3xFfGF0canary_-x=1A2B3C4D",
)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the configured logs wrote; afterwards they are as they were."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("debug")
    yield written
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("token", CANARIES)
def test_tokens_are_blacked_out_wherever_they_are(log: io.StringIO, token: str) -> None:
    """In the event, in a field however deep, in another library's line, in an error's stack."""
    ours, theirs = structlog.get_logger(), logging.getLogger("library")
    ours.info(f"with {token}", field=token, error=ValueError(token))
    ours.info("deep", body={"token": token, "list": [token, ("x", token)]}, raw=token.encode())
    theirs.warning("sent %s and %r", token, {"token": token})
    try:
        raise ValueError(token)
    except ValueError:
        ours.exception("failed")
        theirs.exception("failed")
    assert "canary" not in log.getvalue()
    assert log.getvalue().count("[redacted]") >= 8


def test_bearer_tokens_are_blacked_out_whatever_they_look_like(log: io.StringIO) -> None:
    """As in a request's headers."""
    structlog.get_logger().info("sent", headers="{'Authorization': 'Bearer canary.ABC/+='}")
    structlog.get_logger().info("sent", headers={"authorization": "bearer canary.ABC/+="})
    assert "canary" not in log.getvalue()


def test_logins_by_name_and_token_are_blacked_out(log: io.StringIO) -> None:
    """Jira Cloud's header holds both, encoded."""
    structlog.get_logger().info("sent", headers={"Authorization": "Basic Y2FuYXJ5canary+/="})
    assert "canary" not in log.getvalue()


@pytest.mark.parametrize("secret", ["canary0123456789", "canary\\\"'/+=", "Schlüssel-canary"])
def test_a_secret_is_blacked_out_though_it_looks_like_nothing(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    """Data Center's tokens, webhooks' and signing secrets."""
    monkeypatch.setattr(sys, "stderr", log)
    logs.configure("info", ["short", secret, "another secret"])
    ours, theirs = structlog.get_logger(), logging.getLogger("library")
    ours.info(f"with {secret}", field=secret, deep={"list": [secret]}, error=ValueError(secret))
    theirs.warning("sent %s and %r", secret, {"token": secret})
    ours.info("what is short stays")
    assert "canary" not in log.getvalue()
    assert "what is short stays" in log.getvalue()


def test_a_line_is_json_where_no_terminal_is(log: io.StringIO) -> None:
    """For machines: a newline in a value begins no new line."""
    structlog.get_logger().info("said", text="one\n{}", when=date(2026, 3, 30))
    logging.getLogger("library").info("two\nlines")
    first, second = map(json.loads, log.getvalue().splitlines())
    assert list(first) == ["timestamp", "level", "event", "text", "when"]
    assert (first["event"], first["text"]) == ("said", "one\n{}")
    assert (second["level"], second["event"]) == ("info", "two\nlines")


@pytest.mark.parametrize("terminal", [True, False])
def test_a_stack_shows_no_values(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    """They may be what a person answered: neither of its variables nor of its errors' texts."""
    monkeypatch.setattr(log, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", log)
    logs.configure("info")
    answer = "an answer in confidence"
    try:
        try:
            raise KeyError(answer)
        except KeyError as error:
            raise ValueError(f"{answer} is none") from error
    except ValueError:
        structlog.get_logger().exception("failed", token="xoxb-canary")
        logging.getLogger("library").exception("failed")
    for kept in ("KeyError", "which led to", "ValueError", "in test_a_stack_shows_no_values"):
        assert log.getvalue().count(kept) >= 2
    assert "an answer in" not in log.getvalue()
    assert "canary" not in log.getvalue()


def test_chatty_libraries_keep_quiet_at_any_level(log: io.StringIO) -> None:
    """Bolt and the SDK log whole payloads at debug: answers among them."""
    chatty = ("slack_bolt", "slack_bolt.App", "slack_sdk.web", "aiohttp.access", "apscheduler")
    for name in (*chatty, "urllib3.connectionpool"):  # it logs addresses, and who is looked for
        logging.getLogger(name).info("a payload")
        logging.getLogger(name).debug("a payload")
    assert log.getvalue() == ""
