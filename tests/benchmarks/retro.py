"""The deadlines of a retro of 100 people: 300 notes are shown, and the votes are counted."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asking.upkeep import setup
from bot.asking.upkeep.model import Plan, Started
from bot.core.cadence import Cadence
from bot.core.states import PromptState
from bot.db.session import Database
from bot.db.tables import Person, Prompt, Timer
from bot.rituals.retro import leading, notes, stages
from bot.rituals.retro.finding import place_of
from bot.rituals.retro.model import KIND, Config, Moved, Stage
from bot.rituals.retro.settling import stage_run
from bot.rituals.retro.tables import Ballot, Retro, Topic
from bot.teams.teams import team_of
from tests.benchmarks.bare import machine
from tests.benchmarks.report import Row, middle, milliseconds
from tests.benchmarks.team import database, people, workspace

_AT = datetime(2026, 3, 30, 12, tzinfo=UTC)
_PEOPLE, _NOTES, _TIMES = 100, 300, 5
_AIM = 1.0


def run(*, quick: bool) -> list[Row]:
    held = [_hold(anonymous=number % 2 == 1) for number in range(2 if quick else 2 * _TIMES)]
    shown, counted = zip(*held, strict=True)
    return [
        _row(f"{_NOTES} notes are shown", middle(list(shown))),
        _row(f"the votes of {_PEOPLE} people are counted", middle(list(counted))),
    ]


def _row(what: str, seconds: float) -> Row:
    return Row(
        "retro", what, milliseconds(seconds), aim=f"≤ {milliseconds(_AIM)}", met=seconds <= _AIM
    )


def _hold(*, anonymous: bool) -> tuple[float, float]:
    """Seconds that its first deadline takes, and that of the vote."""
    with database() as opened:
        opened.write_now(_collecting, anonymous)
        shown = _timed(opened, Stage.SORT)
        opened.write_now(_voting)
        return shown, _timed(opened, Stage.DISCUSS)


def _timed(opened: Database, then: Stage) -> float:
    began = machine.elapsed()
    opened.write_now(_time_is_up)
    taken = machine.elapsed() - began
    if (stage := opened.read_now(lambda session: _retro(session).stage)) is not then:
        raise RuntimeError(f"it is in {stage}")
    return taken


def _retro(session: Session) -> Retro:
    return session.scalars(select(Retro)).one()


def _time_is_up(session: Session) -> None:
    run = stage_run(session, _retro(session))
    if run is None:
        raise RuntimeError("nobody is asked")
    due = session.scalars(select(Timer).where(Timer.run_id == run.id, Timer.step == "close")).all()
    stages.close_rounds(session, run.closes_at, due)


def _collecting(session: Session, anonymous: bool) -> None:
    workspace_id = workspace(session)
    members = people(session, workspace_id, 0, _PEOPLE)
    plan = Plan(
        "C1",
        "team",
        tuple(members),
        Cadence(weekdays=(1,), at=time(10), every_weeks=2, anchor=date(2026, 3, 31)),
        "key",
        "Retro",
        Config(anonymous=anonymous),
    )
    made = setup.start(session, _AT, KIND, team_of, workspace_id, members[0], plan)
    if not isinstance(made, Started):
        raise TypeError(made)
    begun = leading.start(session, _AT, workspace_id, members[0], made.ritual_id, "start")
    if not isinstance(begun, Moved):
        raise TypeError(begun)
    for one in range(_NOTES):
        who, said = members[one % _PEOPLE], f"Note {one} of what went well, or did not at all"
        notes.put(session, _AT, workspace_id, who, begun.retro_id, f"t{one}", one % 3, said)
    _asked(session, _AT)


def _voting(session: Session) -> None:
    at = _AT + timedelta(days=2)
    stages.end_stage(session, at, place_of(session, _retro(session)))
    topics = session.scalars(select(Topic.id).order_by(Topic.position)).all()
    voters = session.scalars(select(Person.id).order_by(Person.id)).all()
    for number, voter in enumerate(voters):
        for vote in range(3):
            topic = topics[(number * number + 7 * vote) % 60]
            session.add(Ballot(topic_id=topic, person_id=voter))
    _asked(session, at)


def _asked(session: Session, at: datetime) -> None:
    """All have their cards, and every second one is done."""
    run = stage_run(session, _retro(session))
    run_id = run.id if run is not None else 0
    due = session.scalars(select(Timer).where(Timer.run_id == run_id, Timer.step == "ask")).all()
    stages.ask(session, at, due)
    done = (Prompt.run_id == run_id) & (Prompt.id % 2 == 0)
    session.execute(update(Prompt).where(done).values(state=PromptState.ANSWERED))
