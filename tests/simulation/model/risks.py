"""A risk register as its people know it: what they did to each risk, and what monitors told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from tests.simulation.cast import Register, Setting
from tests.simulation.model.alerts import Decided, Told
from tests.simulation.model.checks import Check
from tests.simulation.model.history import History
from tests.simulation.model.scores import USUAL, Intervals, Score, interval
from tests.simulation.model.wall import DAY, local_date

_TAKEN = timedelta(seconds=60)
"""Until then it is settled whether something was taken that nobody heard of."""
Days = frozenset[date | None]
"""When a review may be due; None: never, as the risk is closed."""


class Aspect(StrEnum):
    """What a risk says."""

    SCORE = "score"
    STATUS = "status"
    OWNER = "owner"  # a Slack id; "" for nobody
    DUE = "due"


class Way(StrEnum):
    """What is done to a risk, as its history calls it."""

    RAISED = "raised"
    KEPT = "kept"
    RESCORED = "rescored"
    MITIGATED = "mitigated"
    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    REOPENED = "reopened"
    EDITED = "edited"
    ALERTED = "alerted"


Says = Mapping[Aspect, Score | str | Days]


class Planned(NamedTuple):
    """When a team's review is held: on the nth such weekday of each month."""

    nth: int  # -1: the last
    weekday: int
    at: time

    def holds(self, day: date) -> bool:
        """Whether it is on a date."""
        is_last = (day + 7 * DAY).month != day.month
        is_nth = is_last if self.nth == -1 else (day.day - 1) // 7 + 1 == self.nth
        return day.weekday() == self.weekday and is_nth


class Of(StrEnum):
    """What a risk may be made of."""

    BLOCKER = "blocker"
    MESSAGE = "message"
    ALERT = "alert"
    CHECK = "check"


@dataclass(frozen=True)
class Source:
    """What a risk was made of, as whoever made it saw it."""

    of: Of
    what: str  # the blocker's id, the message's ts, the alert's name, what a check is about
    channel: str


@dataclass(eq=False)
class Deed:
    """Somebody did something to a risk, or set about to."""

    way: Way | None  # None: its team has other intervals, which is no line of its history
    who: str  # "" for a monitor, and for what settings do to it
    since: datetime
    says: Says  # from then on
    why: str = ""
    sure: datetime | None = None
    least: int = 1  # lines of its history, once it is sure: what changes nothing leaves none
    most: int = 1  # likewise: what nobody heard of is done again
    on: Days = frozenset()  # its date, where whoever did it was

    @property
    def settled(self) -> datetime:
        """When it has taken effect, if it ever does."""
        return self.sure or self.since + _TAKEN


@dataclass(eq=False)
class Risk:
    """One risk. No two are called the same."""

    title: str
    channel: str = ""  # whose team's it is
    source: Source | None = None
    deeds: list[Deed] = field(default_factory=list)
    against: History[tuple[str, ...]] = field(default_factory=lambda: History(()))
    """What is done against it."""
    mitigations: dict[str, History[str]] = field(default_factory=dict)
    """How far each of what was ever named is; "" before that."""

    @property
    def was_closed(self) -> bool:
        """Whether somebody has closed it, or may have."""
        return any(deed.way is Way.CLOSED for deed in self.deeds)

    def begin(self, deed: Deed) -> Deed:
        """Somebody sets about to do something to it."""
        self.deeds.append(deed)
        return deed

    def may_be(
        self, aspect: Aspect, begins: datetime, ends: datetime | None = None
    ) -> list[Score | str | Days]:
        """All that it may say at some instant from `begins` to `ends`.

        What is known to have been taken by then stands, and what may have been taken after it; of
        two things that were done at once nobody here can tell which came first.
        """
        deeds = [one for one in self.deeds if aspect in one.says and one.since <= (ends or begins)]
        known = [one for one in deeds if one.sure is not None and one.sure <= begins]
        return [
            one.says[aspect]
            for one in deeds
            if not any(two is not one and two.since >= one.settled for two in known)
        ]

    def scores(self, begins: datetime, ends: datetime | None = None) -> list[Score]:
        """The scores that it may have."""
        values = self.may_be(Aspect.SCORE, begins, ends)
        return [one for one in values if isinstance(one, tuple)]

    def may_be_due(self, begins: datetime, ends: datetime | None = None) -> set[date | None]:
        """The dates on which its review may be due."""
        values = self.may_be(Aspect.DUE, begins, ends)
        return {day for days in values if isinstance(days, frozenset) for day in days}


@dataclass(eq=False)
class Done:
    """Somebody did something to the register as a whole, or set about to."""

    who: str
    since: datetime
    sure: datetime | None = None
    most: int = 1  # times that it may have been taken


class Risks:
    """The one register of a run, if there is one."""

    def __init__(self, setting: Setting) -> None:
        self.risks: dict[str, Risk] = {}
        self.told: list[Told] = []
        self.decided: list[Decided] = []
        self.wrong: list[str] = []
        """What a monitor, or somebody who feigns to be one, was answered and should not have."""
        self.checks: dict[str, Check] = {}
        """At the gates, by what they are about."""
        self.by_hand: list[Done] = []
        """The reviews that people had held at once."""
        self.settled: list[Done] = []
        """When people changed how the register works; what that did to each risk is a deed."""
        self._setting = setting.register
        if setting.register is not None:
            wanted = setting.register
            self.risk_owners: History[str] = History(wanted.risk_owner)
            """Who answers for it: one at a time."""
            self.days: History[Intervals] = History(wanted.days)
            self.plan: History[Planned | None] = History(
                Planned(wanted.nth, wanted.weekday, wanted.at)
            )
            for one in setting.register.risks:
                says: Says = {
                    Aspect.SCORE: (one.likelihood, one.impact),
                    Aspect.STATUS: "open",
                    Aspect.OWNER: one.owner,
                    Aspect.DUE: frozenset({one.due}),
                }
                who, at = one.owner or setting.register.risk_owner, setting.start
                on = frozenset({local_date(at, setting.person(who).zone)})
                deed = Deed(Way.RAISED, who, at, says, sure=at, on=on)
                channel = setting.register.channel
                self.risks[one.title] = Risk(one.title, channel, deeds=[deed])

    @property
    def setting(self) -> Register:
        assert self._setting is not None
        return self._setting

    def due(self, at: datetime, today: Days, scores: Sequence[Score], channel: str) -> Days:
        """When a risk of a channel's team is looked at again that is looked at today."""
        here = channel == self.setting.channel
        settled = self.days.may_be(at, at + _TAKEN) if here else [USUAL]
        return frozenset(
            day + interval(days, one)
            for day in today
            if day is not None
            for one in scores
            for days in settled
        )

    def about(self, name: str) -> list[Risk]:
        """The risks that an alert of this name may be about."""
        return [
            one
            for one in self.risks.values()
            if one.channel == self.setting.channel
            and (name in one.title or (one.source and (one.source.of, one.source.what))
                 == (Of.ALERT, name))
        ]  # fmt: skip

    def made_of(self, of: Of) -> list[Risk]:
        """The risks that people made, or may have made, of things of a kind."""
        return [one for one in self.risks.values() if one.source and one.source.of is of]

    def deeds(self) -> Iterator[tuple[Risk, Deed]]:
        """All that was done to any."""
        return ((risk, deed) for risk in self.risks.values() for deed in risk.deeds)
