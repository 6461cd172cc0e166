"""Each way in which a call to Jira can fail: one error that says what took effect, and one try."""

import asyncio
import logging
import socket
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited, Transient
from bot.jira import wire
from bot.jira.errors import Conflict, Forbidden, JiraRefused, NotFound, Unauthorised
from bot.jira.gateway import Gateway
from bot.jira.model import Changes, NewIssue, RemoteLink
from tests.jira import replies
from tests.jira.conftest import EMAIL, TOKEN
from tests.jira.server import DROP, HANG, Answer, Reply, Server

Call = Callable[[Gateway], Awaitable[object]]

NEW = NewIssue("10000", "10003", "Ask for the missing labels")
PAGE = "<html><body>Log in to continue</body></html>"

CALLS: dict[str, tuple[str, str, Call]] = {
    "read": ("GET", "issue/10002", lambda jira: jira.issue("10002")),
    "create": ("POST", "issue", lambda jira: jira.create(NEW)),
    "update": (
        "PUT",
        "issue/10002",
        lambda jira: jira.update("10002", Changes(due=date(2026, 4, 9))),
    ),
    "search": ("POST", "search/jql", lambda jira: jira.find("meridian-Zk3")),
    "transition": (
        "POST",
        "issue/10002/transitions",
        lambda jira: jira.transition("10002", "31"),
    ),
    "link": (
        "POST",
        "issue/10002/remotelink",
        lambda jira: jira.link("10002", RemoteLink("m", "https://a.example", "x")),
    ),
}


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> tuple[str, str, Call]:
    made: tuple[str, str, Call] = CALLS[request.param]
    return made


async def failure(
    jira: Server, gateway: Gateway, call: tuple[str, str, Call], say: Answer
) -> MeridianError:
    """What a call raises where Jira answers so; it is asked once, whatever it says."""
    verb, path, ask = call
    jira.answers(verb, path, say)
    with pytest.raises(MeridianError) as raised:
        await ask(gateway)
    assert len(jira.asked) == 1
    return raised.value


# --- what Jira says


REFUSALS = [
    (Reply({"message": "Client must be authenticated."}, status=401), Unauthorised),
    (Reply(text=PAGE, status=401), Unauthorised),
    (Reply(replies.refusal("You may not."), status=403), Forbidden),
    (Reply(text=PAGE, status=403), Forbidden),
    (
        Reply(text="", status=403, headers={"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE"}),
        Unauthorised,
    ),
    (Reply(replies.refusal("It does not exist."), status=404), NotFound),
    (Reply(replies.refusal("Wrong.", duedate="No date."), status=400), JiraRefused),
    (Reply(text=PAGE, status=400), JiraRefused),
    (Reply(replies.refusal("The call is gone."), status=410), JiraRefused),
]


@pytest.mark.parametrize(("say", "error"), REFUSALS, ids=lambda one: getattr(one, "status", ""))
async def test_a_refusal_is_named_for_what_happened(
    jira: Server,
    cloud: Gateway,
    call: tuple[str, str, Call],
    say: Reply,
    error: type[MeridianError],
) -> None:
    """Nothing took effect, and trying again would not help."""
    raised = await failure(jira, cloud, call, say)
    assert type(raised) is error or (error is JiraRefused and isinstance(raised, JiraRefused))
    assert not raised.transient


async def test_what_is_noted_of_a_refusal_has_no_words(jira: Server, cloud: Gateway) -> None:
    """Jira quotes what was typed: people read that beside the item, and no log has it."""
    refusal = replies.refusal(f"'{NEW.summary}' is too long.", summary=f"'{NEW.summary}': no.")
    jira.answers("POST", "issue", Reply(refusal, status=400))
    with pytest.raises(JiraRefused) as raised:
        await cloud.create(NEW)
    assert NEW.summary in raised.value.words
    assert raised.value.noted == "400 summary"


@pytest.mark.parametrize(
    ("say", "seconds"),
    [
        (Reply(status=429, headers={"Retry-After": "7"}), 7),
        (Reply(status=429), 30),
        (Reply(text=PAGE, status=503, headers={"Retry-After": "12"}), 12),
    ],
)
async def test_a_pause_is_as_long_as_jira_asks_for(
    jira: Server, cloud: Gateway, call: tuple[str, str, Call], say: Reply, seconds: float
) -> None:
    """Nothing took effect; the library would have slept in its thread and sent it again."""
    raised = await failure(jira, cloud, call, say)
    assert isinstance(raised, RateLimited)
    assert raised.retry_after == seconds


@pytest.mark.parametrize(
    "say",
    [
        Reply(replies.refusal("Internal error."), status=500),
        Reply(text=PAGE, status=502),
        Reply(text=PAGE, status=503),
        Reply(status=504),
        Reply(text=PAGE, status=404),  # of a proxy, or of a site that is asleep
        Reply({"message": "null for uri"}, status=404),
        Reply(status=408),
        DROP,
    ],
)
async def test_what_nobody_can_tell_is_unknown(
    jira: Server, cloud: Gateway, call: tuple[str, str, Call], say: Answer
) -> None:
    """It may have taken effect."""
    assert isinstance(await failure(jira, cloud, call, say), OutcomeUnknown)


@pytest.mark.parametrize("name", ["read", "create", "search"])
@pytest.mark.parametrize(
    "say",
    [
        Reply(text=PAGE),
        Reply(text=""),
        Reply(text="[" * 100_000),
        Reply(text='{"id": '),
        Reply(json="no object"),
        Reply(text='"message"', status=400),
        Reply(text='{"message": null}', status=500),
    ],
)
async def test_a_page_in_jira_s_stead_is_no_answer(
    jira: Server, cloud: Gateway, name: str, say: Reply
) -> None:
    """A proxy's, or one to log in at; with any status."""
    assert isinstance(await failure(jira, cloud, CALLS[name], say), OutcomeUnknown)


async def test_a_change_at_the_same_moment_may_be_tried_again(jira: Server, cloud: Gateway) -> None:
    """Cloud's 409 on a transition."""
    raised = await failure(jira, cloud, CALLS["transition"], Reply({}, status=409))
    assert isinstance(raised, Conflict)
    assert isinstance(raised, Transient)


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_nothing_is_sent_on_to_another_address(
    jira: Server, cloud: Gateway, call: tuple[str, str, Call], status: int
) -> None:
    """A page to log in at, or https instead of http; the token would go there too."""
    elsewhere = Reply(status=status, headers={"Location": f"{jira.url}/login"})
    assert isinstance(await failure(jira, cloud, call, elsewhere), NotSent)


@pytest.mark.parametrize(
    ("name", "say"),
    [
        ("search", Reply({"isLast": True, "issues": []})),
        ("read", Reply(replies.refusal("It does not exist."), status=404)),
        ("create", Reply(replies.refusal(project="Anonymous users may not."), status=400)),
    ],
)
async def test_a_token_that_died_is_no_deleted_issue(
    jira: Server, cloud: Gateway, name: str, say: Reply
) -> None:
    """Cloud answers then as to a stranger, and only a header tells."""
    headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    stranger = Reply(say.json, say.status, headers=headers)
    assert isinstance(await failure(jira, cloud, CALLS[name], stranger), Unauthorised)


async def test_what_was_created_is_known_even_if_the_token_died(
    jira: Server, cloud: Gateway
) -> None:
    """Where strangers may create issues: a second one would be worse."""
    headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    jira.answers("POST", "issue", Reply(replies.CREATED, 201, headers=headers))
    assert (await cloud.create(NEW)).id == "10002"


# --- what the way there does


def refusing() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def full() -> Iterator[str]:
    """An address that takes no more connections: trying to connect hangs."""
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for each in (first, second):
            each.setblocking(False)
            each.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("name", ["read", "create"])
async def test_a_refused_connection_sent_nothing(name: str) -> None:
    """Jira is down, and nothing is on its way."""
    gateway = Gateway(refusing(), TOKEN, EMAIL)
    with pytest.raises(NotSent):
        await CALLS[name][2](gateway)
    await gateway.close()


async def test_a_proxy_is_on_the_way_to_other_machines_only(
    jira: Server, cloud: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox is on this one; a company's Jira may be behind it."""
    monkeypatch.setenv("http_proxy", jira.url)
    jira.answers("GET", "issue/10002", Reply(replies.issue()))
    assert (await cloud.issue("10002")).key == "ML-7"
    assert jira.only.headers["Host"] == jira.url.removeprefix("http://")
    behind = Gateway("http://jira.aurora.example", TOKEN, EMAIL)
    assert (await behind.issue("10002")).url == "http://jira.aurora.example/browse/ML-7"
    assert jira.asked[1].headers["Host"] == "jira.aurora.example"
    await behind.close()


async def test_a_connection_that_is_not_made_in_time_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A firewall that drops packets."""
    monkeypatch.setattr(wire, "_CONNECT_SECONDS", 0.2)
    with full() as url:
        gateway = Gateway(url, TOKEN, EMAIL)
        with pytest.raises(NotSent):
            await gateway.create(NEW)
        await gateway.close()


@pytest.fixture
def unknown_to_all(tmp_path: Path) -> ssl.SSLContext:
    """A server's certificate that it made itself."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout {key} -out {certificate}"
    )
    if subprocess.run(words.split(), check=False, capture_output=True).returncode:
        pytest.skip("openssl is not here, or made no certificate")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


async def test_an_untrusted_certificate_sent_nothing(unknown_to_all: ssl.SSLContext) -> None:
    """The token goes to nobody who can't say who they are."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=unknown_to_all)
    gateway = Gateway(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", TOKEN, EMAIL)
    with pytest.raises(NotSent):
        await gateway.create(NEW)
    await gateway.close()
    server.close()


async def test_a_reply_that_does_not_come_in_time_is_unknown(
    jira: Server, cloud: Gateway, call: tuple[str, str, Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request was sent."""
    monkeypatch.setattr(wire, "_READ_SECONDS", 0.2)
    assert isinstance(await failure(jira, cloud, call, HANG), OutcomeUnknown)


async def test_a_hang_ends_for_whoever_waits(jira: Server) -> None:
    """Even where its thread is still at it; one that never had its turn sent nothing."""
    gateway = Gateway(jira.url, TOKEN, EMAIL, timeout=0.3)
    jira.answers("POST", "issue", HANG)
    calls = [asyncio.create_task(gateway.create(NEW)) for _ in range(6)]
    ended = await asyncio.gather(*calls, return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["NotSent"] * 2 + ["OutcomeUnknown"] * 4
    await gateway.close()
    assert len(jira.asked) == 4


HANGING = """
import asyncio, threading
from bot.core.errors import OutcomeUnknown
from bot.jira.pool import Pool

async def main():
    pool = Pool(0.1)
    try:
        await pool.run(threading.Event().wait)
    except OutcomeUnknown:
        print("unknown")
    pool.close()

asyncio.run(main())
"""


def test_a_hang_keeps_no_process_from_its_end() -> None:
    """A reply that comes byte by byte may take for ever, and a stop has ten seconds."""
    done = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, check=True, timeout=50
    )
    assert done.stdout.strip() == "unknown"


async def test_a_slow_jira_does_not_hold_up_the_loop(jira: Server, cloud: Gateway) -> None:
    """Nor the default executor's threads."""
    jira.answers("GET", "issue/10002", HANG)
    waiting = asyncio.create_task(cloud.issue("10002"))
    for _ in range(20):
        await asyncio.wait_for(asyncio.to_thread(int), 5)
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_closed_gateway_sends_nothing(jira: Server, cloud: Gateway) -> None:
    """Whoever comes late can try again after the start."""
    await cloud.close()
    with pytest.raises(NotSent):
        await cloud.create(NEW)
    assert jira.asked == []


# --- what is told of it


@pytest.mark.parametrize(
    "say",
    [
        Reply(replies.refusal("No."), status=403, headers={"Set-Cookie": "session=canary"}),
        Reply(text="<p>canary</p>", status=500),
        DROP,
        HANG,
    ],
)
async def test_no_log_holds_a_token_an_address_or_a_reply(
    jira: Server,
    cloud: Gateway,
    say: Answer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the library's own lines nor an error's stack."""
    monkeypatch.setattr(wire, "_READ_SECONDS", 0.2)
    jira.answers("GET", "user/search", say)
    looked_for = "mei@aurora.example"
    with caplog.at_level(logging.INFO):
        try:
            await cloud.people(looked_for)
        except MeridianError:
            logging.getLogger().exception("failed")
    assert "failed" in caplog.text
    assert "canary" not in caplog.text
    assert looked_for not in caplog.text
    assert "mei%40aurora" not in caplog.text


def test_the_library_is_loaded_by_the_first_call() -> None:
    """An installation without Jira never pays for it."""
    told = (
        "import sys; from bot.jira.gateway import Gateway; Gateway('http://127.0.0.1:9', 'x');"
        "print(sorted({'jira', 'requests'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
