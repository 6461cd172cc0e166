"""People do action items: start, finish, take up again, drop, hand on, move the date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.model.tasks import Aspect, Side, Turn, Value
from tests.simulation.people import todo
from tests.simulation.people.act import Act
from tests.simulation.people.acts.moments import moments
from tests.simulation.people.office import Office, Outcome
from tests.simulation.people.todo import Listed

_DONE, _REOPEN, _MORE = "actions.done", "actions.reopen", "actions.more"
_DROP, _REASSIGN, _MOVE = "actions.drop", "actions.reassign", "actions.move"
_TAKEN = ("✓ Done", "Changed", "Dropped")


@dataclass(frozen=True)
class Tap:
    """Somebody says of one in a list that it is done, begun, or to be done after all."""

    at: datetime
    who: str
    channel: str
    pick: int  # of those in the list
    state: str

    async def perform(self, office: Office) -> None:
        which = "done" if self.state == "open" else "team"
        item = await _picked(office, self.who, self.channel, which, self.pick)
        if item is not None:
            turn = _begin(office, item, Aspect.STATE, self.state)
            before = todo.head(office.site.views.top(self.who))
            await office.click_view(self.who, *self._button(item))
            said = await todo.said(office, self.who, before)
            if said.startswith(_TAKEN):
                turn.sure = office.now()
            elif said:
                office.books.tasks[item.what].drop(turn)
        office.close(self.who)

    def _button(self, item: Listed) -> tuple[str, str]:
        match self.state:
            case "done":
                return _DONE, item.id
            case "open":
                return _REOPEN, item.id
            case _:
                return _MORE, f"start {item.id}"


@dataclass(frozen=True)
class Change:
    """Somebody drops one, hands it on, or moves its date, in the form that asks for that."""

    at: datetime
    who: str
    channel: str
    pick: int
    aspect: Aspect
    value: Value

    async def perform(self, office: Office) -> None:
        item = await _picked(office, self.who, self.channel, "team", self.pick)
        if item is not None:
            await self._change(office, item)
        office.close(self.who)

    async def _change(self, office: Office, item: Listed) -> None:
        form = self._form(item)
        await office.click_view(self.who, form.action, form.pressed)
        if await office.modal(self.who, form.callback) is None:
            return
        turn = _begin(office, item, self.aspect, self.value)
        done = await office.submit(self.who, {form.asks: {form.asks: form.entered}})
        if done.outcome is Outcome.CLOSED:
            turn.sure = office.now()
        elif done.outcome in (Outcome.REFUSED, Outcome.UPDATED) and not done.unsure:
            office.books.tasks[item.what].drop(turn)

    def _form(self, item: Listed) -> "_Form":
        match self.aspect:
            case Aspect.STATE:
                return _Form(_MORE, f"drop {item.id}", _DROP, "reason", "Not worth it")
            case Aspect.OWNER:
                return _Form(_REASSIGN, item.id, _REASSIGN, "owner", self.value)
            case Aspect.DUE:
                day = self.value.isoformat() if isinstance(self.value, date) else None
                return _Form(_MOVE, item.id, _MOVE, "due", day)


@dataclass(frozen=True)
class _Form:
    """A small form: what opens it, and what is entered."""

    action: str
    pressed: str
    callback: str
    asks: str
    entered: object


async def _picked(office: Office, who: str, channel: str, which: str, pick: int) -> Listed | None:
    found = await todo.listed(office, who, channel, which)
    return found[pick % len(found)] if found else None


def _begin(office: Office, item: Listed, aspect: Aspect, value: Value) -> Turn:
    return office.books.tasks[item.what].begin(aspect, value, Side.SLACK, office.now())


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a Jira; some time after others have raised them."""
    if setting.board is None:
        return
    people = [one.id for one in setting.people]
    for standup, person, due, _ends in moments(setting):
        for _ in range(chance.randint(1, 3)):
            at = due + timedelta(hours=chance.uniform(-2, 14))
            where = (at, person.id, standup.channel, chance.randrange(6))
            match chance.randrange(7):
                case 0 | 1 | 2 as state:
                    yield Tap(*where, ("done", "in progress", "open")[state])
                case 3:
                    yield Tap(*where, "done")
                case 4:
                    yield Change(*where, Aspect.OWNER, chance.choice(people))
                case 5:
                    day = chance.choice((None, at.date() + timedelta(days=chance.randint(0, 9))))
                    yield Change(*where, Aspect.DUE, day)
                case _:
                    yield Change(*where, Aspect.STATE, "dropped")
