"""People in Jira move issues, assign them, change their dates, delete them, move them elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.sandbox.errors import ControlError
from bot.sandbox.jira import control
from bot.sandbox.jira.schemes import STRICT
from bot.sandbox.jira.world import Issue
from bot.sandbox.site import Site
from bot.sandbox.world import Json
from tests.simulation.borders.jira import OURS
from tests.simulation.cast import Account, Setting
from tests.simulation.model.tasks import Aspect, Side, Task, Value
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Office

STRANGER = "U01MEI"  # has an account in Jira, and is nobody whom the bot has met
_STATES = {"open": "new", "in progress": "indeterminate", "done": "done"}


@dataclass(frozen=True)
class OnBoard:
    """Somebody changes one aspect of an issue of the bot's."""

    at: datetime
    who: str
    pick: int  # of those that there are
    aspect: Aspect
    value: Value

    async def perform(self, office: Office) -> None:
        for issue, task in _picked(office, self.pick):
            call, body = self._call()
            if _done(office.site, call, {"key": issue.key, **body}) and self._changed(
                office, issue
            ):
                value = "" if self.value == STRANGER else self.value
                task.begin(self.aspect, value, Side.JIRA, office.now()).sure = office.now()

    def _changed(self, office: Office, before: Issue) -> bool:
        """Whether it was otherwise before: else there is nothing that the bot could see."""
        now = office.site.jira.world.issues[before.id]
        return now.status != before.status or now.values != before.values

    def _call(self) -> tuple[Callable[[Site, Json], Json], Json]:
        match self.aspect:
            case Aspect.STATE:
                return control.transition, {"to": _STATES[str(self.value)]}
            case Aspect.OWNER:
                return control.edit, {"fields": {"assignee": self.value or None}}
            case Aspect.DUE:
                day = self.value.isoformat() if isinstance(self.value, date) else None
                return control.edit, {"fields": {"duedate": day}}


@dataclass(frozen=True)
class DeleteIssue:
    """Somebody deletes one."""

    at: datetime
    who: str
    pick: int

    async def perform(self, office: Office) -> None:
        for issue, task in _picked(office, self.pick):
            if _done(office.site, control.delete, {"key": issue.key}):
                task.deleted = office.now()


@dataclass(frozen=True)
class MoveIssue:
    """Somebody moves one to the other project."""

    at: datetime
    who: str
    pick: int

    async def perform(self, office: Office) -> None:
        world = office.site.jira.world
        for issue, task in _picked(office, self.pick):
            other = next(one for one in world.projects.values() if one.id != issue.project)
            if _done(office.site, control.move, {"key": issue.key, "project": other.id}):
                task.strict = task.strict or other.workflow == STRICT


def _picked(office: Office, pick: int) -> Iterator[tuple[Issue, Task]]:
    """One of the bot's issues, where there is any, and the item that it is of."""
    world = office.site.jira.world
    ours = [
        one for one in world.issues.values() if any(label.startswith(OURS) for label in one.labels)
    ]
    if ours:
        issue = ours[pick % len(ours)]
        yield issue, office.books.tasks[issue.summary]


def _done(site: Site, call: Callable[[Site, Json], Json], body: Json) -> bool:
    try:
        call(site, body)
    except ControlError:
        return False
    return True


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Some time after they were raised; admins delete and move them, now and then."""
    board = setting.board
    if board is None:
        return
    who = setting.people[0].id
    able = [
        one.id for one in setting.people if board.account(one.id) in (Account.OPEN, Account.HIDDEN)
    ]
    for _standup, _person, due, _ends in moments(setting):
        for _ in range(chance.randint(1, 3)):
            at, pick = due + timedelta(hours=chance.uniform(-2, 14)), chance.randrange(8)
            match chance.randrange(10):
                case 0:
                    yield DeleteIssue(at, who, pick)
                case 1:
                    yield MoveIssue(at, who, pick)
                case 2 | 3 | 4:
                    to = chance.choice(("", STRANGER, *able, *able))
                    yield OnBoard(at, who, pick, Aspect.OWNER, to)
                case 5 | 6:
                    day = chance.choice((None, at.date() + timedelta(days=chance.randint(-3, 9))))
                    yield OnBoard(at, who, pick, Aspect.DUE, day)
                case _:
                    yield OnBoard(at, who, pick, Aspect.STATE, chance.choice(sorted(_STATES)))
