"""A run's world: the sandbox's Slack and the bot's process in one loop, and the hand of fate."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.core.clock import Calendar, MovableCalendar
from bot.db.session import Database
from tests.simulation.borders.hooks import Hooks
from tests.simulation.borders.jira import Jira
from tests.simulation.borders.line import Slack
from tests.simulation.borders.monitor import Monitor
from tests.simulation.borders.trouble import Border, Trouble, Troubles
from tests.simulation.borders.wire import InProcess, Odd
from tests.simulation.fate import Fate, all_is_well
from tests.simulation.machine.life import Dies
from tests.simulation.machine.loop import LoopMachine
from tests.simulation.machine.process import Process
from tests.simulation.model.books import Books
from tests.simulation.model.weather import Weather, of_jira
from tests.simulation.people.office import Office
from tests.simulation.plan import Plan
from tests.simulation.scene import outside, set_up, settings

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
        self.site = outside(setting, self.machine, Skewed(self.calendar, setting.skew))
        self.books = Books(setting)
        self.weather = Weather()
        self.weather_of_jira = of_jira(self.weather)
        now = self.calendar.now
        noted: Any = {"now": now, "note": self.note}
        self.fate = Fate(plan, now, self.weather, self.weather_of_jira, self.note, dies)
        self.slack = Slack(self.site, self._troubles(Border.SLACK), self.weather, **noted)
        self.jira = Jira(self.site.jira, self._troubles(Border.JIRA), self.weather_of_jira, **noted)
        self.url = f"sqlite:///{database}"
        self.process = Process(
            settings(self.url, setting.board),
            self.machine,
            self.calendar,
            self.slack,
            self.jira,
            points=self.fate.points,
            seed=plan.seed,
        )
        self.wire = InProcess(
            self.process,
            self._odd(Border.SLACK),
            now=now,
            taken=self.books.taken,
            chance=Random(f"{plan.seed} wire"),  # noqa: S311 - chance that is repeated
        )
        self.site.line.wires = [self.wire]
        self.hooks = Hooks(
            self.process,
            self._odd(Border.JIRA),
            now=now,
            chance=Random(f"{plan.seed} hooks"),  # noqa: S311 - chance that is repeated
        )
        self.site.jira.webhooks.post = self.hooks.post
        monitor = Monitor(
            self.process,
            self.machine.utc,
            Random(f"{plan.seed} monitor"),  # noqa: S311 - chance that is repeated
        )
        self.office = Office(self.site, self.books, self.calendar.now, monitor, self.slack.calls)

    def _troubles(self, border: Border) -> Troubles:
        planned = (one for one in self.plan.incidents if isinstance(one, Trouble))
        return Troubles([one for one in planned if one.border is border], self.calendar.now)

    def _odd(self, border: Border) -> list[Odd]:
        planned = (one for one in self.plan.incidents if isinstance(one, Odd))
        return [one for one in planned if one.border is border]

    def all_is_well(self) -> None:
        """From now on nothing goes wrong any more."""
        self.note("from now on all is well")
        self.slack.troubles.clear()
        self.jira.troubles.clear()
        self.wire.oddities.clear()
        self.hooks.oddities.clear()
        self.site.jira.webhooks.configure({})
        all_is_well(self.site.jira)
        self.fate.end()

    def note(self, words: str) -> None:
        """Add a line to what happened."""
        self.trace.append(f"{self.calendar.now():%d %H:%M:%S.%f} {words}")

    def prepare(self, template: Path) -> None:
        """The database as the stand-ups' owners left it, before the bot's first life."""
        shutil.copyfile(template, self.url.removeprefix("sqlite:///"))
        database = Database(self.url, self.machine)
        database.write_now(set_up, self.plan.setting, self.machine.utc())
        database.close()
