"""What to do about each way in which a ticket's sending can end. Pure."""

from collections.abc import Collection
from enum import Enum
from typing import assert_never

from bot.actions.detail import Detail, refusal
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited, Transient
from bot.core.states import Outcome
from bot.engine.retry import back_off
from bot.engine.sending import SETTLING, Again, LookFirst, Result, Stopped
from bot.jira.errors import Forbidden, JiraRefused, NotFound, Unauthorised

_LOOKS = (15.0, 60.0, 300.0, 900.0)  # seconds after it began: Jira's index lags by up to minutes
# What belongs to a team's whole lane, by the fields that Jira names: where its tickets go, and what
# each of them has that Meridian gives it, as a screen without that refuses them all alike. "pid" is
# Data Center's word for the project.
_OF_THE_TEAM = frozenset({"project", "pid", "issuetype", "labels", "description"})


class Doing(Enum):
    """What was under way when it went wrong."""

    CREATING = "creating"
    LOOKING = "looking"  # for one that may be there
    MEETING = "meeting"
    POLLING = "polling"


def look_again(seconds: float) -> float | None:
    """One was not found so many seconds after its creation began: how long until the next look.

    None after the last: it is not there.
    """
    return next((one - seconds for one in _LOOKS if one > seconds), None)


def judge(error: MeridianError, doing: Doing, attempts: int, teams: Collection[str] = ()) -> Result:
    """What an error means for the ticket that was under way.

    `teams` are the fields, by id, that its team has set on every ticket.
    """
    match error:
        case RateLimited():
            return Again(error.retry_after)
        case OutcomeUnknown() if doing is Doing.CREATING:
            return LookFirst()
        case OutcomeUnknown() if doing is Doing.MEETING:
            return Again(max(SETTLING.total_seconds(), back_off(attempts)))
        case NotSent() | OutcomeUnknown() | Transient() | Unauthorised():
            return Again(back_off(attempts))  # of a bad token: all is paused meanwhile
        case JiraRefused():
            return _refused(error, doing, attempts, _OF_THE_TEAM.union(teams))
        case _:
            return Stopped(Outcome.PARKED, str(Detail(words=error.noted)))


def _refused(error: JiraRefused, doing: Doing, attempts: int, teams: Collection[str]) -> Result:
    said = str(refusal(error))
    match doing:
        case Doing.CREATING:
            of_the_team = isinstance(error, (Forbidden, NotFound)) or any(
                one in teams for one in error.fields
            )
            return Stopped(Outcome.BLOCKED if of_the_team else Outcome.PARKED, said)
        case Doing.MEETING:
            blocked = isinstance(error, Forbidden)
            return Stopped(Outcome.BLOCKED if blocked else Outcome.PARKED, said)
        case Doing.LOOKING:
            return Stopped(Outcome.UNKNOWN, said)
        case Doing.POLLING:
            return Again(back_off(attempts))
        case _:
            assert_never(doing)
