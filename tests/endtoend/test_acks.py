"""A slow database: people are told in time, and nothing that was sent is lost."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asking.people import learn
from bot.db.engines import sqlite_file
from bot.db.tables import Person, Prompt
from bot.engine import intake
from bot.rituals.standup import sheets
from bot.slack.gateway import Member
from tests.endtoend.office import GENERAL, LENA, MEI, SAM, Json, Office, shown
from tests.processes import slowness

STALL, TRIGGER, GIVES_UP = 2.9, 3.0, intake.ACK_SECONDS


@pytest.fixture(autouse=True)
def _sqlite(on_sqlite: None) -> None:
    """The stalls are made with SQLite's own lock."""


@contextmanager
def held(office: Office) -> Iterator[sqlite3.Connection]:
    """Hold the write lock, as a slow disk or a backup by another tool would."""
    connection = sqlite3.connect(str(sqlite_file(office.bot.database.url)), isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
    finally:
        connection.close()


async def asked(office: Office) -> Json:
    await office.set_up(MEI)
    await office.until("30T00:30")
    return (await office.messages(MEI))[0]


async def test_a_click_opens_its_modal_while_nothing_can_be_written(by_http: Office) -> None:
    """What a modal shows is only read."""
    card = await asked(by_http)
    with held(by_http):
        view = (await by_http.click(MEI, card))["view"]
    assert view["title"]["text"] == "Stand-up Mon 30 Mar"


async def test_a_click_opens_a_modal_that_loads_while_the_database_is_stalled(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trigger lives three seconds; what the modal shows comes after them."""
    card = await asked(by_http)
    sheet = sheets.sheet

    def slow(*args: Any) -> Any:
        time.sleep(TRIGGER + 0.1)
        return sheet(*args)

    monkeypatch.setattr(sheets, "sheet", slow)
    began = time.monotonic()
    await by_http.post("click", **by_http.first_button(MEI, card))
    loading = await by_http.modal_saying(MEI, "One moment")
    assert (time.monotonic() - began) / slowness() < TRIGGER
    assert loading["submit"] is None
    filled = await by_http.modal_saying(MEI, "What did you learn or finish?")
    assert filled["id"] == loading["id"]
    assert (await by_http.answer(MEI, learned="Worth the wait"))["outcome"] == "closed"


async def test_what_fails_while_a_modal_loads_is_said_in_it(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person is looking at the modal."""
    card = await asked(by_http)

    def slow(*_: Any) -> Any:
        time.sleep(1.0)
        raise RuntimeError("no")

    monkeypatch.setattr(sheets, "sheet", slow)
    await by_http.post("click", **by_http.first_button(MEI, card))
    assert "reference" in shown(await by_http.modal_saying(MEI, "Something went wrong"))


async def test_a_submission_that_takes_too_long_says_so_and_is_stored_once(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives up at 2.5 s of Slack's three, and sending it again is safe."""
    monkeypatch.setattr(intake, "ACK_SECONDS", GIVES_UP)
    await asked(by_http)
    await by_http.standup(MEI)
    payload = await by_http.submission(MEI, learned="Slow but safe")
    with held(by_http):
        began = time.monotonic()
        told = await by_http.send(payload)
        took = time.monotonic() - began
        await asyncio.sleep(max(0.0, STALL - took))
    assert GIVES_UP + (took - GIVES_UP) / slowness() < STALL
    assert told["response_action"] == "errors"
    assert told["errors"]["learned"].startswith("Still saving")
    again = await by_http.answer(MEI, learned="Slow but safe")
    assert again["outcome"] == "closed"
    await by_http.rest()
    assert await by_http.rows("answers") == 1
    assert await by_http.rows("answer_revisions") == 0
    (run,) = await by_http.messages(GENERAL)
    assert "Slow but safe" in shown(run)


async def test_slack_and_the_database_may_be_slow_at_once(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who somebody is takes of the same three seconds, since the ack waits for both."""
    monkeypatch.setattr(intake, "ACK_SECONDS", GIVES_UP)
    await by_http.set_up(MEI)

    def forget(session: Session) -> None:
        session.execute(update(Person).where(Person.slack_id == SAM).values(refreshed_at=None))

    await by_http.bot.database.write(forget)
    await by_http.post("fault", method="users.info", mode="delay", seconds=5, count=9)
    with held(by_http):
        began = time.monotonic()
        told = await by_http.standup(SAM, "pause")
        took = time.monotonic() - began
    assert GIVES_UP + (took - GIVES_UP) / slowness() < STALL
    assert told["response"].startswith("Still saving")


async def test_fifty_submissions_at_once_are_all_acked_in_time(
    by_http: Office,
) -> None:
    """None over Slack's three seconds, each stored.

    A machine that is busy with other tests may take as much longer as it makes all work take.
    """
    people = [f"U02CROWD{number:02}" for number in range(50)]
    await by_http.bot.database.write(_know, by_http, people)
    await by_http.post("channel", channel=GENERAL, join=people)
    await by_http.set_up(*people)
    await by_http.until("30T07:30")
    prompts = await by_http.bot.database.read(_prompts)
    await by_http.standup(people[0])
    form = await by_http.submission(people[0], learned="In time")

    async def submit(person: str) -> float:
        payload = form | {
            "user": form["user"] | {"id": person},
            "view": form["view"] | {"private_metadata": str(prompts[person])},
            "trigger_id": f"trigger of {person}",
        }
        began = time.monotonic()
        assert await by_http.send(payload) == {}
        return time.monotonic() - began

    before = slowness()
    slowest = max(await asyncio.gather(*map(submit, people)))
    assert slowest / max(before, slowness()) < TRIGGER
    assert await by_http.rows("answers") == 50
    await by_http.rest()
    assert "all 50 answered" in shown((await by_http.messages(GENERAL))[0])


def _know(session: Session, office: Office, people: list[str]) -> None:
    at, users = office.world.site.world.now(), office.world.site.world.users
    for number, slack_id in enumerate(people):
        users[slack_id] = replace(users[LENA], id=slack_id, name=slack_id.lower())
        member = Member(
            slack_id, f"Person {number:02}", "Europe/Berlin", False, False, False, False
        )
        learn(session, at, office.bot.workspace_id, member)


def _prompts(session: Session) -> dict[str, int]:
    rows = session.execute(select(Person.slack_id, Prompt.id).join(Prompt))
    return dict(rows.all())
