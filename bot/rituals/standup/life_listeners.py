"""Pausing, resuming, deleting and listing stand-ups from Slack."""

from bot.asking.upkeep.lives import Lives
from bot.rituals.standup import lifecycle
from bot.rituals.standup.setup_listeners import SCREEN
from bot.rituals.standup.status import standings

LIVES = Lives(SCREEN, lifecycle.act, standings)
listen, typed = LIVES.listen, LIVES.typed
mine_modal, settings_modal, standing_id = LIVES.mine_modal, LIVES.settings_modal, LIVES.standing_id
