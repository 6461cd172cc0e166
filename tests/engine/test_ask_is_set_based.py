"""A crowd that is due in one minute costs no more statements than a handful."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from bot.asking import planning, rounds
from bot.core.cadence import Cadence
from bot.core.states import PromptState
from bot.db.tables import Mirror, Participant, Person, Prompt, Run
from bot.db.upsert import insert_missing
from bot.engine import timers
from bot.rituals.standup.model import Config
from tests.clocks import START
from tests.db import rows

ASKED_AT = START + timedelta(hours=1, minutes=30)  # 09:30 in Berlin


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile; one for many rows counts once."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def plan(session: Session, people: int) -> Run:
    """A stand-up of so many people in Berlin, planned and due at the same moment."""
    owner = rows.person(session, rows.workspace(session).id)
    ritual = rows.ritual(session, owner, START)
    ritual.cadence = Cadence(weekdays=(0,), at=(ASKED_AT + timedelta(hours=2)).time()).model_dump(
        mode="json"
    )
    ritual.config = Config().model_dump(mode="json")
    insert_missing(
        session,
        Person,
        [
            {"workspace_id": 1, "slack_id": f"U{n}", "name": f"{n}", "tz": "Europe/Berlin"}
            for n in range(people - 1)
        ],
    )
    ids = session.scalars(select(Person.id)).all()
    insert_missing(
        session, Participant, [{"ritual_id": ritual.id, "person_id": one} for one in ids]
    )
    planned = planning.plan_day(session, ASKED_AT, ritual, ASKED_AT.date())
    assert planned is not None
    return planned


def ask(session: Session) -> int:
    """The step, as the timetable runs it; answers how many were due."""
    due = timers.take_due(session, ASKED_AT, 1000)
    timers.consume(session, ASKED_AT, due)
    rounds.ask(session, ASKED_AT, due)
    session.flush()
    return len(due)


@pytest.mark.parametrize("people", [50, 500])
def test_asking_takes_as_many_statements_for_500_as_for_50(
    session: Session, engine: Engine, people: int
) -> None:
    """Set-based: prompts, cards and timers of all in the same few statements."""
    plan(session, people)
    with counted(engine) as statements:
        assert ask(session) == people
    asked = select(func.count()).where(Prompt.state == PromptState.ASKED)
    assert session.scalar(asked) == people
    assert session.scalar(select(func.count()).select_from(Mirror)) == people
    assert len(statements) <= 12, statements


def test_planning_takes_few_statements_too(session: Session, engine: Engine) -> None:
    """A run with its prompts and a thousand timers."""
    with counted(engine) as statements:
        plan(session, 500)
    assert len(statements) <= 20, statements
