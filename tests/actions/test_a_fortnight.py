"""Two weeks in which action items come and go: nobody is told more than twice a day of anything."""

from collections import Counter
from datetime import time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.model import Noted, Settled
from bot.asking import deck
from bot.asking.quiet import is_quiet
from bot.core.cadence import local_date, zone
from bot.core.states import LIVE_ITEMS
from bot.db.tables import ActionItem
from tests.actions.deeds import act, raise_item
from tests.asking.conftest import Begin
from tests.asking.world import World, utc

ZONES = {
    "UBER": "Europe/Berlin", "ULIS": "Europe/Lisbon", "UTOK": "Asia/Tokyo",
    "ULAX": "America/Los_Angeles", "UAUC": "Pacific/Auckland", "UKOL": "Asia/Kolkata",
}  # fmt: skip
WORDS = ("Retrain", "Audit the labels", "Ask legal", "Measure drift")
STEP = timedelta(hours=3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed",
    [1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 12))],
)
def test_never_more_than_two_a_day(begin: Begin, seed: int) -> None:
    """Across Europe's clock change, with a stand-up in the morning and one in the afternoon."""
    world, chance = begin("2026-03-23T00:00"), Random(seed)  # noqa: S311 - no secret
    for who, tz in ZONES.items():
        world.person(who, tz)
    world.set_up(["UBER", "ULIS", "UTOK"], channel="C1")
    world.set_up(["UBER", "ULAX"], channel="C2", at=time(15, 30), open_minutes=300)
    did: Counter[str] = Counter()
    while world.at < utc("2026-04-06T00:00"):
        world.until(world.at + STEP)
        for who in ZONES:
            if chance.random() < 0.3:
                did[something(world, chance, who)] += 1
    told = Counter[tuple[str, object]]()
    for one in world.sent:
        if one.view == deck.VIEW:
            person = world.slack(one.target)
            told[one.target, local_date(one.at, zone(person.tz or "UTC"))] += 1
            assert not is_quiet(person, one.at)
    assert max(told.values()) <= 2
    assert {who for who, _on in told} == set(ZONES)
    assert min(did[what] for what in ("raise", "finish", "move", "reassign")) > 3, did


def something(world: World, chance: Random, who: str) -> str:
    """Somebody raises an item, or does something to one that there is."""
    today = local_date(world.at, zone(ZONES[who])) + timedelta(days=1)
    due = today + timedelta(days=chance.randrange(5))
    live = select(ActionItem.id).where(ActionItem.state.in_(LIVE_ITEMS))
    items = world.session.scalars(live.order_by(ActionItem.id)).all()
    what = chance.choice(["raise", "finish", "drop", "move", "reassign", "start"])
    if what == "raise" or len(items) < 4:
        owner = chance.choice([who, *ZONES])
        came = raise_item(world, who, chance.choice(WORDS), owner=owner, due=due)
        assert isinstance(came, Noted), came
        return "raise"
    said: dict[str, tuple[Any, ...]] = {
        "drop": ("No",), "move": (due,), "reassign": (chance.choice(list(ZONES)),),
    }  # fmt: skip
    came = act(world, what, who, chance.choice(items), *said.get(what, ()), here="C1")
    assert isinstance(came, Noted | Settled), came
    return what
