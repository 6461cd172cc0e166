"""An earlier plan: shown back for two weeks, done or carried over."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import Answer, AnswerRevision
from bot.rituals.standup import answers, plans
from bot.rituals.standup.answers import Beside, Incomplete, Saved
from bot.rituals.standup.plans import Plan
from bot.rituals.standup.questions import AI_ML, Part, PlanFate, Question, QuestionKind
from tests.asking.conftest import Begin
from tests.asking.world import World, day, utc

MONDAY, TUESDAY, WEDNESDAY = day("2026-03-30"), day("2026-03-31"), day("2026-04-01")
BERLIN = "Europe/Berlin"
DONE, CARRIED = PlanFate.DONE, PlanFate.CARRIED


@pytest.fixture
def world(begin: Begin) -> World:
    """Monday 10:00 in Berlin."""
    world = begin("2026-03-28T12:00")
    world.person("UANA", BERLIN)
    world.person("UBO", BERLIN)
    world.set_up(["UANA", "UBO"])
    world.until(utc("2026-03-30T08:00"))
    return world


def say(
    world: World, on: date, plan: str = "", fate: PlanFate | None = None, who: str = "UANA"
) -> Saved | Incomplete:
    result = answers.submit(
        world.session,
        world.at,
        world.workspace_id,
        who,
        world.prompts(on)[who].id,
        {"learned": "Much", "next": plan},
        Beside(fate),
    )
    assert isinstance(result, Saved | Incomplete)
    return result


def shown(world: World, on: date, who: str = "UANA") -> Plan | None:
    prompt_id = world.prompts(on)[who].id
    found = plans.plans(world.session, [prompt_id]).get(prompt_id)
    assert (found is not None) == (prompt_id in plans.planned(world.session, [prompt_id]))
    return found


def kept(world: World, on: date) -> dict[str, str]:
    rows = world.session.execute(
        select(Answer.question, Answer.text).where(
            Answer.prompt_id == world.prompts(on)["UANA"].id, Answer.question != "learned"
        )
    )
    return dict(rows.all())


def asking(question: Question | None) -> dict[str, object]:
    """A configuration with a plan question of its own, or with none."""
    questions = (AI_ML[0], question) if question else AI_ML[:1]
    return {"questions": [one.model_dump(mode="json") for one in questions]}


def test_yesterday_s_plan_is_shown_back(world: World) -> None:
    """To whoever made it, as it reads now."""
    say(world, MONDAY, "Train")
    say(world, MONDAY, "Train again")
    assert shown(world, MONDAY) is None
    world.until(utc("2026-03-31T08:00"))
    plan = shown(world, TUESDAY)
    assert plan is not None
    assert (plan.date, plan.text, plan.question.key) == (MONDAY, "Train again", "next")
    assert shown(world, TUESDAY, "UBO") is None


def test_only_the_last_answer_s_plan_counts(world: World) -> None:
    """A day without an answer is passed over; one without a plan is not."""
    say(world, MONDAY, "Train")
    world.until(utc("2026-04-01T08:00"))
    assert shown(world, WEDNESDAY) is not None
    say(world, WEDNESDAY)
    world.until(utc("2026-04-02T08:00"))
    assert shown(world, day("2026-04-02")) is None


@pytest.mark.parametrize(("today", "there"), [("2026-04-13", True), ("2026-04-14", False)])
def test_after_two_weeks_a_plan_is_forgotten(world: World, today: str, there: bool) -> None:
    say(world, MONDAY, "Train")
    world.until(utc(f"{today}T08:00"))
    assert (shown(world, day(today)) is not None) is there


def test_another_stand_up_s_plan_is_not_shown(world: World) -> None:
    world.set_up(["UANA"], channel="C2")
    say(world, MONDAY, "Train")
    world.until(utc("2026-03-31T08:00"))
    prompt_id = world.prompts(TUESDAY, "C2")["UANA"].id
    assert plans.plans(world.session, [prompt_id]) == {}


@pytest.mark.parametrize("without", ["then", "now"])
def test_questions_of_one_s_own_without_a_plan_show_none(world: World, without: str) -> None:
    say(world, MONDAY, "Train")
    world.until(utc("2026-03-31T08:00"))
    run = world.run(MONDAY if without == "then" else TUESDAY)
    run.config = {**run.config, **asking(None)}
    assert shown(world, TUESDAY) is None
    assert say(world, TUESDAY, fate=CARRIED) == Saved(edited=False)
    assert kept(world, TUESDAY) == {}


@pytest.mark.parametrize("fate", PlanFate)
def test_what_came_of_it_is_kept_with_the_plan_s_text(world: World, fate: PlanFate) -> None:
    say(world, MONDAY, "Train")
    world.until(utc("2026-03-31T08:00"))
    assert say(world, TUESDAY, "Test", fate) == Saved(edited=False)
    assert kept(world, TUESDAY) == {fate: "Train", "next": "Test"}


def test_changing_one_s_mind_moves_it_and_keeps_what_stood(world: World) -> None:
    """There is never both; the same again is no change, and no word of it leaves it."""
    say(world, MONDAY, "Train")
    world.until(utc("2026-03-31T08:00"))
    say(world, TUESDAY, "Test", DONE)
    say(world, TUESDAY, "Test", CARRIED)
    say(world, TUESDAY, "Test", CARRIED)
    say(world, TUESDAY, "Test")
    assert kept(world, TUESDAY) == {CARRIED: "Train", "next": "Test"}
    assert world.session.scalars(select(AnswerRevision.text)).all() == ["Train"]


def test_carried_over_it_is_the_new_plan_where_none_is_written(world: World) -> None:
    """And shown back again the day after."""
    say(world, MONDAY, "Train")
    world.until(utc("2026-03-31T08:00"))
    say(world, TUESDAY, fate=CARRIED)
    assert kept(world, TUESDAY) == {CARRIED: "Train", "next": "Train"}
    world.until(utc("2026-04-01T08:00"))
    plan = shown(world, WEDNESDAY)
    assert plan is not None
    assert (plan.date, plan.text) == (TUESDAY, "Train")


def test_a_plan_that_does_not_fit_its_question_any_more_is_not_made_up(world: World) -> None:
    """The person is told what is missing instead."""
    say(world, MONDAY, "x" * 200)
    world.until(utc("2026-03-31T08:00"))
    run = world.run(TUESDAY)
    line = Question(
        key="next",
        kind=QuestionKind.LINE,
        text="?",
        short="?",
        required=True,
        part=Part.PLAN,
    )
    run.config = {**run.config, **asking(line)}
    result = say(world, TUESDAY, fate=CARRIED)
    assert isinstance(result, Incomplete)
    assert set(result.problems) == {"next"}


def test_many_plans_are_found_in_as_few_queries_as_one(begin: Begin, statements: list[str]) -> None:
    """A card is drawn often, and a minute may ask hundreds."""
    world = begin("2026-03-28T12:00", online=False)
    names = [f"U{number}" for number in range(20)]
    for name in names:
        world.person(name, BERLIN)
    world.set_up(names)
    world.until(utc("2026-03-30T08:00"))
    for name in names:
        say(world, MONDAY, name, who=name)
    world.until(utc("2026-03-31T08:00"))
    prompts = [one.id for one in world.prompts(TUESDAY).values()]
    world.session.flush()
    statements.clear()
    found = plans.plans(world.session, prompts)
    assert sorted(plan.text for plan in found.values()) == sorted(names)
    assert len(statements) <= 5
