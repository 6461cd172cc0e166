"""The stand-up: each person says once a day, at their own time, where they are."""

from bot.asking import planning, rounds
from bot.engine.ritual import Ritual, View
from bot.rituals.standup import flow, views
from bot.rituals.standup.listeners import listen
from bot.rituals.standup.model import KIND
from bot.rituals.standup.shown import run_shown

RITUAL = Ritual(
    kind=KIND,
    steps={
        planning.PLAN: planning.plan,
        planning.ASK: rounds.ask,
        planning.REMIND: rounds.remind,
        planning.LATE: rounds.late,
        planning.CLOSE: flow.close,
    },
    views={flow.RUN_VIEW: View(run_shown, views.run_message, throttled=True)},
    listen=listen,
    answer_action=views.ANSWER,
)
