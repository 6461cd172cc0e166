"""What people do: each module one kind of act, and how often it comes. A new kind joins here."""

from tests.simulation.people.act import Draw
from tests.simulation.people.acts import (
    alerting,
    answering,
    being_away,
    channels,
    doing,
    moving,
    on_the_board,
    raising,
    retro_late,
    retro_leading,
    retro_merging,
    retro_notes,
    retro_starting,
    retro_votes,
    risks,
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
    retro_notes.draw,
    retro_votes.draw,
    retro_leading.draw,
    retro_merging.draw,
    risks.draw,
    alerting.draw,
)

LATER: tuple[Draw, ...] = (retro_late.draw, retro_starting.draw)
"""Kinds that came when seeds had names already: they leave what goes wrong around the others."""
