"""What is kept of an error: enough to mend it, and never what somebody typed."""

import sqlite3
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

import bot
from bot.core.errors import MeridianError, Refused, Transient
from bot.core.noted import noted, noted_stack
from bot.jira.errors import JiraRefused
from bot.slack.errors import SlackRefused

SAID = "what nobody else should read"


class Form(BaseModel):
    count: int
    names: list[int]


class Postgres(Exception):  # noqa: N818 - a driver's own, as it were
    """PostgreSQL quotes the values that it refuses."""

    sqlstate = "23505"
    diag = type("Diag", (), {"table_name": "runs", "constraint_name": "uq_runs_date"})


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (KeyError(SAID), "KeyError"),
        (ValueError(f"{SAID} is no date"), "ValueError"),
        (FileNotFoundError(2, "No such file or directory", SAID), "2, No such file or directory"),
        (MeridianError("card could not be drawn"), "MeridianError: card could not be drawn"),
        (Refused(f"“{SAID}” is none."), "Refused: Meridian can't do that."),
        (Transient(), "Transient: Meridian couldn't do that just now."),
        (JiraRefused(400, (SAID,), {"duedate": SAID}), "JiraRefused: 400 duedate"),
        (SlackRefused("invalid_blocks", "/blocks/3"), "SlackRefused: invalid_blocks /blocks/3"),
        (DBAPIError(SAID, {}, Postgres(SAID)), "DBAPIError: 23505, runs, uq_runs_date"),
    ],
)
def test_only_codes_and_names_are_kept(error: Exception, kept: str) -> None:
    """The type always; of its text nothing that may quote anybody."""
    assert kept in noted(error)
    assert SAID not in noted(error)


def test_of_what_is_not_as_it_should_be_fields_are_named() -> None:
    """With what was wrong about each."""
    with pytest.raises(ValidationError) as wrong:
        Form.model_validate({"count": SAID, "names": [1, SAID]})
    assert noted(wrong.value) == "ValidationError: count: int_parsing, names.1: int_parsing"


def test_of_the_database_columns_are_named() -> None:
    """SQLite's own text names no more; the statement and its parameters are left out."""
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("CREATE TABLE notes (said TEXT UNIQUE)"))
        again = text("INSERT INTO notes VALUES (:said), (:said)")
        with pytest.raises(DBAPIError) as wrong:
            connection.execute(again, {"said": SAID})
    assert isinstance(wrong.value.orig, sqlite3.IntegrityError)
    assert noted(wrong.value) == "IntegrityError: UNIQUE constraint failed: notes.said"


def test_a_stack_says_where_and_what_led_to_it() -> None:
    """The first cause first; what was raised on purpose without its context stands alone."""

    def fail() -> None:
        raise KeyError(SAID)

    try:
        try:
            fail()
        except KeyError as error:
            raise Transient from error
    except Transient as error:
        told = noted_stack(error)
    assert told.index("in fail") < told.index("KeyError\n") < told.index("which led to")
    assert told.endswith(
        "Transient: Meridian couldn't do that just now. Please try again in a moment."
    )
    assert SAID not in told
    alone = Refused()
    alone.__context__, alone.__suppress_context__ = KeyError(), True
    assert "KeyError" not in noted_stack(alone)
    loop = KeyError()
    loop.__context__ = ValueError()
    loop.__context__.__context__ = loop
    assert "KeyError" in noted_stack(ExceptionGroup(SAID, [loop, TypeError(SAID)]))


def test_nothing_of_an_error_but_what_is_noted_is_logged() -> None:
    """Its own text may quote anything; whoever sits at the command line sees their own words."""
    package = Path(bot.__file__).parent
    own = {package / "sandbox", package / "cli"}
    lines = [
        f"{file.name}: {line.strip()}"
        for file in package.rglob("*.py")
        if not own & set(file.parents) and file.name != "noted.py"
        for line in file.read_text().splitlines()
        if any(quote in line for quote in ("str(error)", "repr(error)", "{error}", "{error!r}"))
    ]
    assert lines == ["detail.py: return Detail(words=error.words or str(error), missing=missing)"]
