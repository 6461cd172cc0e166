"""The rituals there are; a new kind is a new folder and a line here."""

from bot.rituals import risk, standup

RITUALS = (standup.RITUAL, risk.RITUAL)
