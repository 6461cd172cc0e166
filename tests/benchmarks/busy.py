"""The whole bot in a busy workspace: a stand-up of 200 people, and 50 stand-ups in all."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import Meridian
from bot.asking import deck, home
from bot.core.clock import MovableCalendar
from bot.core.states import PromptState
from bot.db.schema import upgrade
from bot.db.session import Database
from bot.db.tables import Person, Prompt, Ritual, Run
from bot.rituals.standup.running import RUN_VIEW
from bot.sandbox import SIGNING_SECRET, TEAM_ID
from bot.settings import Settings
from tests.benchmarks.answer import PER_SECOND, steady, submission
from tests.benchmarks.bare import headers, machine
from tests.benchmarks.beside_jira import settings_for
from tests.benchmarks.outside import slack
from tests.benchmarks.report import Row, middle, milliseconds, percentile
from tests.benchmarks.team import people, stand_up, views, workspace

_ON_ONE, _STAND_UPS, _ON_EACH = 200, 50, 10
_BIG = "C0"  # the channel of the 200
_SUNDAY = datetime(2026, 3, 29, 20, tzinfo=UTC)
_DUE = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
_TIMES = 20
_ASK, _ACK, _DRAW = 1.0, 0.100, 0.050  # seconds that it may take


@dataclass(frozen=True)
class _Found:
    """What was measured, in seconds."""

    asked: int  # how many prompts
    ask: float
    acks: Sequence[float]
    draws: Mapping[str, float]


def run(*, quick: bool) -> list[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder,
        slack(_ON_ONE, _STAND_UPS) as url,
    ):
        settings = settings_for(url, None, f"sqlite:///{Path(folder) / 'meridian.db'}")
        _seed(settings.database_url)
        found = asyncio.run(_day(settings, 3 if quick else _TIMES))
    return [
        _row(f"{found.asked} people asked at one instant, committed", found.ask, _ASK),
        _row(f"an answer's ack at {PER_SECOND}/s, median", middle(found.acks), _ACK),
        _row(f"an answer's ack at {PER_SECOND}/s, p99", percentile(found.acks, 0.99)),
        *(_row(what, seconds, _DRAW) for what, seconds in found.draws.items()),
    ]


def _row(what: str, seconds: float, most: float | None = None) -> Row:
    figure = milliseconds(seconds)
    if most is None:
        return Row("busy", what, figure)
    return Row("busy", what, figure, aim=f"≤ {milliseconds(most)}", met=seconds <= most)


def _seed(database_url: str) -> None:
    """The first person is on each of the stand-ups, with others of the 200."""

    def begin(session: Session) -> None:
        workspace_id = workspace(session, TEAM_ID)
        everybody = people(session, workspace_id, 0, _ON_ONE)
        stand_up(session, _SUNDAY, workspace_id, everybody, _DUE.time(), _BIG)
        for number in range(1, _STAND_UPS):
            others = everybody[number : number + _ON_EACH - 1]
            members = [everybody[0], *others]
            stand_up(session, _SUNDAY, workspace_id, members, _DUE.time(), f"C{number}")

    upgrade(database_url)
    opened = Database(database_url, machine)
    opened.write_now(begin)
    opened.close()


async def _day(settings: Settings, times: int) -> _Found:
    """A Monday: all are asked, the 200 answer, and what that looks like is drawn.

    Meanwhile their cards are sent and edited, as fast as Slack allows.
    """
    calendar = MovableCalendar(machine, _SUNDAY, running=False)
    bot = Meridian(settings, machine, calendar)
    await bot.start()
    try:
        await bot.at_rest()
        began = machine.elapsed()
        calendar.move_to(_DUE)
        while await bot.database.read(_prompts, PromptState.WAITING):
            await bot.timetable.tick()
        ask = machine.elapsed() - began
        asked = await bot.database.read(_prompts, PromptState.ASKED)
        await bot.database.write(home.opened, calendar.now(), bot.workspace_id, "U0")
        acks = await _answered(bot, await bot.database.read(_bodies))
        if await bot.database.read(_prompts, PromptState.ANSWERED) != _ON_ONE:
            raise RuntimeError("not all that was acked is stored")
        subjects = await bot.database.read(_subjects)
        draws = {what: await _drawn(bot, *which, times) for what, which in subjects.items()}
        return _Found(asked, ask, acks, draws)
    finally:
        await bot.stop()


async def _answered(bot: Meridian, bodies: Sequence[str]) -> list[float]:
    """The seconds until each was acked, with all else that the bot does meanwhile."""
    async with aiohttp.ClientSession() as client:

        async def send(body: str) -> None:
            url, named = f"{bot.web.url}/slack/events", headers(body, SIGNING_SECRET)
            async with client.post(url, data=body, headers=named) as reply:
                said = await reply.text()
            if reply.status != 200 or said:
                raise RuntimeError(f"{reply.status}: {said}")

        return await steady(send, bodies)


async def _drawn(bot: Meridian, view: str, subject: str, times: int) -> float:
    """The seconds of loading it from SQL and drawing it."""
    of_view = views()[view]

    def once(session: Session) -> float:
        began = machine.elapsed()
        loaded = of_view.load(session, subject, _DUE)
        if loaded is None or of_view.draw(loaded) is None:
            raise RuntimeError(f"nothing to draw of {view}")
        return machine.elapsed() - began

    return middle([await bot.database.read(once) for _ in range(times + 1)][1:])


# --- what there is in SQL


def _prompts(session: Session, state: PromptState) -> int:
    of_monday = select(func.count()).select_from(Prompt).join(Run)
    query = of_monday.where(Run.local_date == _DUE.date(), Prompt.state == state)
    return session.scalar(query) or 0


def _bodies(session: Session) -> list[str]:
    """What each of the 200 submits."""
    query = select(Prompt.id, Person.slack_id).join(Person).join(Run).join(Ritual)
    rows = session.execute(query.where(Ritual.channel == _BIG, Run.local_date == _DUE.date()))
    return [submission(prompt_id, person, TEAM_ID) for prompt_id, person in rows]


def _subjects(session: Session) -> dict[str, tuple[str, str]]:
    """What is drawn: the view, and its subject."""
    of_big = select(Run.id).join(Ritual).where(Ritual.channel == _BIG)
    run_id = session.scalars(of_big.where(Run.local_date == _DUE.date())).one()
    first = session.scalars(select(Person.id).where(Person.slack_id == "U0")).one()
    card = deck.subject(first, _DUE.date(), 1)
    return {
        f"a message of {_ON_ONE} answers, drawn": (RUN_VIEW, str(run_id)),
        f"the card of somebody on {_STAND_UPS}, drawn": (deck.VIEW, card),
        f"the Home of somebody on {_STAND_UPS}, drawn": (home.VIEW, str(first)),
    }
