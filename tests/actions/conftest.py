"""The same world as asking's tests have."""

from tests.asking.conftest import begin, engine, statements, warm_engine

__all__ = ["begin", "engine", "statements", "warm_engine"]
