"""What each way of going wrong means for a ticket."""

import pytest

from bot.actions import detail
from bot.actions.judging import Doing, judge, look_again
from bot.core.errors import MeridianError, NotSent, OutcomeUnknown, RateLimited
from bot.core.states import Outcome
from bot.engine.sending import Again, LookFirst, Result, Stopped
from bot.jira.errors import (
    Conflict,
    FieldsMissing,
    Forbidden,
    JiraRefused,
    NotFound,
    Unauthorised,
)

ALL = list(Doing)
BAD_PROJECT = JiraRefused(400, (), {"project": "valid project is required"})
BAD_SUMMARY = JiraRefused(400, (), {"summary": "no line breaks"})
AREA = {"customfield_1": "Area is required."}
MISSING = FieldsMissing(400, (), AREA, frozenset(AREA))


@pytest.mark.parametrize("doing", ALL)
@pytest.mark.parametrize(
    ("error", "seconds"),
    [(RateLimited(45), 45), (NotSent(), 4), (Conflict(), 4), (Unauthorised(401), 4)],
)
def test_what_took_no_effect_is_tried_again(
    doing: Doing, error: MeridianError, seconds: float
) -> None:
    """After what Jira asked for, or after a while that grows."""
    assert judge(error, doing, 3) == Again(seconds)


@pytest.mark.parametrize(
    ("doing", "result"),
    [
        (Doing.CREATING, LookFirst()),
        (Doing.LOOKING, Again(4)),
        (Doing.MEETING, Again(15)),
        (Doing.POLLING, Again(4)),
    ],
)
def test_what_nobody_knows_is_looked_for_or_repeated(doing: Doing, result: Result) -> None:
    """A creation is looked for; a change may arrive yet, and waits for that."""
    assert judge(OutcomeUnknown(), doing, 3) == result


@pytest.mark.parametrize(
    ("error", "doing", "outcome"),
    [
        (Forbidden(403), Doing.CREATING, Outcome.BLOCKED),
        (NotFound(404), Doing.CREATING, Outcome.BLOCKED),
        (BAD_PROJECT, Doing.CREATING, Outcome.BLOCKED),
        (BAD_SUMMARY, Doing.CREATING, Outcome.PARKED),
        (MISSING, Doing.CREATING, Outcome.PARKED),
        (Forbidden(403), Doing.MEETING, Outcome.BLOCKED),
        (BAD_SUMMARY, Doing.MEETING, Outcome.PARKED),
        (BAD_SUMMARY, Doing.LOOKING, Outcome.UNKNOWN),
        (MeridianError("a defect"), Doing.CREATING, Outcome.PARKED),
    ],
)
def test_a_refusal_stops_it(error: MeridianError, doing: Doing, outcome: Outcome) -> None:
    """Of the whole team where it is not about this ticket; with Jira's words."""
    result = judge(error, doing, 1)
    assert isinstance(result, Stopped)
    assert result.outcome is outcome
    assert detail.read(result.detail).words


@pytest.mark.parametrize("field", ["issuetype", "pid", "labels", "description", "customfield_7"])
def test_what_is_alike_on_all_tickets_of_a_team_stops_them_all(field: str) -> None:
    """The last is one that the team has set on each of them."""
    refused = JiraRefused(400, (), {"summary": "no line breaks", field: "not on this screen"})
    result = judge(refused, Doing.CREATING, 1, ["customfield_7"])
    assert isinstance(result, Stopped)
    assert result.outcome is Outcome.BLOCKED


def test_a_refused_look_at_all_issues_is_tried_again() -> None:
    """No ticket depends on it."""
    assert judge(Forbidden(403), Doing.POLLING, 3) == Again(4)


def test_what_is_missing_is_kept_with_jiras_words() -> None:
    """By field, for the modal that asks for it."""
    result = judge(MISSING, Doing.CREATING, 1)
    assert isinstance(result, Stopped)
    assert detail.read(result.detail).missing == AREA


def test_an_unreadable_detail_is_words() -> None:
    """Whatever was kept is told rather than nothing."""
    assert detail.read("no JSON").words == "no JSON"
    assert detail.read(None) == detail.Detail()


@pytest.mark.parametrize(
    ("seconds", "wait"), [(0, 15), (15, 45), (59, 1), (60, 240), (300, 600), (900, None)]
)
def test_looks_are_at_15_seconds_1_5_and_15_minutes(seconds: float, wait: float | None) -> None:
    """After the creation began; after the last it is not there."""
    assert look_again(seconds) == wait
