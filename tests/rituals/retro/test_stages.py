"""What ends a stage and begins the next, and what may come between."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.asking import absences, wishes
from bot.asking.absences import Request
from bot.asking.upkeep.model import Act, Gone, Started, Typed
from bot.core.states import AbsenceKind, ItemState, Outcome, PromptState, RunState
from bot.db.tables import ActionItem, Ritual, Run, Timer
from bot.engine import timers
from bot.rituals.retro import leading, replies, stages
from bot.rituals.retro.finding import leader, place_of
from bot.rituals.retro.lead_commands import said
from bot.rituals.retro.model import (
    Config,
    Extended,
    Moved,
    MovedBefore,
    NotLeading,
    NotStarting,
    Resting,
    Stage,
    UnderWay,
    WouldDelete,
)
from bot.rituals.retro.replies import Heard
from bot.rituals.retro.running import TOPIC_VIEW, VIEW
from bot.rituals.retro.setup_listeners import UPKEEP, act
from bot.rituals.retro.shown import retro_shown, topic_shown
from bot.rituals.retro.tables import Ballot, Note, Retro, SealedNote
from bot.rituals.retro.views import words
from bot.rituals.retro.views.lead import lead_modal
from bot.rituals.retro.views.shown import LastTime, Led
from tests.asking.conftest import Begin
from tests.asking.world import CHANNEL, utc
from tests.db import rows
from tests.rituals.retro.team import LEADER, ZONES, Team, moved

EVERYBODY = utc("2026-03-31T17:00")  # ten in Los Angeles, the last to be asked


@pytest.fixture
def team(begin: Begin) -> Team:
    """All have been asked for notes, in the open."""
    made = Team(begin("2026-03-30T06:00"))
    made.gather()
    made.until(EVERYBODY)
    return made


@pytest.fixture
def unsigned(begin: Begin, on_sqlite: None) -> Team:
    """The same, anonymously."""
    made = Team(begin("2026-03-30T06:00"), Config(anonymous=True))
    made.gather()
    made.until(EVERYBODY)
    return made


def more_time(team: Team, by: timedelta, stage: Stage | None = None) -> Extended:
    """The facilitator gives it more time; by a word, where no stage is named."""
    world = team.world
    about = (world.workspace_id, LEADER, team.retro.id)
    result = leading.extend(world.session, world.at, *about, stage, by)
    assert isinstance(result, Extended), result
    return result


def away(team: Team, who: str, first: date) -> None:
    """Somebody is on leave for three days."""
    last = first + timedelta(days=2)
    request = Request(who, first, last, AbsenceKind.LEAVE, "", f"away-{who}")
    world = team.world
    absences.enter(world.session, world.at, world.workspace_id, who, request)
    world.send()


def card(team: Team, who: str) -> str:
    """What somebody's newest card says."""
    return str(team.world.drawn(team.world.mirrors("card", who)[-1]))


# --- nothing, or too little


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


# --- who leads


def test_nobody_is_called_to_one_that_was_closed_meanwhile(unsigned: Team) -> None:
    """The call waited for the end of their quiet hours, and there is nothing left to choose."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done("UMEI")
    unsigned.until(utc("2026-03-31T22:00"))  # midnight in Berlin
    assert moved(unsigned.next()).held
    world = unsigned.world
    leading.close(world.session, world.at, world.workspace_id, LEADER, unsigned.retro.id)
    world.send()
    cards = {(one.subject, one.wanted) for one in world.mirrors("card")}
    unsigned.until(utc("2026-04-01T06:30"))
    assert {(one.subject, one.wanted) for one in world.mirrors("card")} == cards


def test_who_is_called_tomorrow_reads_it_today(unsigned: Team) -> None:
    """Their card, which is there already, says silently that it waits for them."""
    unsigned.note("UMEI", "Secret one")
    unsigned.done(LEADER)
    unsigned.until(utc("2026-03-31T18:30"))  # half past eight in the evening in Berlin
    world = unsigned.world
    for one in ZONES:
        if one != LEADER:
            unsigned.done(one)
    before = world.mirrors("card", LEADER)[0].wanted
    unsigned.until(utc("2026-03-31T18:31"))
    assert unsigned.retro.held
    assert world.mirrors("card", LEADER)[0].wanted > before


def test_others_may_not_lead(team: Team) -> None:
    """They are told who does."""
    refused = team.next(by="UMEI")
    assert refused == NotLeading("ulen")
    assert team.stage() is Stage.COLLECT


def test_a_facilitator_of_its_own_leads(begin: Begin) -> None:
    """Beside the owner, and only while they are there."""
    team = Team(begin("2026-03-30T06:00"), Config(facilitator="UMEI"))
    team.gather()
    team.until(EVERYBODY)
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    assert team.next(by="UARJ") == NotLeading("umei")
    assert moved(team.next(by="UMEI")).stage is Stage.SORT


def test_a_facilitator_who_leaves_is_followed_by_the_owner(begin: Begin) -> None:
    """And an owner who leaves, by whoever the retro passes to: it goes on in any case."""
    team = Team(begin("2026-03-30T06:00"), Config(facilitator="UMEI"))
    team.gather()
    team.until(EVERYBODY)
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    team.world.person("UMEI", ZONES["UMEI"], deleted=True)
    assert team.next(by="UMEI") == NotLeading("ulen")
    team.world.person("ULEN", ZONES["ULEN"], deleted=True)
    heir = leader(team.world.session, place_of(team.world.session, team.retro))
    assert heir.slack_id == "UARJ"
    assert moved(team.next(by="UARJ")).stage is Stage.SORT


def test_two_facilitators_at_once_move_it_on_once(team: Team) -> None:
    """By the button that each saw, and by the word that each typed."""
    team.world.person("UMEI", ZONES["UMEI"], admin=True)
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    assert moved(team.next(stage=Stage.COLLECT)).stage is Stage.SORT
    assert team.next(by="UMEI", stage=Stage.COLLECT) == MovedBefore("ulen", Stage.SORT)
    refused = team.type_next(by="UMEI")
    assert refused == MovedBefore("ulen", Stage.SORT)
    assert said(refused).startswith("ulen moved it on just before you")
    team.until(team.world.at + timedelta(minutes=1))
    assert moved(team.type_next(by="UMEI")).stage is Stage.VOTE


def test_a_word_typed_twice_moves_it_on_once(team: Team) -> None:
    """A minute later it means the next stage, and so does its button at once."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    assert moved(team.type_next()).stage is Stage.SORT
    refused = team.type_next()
    assert refused == MovedBefore("ulen", Stage.SORT, own=True)
    assert "You moved it on a moment ago" in said(refused)
    assert team.stage() is Stage.SORT
    assert moved(team.next(stage=Stage.SORT)).stage is Stage.VOTE


def test_a_word_typed_as_time_is_up_moves_it_on_once(team: Team) -> None:
    """And it isn't said to be whoever moved it on the time before."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    team.until_stage(Stage.VOTE)
    refused = team.type_next()
    assert refused == MovedBefore("", Stage.VOTE)
    assert said(refused).startswith("The timetable moved it on just before you")
    assert team.stage() is Stage.VOTE


def test_one_just_begun_is_moved_on_by_a_word(begin: Begin) -> None:
    """Nobody moved it on before."""
    team = Team(begin("2026-04-01T08:00"))
    team.gather()
    team.start()
    team.note("ULEN", "One")
    assert moved(team.type_next()).stage is Stage.DISCUSS


def test_more_time_moves_the_deadline_and_the_reminder(team: Team) -> None:
    """Whoever was late is so no more, and is reminded before the new end."""
    team.until(utc("2026-04-01T16:00"))
    before = team.run.closes_at
    result = more_time(team, timedelta(hours=30))
    assert result.ends == before + timedelta(hours=30)
    team.note("UMEI", "Later")
    team.note("UMEI", "Later still")
    team.until(result.ends - timedelta(minutes=1))
    assert team.stage() is Stage.COLLECT
    team.until(result.ends)
    assert team.stage() is Stage.SORT


# --- by hand, and by the calendar


def test_one_begun_by_hand_asks_whoever_works_now_at_once(begin: Begin) -> None:
    """The others when they next do: nobody at night."""
    team = Team(begin("2026-04-01T08:00"))  # a Wednesday: ten in Berlin, one at night in LA
    team.gather()
    assert moved(team.start()).stage is Stage.COLLECT
    asked = {who for who, one in team.prompts().items() if one.state is PromptState.ASKED}
    assert asked == {"UMEI", "UARJ", "ULEN", "UINE", "UTOM"}
    team.until(utc("2026-04-01T12:00"))
    assert team.prompts()["URAF"].state is PromptState.ASKED
    team.until(utc("2026-04-01T16:00"))
    assert team.prompts()["USAM"].state is PromptState.ASKED


def test_a_second_press_of_start_is_the_same_retro(begin: Begin) -> None:
    """And another one beside it is refused while it is under way."""
    team = Team(begin("2026-04-01T08:00"))
    team.gather()
    first = moved(team.start(key="one"))
    assert moved(team.start(key="one")).retro_id == first.retro_id
    assert team.start(key="two") == UnderWay(Stage.COLLECT, "C1")
    assert len(team.world.session.scalars(select(Retro)).all()) == 1


@pytest.mark.parametrize(("chosen", "named"), [("", ""), ("UMEI", "umei"), ("ULEN", "")])
def test_who_may_not_start_one_reads_who_may(begin: Begin, chosen: str, named: str) -> None:
    """The owner, the facilitator of its settings, and workspace admins."""
    team = Team(begin("2026-04-01T08:00"), Config(facilitator=chosen))
    team.gather()
    refused = team.start(by="UARJ")
    assert refused == NotStarting("ulen", named)
    lead = ", umei, who leads it," if named else ""
    assert words.not_starting(refused) == (
        f"This channel's retro is ulen's: only they{lead} or a workspace admin can start one."
    )
    team.world.person("UARJ", ZONES["UARJ"], admin=True)
    for may in {chosen or "ULEN", "ULEN", "UARJ"}:
        assert not isinstance(team.start(by=may), NotStarting)


def test_a_facilitator_who_left_is_not_named_for_a_start(begin: Begin) -> None:
    """Nor may they."""
    team = Team(begin("2026-04-01T08:00"), Config(facilitator="UMEI"))
    team.gather()
    team.world.person("UMEI", ZONES["UMEI"], deleted=True)
    assert team.start(by="UMEI") == NotStarting("ulen", "")


def test_a_paused_one_is_not_begun_by_hand(begin: Begin) -> None:
    """Nobody would be asked; and once it goes on, it begins."""
    team = Team(begin("2026-04-01T08:00"))
    team.gather()
    world = team.world
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.PAUSE)
    assert team.start(key="one") == Resting()
    assert world.session.scalars(select(Retro)).all() == []
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.RESUME)
    assert moved(team.start(key="two")).stage is Stage.COLLECT


def test_the_next_one_ends_an_earlier_that_is_still_open(begin: Begin) -> None:
    """Its message becomes the summary of what there is."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-03-30T12:00"))
    team.start()
    first = team.retro
    team.note("ULEN", "From the first")
    team.until(utc("2026-03-31T01:00"))
    assert team.retro.id != first.id
    team.world.session.refresh(first)
    assert first.stage is Stage.CLOSED
    found = next(one for one in team.world.mirrors(VIEW) if one.subject == str(first.id))
    assert "From the first" in str(team.world.drawn(found))


def test_settings_changed_in_the_middle_leave_the_vote_alone(team: Team) -> None:
    """Who was to be asked for votes in the morning is asked."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    team.next()
    waiting = {who for who, one in team.prompts().items() if one.state is PromptState.WAITING}
    assert waiting  # it is night somewhere
    team.gather()
    team.until(utc("2026-04-01T17:00"))
    assert {one.state for one in team.prompts().values()} == {PromptState.ASKED}


@pytest.mark.parametrize(
    ("first", "then"), [(Act.PAUSE, None), (None, Act.PAUSE)], ids=["before it", "in it"]
)
def test_after_a_pause_the_others_are_asked_for_votes(
    team: Team, first: Act | None, then: Act | None
) -> None:
    """Whose moment came or was to come while it was paused is asked when they work next."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.next()
    world = team.world
    who = world.session, world.at, world.workspace_id, LEADER, team.ritual.id
    if first:
        act(*who, first)
    team.next()
    world.tick()
    if then:
        act(*who, then)
    team.until(utc("2026-03-31T20:00"))
    assert PromptState.SKIPPED in {one.state for one in team.prompts().values()}
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.RESUME)
    assert team.run.closes_at == max(one.closes_at for one in team.prompts().values())
    team.until(utc("2026-04-01T17:00"))
    assert {one.state for one in team.prompts().values()} == {PromptState.ASKED}


def test_who_is_away_on_the_day_of_the_vote_is_not_asked(team: Team) -> None:
    """The day is their own, not that of the notes; and nobody waits for them."""
    world = team.world
    away(team, "UMEI", date(2026, 4, 1))
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    team.next()
    team.next()
    team.until(utc("2026-04-01T17:00"))
    assert team.prompts()["UMEI"].state is PromptState.SKIPPED
    for who in ZONES:
        if who != "UMEI":
            team.vote(who, "One")
    team.until(world.at)
    assert team.stage() is Stage.DISCUSS


def test_whoever_skips_last_ends_the_stage_too(team: Team) -> None:
    """Nobody owes anything then."""
    world = team.world
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    for who in list(ZONES)[1:]:
        team.done(who)
    prompt = team.prompts()["UMEI"]
    wishes.skip(world.session, world.at, world.workspace_id, "UMEI", prompt.id)
    team.until(world.at)
    assert team.stage() is Stage.SORT


def all_but(team: Team, who: str) -> None:
    """Notes of one, and everybody else is done."""
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    for other in ZONES:
        if other != who:
            team.done(other)


def test_whoever_is_spared_when_their_moment_comes_ends_the_stage_too(begin: Begin) -> None:
    """The others were done before, in the evening or their morning; the last is on leave."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(utc("2026-03-31T16:59"))  # ten in Los Angeles comes in a minute
    all_but(team, "USAM")
    away(team, "USAM", date(2026, 3, 31))
    assert team.prompts()["USAM"].state is PromptState.WAITING
    assert team.stage() is Stage.COLLECT
    team.until(utc("2026-03-31T17:00"))
    assert team.stage() is Stage.SORT


def test_whoever_says_last_that_they_are_away_ends_the_stage_too(team: Team) -> None:
    """They were asked, and owe nothing any more."""
    all_but(team, "USAM")
    away(team, "USAM", date(2026, 3, 31))
    team.until(team.world.at)
    assert team.stage() is Stage.SORT


def test_the_last_who_is_taken_off_it_ends_the_stage_too(team: Team) -> None:
    """In its settings, while it collects."""
    all_but(team, "USAM")
    team.people = tuple(who for who in ZONES if who != "USAM")
    team.gather()
    team.until(team.world.at)
    assert team.stage() is Stage.SORT


def test_where_all_are_spared_a_stage_lasts(team: Team) -> None:
    """Nobody has voted yet, and somebody may come by."""
    team.note("UARJ", "One")
    team.note("UARJ", "Two")
    team.next()
    for who in ZONES:
        away(team, who, date(2026, 3, 31))
    team.next()
    ends = team.run.closes_at
    team.until(utc("2026-04-01T23:00"))
    assert {one.state for one in team.prompts().values()} == {PromptState.SKIPPED}
    assert team.stage() is Stage.VOTE
    team.vote("UMEI", "One")
    team.until(team.world.at)
    assert team.stage() is Stage.DISCUSS
    assert team.world.at < ends


# --- who took part


def test_who_wrote_voted_or_was_done_took_part(team: Team) -> None:
    """Each once, whatever of it they did; not those who did nothing."""
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.note("UARJ", "Three")
    team.done("UMEI")
    team.done("ULEN")
    team.next()
    assert "3 took part" in team.message()
    team.next()
    team.vote("UINE", "One")
    team.vote("UARJ", "One")
    team.next()
    assert team.retro.took_part == 4
    world = team.world
    topic = world.mirrors(TOPIC_VIEW)[0].remote_id
    heard = Heard("C1", topic or "", "9.1", "URAF", "I saw that too")
    replies.hear(world.session, world.at, world.workspace_id, heard)
    team.next()
    assert "closed · 5 took part" in team.message()


def test_of_an_anonymous_one_only_what_may_be_known_counts(unsigned: Team) -> None:
    """Who wrote a note, and neither voted nor said that they were done, is no number either."""
    for who in list(ZONES)[:4]:
        unsigned.note(who, f"By {who}")
    for who in list(ZONES)[4:7]:
        unsigned.done(who)
    unsigned.next()
    assert "3 took part" in unsigned.message()
    unsigned.next()
    unsigned.vote("UMEI", "By ULEN")
    unsigned.next()
    unsigned.next()
    assert "closed · 4 took part" in unsigned.message()


# --- last time


def test_how_much_gets_done_is_counted_over_the_last_five(begin: Begin) -> None:
    """What was dropped counts not at all, nor what older ones decided; the last one's are named."""
    team = Team(begin("2026-04-01T08:00", online=False), people=("ULEN",))
    team.gather()
    world = team.world
    assert last_time(team, begun="first") is None
    for number in range(6):
        decided(team, f"Of retro {number}", ItemState.DONE if number in {0, 2, 5} else None)
        decided(team, f"Dropped {number}", ItemState.DROPPED)
        leading.close(world.session, world.at, world.workspace_id, LEADER, team.retro.id)
        last = last_time(team, begun=f"after {number}")
    assert last is not None
    assert (last.done, last.decided, last.retros) == (2, 5, 5)
    assert [one.what for one in last.items] == ["Of retro 5", "Dropped 5"]


def decided(team: Team, what: str, state: ItemState | None) -> None:
    """An action of the retro that is under way."""
    world, run = team.world, team.run
    item = ActionItem(
        workspace_id=world.workspace_id,
        ritual_id=run.ritual_id,
        run_id=team.retro.run_id,
        what=what,
        state=state or ItemState.OPEN,
        raised_at=world.at,
        origin=what,
    )
    world.session.add(item)
    world.session.flush()


def last_time(team: Team, begun: str) -> LastTime | None:
    """What the next one opens with."""
    moved(team.start(key=begun))
    shown = retro_shown(team.world.session, str(team.retro.id), team.world.at)
    assert shown is not None
    return shown.last


# --- ended


def test_deleting_it_shows_nothing_that_was_hidden(team: Team) -> None:
    """And what is under way ends."""
    world = team.world
    team.note("UMEI", "Never shown")
    _delete(team)
    assert team.stage() is Stage.CLOSED
    assert "Never shown" not in team.message()
    assert "this retro was deleted" in team.message()
    assert world.session.scalar(select(Note.text)) is None


def _delete(team: Team) -> None:
    world = team.world
    done = act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.DELETE)
    assert getattr(done, "act", None) is Act.DELETE
    world.send()


def test_what_had_ended_before_it_was_deleted_is_told_as_it_ended(team: Team) -> None:
    """An item of it may change long after, and its message is drawn anew."""
    team.note("UMEI", "Labels come late")
    team.until_stage(Stage.CLOSED)
    before = team.message()
    assert "Labels come late" in before
    team.until(team.world.at + timedelta(hours=1))
    _delete(team)
    assert team.message() == before


def test_deleted_while_it_is_discussed_it_keeps_what_was_shown(team: Team) -> None:
    """And says how it ended; nobody is invited to its threads any more."""
    team.note("UMEI", "Labels come late")
    team.until_stage(Stage.DISCUSS)
    _delete(team)
    for told in ("Labels come late", "deleted before its end"):
        assert told in team.message()
    (topic,) = team.world.mirrors(TOPIC_VIEW)
    shown = topic_shown(team.world.session, topic.subject, team.world.at)
    assert shown is not None
    assert not shown.open


def test_deleted_while_people_vote_it_tells_no_votes(team: Team) -> None:
    """Nobody has seen them."""
    for text in ("Labels come late", "Features drift"):
        team.note("UMEI", text)
    team.until_stage(Stage.VOTE)
    team.vote("UMEI", "Features drift")
    _delete(team)
    assert {one.votes for one in team.topics()} == {None}
    assert team.world.session.scalars(select(Ballot)).all() == []
    assert "Features drift" in team.message()


def test_a_paused_one_runs_out_by_its_deadlines(team: Team) -> None:
    """What is under way goes on for whoever was asked; no new one begins."""
    world = team.world
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    act(world.session, world.at, world.workspace_id, LEADER, team.ritual.id, Act.PAUSE)
    team.until_stage(Stage.CLOSED, timedelta(days=9))
    team.until(utc("2026-04-20T00:00"))
    assert len(world.session.scalars(select(Retro)).all()) == 1


def test_a_channel_archived_in_the_middle_loses_nothing(team: Team) -> None:
    """Its owner is told, it goes on, and the message says all once the channel is back."""
    world = team.world
    found = world.mirrors(VIEW)[0]
    world.stop(found, Outcome.BLOCKED)
    found.detail = "is_archived"
    world.send()
    assert "the channel is archived" in world.card(LEADER, world.at.date())
    team.note("UMEI", "Kept")
    team.note("UMEI", "Kept too")
    team.next()
    assert "Kept too" in team.message()


def test_each_step_may_run_twice(team: Team) -> None:
    """A timer that fires again finds its work done."""
    world = team.world
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    due = list(map(rows.fired, world.session.scalars(select(Timer).where(Timer.step == "close"))))
    team.until(utc("2026-04-01T17:00"))
    before = [(one.id, one.text) for one in team.topics()]
    stages.close_rounds(world.session, world.at, due)
    stages.ask(world.session, world.at, due)
    assert [(one.id, one.text) for one in team.topics()] == before
    assert team.stage() is Stage.SORT
    assert timers.next_due(world.session) is not None


def test_runs_of_later_stages_are_no_occasions_of_the_calendar(team: Team) -> None:
    """They stand beside the planned one, and don't move it."""
    world = team.world
    team.note("UMEI", "One")
    team.note("UMEI", "Two")
    team.until_stage(Stage.CLOSED, timedelta(days=9))
    rows = world.session.execute(
        select(Run.local_date, Run.ordinal, Run.state).join(Ritual).order_by(Run.id)
    ).all()
    assert [(str(day), ordinal) for day, ordinal, _state in rows if ordinal == 0] == [
        ("2026-03-31", 0)
    ]
    assert {state for _day, ordinal, state in rows if ordinal > 0} == {RunState.CLOSED}
    assert len(rows) == 3


# --- what says so elsewhere


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
