"""What one kind of ritual adds to the message of another one."""

import json

from bot.core.content import Message
from bot.db.tables import Mirror
from bot.engine.joining import joined
from bot.rituals import RITUALS
from bot.rituals.retro.model import Stage
from bot.rituals.retro.running import VIEW
from bot.rituals.risk.states import Chased
from tests.asking.conftest import Begin
from tests.asking.world import utc
from tests.rituals.retro.team import LEADER, Team
from tests.rituals.risk.register import add, keep


def test_a_retro_names_reviews_that_nobody_has_done(begin: Begin) -> None:
    """Where it is the channel's next message; not once they are done, and not in its summary."""
    team = Team(begin("2026-03-30T06:00"))
    team.gather()
    world = team.world
    risk = add(world, LEADER, likelihood=5, impact=5)
    team.until(utc("2026-03-31T17:00"))
    team.note("UMEI", "One")
    view = joined(RITUALS)[VIEW]

    def said() -> str:
        (mirror,) = world.session.query(Mirror).where(Mirror.view == VIEW)
        content = view.draw(view.load(world.session, mirror.subject, world.at))
        assert isinstance(content, Message)
        return json.dumps(content.blocks)

    assert "Risk reviews overdue" not in said()
    risk.chased, risk.next_review = Chased.CHANNEL, utc("2026-03-24T00:00").date()
    assert f"Risk reviews overdue: R{risk.id} Labels arrive too late" in said()
    keep(world, LEADER, risk)
    assert "Risk reviews overdue" not in said()
    risk.chased = Chased.CHANNEL
    team.until_stage(Stage.CLOSED)
    assert "Risk reviews overdue" not in said()
