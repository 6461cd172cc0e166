"""People who are away, or have a holiday, are not asked; and everybody reads why."""

from datetime import time

import pytest
from sqlalchemy import Engine, select

from bot.asking import absences, preferences
from bot.asking.absences import Entered, Problem, Request, Wrong
from bot.asking.outlook import outlook
from bot.asking.why import answer, why
from bot.core.states import AbsenceKind, PromptState, RunState
from bot.db.tables import Absence
from bot.rituals.standup import sheets
from bot.rituals.standup.sheets import Sheet
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.plans import explained

MONDAY, TUESDAY, FRIDAY = day("2026-03-30"), day("2026-03-31"), day("2026-04-03")
BERLIN = "Europe/Berlin"


@pytest.fixture
def world(begin: Begin) -> World:
    """Saturday; from Monday on Ana and Bo, in Berlin, are asked at 09:30. Ada is an admin."""
    world = begin("2026-03-28T12:00")
    for who in ("UANA", "UBO"):
        world.person(who, BERLIN)
    world.person("UADA", "America/New_York", admin=True)
    world.set_up(["UANA", "UBO"])
    return world


def away(
    world: World,
    first: str,
    last: str,
    who: str | None = None,
    *,
    by: str = "UANA",
    key: str = "",
    reason: str = "",
) -> Entered | Wrong:
    """Submit the modal, by Ana where nobody is named."""
    origin = key or f"{by}-{first}-{last}-{world.at}"
    request = Request(who, day(first), day(last), AbsenceKind.ILLNESS, reason, origin)
    done = absences.enter(world.session, world.at, world.workspace_id, by, request)
    world.tick()
    world.send()
    return done


def remove(world: World, by: str = "UANA") -> None:
    """Press the last *Remove* button there is, and let the bot do what is due."""
    last = world.session.scalars(select(Absence.id).order_by(Absence.id.desc())).first()
    assert last is not None
    absences.remove(world.session, world.at, world.workspace_id, by, last)
    world.tick()
    world.send()


def told_why(world: World, asker: str = "UANA", whom: str | None = None) -> str:
    return answer(why(world.session, world.at, world.workspace_id, asker, whom), "/standup")


def channel_message(world: World) -> str:
    (mirror,) = world.mirrors("standup.run")
    return str(world.drawn(mirror))


def test_who_is_away_is_skipped_without_a_card(world: World) -> None:
    """The reason is kept; the others are asked as ever."""
    away(world, "2026-03-30", "2026-04-03")
    world.until(utc("2026-03-30T20:00"))
    prompt = world.prompts(MONDAY)["UANA"]
    assert (prompt.state, prompt.reason) == (PromptState.SKIPPED, "away until Fri 3 April")
    assert world.notified("UANA") == []
    assert {one.person for one in world.asked} == {"UBO"}


def test_the_first_and_last_day_are_included(world: World) -> None:
    """Asked on the days around them, and on none of them."""
    away(world, "2026-03-31", "2026-04-02")
    world.until(utc("2026-04-03T20:00"))
    assert [one.day for one in world.asked if one.person == "UANA"] == [MONDAY, FRIDAY]


def test_away_after_being_asked(world: World) -> None:
    """The prompt is skipped, the card says so silently, and nobody is reminded."""
    world.until(utc("2026-03-30T08:00"))
    away(world, "2026-03-30", "2026-03-30")
    assert world.states(MONDAY)["UANA"] == "skipped"
    card = world.card("UANA", MONDAY)
    assert "Away today" in card
    assert "Answer anyway" in card
    world.until(utc("2026-03-30T20:00"))
    assert len(world.notified("UANA")) == 1
    assert world.states(MONDAY) == {"UANA": "skipped", "UBO": "missed"}


def test_an_answer_given_before_stands(world: World) -> None:
    """Who answered and goes home ill has answered."""
    world.until(utc("2026-03-30T08:00"))
    world.answer("UANA", MONDAY)
    away(world, "2026-03-30", "2026-03-31")
    assert world.states(MONDAY)["UANA"] == "answered"
    assert "Answered" in world.card("UANA", MONDAY)


def test_removed_in_the_window_they_are_asked_at_once(world: World) -> None:
    """Back already: today's question comes, and its reminder."""
    away(world, "2026-03-30", "2026-04-03")
    world.until(utc("2026-03-30T09:00"))
    remove(world)
    assert world.states(MONDAY)["UANA"] == "asked"
    world.until(utc("2026-03-30T14:31"))
    assert [one.at for one in world.notified("UANA")] == [
        utc("2026-03-30T09:00"),
        utc("2026-03-30T14:30"),
    ]


def test_removed_after_being_asked_the_card_comes_back_silently(world: World) -> None:
    """What had been asked is open again on the same card: no second message."""
    world.until(utc("2026-03-30T08:00"))
    away(world, "2026-03-30", "2026-03-30")
    remove(world)
    assert world.states(MONDAY)["UANA"] == "asked"
    assert len(world.notified("UANA")) == 1
    assert "Open until 17:30" in world.card("UANA", MONDAY)


def test_removed_after_the_window_stays_skipped(world: World) -> None:
    """Nobody is asked for what is over; the next day is."""
    world.person("UNYC", "America/New_York")  # keeps the run open
    world.set_up(["UANA", "UBO", "UNYC"], by="UANA")
    away(world, "2026-03-30", "2026-04-03")
    world.until(utc("2026-03-30T16:00"))
    assert world.run(MONDAY).state is RunState.OPEN
    remove(world)
    assert world.states(MONDAY)["UANA"] == "skipped"
    world.until(utc("2026-03-31T08:00"))
    assert world.states(TUESDAY)["UANA"] == "asked"


def test_shortened_by_a_second_submit_of_the_modal(world: World) -> None:
    """One row, and the dates it covers no more are asked again."""
    away(world, "2026-03-30", "2026-04-03", key="modal")
    world.until(utc("2026-03-31T08:00"))
    away(world, "2026-03-30", "2026-03-31", key="modal")
    world.until(utc("2026-04-01T08:00"))
    assert [one.day for one in world.asked if one.person == "UANA"] == [day("2026-04-01")]
    assert len(world.session.scalars(select(Absence)).all()) == 1


def test_who_is_away_may_answer(world: World) -> None:
    """`/standup` opens it, also where nobody else is asked; then they have answered."""
    world.set_up(["UANA"])
    away(world, "2026-03-30", "2026-03-30")
    world.until(utc("2026-03-30T09:00"))
    sheet = sheets.open_sheet(world.session, world.at, world.workspace_id, "UANA", "C1")
    assert isinstance(sheet, Sheet)
    world.answer("UANA", MONDAY, "Could not resist")
    prompt = world.prompts(MONDAY)["UANA"]
    assert (prompt.state, prompt.excuse, prompt.reason) == (PromptState.ANSWERED, None, None)
    world.until(utc("2026-03-30T20:00"))
    assert "1 of 1 answered" in channel_message(world)


def test_the_channel_lists_who_is_away_and_counts_them_not(world: World) -> None:
    """Before their moment comes, and after: they owe nothing."""
    world.person("UNYC", "America/New_York")
    world.set_up(["UANA", "UBO", "UNYC"], by="UANA")
    away(world, "2026-03-30", "2026-04-03", "UNYC", by="UADA", reason="flu")
    world.until(utc("2026-03-30T08:00"))
    world.answer("UBO", MONDAY)
    for moment in ("2026-03-30T08:01", "2026-03-30T14:00", "2026-03-31T02:00"):
        world.until(utc(moment))
        message = channel_message(world)
        assert "1 of 2 answered" in message
        assert "Away: *unyc*" in message
        assert "flu" not in message
    assert "Did not answer: *uana*" in message


def test_where_everybody_is_away_nothing_is_posted(world: World) -> None:
    """A run with nobody to ask posts nothing, and is nobody's trouble."""
    away(world, "2026-03-30", "2026-03-30")
    away(world, "2026-03-30", "2026-03-30", by="UBO")
    world.until(utc("2026-03-30T22:00"))
    assert world.sent == []


def test_where_everybody_goes_after_being_asked_nothing_is_posted(world: World) -> None:
    """The run was open, yet there is nothing to read in it."""
    world.until(utc("2026-03-30T08:00"))
    away(world, "2026-03-30", "2026-03-30")
    away(world, "2026-03-30", "2026-03-30", by="UBO")
    world.until(utc("2026-03-30T22:00"))
    assert [one for one in world.sent if one.view == "standup.run"] == []


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("2026-03-31", "2026-03-30", Problem.BACKWARDS),
        ("2026-03-20", "2026-03-27", Problem.OVER),
        ("2026-03-30", "2027-04-30", Problem.TOO_LONG),
    ],
)
def test_days_that_make_no_sense(world: World, first: str, last: str, problem: Problem) -> None:
    """Said under the last day; nothing is stored."""
    assert away(world, first, last) == Wrong({"last": problem})
    assert world.session.scalars(select(Absence)).all() == []


def test_missing_days_are_said_each(world: World) -> None:
    """Each under its own input."""
    request = Request(None, None, None, AbsenceKind.LEAVE, "", "key")
    wrong = absences.enter(world.session, world.at, world.workspace_id, "UANA", request)
    assert wrong == Wrong({"first": Problem.NO_DAY, "last": Problem.NO_DAY})


def test_over_is_by_the_person_s_own_clock(begin: Begin) -> None:
    """On Monday in Kiritimati, Sunday is over; in Honolulu it is not."""
    world = begin("2026-03-29T12:00", online=False)
    world.person("UANA", "Pacific/Kiritimati")
    world.person("UBO", "Pacific/Honolulu")
    assert away(world, "2026-03-29", "2026-03-29") == Wrong({"last": Problem.OVER})
    assert isinstance(away(world, "2026-03-29", "2026-03-29", by="UBO"), Entered)


def test_only_an_admin_enters_for_somebody_else(world: World) -> None:
    """And nobody for who isn't known."""
    assert away(world, "2026-03-30", "2026-03-30", "UBO") == Wrong({"who": Problem.NOT_ADMIN})
    done = away(world, "2026-03-30", "2026-03-30", "UBO", by="UADA")
    assert done == Entered(MONDAY, MONDAY, "ubo")
    assert away(world, "2026-03-30", "2026-03-30", "UXYZ", by="UADA") == Wrong(
        {"who": Problem.NOBODY}
    )


def test_who_may_remove(world: World) -> None:
    """The person, whoever entered it, an admin; nobody else."""
    away(world, "2026-03-30", "2026-03-30", "UBO", by="UADA")
    remove(world, by="UANA")
    assert len(world.session.scalars(select(Absence)).all()) == 1
    listed = absences.listed(world.session, world.at, world.workspace_id, "UADA")
    assert [one.name for one in listed.away] == ["ubo"]
    remove(world, by="UBO")
    assert world.session.scalars(select(Absence)).all() == []


@pytest.mark.usefixtures("on_sqlite")
def test_one_s_own_absences_are_found_among_one_s_own(world: World) -> None:
    """Each Home says them, and everybody's pile up."""
    away(world, "2026-03-30", "2026-03-30")
    with explained(world.session, "absences") as plans:
        (own,) = absences.away_of(world.session, world.slack("UANA"), MONDAY)
    assert own.first == MONDAY
    index = "ix_absences_person_id_last (person_id=? AND last>?)"
    assert plans == [f"SEARCH absences USING INDEX {index}"]


def test_past_absences_are_not_listed(world: World) -> None:
    """Current and coming ones are, in order; one's own are without a name."""
    away(world, "2026-03-28", "2026-03-30")
    away(world, "2026-04-10", "2026-04-12")
    world.until(utc("2026-03-30T23:00"))  # Tuesday in Berlin
    listed = absences.listed(world.session, world.at, world.workspace_id, "UANA")
    assert listed.today == TUESDAY
    assert [(one.first, one.name) for one in listed.away] == [(day("2026-04-10"), None)]


def test_the_timetable_knows_absences(world: World) -> None:
    """What is told is what happens, and Home's next passes over it."""
    away(world, "2026-03-30", "2026-04-03")
    ana = world.slack("UANA").id
    told = {one.day: (one.due, one.remark) for one in outlook(world.session, world.at, 10, [ana])}
    assert told[MONDAY] == (None, "away until Fri 3 April")
    assert told[day("2026-04-04")] == (None, "Saturday is none of its days")
    assert told[day("2026-04-06")][0] is not None


def test_why_of_somebody_away(world: World) -> None:
    """Why not, and when next; to others no more than that they are away."""
    away(world, "2026-03-30", "2026-04-03", reason="flu")
    world.until(utc("2026-03-30T10:00"))
    expected = "not asked today: away until Fri 3 April; next on *Mon 6 April, 09:30*."
    assert expected in told_why(world)
    of_ana = told_why(world, "UBO", "UANA")
    assert of_ana.startswith("uana, on their own clock")
    assert expected in of_ana
    assert "flu" not in of_ana
    assert "illness" not in of_ana


@pytest.mark.parametrize("typed", ["Émilie Özdemir", "émilie ÖZDEMIR"])
def test_why_of_somebody_by_whatever_letters(world: World, typed: str) -> None:
    """SQLite's small letters are ASCII's alone; people's names are not."""
    world.slack("UBO").name = "Émilie Özdemir"
    assert told_why(world, "UANA", typed).startswith("Émilie Özdemir, on their own clock")


def test_why_through_a_day(world: World) -> None:
    """Before, while and after: asked at, until when, answered, next."""
    assert "not asked today: Saturday is none of its days" in told_why(world)
    world.until(utc("2026-03-30T06:00"))
    assert "not asked yet today; next on *Mon 30 March, 09:30*" in told_why(world)
    world.until(utc("2026-03-30T08:00"))
    assert "asked today at 09:30, open until 17:30; next on *Tue 31" in told_why(world)
    world.answer("UANA", MONDAY)
    assert "answered today ✓" in told_why(world)
    world.until(utc("2026-03-30T16:00"))
    assert "closed without an answer" in told_why(world, "UANA", "ubo")


def test_why_of_nobody_and_of_who_is_on_nothing(world: World) -> None:
    """A plain sentence each."""
    assert "knows nobody by that name" in told_why(world, "UANA", "zoe")
    assert told_why(world, "UADA") == "You are on no stand-up or retro, so there is nothing to ask."
    assert told_why(world, "UNEW") == "You are on no stand-up or retro, so there is nothing to ask."


def test_a_public_holiday_is_not_asked(begin: Begin) -> None:
    """Good Friday in Germany; New York works, as the zone's country says."""
    world = begin("2026-03-30T12:00")
    world.holidays = True
    world.person("UBER", BERLIN)
    world.person("UNYC", "America/New_York")
    world.set_up(["UBER", "UNYC"], at=time(10))
    world.until(utc("2026-04-03T20:00"))
    world.answer("UNYC", FRIDAY)
    assert world.states(FRIDAY) == {"UBER": "skipped", "UNYC": "answered"}
    assert world.prompts(FRIDAY)["UBER"].reason == "Good Friday in Germany"
    said = [str(world.drawn(one)) for one in world.mirrors("standup.run")]
    assert any("Away: *uber* (Good Friday in Germany)" in one for one in said)
    assert "not asked today: Good Friday in Germany; next on *Tue 7 April" in told_why(
        world, "UBER"
    )


def test_the_country_can_be_changed(begin: Begin) -> None:
    """Today's question is open again for who has no holiday after all, and back."""
    world = begin("2026-04-02T12:00")
    world.holidays = True
    world.person("UBER", BERLIN)
    world.set_up(["UBER"])
    world.until(utc("2026-04-03T08:00"))
    assert world.states(FRIDAY)["UBER"] == "skipped"

    def choose(country: str, region: str = "") -> object:
        done = preferences.keep(
            world.session, world.at, world.workspace_id, "UBER", country, region
        )
        world.tick()
        world.send()
        return done

    assert choose("FR") == preferences.Kept("France")
    assert world.states(FRIDAY)["UBER"] == "asked"
    choose("GB")
    assert world.states(FRIDAY)["UBER"] == "skipped"
    assert "Good Friday in Britain (UK)" in world.card("UBER", FRIDAY)
    assert choose(preferences.NO_COUNTRY) == preferences.Kept("")
    assert world.states(FRIDAY)["UBER"] == "asked"
    assert choose(preferences.GUESSED) == preferences.Kept("Germany")
    assert world.states(FRIDAY)["UBER"] == "skipped"
    assert choose("DE", "by") == preferences.Kept("Germany")
    assert world.slack("UBER").subdivision == "BY"
    assert isinstance(choose("DE", "Xy"), preferences.NotKept)
    assert isinstance(choose(preferences.NO_COUNTRY, "BY"), preferences.NotKept)


def test_a_week_across_the_clock_change(begin: Begin) -> None:
    """An absence over the change, Good Friday after it: the others are asked at 09:30 as ever."""
    world = begin("2026-03-26T20:00")
    world.holidays = True
    for who, zone in (("UBER", BERLIN), ("ULIS", "Europe/Lisbon"), ("UNYC", "America/New_York")):
        world.person(who, zone)
    world.set_up(["UBER", "ULIS", "UNYC"])
    away(world, "2026-03-27", "2026-03-30", by="UBER")
    expected = {
        (one.person.upper(), one.day, one.due)
        for one in outlook(world.session, world.at, 12)
        if one.due is not None and one.day <= day("2026-04-06")
    }
    world.until(utc("2026-04-07T00:00"))

    berlin = [(one.day, f"{one.at:%H:%M}") for one in world.asked if one.person == "UBER"]
    assert berlin == [
        (day("2026-03-31"), "07:30"),
        (day("2026-04-01"), "07:30"),
        (day("2026-04-02"), "07:30"),
    ]
    lisbon = [
        (one.day.isoformat(), f"{one.at:%H:%M}") for one in world.asked if one.person == "ULIS"
    ]
    assert lisbon == [
        ("2026-03-27", "09:30"),
        ("2026-03-30", "08:30"),
        ("2026-03-31", "08:30"),
        ("2026-04-01", "08:30"),
        ("2026-04-02", "08:30"),
        ("2026-04-06", "08:30"),
    ]
    assert {(one.person, one.day, one.at) for one in world.asked} == expected


def test_asking_looks_absences_up_for_all_at_once(
    begin: Begin, engine: Engine, statements: list[str]
) -> None:
    """However many are away, one query of absences."""
    world = begin("2026-03-28T12:00", online=False)
    members = [f"U{number:02}" for number in range(20)]
    for who in members:
        world.person(who, BERLIN)
    world.set_up(members)
    for who in members[:10]:
        away(world, "2026-03-30", "2026-03-30", by=who)
    world.until(utc("2026-03-30T07:29"))
    statements.clear()
    world.until(utc("2026-03-30T07:30"))
    assert sum("FROM absences" in one for one in statements) == 1
    assert list(world.states(MONDAY).values()).count(PromptState.SKIPPED) == 10


def test_set_up_anew_while_somebody_is_away(world: World) -> None:
    """Who is taken off it is away no more, and who stays is still not asked."""
    away(world, "2026-03-30", "2026-03-31")
    away(world, "2026-03-30", "2026-03-31", by="UBO")
    world.until(utc("2026-03-30T08:00"))
    world.set_up(["UBO"], by="UANA")
    prompts = world.prompts(MONDAY)
    assert (prompts["UANA"].excuse, prompts["UBO"].excuse) == (None, "absence")
    remove(world, by="UANA")
    assert world.states(MONDAY)["UANA"] == "skipped"


def test_who_left_is_away_no_more(world: World) -> None:
    """A deactivated account is nobody's news in the channel."""
    world.until(utc("2026-03-30T08:00"))
    world.answer("UBO", MONDAY)
    away(world, "2026-03-30", "2026-03-31")
    assert "Away: *uana*" in channel_message(world)
    world.person("UANA", BERLIN, deleted=True)
    assert "Away" not in channel_message(world)
