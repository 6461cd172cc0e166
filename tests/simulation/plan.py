"""The plan of a run: its setting, what people do, and what goes wrong. Chance draws it by number.

A plan is all that a run depends on, so whoever cuts something out of it has a smaller run.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.simulation import cast
from tests.simulation.cast import Setting
from tests.simulation.incidents import of_jira, usual
from tests.simulation.incidents.kinds import Incident
from tests.simulation.people.act import Act, Draw
from tests.simulation.people.acts import KINDS, LATER


@dataclass(frozen=True)
class Plan:
    """All that a run depends on."""

    seed: str
    setting: Setting
    acts: tuple[Act, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @property
    def size(self) -> int:
        return len(self.acts) + len(self.incidents)

    def keeping(self, kept: Collection[int]) -> "Plan":
        """The plan with some of its parts alone, by their number: acts first, then incidents."""
        acts, incidents = enumerate(self.acts), enumerate(self.incidents, len(self.acts))
        return replace(
            self,
            acts=tuple(one for number, one in acts if number in kept),
            incidents=tuple(one for number, one in incidents if number in kept),
        )


def draw(seed: int) -> Plan:
    """The plan with this number."""
    setting = cast.draw(_chance(seed, "setting"))
    setting = cast.draw_board(setting, _chance(seed, "board"))
    setting = cast.draw_retro(setting, _chance(seed, "retro"))
    setting = cast.draw_register(setting, _chance(seed, "register"))
    acts = _acts(seed, setting, KINDS)
    incidents = [
        *usual.draw(setting, acts, _chance(seed, "incidents")),
        *of_jira.draw(setting, acts, _chance(seed, "incidents of Jira")),
    ]
    later = _acts(seed, setting, LATER)
    if later:
        incidents += usual.draw(setting, later, _chance(seed, "later incidents"))
    return Plan(
        seed=str(seed),
        setting=setting,
        acts=tuple(sorted([*acts, *later], key=lambda act: act.at)),
        incidents=tuple(sorted(incidents, key=lambda one: one.at)),
    )


def _acts(seed: int, setting: Setting, kinds: Sequence[Draw]) -> list[Act]:
    found = [act for kind in kinds for act in kind(setting, _chance(seed, kind.__module__))]
    return [act for act in found if setting.start < act.at < setting.end]


def _chance(seed: int, what: str) -> Random:
    """Each part has its own, so that a new kind of act leaves the others as they were."""
    return Random(f"{seed} {what}")  # noqa: S311 - chance that is repeated
