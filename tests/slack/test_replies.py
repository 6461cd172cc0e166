"""Whose doing a request is, and where they belong."""

from typing import Any

from bot.slack import replies

_CHANGED = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2.0"}
_MESSAGE = {"type": "message", "user": "UEVA", "user_team": "TELSEWHERE", "text": "x", "ts": "1.0"}


def of_event(**event: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "THERE", "event_id": "E1", "event": event}


def test_an_edit_is_its_writer_s() -> None:
    """Slack sends one by itself for a link: what a stranger wrote must not come in by that."""
    for body in (of_event(**_MESSAGE), of_event(**_CHANGED, message=_MESSAGE)):
        assert replies.actor(body) == "UEVA"
        assert replies.actors_team(body) == "TELSEWHERE"


def test_a_deletion_is_followed_whosever_it_was() -> None:
    """What is gone in Slack goes here, also what somebody wrote while they were admitted."""
    gone = {**_CHANGED, "subtype": "message_deleted", "deleted_ts": "1.0"}
    assert replies.actors_team(of_event(**gone, previous_message=_MESSAGE)) is None


def test_an_event_that_nobody_did_is_nobody_s() -> None:
    """Nor is one whose message is none."""
    assert replies.actor(of_event(type="channel_unarchive", channel="C1", message=["x"])) == ""
