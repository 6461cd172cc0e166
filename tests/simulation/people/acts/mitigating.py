"""People name what is done against a risk, and say how far that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.sandbox.blocks import elements_of
from bot.sandbox.views import View
from bot.sandbox.world import Json
from tests.simulation.cast import Setting
from tests.simulation.model.history import History
from tests.simulation.model.risks import Deed, Risk, Way
from tests.simulation.people import risk_views
from tests.simulation.people.act import Act
from tests.simulation.people.office import Office, Outcome
from tests.simulation.people.risk_form import FORM, dates

_EDIT, _STATE = "risk.edit", "risk.mitigation"
_OTHERS = "mitigations:"
_TRIES = 3


@dataclass(frozen=True)
class NameMitigation:
    """Somebody names one more thing that is done; in the place of the others, if not `beside`."""

    at: datetime
    who: str
    channel: str
    title: str
    text: str
    beside: bool

    async def perform(self, office: Office) -> None:
        risk = office.books.register.risks.get(self.title)
        value = await risk_views.opened(office, self.who, self.channel, self.title)
        if risk and value and risk_views.offers(office.site.views.top(self.who), _EDIT):
            await office.click_view(self.who, _EDIT, value)
            view = await office.modal(self.who, FORM)
            if view is not None:
                await self._submit(office, risk, view)
        office.close(self.who)

    async def _submit(self, office: Office, risk: Risk, view: View) -> None:
        now = office.now()
        block, there = _lines(view)
        lines = (*(there if self.beside else ()), self.text)
        states = risk.mitigations.setdefault(self.text, History(""))
        named = risk.against.begin(lines, now)
        begun = states.begin("planned", now)
        deed = risk.begin(Deed(Way.EDITED, self.who, now, {}, on=dates(office, self.who)))
        entered = {block: {"mitigations": "\n".join(lines)}}
        done = await office.submit(self.who, entered)
        deed.most = _TRIES if done.unsure else 1
        if done.outcome is Outcome.CLOSED:
            deed.sure = named.sure = begun.sure = office.now()
        elif done.outcome is not Outcome.UNKNOWN and not done.unsure:
            risk.deeds.remove(deed)
            risk.against.drop(named)
            states.drop(begun)


def _lines(view: View) -> tuple[str, tuple[str, ...]]:
    """The block in which mitigations are typed, and what stands there."""
    for block, element in elements_of(view.blocks):
        if block["block_id"].startswith(_OTHERS):
            return block["block_id"], tuple(element.get("initial_value", "").splitlines())
    raise AssertionError(view.blocks)


@dataclass(frozen=True)
class SayHowFar:
    """Somebody says of one of those how far it is."""

    at: datetime
    who: str
    channel: str
    title: str
    pick: int
    state: str

    async def perform(self, office: Office) -> None:
        risk = office.books.register.risks.get(self.title)
        await risk_views.opened(office, self.who, self.channel, self.title)
        view = office.site.views.top(self.who)
        menus = dict(_menus(view)) if risk is not None and view is not None else {}
        if risk is not None and menus:
            text = sorted(menus)[self.pick % len(menus)]
            states = risk.mitigations.setdefault(text, History(""))
            begun = states.begin(self.state, office.now())
            value = _value(menus[text], self.state)
            await office.click_view(self.who, _STATE, value)
            said = await risk_views.said(office, self.who)
            if " is changed" in said:
                begun.sure = office.now()
            elif said:
                states.drop(begun)
        office.close(self.who)


def _menus(view: View) -> Iterator[tuple[str, Json]]:
    """What is done, each with the menu beside it."""
    for block in view.blocks:
        menu = block.get("accessory") or {}
        if menu.get("action_id") == _STATE:
            yield str(block["text"]["text"]).partition(" ")[2], menu


def _value(menu: Json, state: str) -> str:
    values = [str(one["value"]) for one in menu["options"]]
    return next(one for one in values if one.partition(" ")[2] == state)


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Where there is a register: of the risks that are there from the first."""
    register = setting.register
    if register is None:
        return
    length = setting.end - setting.start
    whose: Mapping[str, str] = {one.title: one.owner for one in register.risks}
    for number in range(chance.choice((0, 1, 3, 5))):
        title = chance.choice(list(whose)[:2])  # so that some have several
        at = setting.start + chance.uniform(0, 0.8) * length
        others = chance.choice(setting.people).id
        who = chance.choice((whose[title] or register.risk_owner, register.risk_owner, others))
        text = f"Watch it closely {number}"
        yield NameMitigation(at, who, register.channel, title, text, chance.random() < 0.8)
        for state in chance.choice(((), ("done",), ("under way", "done"), ("done", "planned"))):
            at += chance.uniform(0.01, 0.5) * (setting.end - at)
            yield SayHowFar(at, who, register.channel, title, number, state)
