"""Those who look after a retro pause it, let it go on, delete it, and change who is on it."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from tests.simulation.cast import Setting
from tests.simulation.people.act import Act
from tests.simulation.people.acts.running import ChangeMembers, Delete, Pause

_KIND = "retro"


def draw(setting: Setting, chance: Random) -> Iterator[Act]:
    """Now and then; by an admin, who may, by its owner, or by its facilitator, who may not."""
    retro = setting.retro
    if retro is None:
        return
    length = setting.end - setting.start
    who = chance.choice((setting.people[0].id, retro.owner, retro.owner, retro.facilitator))
    at = setting.start + chance.random() * length
    if chance.random() < 0.15:
        yield Pause(at, who, retro.channel, resumes=False, kind=_KIND)
        back = at + chance.random() * timedelta(hours=16)
        yield Pause(back, who, retro.channel, resumes=True, kind=_KIND)
    elif chance.random() < 0.1:
        yield Delete(at, who, retro.channel, kind=_KIND)
    if chance.random() < 0.2:
        at = setting.start + chance.random() * length
        members = chance.sample(setting.people, chance.randint(1, len(setting.people)))
        yield ChangeMembers(
            at, who, retro.channel, tuple(sorted(one.id for one in members)), kind=_KIND
        )
