"""Use cases of a person's preferences: whose public holidays they have, and their quiet hours."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import countries, deck, quiet
from bot.asking.excuses import country_of
from bot.asking.excusing import reconsider
from bot.asking.holidays import regions
from bot.db.tables import Person

GUESSED, NO_COUNTRY = "guess", "none"  # chosen instead of a country
_LISTED = 40


class NoCountry(StrEnum):
    """Why a choice of country can't be kept, as the person reads it."""

    UNKNOWN = "Meridian knows no public holidays of that country."
    NEEDS_COUNTRY = "A region needs its country: choose one above."


BOTH = "Choose both times, or neither."
Quiet = tuple[time | None, time | None]
"""From when until when, on the person's own clock; none of both: the usual hours."""


@dataclass(frozen=True)
class Preferences:
    """What the modal is filled with; a country is a code, GUESSED or NO_COUNTRY."""

    country: str
    region: str
    guess: str | None  # a country's name
    quiet: Quiet = (None, None)


@dataclass(frozen=True)
class Kept:
    """Stored."""

    country: str  # its name; "" for none
    quiet: tuple[time, time] | None = quiet.USUAL  # None: no quiet hours


@dataclass(frozen=True)
class NotKept:
    """Not stored: what is wrong, by input."""

    problems: dict[str, str]


def standing(session: Session, _at: datetime, workspace_id: int, slack_id: str) -> Preferences:
    """A person's preferences as they are."""
    person = _person(session, workspace_id, slack_id)
    if person is None:
        return Preferences(GUESSED, "", None)
    chosen = GUESSED if person.country is None else person.country or NO_COUNTRY
    guess = countries.guess(person.tz)
    return Preferences(
        chosen,
        person.subdivision or "",
        guess and countries.name(guess),
        (person.quiet_from, person.quiet_until),
    )


def keep(
    session: Session,
    at: datetime,
    workspace_id: int,
    slack_id: str,
    chosen: str,
    region: str,
    hours: Quiet = (None, None),
) -> Kept | NotKept:
    """Keep what a person prefers; what is open today is held against their holidays at once."""
    person = _person(session, workspace_id, slack_id)
    if person is None:
        person = Person(workspace_id=workspace_id, slack_id=slack_id, name=slack_id)
        session.add(person)
    country = {GUESSED: None, NO_COUNTRY: ""}.get(chosen, chosen)
    guess = countries.guess(person.tz)
    code = _code(region, regions(country or guess or "") or ())
    if problems := _problems(country, code, guess) | _half(hours):
        return NotKept(problems)
    person.country, person.subdivision = country, code or None
    person.quiet_from, person.quiet_until = hours
    session.flush()
    first = deck.first_days(session, person.slack_id)  # those cards name their country
    reconsider(session, at, [person.id], also=first)
    named = countries.spoken(country_of(person)) if country_of(person) else ""
    return Kept(named, quiet.hours(person))


def _half(hours: Quiet) -> dict[str, str]:
    missing = [name for name, at in zip(("from", "until"), hours, strict=True) if at is None]
    return {f"quiet_{missing[0]}": BOTH} if len(missing) == 1 else {}


def _code(region: str, offered: Collection[str]) -> str:
    """A region as the library writes it, where it is one of those."""
    typed = region.strip()
    return next((one for one in offered if one.casefold() == typed.casefold()), typed)


def _problems(country: str | None, region: str, guess: str | None) -> dict[str, str]:
    meant = guess if country is None else country
    offered = regions(meant) if meant else ()
    if offered is None:
        return {"country": NoCountry.UNKNOWN} if country else {}
    if not region or region in offered:
        return {}
    if not meant:
        return {"region": NoCountry.NEEDS_COUNTRY}
    if not offered:
        return {"region": f"{countries.name(meant)} has no regions with holidays of their own."}
    more = " …" if len(offered) > _LISTED else ""
    return {"region": f"{countries.name(meant)} has {', '.join(offered[:_LISTED])}{more}."}


def _person(session: Session, workspace_id: int, slack_id: str) -> Person | None:
    return session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
