"""Webhooks: signed, sent in the background, and misbehaving when told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.jira.webhooks import signature
from tests.sandbox.conftest import Client, Paced
from tests.sandbox.jira.conftest import Desk, Json, eventually

SECRET = "hush"


@dataclass
class Ear:
    """A bot's web server that keeps what comes, and answers as told."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    url: str = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)

    @property
    def events(self) -> list[tuple[str, str]]:
        bodies = [json.loads(body) for _, body in self.heard]
        return [(each["webhookEvent"], each["issue"]["key"]) for each in bodies]

    async def has(self, count: int) -> list[tuple[str, str]]:
        async def enough() -> bool:
            return len(self.heard) >= count

        await eventually(enough)
        return self.events


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    ear = Ear()
    app = web.Application()
    app.router.add_post("/jira/webhook", ear.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/jira/webhook"
    yield ear
    await runner.cleanup()


@pytest.fixture
async def hooked(desk: Desk, control: Client, ear: Ear) -> Desk:
    await control.post("jira/webhooks", url=ear.url, secret=SECRET)
    return desk


async def test_each_change_is_told(hooked: Desk, control: Client, ear: Ear) -> None:
    """Created, updated with what changed, deleted; by whomever, and an edit of nothing not."""
    made = await hooked.create(summary="One")
    await ear.has(1)
    await hooked.send("PUT", f"2/issue/{made['id']}", {"fields": {"summary": "One"}}, 204)
    await control.post("jira/transition", key="ML-1", to="Done", user="U01MEI")
    await ear.has(2)
    await control.post("jira/delete", key="ML-1")
    assert await ear.has(3) == [
        ("jira:issue_created", "ML-1"),
        ("jira:issue_updated", "ML-1"),
        ("jira:issue_deleted", "ML-1"),
    ]
    headers, body = ear.heard[1]
    assert headers["X-Hub-Signature"] == signature(SECRET, body)
    assert len({each["X-Atlassian-Webhook-Identifier"] for each, _ in ear.heard}) == 3
    told: Json = json.loads(body)
    assert told["user"]["displayName"] == "Mei Tanaka"
    assert told["issue"]["fields"]["status"]["statusCategory"]["key"] == "done"
    changes = {each["field"]: each["toString"] for each in told["changelog"]["items"]}
    assert changes == {"status": "Done", "resolution": "Done"}


async def test_one_that_was_not_taken_comes_again(
    hooked: Desk, control: Client, ear: Ear, machine: Paced
) -> None:
    """Up to five times, 5 to 15 minutes apart by machine time, under the same id."""
    ear.status = 500
    await hooked.create()
    await ear.has(1)
    sender = hooked.sandbox.site.jira.webhooks
    for retry, seconds in enumerate((300, 450, 600, 750, 900), 1):
        await sender.answered()
        machine.push(seconds - 60)
        await asyncio.sleep(0.02)
        assert len(ear.heard) == retry
        machine.push(60)
        await ear.has(retry + 1)
        assert ear.heard[-1][0]["X-Atlassian-Webhook-Retry"] == str(retry)
    await sender.answered()
    machine.push(10_000)
    await asyncio.sleep(0.02)
    assert len(ear.heard) == 6
    assert len({each["X-Atlassian-Webhook-Identifier"] for each, _ in ear.heard}) == 1
    sent = [e for e in await control.log() if e["direction"] == "out" and e["kind"] == "jira"]
    assert [e["status"] for e in sent] == ["500"] * 6
    assert sent[-1]["summary"] == "jira:issue_created ML-1 (retry 5)"


async def test_one_that_was_refused_does_not(hooked: Desk, ear: Ear, machine: Paced) -> None:
    """A 401 is final."""
    ear.status = 401
    await hooked.create()
    await ear.has(1)
    await hooked.sandbox.site.jira.webhooks.answered()
    machine.push(10_000)
    await asyncio.sleep(0.02)
    assert len(ear.heard) == 1


async def test_one_that_nobody_hears_comes_again(
    hooked: Desk, control: Client, machine: Paced
) -> None:
    """As long as nothing listens there, which the log tells."""
    await control.post("jira/webhooks", url="http://127.0.0.1:1/jira/webhook")
    await hooked.create()

    async def said() -> list[tuple[str, str]]:
        out = [e for e in await control.log() if e["direction"] == "out"]
        return [(e["summary"], e["status"]) for e in out]

    first = ("jira:issue_created ML-1", "ClientConnectorError")
    assert await eventually(said) == [first]
    machine.push(300)

    async def again() -> bool:
        return (await said())[-1] == ("jira:issue_created ML-1 (retry 1)", first[1])

    await eventually(again)


async def test_some_get_lost(hooked: Desk, control: Client, ear: Ear) -> None:
    """The next so many, or all until told otherwise; the log says so."""
    await control.post("jira/webhooks", mode="drop", count=2)
    for _ in range(3):
        await hooked.create()
    assert await ear.has(1) == [("jira:issue_created", "ML-3")]
    lost = [e for e in await control.log() if e["status"] == "lost on purpose"]
    assert [e["summary"] for e in lost] == ["jira:issue_created ML-1", "jira:issue_created ML-2"]
    await control.post("jira/webhooks", mode="drop")
    await hooked.create()
    await hooked.create()
    await control.post("jira/webhooks", mode="on")
    await hooked.create()
    assert (await ear.has(2))[-1] == ("jira:issue_created", "ML-6")


async def test_one_comes_six_times(hooked: Desk, control: Client, ear: Ear) -> None:
    """Copies bear one id; the next one comes once again."""
    await control.post("jira/webhooks", mode="duplicate", count=1, copies=6)
    await hooked.create()
    await ear.has(6)
    await hooked.create()
    await ear.has(7)
    ids = [each["X-Atlassian-Webhook-Identifier"] for each, _ in ear.heard]
    assert (len(set(ids[:6])), len(set(ids))) == (1, 2)


async def test_some_come_out_of_order(
    hooked: Desk, control: Client, ear: Ear, machine: Paced
) -> None:
    """The last first once they are complete, or after two seconds."""
    await control.post("jira/webhooks", mode="reorder", count=3)
    await control.post("jira/create", project="ML", fields={"summary": "By hand"})
    await hooked.create()
    await hooked.create()
    assert [key for _, key in await ear.has(3)] == ["ML-3", "ML-2", "ML-1"]
    await control.post("jira/webhooks", mode="reorder", count=3)
    await hooked.create()
    await hooked.create()
    assert len(ear.heard) == 3
    machine.push(2)
    assert [key for _, key in await ear.has(5)][3:] == ["ML-5", "ML-4"]


async def test_some_are_forged(hooked: Desk, control: Client, ear: Ear) -> None:
    """Signed with another secret."""
    await control.post("jira/webhooks", mode="forge", count=1)
    await hooked.create()
    await ear.has(1)
    await hooked.create()
    await ear.has(2)
    good = [each["X-Hub-Signature"] == signature(SECRET, body) for each, body in ear.heard]
    assert good == [False, True]


async def test_without_a_webhook_nothing_is_sent(desk: Desk, control: Client, ear: Ear) -> None:
    """As at first, and after it was taken away."""
    await desk.create()
    shown = await control.post("jira/webhooks", url=ear.url, secret=SECRET)
    assert shown == {"url": ear.url, "mode": "on", "count": None, "copies": 2}
    await control.post("jira/webhooks", url="")
    await desk.create()
    await desk.sandbox.site.jira.webhooks.quiet()
    assert ear.heard == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"url": "ftp://x"}, "begins with http://"),
        ({"secret": 5}, "is a string"),
        ({"mode": "explode"}, "mode is one of on, drop"),
        ({"mode": "drop", "count": 0}, "count is a whole number"),
        ({"mode": "duplicate", "copies": 1}, "2 to 20 copies"),
    ],
)
async def test_nonsense_is_refused(control: Client, body: dict[str, Any], said: str) -> None:
    """With a sentence."""
    assert said in (await control.post("jira/webhooks", 400, **body))["error"]


async def test_moving_the_clock_waits_for_them(hooked: Desk, control: Client, ear: Ear) -> None:
    """The clock rests only once the bot has been told, and held ones go out."""

    async def nothing_due() -> None:
        return None

    rests: list[int] = []

    async def at_rest() -> int:
        rests.append(len(ear.heard))
        return 0

    hooked.sandbox.attach(next_due=nothing_due, at_rest=at_rest)
    await control.post("jira/webhooks", mode="reorder", count=9)
    await hooked.create()
    await control.post("clock", advance="PT1M")
    assert rests[0] == 1
