"""What stands in the setup screen of a retro, and what it means; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.asking.upkeep import model as upkeep
from bot.asking.upkeep.forms import usual_problems
from bot.asking.upkeep.times import zone_typed
from bot.core.cadence import LAST, Cadence
from bot.core.sprints import HasSprints, at_the_end
from bot.core.text import one_line
from bot.rituals.retro.model import TITLE, Config
from bot.rituals.retro.templates import COLUMNS, BadColumns, Template, parse

SPRINT = "sprint"
WEEKS = (1, 2, 3, 4, 6, 8)
NTH = (1, 2, 3, 4, LAST)
REMINDERS = (0, 60, 120, 240)  # minutes before a window ends; 0: none
COLLECTING = (4, 8, 24, 48, 72, 120)  # hours
SORTING = (0, 1, 2, 4, 8, 24)
VOTING = (4, 8, 24, 48, 72)
DISCUSSING = (8, 24, 48, 72, 120)
NO_SPRINTS = (
    "This channel's team keeps no sprints yet: say when they begin under Team, or choose another."
)
NOT_ANONYMOUS = "Anonymous retros are kept in SQLite only: PostgreSQL can't keep an order secret."
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Form:
    """What stands in the setup screen. To begin with, what most teams want."""

    members: tuple[str, ...] = ()  # Slack ids
    often: str = ""  # every so many weeks, an nth in the month, or by sprint; "": as fits
    weekday: int = 3
    at: str = "10:00"
    template: Template = Template.WELL
    anonymous: bool = False
    title: str = TITLE
    zone: str = ""  # "": each person's own
    columns: str = ""  # one's own, as typed
    open_minutes: int = 24 * 60
    sort_minutes: int = 2 * 60
    vote_minutes: int = 24 * 60
    discuss_minutes: int = 48 * 60
    votes: int = 3
    remind_minutes: int = 120
    facilitator: str = ""  # a Slack id; "": whoever looks after it
    sprints: bool = False  # whether the team keeps any: not asked, but known
    unsigned: bool = True  # whether it may be anonymous: likewise


Meant = upkeep.Meant[Config]


def every(weeks: int) -> str:
    """How often, as the form has it: every so many weeks."""
    return f"w{weeks}"


def nth(number: int) -> str:
    """How often: the first, second … or last of its weekday in each month."""
    return f"n{number}"


def filled(title: str, cadence: Cadence, config: Config, members: tuple[str, ...]) -> Form:
    """The form of a retro as it is."""
    return Form(
        members=members,
        often=_often(cadence),
        weekday=cadence.weekdays[0],
        at=f"{cadence.at:%H:%M}",
        template=config.template,
        anonymous=config.anonymous,
        title=title,
        zone=cadence.zone or "",
        columns="\n".join(config.columns) if config.template is Template.OWN else "",
        open_minutes=config.open_minutes,
        sort_minutes=config.sort_minutes,
        vote_minutes=config.vote_minutes,
        discuss_minutes=config.discuss_minutes,
        votes=config.votes,
        remind_minutes=config.remind_minutes,
        facilitator=config.facilitator,
    )


def _often(cadence: Cadence) -> str:
    if cadence.by_sprint:
        return SPRINT
    return nth(cadence.nth[0]) if cadence.nth else every(cadence.every_weeks)


def meaning(
    form: Form, today: date, team: HasSprints | None, before: Cadence | None = None
) -> Meant | Mapping[str, str]:
    """What a form means, or what is wrong with it by field.

    With what it was before, its weeks go on being counted from the same one.
    """
    problems = dict(_problems(form))
    there = zone_typed(form.zone)
    columns = _columns(form)
    if isinstance(columns, str):
        problems["columns"] = columns
    cadence = None if problems else _cadence(form, today, there, team, before)
    if cadence is None:
        return problems or {"often": NO_SPRINTS}
    return upkeep.Meant(
        title=one_line(form.title),
        cadence=cadence,
        config=Config(
            open_minutes=form.open_minutes,
            remind_minutes=form.remind_minutes,
            sort_minutes=form.sort_minutes,
            vote_minutes=form.vote_minutes,
            discuss_minutes=form.discuss_minutes,
            votes=form.votes,
            anonymous=form.anonymous,
            template=form.template,
            columns=() if isinstance(columns, str) else columns,
            facilitator=form.facilitator,
        ),
    )


def _cadence(
    form: Form, today: date, there: str | None, team: HasSprints | None, before: Cadence | None
) -> Cadence | None:
    at = time.fromisoformat(form.at)
    if form.often == SPRINT:
        return at_the_end(team, at, there) if team is not None else None
    if form.often.startswith("n"):
        number = int(form.often.removeprefix("n"))
        return Cadence(weekdays=(form.weekday,), at=at, nth=(number,), zone=there)
    weeks = int(form.often.removeprefix("w") or 2)
    same = before is not None and before.every_weeks == weeks and not before.by_sprint
    first = today + (form.weekday - today.weekday()) % 7 * _DAY
    anchor = before.anchor if same and before is not None else first
    return Cadence(
        weekdays=(form.weekday,),
        at=at,
        every_weeks=weeks,
        anchor=anchor if weeks > 1 else None,
        zone=there,
    )


def _columns(form: Form) -> tuple[str, ...] | str:
    if form.template is not Template.OWN:
        return COLUMNS[form.template]
    try:
        return parse(form.columns)
    except BadColumns as refused:
        return refused.message


def _problems(form: Form) -> Mapping[str, str]:
    found = usual_problems(form)
    if form.anonymous and not form.unsigned:
        found["anonymous"] = NOT_ANONYMOUS
    shortest = min(form.open_minutes, form.vote_minutes, form.discuss_minutes)
    if form.remind_minutes and form.remind_minutes >= shortest:
        found["remind"] = "No stage is open that long: choose a shorter time, or none."
    return found
