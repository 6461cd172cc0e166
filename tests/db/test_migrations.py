"""Migrations say what the models say, and go up and down."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, MetaData, Table, inspect, text
from sqlalchemy.orm import Session

import bot.rituals.risk.tables  # noqa: F401 - a slice's tables register themselves
from bot.db import schema
from bot.db.base import Base
from bot.db.engines import writing_engine
from bot.db.schema import NewerSchema, OldSchema


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    """An engine on a database without a table."""
    made = writing_engine(empty_url)
    yield made
    made.dispose()


def test_migrations_make_what_the_models_say(engine: Engine) -> None:
    """No table, column, type, index or constraint differs."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_partial_indexes_are_the_models(engine: Engine) -> None:
    """Comparing leaves out what rows an index holds, so that is compared here."""
    name = engine.dialect.name
    option = f"{name}_where"
    said = {
        index.name: str(index.dialect_options[name]["where"])
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options[name]["where"] is not None
    }
    found = inspect(engine)
    made = {
        index["name"]: str(index["dialect_options"][option])
        for table in Base.metadata.sorted_tables
        for index in found.get_indexes(table.name)
        if option in index.get("dialect_options", {})
    }
    assert made.keys() == said.keys() > {"ix_timers_due"}
    for index_name, where in said.items():
        assert _plain(made[index_name]) == _plain(where)


def _plain(where: str) -> str:
    """Without what PostgreSQL adds: brackets and the types of literals."""
    for extra in ("(", ")", "::text", "::character varying"):
        where = where.replace(extra, "")
    return where


def test_up_from_empty_and_down_to_empty(empty_url: str, empty: Engine) -> None:
    """A new database gets every table, and gives them all back."""
    schema.upgrade(empty_url)
    assert set(Base.metadata.tables) <= set(inspect(empty).get_table_names())
    schema.downgrade(empty_url)
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    schema.upgrade(empty_url)
    with Session(empty) as session:
        schema.require_current(session)


def test_the_known_revision_is_the_newest(empty_url: str) -> None:
    """`bot.db.schema.REVISION` is what `meridian run` waits for, without loading alembic."""
    scripts = ScriptDirectory.from_config(schema.config(empty_url))
    assert scripts.get_heads() == [schema.REVISION]


def test_an_empty_database_is_old(empty: Engine) -> None:
    """Its owner is told to migrate."""
    with Session(empty) as session, pytest.raises(OldSchema, match="meridian migrate"):
        schema.require_current(session)


def test_a_database_from_the_future_is_refused(session: Session) -> None:
    """An older Meridian doesn't touch a newer one's rows."""
    session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema):
        schema.require_current(session)


def test_what_belongs_to_the_rows_of_a_changed_table_stays(empty_url: str, empty: Engine) -> None:
    """SQLite changes a table by a copy, and drops the old one; nothing goes with that."""
    schema.upgrade(empty_url, "0007")
    tables = MetaData()
    tables.reflect(empty)
    with empty.begin() as connection:
        for name in ("workspaces", "teams", "risks", "risk_changes", "risk_checks"):
            connection.execute(tables.tables[name].insert().values(_a_row(tables.tables[name])))
    schema.upgrade(empty_url)
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM risk_changes")) == 1
        assert str(connection.scalar(text("SELECT made_on FROM risk_checks"))) == "2026-03-30"


def _a_row(table: Table) -> dict[str, object]:
    """One with an id of 1, which belongs to others of that id, and as little else as may be."""
    return {
        column.name: _a_value(column)
        for column in table.columns
        if not column.nullable and column.server_default is None
    }


def _a_value(column: Column[Any]) -> object:
    kind = column.type.python_type
    some = {
        datetime: datetime(2026, 3, 30, tzinfo=UTC),
        date: date(2026, 3, 30),
        object: {"of": "JSON"},
    }
    return some.get(kind) or kind(1)
