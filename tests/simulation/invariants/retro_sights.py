"""Retros as their channel saw them: the one message of each, through its stages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from bot.db.tables import Mirror
from tests.simulation.evidence import Evidence, Sight

COLLECT, SORT, VOTE, DISCUSS, OVER = range(5)
SHOWN = SORT
"""From then on notes are shown."""
_SAYS = {
    "add your notes": COLLECT,
    "topics are shown": SORT,
    "to look at": SORT,
    "choose what to talk about": VOTE,
    "say what you think in the threads": DISCUSS,
    "what came of it": OVER,
    "so it is closed": OVER,
    "was deleted": OVER,
}
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Told:
    """One retro, as its message told of it: each sight with the stage that it tells of."""

    sights: list[tuple[Sight, int]]

    @property
    def first(self) -> Sight:
        return self.sights[0][0]

    @property
    def last(self) -> Sight:
        return self.sights[-1][0]

    def begun(self, stage: int) -> datetime:
        """When it was first seen in a stage, or in a later one; after all time, if never."""
        return min((one.at for one, there in self.sights if there >= stage), default=_NEVER)

    def is_at(self, stages: range, after: datetime) -> bool:
        """Whether it was drawn in one of these stages after an instant."""
        return any(one.at > after and there in stages for one, there in self.sights)


def told(evidence: Evidence) -> list[Told]:
    """All retros of which the channel was told, in the order in which they came."""
    found: dict[str, Told] = {}
    for sight, stage in _seen(evidence):
        found.setdefault(sight.ts, Told([])).sights.append((sight, stage))
    return list(found.values())


def _seen(evidence: Evidence) -> Iterator[tuple[Sight, int]]:
    retro = evidence.books.setting.retro
    for sight in evidence.sights if retro is not None else ():
        assert retro is not None
        if sight.channel == retro.channel and sight.text.startswith(f"{retro.title} · "):
            yield sight, next(stage for words, stage in _SAYS.items() if words in sight.text)


def of_rows(evidence: Evidence) -> Mapping[int, Told]:
    """The same by their number in SQL; without those that have no message yet."""
    by_ts = {one.first.ts: one for one in told(evidence)}
    placed = evidence.session.execute(
        select(Mirror.subject, Mirror.remote_id).where(Mirror.view == "retro.run")
    )
    return {int(subject): by_ts[ts] for subject, ts in placed if ts in by_ts}


def live_at(evidence: Evidence, at: datetime) -> Told | None:
    """The newest retro of which the channel had been told by then."""
    before = [one for one in told(evidence) if one.first.at <= at]
    return before[-1] if before else None
