"""What other messages and cards say of a stage follows it."""

from datetime import timedelta

from bot.asking import absences
from bot.asking.absences import Request
from bot.core.states import AbsenceKind, PromptState
from bot.rituals.retro import leading
from bot.rituals.retro.model import Extended, Stage
from bot.rituals.retro.running import VIEW
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import EVERYBODY, LEADER, ZONES, Team


def marked(team: Team, view: str, who: str | None = None) -> int:
    """How often these messages were to be shown anew."""
    return sum(one.wanted for one in team.world.mirrors(view, who))


def test_the_facilitators_card_follows_once_nothing_waits_for_them(team: Team) -> None:
    """It said that notes are to be merged."""
    for text in ("Sampling was slow", "Labels were late"):
        team.note("UMEI", text)
    team.until_stage(Stage.SORT)
    before = marked(team, "card", LEADER)
    team.next()
    assert team.stage() is Stage.VOTE
    assert marked(team, "card", LEADER) > before


def test_given_more_time_everybodys_card_says_so(team: Team) -> None:
    """It says until when one may write."""
    before = marked(team, "card", "UMEI")
    world = team.world
    given = leading.extend(
        world.session,
        world.at,
        world.workspace_id,
        LEADER,
        team.retro.id,
        Stage.COLLECT,
        timedelta(hours=4),
    )
    assert isinstance(given, Extended)
    assert marked(team, "card", "UMEI") > before


def test_who_is_away_from_the_vote_is_not_counted_in_its_message(team: Team) -> None:
    """That says how many of those who are asked have voted."""
    for text in ("Sampling was slow", "Labels were late"):
        team.note("UMEI", text)
    team.until_stage(Stage.VOTE)
    world = team.world
    world.until(world.at + timedelta(days=1))
    before, today = marked(team, VIEW), world.at.date()
    request = Request(None, today - timedelta(days=1), today, AbsenceKind.LEAVE, "", "tom")
    absences.enter(world.session, world.at, world.workspace_id, "UTOM", request)
    assert marked(team, VIEW) > before


def test_who_leads_once_the_facilitator_has_left_is_called(unsigned: Team) -> None:
    """It waits for somebody, and its message says for whom."""
    world, retro = unsigned.world, unsigned.retro
    retro.facilitator_id = world.slack("UMEI").id
    unsigned.note("URAF", "The only one")
    unsigned.until(utc("2026-04-01T17:00"))
    assert unsigned.retro.held
    before, called = marked(unsigned, VIEW), marked(unsigned, "card", LEADER)
    world.person("UMEI", ZONES["UMEI"], deleted=True)
    assert marked(unsigned, VIEW) > before
    assert "ulen chooses" in unsigned.message()
    assert marked(unsigned, "card", LEADER) > called


def test_whoever_could_not_be_asked_says_that_they_are_done(begin: Begin) -> None:
    """Whoever looks after it, maybe they themselves, need not read of that any more."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(EVERYBODY)
    team.prompts()[LEADER].state = PromptState.MISSED
    team.prompts()[LEADER].asked_on = None
    before = marked(team, "card", LEADER)
    team.done(LEADER)
    assert marked(team, "card", LEADER) > before
