"""Notes: written, changed, taken back; nobody else sees them, and none counts twice."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.asking.items import Window
from bot.db.tables import Inbox
from bot.rituals.retro import leading, notes, sealed
from bot.rituals.retro.finding import place_of
from bot.rituals.retro.model import NOTE, Config, NotOnIt, Past, Stage
from bot.rituals.retro.note_listeners import form_of
from bot.rituals.retro.notes import Kept, Pad
from bot.rituals.retro.tables import Note, SealedNote
from bot.rituals.retro.views import words
from bot.rituals.retro.views.note import (
    Carried,
    NotesShown,
    Written,
    notes_modal,
    too_late_modal,
)
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import LEADER, ZONES, Team

EVERYBODY = utc("2026-03-31T17:00")
WINDOW = Window(EVERYBODY.date(), EVERYBODY, EVERYBODY, late=False)


@pytest.fixture(params=[False, True], ids=["open", "anonymous"])
def team(request: pytest.FixtureRequest, begin: Begin) -> Team:
    made = Team(begin("2026-03-30T06:00"), Config(anonymous=request.param))
    made.gather()
    made.until(EVERYBODY)
    if made.retro.anonymous is not request.param:
        pytest.skip("there are no anonymous retros on this database")
    return made


def texts(team: Team) -> list[str]:
    """All notes that nobody has seen."""
    found = team.world.session.scalars(select(Note.text)).all()
    sealed_too = team.world.session.scalars(select(SealedNote.text).where(SealedNote.text != ""))
    return sorted([*found, *sealed_too])


def put(team: Team, who: str, token: str, text: str, column: int = 0, **kwargs: Any) -> object:
    world = team.world
    return notes.put(
        world.session,
        world.at,
        world.workspace_id,
        who,
        team.retro.id,
        token,
        column,
        text,
        **kwargs,
    )


def drop(team: Team, who: str, token: str) -> object:
    world = team.world
    return notes.drop(world.session, world.at, world.workspace_id, who, team.retro.id, token)


def pad(team: Team, who: str, *tokens: str) -> Pad:
    world = team.world
    found = notes.pad(world.session, world.at, world.workspace_id, who, team.retro.id, tokens)
    assert isinstance(found, Pad), found
    return found


def test_a_form_that_is_sent_twice_is_one_note(team: Team) -> None:
    """By its token: there is no receipt that could tell who sent it."""
    assert put(team, "UMEI", "t1", "Once") == Kept()
    assert put(team, "UMEI", "t1", "Once") == Kept()
    assert texts(team) == ["Once"]


def test_windows_say_until_when_as_the_card_does(team: Team) -> None:
    """Each on their own clock: their own time first, then how long late ones count."""
    world, carried = team.world, Carried(team.retro.id, "token")

    def told(who: str) -> str:
        return str(notes_modal(*form_of(pad(team, who), carried)))

    for who, until in (("UMEI", "Open until Wed 10:00"), ("USAM", "Open until Wed 10:00")):
        assert until in told(who)
        assert until in str(world.notified(who)[-1].content)
    team.until(utc("2026-04-01T01:00"))  # ten in Tokyo; San Francisco has 16 hours more
    assert "Late; still open until Thu 02:00" in told("UMEI")
    assert "Open until Wed 10:00" in told("USAM")


def test_its_writer_changes_it_and_takes_it_back(team: Team) -> None:
    """As long as the form knows its token."""
    put(team, "UMEI", "t1", "First")
    put(team, "UMEI", "t2", "Second")
    put(team, "UMEI", "t1", "Better", column=2)
    assert texts(team) == ["Better", "Second"]
    assert [(one.column, one.text) for one in pad(team, "UMEI", "t1", "t2").mine] == [
        (2, "Better"),
        (0, "Second"),
    ]
    drop(team, "UMEI", "t2")
    assert texts(team) == ["Better"]


def test_a_form_that_comes_late_undoes_nothing(team: Team) -> None:
    """Neither a later text nor that it was taken back: of an open one by its receipt."""
    first: dict[str, Any] = {"turn": 0, "receipt": ("view_submission", "1")}
    second: dict[str, Any] = {"turn": 1, "receipt": ("view_submission", "2")}
    put(team, "UMEI", "t1", "First", **first)
    put(team, "UMEI", "t1", "Second thoughts", **second)
    assert put(team, "UMEI", "t1", "First", **first) == Kept()
    assert texts(team) == ["Second thoughts"]
    drop(team, "UMEI", "t1")
    assert put(team, "UMEI", "t1", "Second thoughts", **second) == Kept()
    assert texts(team) == []
    assert pad(team, "UMEI", "t1").mine == ()
    assert notes.count(team.world.session, place_of(team.world.session, team.retro)) == 0


def test_a_form_of_an_anonymous_one_leaves_no_receipt(team: Team) -> None:
    """Of an open one it does."""
    before = team.world.session.query(Inbox).count()
    put(team, "UMEI", "t1", "First", receipt=("view_submission", "1"))
    kept = team.world.session.query(Inbox).count() - before
    assert kept == (0 if team.retro.anonymous else 1)


def test_nobody_is_shown_what_others_wrote(team: Team) -> None:
    """Neither in their form nor in the channel."""
    put(team, "UMEI", "t1", "Mine alone")
    assert pad(team, "UARJ", "t9").mine == ()
    assert "Mine alone" not in team.message()


def test_whoever_is_not_on_it_is_refused(team: Team) -> None:
    """A member of the channel who is asked nothing adds nothing."""
    team.world.person("UNEW", "Europe/Berlin")
    assert put(team, "UNEW", "t1", "From outside") == NotOnIt()
    assert put(team, "UGHOST", "t1", "From nowhere") == NotOnIt()
    assert texts(team) == []


def test_a_long_one_is_cut_and_an_odd_column_is_the_last(team: Team) -> None:
    """What a client sends past its limits still has a place."""
    put(team, "UMEI", "t1", "x" * 2 * NOTE, column=99)
    (mine,) = pad(team, "UMEI", "t1").mine
    assert (mine.column, len(mine.text)) == (2, NOTE)


def test_after_the_deadline_it_is_offered_to_the_discussion(team: Team) -> None:
    """It isn't among those voted on, and comes up with the others that came late."""
    for who in list(ZONES)[:3]:
        team.note(who, f"In time, {who}")
        team.done(who)
    team.next()
    assert put(team, "USAM", "late", "Too late") == Past(
        Stage.SORT, team.retro.id, team.retro.anonymous
    )
    assert put(team, "USAM", "late", "Too late", late=True) == Kept()
    if team.retro.anonymous:  # there they come up from three on
        assert put(team, "UMEI", "late2", "Also late", late=True) == Kept()
        assert put(team, "URAF", "late3", "Late as well", late=True) == Kept()
    assert "Too late" not in team.message()
    team.next()
    assert "Too late" not in team.message()
    team.next()
    assert team.stage() is Stage.DISCUSS
    assert "Came later" in team.message()
    assert "Too late" in team.message()
    assert put(team, "USAM", "later", "Far too late", late=True) == Past(
        Stage.DISCUSS, team.retro.id, team.retro.anonymous
    )


def test_what_is_shown_already_does_not_come_late_too(team: Team) -> None:
    """Somebody whose ack was lost sends it again, is told that it is too late, and brings it up."""
    for who in ("UMEI", "URAF", "ULEN"):
        put(team, who, f"of {who}", f"{who} says")
        team.done(who)
    team.next()
    assert isinstance(put(team, "UMEI", "of UMEI", "UMEI says"), Past)
    assert put(team, "UMEI", "of UMEI", "UMEI says", late=True) == Kept()
    assert put(team, "UMEI", "new", "Too late", late=True) == Kept()
    assert texts(team) == ["Too late"]


def test_what_is_shown_by_now_is_not_taken_back(team: Team) -> None:
    """Whoever tries to is told so; a late one that nobody has seen yet goes, and goes once."""
    for who in ("UMEI", "URAF", "ULEN"):
        put(team, who, f"of {who}", f"{who} says")
        team.done(who)
    team.next()
    shown = Past(Stage.SORT, team.retro.id, team.retro.anonymous)
    assert drop(team, "UMEI", "of UMEI") == shown
    assert "UMEI says" in team.message()
    assert put(team, "UMEI", "late", "Too late", late=True) == Kept()
    assert drop(team, "UMEI", "late") == Kept()
    assert texts(team) == []
    assert "nothing was done. This retro is sorting notes now." in words.stays(shown)


@pytest.mark.parametrize("closed", [False, True])
def test_fewer_than_three_late_ones_of_an_anonymous_one_are_dropped(
    team: Team, *, closed: bool
) -> None:
    """They would tell who wrote them, so that much is told; in an open one each comes up."""
    for who in list(ZONES)[:3]:
        team.note(who, f"In time, {who}")
        team.done(who)
    team.next()
    for number in range(2):
        assert put(team, "USAM", f"late{number}", f"Late {number}", late=True) == Kept()
    world = team.world
    if closed:
        leading.close(world.session, world.at, world.workspace_id, LEADER, team.retro.id)
    else:
        team.next()
        team.next()
    assert ("Late 0" in team.message()) is not team.retro.anonymous
    assert ("came late were dropped unread" in team.message()) is team.retro.anonymous
    assert ("a topic's thread" in team.message()) is (team.retro.anonymous and not closed)
    assert texts(team) == []
    leading.close(world.session, world.at, world.workspace_id, LEADER, team.retro.id)
    assert ("came late were dropped unread" in team.message()) is team.retro.anonymous


def test_who_sends_a_late_one_is_told_what_happens_to_few(team: Team) -> None:
    """Before they bring it up."""
    past = Past(Stage.SORT, team.retro.id, team.retro.anonymous)
    carried = Carried(team.retro.id, "token")
    modal = too_late_modal(past, ["Went well"], Written("token", 0, "Late"), carried)
    assert ("dropped unread" in str(modal)) is team.retro.anonymous
    pad = NotesShown("Retro", "C1", ("Went well",), team.retro.anonymous, WINDOW, (), late=True)
    assert ("dropped unread" in str(notes_modal(pad, carried))) is team.retro.anonymous
    assert "I'm done" not in str(notes_modal(pad, carried))  # that was of an earlier stage
    written = replace(pad, mine=(Written("t1", 0, "Late"),))
    assert ("if at least 3" in str(notes_modal(written, carried))) is team.retro.anonymous


def test_another_s_note_can_t_be_changed(begin: Begin) -> None:
    """In an open retro its key is no secret of one form, so the person counts."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    team.until(EVERYBODY)
    put(team, "UMEI", "t1", "Mei's")
    put(team, "UARJ", "t1", "Arjun's words in it")
    drop(team, "UARJ", "t1")
    assert texts(team) == ["Mei's"]


def test_a_note_s_key_does_not_give_its_token_away(session: object) -> None:
    """What lies in SQL opens no form."""
    assert sealed.key_of("token") != "token"
    assert sealed.key_of("token") == sealed.key_of("token")
    assert len(sealed.key_of("x")) == 64
