"""Every call to Slack ends in one typed answer, and is sent once."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.clock import MovableCalendar
from bot.core.content import Home, Message
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.sandbox import APP_TOKEN, BOT_TOKEN, BOT_USER_ID, Sandbox
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Channel, Gateway, Posted, member_from
from bot.slack.scopes import SCOPES
from tests.clocks import START, HandMachine

CHANNEL, PRIVATE, PERSON, DM = "C01CHURN", "C01LEADS", "U01MEI", "D01MEI"
BLOCKS = ({"type": "section", "text": {"type": "plain_text", "text": "hello"}},)
HELLO = Message("hello", BLOCKS)


@pytest.fixture
async def slack(machine: HandMachine, calendar: MovableCalendar) -> AsyncIterator[Sandbox]:
    running = Sandbox(machine=machine, calendar=calendar, limits=False)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def gateway(slack: Sandbox, calendar: MovableCalendar) -> AsyncIterator[Gateway]:
    made = Gateway(BOT_TOKEN, calendar, f"{slack.url}/api/")
    await made.open()
    yield made
    await made.close()


def calls(slack: Sandbox, method: str) -> list[str]:
    """How the calls of a method ended, in order."""
    return [
        entry["status"]
        for entry in slack.site.log.entries()
        if entry["kind"] == "api" and entry["summary"].split()[0] == method
    ]


def trouble(slack: Sandbox, mode: str, method: str = "chat.postMessage", **more: Any) -> None:
    slack.site.faults.add({"method": method, "mode": mode, "count": None, **more})


# --- how a call ends


@pytest.mark.parametrize(
    ("mode", "more", "error", "log"),
    [
        ("drop_before", {}, OutcomeUnknown, ["drop_before"]),
        ("drop_after", {}, OutcomeUnknown, ["ok", "drop_after"]),
        ("status", {"status": 500}, OutcomeUnknown, ["internal_error"]),
        ("status", {"status": 503, "after": True}, OutcomeUnknown, ["ok", "internal_error"]),
        ("status", {"status": 429, "retry_after": 7}, RateLimited, ["ratelimited"]),
        ("error", {"error": "internal_error"}, OutcomeUnknown, ["internal_error"]),
        ("error", {"error": "fatal_error"}, OutcomeUnknown, ["fatal_error"]),
        ("error", {"error": "request_timeout"}, OutcomeUnknown, ["request_timeout"]),
        ("error", {"error": "service_unavailable"}, OutcomeUnknown, ["service_unavailable"]),
        ("error", {"error": "is_archived"}, SlackRefused, ["is_archived"]),
    ],
)
async def test_a_failing_call_is_sent_once(
    slack: Sandbox,
    gateway: Gateway,
    mode: str,
    more: dict[str, Any],
    error: type[MeridianError],
    log: list[str],
) -> None:
    """And named for what can be known of it. Trying again is the relay's business alone."""
    trouble(slack, mode, **more)
    with pytest.raises(error) as caught:
        await gateway.post(CHANNEL, HELLO, "uid")
    assert calls(slack, "chat.postMessage") == log
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 7


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited"])
async def test_too_fast_without_a_429_is_a_pause(
    slack: Sandbox, gateway: Gateway, code: str
) -> None:
    """Some methods say so with HTTP 200, and not for how long."""
    trouble(slack, "error", error=code)
    with pytest.raises(RateLimited) as caught:
        await gateway.post(CHANNEL, HELLO, "uid")
    assert caught.value.retry_after == 30


async def test_a_refusal_says_why(slack: Sandbox, gateway: Gateway) -> None:
    """Slack's code, and what it says beside it, for the log and the owner."""
    bad = Message("hello", ({"type": "section"},))
    with pytest.raises(SlackRefused) as caught:
        await gateway.post(CHANNEL, bad, "uid")
    assert caught.value.code == "invalid_blocks"
    assert "blocks/0" in caught.value.detail


async def test_a_bad_token_is_a_refusal(slack: Sandbox, calendar: MovableCalendar) -> None:
    """Found at the first call."""
    gateway = Gateway("xoxb-wrong", calendar, f"{slack.url}/api/")
    await gateway.open()
    with pytest.raises(SlackRefused, match="invalid_auth"):
        await gateway.identity()
    await gateway.close()


async def test_nobody_listening_means_not_sent(slack: Sandbox, gateway: Gateway) -> None:
    """The connection was refused, so nothing can have taken effect."""
    await slack.stop()
    with pytest.raises(NotSent):
        await gateway.post(CHANNEL, HELLO, "uid")


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Proxied = Callable[[Handler], Awaitable[Gateway]]


@pytest.fixture
async def proxied(
    calendar: MovableCalendar,
) -> AsyncIterator[Proxied]:
    """A gateway whose calls end at a handler, as behind a proxy that answers in Slack's stead."""
    opened: list[tuple[Gateway, TestServer]] = []

    async def at(handler: Handler) -> Gateway:
        app = web.Application()
        app.router.add_post("/api/{method}", handler)
        server = TestServer(app)
        await server.start_server()
        gateway = Gateway(BOT_TOKEN, calendar, str(server.make_url("/api/")))
        await gateway.open()
        opened.append((gateway, server))
        return gateway

    yield at
    for gateway, server in opened:
        await gateway.close()
        await server.close()


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (502, "text/html", "<h1>Bad gateway</h1>"),
        (200, "text/html", "<h1>Log in to the hotel's network</h1>"),
        (200, "text/plain", "maintenance"),
        (200, "application/json", '{"ok": tru'),
        (200, "application/json", "[]"),
        (200, "application/json", "{}"),
        (503, "application/json", '{"ok": true, "ts": "1.1", "channel": "C1"}'),
    ],
)
async def test_an_answer_that_is_not_slack_s_leaves_the_outcome_open(
    proxied: Proxied, status: int, kind: str, body: str
) -> None:
    """Slack may have done it; only a look can tell."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, text=body, content_type=kind)

    gateway = await proxied(answer)
    with pytest.raises(OutcomeUnknown):
        await gateway.post(CHANNEL, HELLO, "uid")
    assert asked == ["/api/chat.postMessage"]


@pytest.mark.parametrize("reached", [True, False])
async def test_a_reply_that_comes_to_nothing(proxied: Proxied, *, reached: bool) -> None:
    """What it was to tell of is done: whoever replies knows a trouble of Slack's by its type."""

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    gateway = await proxied(answer)
    url = f"{gateway.client.base_url}reply" if reached else "http://127.0.0.1:1/reply"
    with pytest.raises(OutcomeUnknown if reached else NotSent):
        await gateway.respond(url, "Noted")


@pytest.mark.parametrize("header", ["yesterday", ""])
async def test_an_odd_date_harms_no_answer(proxied: Proxied, header: str) -> None:
    """The message is posted; the clock's skew stays as it was."""

    async def answer(_request: web.Request) -> web.Response:
        body = {"ok": True, "ts": "1.1", "channel": "C1"}
        return web.json_response(body, headers={"Date": header})

    gateway = await proxied(answer)
    assert await gateway.post(CHANNEL, HELLO, "uid") == Posted("C1", "1.1")
    assert gateway.slack_time() == START


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({}, 30),
        ({"Retry-After": "soon"}, 30),
        ({"Retry-After": "90"}, 90),
        (
            {
                "Date": "Mon, 30 Mar 2026 07:00:00 GMT",
                "Retry-After": "Mon, 30 Mar 2026 07:01:00 GMT",
            },
            60,
        ),
    ],
)
async def test_a_pause_of_a_proxy_s_is_as_long_as_it_says(
    proxied: Proxied, said: dict[str, str], seconds: float
) -> None:
    """Slack always says how long; a proxy may not, or not in seconds: then half a minute."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=429, text="slow down", headers=said)

    gateway = await proxied(answer)
    with pytest.raises(RateLimited) as caught:
        await gateway.post(CHANNEL, HELLO, "uid")
    assert caught.value.retry_after == seconds


# --- Slack's clock


@pytest.mark.parametrize("ahead", [timedelta(minutes=-7), timedelta(minutes=7)])
async def test_slack_s_clock_is_told_by_its_answers(
    slack: Sandbox, machine: HandMachine, ahead: timedelta
) -> None:
    """Look-ups begin where *Slack's* clock stood when sending began, to the second."""
    ours = MovableCalendar(machine, START - ahead)
    gateway = Gateway(BOT_TOKEN, ours, f"{slack.url}/api/")
    await gateway.open()
    assert gateway.slack_time() == START - ahead
    identity = await gateway.identity()
    assert identity.skew == ahead
    assert gateway.slack_time() == START
    await gateway.close()


async def test_a_refusal_tells_the_time_too(slack: Sandbox, machine: HandMachine) -> None:
    """A bot that is refused everything learns how far its clock is off."""
    gateway = Gateway("xoxb-wrong", MovableCalendar(machine), f"{slack.url}/api/")
    machine.advance(0)
    slack.site.calendar.move_to(START + timedelta(hours=1))  # type: ignore[attr-defined]
    await gateway.open()
    with pytest.raises(SlackRefused):
        await gateway.identity()
    assert gateway.slack_time() == START + timedelta(hours=1)
    await gateway.close()


# --- what it asks and what it makes of the answers


async def test_who_the_bot_is(gateway: Gateway) -> None:
    """Its workspace, its user, and what it was granted."""
    identity = await gateway.identity()
    assert (identity.bot_user, identity.team_id) == (BOT_USER_ID, gateway.team_id)
    assert identity.scopes >= SCOPES.keys()


async def test_a_message_carries_its_id_alone(slack: Sandbox, gateway: Gateway) -> None:
    """Metadata is public in the workspace."""
    at = await gateway.post(PERSON, HELLO, "0123abcd")
    (message,) = slack.site.world.messages(DM)
    assert at == Posted(DM, message.ts)
    assert message.metadata == {
        "event_type": "meridian_mirror",
        "event_payload": {"id": "0123abcd"},
    }
    body = next(e["body"] for e in slack.site.log.entries() if "postMessage" in e["summary"])
    assert json.loads(body)["unfurl_links"] == "false"


async def test_updating_may_be_repeated(slack: Sandbox, gateway: Gateway) -> None:
    """The id stays on the message."""
    at = await gateway.post(CHANNEL, HELLO, "uid")
    for _ in range(2):
        await gateway.update(at, Message("changed", BLOCKS))
    (message,) = [one for one in slack.site.world.messages(CHANNEL) if one.bot_id]
    assert message.text == "changed"
    assert (message.metadata or {})["event_payload"] == {"id": "uid"}


async def test_a_home_is_published(slack: Sandbox, gateway: Gateway) -> None:
    """For one person."""
    await gateway.publish(PERSON, Home(BLOCKS))
    assert "hello" in json.dumps(slack.site.views.homes[PERSON].json())


@pytest.mark.parametrize(
    ("target", "channel"), [(CHANNEL, CHANNEL), (PRIVATE, PRIVATE), (PERSON, DM)]
)
async def test_a_message_is_found_by_its_id(
    slack: Sandbox, gateway: Gateway, machine: HandMachine, target: str, channel: str
) -> None:
    """Wherever it stands in the pages of what came since; not before, and no other's."""
    await gateway.post(target, HELLO, "earlier")
    machine.advance(60)
    since = gateway.slack_time()
    posted = await gateway.post(target, HELLO, "wanted")
    for number in range(401):
        slack.site.feed.post(slack.site.world.channels[channel], PERSON, f"talk {number}")
    assert await gateway.find(target, "wanted", since) == posted
    assert len(calls(slack, "conversations.history")) == 3
    assert await gateway.find(target, "earlier", since) is None
    assert await gateway.find(target, "never", since - timedelta(days=1)) is None


async def test_a_reply_stands_in_its_thread_alone(slack: Sandbox, gateway: Gateway) -> None:
    """Below its parent, and never shown in the channel as well."""
    parent = await gateway.post(CHANNEL, HELLO, "parent")
    reply = await gateway.post(CHANNEL, HELLO, "reply", parent.ts)
    (found,) = slack.site.world.replies(CHANNEL, parent.ts)
    assert (found.ts, found.thread_ts, found.broadcast) == (reply.ts, parent.ts, False)
    bodies = [e["body"] for e in slack.site.log.entries() if "postMessage" in e["summary"]]
    assert ["thread_ts" in json.loads(body) for body in bodies] == [False, True]
    assert not any("reply_broadcast" in json.loads(body) for body in bodies)


async def test_a_reply_is_found_in_its_thread(
    slack: Sandbox, gateway: Gateway, machine: HandMachine
) -> None:
    """The thread is paged through from where sending began; no other thread is looked at."""
    parent = await gateway.post(CHANNEL, HELLO, "parent")
    other = await gateway.post(CHANNEL, HELLO, "another parent")
    await gateway.post(CHANNEL, HELLO, "earlier", parent.ts)
    machine.advance(60)
    since = gateway.slack_time()
    channel = slack.site.world.channels[CHANNEL]
    for number in range(401):
        slack.site.feed.post(channel, PERSON, f"talk {number}", thread_ts=parent.ts)
    posted = await gateway.post(CHANNEL, HELLO, "wanted", parent.ts)
    assert await gateway.find(CHANNEL, "wanted", since, parent.ts) == posted
    assert calls(slack, "conversations.replies") == ["ok"] * 3
    assert calls(slack, "conversations.history") == []
    assert await gateway.find(CHANNEL, "earlier", since, parent.ts) is None
    assert await gateway.find(CHANNEL, "wanted", since, other.ts) is None
    assert await gateway.find(CHANNEL, "wanted", since) is None


async def test_a_reply_to_a_deleted_message_is_taken_back(slack: Sandbox, gateway: Gateway) -> None:
    """Slack would leave it in the channel as a message of its own, and say that all is well."""
    parent = await gateway.post(CHANNEL, HELLO, "parent")
    (message,) = [one for one in slack.site.world.messages(CHANNEL) if one.bot_id]
    slack.site.feed.delete(message)
    with pytest.raises(SlackRefused, match="thread_not_found"):
        await gateway.post(CHANNEL, HELLO, "reply", parent.ts)
    assert [one for one in slack.site.world.messages(CHANNEL) if not one.deleted] == []
    assert calls(slack, "chat.delete") == ["ok"]


async def test_a_stray_reply_that_stays_is_told_of(slack: Sandbox, gateway: Gateway) -> None:
    """It is never posted again, whatever hindered its deletion."""
    parent = await gateway.post(CHANNEL, HELLO, "parent")
    (message,) = [one for one in slack.site.world.messages(CHANNEL) if one.bot_id]
    slack.site.feed.delete(message)
    trouble(slack, "status", "chat.delete", status=429, retry_after=7)
    with pytest.raises(SlackRefused, match="thread_not_found") as caught:
        await gateway.post(CHANNEL, HELLO, "reply", parent.ts)
    assert "could not be taken back" in caught.value.detail


async def test_a_deleted_message_is_not_found(slack: Sandbox, gateway: Gateway) -> None:
    """Somebody was quicker than the look-up."""
    since = gateway.slack_time()
    await gateway.post(CHANNEL, HELLO, "uid")
    (message,) = [one for one in slack.site.world.messages(CHANNEL) if one.bot_id]
    slack.site.feed.delete(message)
    assert await gateway.find(CHANNEL, "uid", since) is None


async def test_a_look_up_needs_its_scope(slack: Sandbox, gateway: Gateway) -> None:
    """The lean manifest has none."""
    slack.scopes.discard("channels:history")
    with pytest.raises(SlackRefused, match="missing_scope"):
        await gateway.find(CHANNEL, "uid", START)


async def test_members_of_a_channel_come_in_pages(slack: Sandbox, gateway: Gateway) -> None:
    """All of them, bots among them."""
    channel = slack.site.world.channels[CHANNEL]
    mei = slack.site.world.users[PERSON]
    for number in range(450):
        slack.site.world.users[f"U9{number:04}"] = mei
        channel.members.append(f"U9{number:04}")
    found = await gateway.channel_members(CHANNEL)
    assert found == channel.members
    assert BOT_USER_ID in found
    assert len(calls(slack, "conversations.members")) == 3


async def test_channels_and_people_as_slack_tells_them(slack: Sandbox, gateway: Gateway) -> None:
    """Parsed into values at the border."""
    await gateway.identity()
    assert await gateway.channel(CHANNEL) == Channel(CHANNEL, "churn-model", True, False)
    elsewhere = await gateway.channel("C01DATAQUALITY")
    assert not elsewhere.is_member
    mei = await gateway.member(PERSON)
    assert (mei.name, mei.tz, mei.is_admin, mei.deleted) == ("Mei", "Asia/Tokyo", False, False)
    assert (await gateway.member("U01LENA")).is_admin
    assert (await gateway.member("U01PRIYA")).is_external
    assert (await gateway.member(BOT_USER_ID)).is_bot
    assert (await gateway.member("USLACKBOT")).is_bot
    with pytest.raises(SlackRefused, match="user_not_found"):
        await gateway.member("U0NOBODY")


async def test_the_app_token_is_used_where_it_must(gateway: Gateway) -> None:
    """Socket Mode's address is not for the bot's token."""
    assert (await gateway.open_socket(APP_TOKEN)).startswith("ws")
    with pytest.raises(SlackRefused):
        await gateway.open_socket(BOT_TOKEN)


def test_a_person_of_another_workspace_is_external() -> None:
    """By a foreign team, or by Slack's word for a stranger; nothing said is no stranger."""
    assert member_from({"id": "U1", "team_id": "T2"}, "T1").is_external
    assert member_from({"id": "U1", "is_stranger": True}, "T1").is_external
    assert not member_from({"id": "U1"}, "T1").is_external


def test_a_person_has_the_name_that_they_chose() -> None:
    """Then their real one, then whatever there is."""
    named = {"id": "U1", "name": "handle", "real_name": "Real Name"}
    assert member_from({**named, "profile": {"display_name": "Shown"}}, "T1").name == "Shown"
    assert member_from({**named, "profile": {"display_name": ""}}, "T1").name == "Real Name"
    assert member_from({"id": "U1", "name": "handle"}, "T1").name == "handle"
    assert member_from({"id": "U1"}, "T1").name == "U1"
    unseen = {**named, "real_name": "\u202e", "profile": {"display_name": " \u0007 "}}
    assert member_from(unseen, "T1").name == "handle"
    assert member_from({"id": "U1", "tz": ""}, "T1").tz is None


def test_a_status_comes_with_the_profile() -> None:
    """0 seconds since 1970 stand for a status without an end."""
    said = {"status_emoji": ":palm_tree:", "status_text": "Away", "status_expiration": 1774911599}
    member = member_from({"id": "U1", "profile": said}, "T1")
    assert (member.status_emoji, member.status_text) == (":palm_tree:", "Away")
    assert member.status_until == datetime(2026, 3, 30, 22, 59, 59, tzinfo=UTC)
    without_end = {"id": "U1", "profile": said | {"status_expiration": 0}}
    assert member_from(without_end, "T1").status_until is None
    none = member_from({"id": "U1"}, "T1")
    assert (none.status_emoji, none.status_text, none.status_until) == ("", "", None)
