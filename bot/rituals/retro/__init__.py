"""The retrospective: notes, votes and a discussion, each in its time, without a meeting."""

from bot.asking import closing, planning, rounds
from bot.engine.ritual import OnCard, OnHome, Ritual, View
from bot.rituals.retro import calling, counting, running, stages
from bot.rituals.retro.listeners import helping, listen
from bot.rituals.retro.model import KIND, RETRO
from bot.rituals.retro.offering import OFFER
from bot.rituals.retro.reading import asks
from bot.rituals.retro.shown import retro_shown, topic_shown
from bot.rituals.retro.views.message import retro_message
from bot.rituals.retro.views.topic import topic_message
from bot.rituals.retro.views.words import OPEN

RITUAL = Ritual(
    kind=KIND,
    steps={
        planning.PLAN: planning.plan,
        planning.ASK: stages.ask,
        planning.REMIND: rounds.remind,
        planning.SNOOZE: rounds.come_back,
        planning.LATE: rounds.late,
        closing.CLOSE: stages.close_rounds,
        stages.SORT: stages.sorted_out,
        counting.COUNT: counting.count,
        calling.CALL: calling.call,
    },
    views={
        running.VIEW: View(retro_shown, retro_message, throttled=True, run_of=running.run_of),
        running.TOPIC_VIEW: View(topic_shown, topic_message, throttled=True),
    },
    listen=listen,
    on_home=OnHome(
        heading="My retros",
        settings=RETRO.settings,
        status=RETRO.status,
        all=RETRO.mine,
        set_up=RETRO.set_up,
        set_up_label="Set up a retro",
        help=helping,
    ),
    on_card=OnCard(answer=OPEN, asks=asks),
    offers=(OFFER,),
)
