"""Public holidays, as the library `holidays` knows them.

It is imported when it is first needed; with its first country that takes 0.3 s, once. `warm` does
it before anybody waits for it.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

_ENGLISH = "en_US"


def holiday(country: str, subdivision: str | None, on: date) -> str | None:
    """What a date is called that is a public holiday there; None where it is none, or unknown."""
    if not country:
        return None
    return _year(country, subdivision or None, on.year).get(on)


def warm() -> None:
    """Import the library and what it knows of countries."""
    regions("DE")


@lru_cache(maxsize=512)
def regions(country: str) -> tuple[str, ...] | None:
    """The codes of a country's parts with holidays of their own; None for an unknown country."""
    import holidays

    found = holidays.list_supported_countries(include_aliases=False).get(country)
    return None if found is None else tuple(found)


@lru_cache(maxsize=512)
def _year(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    import holidays

    known = regions(country)
    if known is None:
        return {}
    part = subdivision if subdivision in known else None
    found = holidays.country_holidays(
        country, subdiv=part, years=year, expand=False, language=_language(country)
    )
    return {day: name.replace("; ", ", ") for day, name in found.items()}


def _language(country: str) -> str | None:
    """The country's own English, else any; None where the library has its own language alone."""
    import holidays

    offered = holidays.country_holidays(country)
    own = offered.default_language or ""
    if own.startswith("en"):
        return own
    return _ENGLISH if _ENGLISH in offered.supported_languages else None
