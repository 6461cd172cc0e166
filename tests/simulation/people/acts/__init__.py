"""What people do: each module one kind of act, and how often it comes. A new kind joins here."""

from tests.simulation.people.act import Draw
from tests.simulation.people.acts import (
    alerting,
    answering,
    being_away,
    channels,
    checking,
    doing,
    mitigating,
    moving,
    on_the_board,
    raising,
    rescheduling,
    retro_late,
    retro_leading,
    retro_merging,
    retro_notes,
    retro_running,
    retro_starting,
    retro_votes,
    risks,
    risks_made_of,
    running,
    settling,
    storming,
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

LATER: tuple[Draw, ...] = (
    risks_made_of.draw,
    settling.draw,
    storming.draw,
    mitigating.draw,
    retro_late.draw,
    retro_starting.draw,
    checking.draw,
    retro_running.draw,
    rescheduling.draw,
)
"""Those that joined once seeds had been named: what goes wrong is drawn beside the others, so that
a seed that failed has its troubles still.
"""
