"""A database with as many people and stand-ups as a benchmark asks for."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.asking.slice import Asking
from bot.core.cadence import Cadence
from bot.core.clock import MovableCalendar
from bot.db.schema import upgrade
from bot.db.session import Database
from bot.db.tables import Person, Workspace
from bot.engine.ritual import Step, View
from bot.engine.timetable import Timetable
from bot.rituals import RITUALS
from bot.rituals.standup import setup
from bot.rituals.standup.setup import Plan
from tests.benchmarks.bare import TEAM, machine

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
_IN_ONE = 1000  # people of one stand-up


@contextmanager
def database() -> Iterator[Database]:
    """An empty one on this machine's disk, with the bot's own settings of durability."""
    folder = Path(tempfile.mkdtemp(prefix="meridian-bench-"))
    url = f"sqlite:///{folder / 'meridian.db'}"
    upgrade(url)
    opened = Database(url, machine)
    try:
        yield opened
    finally:
        opened.close()
        shutil.rmtree(folder)


def workspace(session: Session, slack_id: str = TEAM) -> int:
    """The workspace that all of it belongs to."""
    made = Workspace(slack_id=slack_id, name="Acme", bot_user="UBOT")
    session.add(made)
    session.flush()
    return made.id


def people(session: Session, workspace_id: int, first: int, number: int) -> list[str]:
    """So many people in UTC, without public holidays; their Slack ids."""
    ids = [f"U{one}" for one in range(first, first + number)]
    rows = [
        {
            "workspace_id": workspace_id,
            "slack_id": slack_id,
            "name": f"Person {slack_id}",
            "tz": "UTC",
            "country": "",
            "is_admin": False,
            "is_bot": False,
            "is_external": False,
            "deleted": False,
            "refreshed_at": machine.utc(),
        }
        for slack_id in ids
    ]
    session.execute(insert(Person), rows)
    return ids


def stand_up(
    session: Session,
    at: datetime,
    workspace_id: int,
    members: Sequence[str],
    when: time,
    channel: str = "",
) -> None:
    """One on every day, in a channel of its own."""
    channel = channel or f"C{members[0]}"
    plan = Plan(
        channel, "team", tuple(members), Cadence(weekdays=EVERY_DAY, at=when), f"key-{channel}"
    )
    setup.start(session, at, workspace_id, members[0], plan)


def crowd(opened: Database, at: datetime, whens: Sequence[time]) -> None:
    """A thousand people for each time, on a stand-up at it."""
    workspace_id = opened.write_now(workspace)
    for number, when in enumerate(whens):

        def one(session: Session, first: int = number * _IN_ONE, when: time = when) -> None:
            members = people(session, workspace_id, first, _IN_ONE)
            stand_up(session, at, workspace_id, members, when)

        opened.write_now(one)


def timetable(opened: Database, calendar: MovableCalendar) -> Timetable:
    """With the steps of the real rituals."""
    steps: Mapping[tuple[str, str], Step] = {
        (one.kind, name): step for one in RITUALS for name, step in one.steps.items()
    }
    return Timetable(opened, steps, calendar=calendar, machine=machine)


def views() -> Mapping[str, View]:
    """Those of the real rituals, and of what they share."""
    asking = Asking(
        {one.kind: one.on_card for one in RITUALS if one.on_card},
        {one.kind: one.on_home for one in RITUALS if one.on_home},
    )
    return {name: view for one in (*RITUALS, asking) for name, view in one.views.items()}
