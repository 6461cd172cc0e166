"""Statements of SQL are compiled once for all tests; each new engine would begin anew."""

from typing import Any

import sqlalchemy
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

from bot.db import engines

_STATEMENTS = 2000

_shared: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}


def share(url: str) -> None:
    """Let all engines of such a database, from now on, share what is compiled for it.

    What is compiled is kept by dialect, so they share that too: one that knows its server, as
    a dialect does once it was connected to it.
    """
    engine = sqlalchemy.create_engine(url)
    if engine.dialect.name in _shared:
        return
    engine.connect().close()
    engine.dispose()
    _shared[engine.dialect.name] = engine.dialect, LRUCache(_STATEMENTS)
    vars(engines)["create_engine"] = _sharing


def _sharing(url: str, **options: Any) -> Engine:
    engine = sqlalchemy.create_engine(url, **options)
    if engine.dialect.name in _shared:
        engine.dialect, cache = _shared[engine.dialect.name]
        engine.update_execution_options(compiled_cache=cache)
    return engine
