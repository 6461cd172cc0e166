"""What each way of failing means: a pure table."""

import pytest

from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.core.states import Outcome
from bot.engine.retry import TOKEN_ERRORS, Sending, back_off, found, judge
from bot.engine.sending import SETTLING, Again, LookFirst, NotThere, Shown, Stopped
from bot.slack.errors import SlackRefused

CREATING = Sending(creates=True, looking=False, to_person=False, attempts=1)
UPDATING = Sending(creates=False, looking=False, to_person=False, attempts=1)
LOOKING = Sending(creates=True, looking=True, to_person=False, attempts=2)
TO_PERSON = Sending(creates=True, looking=False, to_person=True, attempts=1)


def outcome(code: str, sending: Sending) -> Outcome | None:
    result = judge(SlackRefused(code), sending)
    return result.outcome if isinstance(result, Stopped) else None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("message_not_found", Outcome.GONE),
        ("thread_not_found", Outcome.GONE),
        ("cannot_reply_to_message", Outcome.GONE),
        ("is_archived", Outcome.BLOCKED),
        ("channel_not_found", Outcome.BLOCKED),
        ("not_in_channel", Outcome.BLOCKED),
        ("restricted_action", Outcome.BLOCKED),
        ("invalid_blocks", Outcome.PARKED),
        ("msg_too_long", Outcome.PARKED),
        ("edit_window_closed", Outcome.PARKED),
        ("cant_update_message", Outcome.PARKED),
        ("an_error_that_slack_invents_tomorrow", Outcome.PARKED),
    ],
)
@pytest.mark.parametrize("sending", [CREATING, UPDATING])
def test_a_refusal_has_one_outcome(code: str, expected: Outcome, sending: Sending) -> None:
    """The list is closed: what is not in it is a defect of ours, and reported."""
    assert outcome(code, sending) is expected


@pytest.mark.parametrize(
    "code", ["user_disabled", "user_not_found", "channel_not_found", "not_in_channel"]
)
def test_a_person_who_left_is_gone(code: str) -> None:
    """Nobody can unarchive a person's direct messages."""
    assert outcome(code, TO_PERSON) is Outcome.GONE


@pytest.mark.parametrize("code", sorted(TOKEN_ERRORS))
@pytest.mark.parametrize("sending", [CREATING, UPDATING, LOOKING])
def test_a_refused_token_stops_no_mirror(code: str, sending: Sending) -> None:
    """The workspace is paused instead, and the mirror goes out afterwards."""
    assert isinstance(judge(SlackRefused(code), sending), Again)


def test_a_pause_is_as_long_as_slack_says() -> None:
    """Neither shorter nor longer, whatever was tried before."""
    many = Sending(creates=True, looking=False, to_person=False, attempts=9)
    assert judge(RateLimited(17), many) == Again(17)


def test_what_was_not_sent_is_sent_again() -> None:
    """Nothing took effect, so nothing is looked for."""
    assert judge(NotSent(), CREATING) == Again(1)


def test_an_unknown_creation_is_looked_for() -> None:
    """It is not safe to repeat."""
    assert judge(OutcomeUnknown(), CREATING) == LookFirst()


def test_an_unknown_update_is_repeated_after_it_settled() -> None:
    """The lost one could otherwise arrive after the next and undo it."""
    assert judge(OutcomeUnknown(), UPDATING) == Again(SETTLING.total_seconds())
    often = Sending(creates=False, looking=False, to_person=False, attempts=6)
    assert judge(OutcomeUnknown(), often) == Again(32)


@pytest.mark.parametrize("error", [OutcomeUnknown(), NotSent(), RateLimited(2)])
def test_a_failing_look_up_is_looked_up_again(error: MeridianError) -> None:
    """It reads, so it may be repeated; it never becomes a creation."""
    assert judge(error, LOOKING) == Again(2)


def test_without_history_the_outcome_stays_unknown() -> None:
    """The lean manifest can't look, so nothing is sent a second time."""
    assert outcome("missing_scope", LOOKING) is Outcome.UNKNOWN
    assert outcome("missing_scope", CREATING) is Outcome.PARKED


def test_a_defect_of_ours_is_parked() -> None:
    """What a view raises says why."""
    assert judge(MeridianError("card could not be drawn"), CREATING) == Stopped(
        Outcome.PARKED, "card could not be drawn"
    )


def test_a_look_up_s_answer() -> None:
    """What is there is adopted; what is not may be made."""
    assert found("C1", "1.1") == Shown("C1", "1.1", adopted=True)
    assert found("C1", None) == NotThere()


def test_back_off_doubles_to_five_minutes() -> None:
    """And never overflows."""
    assert [back_off(n) for n in (0, 1, 2, 3, 4)] == [1, 1, 2, 4, 8]
    assert back_off(9) == 256
    assert back_off(10) == back_off(5000) == 300


def test_a_look_up_that_slack_refuses_otherwise_is_judged_as_ever() -> None:
    """Only where the history can't be read nobody will ever know."""
    assert outcome("missing_scope", LOOKING) is Outcome.UNKNOWN
    assert outcome("is_archived", LOOKING) is Outcome.BLOCKED


def test_what_is_wrong_with_a_message_is_not_its_person_s_leaving() -> None:
    """Their DM can't be archived; what Slack can't draw is still ours to mend."""
    assert outcome("channel_not_found", TO_PERSON) is Outcome.GONE
    assert outcome("invalid_blocks", TO_PERSON) is Outcome.PARKED
