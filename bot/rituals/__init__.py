"""The rituals there are; a new kind is a new folder and a line here."""

from bot.rituals import retro, risk, standup

RITUALS = (standup.RITUAL, retro.RITUAL, risk.RITUAL)
