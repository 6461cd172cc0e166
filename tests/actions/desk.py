"""Items between a real database and a Jira site over loopback, in the test's time."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.actions import polling, tickets
from bot.actions.to_jira import ToJira
from bot.actions.troubles import Troubles
from bot.core.clock import MovableCalendar
from bot.core.states import ItemState, MirrorKind
from bot.db.session import Database, machine_time
from bot.db.tables import ActionItem, JiraProject, Mirror, Person, Team
from bot.engine import mirrors, sending
from bot.engine.rates import Rates
from bot.engine.relay import Relay
from bot.engine.timetable import Timetable
from bot.jira.gateway import Gateway
from bot.sandbox import Sandbox
from bot.sandbox.jira import EMAIL, TOKEN
from bot.sandbox.jira import control as acts
from bot.sandbox.jira.aurora import DATA, ML, account_id
from bot.sandbox.jira.schemes import TASK
from bot.sandbox.jira.world import Issue
from tests.clocks import HandMachine
from tests.db import rows

CHANNEL = "C01CHURN"
LENA, MEI, ARJUN, INES, RAFAEL = "U01LENA", "U01MEI", "U01ARJUN", "U01INES", "U01RAFAEL"
NAMES = {LENA: "Lena", MEI: "Mei", ARJUN: "Arjun Rao", INES: "Inês", RAFAEL: "Rafael"}
ROOT = "https://aurora-ml.slack.com/"
CREATE = "POST /jira/rest/api/*/issue"
FIND = "POST /jira/rest/api/*/search*"
READ = "GET /jira/rest/api/*/issue/*"
CHANGE = "PUT /jira/rest/api/*/issue/*"
MOVE = "POST /jira/rest/api/*/issue/*/transitions"
LINK = "POST /jira/rest/api/*/issue/*/remotelink"
ANY = "/jira/*"
DUE = date(2026, 4, 10)
_STEP = 0.5  # seconds that a test lets pass at a time


class Desk:
    """The way of tickets to Jira, what people do on either side, and what came of it."""

    def __init__(
        self, database: Database, machine: HandMachine, calendar: MovableCalendar, world: Sandbox
    ) -> None:
        self.database, self.machine, self.calendar, self.world = database, machine, calendar, world
        cloud = world.site.jira.world.is_cloud
        self.jira = Gateway(world.jira_url, TOKEN, EMAIL if cloud else None)
        self.troubles = Troubles(1, None)
        self.limits = Rates(machine)
        self._running: asyncio.Task[None] | None = None

    # --- the bot

    def start(self, database: Any = None, jira: Any = None) -> None:
        """Start sending; on a `database` and a `jira` that a test wrapped, or plainly."""
        clocks: dict[str, Any] = {"calendar": self.calendar, "machine": self.machine}
        self.limits = Rates(self.machine)
        outside = ToJira(
            database or self.database,
            jira or self.jira,
            self.troubles,
            limits=self.limits,
            root=ROOT,
            **clocks,
        )
        self.relay = Relay(
            database or self.database,
            {MirrorKind.ISSUE: outside},
            limits=self.limits,
            **clocks,
        )
        looks = polling.Polling(1)
        steps = {(looks.kind, name): step for name, step in looks.steps.items()}
        steps |= {(self.troubles.kind, name): step for name, step in self.troubles.steps.items()}
        self.looks = looks
        self.timetable = Timetable(self.database, steps, **clocks)
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self.relay.wake)

        self.database.on_stale(wake)
        self._running = asyncio.create_task(self.relay.run())

    async def kill(self) -> None:
        """End it between two steps, as a power cut would: nothing is tidied up."""
        if self._running is None:
            return
        doomed = [*self.relay._in_flight.values(), self._running]
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
        self._running = None

    async def restart(self) -> None:
        """Start as a new process does: whoever holds the database alone frees the leases."""
        await self.database.write(sending.release)
        self.start()

    # --- what people do in Slack

    async def raised(self, what: str = "Fix the join", **more: Any) -> int:
        """An item with a ticket, of Mei's unless told otherwise; answers its id."""
        given: dict[str, Any] = {"owner": MEI, "due": DUE} | more

        def work(session: Session) -> int:
            item: ActionItem = add_item(session, self.calendar.now(), what, **given)
            tickets.mark(session, self.calendar.now(), [item])
            return item.id

        return await self.database.write(work)

    async def changes(self, item_id: int, **fields: Any) -> None:
        """Somebody changes an item's fields; `owner` by Slack id."""

        def work(session: Session) -> None:
            item = session.get_one(ActionItem, item_id)
            given = dict(fields)
            if "owner" in given:
                given["owner_id"] = person_id(session, given.pop("owner"))
            for name, value in given.items():
                setattr(item, name, value)
            tickets.mark(session, self.calendar.now(), [item])

        await self.database.write(work)

    # --- what people do in Jira, and how it behaves

    def there(self, act: Callable[..., Any], **body: Any) -> Any:
        """A control call of the Jira site's, without its way over HTTP."""
        return act(self.world.site, body)

    def edits(self, key: str, **fields: Any) -> None:
        """Somebody edits an issue in Jira."""
        self.there(acts.edit, key=key, fields=fields)

    def moves(self, key: str, to: str) -> None:
        """Somebody moves an issue along its workflow."""
        self.there(acts.transition, key=key, to=to)

    def trouble(self, path: str, mode: str, **more: Any) -> None:
        """Let the next calls of a path go wrong."""
        self.world.site.faults.add({"method": path, "mode": mode, **more})

    # --- time

    async def settle(self, seconds: float = 120) -> None:
        """Let machine time pass until nothing is left to tell; it stands still during a call."""
        passed = 0.0
        while True:
            ready, later = await self.database.read(mirrors.waiting, [MirrorKind.ISSUE])
            if self.relay.busy:
                await asyncio.sleep(0.001)
            elif not ready and not later:
                return
            else:
                assert passed < seconds, f"still to be told: {ready} and {later} backing off"
                step = _STEP if ready else await self.database.read(_until_next)
                self.machine.advance(step)
                self.relay.wake()
                await self._looks()
                passed += step

    async def _looks(self) -> None:
        """Until the relay has begun to look: on a busy machine time would run ahead of it."""
        running = self._running
        while running and not running.done() and self.relay._woken.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    async def pass_time(self, seconds: float) -> None:
        """Let machine time pass, with the sweep that the heartbeat makes, to the end of it all."""
        self.machine.advance(seconds)
        self.relay.wake()
        await self.idle()

    async def idle(self) -> None:
        """Wait until no call is under way, in no machine time."""
        quiet = 0
        async with asyncio.timeout(20):
            while quiet < 6:
                await self.database.read(mirrors.waiting)  # a turn of the database, then a look
                quiet = 0 if self.relay.busy else quiet + 1

    async def until(self, is_so: Callable[[], bool], seconds: float = 30) -> None:
        """Let machine time pass until something is so; in less than these seconds."""
        passed = 0.0
        while not is_so():
            assert passed < seconds, "it is not so yet"
            await self.pass_time(_STEP)
            passed += _STEP

    async def struck(self) -> None:
        """Let time pass until the troubles have struck."""
        while self.world.site.faults.shown():
            await (asyncio.sleep(0.001) if self.relay.busy else self.pass_time(0.25))
        await self.idle()

    async def polls(self) -> None:
        """Five minutes pass, and whatever a look finds is settled."""
        self.machine.advance(300)
        await self.database.write(self.looks.begin, self.calendar.now())
        await self.timetable.tick()
        await self.settle()

    # --- what came of it

    def issues(self) -> list[Issue]:
        """All that Jira holds, oldest first."""
        return list(self.world.site.jira.world.issues.values())

    def issue(self) -> Issue:
        """The only issue there is."""
        [one] = self.issues()
        return one

    def account(self, name: str) -> str:
        """Somebody's account, as the site keeps it."""
        return account_id(name)

    async def item(self, item_id: int) -> ActionItem:
        return await self.database.read(lambda session: session.get_one(ActionItem, item_id))

    async def mirror(self, item_id: int) -> Mirror:
        def find(session: Session) -> Mirror:
            return session.scalars(select(Mirror).where(tickets.of_items([item_id]))).one()

        return await self.database.read(find)

    async def cards(self) -> int:
        """How many cards were to be sent: people are told by nothing else."""

        def count(session: Session) -> int:
            cards = (Mirror.kind == MirrorKind.MESSAGE) & (Mirror.view == "card")
            found = select(func.count()).select_from(Mirror).where(cards)
            return session.scalar(found) or 0

        return await self.database.read(count)

    async def agrees(self, item_id: int) -> bool:
        """Whether nothing is left to be told of an item, and none of it ended badly."""
        mirror = await self.mirror(item_id)
        return (mirror.shown, mirror.outcome) == (mirror.wanted, None)

    def calls(self, verb: str, path: str) -> list[str]:
        """How the calls of Jira by verb and part of the path ended, in order."""
        return [
            entry["status"]
            for entry in self.world.site.log.entries()
            if entry["kind"] == "jira"
            and entry["direction"] == "in"
            and entry["summary"].startswith(verb)
            and path in entry["summary"]
        ]


def _until_next(session: Session) -> float:
    """The seconds until a ticket that waits may be tried again."""
    stale = (Mirror.kind == MirrorKind.ISSUE) & (Mirror.shown < Mirror.wanted)
    first = session.scalar(
        select(func.min(Mirror.not_before)).where(stale, Mirror.outcome.is_(None))
    )
    left = (first - machine_time(session)).total_seconds() if first is not None else 0.0
    return max(_STEP, left)


def person_id(session: Session, slack_id: str | None) -> int | None:
    if slack_id is None:
        return None
    return session.scalars(select(Person.id).where(Person.slack_id == slack_id)).one()


def add_item(session: Session, at: datetime, what: str, owner: str | None, **more: Any) -> Any:
    """An item of the churn team's that wants a ticket, raised by Lena."""
    given: dict[str, Any] = {
        "workspace_id": 1,
        "team_id": 1,
        "channel": CHANNEL,
        "details": "",
        "state": ItemState.OPEN,
        "wants_ticket": True,
    }
    item = ActionItem(
        what=what,
        owner_id=person_id(session, owner),
        raised_by=person_id(session, LENA),
        raised_at=at,
        origin=f"origin {what}",
        **given | more,
    )
    session.add(item)
    session.flush()
    return item


def furnish(session: Session, at: datetime, people: Iterable[str] = NAMES) -> None:
    """A workspace, its people, a team, and where its tickets go."""
    rows.workspace(session)
    for slack_id in people:
        one = rows.person(session, 1, slack_id)
        one.name = NAMES[slack_id]
        one.email = f"{slack_id[3:].lower()}@aurora-ml.example"
        one.is_admin = slack_id == LENA
    session.add(Team(workspace_id=1, channel=CHANNEL, name="churn-model"))
    session.flush()
    connect(session, at, ML)


def connect(session: Session, at: datetime, project: str) -> None:
    """Let the team's tickets go to a project."""
    found = session.get(JiraProject, 1)
    if found is not None:
        session.delete(found)
        session.flush()
    key, name = {ML: ("ML", "Churn model"), DATA: ("DATA", "Data platform")}[project]
    session.add(
        JiraProject(
            team_id=1,
            project=project,
            key=key,
            name=name,
            issue_type=TASK,
            issue_type_name="Task",
            set_by=person_id(session, LENA),
            set_at=at,
        )
    )
    session.flush()
