"""A retro of nothing, or of too little: it closes with a line, or waits for its facilitator."""

from datetime import timedelta

from sqlalchemy import select

from bot.core.states import PromptState
from bot.rituals.retro import leading
from bot.rituals.retro.lead_commands import said
from bot.rituals.retro.model import Moved, Stage, WouldDelete
from bot.rituals.retro.running import TOPIC_VIEW
from bot.rituals.retro.tables import SealedNote
from bot.rituals.retro.views.lead import lead_modal
from bot.rituals.retro.views.shown import Led
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import LEADER, ZONES, Team, card, more_time, moved


def test_an_empty_one_closes_with_one_line(team: Team) -> None:
    """Nobody is asked to vote on nothing."""
    team.until(utc("2026-04-01T17:00"))
    assert team.stage() is Stage.CLOSED
    content = team.content()
    assert content is not None
    assert len(content.blocks) == 1
    assert "nobody wrote a note, so it is closed" in content.text


def test_one_note_needs_no_vote(team: Team) -> None:
    """It is discussed at once."""
    team.note("UMEI", "The only one")
    team.until(utc("2026-04-01T17:00"))
    assert team.stage() is Stage.DISCUSS
    assert "The only one" in team.threads()[0]


def test_below_three_the_facilitator_chooses_and_notes_stay_hidden(unsigned: Team) -> None:
    """Two are done at the deadline: whoever leads it is told, and nobody reads a thing."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done("UMEI")
    unsigned.done("UARJ")
    unsigned.until(utc("2026-04-02T07:00"))
    assert unsigned.retro.held
    assert "Secret one" not in unsigned.message()
    assert "waiting for the facilitator" in unsigned.message()
    assert "wait for more, or show" in str(unsigned.world.notified(LEADER)[-1].content)
    calls = len(unsigned.world.notified(LEADER))
    unsigned.until(utc("2026-04-05T07:00"))
    assert unsigned.stage() is Stage.COLLECT
    assert len(unsigned.world.notified(LEADER)) > calls  # each day, until they choose
    assert not moved(unsigned.next(few=True)).held
    assert unsigned.stage() is Stage.DISCUSS
    assert "Fewer than 3 people took part" in unsigned.message()
    assert "Secret one" in unsigned.message()


def test_fewer_than_three_notes_are_too_few_however_many_are_done(unsigned: Team) -> None:
    """Who is done may have written nothing, so two notes could be by two people."""
    unsigned.note("UMEI", "Secret one")
    unsigned.note("UMEI", "Secret two")
    for who in ZONES:
        unsigned.done(who)
    unsigned.until(utc("2026-04-01T18:00"))
    assert unsigned.retro.held
    assert unsigned.retro.done_shown == 0
    assert "Secret" not in unsigned.message()
    assert "fewer than 3 notes" in unsigned.message()
    unsigned.note("UARJ", "Third")
    unsigned.until(utc("2026-04-02T18:00"))
    assert unsigned.stage() is Stage.SORT
    assert not unsigned.retro.few


def test_what_is_too_few_no_longer_is_not_said_to_be(unsigned: Team) -> None:
    """The third note came while the facilitator made up their mind."""
    unsigned.note("UMEI", "One")
    unsigned.note("UMEI", "Two")
    for who in ZONES:
        unsigned.done(who)
    unsigned.until(utc("2026-04-01T18:00"))
    assert unsigned.retro.held
    unsigned.note("UARJ", "Three")
    moved(unsigned.next(few=True))
    assert unsigned.stage() is Stage.SORT
    assert "Fewer than 3" not in unsigned.message()


def test_next_alone_never_shows_the_notes_of_too_few(unsigned: Team) -> None:
    """It takes the choice that says so."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done("UMEI")
    assert moved(unsigned.next()).held
    assert unsigned.stage() is Stage.COLLECT
    assert "Secret one" not in unsigned.message()


def test_the_third_who_is_done_ends_the_wait(unsigned: Team) -> None:
    """What was wanting is there, so nobody has to choose any more."""
    unsigned.note("UMEI", "One")
    unsigned.note("UMEI", "Two")
    unsigned.done("UMEI")
    unsigned.done("UARJ")
    unsigned.until(utc("2026-04-01T18:00"))
    assert unsigned.retro.held
    unsigned.note("ULEN", "Three")
    unsigned.done("ULEN")
    unsigned.until(utc("2026-04-01T18:01"))
    assert unsigned.stage() is Stage.SORT
    assert not unsigned.retro.few


def test_more_time_is_the_other_choice(unsigned: Team) -> None:
    """It collects on, and is told anew when that is over."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done("UMEI")
    unsigned.until(utc("2026-04-01T18:00"))
    result = more_time(unsigned, timedelta(days=1), Stage.COLLECT)
    assert not unsigned.retro.held
    unsigned.until(result.ends + timedelta(minutes=1))
    assert unsigned.retro.held


def test_more_time_for_one_that_waits_opens_everybody_s_window_anew(unsigned: Team) -> None:
    """From now on, not from the day that it waits; who owes is reminded once more, before the end.

    Their cards say so: nobody is late any more.
    """
    world = unsigned.world
    unsigned.done("UMEI")
    unsigned.note("UMEI", "Secret one")
    unsigned.until(utc("2026-04-02T08:00"))
    assert unsigned.retro.held
    assert "Late;" in card(unsigned, "UTOM")
    result = more_time(unsigned, timedelta(hours=8), Stage.COLLECT)
    assert result.ends == utc("2026-04-02T16:00")
    stale = [one.target for one in world.mirrors("card") if one.shown < one.wanted]
    assert {"UARJ", "UINE", "URAF", "UTOM"} <= set(stale)
    world.send()
    owing = [one for who, one in unsigned.prompts().items() if who != "UMEI"]
    assert {(one.state, one.closes_at) for one in owing} == {(PromptState.ASKED, result.ends)}
    assert "Late;" not in card(unsigned, "UTOM")
    before = len(world.notified("UTOM"))
    unsigned.until(utc("2026-04-02T15:59"))
    (reminder,) = world.notified("UTOM")[before:]
    assert reminder.at == utc("2026-04-02T14:00")
    assert world.notified("UMEI")[-1].at < utc("2026-04-02T08:00")


def test_closing_it_shows_the_notes_there_are(team: Team) -> None:
    """None was voted on, and none is lost."""
    team.note("UMEI", "Said openly")
    world = team.world
    leading.close(world.session, world.at, world.workspace_id, LEADER, team.retro.id)
    assert "Said openly" in team.message()


def test_moved_on_before_all_were_asked_is_no_fault_of_meridian_s(begin: Begin) -> None:
    """Nobody reads that it was not running: the facilitator has gone on without them."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-03-31T09:30"))
    team.note("UMEI", "Early")
    team.note("UMEI", "As well")
    prompts = team.prompts()
    team.next()
    assert team.stage() is Stage.SORT
    team.world.session.expire_all()
    assert {prompts[one].state for one in ("URAF", "USAM")} == {PromptState.MISSED}
    assert "not running" not in card(team, LEADER)
    team.until(utc("2026-03-31T18:00"))
    assert not any("not running" in str(one.content) for one in team.world.notified(LEADER))


def test_closing_by_a_word_deletes_no_notes_unread(unsigned: Team) -> None:
    """It answers with the choice; with notes enough it closes."""
    unsigned.note("UMEI", "Secret one")
    world = unsigned.world
    about = (world.workspace_id, LEADER, unsigned.retro.id)
    result = leading.close(world.session, world.at, *about, sure=False)
    assert isinstance(result, WouldDelete)
    assert "deleted unread" in said(result)
    assert unsigned.stage() is Stage.COLLECT
    assert world.session.scalar(select(SealedNote.text)) == "Secret one"
    unsigned.note("UMEI", "Two")
    unsigned.note("UMEI", "Three")
    for who in list(ZONES)[:3]:
        unsigned.done(who)
    assert isinstance(leading.close(world.session, world.at, *about, sure=False), Moved)


def test_the_confirmation_says_what_is_deleted(unsigned: Team) -> None:
    """For certain once it waits for the facilitator; before that, as what may be."""
    unsigned.note("UMEI", "Secret one")
    world = unsigned.world
    about = (world.workspace_id, LEADER, unsigned.retro.id, "")
    for told in ("But with fewer than 3", "the notes are deleted unread: nobody"):
        shown = leading.led(world.session, world.at, *about)
        assert isinstance(shown, Led)
        assert told in str(lead_modal(shown))
        unsigned.next()


def test_closing_it_in_the_vote_posts_no_threads(team: Team) -> None:
    """Nobody would talk in them any more."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    team.next()
    assert team.stage() is Stage.VOTE
    team.vote("UMEI", "Two")
    world = team.world
    leading.close(world.session, world.at, world.workspace_id, LEADER, team.retro.id)
    assert world.mirrors(TOPIC_VIEW) == []
    assert "Two" in team.message()


def test_closing_it_forgets_the_notes_of_too_few(unsigned: Team) -> None:
    """What would tell who wrote it is shown to nobody."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done("UMEI")
    world = unsigned.world
    leading.close(world.session, world.at, world.workspace_id, LEADER, unsigned.retro.id)
    assert world.session.scalar(select(SealedNote.text)) is None
    assert "Secret" not in unsigned.message()
    assert "too few took part" in unsigned.message()
