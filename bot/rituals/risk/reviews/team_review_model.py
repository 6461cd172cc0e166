"""How a team's review is held."""

from datetime import date
from enum import StrEnum

from pydantic import AliasChoices, BaseModel, ConfigDict, Field


class When(StrEnum):
    """When a team looks at its register together."""

    NEVER = "never"
    MONTHLY = "monthly"
    SPRINT = "sprint"  # on the last working day of each


class Config(BaseModel):
    """How a team's review is held."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    when: When = When.MONTHLY
    # The checks of the gates are due with every so many reviews; 0: only when somebody asks.
    checks_every: int = Field(default=0, validation_alias=AliasChoices("checks_every", "checks"))
    missed_on: date | None = None  # the last one could not be held in time; until one is held
