"""Countries, by ISO 3166 code, and which one a time zone belongs to.

From the tables that come with the IANA data. `zone.tab` has a zone for each country that shares
its clocks with another (Europe/Oslo beside Europe/Berlin), so that a zone in it means one country.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_WITH_ARTICLE = frozenset({"AE", "BS", "CZ", "DO", "MV", "NL", "PH", "US"})


def guess(tz: str | None) -> str | None:
    """The one country that a zone belongs to; None for UTC, an alias, or a zone of several."""
    return _by_zone().get(tz or "")


def name(code: str) -> str:
    """What a country is called in English: "Germany" for "DE"."""
    return names().get(code, code)


def spoken(code: str) -> str:
    """The same within a sentence: the United States."""
    return f"the {name(code)}" if code in _WITH_ARTICLE else name(code)


@cache
def names() -> Mapping[str, str]:
    """Every country's English name by its code, in order of the names."""
    found = {code: title for code, title, *_ in _rows("iso3166.tab")}
    return dict(sorted(found.items(), key=lambda one: one[1]))


@cache
def _by_zone() -> Mapping[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for codes, _coordinates, tz, *_ in _rows("zone.tab"):
        found[tz].update(codes.split(","))
    return {tz: next(iter(codes)) for tz, codes in found.items() if len(codes) == 1}


def _rows(table: str) -> Iterator[list[str]]:
    text = (files("tzdata") / "zoneinfo" / table).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
