"""The stand-up: each person says once a day, at their own time, where they are."""

from bot.asking import closing, planning, rounds
from bot.engine.ritual import OnCard, OnHome, Ritual, View, run_itself
from bot.rituals.standup import dialogue, dialogue_replies, running, telling, unblock_shown
from bot.rituals.standup.listeners import helping, listen
from bot.rituals.standup.model import KIND
from bot.rituals.standup.news import news
from bot.rituals.standup.plans import planned
from bot.rituals.standup.shown import reply_shown, run_shown
from bot.rituals.standup.views.answer import ANSWER, SAME
from bot.rituals.standup.views.channel import run_message
from bot.rituals.standup.views.dialogue import dialogue_message
from bot.rituals.standup.views.reply import reply_message
from bot.rituals.standup.views.setup import MINE, SET_UP, SETTINGS, STATUS
from bot.rituals.standup.views.unblock import unblock_message

RITUAL = Ritual(
    kind=KIND,
    steps={
        planning.PLAN: planning.plan,
        planning.ASK: running.ask,
        planning.REMIND: rounds.remind,
        planning.SNOOZE: rounds.come_back,
        planning.LATE: rounds.late,
        closing.CLOSE: dialogue.close,
        telling.STEP: telling.step,
    },
    views={
        running.RUN_VIEW: View(run_shown, run_message, throttled=True, run_of=run_itself),
        running.REPLY_VIEW: View(reply_shown, reply_message),
        dialogue_replies.VIEW: View(dialogue_replies.reply_shown, dialogue_message),
        unblock_shown.VIEW: View(unblock_shown.unblock_shown, unblock_message),
    },
    listen=listen,
    on_home=OnHome(
        heading="My stand-ups",
        settings=SETTINGS,
        status=STATUS,
        all=MINE,
        set_up=SET_UP,
        set_up_label="Set up a stand-up",
        help=helping,
    ),
    on_card=OnCard(answer=ANSWER, same=SAME, planned=planned, news=news, by_message=True),
    daily=(dialogue_replies.forget_old,),
)
