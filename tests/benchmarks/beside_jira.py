"""The whole bot beside a Slack and a Jira that are a process of their own, and a team of both."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.actions import projects
from bot.actions.form_state import Carried, packed
from bot.actions.model import Place
from bot.actions.projects import Chosen, Kept
from bot.actions.views import form
from bot.app import JIRA_PATH, Meridian
from bot.core.clock import Calendar, SystemCalendar
from bot.db.schema import upgrade
from bot.db.session import Database
from bot.sandbox import BOT_TOKEN, SIGNING_SECRET, TEAM_ID
from bot.sandbox.jira import EMAIL, TOKEN
from bot.sandbox.jira.aurora import ML
from bot.sandbox.jira.schemes import TASK
from bot.settings import Settings
from tests.benchmarks.bare import headers, interaction, machine
from tests.benchmarks.team import workspace
from tests.processes import PATIENCE, free_port, running

Json = dict[str, Any]

CHANNEL, NAME = "C01CHURN", "churn-model"
LENA, MEI = "U01LENA", "U01MEI"
_HOOK_SECRET = "benchmark-webhook-secret"
_LOOK_SECONDS = 0.01


@contextmanager
def sandbox() -> Iterator[str]:
    """The address of one whose Slack and Jira grant whatever they are asked for."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    words = ("sandbox", "--no-bot", "--limits", "off", "--port", str(port))
    with tempfile.TemporaryDirectory() as folder, running(*words, cwd=Path(folder)) as process:
        process.until_serves(url)
        yield url


def settings_for(slack_url: str, jira_url: str | None, database_url: str) -> Settings:
    """By signed HTTP, with Slack's limits; the environment has no say in them."""
    return Settings.model_construct(
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=None,
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=f"{slack_url}/api/",
        slack_rates="on",
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        log_level="error",
        standup_command="/standup",
        team_command="/team",
        actions_command="/actions",
        jira_url=jira_url,
        jira_email=EMAIL if jira_url else None,
        jira_token=SecretStr(TOKEN) if jira_url else None,
        jira_webhook_secret=SecretStr(_HOOK_SECRET) if jira_url else None,
    )


class Office:
    """What people do in Slack and in Jira, and what they see there."""

    def __init__(self, bot: Meridian, url: str, client: aiohttp.ClientSession) -> None:
        self.bot = bot
        self._url = url
        self._client = client

    async def submit(self, body: str) -> None:
        """What Slack sends when somebody saves a modal; back once it is acked."""
        named = headers(body, SIGNING_SECRET)
        url = f"{self.bot.web.url}/slack/events"
        async with self._client.post(url, data=body, headers=named) as reply:
            said = await reply.text()
        if reply.status != 200 or said:
            raise RuntimeError(f"{reply.status}: {said}")

    async def control(self, name: str, **body: Any) -> Json:
        """A control call."""
        async with self._client.post(f"{self._url}/_control/{name}", json=body) as reply:
            answer: Json = await reply.json()
        if reply.status != 200:
            raise RuntimeError(f"{name}: {answer}")
        return answer

    async def seen(self, name: str) -> Json:
        """What is there: the workspace's `state`, the `log`, or `jira/issues`."""
        async with self._client.get(f"{self._url}/_control/{name}") as reply:
            found: Json = await reply.json()
            return found

    async def hears_jira(self) -> None:
        """Let Jira's webhook lead to the bot."""
        url = f"{self.bot.web.url}{JIRA_PATH}"
        await self.control("jira/webhooks", url=url, secret=_HOOK_SECRET)

    async def until(self, name: str, is_so: Callable[[Json], bool]) -> None:
        """Look again and again, until it is so."""
        end = machine.elapsed() + PATIENCE
        while not is_so(await self.seen(name)):
            if machine.elapsed() > end:
                raise RuntimeError(f"it did not come: {name}")
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def office(
    slack_url: str,
    jira_url: str,
    seed: Callable[[Session, datetime, int], None],
    calendar: Calendar | None = None,
) -> AsyncIterator[Office]:
    """The bot in this process, with what `seed` puts into its database before it starts."""
    calendar = calendar or SystemCalendar(machine)
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        settings = settings_for(slack_url, jira_url, f"sqlite:///{Path(folder) / 'meridian.db'}")
        upgrade(settings.database_url)
        opened = Database(settings.database_url, machine)
        workspace_id = opened.write_now(workspace, TEAM_ID)
        opened.write_now(seed, calendar.now(), workspace_id)
        opened.close()
        bot = Meridian(settings, machine, calendar)
        await bot.start()
        try:
            async with aiohttp.ClientSession() as client:
                yield Office(bot, slack_url, client)
        finally:
            await bot.stop()


def connect(session: Session, at: datetime, workspace_id: int) -> None:
    """Let a team's tickets go to a project of the sandbox's Jira."""
    chosen = Chosen(ML, "ML", "Churn model", TASK, "Task", {})
    kept = projects.keep(session, at, workspace_id, LENA, CHANNEL, NAME, chosen, member=True)
    if not isinstance(kept, Kept):
        raise TypeError(kept)


def submission(what: str, owner: str, thread_ts: str = "") -> str:
    """What Slack sends when somebody saves the form of an action item, with a ticket."""
    said: dict[str, dict[str, Any]] = {
        "what": {"type": "plain_text_input", "value": what},
        "owner": {"type": "users_select", "selected_user": owner},
        "due": {"type": "datepicker", "selected_date": None},
        "details": {"type": "plain_text_input", "value": None},
        "ticket": {"type": "checkboxes", "selected_options": [{"value": "ticket"}]},
    }
    carried = Carried(key=what, place=Place(CHANNEL, NAME, thread_ts, thread_ts))
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": form.FORM,
        "private_metadata": packed(carried),
        "state": {"values": {name: {name: entry} for name, entry in said.items()}},
        "blocks": [],
    }
    trigger = {"trigger_id": f"{what}.1"}
    return interaction({"type": "view_submission", "view": view} | trigger, owner, TEAM_ID)
