"""A webhook of Jira's: who sent it, and which issue it is about."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.jira.webhook import BadWebhook, identifier, issue_of, signed

# The example of developer.atlassian.com/cloud/jira/platform/webhooks: secret, body and signature.
SECRET, BODY = "It's a Secret to Everybody", b"Hello World!"
SIGNATURE = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def said(event: str, issue: Any = None, **more: Any) -> bytes:
    """A delivery as Jira sends it."""
    whole = {"timestamp": 1774850400000, "webhookEvent": event, "user": {"accountId": "5b"}, **more}
    return json.dumps(whole if issue is None else {**whole, "issue": issue}).encode()


def test_a_good_signature_is_of_this_body_and_this_secret() -> None:
    """Jira's own example; the header's name in any case."""
    assert signed(SECRET, {"X-Hub-Signature": SIGNATURE}, BODY)
    assert signed(SECRET, CIMultiDict({"x-hub-signature": SIGNATURE}), BODY)
    assert not signed(SECRET, {"X-Hub-Signature": SIGNATURE}, BODY + b" ")
    assert not signed("another", {"X-Hub-Signature": SIGNATURE}, BODY)


@pytest.mark.parametrize(
    "given_",
    [
        "",
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE.upper(),
        SIGNATURE.replace("sha256", "sha1"),
        SIGNATURE[:-1] + "é",
        "sha256=\udce9",
        "sha256=",
    ],
)
def test_any_other_signature_is_none(given_: str) -> None:
    """Letters beyond ASCII are no error either."""
    assert not signed(SECRET, {"X-Hub-Signature": given_}, BODY)


def test_no_signature_is_none() -> None:
    """The header is not there."""
    assert not signed(SECRET, {}, BODY)


def test_a_delivery_is_known_by_jira_s_identifier() -> None:
    """Its repetitions carry the same one."""
    assert identifier({"X-Atlassian-Webhook-Identifier": "4f0b-1"}, b"x") == "4f0b-1"


@pytest.mark.parametrize("wrong", ["", "x" * 256, "é", "a\x00b"])
def test_without_a_usable_identifier_the_body_is_it(wrong: str) -> None:
    """It holds the instant, so that two changes have two."""
    headers = {"X-Atlassian-Webhook-Identifier": wrong}
    assert identifier(headers, b"x") == identifier({}, b"x") != identifier({}, b"y")


@pytest.mark.parametrize(
    "event",
    ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created"],
)
def test_a_hint_is_an_id(event: str) -> None:
    """Nothing else of the body is believed: the issue is read again."""
    issue = {"id": "10002", "key": "ML-7", "fields": {"summary": "old"}}
    assert issue_of(said(event, issue)) == "10002"
    assert issue_of(said(event, {**issue, "id": 10002})) == "10002"


def test_what_is_about_no_issue_is_no_hint() -> None:
    """Of a project, a board, a sprint."""
    assert issue_of(said("project_updated", project={"id": 10000})) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"jira:issue_updated"',
        b"{}",
        b'{"webhookEvent": 7}',
        b"[" * 100_000,
        b"\xff\xfe\xfd",
        said("jira:issue_updated", "10002"),
        said("jira:issue_updated", {}),
        said("jira:issue_updated", {"id": "ML-7"}),
        said("jira:issue_updated", {"id": "../1"}),
        said("jira:issue_updated", {"id": "²"}),
        said("jira:issue_updated", {"id": "1" * 20}),
        said("jira:issue_updated", {"id": -1}),
    ],
)
def test_what_is_not_jira_s_is_refused(body: bytes) -> None:
    """By a name, not by a crash."""
    with pytest.raises(BadWebhook):
        issue_of(body)


@given(st.binary(), st.text(), st.text())
def test_whatever_comes_is_no_crash(body: bytes, signature: str, name: str) -> None:
    """Anybody may send to it."""
    headers = {"X-Hub-Signature": signature, "X-Atlassian-Webhook-Identifier": name}
    assert not signed("secret", headers, body)
    assert 0 < len(identifier(headers, body)) <= 255
    with contextlib.suppress(BadWebhook):
        issue_of(body)
