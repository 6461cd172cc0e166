"""Everything one sandbox is made of, for those who need several parts of it."""

from dataclasses import dataclass, field

from bot.core.clock import Calendar, Machine
from bot.sandbox.aurora import aurora
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Feed
from bot.sandbox.hooks import Hooks
from bot.sandbox.jira import site as jira_site
from bot.sandbox.jira.world import Deployment
from bot.sandbox.log import TrafficLog
from bot.sandbox.rates import Rates
from bot.sandbox.shortcuts import Shortcut
from bot.sandbox.signing import SignedHttp
from bot.sandbox.socketmode import SocketMode
from bot.sandbox.triggers import Triggers
from bot.sandbox.values import Entered
from bot.sandbox.views import Views
from bot.sandbox.waiting import Changes
from bot.sandbox.wire import Line
from bot.sandbox.world import Json, World

SCOPES = (
    "channels:history", "channels:join", "channels:read", "chat:write", "commands",
    "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read",
    "im:write", "reactions:read", "reactions:write", "team:read", "users:read",
    "users:read.email",
)  # fmt: skip


@dataclass
class Site:
    """The parts, each knowing only those it is built from."""

    machine: Machine
    calendar: Calendar
    world: World
    changes: Changes
    log: TrafficLog
    faults: Faults
    rates: Rates
    line: Line
    sockets: SocketMode
    http: SignedHttp
    events: Events
    feed: Feed
    views: Views
    triggers: Triggers
    hooks: Hooks
    jira: jira_site.JiraSite
    scopes: set[str]
    commands: tuple[str, ...]
    shortcuts: tuple[Shortcut, ...]
    url: str = ""
    silence: float = 1.0
    """Seconds without a change after which whatever a person did is taken to be over."""
    # What people have entered into messages' inputs, by (user, channel, ts).
    entered: dict[tuple[str, str, str], Entered] = field(default_factory=dict)
    # The options that the bot has offered in menus that ask it, by (user, action_id) and value.
    suggested: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)


def build(
    machine: Machine,
    calendar: Calendar,
    *,
    limits: bool,
    commands: tuple[str, ...],
    shortcuts: tuple[Shortcut, ...],
    deployment: Deployment,
) -> Site:
    """A fresh site with the demo workspace in it."""
    world, changes, scopes = aurora(calendar), Changes(), set(SCOPES)
    log = TrafficLog(calendar, changes)
    line = Line(log)
    events = Events(world, machine, line, scopes)
    http, sockets = SignedHttp(machine), SocketMode(machine, events.connected)
    faults, rates = Faults(), Rates(machine, limits=limits)
    line.wires = [http, sockets]
    return Site(
        machine=machine,
        calendar=calendar,
        world=world,
        changes=changes,
        log=log,
        faults=faults,
        rates=rates,
        line=line,
        sockets=sockets,
        http=http,
        events=events,
        feed=Feed(world, events, changes),
        views=Views(world),
        triggers=Triggers(machine),
        hooks=Hooks(machine),
        jira=jira_site.build(
            machine,
            calendar,
            deployment=deployment,
            faults=faults,
            log=log,
            changes=changes,
            rates=rates,
        ),
        scopes=scopes,
        commands=commands,
        shortcuts=shortcuts,
    )
