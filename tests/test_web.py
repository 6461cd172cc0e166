"""The web server: health, and Slack's door where there is one."""

import asyncio
import io
from collections.abc import Mapping

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from bot.web import SLACK_PATH, Web
from tests.processes import connected, free_port, said_in_the_end

Health = dict[str, object]


async def nothing() -> Health:
    return {}


async def status(url: str, *, post: bool = False, **headers: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.request("POST" if post else "GET", url, headers=headers) as reply,
    ):
        return reply.status, await reply.text()


async def test_health_is_503_until_ready() -> None:
    """What a container's probe or a load balancer asks."""
    state: Health = {"ready": False, "paused": False}

    async def health() -> Health:
        return state

    web = Web("127.0.0.1", 0, health)
    await web.start()
    try:
        assert (await status(f"{web.url}/health"))[0] == 503
        state["ready"] = True
        assert await status(f"{web.url}/health") == (200, '{"ready": true, "paused": false}')
    finally:
        await web.close()


async def test_without_http_there_is_no_door_for_slack() -> None:
    """Socket Mode needs none; nothing else answers either."""
    web = Web("127.0.0.1", 0, nothing)
    await web.start()
    try:
        assert (await status(f"{web.url}{SLACK_PATH}", post=True))[0] == 503
        assert (await status(f"{web.url}/"))[0] == 404
        assert (await status(f"{web.url}{SLACK_PATH}"))[0] == 405
    finally:
        await web.close()


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (b"payload=\xff\xfe", "utf-8"),
        (b"payload=1", "no-such-charset"),
        (b"payload={", "utf-8"),
        (b'payload={"response_urls": 5}', "utf-8"),  # Bolt looks into it before it verifies
        (b'payload={"team": 5, "enterprise": [1]}', "utf-8"),
        (b"payload=" + b"[" * 100_000, "utf-8"),
    ],
)
async def test_a_body_that_nobody_can_read_is_refused(body: bytes, charset: str) -> None:
    """It can't be Slack's, and is no reason for a traceback."""
    web = Web("127.0.0.1", 0, nothing)
    web.take_slack(AsyncApp(token="xoxb-test", signing_secret="secret"))
    await web.start()
    headers = {
        "Content-Type": f"application/x-www-form-urlencoded; charset={charset}",
        "X-Slack-Request-Timestamp": "1774828800",
        "X-Slack-Signature": "v0=0",
    }
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{web.url}{SLACK_PATH}", data=body, headers=headers) as reply,
        ):
            assert reply.status == 401
    finally:
        await web.close()


async def test_a_taken_port_is_an_error_at_start() -> None:
    """The command line says it in a sentence."""
    port = free_port()
    first, second = Web("127.0.0.1", port, nothing), Web("127.0.0.1", port, nothing)
    await first.start()
    try:
        with pytest.raises(OSError, match="address already in use"):
            await second.start()
    finally:
        await second.close()
        await first.close()


async def test_a_hook_is_handed_what_was_posted_and_answers_the_status() -> None:
    """By its own path; whatever else is posted meets nobody."""
    heard: list[tuple[str, bytes]] = []

    async def hook(headers: Mapping[str, str], body: bytes) -> int:
        heard.append((headers["told"], body))
        return 401

    web = Web("127.0.0.1", 0, nothing, {"/jira/webhook": hook})
    await web.start()
    try:
        assert (await status(f"{web.url}/jira/webhook", post=True, Told="here"))[0] == 401
        assert heard == [("here", b"")]
        assert (await status(f"{web.url}/jira/webhook"))[0] == 405
        assert (await status(f"{web.url}/jira/other", post=True))[0] == 404
    finally:
        await web.close()


async def test_a_hook_never_sees_a_body_that_is_too_large() -> None:
    """Nobody's is above a megabyte."""

    async def hook(_headers: Mapping[str, str], _body: bytes) -> int:
        raise AssertionError("it was read")

    web = Web("127.0.0.1", 0, nothing, {"/jira/webhook": hook})
    await web.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{web.url}/jira/webhook", data=io.BytesIO(bytes(1024 * 1024 + 1))
            ) as reply,
        ):
            assert reply.status == 413
    finally:
        await web.close()


async def test_it_has_an_address_only_while_it_listens() -> None:
    """Port 0 is any free one."""
    web = Web("127.0.0.1", 0, nothing)
    with pytest.raises(RuntimeError):
        _ = web.url
    await web.start()
    assert int(web.url.rpartition(":")[2]) > 0
    await web.close()
    await web.close()


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_connects_as_it_closes_is_let_go(turns: int) -> None:
    """However far the connection has come in the loop: none is left open (cpython#109564)."""
    web = Web("127.0.0.1", 0, nothing)
    await web.start()
    with connected(web.url) as late:
        for _ in range(turns):
            await asyncio.sleep(0)
        await web.close()
        assert await said_in_the_end(late) == b""
