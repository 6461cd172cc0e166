"""The setup screen's way in from Slack."""

from slack_bolt.async_app import AsyncApp

from bot.asking.upkeep.screens import Screen
from bot.engine.intake import Intake
from bot.rituals.standup import setup_form
from bot.rituals.standup.model import STANDUP
from bot.rituals.standup.settings import UPKEEP
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.setup_state import FIELDS, form_of
from bot.rituals.standup.views import setup as views
from bot.rituals.standup.views import setup_fields, words
from bot.rituals.standup.views.look import look_modal

SCREEN = Screen(
    kind=STANDUP,
    upkeep=UPKEEP,
    blank=Form(),
    form_of=form_of,
    fields=FIELDS,
    draw=views.setup_modal,
    look=look_modal,
    note=setup_form.note,
    needs_a_channel=words.NEEDS_A_CHANNEL,
    command=lambda intake: intake.standup_command,
    redrawn_for=({"block_id": setup_fields.AT, "action_id": setup_fields.AT},),
)
setup_modal = SCREEN.setup_modal


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the setup screen's listeners."""
    SCREEN.listen(app, intake)
