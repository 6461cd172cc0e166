"""What other messages and cards say of a stage follows it."""

from datetime import timedelta

from bot.asking import absences
from bot.asking.absences import Request
from bot.asking.upkeep.model import Gone, Started, Typed
from bot.core.states import AbsenceKind, PromptState
from bot.rituals.retro import leading
from bot.rituals.retro.model import (
    Extended,
    Stage,
)
from bot.rituals.retro.running import VIEW
from bot.rituals.retro.setup_listeners import UPKEEP
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, utc
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


def test_who_leads_once_the_facilitator_may_not_is_called(team: Team) -> None:
    """A guest whom an admin admits no longer has not left, but leads nothing."""
    world, retro = team.world, team.retro
    retro.facilitator_id = world.slack("UMEI").id
    for text in ("Sampling was slow", "Labels were late"):
        team.note("UARJ", text)
    team.next()
    assert team.stage() is Stage.SORT
    called = len(world.notified(LEADER))
    world.person("UMEI", ZONES["UMEI"], external=True)
    world.tick()
    assert len(world.notified(LEADER)) == called + 1
    assert "You lead" in str(world.notified(LEADER)[-1].content)


def test_the_facilitator_who_is_back_leads_again(unsigned: Team) -> None:
    """Whoever led it meanwhile reads so, and the channel does."""
    world, retro = unsigned.world, unsigned.retro
    retro.facilitator_id = world.slack("UMEI").id
    unsigned.note("URAF", "The only one")
    unsigned.until(utc("2026-04-01T17:00"))
    world.person("UMEI", ZONES["UMEI"], deleted=True)
    world.tick()
    before, called = marked(unsigned, VIEW), marked(unsigned, "card", LEADER)
    world.person("UMEI", ZONES["UMEI"])
    world.tick()
    assert "umei chooses" in unsigned.message()
    assert marked(unsigned, VIEW) > before
    assert marked(unsigned, "card", LEADER) > called


def test_who_looks_after_it_from_now_on_is_called(team: Team) -> None:
    """It waits for them; whoever did so far reads that nothing waits any more."""
    for text in ("Sampling was slow", "Labels were late"):
        team.note("UMEI", text)
    team.next()
    assert team.stage() is Stage.SORT
    world = team.world
    before, called = marked(team, "card", LEADER), len(world.notified("UTOM"))
    who = world.session, world.at, world.workspace_id, LEADER
    shown = UPKEEP.settings(*who, team.ritual.id)
    assert not isinstance(shown, Gone)
    typed = Typed("key", CHANNEL, "team", team.ritual.id, shown.form, owner="UTOM")
    assert isinstance(UPKEEP.submit(*who, typed), Started)
    world.send()
    assert len(world.notified("UTOM")) == called + 1
    assert "You lead" in str(world.notified("UTOM")[-1].content)
    assert marked(team, "card", LEADER) > before


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
