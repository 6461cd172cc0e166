"""Replies in threads: how parents count them, how they page, and who sees them."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import BOT_USER_ID, Sandbox
from tests.sandbox.conftest import Client

CHANNEL = "C01CHURN"


def marked(key: str) -> dict[str, Any]:
    return {"event_type": "meridian_mirror", "event_payload": {"key": key}}


@pytest.fixture
async def thread(sandbox: Sandbox, slack: AsyncWebClient, control: Client) -> list[str]:
    """A parent, two replies of the bot's and one of Mei's: their timestamps."""
    sandbox.site.rates.limits = False
    parent = (await slack.chat_postMessage(channel=CHANNEL, text="0", metadata=marked("m0")))["ts"]
    stamps = [str(parent)]
    for name in ("1", "2"):
        sent = await slack.chat_postMessage(
            channel=CHANNEL, text=name, thread_ts=parent, metadata=marked(f"m{name}")
        )
        stamps.append(sent["ts"])
    said = await control.post("message", user="U01MEI", channel=CHANNEL, text="3", thread_ts=parent)
    return [*stamps, said["ts"]]


async def replies(slack: AsyncWebClient, **more: Any) -> tuple[list[str], dict[str, Any]]:
    """The texts of one page, and the page."""
    found = (await slack.conversations_replies(channel=CHANNEL, **more)).data
    assert isinstance(found, dict)
    return [message["text"] for message in found["messages"]], found


async def test_a_parent_counts_its_replies(slack: AsyncWebClient, thread: list[str]) -> None:
    """In the history and in its thread alike; replies name the parent and its author."""
    history = (await slack.conversations_history(channel=CHANNEL))["messages"]
    (_, found) = await replies(slack, ts=thread[0])
    for parent in (history[0], found["messages"][0]):
        assert (parent["reply_count"], parent["reply_users_count"]) == (3, 2)
        assert parent["reply_users"] == [BOT_USER_ID, "U01MEI"]
        assert (parent["latest_reply"], parent["thread_ts"]) == (thread[3], thread[0])
    assert found["messages"][3]["parent_user_id"] == BOT_USER_ID
    await slack.chat_delete(channel=CHANNEL, ts=thread[2])
    (_, found) = await replies(slack, ts=thread[0])
    assert found["messages"][0]["reply_count"] == 2


async def test_replies_carry_metadata_when_all_of_it_is_asked_for(
    slack: AsyncWebClient, thread: list[str]
) -> None:
    """So a reply whose sending was cut off can be found."""
    _, plain = await replies(slack, ts=thread[0])
    _, full = await replies(slack, ts=thread[0], include_all_metadata=True)
    assert ["metadata" in each for each in plain["messages"]] == [False] * 4
    keys = [each.get("metadata", {}).get("event_payload") for each in full["messages"]]
    assert keys == [{"key": "m0"}, {"key": "m1"}, {"key": "m2"}, None]


async def test_replies_page_oldest_first_below_their_parent(
    slack: AsyncWebClient, thread: list[str]
) -> None:
    """Each page begins with the parent."""
    texts, found = await replies(slack, ts=thread[0], limit=2)
    assert (texts, found["has_more"]) == (["0", "1", "2"], True)
    cursor = found["response_metadata"]["next_cursor"]
    texts, found = await replies(slack, ts=thread[0], limit=2, cursor=cursor)
    assert (texts, found["has_more"]) == (["0", "3"], False)


@pytest.mark.parametrize(
    ("after", "inclusive", "texts"),
    [(1, False, ["0", "2", "3"]), (1, True, ["0", "1", "2", "3"]), (3, False, ["0"])],
)
async def test_oldest_leaves_out_what_came_before(
    slack: AsyncWebClient, thread: list[str], after: int, inclusive: bool, texts: list[str]
) -> None:
    """But never the parent."""
    found, _ = await replies(slack, ts=thread[0], oldest=thread[after], inclusive=inclusive)
    assert found == texts


async def test_a_note_in_a_thread_is_one_persons_and_counts_for_nothing(
    slack: AsyncWebClient, control: Client, thread: list[str]
) -> None:
    """chat.postEphemeral with thread_ts; the state says to whom."""
    go = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}
    row = {"type": "actions", "elements": [go]}
    sent = await slack.chat_postEphemeral(
        channel=CHANNEL, user="U01SAM", text="psst", blocks=[row], thread_ts=thread[0]
    )
    texts, found = await replies(slack, ts=thread[0])
    assert (texts[-1], found["messages"][0]["reply_count"]) == ("3", 3)
    (note,) = [m for m in await control.messages(CHANNEL) if m["ephemeral_to"]]
    assert (note["ephemeral_to"], note["thread_ts"], note["ts"]) == (
        "U01SAM", thread[0], sent["message_ts"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "user", "error"),
    [
        ("C01LEADS", "U01MEI", "user_not_in_channel"),
        ("C01DATAQUALITY", "U01MEI", "not_in_channel"),
        ("C0NOWHERE", "U01MEI", "channel_not_found"),
    ],
)
async def test_a_note_reaches_members_only(
    slack: AsyncWebClient, channel: str, user: str, error: str
) -> None:
    """Of channels that the bot is in."""
    with pytest.raises(SlackApiError) as refused:
        await slack.chat_postEphemeral(channel=channel, user=user, text="psst")
    assert refused.value.response["error"] == error
