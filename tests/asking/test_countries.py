"""Which country a zone belongs to, and which of its days are public holidays."""

import subprocess
import sys
from datetime import date

import pytest

from bot.asking import countries
from bot.asking.holidays import holiday, regions


@pytest.mark.parametrize(
    ("tz", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Oslo", "NO"),
        ("Asia/Kolkata", "IN"),
        ("America/Indiana/Knox", "US"),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("CET", None),
        (None, None),
    ],
)
def test_a_zone_tells_its_country(tz: str | None, country: str | None) -> None:
    """Only where it belongs to one; UTC and the like belong to none."""
    assert countries.guess(tz) == country


def test_names() -> None:
    """English names, sorted; an unknown code stands for itself."""
    assert countries.name("DE") == "Germany"
    assert countries.name("XX") == "XX"
    assert [countries.spoken(one) for one in ("DE", "US")] == ["Germany", "the United States"]
    assert list(countries.names().values()) == sorted(countries.names().values())


@pytest.mark.parametrize(
    ("country", "part", "on", "name"),
    [
        ("DE", None, date(2026, 10, 3), "German Unity Day"),
        ("DE", None, date(2026, 6, 4), None),
        ("DE", "BY", date(2026, 6, 4), "Corpus Christi"),
        ("DE", "no such", date(2026, 10, 3), "German Unity Day"),
        ("GB", "SCT", date(2026, 11, 30), "Saint Andrew's Day"),
        ("JP", None, date(2026, 11, 3), "Culture Day"),
        ("JP", None, date(2027, 1, 1), "New Year's Day"),
        ("AQ", None, date(2026, 10, 3), None),
        ("", None, date(2026, 10, 3), None),
    ],
)
def test_holidays(country: str, part: str | None, on: date, name: str | None) -> None:
    """By country and part, in English; an unknown country has none."""
    found = holiday(country, part, on)
    assert (found is None) == (name is None)
    assert name is None or str(name).split()[0] in str(found)


def test_regions() -> None:
    """The parts with holidays of their own."""
    assert {"BY", "BE"} <= set(regions("DE") or ())
    assert regions("JP") == ()
    assert regions("AQ") in (None, ())


def test_the_library_is_loaded_when_first_needed() -> None:
    """Starting must not wait for it."""
    code = "import sys, bot.app; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
