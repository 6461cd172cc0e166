"""What people do: each module one kind of act, and how often it comes. A new kind joins here."""

from tests.simulation.people.act import Draw
from tests.simulation.people.acts import (
    answering,
    being_away,
    channels,
    doing,
    moving,
    on_the_board,
    raising,
    running,
    talking,
    unblocking,
    wishing,
)

KINDS: tuple[Draw, ...] = (
    answering.draw,
    talking.draw,
    wishing.draw,
    unblocking.draw,
    being_away.draw,
    moving.draw,
    running.draw,
    channels.draw,
    raising.draw,
    doing.draw,
    on_the_board.draw,
)
