"""People raise action items: of what blocks somebody, or by a command."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.sandbox.views import View
from bot.sandbox.world import BOT_USER_ID, Json, Message
from tests.simulation.cast import Setting
from tests.simulation.model.tasks import Aspect, Side, Task
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Office, Outcome, inputs
from tests.simulation.people.todo import COMMAND

_FORM, _NEW = "actions.form", "Action item"
_OF_ONE, _OF_SEVERAL = "actions.from_blocker", "actions.act_on"


@dataclass(frozen=True)
class Wanted:
    """What somebody enters of an item."""

    what: str
    owner: str
    due: date | None
    ticket: bool


@dataclass(frozen=True)
class Raise:
    """Somebody raises an item by the command, in a channel."""

    at: datetime
    who: str
    channel: str
    wanted: Wanted

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "add something", COMMAND)
        await _fill_in(office, self.who, self.channel, self.wanted)


@dataclass(frozen=True)
class RaiseOfBlocker:
    """Somebody raises one of what blocks somebody, beside it in the channel or their DM."""

    at: datetime
    who: str
    channel: str
    wanted: Wanted

    async def perform(self, office: Office) -> None:
        for message, action, value in _offered(office, self.who, self.channel):
            await office.click(self.who, message, action, value)
            await _fill_in(office, self.who, self.channel, self.wanted)
            return


def _offered(office: Office, who: str, channel: str) -> Iterator[tuple[Message, str, str]]:
    """The blockers that an item can be made of, the latest first."""
    theirs = [
        one
        for one in office.site.world.messages(channel)
        if one.user == BOT_USER_ID and not one.deleted and one.ephemeral_to is None
    ]
    for message in (*theirs[::-1], *office.dm(who)):
        for element in _elements(message.blocks):
            if element.get("action_id") == _OF_SEVERAL:
                yield message, _OF_SEVERAL, element["options"][-1]["value"]
            elif element.get("action_id") == _OF_ONE:
                yield message, _OF_ONE, element["value"]


def _elements(blocks: Sequence[Json]) -> Iterator[Json]:
    for block in blocks:
        yield from block.get("elements", ())


async def _fill_in(office: Office, who: str, channel: str, wanted: Wanted) -> None:
    view = await office.modal(who, _FORM)
    if view is None or view.content["title"]["text"] != _NEW:
        office.close(who)  # it did not open, or there is one of it already
        return
    ticket = "ticket" in inputs(view)
    task = Task(wanted.what, wanted.ticket and ticket, channel, office.now())
    task.strict = (channel, "DATA") in office.books.projects
    office.books.tasks[task.what] = task
    begun = [
        task.begin(aspect, value, Side.SLACK, task.since)
        for aspect, value in (
            (Aspect.STATE, "open"),
            (Aspect.OWNER, wanted.owner),
            (Aspect.DUE, wanted.due),
        )
    ]
    done = await office.submit(who, _values(view, wanted))
    if done.outcome is Outcome.CLOSED:
        task.sure = office.now()
        for turn in begun:
            turn.sure = task.sure
    elif done.outcome in (Outcome.REFUSED, Outcome.UPDATED) and not done.unsure:
        del office.books.tasks[task.what]
    office.close(who)


def _values(view: View, wanted: Wanted) -> dict[str, dict[str, object]]:
    values: dict[str, dict[str, object]] = {
        "what": {"what": wanted.what},
        "owner": {"owner": wanted.owner},
        "due": {"due": wanted.due.isoformat() if wanted.due is not None else None},
        "ticket": {"ticket": ["ticket"] if wanted.ticket else []},
    }
    asked = inputs(view)
    return {name: value for name, value in values.items() if name in asked}


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a Jira; some of blockers, some by command."""
    if setting.board is None:
        return
    people = [one.id for one in setting.people]
    for number, (standup, person, due, _ends) in enumerate(moments(setting)):
        for again in range(chance.randint(0, 2)):
            at = due + timedelta(hours=chance.uniform(-3, 7))
            wanted = Wanted(
                what=f"Mend {person.name} {number} {again}",
                owner=chance.choice(people),
                due=chance.choice((None, at.date() + timedelta(days=chance.randint(0, 9)))),
                ticket=chance.random() < 0.85,
            )
            kind = chance.choice((Raise, RaiseOfBlocker))
            yield kind(at, person.id, standup.channel, wanted)
