"""The register as lists: narrowed, searched, and page by page, however many there are."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from bot.rituals.risk.carried import Carried, packed_list, packed_origin
from bot.rituals.risk.edits import digests
from bot.rituals.risk.lists import lists
from bot.rituals.risk.lists.lists_model import SEARCH, Asked, Page, Scope
from bot.rituals.risk.model import MOST_MITIGATIONS
from bot.rituals.risk.reviews.reviews_model import Fate
from bot.rituals.risk.states import Chased, Status
from bot.rituals.risk.tables import Risk
from bot.rituals.risk.values import Origin
from bot.rituals.risk.views.lists import list_modal
from tests.asking.conftest import Begin
from tests.asking.world import World, day
from tests.rituals.risk.register import TYPED, add, decide
from tests.rituals.standup.drawn import HOSTILE, LONG, checked_modal

THOUSAND = 1000
METADATA = 3000  # characters that Slack lets travel with a modal


@pytest.fixture
def world(begin: Begin) -> World:
    made = begin("2026-03-30T07:00")
    made.person("UMEI", "Asia/Tokyo")
    made.person("UARJUN", "Asia/Kolkata")
    return made


def page(world: World, by: str = "UMEI", **asked: object) -> Page:
    said = Asked(**({"channel": "C1"} | asked))  # type: ignore[arg-type]
    return lists.page(world.session, world.at, world.workspace_id, by, said)


def many(world: World) -> None:
    """A thousand risks with as long a title as there can be."""
    first = add(world)
    row = {
        "team_id": first.team_id,
        "category": "data",
        "model": "",
        "owner_id": first.owner_id,
        "status": Status.OPEN,
        "cause": "",
        "consequence": "",
        "links": "",
        "chased": Chased.NOBODY,
        "raised_at": world.at,
    }
    rows = [
        row
        | {
            "title": f"{number} {HOSTILE} {LONG}"[:150],
            "likelihood": number % 5 + 1,
            "impact": number % 4 + 1,
            "next_review": day("2026-03-01") if number % 10 == 0 else day("2026-06-01"),
            "origin": f"many-{number}",
        }
        for number in range(1, THOUSAND)
    ]
    world.session.execute(insert(Risk), rows)


def test_a_thousand(world: World) -> None:
    """Each page is one that Slack takes; none of them is missing, none twice, the worst first."""
    many(world)
    seen: list[int] = []
    scores: list[int] = []
    first = page(world)
    assert (first.total, first.pages) == (THOUSAND, 100)
    for number in range(first.pages):
        one = page(world, number=number)
        checked_modal(list_modal(one, "{}"))
        seen += [risk.id for risk in one.risks]
        scores += [risk.score for risk in one.risks]
    assert len(seen) == len(set(seen)) == THOUSAND
    assert scores == sorted(scores, reverse=True)


def test_narrowed_and_searched(world: World) -> None:
    """By overdue, by category, by words of any case, by number; a page too far is the last."""
    many(world)
    added = add(world, key="x", title="GDPR says 100 % no_way", category="security")
    assert page(world, scope=Scope.OVERDUE).total == 99
    assert page(world, category="security").total == 1
    assert [one.id for one in page(world, search="gdpr NO_WAY").risks] == [added.id]
    assert [one.id for one in page(world, search="100 %").risks] == [added.id]
    assert page(world, search="noXway").total == 0
    assert page(world, search="no/way").total == page(world, search="no\\way").total == 0
    assert added.id in [one.id for one in page(world, search=f"R{added.id}").risks]
    assert page(world, search="'; DROP TABLE risks --").total == 0
    assert page(world, number=5000).asked.number == 100
    assert page(world, number=-3).asked.number == 0


@pytest.mark.parametrize("typed", ["übersicht", "ÜBERSICHT", "ДАННЫЕ", "данные", "ångström/"])
def test_searched_in_any_alphabet(world: World, typed: str) -> None:
    """Capitals are the same letters, in whatever language, on whichever database."""
    title = "Übersicht der Данные: 5 Ångström/Tag"
    added = add(world, title=title, cause="")
    add(world, key="y", title="Uebersicht", cause="")
    assert [one.id for one in page(world, search=typed).risks] == [added.id]


def test_a_search_as_long_as_a_command(world: World) -> None:
    """What somebody pastes behind the command fits the list that shows it, and the one after it."""
    add(world)
    pasted = page(world, search='"Labels" \\ & <arrive>\n' * 150)
    assert len(pasted.asked.search) == SEARCH
    metadata = packed_list(pasted.asked)
    assert "No risk here says that." in checked_modal(list_modal(pasted, metadata))
    carried = Carried(1, "C1", show="V1", listed="V2", asked=metadata)
    named = digests(replace(TYPED, mitigations="\n".join(map(str, range(MOST_MITIGATIONS)))))
    assert len(named) == MOST_MITIGATIONS
    assert len(packed_origin(Origin("k"), carried, more=True, mitigations=named)) < METADATA


def test_mine_and_others(world: World) -> None:
    """One's own of all teams; of another team's channel only what belongs there."""
    add(world, "UMEI", "a")
    add(world, "UARJUN", "b", channel="C2")
    mine = page(world, "UARJUN", scope=Scope.MINE, channel="")
    assert [one.team for one in mine.risks] == ["team"]
    assert mine.total == 1
    assert page(world, "UARJUN", channel="C2").total == 1
    assert page(world, "UARJUN", channel="C3").total == 0
    assert page(world, "USTRANGER", channel="", scope=Scope.MINE).total == 0


def test_closed_ones_apart(world: World) -> None:
    """They leave the list, and stand in their own."""
    risk = add(world)
    decide(world, "UMEI", risk, Fate.CLOSE)
    assert page(world).total == 0
    closed = page(world, scope=Scope.CLOSED)
    assert [one.status for one in closed.risks] == [Status.CLOSED]
    said = checked_modal(list_modal(closed, "{}"))
    assert "closed" in said


def test_without_an_owner(world: World) -> None:
    """What nobody looks after is found at once."""
    risk = add(world)
    risk.owner_id = None
    (one,) = page(world, scope=Scope.UNOWNED).risks
    assert one.owner is None
    assert "nobody's" in checked_modal(list_modal(page(world, scope=Scope.UNOWNED), "{}"))


def test_statements_do_not_grow(world: World, statements: list[str]) -> None:
    """A page of a thousand asks the database no more than a page of ten."""
    add(world)
    statements.clear()
    page(world)
    few = len(statements)
    many_world = add(world, key="more")
    assert many_world.id
    for number in range(9):
        add(world, key=f"n{number}")
    statements.clear()
    page(world)
    assert len(statements) == few
