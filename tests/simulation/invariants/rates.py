"""The bot keeps to Slack's rates by itself."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from tests.simulation.evidence import POST, UPDATE, Evidence

_PER_MINUTE = {POST: 300, UPDATE: 50, "views.publish": 100}
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_CLOSE_TO = timedelta(milliseconds=100)  # between taking leave to send, and sending


def within_rates(evidence: Evidence) -> Iterator[str]:
    """One message a second in a channel, and so many calls of a method in a minute."""
    calls = defaultdict[str, list[datetime]](list)
    posts = defaultdict[str, list[datetime]](list)
    for one in evidence.slack.calls:
        calls[one.method].append(one.began)
        if one.method == POST:
            posts[one.given["channel"]].append(one.began)
        if one.error == "ratelimited":
            yield f"Slack had to limit {one.method} at {one.began}"
    for channel, times in posts.items():
        for earlier, later in pairwise(times):
            # Leave is taken before the database is asked, which may take its time.
            if later - earlier < _SECOND - _CLOSE_TO and evidence.weather.fair(earlier, later):
                yield f"two messages to {channel} within {later - earlier} at {later}"
    for method, most in _PER_MINUTE.items():
        times = calls[method]
        for first, last in zip(times, times[most:], strict=False):
            if last - first < _MINUTE:
                yield f"more than {most} calls of {method} in the minute from {first}"
