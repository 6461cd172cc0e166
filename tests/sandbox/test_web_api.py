"""The Web API through the real SDK: errors, paging, threads, scopes, tokens and rates."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import APP_TOKEN, BOT_TOKEN, BOT_USER_ID, TEAM_ID, Sandbox
from bot.sandbox.aurora import GUEST, OTHER_TEAM_ID
from tests.sandbox.conftest import START, Client, Paced

CHANNEL = "C01CHURN"
OUTSIDE = "C01DATAQUALITY"
LEADS = "C01LEADS"


async def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


async def code(call: Any) -> str:
    return str((await refusal(call))["error"])


async def test_who_am_i(slack: AsyncWebClient) -> None:
    """auth.test names the bot, and every answer the workspace's clock and the scopes."""
    answer = await slack.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (BOT_USER_ID, TEAM_ID)
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")
    assert parsedate_to_datetime(answer.headers["Date"]) - START < timedelta(seconds=30)


async def test_tokens(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    """A wrong token, none, and one of the wrong kind are told apart."""
    base = f"{sandbox.url}/api/"
    assert await code(AsyncWebClient("xoxb-other", base_url=base).auth_test()) == "invalid_auth"
    assert await code(AsyncWebClient(base_url=base).auth_test()) == "not_authed"
    app = AsyncWebClient(APP_TOKEN, base_url=base)
    assert await code(app.auth_test()) == "not_allowed_token_type"
    assert await code(slack.apps_connections_open(app_token=BOT_TOKEN)) == "not_allowed_token_type"
    assert await code(slack.api_call("no.suchThing")) == "unknown_method"


async def test_a_revoked_token_is_a_fault(slack: AsyncWebClient, control: Client) -> None:
    """Any error can be put on every method until it is cleared."""
    await control.post("fault", method="*", mode="error", error="token_revoked", count=None)
    assert await code(slack.auth_test()) == "token_revoked"
    assert await code(slack.users_list()) == "token_revoked"
    async with control.session.delete(f"{control.url}/_control/fault", json={}) as reply:
        assert reply.status == 200
    assert (await slack.auth_test())["ok"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [(OUTSIDE, "not_in_channel"), ("C0NOWHERE", "channel_not_found"), (LEADS, None),
     ("#general", None), ("U01MEI", None)],
)  # fmt: skip
async def test_where_the_bot_may_post(
    slack: AsyncWebClient, channel: str, error: str | None
) -> None:
    """By id or name, or to a person's DM; not where it is no member."""
    call = slack.chat_postMessage(channel=channel, text="hi")
    if error is None:
        assert (await call)["ok"]
    else:
        assert await code(call) == error


async def test_a_private_channel_is_invisible_from_outside(
    slack: AsyncWebClient, control: Client
) -> None:
    """Not in it, the bot can't tell it from one that doesn't exist."""
    await control.post("channel", channel=LEADS, leave=[BOT_USER_ID])
    assert await code(slack.chat_postMessage(channel=LEADS, text="x")) == "channel_not_found"
    assert await code(slack.conversations_info(channel=LEADS)) == "channel_not_found"


async def test_archived_channels_refuse(slack: AsyncWebClient, control: Client) -> None:
    """Posting and updating say is_archived until it is opened again."""
    ts = (await slack.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    await control.post("channel", channel=CHANNEL, archived=True)
    assert await code(slack.chat_postMessage(channel=CHANNEL, text="x")) == "is_archived"
    assert await code(slack.chat_update(channel=CHANNEL, ts=ts, text="y")) == "is_archived"
    await control.post("channel", channel=CHANNEL, archived=False)
    await slack.chat_update(channel=CHANNEL, ts=ts, text="y")


async def test_deactivated_people(slack: AsyncWebClient, control: Client) -> None:
    """Nothing can be opened for, or sent to, who is gone."""
    dm = (await slack.conversations_open(users="U01MEI"))["channel"]["id"]
    await control.post("user", user="U01MEI", deleted=True)
    assert await code(slack.conversations_open(users="U01MEI")) == "user_disabled"
    assert await code(slack.chat_postMessage(channel=dm, text="x")) == "user_disabled"
    assert (await slack.users_info(user="U01MEI"))["user"]["deleted"] is True
    assert "U01MEI" not in (await slack.conversations_members(channel=CHANNEL))["members"]
    assert await code(slack.conversations_open(users="U0NOBODY")) == "user_not_found"


async def test_text_limits(slack: AsyncWebClient) -> None:
    """40,000 characters fit; none at all don't."""
    await slack.chat_postMessage(channel=CHANNEL, text="x" * 40_000)
    assert await code(slack.chat_postMessage(channel=CHANNEL, text="x" * 40_001)) == "msg_too_long"
    assert await code(slack.api_call("chat.postMessage", json={"channel": CHANNEL})) == "no_text"


async def test_bad_blocks_name_the_block(slack: AsyncWebClient) -> None:
    """The refusal says which block, and why."""
    blocks = [{"type": "divider"}, {"type": "section"}]
    answer = await refusal(slack.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/1]" in answer["response_metadata"]["messages"][0]


async def test_only_ones_own_messages_change(slack: AsyncWebClient, control: Client) -> None:
    """People's words are theirs; what isn't there can't be changed."""
    said = await control.post("message", user="U01MEI", channel=CHANNEL, text="mine")
    update = slack.chat_update(channel=CHANNEL, ts=said["ts"], text="x")
    assert await code(update) == "cant_update_message"
    assert await code(slack.chat_delete(channel=CHANNEL, ts=said["ts"])) == "cant_delete_message"
    assert await code(slack.chat_delete(channel=CHANNEL, ts="1.000001")) == "message_not_found"
    own = (await slack.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    await control.post("delete", user="U01LENA", channel=CHANNEL, ts=own)
    gone = slack.chat_update(channel=CHANNEL, ts=own, text="y")
    assert await code(gone) == "message_not_found"


async def test_update_keeps_blocks_only_without_new_text(slack: AsyncWebClient) -> None:
    """As Slack documents it; metadata stays unless it is sent."""
    blocks = [{"type": "divider"}]
    metadata = {"event_type": "meridian", "event_payload": {"id": "m1"}}
    ts = (
        await slack.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks, metadata=metadata)
    )["ts"]
    answer = await slack.chat_update(channel=CHANNEL, ts=ts, text="y")
    assert "blocks" not in answer["message"]
    assert answer["message"]["metadata"] == metadata


async def test_metadata_only_when_asked_for(slack: AsyncWebClient) -> None:
    """A look-up by metadata must ask for all of it."""
    metadata = {"event_type": "meridian", "event_payload": {"id": "m1"}}
    await slack.chat_postMessage(channel=CHANNEL, text="x", metadata=metadata)
    plain = await slack.conversations_history(channel=CHANNEL)
    full = await slack.conversations_history(channel=CHANNEL, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata
    bad = slack.chat_postMessage(channel=CHANNEL, text="x", metadata={"event_type": "x"})
    assert await code(bad) == "invalid_metadata_format"


async def test_timestamps_are_calendar_time_and_increase(slack: AsyncWebClient) -> None:
    """Even those made within one microsecond."""
    stamps = [
        (await slack.chat_postMessage(channel=channel, text="x"))["ts"]
        for channel in ("C01GENERAL", CHANNEL, LEADS)
    ]
    assert stamps == sorted(set(stamps))
    assert 0 <= float(stamps[0]) - START.timestamp() < 30


async def test_history_pages_newest_first(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    """A cursor names a message: what comes meanwhile neither hides nor repeats anything."""
    sandbox.site.rates.limits = False
    stamps = [(await slack.chat_postMessage(channel=CHANNEL, text=str(n)))["ts"] for n in range(5)]
    first = await slack.conversations_history(channel=CHANNEL, limit=2)
    assert [m["text"] for m in first["messages"]] == ["4", "3"]
    assert first["has_more"] is True
    await slack.chat_postMessage(channel=CHANNEL, text="late")
    cursor = first["response_metadata"]["next_cursor"]
    second = await slack.conversations_history(channel=CHANNEL, limit=2, cursor=cursor)
    assert [m["text"] for m in second["messages"]] == ["2", "1"]
    for inclusive, texts in ((False, ["2"]), (True, ["3", "2", "1"])):
        found = await slack.conversations_history(
            channel=CHANNEL, oldest=stamps[1], latest=stamps[3], inclusive=inclusive
        )
        assert [m["text"] for m in found["messages"]] == texts
    history = slack.conversations_history(channel=CHANNEL, cursor="nonsense")
    assert await code(history) == "invalid_cursor"
    history = slack.conversations_history(channel=CHANNEL, oldest="yesterday")
    assert await code(history) == "invalid_ts_oldest"
    assert await code(slack.conversations_history(channel=OUTSIDE)) == "not_in_channel"


async def test_threads_do_not_nest(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    """A reply to a reply joins its thread; histories show parents only."""
    sandbox.site.rates.limits = False
    post = slack.chat_postMessage
    parent = (await post(channel=CHANNEL, text="parent"))["ts"]
    reply = (await post(channel=CHANNEL, text="reply", thread_ts=parent))["ts"]
    await post(channel=CHANNEL, text="deeper", thread_ts=reply)
    thread = (await slack.conversations_replies(channel=CHANNEL, ts=parent))["messages"]
    assert [m["text"] for m in thread] == ["parent", "reply", "deeper"]
    assert {m["thread_ts"] for m in thread} == {parent}
    assert thread[0]["reply_count"] == 2
    history = (await slack.conversations_history(channel=CHANNEL))["messages"]
    assert [m["text"] for m in history] == ["parent"]
    lost = post(channel=CHANNEL, text="x", thread_ts="1.000001")
    assert await code(lost) == "thread_not_found"
    await slack.chat_delete(channel=CHANNEL, ts=parent)
    thread = (await slack.conversations_replies(channel=CHANNEL, ts=parent))["messages"]
    assert thread[0]["subtype"] == "tombstone"
    page = await slack.conversations_replies(channel=CHANNEL, ts=parent, limit=1)
    assert (len(page["messages"]), page["has_more"]) == (2, True)


async def test_a_reply_to_a_deleted_message_goes_into_the_channel(
    sandbox: Sandbox, slack: AsyncWebClient
) -> None:
    """Slack says ok, and nothing but the missing `thread_ts` tells (slack-go/slack#1571)."""
    sandbox.site.rates.limits = False
    post = slack.chat_postMessage
    parent = (await post(channel=CHANNEL, text="parent"))["ts"]
    below = await post(channel=CHANNEL, text="reply", thread_ts=parent)
    assert below["message"]["thread_ts"] == parent
    await slack.chat_delete(channel=CHANNEL, ts=parent)
    await post(channel=CHANNEL, text="the thread lives on", thread_ts=parent)
    thread = (await slack.conversations_replies(channel=CHANNEL, ts=parent))["messages"]
    for message in thread[1:]:
        await slack.chat_delete(channel=CHANNEL, ts=message["ts"])
    stray = await post(channel=CHANNEL, text="stray", thread_ts=parent)
    assert "thread_ts" not in stray["message"]
    history = (await slack.conversations_history(channel=CHANNEL))["messages"]
    assert [message["text"] for message in history] == ["stray"]


async def test_people_and_paging(slack: AsyncWebClient) -> None:
    """users.list pages by cursor; zones, addresses and strangers are told."""
    ids: list[str] = []
    cursor = ""
    while True:
        page = await slack.users_list(limit=3, cursor=cursor)
        ids += [member["id"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert len(ids) == len(set(ids)) == 9
    mei = (await slack.users_info(user="U01MEI"))["user"]
    assert (mei["tz"], mei["tz_offset"]) == ("Asia/Tokyo", 9 * 3600)
    assert mei["profile"]["email"] == "mei@aurora-ml.example"
    lena = (await slack.users_info(user="U01LENA"))["user"]
    assert lena["is_admin"]
    assert lena["tz_offset"] == 2 * 3600  # summer time began the day before
    guest = (await slack.users_info(user=GUEST))["user"]
    assert (guest["team_id"], guest["is_stranger"]) == (OTHER_TEAM_ID, True)


async def test_channel_lists(slack: AsyncWebClient) -> None:
    """By kind, and never a private one that the bot isn't in."""
    public = await slack.conversations_list()
    assert {c["name"] for c in public["channels"]} == {"general", "churn-model", "data-quality"}
    private = await slack.conversations_list(types="private_channel")
    assert [c["name"] for c in private["channels"]] == ["leads"]
    info = await slack.conversations_info(channel=OUTSIDE, include_num_members=True)
    assert (info["channel"]["is_member"], info["channel"]["num_members"]) == (False, 4)
    assert info["channel"]["is_ext_shared"] is True
    await slack.conversations_join(channel=OUTSIDE)
    assert (await slack.chat_postMessage(channel=OUTSIDE, text="hello"))["ok"]


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": CHANNEL, "text": "x"}),
        ("channels:history", "conversations.history", {"channel": CHANNEL}),
        ("groups:history", "conversations.history", {"channel": LEADS}),
        ("im:history", "conversations.history", {"channel": "D01MEI"}),
        ("im:write", "conversations.open", {"users": "U01MEI"}),
        ("users:read", "users.list", {}),
    ],
)
async def test_missing_scopes(
    sandbox: Sandbox, slack: AsyncWebClient, scope: str, method: str, arguments: dict[str, Any]
) -> None:
    """The refusal says what is needed and what was provided."""
    await slack.conversations_open(users="U01MEI")
    assert (await slack.api_call(method, params=arguments))["ok"]
    sandbox.scopes.discard(scope)
    answer = await refusal(slack.api_call(method, params=arguments))
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


async def test_addresses_need_their_own_scope(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    """users:read alone shows no e-mail."""
    sandbox.scopes.discard("users:read.email")
    assert "email" not in (await slack.users_info(user="U01MEI"))["user"]["profile"]


async def test_posting_is_one_a_second_in_a_channel(slack: AsyncWebClient, machine: Paced) -> None:
    """A short burst passes; then Retry-After says how long to wait."""
    for _ in range(3):
        await slack.chat_postMessage(channel=CHANNEL, text="x")
    answer = await refusal(slack.chat_postMessage(channel=CHANNEL, text="x"))
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert answer.headers["Retry-After"] == "1"
    await slack.chat_postMessage(channel="C01GENERAL", text="another channel has its own")
    machine.push(1)
    await slack.chat_postMessage(channel=CHANNEL, text="x")


async def test_tiers_are_per_minute(
    sandbox: Sandbox, slack: AsyncWebClient, machine: Paced
) -> None:
    """users.list may be called 20 times a minute, and not at all limited without limits."""
    for _ in range(20):
        await slack.users_list()
    answer = await refusal(slack.users_list())
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    sandbox.site.rates.limits = False
    await slack.users_list()
    sandbox.site.rates.limits = True
    machine.push(61)
    await slack.users_list()


async def test_reactions(slack: AsyncWebClient, control: Client) -> None:
    """Put on, taken off, and neither twice."""
    ts = (await slack.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    where = {"channel": CHANNEL, "timestamp": ts, "name": "eyes"}
    await slack.reactions_add(**where)
    assert await code(slack.reactions_add(**where)) == "already_reacted"
    assert (await control.messages(CHANNEL))[0]["reactions"] == {"eyes": [BOT_USER_ID]}
    await slack.reactions_remove(**where)
    assert await code(slack.reactions_remove(**where)) == "no_reaction"


async def test_ephemerals_are_for_one_person(slack: AsyncWebClient, control: Client) -> None:
    """They are in the state, but in nobody's history; and only for members."""
    await slack.chat_postEphemeral(channel=CHANNEL, user="U01MEI", text="psst")
    assert (await control.messages(CHANNEL))[0]["ephemeral_to"] == "U01MEI"
    assert (await slack.conversations_history(channel=CHANNEL))["messages"] == []
    call = slack.chat_postEphemeral(channel=CHANNEL, user=GUEST, text="psst")
    assert await code(call) == "user_not_in_channel"


async def test_upload_then_show_as_a_picture(
    slack: AsyncWebClient, session: aiohttp.ClientSession, control: Client
) -> None:
    """A picture must be completed before a message may show it."""
    where = await slack.files_getUploadURLExternal(filename="plot.png", length=4)
    picture = {"type": "image", "alt_text": "plot", "slack_file": {"id": where["file_id"]}}
    early = slack.chat_postMessage(channel=CHANNEL, text="plot", blocks=[picture])
    assert await code(early) == "invalid_blocks"
    async with session.post(where["upload_url"], data=b"PNG!") as reply:
        assert reply.status == 200
    await slack.files_completeUploadExternal(files=[{"id": where["file_id"], "title": "Plot"}])
    assert (await slack.chat_postMessage(channel=CHANNEL, text="plot", blocks=[picture]))["ok"]
    async with session.get(f"{control.url}/files/{where['file_id']}/plot.png") as reply:
        assert (await reply.read(), reply.content_type) == (b"PNG!", "image/png")


async def test_the_sdks_own_upload(slack: AsyncWebClient, control: Client) -> None:
    """files_upload_v2 takes all three steps and shares the file."""
    await slack.files_upload_v2(
        channel=CHANNEL, content="a,b", filename="table.csv", initial_comment="Numbers"
    )
    (message,) = await control.messages(CHANNEL)
    assert (message["text"], message["files"][0]["name"]) == ("Numbers", "table.csv")


async def test_permalinks(slack: AsyncWebClient) -> None:
    """They are Slack's own kind of link."""
    ts = (await slack.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    link = (await slack.chat_getPermalink(channel=CHANNEL, message_ts=ts))["permalink"]
    assert link == f"https://aurora-ml.slack.com/archives/{CHANNEL}/p{ts.replace('.', '')}"
