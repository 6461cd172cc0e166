"""Reviews: asked for on the card, answered with a tap or a reason, and chased."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot.asking import people
from bot.core.states import Role
from bot.db.tables import Timer
from bot.rituals.risk import RITUAL, beside, loading, on_runs, register, rights
from bot.rituals.risk.reviews import chasing, reviews
from bot.rituals.risk.reviews.reviews import NO_WHY
from bot.rituals.risk.reviews.reviews_model import Fate, Scored
from bot.rituals.risk.states import Act, Chased, Status
from bot.rituals.risk.values import IsClosed, NotTheirs, Saved, Settled, Wrong
from bot.slack.gateway import Member
from bot.teams import teams
from bot.teams.model import TeamPlan
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc
from tests.plans import explained
from tests.rituals.risk.register import add, away, decide, history, keep, rescore, risk_owner


@pytest.fixture
def world(begin: Begin) -> World:
    """A Monday at 04:00 in Berlin; Lena looks after what is added."""
    made = begin("2026-03-30T02:00")
    made.person("ULENA", "Europe/Berlin")
    made.person("UINES", "Europe/Lisbon")
    return made


def test_all_of_a_day_on_one_card(world: World) -> None:
    """Two that are due on a date come together, in one message, each with its buttons."""
    add(world, "ULENA", "a", title="First", likelihood=5, impact=5)
    add(world, "ULENA", "b", title="Second", likelihood=4, impact=4)
    world.until(utc("2026-04-06T07:29"))
    assert world.notified("ULENA") == []
    world.until(utc("2026-04-06T07:31"))
    (sent,) = world.notified("ULENA")
    card = str(sent.content)
    assert "2 risks are to be reviewed: First" in card
    for words in ("First", "Second", "risk.keep", "risk.rescore", "risk.more"):
        assert words in card
    assert card.count("'action_id': 'risk.keep'") == 2


def test_keep_is_one_tap(world: World) -> None:
    """It is asked again when its score says; the card says so, and the history who and when."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    assert isinstance(keep(world, "ULENA", risk), Saved)
    world.send()
    assert risk.next_review == day("2026-04-13")
    assert "next review Mon 13 April" in world.card("ULENA", day("2026-04-06"))
    kept = history(world.session, risk)[-1]
    assert (kept.act, kept.review, kept.on_date) == (Act.KEPT, True, day("2026-04-06"))


@pytest.mark.usefixtures("on_sqlite")
def test_what_somebody_did_on_a_day_is_found_by_its_index(world: World) -> None:
    """Every card asks, and a register's history only grows."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    keep(world, "ULENA", risk)
    with explained(world.session, "risk_changes") as plans:
        beside.on_card(world.session, world.at, world.slack("ULENA").id, day("2026-04-06"))
    index = "ix_risk_changes_actor_id_on_date (actor_id=? AND on_date=?)"
    assert f"SEARCH risk_changes USING INDEX {index}" in plans


def test_a_second_tap_does_nothing(world: World) -> None:
    """Whoever taps twice is told that it has been reviewed."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    keep(world, "ULENA", risk)
    assert keep(world, "ULENA", risk) == Settled(risk.title, day("2026-04-13"))
    assert [one.act for one in history(world.session, risk)] == [Act.RAISED, Act.KEPT]


def test_rescoring_says_why(world: World) -> None:
    """From, to and why are kept; the new score says when it is next."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    assert isinstance(rescore(world, "ULENA", risk, 2, 2), Saved)
    change = history(world.session, risk)[-1]
    assert (change.was_likelihood, change.likelihood, change.why) == (5, 2, "Seen twice this week")
    assert risk.next_review == day("2026-07-05")
    assert risk.was_score == 25


@pytest.mark.parametrize(("likelihood", "impact"), [(0, 3), (6, 3), (None, 3), (3, 99)])
def test_a_score_outside_the_scale(world: World, likelihood: int | None, impact: int) -> None:
    """Told under its input; nothing changes."""
    risk = add(world, "ULENA")
    result = rescore(world, "ULENA", risk, likelihood, impact)
    assert isinstance(result, Wrong)
    assert (risk.likelihood, risk.impact) == (4, 3)


def test_no_reason_no_rescoring(world: World) -> None:
    """Why is asked, and spaces are no reason."""
    risk = add(world, "ULENA")
    said = Scored(3, 3, "  \n ")
    result = reviews.rescore(world.session, world.at, world.workspace_id, "ULENA", risk.id, said)
    assert result == Wrong({"why": NO_WHY})


def test_closed_meanwhile(world: World) -> None:
    """A review of a risk that was closed is an expected refusal; nothing is asked any more."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    decide(world, "ULENA", risk, Fate.CLOSE, "The feed was replaced")
    assert risk.next_review is None
    assert keep(world, "ULENA", risk) == IsClosed(risk.title)
    assert rescore(world, "ULENA", risk, 1, 1) == IsClosed(risk.title)
    world.until(utc("2026-06-06T08:00"))
    assert len(world.notified("ULENA")) == 1
    who = world.session, world.at, world.workspace_id, "ULENA"
    assert isinstance(reviews.reopen(*who, risk.id), Saved)
    assert risk.status is Status.OPEN
    assert risk.next_review == day("2026-06-13")


def test_somebody_elses(world: World) -> None:
    """Only its people review it."""
    risk = add(world, "ULENA")
    world.session.flush()
    result = reviews.keep(world.session, world.at, world.workspace_id, "UINES", risk.id, "C1")
    assert result == NotTheirs("ulena")


@pytest.mark.parametrize(
    ("fate", "status", "act"),
    [
        (Fate.MITIGATING, Status.MITIGATING, Act.MITIGATED),
        (Fate.ACCEPT, Status.ACCEPTED, Act.ACCEPTED),
        (Fate.ESCALATE, Status.OPEN, Act.ESCALATED),
    ],
)
def test_what_becomes_of_it(world: World, fate: Fate, status: Status, act: Act) -> None:
    """Its status follows, with the reason; it is looked at again all the same."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    assert isinstance(decide(world, "ULENA", risk, fate), Saved)
    assert (risk.status, risk.next_review) == (status, day("2026-04-13"))
    assert (history(world.session, risk)[-1].act, history(world.session, risk)[-1].why) == (
        act,
        "Agreed",
    )


def test_escalated(world: World) -> None:
    """The risk owner's card comes, with who, when and why, until they have looked at it."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    world.until(utc("2026-04-06T08:00"))
    assert isinstance(decide(world, "ULENA", risk, Fate.ESCALATE, "Labels cost <20k>"), Saved)
    world.send()
    (told,) = world.notified("UINES")
    for said in (
        "A risk was escalated to you: Labels arrive too late",
        "*ulena wants you to look at it* (Mon 6 April): Labels cost &lt;20k&gt;",
        "risk.keep",
    ):
        assert said in str(told.content)
    assert "wants you" not in world.card("ULENA", day("2026-04-06"))
    assert isinstance(keep(world, "ULENA", risk), Settled)
    assert isinstance(keep(world, "UINES", risk), Saved)
    world.send()
    assert "wants you" not in world.card("UINES", day("2026-04-06"))
    assert isinstance(keep(world, "UINES", risk), Settled)


def test_put_off(world: World) -> None:
    """Until a day that one says, within ninety; then it is asked again."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T08:00"))
    for wrong in (None, day("2026-04-06"), day("2026-04-01"), day("2026-12-01")):
        assert isinstance(decide(world, "ULENA", risk, Fate.SNOOZE, until=wrong), Wrong)
    assert isinstance(decide(world, "ULENA", risk, Fate.SNOOZE, until=day("2026-04-09")), Saved)
    world.until(utc("2026-04-09T07:29"))
    assert len(world.notified("ULENA")) == 1
    world.until(utc("2026-04-09T08:00"))
    assert len(world.notified("ULENA")) == 2


def test_it_is_chased(world: World) -> None:
    """Reminded the next day, then the risk owner, then the channel's next message; no more."""
    world.set_up(["ULENA"], weekdays=(5,))  # a stand-up on Saturdays is nobody's hurry here
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    stages = []
    for date in ("06", "07", "08", "09", "10", "13", "14"):
        world.until(utc(f"2026-04-{date}T12:00"))
        stages.append(risk.chased)
    assert stages == [
        Chased.ASKED,
        Chased.REMINDED,
        Chased.REMINDED,
        Chased.RISK_OWNER,
        Chased.RISK_OWNER,
        Chased.CHANNEL,
        Chased.CHANNEL,
    ]
    told = [sent.at.date() for sent in world.notified("ULENA") if "reviewed" in str(sent.content)]
    assert told == [day("2026-04-06"), day("2026-04-07")]
    (to_ines,) = world.notified("UINES")
    assert to_ines.at.date() == day("2026-04-09")
    assert "asked of ulena" in str(to_ines.content)
    run_id = world.run(day("2026-04-11")).id
    (line,) = on_runs.on_run(world.session, world.at, run_id)
    assert f"R{risk.id} Labels arrive too late" in str(line)
    keep(world, "ULENA", risk)
    assert on_runs.on_run(world.session, world.at, run_id) == []


def test_away_and_weekends(world: World) -> None:
    """Who is away when it is due is asked on the first working day after."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk.next_review = day("2026-04-04")  # a Saturday; Monday is no holiday in this world
    chasing.plan(world.session, world.at, [risk])
    world.until(utc("2026-04-05T22:00"))
    assert risk.chased is Chased.NOBODY
    world.until(utc("2026-04-06T08:00"))
    assert risk.asked_on == day("2026-04-06")


def test_while_its_owner_is_away(world: World) -> None:
    """Nobody asks them, but by the days of the calendar others are told; back, they are asked."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    away(world, "ULENA", "2026-04-06", "2026-04-19")
    seen = []
    for date in ("06", "08", "09", "10", "11", "19"):
        world.until(utc(f"2026-04-{date}T12:00"))
        seen.append(risk.chased)
    assert seen == [
        Chased.NOBODY,
        Chased.NOBODY,
        Chased.RISK_OWNER,
        Chased.RISK_OWNER,
        Chased.CHANNEL,
        Chased.CHANNEL,
    ]
    (told,) = world.notified("UINES")
    assert told.at.date() == day("2026-04-09")
    assert "review 3 days overdue, ulena is away" in str(told.content)
    assert world.notified("ULENA") == []
    world.until(utc("2026-04-20T12:00"))
    (asked,) = world.notified("ULENA")
    assert "A risk is to be reviewed" in str(asked.content)
    assert (risk.chased, risk.asked_on) == (Chased.ASKED, day("2026-04-20"))


def test_asked_and_then_away(world: World) -> None:
    """What was asked before goes on from there, though who answers for it is away for a while."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    away(world, "ULENA", "2026-04-07", "2026-04-10")
    away(world, "UINES", "2026-04-09", "2026-04-09")
    world.until(utc("2026-04-09T12:00"))
    assert (risk.chased, risk.asked_on) == (Chased.RISK_OWNER, day("2026-04-06"))
    assert world.notified("UINES") == []
    world.until(utc("2026-04-10T12:00"))
    (told,) = world.notified("UINES")
    assert told.at.date() == day("2026-04-10")
    world.until(utc("2026-04-13T12:00"))
    assert [one.at.date() for one in world.notified("ULENA")] == [
        day("2026-04-06"),
        day("2026-04-13"),
    ]


def test_two_messages_a_day_hold(world: World) -> None:
    """A stand-up's card is there at 09:30: reviews come to it silently a moment later."""
    world.set_up(["ULENA"])
    add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-06T12:00"))
    today = [one for one in world.notified("ULENA") if one.at.date() == day("2026-04-06")]
    assert len(today) == 1
    assert "risk.keep" in world.card("ULENA", day("2026-04-06"))


def test_down_for_three_days(world: World) -> None:
    """Whatever became due meanwhile is asked once the bot is back: once."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.sleep_until(utc("2026-04-09T08:00"))
    world.until(utc("2026-04-09T09:00"))
    assert risk.asked_on == day("2026-04-09")
    assert len(world.notified("ULENA")) == 1


def test_every_card_that_asked_follows(world: World) -> None:
    """The first one and the reminder; though it is kept before the next day's card is there."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    world.until(utc("2026-04-07T23:00"))
    asked = [day("2026-04-06"), day("2026-04-07")]
    assert ["risk.keep" in world.card("ULENA", on) for on in asked] == [True, True]
    keep(world, "UINES", risk)
    assert [one.shown < one.wanted for one in world.mirrors("card", "ULENA")] == [True, True]
    assert ["risk.keep" in world.card("ULENA", on) for on in asked] == [False, False]


def test_the_card_of_whoever_reviewed_it_follows(world: World) -> None:
    """An admin who looked at what is another's reads on their card when it is next."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.slack("UINES").is_admin = True
    mine = add(world, "UINES", "other", title="Mine", likelihood=5, impact=5)
    world.until(utc("2026-04-06T10:00"))
    keep(world, "UINES", mine)
    keep(world, "UINES", risk)
    world.send()
    world.at += timedelta(hours=1)
    decide(world, "ULENA", risk, Fate.SNOOZE, until=day("2026-04-10"))
    (card,) = world.mirrors("card", "UINES")
    assert card.shown < card.wanted
    assert "next review Fri 10 April" in world.card("UINES", day("2026-04-06"))


def test_what_waits_for_tomorrow_stands_on_today_s_card(world: World) -> None:
    """Silently: a chase that goes on without its owner, for them and for the risk owner."""
    for who in ("ULENA", "UINES"):
        add(world, who, who, likelihood=5, impact=5)
    risk_owner(world, "UINES")
    world.until(utc("2026-04-06T20:00"))
    away(world, "ULENA", "2026-04-06", "2026-04-10")
    late = add(world, "ULENA", "late", title="Late")
    late.next_review = day("2026-04-03")
    chasing.plan(world.session, world.at, [late])
    world.send()
    world.online = False  # what is marked stays so
    world.until(utc("2026-04-06T20:01"))
    assert late.chased is Chased.RISK_OWNER
    for who in ("ULENA", "UINES"):
        (card,) = world.mirrors("card", who)
        assert card.shown < card.wanted
        assert "Late" in world.card(who, day("2026-04-06"))


def test_a_flight(world: World) -> None:
    """Whoever moves is asked by the new clock; on the day that was said."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    world.until(utc("2026-04-02T12:00"))
    world.person("ULENA", "Pacific/Auckland")
    world.until(utc("2026-04-05T21:29"))
    assert risk.chased is Chased.NOBODY
    world.until(utc("2026-04-05T21:31"))  # 09:31 on Monday the 6th in Auckland
    assert risk.asked_on == day("2026-04-06")


def test_its_owner_left(world: World) -> None:
    """It is offered to the risk owner, who is asked for its review until somebody takes it."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    world.until(utc("2026-04-01T09:00"))
    gone = Member("ULENA", "ulena", "Europe/Berlin", False, False, False, True)
    people.change(world.session, world.at, world.workspace_id, gone)
    world.until(world.at + timedelta(minutes=1))
    assert (risk.owner_id, risk.left_by) == (None, world.slack("ULENA").id)
    (told,) = world.notified("UINES")
    assert "ulena left" in str(told.content)
    assert "risk.take" in str(told.content)
    world.until(utc("2026-04-06T09:00"))
    assert "risk.keep" in world.card("UINES", day("2026-04-06"))
    assert [one.act for one in history(world.session, risk)] == [Act.RAISED, Act.LEFT]


def test_reopened_after_its_owner_left(world: World) -> None:
    """What was closed when they left has nobody once it is open again: it is offered, and taken."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    decide(world, "ULENA", risk, Fate.CLOSE)
    world.person("ULENA", "Europe/Berlin", deleted=True)
    world.until(utc("2026-04-01T09:00"))
    who = world.session, world.at, world.workspace_id, "UINES"
    assert isinstance(reviews.reopen(*who, risk.id), Saved)
    assert (risk.owner_id, risk.left_by) == (None, world.slack("ULENA").id)
    world.send()
    (told,) = world.notified("UINES")
    assert "ulena left" in str(told.content)
    found = rights.look(world.session, world.at, world.workspace_id, "UINES", risk.id)
    assert isinstance(found, rights.Found)
    assert loading.shown(world.session, world.at, found).may_take
    assert isinstance(register.take(*who, risk.id), Saved)
    assert (risk.owner_id, risk.left_by) == (world.slack("UINES").id, None)


def test_who_answers_for_it_is_not_disturbed_on_leave(world: World) -> None:
    """What is escalated or lost its owner comes to their card when they are back, and once."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk_owner(world, "UINES")
    away(world, "UINES", "2026-04-06", "2026-04-10")
    world.until(utc("2026-04-06T10:00"))
    decide(world, "ULENA", risk, Fate.ESCALATE, "Too big for us")
    world.until(utc("2026-04-13T08:29"))
    assert world.notified("UINES") == []
    world.until(utc("2026-04-13T08:31"))
    (told,) = world.notified("UINES")
    assert "Too big for us" in str(told.content)
    world.until(utc("2026-04-14T12:00"))
    assert len(world.notified("UINES")) == 1


def test_a_risk_owner_named_late(world: World) -> None:
    """What nobody owns is asked of them all the same: the night finds what no timer would."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk.owner_id = None
    world.session.execute(delete(Timer))
    world.until(utc("2026-04-08T01:00"))
    risk_owner(world, "UINES")
    for daily in RITUAL.daily:
        daily(world.session, world.at)
    world.until(utc("2026-04-08T12:00"))
    (told,) = world.notified("UINES")
    assert "A risk is to be reviewed: Labels arrive too late" in str(told.content)
    assert risk.chased is Chased.ASKED


def test_another_risk_owner(world: World) -> None:
    """Named by `/team`, they are asked and told at once, whatever the one before was told."""
    world.person("UADA", "UTC", admin=True)
    unowned = add(world, "ULENA", "a", title="Nobody's", likelihood=5, impact=5)
    owned = add(world, "ULENA", "b", title="Somebody's", likelihood=5, impact=4)
    unowned.owner_id = None
    later = add(world, "ULENA", "c", title="Later", likelihood=3, impact=2)
    later.owner_id = None

    def named(*slack_ids: str) -> None:
        plan = TeamPlan("C1", "team", "UTC", None, None, None, {Role.RISK_OWNER: slack_ids})
        teams.keep(world.session, world.at, world.workspace_id, "UADA", plan, member=True)

    named("UINES")
    world.until(utc("2026-04-14T12:00"))
    assert (unowned.chased, owned.chased) == (Chased.CHANNEL, Chased.CHANNEL)
    world.person("USAM", "Europe/Berlin")
    named("USAM")
    world.until(world.at + timedelta(minutes=1))
    assert (unowned.chased, unowned.asked_id) == (Chased.ASKED, world.slack("USAM").id)
    (sent,) = world.notified("USAM")
    for said in (
        "A risk is to be reviewed: Nobody's",
        "Reviews that nobody has done",
        f"Open R{owned.id} Somebody's",
    ):
        assert said in str(sent.content)
    assert owned.chased is Chased.CHANNEL
    mine = select(Timer.person_id).where(Timer.local_date == later.next_review)
    assert world.slack("USAM").id in world.session.scalars(mine).all()
    at = world.session, world.at
    assert beside.on_card(*at, world.slack("UINES").id, day("2026-04-14")) is None
    named("USAM")
    world.until(world.at + timedelta(minutes=1))
    assert len(world.notified("USAM")) == 1
    world.until(utc("2026-04-15T12:00"))
    assert unowned.chased is Chased.REMINDED


def test_a_risk_owner_in_anothers_place(world: World) -> None:
    """A review that is to come is asked of whoever has the role by then; the night adds no more."""
    risk = add(world, "ULENA", likelihood=5, impact=5)
    risk.owner_id = None
    ines = risk_owner(world, "UINES")
    for _ in range(2):
        chasing.plan_missing(world.session, world.at)
    mine = select(Timer).where(Timer.step == chasing.STEP, Timer.person_id == ines.id)
    (timer,) = world.session.scalars(mine).all()
    assert timer.local_date == risk.next_review == day("2026-04-06")
    world.until(utc("2026-04-06T12:00"))
    chasing.plan_missing(world.session, world.at)
    live = world.session.scalars(mine.where(Timer.consumed_at.is_(None))).all()
    assert [one.local_date for one in live] == [day("2026-04-07")]


def test_home_shows_mine(world: World) -> None:
    """The worst first, with the way to each."""
    add(world, "ULENA", "a", title="Small", likelihood=1, impact=2)
    add(world, "ULENA", "b", title="Large", likelihood=5, impact=5)
    shown = beside.on_home(world.session, world.at, world.slack("ULENA").id)
    assert shown is not None
    text = str(shown.lines)
    assert text.index("Large") < text.index("Small")
    assert beside.on_home(world.session, world.at, world.slack("UINES").id) is None


def test_whoever_is_asked_of_risks_alone_is_looked_at(world: World) -> None:
    """They may have left, or flown, while the bot was down; so may a team's risk owner."""
    world.person("UELSE", "Europe/Berlin")
    add(world, "ULENA")
    risk_owner(world, "UINES")
    world.until(utc("2026-04-01T06:00"))
    assert {who for _team, who in people.to_look_at(world.session)} == {"ULENA", "UINES"}
