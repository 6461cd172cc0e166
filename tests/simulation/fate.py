"""The hand of fate: kills and restarts the bot's process, stalls its database, shuffles events."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.world import TokenState
from bot.sandbox.site import Site
from tests.simulation.incidents.kinds import Hooked, Humour, Kill, Mood, Restart, Shuffle, Stall
from tests.simulation.machine.life import Dies, Point, Points, never
from tests.simulation.machine.process import Process
from tests.simulation.model.weather import Weather
from tests.simulation.people.act import told
from tests.simulation.plan import Plan

_AGAIN_SECONDS = 2.0  # after which a process that ends by itself is begun again


class Fate:
    """Brings about a plan's incidents, and keeps the process coming back."""

    def __init__(
        self,
        plan: Plan,
        now: Callable[[], datetime],
        weather: Weather,
        weather_of_jira: Weather,
        note: Callable[[str], None],
        dies: Dies,
    ) -> None:
        self._plan = plan
        self._now = now
        self._weather = weather
        self._weather_of_jira = weather_of_jira
        self._note = note
        self._dies_too = dies
        self._at_steps = [
            one for one in plan.incidents if isinstance(one, Kill) and one.step is not None
        ]
        self._over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.points = Points(self._dies)

    def begin(self, process: Process, site: Site) -> None:
        """Take the process in hand: it lives from now on."""
        self._process = process
        self._site = site
        self._tasks.append(asyncio.create_task(self._keep_alive()))
        for one in self._plan.incidents:
            match one:
                case Kill(step=None) | Restart() | Stall() | Shuffle() | Mood() | Hooked():
                    self._tasks.append(asyncio.create_task(self._bring_about(one)))
                case _:
                    pass  # it is brought about at a border, or at a step

    def end(self) -> None:
        """Nothing bad happens any more."""
        self._at_steps = []
        self._dies_too = never
        self._over.set()

    def check(self) -> None:
        """Raise what ended a task of ours: the process could not be begun, or not be stopped."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def _keep_alive(self) -> None:
        while True:
            self._down_seconds = _AGAIN_SECONDS
            began = self._now()
            self._note("the bot starts")
            up = await self._process.begin()
            self._weather.bad(began, self._now())
            if up:
                self._note("the bot is up")
                life = self._process.life
                assert life is not None
                await life.gone
            self._note(f"the bot is gone for {self._down_seconds:.0f} s")
            gone = self._now()
            over = asyncio.ensure_future(self._over.wait())
            await asyncio.wait({over}, timeout=self._down_seconds)
            over.cancel()
            self._weather.bad(gone, self._now(), down=True)

    async def _bring_about(self, one: Kill | Restart | Stall | Shuffle | Mood | Hooked) -> None:
        await asyncio.sleep((one.at - self._now()).total_seconds())
        self._note(f"fate: {told(one)}")
        match one:
            case Kill():
                self._down_seconds = one.down_seconds
                self._process.kill()
            case Restart():
                self._down_seconds = one.down_seconds
                self._weather.bad(self._now(), self._now() + timedelta(seconds=10))
                await self._process.stop()
            case Stall():
                self._weather.bad(self._now(), self._now() + timedelta(seconds=one.seconds))
                self._process.stall(one.seconds)
            case Shuffle():
                body = {"mode": one.mode, "count": one.count, "seconds": one.seconds}
                self._weather.bad(self._now(), self._now() + timedelta(seconds=30))
                self._site.events.misbehave(body)
            case Mood():
                self._weather_of_jira.bad(self._now(), self._now() + timedelta(seconds=one.seconds))
                _humour(self._site.jira, one)
                await asyncio.sleep(one.seconds)
                all_is_well(self._site.jira)
            case Hooked():
                self._site.jira.webhooks.configure({"mode": one.mode, "count": one.count})

    def _dies(self, point: Point) -> bool:
        if self._dies_too(point):
            self._note(f"fate: killed at point {point}")
            return True
        for number, one in enumerate(self._at_steps):
            if one.at <= self._now() and (one.step, one.when) == (point.step, point.when):
                self._at_steps[number] = replace(one, nth=one.nth - 1)
                if one.nth <= 0:
                    del self._at_steps[number]
                    self._down_seconds = one.down_seconds
                    self._note(f"fate: killed {point.when} a {point.step} {point.about}")
                    return True
                return False
        return False


def _humour(jira: JiraSite, mood: Mood) -> None:
    match mood.humour:
        case Humour.TOKEN:
            jira.world.token = TokenState.DEAD
        case Humour.LAG:
            jira.index.set_lag(mood.seconds)
        case Humour.RIGHTS:
            for project in jira.world.projects.values():
                project.lacking = {"CREATE_ISSUES"}


def all_is_well(jira: JiraSite) -> None:
    """Jira is as it should be."""
    jira.world.token = TokenState.ALIVE
    jira.index.set_lag(0.0)
    for project in jira.world.projects.values():
        project.lacking = set()
