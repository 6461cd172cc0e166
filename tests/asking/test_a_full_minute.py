"""Five hundred people due in one minute, by the real timetable on a real database."""

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import people
from bot.core.cadence import Cadence
from bot.core.clock import MovableCalendar, SystemMachine
from bot.core.states import PromptState
from bot.db.session import Database
from bot.db.tables import Person, Prompt, Workspace
from bot.engine import mirrors
from bot.engine.timetable import Timetable
from bot.rituals import standup
from bot.rituals.standup import setup
from bot.rituals.standup.setup import Plan
from bot.slack.gateway import Member
from tests.asking.world import HALF_PAST_NINE, WORKDAYS, utc
from tests.clocks import HandMachine

PEOPLE = 500


class Counted(Timetable):
    """The timetable, which also says how long each batch held the writer."""

    def __init__(self, database: Database, calendar: MovableCalendar) -> None:
        steps = {(standup.RITUAL.kind, name): step for name, step in standup.RITUAL.steps.items()}
        super().__init__(database, steps, calendar=calendar, machine=SystemMachine())
        self.batches: list[tuple[int, float]] = []

    def run(self, session: Session, at: object, limit: int) -> int:
        began = time.perf_counter()
        done = super().run(session, at, limit)  # type: ignore[arg-type]
        self.batches.append((done, time.perf_counter() - began))
        return done


def full_house(session: Session) -> None:
    """A stand-up of five hundred in Berlin, planned for Monday."""
    workspace = Workspace(slack_id="T1", name="Acme", bot_user="UBOT")
    session.add(workspace)
    session.flush()
    at = utc("2026-03-28T12:00")
    members = [f"U{number:03}" for number in range(PEOPLE)]
    for who in members:
        member = Member(who, who, "Europe/Berlin", False, False, False, False)
        people.learn(session, at, workspace.id, member)
    cadence = Cadence(weekdays=WORKDAYS, at=HALF_PAST_NINE)
    plan = Plan("C1", "team", tuple(members), cadence, "key")
    setup.start(session, at, workspace.id, members[0], plan)


async def test_five_hundred_in_one_minute(
    database: Database, calendar: MovableCalendar, machine: HandMachine
) -> None:
    """All are asked in a few batches; how long that took is printed, and fails nothing."""
    await database.write(full_house)
    timetable = Counted(database, calendar)
    calendar.move_to(utc("2026-03-30T07:29"))
    await timetable.tick()
    timetable.batches.clear()

    calendar.move_to(utc("2026-03-30T07:30"))
    began = time.perf_counter()
    done = await timetable.tick()
    seconds = time.perf_counter() - began

    monday = select(Prompt.state).where(Prompt.due_at == utc("2026-03-30T07:30"))
    states = await database.read(lambda session: session.scalars(monday).all())
    assert list(states) == [PromptState.ASKED] * PEOPLE
    assert done == PEOPLE
    longest = max(held for _done, held in timetable.batches)
    print(  # noqa: T201 - the figure is the point
        f"{PEOPLE} prompts committed in {seconds:.2f} s, {len(timetable.batches)} batches, "
        f"the longest {longest * 1000:.0f} ms"
    )


async def test_two_of_one_minute_are_one_message(
    database: Database, calendar: MovableCalendar, machine: HandMachine
) -> None:
    """However many batches lie between: each card waits a moment for what else is asked then."""
    await database.write(full_house)
    await database.write(another_of_all)
    timetable = Counted(database, calendar)
    calendar.move_to(utc("2026-03-30T07:29"))
    await timetable.tick()
    timetable.batches.clear()
    calendar.move_to(utc("2026-03-30T07:30"))
    while await timetable.next_due() == calendar.now():
        await timetable._run_batch()
        assert await database.read(mirrors.candidates, 1) == []
    assert len(timetable.batches) > 3
    machine.advance(1)
    cards = await database.read(mirrors.candidates, 2 * PEOPLE)
    assert len({one.target for one in cards}) == len(cards) == PEOPLE


def another_of_all(session: Session) -> None:
    """A stand-up of the same people at the same minute, in another channel."""
    members = tuple(session.scalars(select(Person.slack_id).order_by(Person.id)))
    cadence = Cadence(weekdays=WORKDAYS, at=HALF_PAST_NINE)
    plan = Plan("C2", "others", members, cadence, "another key")
    setup.start(session, utc("2026-03-28T12:00"), 1, members[0], plan)
