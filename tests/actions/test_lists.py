"""The lists: mine, the team's, the overdue, what others do for me, and what is over."""

import json
from datetime import timedelta

import pytest

from bot.actions import lists
from bot.actions.lists import PER_PAGE
from bot.actions.model import Page, Place, Scope
from bot.actions.views.list import list_modal
from bot.sandbox.blocks import check_view
from tests.actions.deeds import act, raised
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, World, day, utc

BERLIN, TOKYO = "Europe/Berlin", "Asia/Tokyo"


@pytest.fixture
def world(begin: Begin) -> World:
    world = begin("2026-03-30T08:00")
    for name in ("UANA", "UBO"):
        world.person(name, BERLIN)
    world.person("UTOM", TOKYO)
    world.set_up(["UANA", "UBO"])
    return world


def page(world: World, who: str, scope: Scope, number: int = 0, channel: str = CHANNEL) -> Page:
    return lists.page(world.session, world.at, world.workspace_id, who, scope, number, channel)


def whats(world: World, who: str, scope: Scope, channel: str = CHANNEL) -> list[str]:
    return [one.what for one in page(world, who, scope, channel=channel).items]


def test_mine_what_is_due_first_on_top(world: World) -> None:
    """What has no day comes last; done, dropped and others' are none of it."""
    raised(world, "UANA", "No day")
    raised(world, "UANA", "Later", due=day("2026-04-10"))
    raised(world, "UBO", "Sooner", owner="UANA", due=day("2026-04-03"))
    raised(world, "UANA", "Bo's", owner="UBO")
    for what, said in (("finish", ()), ("drop", ("No",))):
        act(world, what, "UANA", raised(world, "UANA", what).id, *said)
    assert whats(world, "UANA", Scope.MINE) == ["Sooner", "Later", "No day"]


def test_the_team_s_of_that_channel(world: World) -> None:
    raised(world, "UANA", "Here")
    raised(world, "UBO", "Here too")
    raised(world, "UANA", "Elsewhere", place=Place(channel="C2", channel_name="two"))
    raised(world, "UANA", "Nowhere", place=Place())
    assert whats(world, "UTOM", Scope.TEAM) == ["Here", "Here too"]
    assert whats(world, "UTOM", Scope.TEAM, "C2") == ["Elsewhere"]
    assert whats(world, "UTOM", Scope.TEAM, "") == []


def test_overdue_by_each_owner_s_own_clock(world: World) -> None:
    """Mine anywhere and the team's; when it is Tuesday in Tokyo, what was due on Monday is late."""
    raised(world, "UTOM", "Tom's", due=day("2026-03-30"))
    raised(world, "UBO", "Bo's", due=day("2026-03-30"))
    raised(world, "UANA", "Elsewhere", due=day("2026-03-30"), place=Place())
    world.until(utc("2026-03-30T16:00"))
    assert whats(world, "UANA", Scope.OVERDUE) == ["Tom's"]
    world.until(utc("2026-03-30T22:00"))
    assert whats(world, "UANA", Scope.OVERDUE) == ["Tom's", "Bo's", "Elsewhere"]
    assert whats(world, "UBO", Scope.OVERDUE) == ["Tom's", "Bo's"]
    assert whats(world, "UBO", Scope.OVERDUE, "") == ["Bo's"]


def test_what_others_do_for_me(world: World) -> None:
    raised(world, "UANA", "Mine")
    raised(world, "UANA", "Bo's", owner="UBO")
    raised(world, "UBO", "His own")
    assert whats(world, "UANA", Scope.ASKED) == ["Bo's"]


def test_what_is_over_for_a_month(world: World) -> None:
    """What was closed last comes first."""
    for what in ("One", "Two"):
        act(world, "finish", "UANA", raised(world, "UANA", what).id)
        world.until(world.at + timedelta(days=1))
    assert whats(world, "UBO", Scope.CLOSED) == ["Two", "One"]
    assert whats(world, "UTOM", Scope.CLOSED, "") == []
    world.until(world.at + timedelta(days=29))
    assert whats(world, "UBO", Scope.CLOSED) == ["Two"]


def test_a_stranger_has_nothing(world: World) -> None:
    for scope in (Scope.MINE, Scope.ASKED, Scope.OVERDUE, Scope.CLOSED):
        assert whats(world, "UNOBODY", scope, "") == []


@pytest.mark.parametrize(
    ("number", "pages"),
    [
        (0, 1), (1, 1), (PER_PAGE - 1, 1), (PER_PAGE, 1), (PER_PAGE + 1, 2),
        (2 * PER_PAGE, 2), (2 * PER_PAGE + 1, 3),
    ],
)  # fmt: skip
def test_page_by_page(world: World, number: int, pages: int) -> None:
    """Each within Slack's limits; a page that is not there is the nearest one."""
    world.online = False
    for one in range(number):
        raised(world, "UANA", f"{one:03} {'ä' * 240}")
    seen = []
    for at in range(pages):
        found = page(world, "UANA", Scope.MINE, at)
        assert (found.number, found.pages, found.total) == (at, pages, number)
        view = json.loads(json.dumps(list_modal(found, said="✓ Done")))
        check_view(view, "modal")
        turning = [
            one["text"]["text"]
            for block in view["blocks"]
            if block.get("block_id") == "pages"
            for one in block["elements"]
        ]
        assert turning == ["Earlier"] * (at > 0) + ["Next"] * (at + 1 < pages)
        seen += [one.what[:3] for one in found.items]
    assert seen == [f"{one:03}" for one in range(number)]
    assert page(world, "UANA", Scope.MINE, 99).number == pages - 1
    assert page(world, "UANA", Scope.MINE, -1).number == 0
