"""When things go wrong."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.people.act import Act


def moments(
    setting: Setting, acts: Sequence[Act], chance: Random, delay: float
) -> Callable[[], datetime]:
    """Any time, but mostly while somebody does something, or a little later."""
    length = (setting.end - setting.start).total_seconds()

    def moment() -> datetime:
        if acts and chance.random() < 0.7:
            return chance.choice(acts).at + timedelta(seconds=chance.uniform(0, delay))
        return setting.start + timedelta(seconds=chance.uniform(60, length))

    return moment
