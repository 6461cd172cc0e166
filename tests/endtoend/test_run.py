"""`meridian run` as a process of its own, beside a sandbox."""

import asyncio
import json
import signal
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asking.people import learn
from bot.core.cadence import Cadence
from bot.core.clock import SystemCalendar, SystemMachine
from bot.db.session import Database
from bot.db.tables import Mirror, Workspace
from bot.rituals.standup import setup
from bot.rituals.standup.setup import Plan
from bot.sandbox import APP_TOKEN, BOT_TOKEN, BOT_USER_ID, SIGNING_SECRET, TEAM_ID, Sandbox
from bot.sandbox.world import Message
from bot.slack.gateway import Member
from tests.endtoend.office import GENERAL, LENA, MEI
from tests.processes import PATIENCE, Running, free_port, running

Json = dict[str, Any]
SECRETS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET)


@pytest.fixture(autouse=True)
def _sqlite(on_sqlite: None) -> None:
    """A process of its own here has a file of its own."""


def settings_for(sandbox_url: str, database_url: str, **more: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{sandbox_url}/api/",
        "DATABASE_URL": database_url,
        "PORT": str(free_port()),
        "LOG_LEVEL": "debug",
    } | more


def health(settings: Json) -> str:
    return f"http://127.0.0.1:{settings['PORT']}/health"


def control(url: str, name: str, **body: Any) -> Json:
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{url}/_control/{name}",
        json.dumps(body).encode() if body else None,
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own
        found: Json = json.load(answer)
        return found


def test_run_beside_a_sandbox_of_its_own_and_no_secret_in_what_it_says(
    database_url: str, tmp_path: Path
) -> None:
    """Ready, answering, stopped by SIGTERM with 0; no token or answer in its log, even at debug."""
    port = free_port()
    world = f"http://127.0.0.1:{port}"
    settings = settings_for(world, database_url)
    with (
        running("sandbox", "--no-bot", "--port", str(port), cwd=tmp_path) as sandbox,
        running("run", cwd=tmp_path, settings=settings) as bot,
    ):
        sandbox.until_serves(world)
        how = sandbox.until_says("Ctrl-C")
        assert f"MERIDIAN_SLACK_API_URL={world}/api/\n" in how
        assert f"MERIDIAN_SLACK_BOT_TOKEN={BOT_TOKEN}\n" in how
        assert f"MERIDIAN_SLACK_APP_TOKEN={APP_TOKEN}\n" in how
        bot.until_serves(health(settings))
        told = control(world, "command", user=MEI, channel=GENERAL, command="/standup", text="help")
        assert "`/standup setup`" in told["response"]
        control(world, "command", user=LENA, channel=GENERAL, command="/standup", text="setup")
        control(world, "home", user=LENA)
        bot.process.send_signal(signal.SIGTERM)
        assert bot.ends(10) == 0
        said = bot.output
    assert "ready" in said
    assert "stopped" in said
    assert "Traceback" not in said
    for secret in SECRETS:
        assert secret not in said


def test_run_waits_while_slack_is_out_of_reach_and_can_be_stopped(
    database_url: str, tmp_path: Path
) -> None:
    """A machine may start before its network does."""
    settings = settings_for(f"http://127.0.0.1:{free_port()}", database_url)
    with running("run", cwd=tmp_path, settings=settings) as bot:
        bot.until_says("Slack can't be reached; trying again")
        bot.until_serves(health(settings), 503)
        bot.process.send_signal(signal.SIGTERM)
        assert bot.ends(10) == 0
        assert "Traceback" not in bot.output


async def test_a_kill_while_a_message_is_sent_leaves_one_message(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run looks for it before it would send it again."""
    plan_for_now(database_url)
    async with _world() as world:
        settings = settings_for(world.url, database_url)
        with running("run", cwd=tmp_path, settings=settings) as first:
            with monkeypatch.context() as patch:
                patch.setattr(world.site.world, "put", _killing(world.site.world.put, first))
                await asyncio.to_thread(first.ends)
            assert len(cards(world)) == 1
        with running("run", cwd=tmp_path, settings=settings) as second:
            await asyncio.to_thread(second.until_serves, health(settings))
            _let_fifteen_seconds_pass(database_url)
            await _until(lambda: _settled(database_url))
            second.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(second.ends, 10) == 0
        assert len(cards(world)) == 1


async def test_nobody_is_asked_before_slack_is_heard(database_url: str, tmp_path: Path) -> None:
    """Their clicks would meet nobody; and whom nobody can hear is not ready."""
    plan_for_now(database_url)
    async with _world() as world:
        settings = settings_for(world.url, database_url)
        opening = {"method": "apps.connections.open"}
        world.site.faults.add(opening | {"mode": "delay", "seconds": 2})
        with running("run", cwd=tmp_path, settings=settings) as bot:
            await _until(lambda: _is_known(world))
            await asyncio.sleep(1)
            assert cards(world) == []
            await asyncio.to_thread(bot.until_serves, health(settings))
            await _until(lambda: len(cards(world)) == 1)
            world.site.faults.add(opening | {"mode": "error", "count": None})
            await world.disconnect("link_disabled")
            await asyncio.to_thread(bot.until_serves, health(settings), 503)


def _is_known(world: Sandbox) -> bool:
    return any("auth.test" in one["summary"] for one in world.site.log.entries())


def _killing(put: Callable[[Message], None], bot: Running) -> Callable[[Message], None]:
    """Slack keeps the message, and the bot is gone before the reply."""

    def put_and_kill(message: Message) -> None:
        put(message)
        bot.process.kill()
        bot.process.wait()

    return put_and_kill


def plan_for_now(database_url: str) -> None:
    """Mei was to be asked a minute ago, while no bot was running."""
    machine = SystemMachine()
    now = SystemCalendar(machine).now()
    moment = (now - timedelta(minutes=1)).time().replace(second=0, microsecond=0)
    cadence = Cadence(weekdays=tuple(range(7)), at=moment)
    plan = Plan(GENERAL, "general", (MEI,), cadence, "key")

    def start(session: Session) -> None:
        workspace = Workspace(slack_id=TEAM_ID, name="Aurora ML", bot_user=BOT_USER_ID)
        session.add(workspace)
        session.flush()
        at = now - timedelta(hours=2)
        learn(session, at, workspace.id, Member(MEI, "Mei", "Etc/UTC", False, False, False, False))
        setup.start(session, at, workspace.id, MEI, plan)

    database = Database(database_url, machine)
    database.write_now(start)
    database.close()


def cards(world: Sandbox) -> list[str]:
    return [message.ts for message in world.site.world.messages("D01MEI")]


def _let_fifteen_seconds_pass(database_url: str) -> None:
    """What a dead process had under way may arrive so long; nobody needs to wait for it here."""
    machine = SystemMachine()
    earlier = update(Mirror).values(not_before=None, sent_at=machine.utc() - timedelta(minutes=1))
    database = Database(database_url, machine)
    database.write_now(lambda session: session.execute(earlier))
    database.close()


def _settled(database_url: str) -> bool:
    database = Database(database_url, SystemMachine())
    try:
        rows = database.read_now(lambda session: session.scalars(select(Mirror)).all())
        return all(row.shown == row.wanted and row.remote_id for row in rows)
    finally:
        database.close()


async def _until(so: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


class _world:  # noqa: N801 - a context manager, named as it is used
    """A sandbox in this process, on the machine's own clock."""

    async def __aenter__(self) -> Sandbox:
        machine = SystemMachine()
        self._world = Sandbox(machine=machine, calendar=SystemCalendar(machine), limits=False)
        await self._world.start()
        return self._world

    async def __aexit__(self, *_: object) -> None:
        await self._world.stop()
