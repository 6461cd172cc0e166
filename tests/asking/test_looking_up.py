"""Looking people up, one by one: what becomes of those of whom Slack won't tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.orm import Session

from bot.asking.newcomers import look_up_briefly
from bot.asking.people import People
from bot.core.clock import MovableCalendar
from bot.db.session import Database
from bot.db.tables import Person, Workspace
from bot.engine.intake import Intake
from bot.slack import acks
from bot.slack.errors import SlackRefused
from bot.slack.front import Front
from bot.slack.gateway import Gateway, Member
from tests.clocks import START, HandMachine
from tests.engine.worlds import until

ODD, EVEN = "U1", "U2"
_STEP = 900
_A_DAY = range(0, 24 * 3600, _STEP)


class Reluctant(Gateway):
    """Slack tells of everybody but some, and keeps count."""

    def __init__(self, calendar: MovableCalendar) -> None:
        super().__init__("xoxb-test", calendar)
        self.refusing: dict[str, str] = {}
        self.asked: list[str] = []
        self.hangs = False

    async def member(self, user: str) -> Member:
        self.asked.append(user)
        if self.hangs:
            await asyncio.Event().wait()
        if code := self.refusing.get(user):
            raise SlackRefused(code)
        return Member(user, "Ana", "Europe/Berlin", False, False, False, False)


def _begin(session: Session) -> None:
    space = Workspace(slack_id="T1", name="Moss", bot_user="UBOT")
    session.add(space)
    session.flush()
    for who in (ODD, EVEN):
        session.add(Person(workspace_id=space.id, slack_id=who, name=who, home_opened_at=START))


@pytest.fixture
async def slack(database: Database, calendar: MovableCalendar) -> Reluctant:
    await database.write(_begin)
    return Reluctant(calendar)


@asynccontextmanager
async def looking(people: People) -> AsyncIterator[None]:
    running = asyncio.create_task(people.run())
    await asyncio.sleep(0)
    yield
    running.cancel()


async def look(people: People) -> None:
    """Whatever wakes it, such as a stand-up that is set up."""
    people.refresh()
    await until(lambda: not people.busy)


async def test_one_whom_slack_never_tells_of_is_asked_about_ever_more_seldom(
    database: Database, slack: Reluctant, calendar: MovableCalendar, machine: HandMachine
) -> None:
    """A handful of calls a day; what Slack tells of the others stays a day old at most."""
    slack.refusing = {ODD: "user_not_visible"}
    people = People(database, slack, calendar=calendar, machine=machine)
    async with looking(people):
        for calls in (range(5, 14), range(3, 6)):
            slack.asked.clear()
            for _ in _A_DAY:
                await look(people)
                machine.advance(_STEP)
            assert slack.asked.count(ODD) in calls
            assert slack.asked.count(EVEN) == 1
        slack.refusing = {}
        machine.advance(6 * 3600)
        slack.asked.clear()
        await look(people)
        await look(people)
        assert slack.asked.count(ODD) == 1  # and is known now


async def test_a_token_that_slack_refuses_is_nobody_s_fault(
    database: Database, slack: Reluctant, calendar: MovableCalendar, machine: HandMachine
) -> None:
    """One is tried; with a token that works all are looked up at once."""
    slack.refusing = {ODD: "token_revoked", EVEN: "token_revoked"}
    people = People(database, slack, calendar=calendar, machine=machine)
    async with looking(people):
        await look(people)
        assert set(slack.asked) == {ODD}
        slack.refusing = {}
        slack.asked.clear()
        await look(people)
        assert slack.asked == [ODD, EVEN]


@pytest.mark.parametrize(("spent", "looked_up"), [(0.0, True), (1.3, True), (1.6, False)])
async def test_a_look_up_before_an_ack_leaves_time_to_save(
    database: Database,
    slack: Reluctant,
    calendar: MovableCalendar,
    monkeypatch: pytest.MonkeyPatch,
    spent: float,
    looked_up: bool,
) -> None:
    """A second of what is left of the 2.5 that an ack may take, and a second at most."""
    monkeypatch.setattr(acks, "spent", lambda: spent)
    slack.hangs = True
    intake = Intake(database, calendar, Front(slack, lambda _error: True), 1, "UBOT", "/standup")
    before = asyncio.get_running_loop().time()
    await look_up_briefly(intake, [ODD])
    took = asyncio.get_running_loop().time() - before
    assert bool(slack.asked) == looked_up
    if looked_up:
        least = min(1.0, 1.5 - spent)
        assert least - 0.05 < took < least + 1
