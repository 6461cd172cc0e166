"""How long a server asks to be left alone: https://httpwg.org/specs/rfc9110.html#field.retry-after."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

USUAL = 30.0  # seconds, where nothing is said that can be read
_LONGEST = 3600.0


def seconds(headers: Mapping[str, str]) -> float:
    """The seconds of a Retry-After, which may also be a date: by the clock that sent it.

    Names of headers are in small letters.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), _LONGEST)
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers["date"])
        left = (until - now).total_seconds()
    except (KeyError, TypeError, ValueError):
        return USUAL
    return min(max(left, 0.0), _LONGEST)
