"""What may be kept of an error, in a log or beside a row: never a word that somebody typed.

An exception's own text may quote anything: the key that was not found, the value that was none,
the statement with its parameters. So only its type is kept, and those parts that are known to be
ours or the system's: codes, and names of columns and fields.
"""

import traceback
from collections.abc import Iterator

from pydantic import ValidationError

from bot.core.errors import MeridianError


def noted(error: BaseException) -> str:
    """An error in one line: `IntegrityError: UNIQUE constraint failed: runs.ritual_id`."""
    about = ", ".join(_parts(error))
    return f"{type(error).__name__}: {about}" if about else type(error).__name__


def noted_stack(error: BaseException) -> str:
    """The same with where it came from, and what led to it, first cause first."""
    return "\n".join(_stacks(error, set()))


def _stacks(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _stacks(before, seen)
        yield "\nwhich led to:\n"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _stacks(one, seen)
        yield "\ntogether:\n"
    yield "".join(["Traceback:\n", *traceback.format_tb(error.__traceback__), noted(error)])


def _parts(error: BaseException) -> Iterator[str]:
    if isinstance(error, MeridianError):
        yield error.noted
    elif isinstance(error, ValidationError):
        for wrong in error.errors(include_url=False, include_context=False, include_input=False):
            yield f"{'.'.join(map(str, wrong['loc']))}: {wrong['type']}"
    elif isinstance(error, OSError):
        yield from (str(one) for one in (error.errno, error.strerror) if one is not None)
    elif isinstance(wrapped := getattr(error, "orig", None), BaseException):  # SQLAlchemy's
        yield from _of_database(wrapped)
    else:
        yield from _of_database(error)


def _of_database(error: BaseException) -> Iterator[str]:
    """What a driver says of itself: SQLite names columns only, PostgreSQL's text quotes values."""
    if getattr(error, "sqlite_errorname", None) is not None:
        yield str(error)
    if (state := getattr(error, "sqlstate", None)) is not None:
        yield str(state)
        about = getattr(error, "diag", None)
        names = ("table_name", "column_name", "constraint_name")
        yield from (said for name in names if (said := getattr(about, name, None)))
