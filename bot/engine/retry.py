"""Pure policy: what to do about each way in which sending can end."""

from dataclasses import dataclass

from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.core.states import Outcome
from bot.engine.sending import SETTLING, Again, LookFirst, NotThere, Result, Shown, Stopped
from bot.slack.errors import SlackRefused

_FIRST_SECONDS = 1.0
_LONGEST_SECONDS = 300.0
_DOUBLED = 30  # longer than anything waits, and a number that floats can hold

_OUTCOMES: dict[str, Outcome] = {
    "message_not_found": Outcome.GONE,
    "thread_not_found": Outcome.GONE,
    "cannot_reply_to_message": Outcome.GONE,
    "user_disabled": Outcome.GONE,
    "user_not_found": Outcome.GONE,
    "is_archived": Outcome.BLOCKED,
    "channel_not_found": Outcome.BLOCKED,
    "not_in_channel": Outcome.BLOCKED,
    "restricted_action": Outcome.BLOCKED,
    "invalid_blocks": Outcome.PARKED,
    "invalid_blocks_format": Outcome.PARKED,
    "msg_blocks_too_long": Outcome.PARKED,
    "msg_too_long": Outcome.PARKED,
    "no_text": Outcome.PARKED,
    "invalid_arguments": Outcome.PARKED,
    "view_too_large": Outcome.PARKED,
    "edit_window_closed": Outcome.PARKED,
    "cant_update_message": Outcome.PARKED,
}

TOKEN_ERRORS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "org_login_required",
        "team_access_not_granted",
    }
)

# Slack's pages on conversations.replies grant it to bots in direct messages alone, though it works
# in channels too: https://docs.slack.dev/reference/methods/conversations.replies
_UNREADABLE = frozenset({"missing_scope", "not_allowed_token_type", "no_permission"})


@dataclass(frozen=True)
class Sending:
    """What was being sent when it went wrong."""

    creates: bool
    looking: bool  # it was only looked for
    to_person: bool  # a DM or a Home
    attempts: int


def back_off(
    attempts: int, first: float = _FIRST_SECONDS, longest: float = _LONGEST_SECONDS
) -> float:
    """Seconds before the next try, twice as many each time: 1, 2, 4 … up to five minutes."""
    doubled = min(max(0, attempts - 1), _DOUBLED)
    return float(min(longest, first * 2**doubled))


def judge(error: MeridianError, sending: Sending) -> Result:
    """What an error means for the mirror that was being sent."""
    match error:
        case RateLimited():
            return Again(error.retry_after)
        case NotSent():
            return Again(back_off(sending.attempts))
        case OutcomeUnknown():
            return _unknown(sending)
        case SlackRefused():
            return _refused(error, sending)
        case _:
            return Stopped(Outcome.PARKED, error.noted)


def found(channel: str, remote_id: str | None) -> Result:
    """What a look-up means for a creation with an unknown outcome."""
    return NotThere() if remote_id is None else Shown(channel, remote_id, adopted=True)


def _unknown(sending: Sending) -> Result:
    if sending.looking:
        return Again(back_off(sending.attempts))
    if sending.creates:
        return LookFirst()
    return Again(max(SETTLING.total_seconds(), back_off(sending.attempts)))


def _refused(error: SlackRefused, sending: Sending) -> Result:
    if error.code in TOKEN_ERRORS:
        return Again(back_off(sending.attempts))  # the workspace is paused meanwhile
    if sending.looking and error.code in _UNREADABLE:
        return Stopped(Outcome.UNKNOWN, "the channel's history can't be read")
    outcome = _OUTCOMES.get(error.code, Outcome.PARKED)
    if outcome is Outcome.BLOCKED and sending.to_person:
        outcome = Outcome.GONE  # a DM can't be unarchived: its person is no longer there
    return Stopped(outcome, error.noted)
