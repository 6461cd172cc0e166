"""When a listener fails: one polite sentence with a reference, or another try."""

import asyncio
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.app import Meridian, failures, meridian
from bot.asking import home, people
from bot.asking.upkeep import setup
from bot.cli.trial import settings_for
from bot.core.clock import MovableCalendar, SystemMachine
from bot.core.errors import Transient
from bot.db import inbox
from bot.db.tables import Person, Timer
from bot.engine import mirrors
from bot.rituals.standup import answers, sheets
from bot.sandbox import Sandbox
from bot.slack import front
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Member
from tests.endtoend.office import ARJUN, GENERAL, LENA, MEI, Office, shown

REFERENCE = re.compile(r"reference ([0-9A-F]{6})\.")


def reference_in(words: str) -> str:
    found = REFERENCE.search(words)
    assert found, words
    return found[1]


def raising(error: Exception) -> Callable[..., Any]:
    """A use case that fails."""

    def use_case(*_: object, **__: object) -> None:
        raise error

    return use_case


async def test_a_submission_that_fails_keeps_the_modal_and_says_the_reference(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed stays in the form; the log has the reference and the cause, no answer."""
    await either.set_up(MEI)
    await either.until("30T00:30")
    await either.standup(MEI)
    monkeypatch.setattr(answers, "store", raising(RuntimeError("the roof is on fire")))
    with capture_logs() as logged:
        told = await either.answer(MEI, learned="A secret of mine")
    assert told["outcome"] == "errors"
    sentence = told["errors"]["learned"]
    assert sentence.startswith("Something went wrong on Meridian's side.")
    (entry,) = [one for one in logged if one["event"] == "a request failed"]
    assert entry["reference"] == reference_in(sentence)
    assert str(entry["exc_info"]) == "the roof is on fire"
    assert "A secret" not in repr(logged)


async def test_a_command_that_fails_after_its_ack_says_so_in_the_channel(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trigger may be gone by then, so the sentence comes by the command's own address."""
    monkeypatch.setattr(sheets, "open_sheet", raising(RuntimeError("no")))
    with capture_logs() as logged:
        told = await by_http.standup(MEI)
    (entry,) = [one for one in logged if one["event"] == "a request failed"]
    assert reference_in(told["response"]) == entry["reference"]
    assert [m["ephemeral_to"] for m in await by_http.messages(GENERAL)] == [MEI]


async def test_a_setup_that_fails_says_so_under_its_first_field(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen stays, with all that was chosen."""
    await by_http.standup(LENA, "setup")
    monkeypatch.setattr(setup, "start", raising(RuntimeError("no")))
    told = await by_http.post("submit", user=LENA, values={})
    assert told["outcome"] == "errors"
    assert reference_in(told["errors"]["members"])


async def test_a_transient_failure_of_an_event_is_tried_again_in_silence(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack sends it again, and then it takes effect once."""
    opened, tries = home.opened, []

    def at_second(*args: Any) -> None:
        tries.append(args)
        if len(tries) == 1:
            raise Transient
        opened(*args)

    monkeypatch.setattr(home, "opened", at_second)
    either.world.site.sockets.patience = 3.0
    await either.post("home", user=MEI)
    await either.world.site.events.quiet()
    await either.rest()
    assert len(tries) == 2
    state = await either.state()
    assert "Waiting for you" in shown(state["homes"][MEI])
    assert state["messages"] == []
    assert await either.rows("inbox") == 1


async def test_a_permanent_failure_of_an_event_is_said_once(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sending it again would not help; the person reads one sentence where they look."""
    tries = []

    def fail(*args: object) -> None:
        tries.append(args)
        raise ValueError("no")

    monkeypatch.setattr(home, "opened", fail)
    await by_http.post("home", user=MEI)
    await by_http.rest()
    assert len(tries) == 1
    state = await by_http.state()
    assert reference_in(shown(state["homes"][MEI]))
    assert state["messages"] == []


async def test_the_relay_outlives_a_database_that_was_out_of_reach(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PostgreSQL that restarts must not leave a bot that hears everything and sends nothing."""
    candidates = mirrors.candidates

    def once(session: Session, limit: int) -> list[mirrors.Candidate]:
        monkeypatch.setattr(mirrors, "candidates", candidates)
        raise OperationalError("SELECT", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(meridian, "_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(mirrors, "candidates", once)
    with capture_logs() as logged:
        await by_http.post("home", user=MEI)
        for _ in range(300):
            if MEI in (await by_http.state())["homes"]:
                break
            await asyncio.sleep(0.01)
    assert "Waiting for you" in shown((await by_http.state())["homes"][MEI])
    assert [one["work"] for one in logged if one["log_level"] == "error"] == ["relay"]


async def test_a_night_s_work_that_failed_is_done_an_hour_later(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sets the next night's itself, so that one failure would have been the end of it."""
    with monkeypatch.context() as failing, capture_logs() as logged:
        failing.setattr(inbox, "forget_old", raising(ValueError("no")))
        await by_http.until("30T03:05")
    assert "a timer failed and is tried again in an hour" in [one["event"] for one in logged]
    await by_http.until("30T04:05")

    def nights(session: Session) -> list[bool]:
        retention = select(Timer).where(Timer.kind == "housekeeping").order_by(Timer.due_at)
        return [one.consumed_at is not None for one in session.scalars(retention)]

    assert await by_http.bot.database.read(nights) == [True, False]


async def test_one_whom_slack_hides_keeps_nobody_else_from_being_looked_up(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others' zones are learned all the same."""
    await by_http.set_up(MEI, ARJUN, LENA)
    asked: list[str] = []
    known = by_http.bot.gateway.member

    async def member(slack_id: str) -> Member:
        if slack_id == MEI:
            asked.append(slack_id)
            raise SlackRefused("user_not_visible")
        return await known(slack_id)

    def forget(session: Session) -> None:
        session.execute(update(Person).values(refreshed_at=None))

    def unknown(session: Session) -> set[str]:
        return {slack_id for _workspace, slack_id in people.to_look_at(session)}

    monkeypatch.setattr(by_http.bot.gateway, "member", member)
    await by_http.bot.database.write(forget)
    assert {MEI, ARJUN, LENA} <= await by_http.bot.database.read(unknown)
    by_http.bot.people.refresh()
    await by_http.rest()
    assert await by_http.bot.database.read(unknown) == {MEI}
    by_http.bot.people.refresh()
    await by_http.rest()
    assert asked == [MEI]  # she is left alone for a while


async def test_a_modal_that_was_closed_while_it_loaded_is_no_error(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who did not want to wait is told nothing."""
    closed, open_sheet = threading.Event(), sheets.open_sheet

    def slowly(*args: Any) -> Any:
        closed.wait(5)
        return open_sheet(*args)

    monkeypatch.setattr(front, "_PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(sheets, "open_sheet", slowly)
    await by_http.post("command", user=MEI, channel=GENERAL, command="/standup")
    await by_http.modal_saying(MEI, "One moment")
    await by_http.post("close", user=MEI)
    closed.set()
    await by_http.rest()
    assert (await by_http.state())["messages"] == []


async def test_a_refused_app_token_ends_the_start_with_a_sentence(database_url: str) -> None:
    """Slack's client would go on trying, and people be asked by a bot that can't hear them."""
    machine = SystemMachine()
    calendar = MovableCalendar(machine)
    world = Sandbox(machine=machine, calendar=calendar)
    await world.start()
    settings = settings_for(world, database_url).model_copy(
        update={"slack_app_token": SecretStr("xapp-canary")}
    )
    bot = Meridian(settings, machine, calendar)
    try:
        with pytest.raises(failures.BadToken, match=r"the app-level token \(invalid_auth\)"):
            await bot.start()
    finally:
        await bot.stop()
        await world.stop()
