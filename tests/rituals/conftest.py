"""The same world as asking's tests have."""

from tests.asking.conftest import begin

__all__ = ["begin"]
