"""What a risk was made of is kept beside it, and says so where it stands."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.db.tables import Team
from bot.rituals.risk.tables import Alert, Risk
from bot.sandbox.blocks import elements_of
from bot.sandbox.world import Message
from tests.simulation.evidence import Evidence
from tests.simulation.model.risks import Of, Source
from tests.simulation.model.risks import Risk as Known

_MENUS = {"risk.from_blocker": Of.BLOCKER, "risk.from_check": Of.CHECK}
_BUTTON = "risk.from_alert"


def sources_kept(evidence: Evidence) -> Iterator[str]:
    """Each risk is its channel's team's, and names the blocker or message that it was made of."""
    rows = evidence.session.execute(select(Risk, Team.channel).join(Team, Risk.team_id == Team.id))
    for row, channel in rows:
        risk = evidence.books.register.risks.get(row.title)
        if risk is None:
            continue  # see `risks_kept`
        if channel != risk.channel:
            yield f"{row.title!r} is in the register of {channel}"
        if (stored := _stored(row)) != _named(risk.source):
            yield f"{row.title!r} was made of {risk.source}, and SQL has {stored}"


def _stored(row: Risk) -> tuple[object, ...]:
    return row.blocker_id, row.channel, row.message_ts


def _named(source: Source | None) -> tuple[object, ...]:
    match source:
        case Source(Of.BLOCKER, what):
            return int(what), None, None
        case Source(Of.MESSAGE, what, channel):
            return None, channel, what
        case _:
            return None, None, None


def alerts_linked(evidence: Evidence) -> Iterator[str]:
    """An alert is about the risk that somebody made of it, as long as nobody closes that."""
    made = _sure(evidence, Of.ALERT)
    titles = {one.id: one.title for one in evidence.session.scalars(select(Risk))}
    for alert in evidence.session.scalars(select(Alert)):
        known = evidence.books.register.about(alert.fingerprint)
        sure = [one for one in made if one in known]
        about = titles.get(alert.risk_id or 0)
        if not sure or any(one.was_closed for one in known):
            continue
        if about not in {one.title for one in known}:
            yield f"{alert.fingerprint!r} is about {about!r}, and {sure[0].title!r} is its risk"


def sources_follow(evidence: Evidence) -> Iterator[str]:
    """Nobody is offered to make a risk of what one was made of."""
    made = {
        menu: {one.source.what for one in _sure(evidence, of) if one.source}
        for menu, of in _MENUS.items()
    }
    alerts = {one.source.what for one in _sure(evidence, Of.ALERT)
              if one.source and not one.was_closed}  # fmt: skip
    for message in evidence.messages():
        if message.channel not in evidence.books.writable or _was_shut(evidence, message):
            continue
        for _block, element in elements_of(message.blocks):
            options = {one["value"] for one in element.get("options") or ()}
            if offered := options & made.get(element.get("action_id", ""), set()):
                yield f"a risk was made of {offered}, and {message.ts} offers it"
            name = message.text.rpartition(": ")[0]
            if element.get("action_id") == _BUTTON and name in alerts:
                yield f"a risk was made of {name!r}, and its message offers it"


def _sure(evidence: Evidence, of: Of) -> list[Known]:
    return [one for one in evidence.books.register.made_of(of) if one.deeds[0].sure is not None]


def _was_shut(evidence: Evidence, message: Message) -> bool:
    """Whether its channel could not be written to for a while."""
    return bool(evidence.books.writable[message.channel].changes)
