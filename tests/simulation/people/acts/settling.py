"""People settle how a register works, who answers for it, and have its review held at once.

Some try without a right to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.model.replanning import replanned
from tests.simulation.model.risks import Aspect, Deed, Done, Planned, Risk
from tests.simulation.model.scores import Intervals
from tests.simulation.model.wall import local_date
from tests.simulation.people import risk_views
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office, Outcome
from tests.simulation.people.risk_form import dates

_SETTINGS, _HOLD, _TEAM = "risk.settings", "risk.settings.hold", "teams.team"
_BANDS = ("critical", "high", "medium", "low")
_ON_ITS_WAY = "is on its way"
_A_WHILE = timedelta(seconds=60)
_TRIES = 3
_FIFTH = 5  # there is no such choice: it is the last


@dataclass(frozen=True)
class Settle:
    """Somebody sets other intervals, and another time for the team's review, or none."""

    at: datetime
    who: str
    channel: str
    days: Intervals
    plan: Planned | None

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "settings", risk_views.COMMAND)
        if await office.modal(self.who, _SETTINGS) is not None:
            await self._submit(office)
        office.close(self.who)

    async def _submit(self, office: Office) -> None:
        register, now = office.books.register, office.now()
        settled = Done(self.who, now)
        moved = [(one, self._moved(office, one)) for one in register.risks.values()
                 if one.channel == self.channel]  # fmt: skip
        for risk, to in moved:
            risk.begin(to)
        days, plan = register.days.begin(self.days, now), register.plan.begin(self.plan, now)
        register.settled.append(settled)
        done = await office.submit(self.who, self._values())
        settled.most = _TRIES if done.unsure else 1
        if "Days between reviews: " in done.said or done.outcome is Outcome.CLOSED:
            settled.sure = days.sure = plan.sure = office.now()
            for _risk, to in moved:
                to.sure = settled.sure
        elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
            register.settled.remove(settled)
            register.days.drop(days)
            register.plan.drop(plan)
            for risk, to in moved:
                risk.deeds.remove(to)

    def _moved(self, office: Office, risk: Risk) -> Deed:
        """Its next review, once that is taken."""
        books, now = office.books, office.now()
        ends, register = now + _A_WHILE, books.register
        owners = {str(one) for one in risk.may_be(Aspect.OWNER, now, ends)} - {""}
        answers = register.risk_owners.may_be(now, ends)
        today = dates(office, *answers, *owners)
        if any(books.active[one].changes for one in answers):
            today |= {now.date(), ends.date()}  # there may be nobody who looks after it
        due = replanned(risk, now, ends, today, self.days, len(register.risks))
        if self.days in register.days.may_be(now, ends):
            due |= risk.may_be_due(now, ends)  # they may be so already
        return Deed(None, "", now, {Aspect.DUE: due})

    def _values(self) -> dict[str, dict[str, object]]:
        days: dict[str, dict[str, object]] = {f"days_{band}": {"days": str(number)}
                for band, number in zip(_BANDS, self.days, strict=True)}  # fmt: skip
        if self.plan is None:
            return {**days, "when": {"when": "never"}}
        return {
            **days,
            "when": {"when": "monthly"},
            "nth": {"nth": str(self.plan.nth)},
            "weekday": {"weekday": str(self.plan.weekday)},
            "at": {"at": f"{self.plan.at:%H:%M}"},
        }


@dataclass(frozen=True)
class HoldReview:
    """Somebody has the team's review held now: by the command, or in the settings."""

    at: datetime
    who: str
    channel: str
    by_command: bool

    async def perform(self, office: Office) -> None:
        if self.by_command:
            held = self._begin(office)
            done = await office.command(self.who, self.channel, "team", risk_views.COMMAND)
            self._end(office, held, str((done or {}).get("response")), failed=not done)
            return
        await office.command(self.who, self.channel, "settings", risk_views.COMMAND)
        view = await office.modal(self.who, _SETTINGS)
        if view is not None and risk_views.offers(view, _HOLD):
            held = self._begin(office)
            await office.click_view(self.who, _HOLD, "now")
            if await office.sees(self.who, _ON_ITS_WAY):
                held.sure = office.now()
        office.close(self.who)

    def _begin(self, office: Office) -> Done:
        held = Done(self.who, office.now())
        office.books.register.by_hand.append(held)
        return held

    def _end(self, office: Office, held: Done, said: str, *, failed: bool) -> None:
        if _ON_ITS_WAY in said:
            held.sure = office.now()
        elif failed or "can do that" in said:
            office.books.register.by_hand.remove(held)


@dataclass(frozen=True)
class NameRiskOwner:
    """Somebody says who answers for the register, in what the channel's team keeps."""

    at: datetime
    who: str
    channel: str
    owner: str

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "", "/team")
        if await office.modal(self.who, _TEAM) is not None:
            owners = office.books.register.risk_owners
            named = owners.begin(self.owner, office.now())
            done = await office.submit(self.who, {"risk_owner": {"people": [self.owner]}})
            if done.outcome in (Outcome.UPDATED, Outcome.CLOSED):
                named.sure = office.now()
            elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
                owners.drop(named)
        office.close(self.who)


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a register; mostly whoever answers for it, or an admin."""
    register = setting.register
    if register is None:
        return
    length = setting.end - setting.start
    people = [one.id for one in setting.people]
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        at = setting.start + chance.random() * length
        who = chance.choice((register.risk_owner, register.risk_owner, people[0], *people))
        on = local_date(at, register.zone) + timedelta(days=chance.choice((0, 0, 1, 1, 2)))
        hour = chance.choice((register.at, time(9), time(17, 30), time(23, 50)))
        nth = (on.day - 1) // 7 + 1
        plan = Planned(nth if nth < _FIFTH else -1, on.weekday(), hour)
        days = chance.choice((register.days, *_INTERVALS))
        never = chance.random() < 0.1
        # Some who have set one thing think better of it at once.
        again = chance.random() < 0.2
        yield Settle(at, who, register.channel, days, None if never else plan)
        if again:
            soon = at + timedelta(minutes=chance.choice((1, 30)))
            yield Settle(soon, who, register.channel, chance.choice(_INTERVALS), plan)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        at = setting.start + chance.random() * length
        who = chance.choice((register.risk_owner, people[0], *people))
        yield HoldReview(at, who, register.channel, chance.random() < 0.6)
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        at = setting.start + chance.random() * length
        who, owner = chance.choice((register.risk_owner, *people[:2])), chance.choice(people)
        yield NameRiskOwner(at, who, register.channel, owner)


_INTERVALS: tuple[Intervals, ...] = (
    *((1, 1, 1, 1), (1, 2, 2, 3), (1, 1, 2, 30), (1, 2, 3, 4), (2, 2, 2, 2), (7, 14, 30, 90)),
)
