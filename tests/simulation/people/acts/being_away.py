"""People are away: they enter days, take them back, or say so by their Slack status."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.sandbox import people
from tests.simulation.cast import Setting
from tests.simulation.model.books import Absence, Status
from tests.simulation.model.history import History
from tests.simulation.model.wall import DAY, instant, local_date, spoken
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office, Outcome

_REMOVE = "asking.absence_remove"


@dataclass(frozen=True)
class GoAway:
    """Somebody enters days on which they are away."""

    at: datetime
    who: str
    channel: str
    first: date
    last: date

    async def perform(self, office: Office) -> None:
        done = await office.command(self.who, self.channel, "away")
        if done is None or await office.modal(self.who, "asking.away") is None:
            return
        absence = Absence(self.first, self.last, History(first=False))
        change = absence.stands.begin(True, office.now())
        office.books.absences[self.who].append(absence)
        days = {"first": self.first, "last": self.last}
        values = {name: {name: day.isoformat()} for name, day in days.items()}
        submitted = await office.submit(self.who, values)
        if submitted.outcome is Outcome.UPDATED or submitted.outcome is Outcome.CLOSED:
            change.sure = office.now()
        elif submitted.outcome is Outcome.REFUSED and not submitted.unsure:
            office.books.absences[self.who].remove(absence)
        office.close(self.who)


@dataclass(frozen=True)
class ComeBack:
    """Somebody takes back the first of the absences that they see."""

    at: datetime
    who: str
    channel: str

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "away")
        view = await office.modal(self.who, "asking.away")
        if view is None:
            return
        for block in view.blocks:
            button = block.get("accessory") or {}
            if button.get("action_id") == _REMOVE:
                await self._remove(office, str(button["value"]), str(block["text"]["text"]))
                break
        office.close(self.who)

    async def _remove(self, office: Office, value: str, words: str) -> None:
        standing = [one for one in office.books.absences[self.who] if one.stands.last]
        shown = [one for one in standing if _span(one) in words]
        if not shown:
            return
        change = shown[0].stands.begin(False, office.now())
        done = await office.click_view(self.who, _REMOVE, value)
        if done is not None and done["acked"]:
            change.sure = office.now()


@dataclass(frozen=True)
class SetStatus:
    """Somebody's Slack status says that they are on leave, until an instant; or says nothing."""

    at: datetime
    who: str
    until: datetime | None
    on_leave: bool

    async def perform(self, office: Office) -> None:
        status = Status(self.until) if self.on_leave else None
        office.books.statuses[self.who].begin(status, office.now())
        if self.until is not None:
            wait = (self.until - office.now()).total_seconds() + 1.0
            loop = asyncio.get_running_loop()
            loop.call_later(max(wait, 0.0), people.expire_statuses, office.site)
        people.change_user(
            office.site,
            {
                "user": self.who,
                "status_emoji": ":palm_tree:" if self.on_leave else "",
                "status_text": "On leave" if self.on_leave else "",
                "status_expiration": int(self.until.timestamp()) if self.until else 0,
            },
        )


def _span(absence: Absence) -> str:
    first, last = spoken(absence.first), spoken(absence.last)
    return f"*{first}*" if first == last else f"*{first} to {last}*"


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """One in three is away at some time."""
    length = setting.end - setting.start
    for person in setting.people:
        at = setting.start + chance.random() * length
        today = local_date(at, person.zone)
        channel = chance.choice(setting.standups).channel
        back = at + chance.random() * timedelta(hours=12)
        if chance.random() < 0.2:
            first = today + chance.choice((0, 0, 1)) * DAY
            yield GoAway(at, person.id, channel, first, first + chance.choice((0, 1)) * DAY)
            if chance.random() < 0.5:
                yield ComeBack(back, person.id, channel)
        elif chance.random() < 0.2:
            ends = instant(today + chance.choice((1, 1, 2)) * DAY, time(), person.zone)
            yield SetStatus(at, person.id, ends - timedelta(seconds=1), on_leave=True)
            if chance.random() < 0.4:
                yield SetStatus(back, person.id, None, on_leave=False)
