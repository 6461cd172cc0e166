"""What to do about each way in which a ticket's sending can end. Pure."""

from enum import Enum
from typing import assert_never

from bot.actions.detail import Detail, refusal
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited, Transient
from bot.core.states import Outcome
from bot.engine.retry import back_off
from bot.engine.sending import SETTLING, Again, LookFirst, Result, Stopped
from bot.jira.errors import Forbidden, JiraRefused, NotFound, Unauthorised

_LOOKS = (15.0, 60.0, 300.0, 900.0)  # seconds after it began: Jira's index lags by up to minutes
# What belongs to a team's whole lane, by the fields that Jira names; "pid" is Data Center's.
_OF_THE_TEAM = frozenset({"project", "pid", "issuetype"})


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


def judge(error: MeridianError, doing: Doing, attempts: int) -> Result:
    """What an error means for the ticket that was under way."""
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
            return _refused(error, doing, attempts)
        case _:
            return Stopped(Outcome.PARKED, str(Detail(words=str(error))))


def _refused(error: JiraRefused, doing: Doing, attempts: int) -> Result:
    said = str(refusal(error))
    match doing:
        case Doing.CREATING:
            of_the_team = isinstance(error, (Forbidden, NotFound)) or (
                _OF_THE_TEAM & error.fields.keys()
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
