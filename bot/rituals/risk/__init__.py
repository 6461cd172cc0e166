"""The risk register: what may go wrong, who looks after it, and reviews that happen."""

from bot.engine.ritual import Ritual
from bot.rituals.risk import beside, chasing
from bot.rituals.risk.listeners import listen
from bot.rituals.risk.model import KIND

RITUAL = Ritual(
    kind=KIND,
    steps={chasing.STEP: chasing.step},
    views={},
    listen=listen,
    offer=beside.OFFER,
)
