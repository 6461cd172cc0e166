"""The modals of being away and of preferences: within Slack's limits, and inert."""

import json
from datetime import date, time
from typing import Any

import pytest

from bot.asking import away_views, countries
from bot.asking.absences import Away, Entered, Listed
from bot.asking.preferences import GUESSED, NO_COUNTRY, Kept, Preferences, Quiet
from bot.core.states import AbsenceKind
from bot.sandbox.blocks import check_view

MONDAY = date(2026, 3, 30)
HOSTILE = "<!channel> <@U1> & `c`"


def checked(view: dict[str, Any]) -> str:
    """The view as JSON, once Slack's limits were held against it."""
    made = json.dumps(view, ensure_ascii=False)
    assert len(made) < 250_000
    check_view(json.loads(made), "modal")
    return made


def one(number: int, name: str | None = None) -> Away:
    return Away(number, MONDAY, date(2026, 4, 3), AbsenceKind.OTHER, HOSTILE, name)


@pytest.mark.parametrize("count", [0, 1, 20, 21, 300])
def test_away_lists_what_fits(count: int) -> None:
    """Each with its button, twenty at most, and how many more there are."""
    listed = Listed(MONDAY, admin=True, away=tuple(map(one, range(count))))
    made = checked(away_views.away_modal("key", "U1", listed))
    assert made.count(away_views.REMOVE) == min(count, 20)
    assert (f"and {count - 20} more" in made) == (count > 20)
    assert "<!channel>" not in made


def test_only_an_admin_chooses_who() -> None:
    """Everybody else enters their own."""
    for admin in (True, False):
        made = checked(away_views.away_modal("key", "U1", Listed(MONDAY, admin, ())))
        assert ("users_select" in made) == admin
        assert ("Note to yourself" in made) != admin  # theirs may be to somebody else, who reads it


def test_somebody_else_s_reason_is_not_shown() -> None:
    """It is a note to whom it concerns; the name is inert."""
    made = checked(away_views.away_modal("k", "U1", Listed(MONDAY, True, (one(1, HOSTILE),))))
    assert made.count("&lt;!channel&gt;") == 1
    assert "Mon 30 March to Fri 3 April" in made


@pytest.mark.parametrize(
    ("name", "says"), [(None, "You are away *Mon 30 March*"), ("Bo", "Bo is away")]
)
def test_entered(name: str | None, says: str) -> None:
    """What happens now, in a sentence."""
    assert says in checked(away_views.entered_modal(Entered(MONDAY, MONDAY, name)))


@pytest.mark.parametrize("chosen", [GUESSED, NO_COUNTRY, "DE", "ZW", "no such"])
def test_preferences_offer_every_country(chosen: str) -> None:
    """More than a hundred, so in groups; what is chosen is shown."""
    view = away_views.preferences_modal(Preferences(chosen, "BY", "Germany"), countries.names())
    made = checked(view)
    assert "Åland" in made
    assert "As my time zone says: Germany" in made
    shown = GUESSED if chosen == "no such" else chosen
    element = next(block for block in view["blocks"] if block.get("block_id") == "country")
    assert element["element"]["initial_option"]["value"] == shown


def test_kept() -> None:
    """Of which country, or that there are none."""
    assert "public holidays of *Germany*" in checked(away_views.kept_modal(Kept("Germany")))
    assert "asked on public holidays too" in checked(away_views.kept_modal(Kept("")))


def test_kept_quiet_hours() -> None:
    """From when until when, or that there are none."""
    assert "from *20:00* to *08:00*" in checked(away_views.kept_modal(Kept("")))
    chosen = Kept("", (time(22, 30), time(6)))
    assert "from *22:30* to *06:00*" in checked(away_views.kept_modal(chosen))
    assert "at any hour" in checked(away_views.kept_modal(Kept("", None)))


@pytest.mark.parametrize("hours", [(None, None), (time(22), time(6, 15))])
def test_preferences_show_the_quiet_hours_chosen(hours: Quiet) -> None:
    """Or the usual ones, which the hint names."""
    made = checked(away_views.preferences_modal(Preferences(GUESSED, "", None, hours), {}))
    for at in hours if hours[0] is not None else ("20:00", "08:00"):
        assert f'"initial_time": "{str(at)[:5]}"' in made
    assert "Left empty, they are 20:00 to 08:00" in made
