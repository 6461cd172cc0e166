"""Checks at a project's gates, as those know them who ran and approved them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.model.history import History


@dataclass(eq=False)
class Check:
    """Somebody ran one, or set about to. No two are about the same."""

    kind: str
    about: str
    answers: Mapping[str, str]
    since: datetime
    sure: datetime | None = None
    approval: History[tuple[str, str]] = field(default_factory=lambda: History(("", "")))
    """Who said what to it last, of those who answer for the register; "" before that."""
