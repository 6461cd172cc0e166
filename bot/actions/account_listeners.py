"""The way in from Slack of who somebody is in Jira."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.actions import accounts
from bot.actions.views import accounts as views
from bot.asking.newcomers import rows_of
from bot.core.errors import MeridianError
from bot.core.noted import noted
from bot.core.states import JiraMatch
from bot.db.tables import Person
from bot.engine.intake import Intake, Repeated
from bot.jira.gateway import Gateway
from bot.jira.model import Account
from bot.slack.replies import actor

Body = dict[str, Any]
_SUGGEST_SECONDS = 2.5  # of the three that Slack waits

log = structlog.get_logger()


@dataclass(frozen=True)
class Known:
    """Who somebody is in Jira, and how that is known."""

    name: str
    match: JiraMatch | None
    account: Account | None


def known(session: Session, _at: datetime, workspace_id: int, slack_id: str) -> Known:
    """Who somebody is, as far as anybody has looked."""
    person = session.scalar(
        select(Person.id).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    row = accounts.account_of(session, person)
    if row is None:
        return Known("", None, None)
    account = Account(row.account, row.name) if row.account is not None else None
    return Known(row.name, row.match, account)


def choose(
    session: Session, at: datetime, workspace_id: int, slack_id: str, account: Account | None
) -> Known:
    """Somebody says who they are; None: they have no account."""
    person = rows_of(session, workspace_id, {slack_id})[slack_id]
    accounts.learn(session, at, person.id, account, JiraMatch.CHOSEN)
    return Known(account.name if account is not None else "", JiraMatch.CHOSEN, account)


def listen(app: AsyncApp, intake: Intake, jira: Gateway) -> None:
    """Register Home's button, and the modal."""
    on = _Listeners(intake, jira)
    app.action(views.CHANGE)(on.opened)
    app.options(views.SEARCH)(on.searched)
    app.view(views.FORM)(on.kept)


class _Listeners:
    def __init__(self, intake: Intake, jira: Gateway) -> None:
        self._intake = intake
        self._jira = jira

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        front = self._intake.front
        front.opens(body, views.TITLE, self._modal(actor(body)))

    async def _modal(self, person: str) -> dict[str, Any]:
        found = await self._intake.read(known, self._intake.workspace_id, person)
        return views.account_modal(views.said(found.name, found.match), found.account)

    async def searched(self, ack: AsyncAck, body: Body) -> None:
        found = await self._people(body.get("value") or "")
        await ack(options=[views.account_option(one).to_dict() for one in found])

    async def _people(self, words: str) -> Sequence[Account]:
        try:
            async with asyncio.timeout(_SUGGEST_SECONDS):
                return await self._jira.people(words)
        except (MeridianError, TimeoutError) as error:
            log.warning("Jira's people could not be listed", error=noted(error))
            return []

    async def kept(self, ack: AsyncAck, body: Body) -> None:
        entry = body["view"]["state"]["values"][views.BLOCK][views.SEARCH]
        option = entry.get("selected_option")
        account = Account(option["value"], views.chosen_name(option)) if option else None
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            choose,
            self._intake.workspace_id,
            actor(body),
            account,
        )
        match result:
            case Known(name, match_, _):
                modal = views.kept_modal(views.said(name, match_))
                await ack(response_action="update", view=modal)
            case Repeated():
                await ack()
            case _:
                assert_never(result)
