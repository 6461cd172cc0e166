"""Which risk an alert is about."""

from collections.abc import Callable, Sequence
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rituals.risk.alerts.payloads import Told
from bot.rituals.risk.categories import Category, propose
from bot.rituals.risk.states import LIVE
from bot.rituals.risk.tables import Risk


class LiveRisks:
    """A team's live risks, the worst first. They are read once, when first asked for."""

    def __init__(self, session: Session, team_id: int) -> None:
        self._session = session
        self._team_id = team_id

    @cached_property
    def _all(self) -> Sequence[Risk]:
        return self._session.scalars(
            select(Risk)
            .where(Risk.team_id == self._team_id, Risk.status.in_(LIVE))
            .order_by((Risk.likelihood * Risk.impact).desc(), Risk.id)
        ).all()

    @cached_property
    def _words(self) -> Sequence[tuple[Risk, str]]:
        return [(one, f"{one.title}\n{one.links}".casefold()) for one in self._all]

    def of(self, told: Told, before: int | None) -> Risk | None:
        """The one that an alert is about, if one is; `before` is the one that it was about.

        That is the one it names, the one it was about before, one that has the alert's name in its
        title or links, or one of the same model: first of the category that its words speak of. Of
        several it is the worst.
        """
        name = told.name.casefold()
        return (
            self._first(lambda one: one.id == told.risk_id)
            or self._first(lambda one: one.id == before)
            or next((one for one, words in self._words if name in words), None)
            or self._of_model(told)
        )

    def _of_model(self, told: Told) -> Risk | None:
        if not told.model:
            return None
        model = told.model.casefold()
        category = propose(f"{told.name} {told.summary}") or Category.DRIFT
        same = [one for one in self._all if one.model.casefold() == model]
        alike = [one for one in same if one.category == category]
        return next(iter(alike or same), None)

    def _first(self, rule: Callable[[Risk], bool]) -> Risk | None:
        return next(filter(rule, self._all), None)
