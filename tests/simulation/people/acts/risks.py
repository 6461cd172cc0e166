"""People look after risks: raise, keep, rescore, accept, close, reopen them, and hand them on."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tests.simulation.cast import Register, Setting
from tests.simulation.model.risks import Aspect, Days, Deed, Risk, Says, Way
from tests.simulation.model.scores import Score
from tests.simulation.model.wall import DAY, local_date
from tests.simulation.people import risk_views
from tests.simulation.people.act import Act
from tests.simulation.people.office import Heard, Office, Outcome, Submitted
from tests.simulation.people.risk_form import FORM, dates, fill_in

_RESCORE, _MORE = "risk.rescore", "risk.more"
_KEEP, _TAKE, _REOPEN, _EDIT = "risk.keep", "risk.take", "risk.reopen", "risk.edit"
_REFUSAL_SECONDS = 4.0
_A_WHILE = timedelta(seconds=60)
_TRIES = 3
_FATES = {
    Way.MITIGATED: ("mitigating", "mitigating"),
    Way.ACCEPTED: ("accept", "accepted"),
    Way.ESCALATED: ("escalate", ""),
    Way.SNOOZED: ("snooze", ""),
    Way.CLOSED: ("close", "closed"),
}
"""What each is called in the form, and the status that it leads to; "" for none of its own."""
_CAME = {Way.KEPT: " stays as it is", Way.REOPENED: " is open again"}
"""What is said where something other than a change came of a tap."""


@dataclass(frozen=True)
class AddRisk:
    """Somebody adds a risk by the command."""

    at: datetime
    who: str
    channel: str
    title: str
    owner: str
    score: Score

    async def perform(self, office: Office) -> None:
        await office.command(self.who, self.channel, "add", risk_views.COMMAND)
        await fill_in(office, self.who, Risk(self.title, self.channel), self.owner, self.score)


@dataclass(frozen=True)
class Tap:
    """Somebody keeps a risk, takes it on, or reopens it: with one tap."""

    at: datetime
    who: str
    channel: str
    title: str
    way: Way
    on_card: bool

    async def perform(self, office: Office) -> None:
        risk = office.books.register.risks.get(self.title)
        if risk is None:
            return
        if self.on_card:
            await self._on_card(office, risk)
            return
        which = "closed" if self.way is Way.REOPENED else ""
        value = await risk_views.opened(office, self.who, self.channel, self.title, which)
        if value and risk_views.offers(office.site.views.top(self.who), self._action):
            deed = self._begin(office, risk)
            await office.click_view(self.who, self._action, value)
            said = await risk_views.said(office, self.who)
            if _CAME.get(self.way, " is changed") in said:
                deed.sure = office.now()
            elif said:
                risk.deeds.remove(deed)
        office.close(self.who)

    @property
    def _action(self) -> str:
        return {Way.KEPT: _KEEP, Way.REOPENED: _REOPEN}.get(self.way, _TAKE)

    async def _on_card(self, office: Office, risk: Risk) -> None:
        found = risk_views.on_card(office, self.who, self.title, self._action)
        if found is None:
            return
        before = office.site.world.stamp()
        deed = self._begin(office, risk)
        done = await office.click(self.who, found.message, self._action, found.value)
        await asyncio.sleep(_REFUSAL_SECONDS)
        heard = office.heard(self.who, before)
        if heard is Heard.REFUSAL:
            risk.deeds.remove(deed)
        elif heard is Heard.NOTHING and done is not None and done["acked"]:
            deed.sure = office.now()

    def _begin(self, office: Office, risk: Risk) -> Deed:
        says = _says(office, self.who, risk, self.way)
        on = dates(office, self.who)
        deed = risk.begin(Deed(self.way, self.who, office.now(), says, on=on))
        if self.way is Way.EDITED:
            _may_change_nothing(deed, risk, self.who)
        return deed


@dataclass(frozen=True)
class Decide:
    """Somebody rescores a risk, hands it on, or says what becomes of it; in a form."""

    at: datetime
    who: str
    channel: str
    title: str
    way: Way
    why: str
    score: Score = (1, 1)
    owner: str = ""
    until: date | None = None
    on_card: bool = False

    async def perform(self, office: Office) -> None:
        risk = office.books.register.risks.get(self.title)
        if risk is not None and await self._open(office):
            deed = self._begin(office, risk)
            done = await office.submit(self.who, self._values())
            _settle(office, risk, deed, done)
        office.close(self.who)

    @property
    def _action(self) -> str:
        return {Way.RESCORED: _RESCORE, Way.EDITED: _EDIT}.get(self.way, _MORE)

    async def _open(self, office: Office) -> bool:
        action = self._action
        found = risk_views.on_card(office, self.who, self.title, action) if self.on_card else None
        if found is not None:
            await office.click(self.who, found.message, action, found.value)
        else:
            value = await risk_views.opened(office, self.who, self.channel, self.title)
            if not value or not risk_views.offers(office.site.views.top(self.who), action):
                return False
            await office.click_view(self.who, action, value)
        form = FORM if self.way is Way.EDITED else action
        return await office.modal(self.who, form) is not None

    def _begin(self, office: Office, risk: Risk) -> Deed:
        why = "" if self.way is Way.EDITED else self.why
        says = dict(_says(office, self.who, risk, self.way))
        match self.way:
            case Way.RESCORED:
                says[Aspect.SCORE] = self.score
                says[Aspect.DUE] = _due(office, self.who, risk, [self.score])
            case Way.EDITED:
                says = {Aspect.OWNER: self.owner}
            case Way.SNOOZED:
                says[Aspect.DUE] = frozenset({self.until})
        on = dates(office, self.who)
        deed = risk.begin(Deed(self.way, self.who, office.now(), says, why, on=on))
        if self.way is Way.EDITED:
            _may_change_nothing(deed, risk, self.owner)
        return deed

    def _values(self) -> dict[str, dict[str, object]]:
        if self.way is Way.EDITED:
            return {"owner": {"owner": self.owner}}
        why: dict[str, dict[str, object]] = {"why": {"why": self.why}}
        if self.way is Way.RESCORED:
            likelihood, impact = map(str, self.score)
            return why | {
                "likelihood": {"likelihood": likelihood},
                "impact": {"impact": impact},
            }
        until = self.until.isoformat() if self.until is not None else None
        return why | {"fate": {"fate": _FATES[self.way][0]}, "until": {"until": until}}


def _settle(office: Office, risk: Risk, deed: Deed, done: Submitted) -> None:
    if done.outcome is Outcome.CLOSED:
        deed.sure = office.now()
    elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
        risk.deeds.remove(deed)
    if done.unsure:
        deed.most = _TRIES


def _may_change_nothing(deed: Deed, risk: Risk, owner: str) -> None:
    """Whose it is already, it may be given to without a line in its history."""
    if owner in risk.may_be(Aspect.OWNER, deed.since - _A_WHILE, deed.since + _A_WHILE)[:-1]:
        deed.least = 0


def _says(office: Office, who: str, risk: Risk, way: Way) -> Says:
    """What a risk says from then on, when somebody does this to it now."""
    if way is Way.EDITED:
        return {Aspect.OWNER: who}
    due = _due(office, who, risk, risk.scores(office.now()))
    status = "open" if way is Way.REOPENED else _FATES.get(way, ("", ""))[1]
    if way is Way.CLOSED:
        due = frozenset({None})
    return {Aspect.DUE: due} | ({Aspect.STATUS: status} if status else {})


def _due(office: Office, who: str, risk: Risk, scores: Sequence[Score]) -> Days:
    """When it is looked at again, where somebody looks at it now."""
    return office.books.register.due(office.now(), dates(office, who), scores, risk.channel)


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a register: its risks are looked at, some by others than their owner."""
    register = setting.register
    if register is None:
        return
    length = setting.end - setting.start
    titles = [one.title for one in register.risks]
    owners = {one.title: one.owner for one in register.risks}
    for number, person in enumerate(setting.people):
        if chance.random() < 0.4:
            at = setting.start + chance.random() * length
            title = f"{person.name} fears {number}"
            owner = chance.choice((person.id, chance.choice(setting.people).id))
            yield AddRisk(at, person.id, register.channel, title, owner, _score(chance))
            titles.append(title)
            owners[title] = owner
    for number in range(chance.randint(4, 12)):
        title = chance.choice(titles)
        at = setting.start + chance.random() * length
        others = [one.id for one in setting.people]
        who = chance.choice((owners[title] or register.risk_owner, register.risk_owner, *others))
        yield _deed(setting, register, chance, at, who, title, f"Reason {number}")


def _deed(
    setting: Setting,
    register: Register,
    chance: Random,
    at: datetime,
    who: str,
    title: str,
    why: str,
) -> Act:
    where = (at, who, register.channel, title)
    on_card = chance.random() < 0.5
    way = chance.choice((*[Way.KEPT] * 4, *[Way.RESCORED] * 3, *[Way.EDITED] * 2, *Way))
    match way:
        case Way.KEPT | Way.REOPENED:
            return Tap(*where, way, on_card and way is Way.KEPT)
        case Way.RAISED | Way.ALERTED:
            return Tap(*where, Way.EDITED, on_card)
        case Way.EDITED:
            return Decide(*where, way, why, owner=chance.choice(setting.people).id)
        case _:
            until = local_date(at, setting.person(who).zone) + chance.randint(1, 2) * DAY
            return Decide(*where, way, why, _score(chance), until=until, on_card=on_card)


def _score(chance: Random) -> Score:
    return chance.randint(1, 5), chance.randint(1, 5)
