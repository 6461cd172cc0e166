"""Everything the Jira site is made of."""

from dataclasses import dataclass

from bot.core.clock import Calendar, Machine
from bot.sandbox.faults import Faults
from bot.sandbox.jira.aurora import aurora
from bot.sandbox.jira.index import Index
from bot.sandbox.jira.rates import JiraRates
from bot.sandbox.jira.tickets import Tickets
from bot.sandbox.jira.tracker import Tracker
from bot.sandbox.jira.webhooks import Event, Webhooks
from bot.sandbox.jira.world import PATH, Deployment, JiraWorld
from bot.sandbox.log import TrafficLog
from bot.sandbox.rates import Rates
from bot.sandbox.waiting import Changes
from bot.sandbox.world import Json


@dataclass
class JiraSite:
    """The parts; it shares the sandbox's clocks, log, faults and changes."""

    machine: Machine
    world: JiraWorld
    index: Index
    webhooks: Webhooks
    tracker: Tracker
    rates: JiraRates
    faults: Faults
    log: TrafficLog
    changes: Changes
    url: str = ""

    def shapes(self, version: str) -> Tickets:
        """How rows look in a version of the API."""
        return Tickets(self.world, self.url, version)

    def draw(self, event: Event) -> Json:
        """A webhook's body, which has texts as version 2 of the API does."""
        return self.shapes("2").event(event)


def build(
    machine: Machine,
    calendar: Calendar,
    *,
    deployment: Deployment,
    faults: Faults,
    log: TrafficLog,
    changes: Changes,
    rates: Rates,
) -> JiraSite:
    """A fresh site with the demo's projects in it."""
    world, index = aurora(calendar, deployment), Index(machine)
    webhooks = Webhooks(machine, log)
    site = JiraSite(
        machine=machine,
        world=world,
        index=index,
        webhooks=webhooks,
        tracker=Tracker(world, index, webhooks, changes),
        rates=JiraRates(machine, world, rates),
        faults=faults,
        log=log,
        changes=changes,
    )
    webhooks.draw = site.draw
    return site


def at(root: str) -> str:
    """The site's address below the sandbox's own."""
    return f"{root}{PATH}"
