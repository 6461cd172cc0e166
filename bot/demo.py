"""The demo team: a stand-up that is under way, made by the same use cases as a real one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.app import Meridian
from bot.asking.people import learn
from bot.core.cadence import instant, zone
from bot.core.clock import Calendar
from bot.db.session import Database
from bot.rituals.standup import flow, setup
from bot.rituals.standup.flow import Sheet
from bot.rituals.standup.setup import Plan
from bot.slack.gateway import Gateway

CHANNEL = "C01CHURN"
OWNER = "U01LENA"
_AT = time(9, 30)
_WORKDAYS = (0, 1, 2, 3, 4)
_BEGINS = time(22, tzinfo=UTC)  # the evening before, when nobody has been asked yet

Advance = Callable[[datetime], Awaitable[int]]


@dataclass(frozen=True)
class _Said:
    person: str
    zone: str
    minutes: int  # after being asked
    learned: str
    next: str
    blockers: str = ""


_SAID = (
    _Said(
        "U01MEI",
        "Asia/Tokyo",
        17,
        "The March click logs hold 4 % duplicates, all from one retried export. "
        "Deduplicated and versioned as clicks@v12.",
        "Retrain the baseline on v12, to see whether the F1 of 0.81 was real.",
    ),
    _Said(
        "U01ARJUN",
        "Asia/Kolkata",
        12,
        "Distilling the ranker to 60 M parameters costs 0.4 points of NDCG and halves latency "
        "(p95 48 ms).",
        "Sweep the temperature; write up whether 48 ms is worth 0.4 points.",
        "GPU quota of the sweep is used up until Thursday",
    ),
)


def begins(today: date) -> datetime:
    """The calendar instant at which the demo starts: the eve of the coming Tuesday."""
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7)
    return datetime.combine(tuesday - timedelta(days=1), _BEGINS)


async def play(bot: Meridian, calendar: Calendar, advance: Advance) -> None:
    """Set the stand-up up and let its first day come to the moment when Berlin has been asked."""
    database, gateway, workspace_id = bot.database, bot.gateway, bot.workspace_id
    members = await _get_to_know(database, gateway, workspace_id, calendar.now())
    await database.write(_start, calendar.now(), workspace_id, members)
    day = calendar.now().date() + timedelta(days=1)
    for said in _SAID:
        moment = instant(day, _AT, zone(said.zone)) + timedelta(minutes=said.minutes)
        await advance(moment)
        await database.write(_say, calendar.now(), workspace_id, said)
    await advance(instant(day, _AT, zone("Europe/Berlin")) + timedelta(minutes=1))


async def _get_to_know(
    database: Database, gateway: Gateway, workspace_id: int, at: datetime
) -> list[str]:
    """The channel's people, by Slack id; bots and guests from elsewhere are left out."""
    members = [await gateway.member(one) for one in await gateway.channel_members(CHANNEL)]
    people = [one for one in members if not one.is_bot and not one.is_external]
    for member in people:
        await database.write(learn, at, workspace_id, member)
    return [member.slack_id for member in people]


def _start(session: Session, at: datetime, workspace_id: int, members: Sequence[str]) -> None:
    plan = Plan(
        channel=CHANNEL,
        channel_name="churn-model",
        members=tuple(members),
        weekdays=_WORKDAYS,
        at=_AT,
        key="demo",
    )
    setup.start(session, at, workspace_id, OWNER, plan)


def _say(session: Session, at: datetime, workspace_id: int, said: _Said) -> None:
    sheet = flow.open_sheet(session, at, workspace_id, said.person, CHANNEL)
    if isinstance(sheet, Sheet):
        answers = {"learned": said.learned, "next": said.next, "blockers": said.blockers}
        flow.submit(session, at, workspace_id, said.person, sheet.prompt_id, answers)
