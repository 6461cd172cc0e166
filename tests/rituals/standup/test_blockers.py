"""Blockers: one row each, with its age and who can unblock, until it is resolved."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot.core.states import BlockerState
from bot.db.tables import Blocker
from bot.rituals.standup import answers, sheets
from bot.rituals.standup.answers import Beside, Incomplete, Saved
from bot.rituals.standup.model import CantHelp
from tests.asking.conftest import Begin
from tests.asking.world import World, day, minutes, utc

MONDAY, TUESDAY, WEDNESDAY = day("2026-03-30"), day("2026-03-31"), day("2026-04-01")
BERLIN = "Europe/Berlin"
OPEN, RESOLVED, WITHDRAWN = BlockerState.OPEN, BlockerState.RESOLVED, BlockerState.WITHDRAWN


@dataclass
class Team:
    """Ana, Bo and Cy on Monday at 10:00 in Berlin, all asked."""

    world: World
    day: str = field(default="30")

    def until(self, text: str) -> None:
        """Ten o'clock of another day of these, such as 31."""
        self.day = text
        self.world.until(utc(f"2026-03-{text}T08:00" if text != "1" else "2026-04-01T08:00"))

    def say(
        self, *lines: str, who: str = "UANA", done: str = "Much", **beside: object
    ) -> Saved | Incomplete:
        """Answer today's, or change it, with these blockers."""
        world = self.world
        on = MONDAY if self.day == "30" else TUESDAY if self.day == "31" else WEDNESDAY
        result = answers.submit(
            world.session,
            world.at,
            world.workspace_id,
            who,
            world.prompts(on)[who].id,
            {"learned": done, "blockers": "\n".join(lines)},
            Beside(**beside),  # type: ignore[arg-type]
        )
        assert isinstance(result, Saved | Incomplete)
        world.send()
        return result

    def rows(self) -> Sequence[Blocker]:
        query = select(Blocker).order_by(Blocker.id).execution_options(populate_existing=True)
        return self.world.session.scalars(query).all()

    def found(self) -> list[tuple[str, BlockerState]]:
        return [(one.text, one.state) for one in self.rows()]

    def stale(self, view: str) -> list[str]:
        return [one.target for one in self.world.mirrors(view) if one.shown < one.wanted]


@pytest.fixture
def team(begin: Begin) -> Team:
    world = begin("2026-03-28T12:00")
    for name in ("UANA", "UBO", "UCY"):
        world.person(name, BERLIN)
    world.person("UROBOT", BERLIN, bot=True)
    world.person("UELSE", BERLIN, external=True)
    world.person("UGONE", BERLIN, deleted=True)
    world.set_up(["UANA", "UBO", "UCY"])
    world.until(utc("2026-03-30T08:00"))
    return Team(world)


# --- rows


def test_each_line_becomes_a_blocker_of_that_day(team: Team) -> None:
    """With its owner and its age; list marks and words for "none" are no blockers."""
    team.say("- GPU quota", "none", "", "Labels of August", "gpu quota")
    ana, run = team.world.slack("UANA"), team.world.run(MONDAY)
    assert team.found() == [("GPU quota", OPEN), ("Labels of August", OPEN)]
    for row in team.rows():
        assert (row.owner_id, row.ritual_id, row.since) == (ana.id, run.ritual_id, team.world.at)
        assert (row.raised_on, row.unblocker_id, row.told_at) == (MONDAY, None, None)


def test_an_edited_line_keeps_its_row_and_its_age(team: Team) -> None:
    """Lines that stand keep theirs wherever they move; of the others each goes on as the next."""
    team.say("One", "Two", "Three")
    ids, since = [row.id for row in team.rows()], team.world.at
    team.world.until(team.world.at + minutes(5))
    team.say("Three", "One, still", "Two", "Four")
    assert team.found() == [(one, OPEN) for one in ("One, still", "Two", "Three", "Four")]
    assert [row.id for row in team.rows()][:3] == ids
    assert [row.since for row in team.rows()] == [since, since, since, team.world.at]


def test_a_line_taken_out_is_withdrawn_and_comes_back(team: Team) -> None:
    """Its row stays; written again, it is the same blocker."""
    team.say("One", "Two")
    team.say("Two")
    assert team.found() == [("One", WITHDRAWN), ("Two", OPEN)]
    team.say("One", "Two")
    assert team.found() == [("One", OPEN), ("Two", OPEN)]


def test_the_same_form_twice_changes_nothing(team: Team) -> None:
    """A second submit makes no second row, and nothing is sent."""
    team.say("One", helper="UBO", anew=True)
    before = team.found()
    marks = [(one.id, one.wanted) for one in team.world.mirrors("standup.run")]
    assert team.say("One", helper="UBO", anew=True) == Saved(edited=True)
    assert team.found() == before
    assert [(one.id, one.wanted) for one in team.world.mirrors("standup.run")] == marks


def test_twenty_blockers_are_as_many_as_anybody_can_help_with(team: Team) -> None:
    refused = team.say(*[f"Number {number}" for number in range(21)])
    assert isinstance(refused, Incomplete)
    assert set(refused.problems) == {"blockers"}
    assert team.found() == []


# --- from day to day


def test_an_open_blocker_is_one_however_often_it_is_said(team: Team) -> None:
    """Written again the next day, in any case, it is the one that is open; so is no word of it."""
    team.say("GPU quota")
    team.until("31")
    team.say("gpu QUOTA", "Labels")
    assert [(one.text, one.raised_on) for one in team.rows()] == [
        ("GPU quota", MONDAY),
        ("Labels", TUESDAY),
    ]
    team.until("1")
    team.say()
    assert team.found() == [("GPU quota", OPEN), ("Labels", OPEN)]


def test_resolved_when_it_is_shown_back(team: Team) -> None:
    """With who said so and when; until the run closes that can be taken back."""
    team.say("GPU quota")
    team.until("31")
    (row,) = team.rows()
    team.say(resolved={row.id: True})
    (row,) = team.rows()
    assert (row.state, row.resolved_at) == (RESOLVED, team.world.at)
    assert (row.resolved_on, row.resolved_by) == (TUESDAY, team.world.slack("UANA").id)
    team.world.until(team.world.at + minutes(5))
    team.say(resolved={row.id: True})
    team.say(resolved={row.id: False})
    assert team.found() == [("GPU quota", OPEN)]
    assert team.rows()[0].resolved_on is None


def test_still_blocked_does_not_undo_what_somebody_else_resolved(team: Team) -> None:
    """It is only what the form began with."""
    team.say("GPU quota")
    team.until("31")
    (row,) = team.rows()
    row.state, row.resolved_at, row.resolved_by = (
        RESOLVED,
        team.world.at,
        team.world.slack("UBO").id,
    )
    team.say(resolved={row.id: False})
    assert team.found() == [("GPU quota", RESOLVED)]


def test_a_resolved_blocker_stays_so_in_a_later_edit(team: Team) -> None:
    """Its line still stands in the answer that said it again, or first."""
    team.say("GPU quota")
    team.until("31")
    team.say("GPU quota", "Labels")
    for row in team.rows():
        row.state = RESOLVED
    team.say("GPU quota", "Labels", done="More")
    assert team.found() == [("GPU quota", RESOLVED), ("Labels", RESOLVED)]


def test_nobody_resolves_another_s_blocker_by_a_made_up_form(team: Team) -> None:
    """Nor one of today, which is simply taken out of the text."""
    team.say("GPU quota")
    (row,) = team.rows()
    team.until("31")
    team.say(who="UBO", resolved={row.id: True, 999: True})
    assert team.found() == [("GPU quota", OPEN)]


def test_resolving_shows_at_once(team: Team) -> None:
    """In the run that is open now, and on the owner's card."""
    team.say("GPU quota", helper="UBO", anew=True)
    team.until("31")
    (row,) = team.rows()
    team.world.online = False
    team.say(resolved={row.id: True})
    assert team.stale("standup.run") == ["C1"]
    assert {"UANA", "UBO"} <= set(team.stale("card"))


# --- who can unblock


def helpers(team: Team) -> list[str | None]:
    names = {person.id: person.slack_id for person in map(team.world.slack, ("UBO", "UCY"))}
    return [names[one.unblocker_id] if one.unblocker_id else None for one in team.rows()]


def test_whoever_can_unblock_is_named_with_what_is_new(team: Team) -> None:
    """An edit that adds a line names them for that one too; an edited line keeps its own."""
    team.say("One", helper="UBO", anew=True)
    team.say("One, changed", "Two", helper="UBO")
    assert helpers(team) == ["UBO", "UBO"]


def test_another_helper_is_named_for_all_of_the_answer_s(team: Team) -> None:
    """And nobody, where the choice is taken back."""
    team.say("One", helper="UBO", anew=True)
    team.say("One", "Two", helper="UCY", anew=True)
    assert helpers(team) == ["UCY", "UCY"]
    team.say("One", "Two", anew=True)
    assert helpers(team) == [None, None]


def test_a_form_that_was_open_meanwhile_names_nobody_again(team: Team) -> None:
    """They could not help; the form that began with them is no new choice."""
    team.say("One", helper="UBO", anew=True)
    team.rows()[0].unblocker_id = None
    team.say("One", helper="UBO", done="More")
    assert helpers(team) == [None]


def test_a_helper_for_a_blocker_of_an_earlier_day(team: Team) -> None:
    """Nothing new is said: it is for what is still open and has nobody, or is said once more."""
    team.say("One", "Two", helper="UCY", anew=True)
    team.until("31")
    team.say("Three")
    team.rows()[0].unblocker_id = None
    team.until("1")
    team.say(helper="UBO", anew=True)
    assert helpers(team) == ["UBO", "UCY", "UBO"]
    team.say("two", helper="UBO", anew=True)
    assert helpers(team) == ["UBO", "UBO", "UBO"]


@pytest.mark.parametrize(
    ("helper", "why"),
    [
        ("UANA", CantHelp.THEMSELVES),
        ("UROBOT", CantHelp.BOT),
        ("UELSE", CantHelp.ELSEWHERE),
        ("UGONE", CantHelp.GONE),
    ],
)
def test_who_can_t_be_named(team: Team, helper: str, why: CantHelp) -> None:
    """A sentence says why, and nothing is stored."""
    assert team.say("One", helper=helper, anew=True) == Incomplete({}, why)
    assert team.rows() == []


def test_a_guest_whom_an_owner_admitted_can_be_named(team: Team) -> None:
    team.world.slack("UELSE").is_admitted = True
    assert team.say("One", helper="UELSE", anew=True) == Saved(edited=False)


def test_a_helper_without_anything_that_blocks(team: Team) -> None:
    """They would not know what to help with; one that is resolved at once is nothing to help."""
    assert team.say(helper="UBO", anew=True) == Incomplete({}, CantHelp.NOTHING_BLOCKS)
    team.say("One")
    team.until("31")
    (row,) = team.rows()
    said = team.say(helper="UBO", anew=True, resolved={row.id: True})
    assert said == Incomplete({}, CantHelp.NOTHING_BLOCKS)
    assert team.say(helper="UBO", anew=True, resolved={row.id: False}) == Saved(edited=False)


def test_whom_nobody_knows_yet_can_be_named(team: Team) -> None:
    """They are looked up later."""
    team.say("One", helper="UNEW", anew=True)
    assert team.rows()[0].unblocker_id == team.world.slack("UNEW").id


def test_one_that_is_said_again_is_not_asked_for_twice_on_an_edit(team: Team) -> None:
    """It has its own choice there: still blocked, or resolved. What is new stands below."""
    team.say("GPU quota")
    team.until("31")
    team.say("gpu QUOTA", "A key")
    world = team.world
    prompt = world.prompts(TUESDAY)["UANA"]
    found = sheets.sheet(world.session, world.at, world.workspace_id, "UANA", prompt.id)
    assert isinstance(found, sheets.Sheet)
    assert [one.text for one in found.back.blocked] == ["GPU quota"]
    assert found.said["blockers"] == "A key"
    team.say(found.said["blockers"])
    assert team.found() == [("GPU quota", OPEN), ("A key", OPEN)]
