"""How long a ritual asks, in its configuration; each kind adds its own to it."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field


class Terms(BaseModel):
    """What every kind of ritual says about asking people."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    open_minutes: int = Field(default=480, ge=15, le=7 * 24 * 60)
    remind_minutes: int = Field(default=60, ge=0)  # before their own window ends; 0: never
    cut_short: bool = False  # it ends as soon as nobody owes anything any more
    anonymous: bool = False  # who has answered is nobody else's business

    @property
    def open(self) -> timedelta:
        """How long a person's own window is open."""
        return timedelta(minutes=self.open_minutes)

    @property
    def remind_before(self) -> timedelta | None:
        """How long before the end of it a person who owes an answer is reminded; None: never."""
        return timedelta(minutes=self.remind_minutes) if self.remind_minutes else None
