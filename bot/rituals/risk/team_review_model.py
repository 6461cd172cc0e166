"""How a team's review is held."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class When(StrEnum):
    """When a team looks at its register together."""

    NEVER = "never"
    MONTHLY = "monthly"
    SPRINT = "sprint"  # on the last working day of each


class Config(BaseModel):
    """How a team's review is held."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    when: When = When.MONTHLY
    checks: bool = False  # the checks of the gates are offered with it
    missed_on: date | None = None  # the last one could not be held in time; until one is held
