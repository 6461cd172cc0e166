"""Jira's webhook over real HTTP: a hint to read an issue again, whatever becomes of it."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions.shown import reply
from bot.actions.webhook import Webhook
from bot.app import JIRA_PATH as PATH
from bot.core.states import ItemState, MirrorKind
from bot.db.session import machine_time
from bot.db.tables import ActionItem, Inbox, Mirror, Person
from bot.engine import mirrors
from bot.engine.mirrors import Mark
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.webhooks import signature
from bot.web import Web
from tests.actions.desk import CHANGE, Desk
from tests.db import rows

SECRET = "a secret"
SIGNED, JUNK = "X-Hub-Signature", b'{"webhookEvent":"jira:issue_updated","issue":{"id":"ten"}}'


@dataclass
class Door:
    """Where Jira's webhook comes in, and what is behind it."""

    desk: Desk
    url: str
    item_id: int

    async def knock(self, body: bytes, **headers: str) -> int:
        """Somebody posts something there."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=io.BytesIO(body), headers=headers) as reply,
        ):
            return reply.status

    async def signed(self, body: bytes, **headers: str) -> int:
        """Somebody who knows the secret does."""
        return await self.knock(body, **{SIGNED: signature(SECRET, body)}, **headers)

    async def heard(self) -> None:
        """Until Jira's webhooks are answered, and what they hint at is done."""
        await self.desk.world.site.jira.webhooks.quiet()
        await self.desk.settle()

    async def rows(self) -> tuple[int, int]:
        """How many deliveries took effect, and how often the ticket was marked."""

        def count(session: Session) -> tuple[int, int]:
            inbox = session.scalar(select(func.count()).select_from(Inbox)) or 0
            return inbox, session.scalars(select(Mirror.wanted)).one()

        return await self.desk.database.read(count)

    async def state(self) -> tuple[ItemState, date | None]:
        item = await self.desk.item(self.item_id)
        return item.state, item.due


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[Door]:
    """A door in front of an item whose issue is ML-1."""

    async def healthy() -> dict[str, object]:
        return {}

    hook = Webhook(desk.database, SECRET, calendar=desk.calendar)
    web = Web("127.0.0.1", 0, healthy, {PATH: hook.hear})
    await web.start()
    item_id = await desk.raised()
    await desk.settle()
    desk.there(acts.webhooks, url=f"{web.url}{PATH}", secret=SECRET)
    yield Door(desk, f"{web.url}{PATH}", item_id)
    await web.close()


def update(issue_id: str) -> bytes:
    """What Jira says of an issue that somebody changed, as far as anybody reads it."""
    return json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": issue_id}}).encode()


async def test_a_change_in_jira_comes_at_once(door: Door) -> None:
    """Without a look at all issues."""
    door.desk.moves("ML-1", "indeterminate")
    door.desk.edits("ML-1", duedate="2026-05-01")
    await door.heard()
    assert await door.state() == (ItemState.IN_PROGRESS, date(2026, 5, 1))


async def test_what_a_webhook_tells_is_for_slack_to_show_at_once(door: Door) -> None:
    """The reply below the message that it came from, and that of its run, which rests else.

    So it shows within five seconds while Slack lets messages be edited.
    """
    desk = door.desk

    def place(session: Session) -> set[int]:
        """Where the item is seen; all of it shows what is true by now."""
        at, item = desk.calendar.now(), session.get_one(ActionItem, door.item_id)
        owner = session.scalars(select(Person).limit(1)).one()
        ritual = rows.ritual(session, owner, at, "C01OTHER")
        run = rows.run(session, ritual, at)
        item.ritual_id, item.run_id = ritual.id, run.id
        message = Mark(1, MirrorKind.MESSAGE, "run", str(run.id), run.channel, run_id=run.id)
        mirrors.mark(session, at, [reply(item, "1774828800.000100"), message])
        found = session.scalars(select(Mirror).where(Mirror.kind == MirrorKind.MESSAGE)).all()
        for one in found:
            one.shown, one.remote_id = one.wanted, f"1774828800.{one.id:06}"
            one.calm_until = machine_time(session) + timedelta(seconds=10)
        return {one.id for one in found}

    there = await desk.database.write(place)
    began = desk.machine.utc()
    desk.moves("ML-1", "done")
    await desk.world.site.jira.webhooks.quiet()
    await desk.idle()

    def next_turn(session: Session) -> set[int]:
        return {one.id for one in mirrors.candidates(session, 10)}

    while not there <= await desk.database.read(next_turn):
        assert desk.machine.utc() - began < timedelta(seconds=2)
        await desk.pass_time(0.25)
    assert (await door.state())[0] is ItemState.DONE


async def test_a_change_comes_though_another_was_refused(door: Door) -> None:
    """What Jira doesn't take does not hide what people do there."""
    door.desk.trouble(CHANGE, "status", status=400, count=None)
    await door.desk.changes(door.item_id, due=None)
    await door.heard()
    door.desk.moves("ML-1", "done")
    await door.heard()
    assert (await door.state())[0] is ItemState.DONE


async def test_sent_six_times_it_has_one_effect(door: Door) -> None:
    """Every copy bears the same identifier."""
    before = await door.rows()
    door.desk.there(acts.webhooks, mode="duplicate", copies=6, count=1)
    door.desk.moves("ML-1", "done")
    await door.heard()
    assert (await door.state())[0] is ItemState.DONE
    inbox, wanted = await door.rows()
    assert (inbox - before[0], wanted - before[1]) == (1, 1)


async def test_out_of_order_the_last_state_counts(door: Door) -> None:
    """What a webhook tells is not believed: the issue is read."""
    door.desk.there(acts.webhooks, mode="reorder", count=3)
    for to in ("indeterminate", "done", "new"):
        door.desk.moves("ML-1", to)
    door.desk.edits("ML-1", duedate="2026-05-01")
    await door.heard()
    assert await door.state() == (ItemState.OPEN, date(2026, 5, 1))


async def test_a_forged_one_is_refused_and_leaves_no_trace(door: Door) -> None:
    """As is one without a signature, or with one of another body."""
    before = await door.rows()
    door.desk.there(acts.webhooks, mode="forge", count=1)
    door.desk.moves("ML-1", "done")
    await door.heard()
    body = update(door.desk.issue().id)
    assert await door.knock(body) == 401
    assert await door.knock(body, **{SIGNED: "sha256=" + "0" * 64}) == 401
    assert await door.knock(body + b" ", **{SIGNED: signature(SECRET, body)}) == 401
    assert (
        await door.knock(body, **{SIGNED: signature(SECRET, body).removeprefix("sha256=")}) == 401
    )
    assert (await door.state())[0] is ItemState.OPEN
    assert await door.rows() == before


async def test_one_that_never_comes_is_made_up_for_by_looking(door: Door) -> None:
    """Within five minutes."""
    door.desk.there(acts.webhooks, mode="drop", count=2)
    door.desk.moves("ML-1", "done")
    await door.heard()
    assert (await door.state())[0] is ItemState.OPEN
    await door.desk.polls()
    assert (await door.state())[0] is ItemState.DONE


async def test_an_issue_of_others_is_none_of_ours(door: Door) -> None:
    """Taken, so that Jira doesn't send it again, and forgotten."""
    before = await door.rows()
    assert await door.signed(update("4711")) == 200
    assert await door.signed(b'{"webhookEvent":"sprint_started","sprint":{}}') == 200
    assert await door.rows() == before


async def test_a_deleted_issue_is_noticed_at_once(door: Door) -> None:
    """Its owner is asked, as in every case."""
    door.desk.there(acts.delete, key="ML-1")
    await door.heard()
    assert (await door.desk.item(door.item_id)).note == "Its ticket ML-1 is gone from Jira."


@pytest.mark.parametrize("body", [b"", b"null", b"[1]", b"{", b'{"issue":{"id":"1"}}', JUNK])
async def test_junk_is_refused(door: Door, body: bytes) -> None:
    """Even from whoever knows the secret."""
    before = await door.rows()
    assert await door.signed(body) == 400
    assert await door.rows() == before


async def test_a_body_of_megabytes_is_not_read(door: Door) -> None:
    """Jira's have a few kilobytes."""
    assert await door.signed(b" " * (1024 * 1024 + 1)) == 413


async def test_the_same_hint_in_two_deliveries_counts_twice(door: Door) -> None:
    """Something may have happened in between; the identifier alone tells."""
    before, issue_id = await door.rows(), door.desk.issue().id
    name = "X-Atlassian-Webhook-Identifier"
    answers: list[Any] = [
        await door.signed(update(issue_id), **{name: each}) for each in ("one", "two", "one")
    ]
    await door.heard()
    inbox, wanted = await door.rows()
    assert answers == [200, 200, 200]
    assert (inbox - before[0], wanted - before[1]) == (2, 2)
