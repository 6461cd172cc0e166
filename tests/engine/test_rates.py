"""Slack's rates, in virtual time."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.engine import rates
from bot.engine.rates import POST, PUBLISH, UPDATE, Rates
from tests.clocks import HandMachine

LIMITS = {POST: 300, UPDATE: 50, PUBLISH: 100}

Call = tuple[str, str, float]
CALLS = st.tuples(
    st.sampled_from(sorted(LIMITS)),
    st.sampled_from(["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]),
    st.floats(0, 2, allow_subnormal=False) | st.just(0.0) | st.floats(20, 90),
)


def drive(machine: HandMachine, limits: Rates, calls: list[Call]) -> list[Call]:
    """Ask for each call after a gap, and again and again until it is granted; when each was."""
    granted = []
    for method, channel, gap in calls:
        machine.advance(gap)
        while (wait := limits.take(method, channel)) > 0:
            machine.advance(max(wait, 1e-6))
        granted.append((method, channel, machine.elapsed()))
    return granted


@settings(max_examples=60, deadline=None)
@given(st.lists(CALLS, min_size=1, max_size=40), st.integers(1, 20))
def test_no_minute_exceeds_its_tier(calls: list[Call], times: int) -> None:
    """In any 60 seconds, of any mix of calls, bursts and idle times; nor any channel's second."""
    machine = HandMachine()
    granted = drive(machine, Rates(machine), calls * times)
    hold_to_slack_s_limits(granted)


def hold_to_slack_s_limits(granted: list[Call]) -> None:
    """No 60 seconds hold more calls of a method than its tier, nor a channel's second two."""
    by_method: dict[str, list[float]] = defaultdict(list)
    by_channel: dict[str, list[float]] = defaultdict(list)
    for method, channel, at in granted:
        by_method[method].append(at)
        if method == POST:
            by_channel[channel].append(at)
    for method, times_of in by_method.items():
        for first, one_too_many in zip(times_of, times_of[LIMITS[method] :], strict=False):
            assert one_too_many - first > 60 - 1e-6
    for times_of in by_channel.values():
        assert all(later - earlier >= 1 - 1e-6 for earlier, later in pairwise(times_of))


@pytest.mark.parametrize("method", sorted(LIMITS))
def test_a_rush_after_a_quiet_hour_keeps_to_the_tier(method: str) -> None:
    """What was saved up meanwhile is taken off what refills."""
    machine = HandMachine()
    limits = Rates(machine)
    machine.advance(3600)
    rush = [(method, f"C{number}", 0.0) for number in range(3 * LIMITS[method])]
    hold_to_slack_s_limits(drive(machine, limits, rush))


@pytest.mark.parametrize("method", sorted(LIMITS))
def test_a_tier_is_used_well(method: str) -> None:
    """Being careful costs a tenth of it at most."""
    machine = HandMachine()
    calls = [(method, f"C{number}", 0.0) for number in range(3 * LIMITS[method])]
    granted = drive(machine, Rates(machine), calls)
    assert granted[-1][2] < 3 * 60 * 1.1


def test_buckets_start_empty() -> None:
    """A bot that restarts in a loop can't send a burst each time."""
    machine = HandMachine()
    machine.advance(1000)
    limits = Rates(machine)
    assert limits.take(POST, "C1") == pytest.approx(1)
    machine.advance(1)
    assert limits.take(POST, "C1") == 0
    assert limits.take(POST, "C1") == pytest.approx(1)


def test_channels_don_t_hold_one_another_up() -> None:
    """One message a second each."""
    machine = HandMachine()
    limits = Rates(machine)
    machine.advance(1)
    assert [limits.take(POST, channel) for channel in ("C1", "C2", "C3")] == [0, 0, 0]


def test_a_message_that_goes_later_than_its_leave() -> None:
    """The next one to its channel waits for a second from then on; other channels don't."""
    machine = HandMachine()
    limits = Rates(machine)
    machine.advance(5)
    assert limits.take(POST, "C1") == 0
    machine.advance(2)
    limits.goes_now("C1")
    machine.advance(0.2)
    assert limits.take(POST, "C1") == pytest.approx(0.8)
    assert limits.take(POST, "C2") == 0


def test_a_refusal_takes_nothing() -> None:
    """Asking in vain costs neither the channel nor the workspace a token."""
    machine = HandMachine()
    limits = Rates(machine)
    machine.advance(1)
    assert limits.take(POST, "C1") == 0
    for _ in range(10):
        assert limits.take(POST, "C1") > 0
    assert [limits.take(POST, f"C{number}") for number in range(2, 5)] == [0, 0, 0]


def test_forgotten_buckets_give_no_second_burst() -> None:
    """Nor do they forget that time has passed."""
    machine = HandMachine()
    limits = Rates(machine)
    machine.advance(700)
    limits.forget_idle()
    assert limits.take(POST, "C1") == 0
    assert limits.take(POST, "C1") > 0
    limits.forget_idle()
    assert limits.take(POST, "C1") > 0
    machine.advance(601)
    limits.forget_idle()
    assert limits.take(POST, "C1") == 0


def test_unlimited_still_honours_a_pause() -> None:
    """`MERIDIAN_SLACK_RATES=off` lifts our limits, not Slack's."""
    machine = HandMachine()
    limits = Rates(machine, limited=False)
    assert [limits.take(POST, "C1") for _ in range(1000)] == [0] * 1000
    limits.pause(POST, machine.utc().replace(minute=1))
    assert limits.take(POST, "C1") == 60
    assert limits.take(UPDATE, "C1") == 0
    machine.advance(60)
    assert limits.take(POST, "C1") == 0


def test_a_shorter_pause_ends_no_longer_one(session: Session, machine: HandMachine) -> None:
    """Replies to calls that were under way together come in any order; SQL keeps the longest."""
    first = rates.keep_pause(session, POST, 30)
    rates.keep_pause(session, POST, 5)
    assert rates.kept_pauses(session) == {POST: first}
    limits = Rates(machine, limited=False)
    limits.pause(POST, first)
    limits.pause(POST, first.replace(second=5))
    assert limits.take(POST, "C1") == 30


def test_pauses_survive_a_restart_until_they_are_over(
    session: Session, machine: HandMachine
) -> None:
    """They are dated by machine time in SQL; past ones are dropped."""
    rates.keep_pause(session, POST, 30)
    rates.keep_pause(session, UPDATE, 90)
    machine.advance(10)
    restarted = Rates(machine, limited=False)
    restarted.restore(rates.kept_pauses(session))
    assert restarted.take(POST, "C1") == 20
    machine.advance(20)
    assert list(rates.kept_pauses(session)) == [UPDATE]
    rates.drop_past_pauses(session)
    machine.advance(60)
    assert rates.kept_pauses(session) == {}
