"""A run's world: the sandbox's Slack and the bot's process in one loop, and the hand of fate."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.core.cadence import Cadence
from bot.core.clock import Calendar, MovableCalendar
from bot.db.session import Database
from bot.db.tables import Person, Workspace
from bot.rituals.standup import setup
from bot.rituals.standup.model import Config, Layout, Reveal
from bot.sandbox import BOT_TOKEN, BOT_USER_ID, SIGNING_SECRET, SUBSCRIBED, TEAM_ID
from bot.sandbox.jira import Deployment
from bot.sandbox.site import Site, build
from bot.sandbox.world import User
from bot.settings import Settings
from tests.simulation.borders.line import Slack
from tests.simulation.borders.trouble import Trouble, Troubles
from tests.simulation.borders.wire import InProcess, Odd
from tests.simulation.cast import Setting, Somebody, Standup
from tests.simulation.fate import Fate
from tests.simulation.machine.life import Dies
from tests.simulation.machine.loop import LoopMachine
from tests.simulation.machine.process import Process
from tests.simulation.model.books import Books
from tests.simulation.model.weather import Weather
from tests.simulation.people.office import Office
from tests.simulation.plan import Plan

_MACHINE_BEGAN = datetime.fromisoformat("2025-01-01T00:00:00+00:00")
"""Far from any calendar time here: whoever mixes the two clocks is found out."""


class Skewed:
    """A clock that goes by another one, ahead of it."""

    def __init__(self, calendar: Calendar, seconds: float) -> None:
        self._calendar = calendar
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self._calendar.now() + self._ahead


class World:
    """Everything that takes part in one run of a plan, in the running loop."""

    def __init__(self, plan: Plan, database: Path, dies: Dies) -> None:
        self.plan = plan
        setting = plan.setting
        self.machine = LoopMachine(asyncio.get_running_loop(), _MACHINE_BEGAN)
        self.calendar = MovableCalendar(self.machine, setting.start)
        self.trace: list[str] = []
        self.site = _site(setting, self.machine, Skewed(self.calendar, setting.skew))
        self.books = Books(setting)
        self.weather = Weather()
        self.office = Office(self.site, self.books, self.calendar.now)
        self.fate = Fate(plan, self.calendar.now, self.weather, self.note, dies)
        troubles = [one for one in plan.incidents if isinstance(one, Trouble)]
        self.slack = Slack(
            self.site,
            Troubles(troubles, self.calendar.now),
            self.weather,
            now=self.calendar.now,
            note=self.note,
        )
        self.url = f"sqlite:///{database}"
        self.process = Process(
            _settings(self.url),
            self.machine,
            self.calendar,
            self.slack,
            points=self.fate.points,
            seed=plan.seed,
        )
        self.wire = InProcess(
            self.process,
            [one for one in plan.incidents if isinstance(one, Odd)],
            now=self.calendar.now,
            taken=self.books.taken,
            chance=Random(f"{plan.seed} wire"),  # noqa: S311 - chance that is repeated
        )
        self.site.line.wires = [self.wire]

    def note(self, words: str) -> None:
        """Add a line to what happened."""
        self.trace.append(f"{self.calendar.now():%d %H:%M:%S.%f} {words}")

    def prepare(self, template: Path) -> None:
        """The database as the stand-ups' owners left it, before the bot's first life."""
        shutil.copyfile(template, self.url.removeprefix("sqlite:///"))
        database = Database(self.url, self.machine)
        database.write_now(_set_up, self.plan.setting, self.machine.utc())
        database.close()


def _site(setting: Setting, machine: LoopMachine, calendar: Calendar) -> Site:
    site = build(
        machine,
        calendar,
        limits=True,
        commands=("/standup", "/team"),
        shortcuts=(),
        deployment=Deployment.CLOUD,
    )
    site.events.subscriptions = set(SUBSCRIBED)
    world = site.world
    for one in setting.people:
        made = User(one.id, one.name.lower(), one.name, one.zone, display_name=one.name)
        made.is_admin = one.is_admin
        world.users[one.id] = made
    for channel in world.channels.values():
        channel.members = [BOT_USER_ID, *(one.id for one in setting.people)]
    return site


def _settings(url: str) -> Settings:
    return Settings.model_construct(
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=None,
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=None,
        slack_rates="on",
        database_url=url,
        host="127.0.0.1",
        port=0,
        log_level="warning",
        standup_command="/standup",
        team_command="/team",
    )


def _set_up(session: Session, setting: Setting, machine_time: datetime) -> None:
    workspace = Workspace(slack_id=TEAM_ID, name="Aurora ML", bot_user=BOT_USER_ID)
    session.add(workspace)
    session.flush()
    session.add_all(_known(one, workspace.id, machine_time) for one in setting.people)
    session.flush()
    for one in setting.standups:
        setup.start(session, setting.start, workspace.id, one.owner, _plan_of(one))


def _known(one: Somebody, workspace_id: int, at: datetime) -> Person:
    """Somebody of whom Slack has been asked already."""
    return Person(
        workspace_id=workspace_id,
        slack_id=one.id,
        name=one.name,
        tz=one.zone,
        is_admin=one.is_admin,
        refreshed_at=at,
    )


def _plan_of(one: Standup) -> setup.Plan:
    return setup.Plan(
        channel=one.channel,
        channel_name=one.title.lower(),
        members=one.members,
        cadence=Cadence(weekdays=one.weekdays, at=one.at, zone=one.zone),
        key=one.title,
        title=one.title,
        config=Config(
            open_minutes=one.open_minutes,
            remind_minutes=one.remind_minutes,
            reveal=Reveal.AT_CLOSE if one.at_close else Reveal.AT_ONCE,
            layout=Layout.REPLIES if one.replies else Layout.LINES,
        ),
        owner=one.owner,
    )
