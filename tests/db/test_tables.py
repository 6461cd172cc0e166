"""What the tables hold, and what they refuse."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.core.states import PromptState, RunState
from bot.db.base import Base
from bot.db.tables import Answer, Audit, Participant, Person, Prompt, RatePause, Run, Workspace
from bot.db.upsert import insert_missing
from bot.engine import timers
from bot.engine.timers import Due
from tests.clocks import START
from tests.db import rows

NEPAL = timezone(timedelta(hours=5, minutes=45))


def test_a_naive_instant_is_refused(session: Session) -> None:
    """A time without a zone is no instant."""
    session.add(RatePause(scope="x", until=datetime(2026, 3, 30, 6)))  # noqa: DTZ001 - the point
    with pytest.raises(StatementError, match="needs a zone"):
        session.flush()


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 3, 30, 11, 45, 0, 123456, tzinfo=NEPAL),
        datetime(2026, 3, 30, 6, 0, 0, 123456, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_in_utc(session: Session, instant: datetime) -> None:
    """To the microsecond, whatever zone it was given in."""
    session.add(RatePause(scope="x", until=instant))
    session.commit()
    session.expire_all()
    found = session.scalars(select(RatePause.until)).one()
    assert found == datetime(2026, 3, 30, 6, 0, 0, 123456, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_instants_compare_in_sql(session: Session) -> None:
    """A bound in another zone finds what is earlier as an instant, not as a text."""
    session.add(RatePause(scope="x", until=START))
    session.flush()
    earlier = (START - timedelta(microseconds=1)).astimezone(NEPAL)
    assert session.scalars(select(RatePause.scope).where(RatePause.until <= earlier)).all() == []
    same = START.astimezone(NEPAL)
    assert session.scalars(select(RatePause.scope).where(RatePause.until <= same)).all() == ["x"]


def test_states_are_stored_by_value(session: Session) -> None:
    """A reader of the table, and a later version, see plain words."""
    owner = rows.person(session, rows.workspace(session).id)
    rows.run(session, rows.ritual(session, owner, START), START, RunState.OPEN)
    assert session.scalar(text("SELECT state FROM runs")) == "open"
    assert session.scalars(select(Run.state)).one() is RunState.OPEN


def test_json_and_booleans_come_back(session: Session) -> None:
    """As they went in, on every database."""
    detail = {"members": ["U1", "U2"], "at": "09:30", "none": None, "text": "Grüße ✓ \\u0000?"}
    session.add(Audit(at=START, actor_id=None, action="a", subject="s", detail=detail))
    rows.person(session, rows.workspace(session).id).is_admin = True
    session.commit()
    session.expire_all()
    assert session.scalars(select(Audit.detail)).one() == detail
    assert session.scalars(select(Person.is_admin, Person.deleted)).one() is True


def test_what_hangs_on_a_workspace_goes_with_it(session: Session) -> None:
    """Uninstalling leaves no row of it behind; the database does that, not the ORM."""
    owner = rows.person(session, rows.workspace(session).id)
    run = rows.run(session, rows.ritual(session, owner, START), START)
    session.add(Participant(ritual_id=run.ritual_id, person_id=owner.id))
    prompt = Prompt(run_id=run.id, person_id=owner.id, zone="UTC", due_at=START, closes_at=START)
    session.add(prompt)
    session.flush()
    session.add(Answer(prompt_id=prompt.id, question="learned", text="text"))
    due = Due("standup", "ask", START, run.ritual_id, run.id, owner.id, date(2026, 3, 30))
    timers.set_timers(session, [due])
    session.commit()
    session.execute(delete(Run))
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    session.execute(text("DELETE FROM rituals"))
    session.execute(delete(Workspace))
    session.commit()
    left = {
        table.name
        for table in Base.metadata.sorted_tables
        if session.scalar(select(func.count()).select_from(table))
    }
    assert left == set()


def test_nobody_has_two_prompts_in_a_run(session: Session) -> None:
    """The constraint proves what steps that run twice rely on."""
    owner = rows.person(session, rows.workspace(session).id)
    run = rows.run(session, rows.ritual(session, owner, START), START)
    row = {
        "run_id": run.id,
        "person_id": owner.id,
        "state": PromptState.WAITING,
        "zone": "UTC",
        "due_at": START,
        "closes_at": START,
    }
    insert_missing(session, Prompt, [row])
    insert_missing(session, Prompt, [row | {"state": PromptState.ASKED}])
    assert session.scalars(select(Prompt.state)).all() == [PromptState.WAITING]
    session.add(Prompt(**row))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_index_of_some_rows_is_one_on_every_database() -> None:
    """A condition for SQLite alone would make it an index of all rows on PostgreSQL."""
    for table in Base.metadata.sorted_tables:
        for index in table.indexes:
            options = index.dialect_options
            on_sqlite, on_postgresql = (options[name]["where"] for name in ("sqlite", "postgresql"))
            assert str(on_sqlite) == str(on_postgresql), index.name


def test_an_error_tells_no_content(session: Session) -> None:
    """What a failing statement was given may be an answer, and errors end in the log."""
    session.add(Answer(prompt_id=4711, question="learned", text="between us"))
    with pytest.raises(IntegrityError) as caught:
        session.commit()  # PostgreSQL and SQLite name the table and the constraint alone
    assert "between us" not in str(caught.value)
