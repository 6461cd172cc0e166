"""Instants in a query: dates and times in the asker's zone, and spans back from now."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.sandbox.jira.errors import JiraError
from bot.sandbox.jira.jql import Clause, Operand
from bot.sandbox.jira.world import Account, Issue

OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "in", "not in", "is", "is not")
FORMS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
PERIOD = re.compile(r"([+-]?)((?:\d+[wdhm]\s*)+)")
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
COMPARISONS: dict[str, Callable[[datetime, list[datetime]], bool]] = {
    "=": lambda at, bounds: at in bounds,
    "in": lambda at, bounds: at in bounds,
    "!=": lambda at, bounds: at not in bounds,
    "not in": lambda at, bounds: at not in bounds,
    ">": lambda at, bounds: at > bounds[0],
    ">=": lambda at, bounds: at >= bounds[0],
    "<": lambda at, bounds: at < bounds[0],
    "<=": lambda at, bounds: at <= bounds[0],
}


def test(
    name: str, clause: Clause, now: datetime, viewer: Account | None
) -> Callable[[Issue], bool]:
    """Whether an issue's `created`, `updated` or `due` is as a clause has it."""
    zone = ZoneInfo(viewer.tz if viewer else "Etc/UTC")

    def read(issue: Issue) -> datetime | None:
        if name == "due":
            due = issue.values.get("duedate")
            return None if due is None else datetime.fromisoformat(due).replace(tzinfo=zone)
        return issue.updated if name == "updated" else issue.created

    if any(each.is_empty for each in clause.operands):
        wanted = clause.operator in ("is", "=", "in")
        return lambda issue: wanted is (read(issue) is None)
    bounds = [_instant(each, clause, now, zone) for each in clause.operands]
    compare = COMPARISONS[clause.operator]
    return lambda issue: (at := read(issue)) is not None and compare(at, bounds)


def _instant(operand: Operand, clause: Clause, now: datetime, zone: tzinfo) -> datetime:
    if operand.is_function:
        return _function(operand, now, zone)
    for form in FORMS:
        try:
            # Naive at first: it is a wall time, put into the asker's zone at once.
            return datetime.strptime(operand.text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    if (match := PERIOD.fullmatch(operand.text.strip())) is not None:
        return now + _period(match)
    raise JiraError(
        400,
        f"Date value '{operand.text}' for field '{clause.field}' is invalid. Valid formats "
        "include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a "
        "period format e.g. '-5d', '4w 2d'.",
    )


def _function(operand: Operand, now: datetime, zone: tzinfo) -> datetime:
    if operand.text == "now":
        return now
    if operand.text == "startofday":
        return datetime.combine(now.astimezone(zone).date(), time(), zone)
    raise JiraError(400, f"Unable to find JQL function '{operand.text}()'.")


def _period(match: re.Match[str]) -> timedelta:
    span = timedelta()
    for number, unit in re.findall(r"(\d+)([wdhm])", match[2]):
        span += timedelta(**{UNITS[unit]: int(number)})
    return -span if match[1] == "-" else span
