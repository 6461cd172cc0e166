"""How alembic reaches the database and the models."""

from alembic import context

import bot.db.tables
import bot.rituals.retro.tables
import bot.rituals.risk.tables  # noqa: F401 - the models register themselves
from bot.db.base import Base, UTCDateTime
from bot.db.engines import writing_engine


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own datetime as the plain type it stands for: migrations outlive the code."""
    is_instant = kind == "type" and isinstance(item, UTCDateTime)
    return "sa.DateTime(timezone=True)" if is_instant else False


engine = writing_engine(context.config.attributes["url"])
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # There a table is changed by a copy that takes its place. Were foreign keys on, to drop the
        # old one would delete what belongs to its rows; a transaction leaves them as they are.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
