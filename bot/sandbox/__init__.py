"""An outside world in one process: a Slack workspace that the real bot talks to."""

from bot.sandbox.errors import BadKeep, ControlError, PortTaken
from bot.sandbox.events import EVERYTHING, SUBSCRIBED
from bot.sandbox.server import Sandbox
from bot.sandbox.shortcuts import SHORTCUTS, Shortcut
from bot.sandbox.world import (
    APP_ID,
    APP_TOKEN,
    BOT_ID,
    BOT_TOKEN,
    BOT_USER_ID,
    SIGNING_SECRET,
    TEAM_ID,
)

__all__ = [
    "APP_ID",
    "APP_TOKEN",
    "BOT_ID",
    "BOT_TOKEN",
    "BOT_USER_ID",
    "EVERYTHING",
    "SHORTCUTS",
    "SIGNING_SECRET",
    "SUBSCRIBED",
    "TEAM_ID",
    "BadKeep",
    "ControlError",
    "PortTaken",
    "Sandbox",
    "Shortcut",
]
