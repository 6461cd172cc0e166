"""What action items bring to the engine: the moment at which people are told, and replies."""

from collections.abc import Mapping

from bot.actions import due, shown, telling
from bot.actions.views.reply import reply_message
from bot.engine.ritual import Step, View


class Actions:
    """The slice of action items."""

    kind = telling.KIND

    @property
    def steps(self) -> Mapping[str, Step]:
        return {due.STEP: due.step, telling.GIVEN: telling.given}

    @property
    def views(self) -> Mapping[str, View]:
        return {shown.REPLY: View(shown.reply_shown, reply_message)}
