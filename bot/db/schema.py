"""The schema's revisions: bring a database up to date, and tell where it is."""

from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from bot.core.errors import Refused

REVISION = "0014"
"""The newest revision; a test holds it against `migrations/`."""

_SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"


class OldSchema(Refused):
    """The database's tables are not up to date. Run `meridian migrate` first."""


class NewerSchema(Refused):
    """The database belongs to a newer Meridian than this one. Install that one again."""


def revision(session: Session) -> str | None:
    """The revision that a database is at; None where it holds nothing of ours."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def require_current(session: Session) -> None:
    """Raise OldSchema or NewerSchema unless the tables are those that this code knows."""
    at = revision(session)
    if at is None or at < REVISION:
        raise OldSchema
    if at > REVISION:
        raise NewerSchema


def upgrade(url: str, to: str = "head") -> None:
    """Bring a database up to a revision."""
    from alembic import command

    command.upgrade(config(url), to)


def downgrade(url: str, to: str = "base") -> None:
    """Take a database back to a revision."""
    from alembic import command

    command.downgrade(config(url), to)


def config(url: str) -> Any:
    """alembic's configuration, which needs no file of its own."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    made.attributes["url"] = url
    return made
