"""What a risk is without its mitigations, and what the heat map's arrows begin with."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.cadence import zone
from bot.db.tables import Team
from bot.rituals.risk import register
from bot.rituals.risk.reviews import snapshot
from bot.rituals.risk.reviews.reviews_model import Fate
from bot.rituals.risk.scoring import inherent
from bot.rituals.risk.states import MitigationState
from bot.rituals.risk.tables import Mitigation, Risk
from bot.rituals.risk.values import Saved
from tests.asking.conftest import Begin
from tests.asking.world import World
from tests.rituals.risk.register import TYPED, add, decide, rescore

WHOLE = replace(
    TYPED,
    cause="",
    consequence="",
    links="",
    response="reduce",
    residual_likelihood=1,
    residual_impact=3,
    ticked=(),
    mitigations="Ask legal",
)


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-30T07:00")
    made.person("UMEI", "Asia/Tokyo")
    return made


@pytest.fixture
def risk(world: World) -> Risk:
    return add(world, **{name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__})


def done(world: World) -> None:
    one = world.session.scalars(select(Mitigation)).one()
    register.set_mitigation(
        world.session, world.at, world.workspace_id, "UMEI", one.id, MitigationState.DONE
    )


def arrow(world: World) -> tuple[tuple[int, int], tuple[int, int]] | None:
    team = world.session.scalars(select(Team)).one()
    found = snapshot.take(world.session, world.at, team, None, zone("UTC")).arrows
    return (found[0].was, found[0].now) if found else None


def test_while_nothing_works_it_is_the_score(world: World, risk: Risk) -> None:
    """Another score is a better guess of the same, as long as no mitigation is done."""
    assert inherent(risk) == (4, 3)
    rescore(world, "UMEI", risk, 2, 3)
    assert inherent(risk) == (2, 3)
    assert arrow(world) == ((2, 3), (1, 3))


@pytest.mark.parametrize("how", ["a mitigation is done", "it is mitigated"])
def test_what_mitigations_took_away_is_kept(world: World, risk: Risk, how: str) -> None:
    """The arrow goes on showing all of what they do, by a rescoring and by the form."""
    done(world) if how == "a mitigation is done" else decide(world, "UMEI", risk, Fate.MITIGATING)
    rescore(world, "UMEI", risk, 3, 3)
    assert ((risk.likelihood, risk.impact), inherent(risk)) == ((3, 3), (4, 3))
    typed = replace(WHOLE, owner="UMEI", likelihood=1, impact=3)
    edited = register.edit(world.session, world.at, world.workspace_id, "UMEI", risk.id, typed)
    assert isinstance(edited, Saved)
    assert ((risk.likelihood, risk.impact), inherent(risk)) == ((1, 3), (4, 3))
    assert arrow(world) == ((4, 3), (1, 3))


def test_worse_than_was_thought(world: World, risk: Risk) -> None:
    """With its mitigations it can't be worse than without."""
    done(world)
    rescore(world, "UMEI", risk, 2, 3)
    rescore(world, "UMEI", risk, 5, 4)
    assert inherent(risk) == (5, 4)


def test_an_edit_of_its_words_changes_none(world: World, risk: Risk) -> None:
    """What stands in the form as it stood is no rescoring."""
    decide(world, "UMEI", risk, Fate.MITIGATING)
    rescore(world, "UMEI", risk, 2, 3)
    decide(world, "UMEI", risk, Fate.ACCEPT)
    typed = replace(WHOLE, owner="UMEI", likelihood=2, impact=3, title="In other words")
    register.edit(world.session, world.at, world.workspace_id, "UMEI", risk.id, typed)
    assert inherent(risk) == (4, 3)
