"""How far a review that is due has been asked for, and when it is taken one stage further."""

from datetime import date

from bot.db.tables import Person
from bot.rituals.risk.states import Chased
from bot.rituals.risk.tables import Risk

REMINDED_AFTER, ESCALATED_AFTER, SHOWN_AFTER = 1, 3, 5
"""Days after a review was asked for: a reminder, the risk owner, the channel's next message."""


def ask(risk: Risk, person: Person, today: date) -> Chased | None:
    """Take a review one stage further with whoever is to do it, if it is time: the new stage."""
    waited = (today - (risk.asked_on or today)).days
    match risk.chased:
        case stage if stage is Chased.NOBODY or risk.asked_id != person.id:
            # It is asked for the first time, or of somebody else, or they are back.
            risk.chased, risk.asked_on, risk.asked_id = Chased.ASKED, today, person.id
        case Chased.ASKED if waited >= REMINDED_AFTER:
            risk.chased = Chased.REMINDED
        case Chased.REMINDED if waited >= ESCALATED_AFTER:
            risk.chased = Chased.RISK_OWNER
        case Chased.RISK_OWNER if waited >= SHOWN_AFTER:
            risk.chased = Chased.CHANNEL
        case _:
            return None
    return risk.chased


def go_on(risk: Risk, today: date) -> Chased | None:
    """The same without them, as they are away: they are asked anew once they are back."""
    since = (risk.next_review if risk.chased is Chased.NOBODY else risk.asked_on) or today
    waited = (today - since).days
    match risk.chased:
        case Chased.NOBODY | Chased.ASKED | Chased.REMINDED if waited >= ESCALATED_AFTER:
            stage = Chased.RISK_OWNER
        case Chased.RISK_OWNER if waited >= SHOWN_AFTER:
            stage = Chased.CHANNEL
        case _:
            return None
    risk.chased, risk.asked_on, risk.asked_id = stage, since, None
    return stage
