"""Who takes part in a run, where they live, and the stand-ups that they are on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

ZONES = {
    "Asia/Tokyo": "JP",
    "Asia/Kolkata": "IN",
    "Asia/Kathmandu": "NP",
    "Europe/Berlin": "DE",
    "Europe/Lisbon": "PT",
    "Africa/Cairo": "EG",
    "America/Sao_Paulo": "BR",
    "America/St_Johns": "CA",
    "America/New_York": "US",
    "America/Los_Angeles": "US",
    "Pacific/Auckland": "NZ",
    "Pacific/Pago_Pago": "AS",
    "Pacific/Kiritimati": "KI",
    "Australia/Lord_Howe": "AU",
    "Etc/UTC": "",
}
"""Zones, each with the country whose public holidays its people have."""

_DATES = (
    date(2026, 1, 20),
    date(2026, 3, 6),  # clocks go forward in America on the 8th
    date(2026, 3, 27),  # and in Europe on the 29th
    date(2026, 4, 2),  # Easter; clocks go back in New Zealand on the 5th
    date(2026, 4, 29),  # 1 May
    date(2026, 6, 9),
    date(2026, 10, 23),  # clocks go back in Europe on the 25th
    date(2026, 10, 30),  # and in America on 1 November
    date(2026, 12, 24),
)
TIMES = (time(0, 15), time(1, 30), time(2, 30), time(9, 30), time(9, 30), time(13), time(23, 45))
_WEEKDAYS = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6), (0, 2, 4, 5))
_CHANNELS = ("C01GENERAL", "C01CHURN")
_TITLES = ("Churn", "Fraud")
_SKEW_SECONDS = 90
_A_BOARDS_DAY = timedelta(hours=14)


@dataclass(frozen=True)
class Somebody:
    """A person of the workspace. Everybody's first name is unique."""

    id: str
    name: str
    zone: str
    is_admin: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@aurora-ml.example"


@dataclass(frozen=True)
class Standup:
    """A stand-up as it is set up before a run begins."""

    title: str
    channel: str
    owner: str
    members: tuple[str, ...]
    weekdays: tuple[int, ...]
    at: time
    zone: str | None  # one for all; None: each person's own
    open_minutes: int
    remind_minutes: int
    at_close: bool  # whether answers are shown together at its close
    replies: bool  # whether each stands below the run's message


@dataclass(frozen=True)
class Retro:
    """A retro as it is set up before a run begins."""

    title: str
    channel: str
    owner: str
    facilitator: str
    members: tuple[str, ...]
    weekdays: tuple[int, ...]  # one
    at: time
    zone: str | None
    open_minutes: int  # of collecting
    sort_minutes: int
    vote_minutes: int
    discuss_minutes: int
    votes: int
    anonymous: bool


@dataclass(frozen=True)
class KnownRisk:
    """A risk that is in the register before a run begins. No two are called the same."""

    title: str
    owner: str  # "" for nobody's
    likelihood: int
    impact: int
    due: date  # of its next review


@dataclass(frozen=True)
class Register:
    """A team's risk register as it is set up before a run begins."""

    channel: str
    risk_owner: str
    days: tuple[int, int, int, int]  # between reviews: critical, high, medium, low
    risks: tuple[KnownRisk, ...]
    nth: int  # the team review is on the nth such weekday of each month
    weekday: int
    at: time
    zone: str


class Account(StrEnum):
    """What Jira has of somebody."""

    NONE = "none"
    OPEN = "open"
    HIDDEN = "hidden"  # its address is shown to nobody
    UNASSIGNABLE = "unassignable"


@dataclass(frozen=True)
class Board:
    """Jira as it is set up before a run begins."""

    cloud: bool
    hooked: bool  # whether it tells of changes
    projects: tuple[tuple[str, str], ...]  # the channels that have one, each with its key
    accounts: tuple[tuple[str, Account], ...]  # by person

    def account(self, who: str) -> Account:
        return dict(self.accounts).get(who, Account.NONE)


@dataclass(frozen=True)
class Setting:
    """Where and when a run takes place."""

    start: datetime
    end: datetime  # nobody does anything after it
    skew: float  # seconds by which Slack's clock is ahead of the bot's
    people: tuple[Somebody, ...]
    standups: tuple[Standup, ...]
    board: Board | None = None  # None: there is no Jira
    retro: Retro | None = None
    register: Register | None = None

    def person(self, who: str) -> Somebody:
        return next(one for one in self.people if one.id == who)

    @property
    def rituals(self) -> "tuple[Standup | Retro, ...]":
        return (*self.standups, *(() if self.retro is None else (self.retro,)))


def draw_board(setting: Setting, chance: Random) -> Setting:
    """Half of the settings have a Jira. Its five minutes cost time, so they are shorter."""
    if chance.random() < 0.5:
        return setting
    channels = [one.channel for one in setting.standups]
    board = Board(
        cloud=chance.random() < 0.7,
        hooked=chance.random() < 0.8,
        projects=tuple(
            (one, chance.choice(("ML", "ML", "DATA")))
            for number, one in enumerate(channels)
            if number == 0 or chance.random() < 0.8
        ),
        accounts=tuple((one.id, chance.choice(_ACCOUNTS)) for one in setting.people),
    )
    return replace(setting, board=board, end=setting.start + _A_BOARDS_DAY)


def draw_retro(setting: Setting, chance: Random) -> Setting:
    """Half of those without a Jira have a retro, on the first or second of its days."""
    if setting.board is not None or chance.random() < 0.5:
        return setting
    members = chance.sample(setting.people, chance.randint(2, len(setting.people)))
    retro = Retro(
        title="Looking back",
        channel="C01DATAQUALITY",
        owner=chance.choice(members).id,
        facilitator=chance.choice(members).id,
        members=tuple(sorted(one.id for one in members)),
        weekdays=((setting.start.weekday() + chance.randint(0, 1)) % 7,),
        at=chance.choice((time(0, 30), time(9), time(10), time(14))),
        zone=chance.choice((None, None, chance.choice(sorted(ZONES)))),
        open_minutes=chance.choice((60, 180, 480)),
        sort_minutes=chance.choice((0, 15, 60)),
        vote_minutes=chance.choice((60, 180)),
        discuss_minutes=chance.choice((60, 240)),
        votes=chance.choice((1, 3)),
        anonymous=chance.random() < 0.5,
    )
    return replace(setting, retro=retro)


def draw_register(setting: Setting, chance: Random) -> Setting:
    """Half of those without a Jira have a risk register, whose reviews are due in these days."""
    if setting.board is not None or chance.random() < 0.5:
        return setting
    first = setting.start.date()
    on = first + timedelta(days=chance.choice((0, 1)))
    people = [one.id for one in setting.people]
    register = Register(
        channel="C01LEADS",
        risk_owner=chance.choice(people),
        days=chance.choice(((1, 1, 2, 30), (1, 2, 3, 4), (7, 14, 30, 90))),
        risks=tuple(
            KnownRisk(
                title=title,
                owner=chance.choice((*people, *people, "")),
                likelihood=chance.randint(1, 5),
                impact=chance.randint(1, 5),
                due=first + timedelta(days=chance.choice((-1, 0, 0, 1, 1, 2))),
            )
            for title in _RISKS[: chance.randint(2, len(_RISKS))]
        ),
        nth=(on.day - 1) // 7 + 1,
        weekday=on.weekday(),
        at=chance.choice((time(0, 30), time(10), time(16))),
        zone=chance.choice(setting.people).zone,
    )
    return replace(setting, register=register)


def draw(chance: Random, *, days: int = 2) -> Setting:
    """A setting as chance has it."""
    start = datetime.combine(chance.choice(_DATES), time(chance.randrange(24)), UTC)
    people = tuple(_person(number, chance) for number in range(chance.randint(3, 5)))
    return Setting(
        start=start,
        end=start + timedelta(days=days),
        skew=chance.choice((0.0, chance.uniform(-_SKEW_SECONDS, _SKEW_SECONDS))),
        people=people,
        standups=tuple(
            _standup(number, people, chance) for number in range(chance.choice((1, 2, 2)))
        ),
    )


_ACCOUNTS = (*[Account.OPEN] * 3, Account.HIDDEN, Account.UNASSIGNABLE, Account.NONE)
_RISKS = ("Labels come late", "Features drift", "Nobody retrains", "The vendor leaves")
_NAMES = ("Ada", "Bo", "Cleo", "Dan", "Eve", "Finn")


def _person(number: int, chance: Random) -> Somebody:
    name = _NAMES[number]
    zone = chance.choice(sorted(ZONES))
    return Somebody(f"U0{name.upper()}", name, zone, is_admin=number == 0)


def _standup(number: int, people: Sequence[Somebody], chance: Random) -> Standup:
    members = chance.sample(people, chance.randint(2, len(people)))
    return Standup(
        title=_TITLES[number],
        channel=_CHANNELS[number],
        owner=chance.choice(members).id,
        members=tuple(sorted(one.id for one in members)),
        weekdays=chance.choice(_WEEKDAYS),
        at=chance.choice(TIMES),
        zone=chance.choice((None, None, None, chance.choice(sorted(ZONES)))),
        open_minutes=60 * chance.choice((1, 3, 5, 8, 8, 12, 24)),
        remind_minutes=chance.choice((0, 30, 60, 60, 120)),
        at_close=chance.random() < 0.25,
        replies=chance.random() < 0.25,
    )
