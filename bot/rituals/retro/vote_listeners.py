"""The way in of votes, of *I'm done*, and of what a card opens."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.retro import note_listeners, reading_listeners, settling, votes
from bot.rituals.retro.model import NoRetro, NotOnIt, Past, Stage
from bot.rituals.retro.reading import of_prompt
from bot.rituals.retro.settling import AllDone
from bot.rituals.retro.views import vote as views
from bot.rituals.retro.views import words
from bot.rituals.retro.views.shown import Ballot
from bot.rituals.retro.votes import TooMany, Voted
from bot.slack import blocks
from bot.slack.replies import actor, afterwards

Body = dict[str, Any]
TITLE = "Retro"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the buttons and the form of votes."""
    on = _Listeners(intake)
    app.action(words.VOTE)(on.vote)
    app.view(views.VOTES)(on.sent)
    app.action(words.DONE)(on.done)
    app.action(words.FINISHED)(on.finished)
    app.action(words.OPEN)(on.open)


async def vote_modal(intake: Intake, slack_id: str, retro_id: int) -> dict[str, Any]:
    """What one votes on, or why one can't."""
    found = await intake.read(votes.booth, intake.workspace_id, slack_id, retro_id)
    match found:
        case Ballot():
            return views.vote_modal(found)
        case Past() | NotOnIt() | NoRetro():
            return blocks.notice(views.TITLE, escape(words.refusal(found)))
        case _:
            assert_never(found)


async def stage_modal(intake: Intake, slack_id: str, retro_id: int, stage: Stage) -> dict[str, Any]:
    """What there is to do for a person in the stage that a retro is in."""
    match stage:
        case Stage.COLLECT | Stage.SORT:
            return await note_listeners.notes_modal(intake, slack_id, retro_id)
        case Stage.VOTE:
            return await vote_modal(intake, slack_id, retro_id)
        case Stage.DISCUSS | Stage.CLOSED:
            return await reading_listeners.read_all(intake, retro_id, 0)
        case _:
            assert_never(stage)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def vote(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = vote_modal(self._intake, actor(body), int(body["actions"][0]["value"]))
        self._intake.front.opens(body, views.TITLE, modal)

    async def sent(self, ack: AsyncAck, body: Body) -> None:
        chosen, block = views.entered(body["view"])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            votes.vote,
            self._intake.workspace_id,
            actor(body),
            int(body["view"]["private_metadata"]),
            chosen,
        )
        match result:
            case Voted() | Repeated():
                await ack()
            case TooMany(have, wanted):
                said = views.too_many(have, wanted)
                await ack(response_action="errors", errors={block: said})
            case Past() | NotOnIt() | NoRetro():
                told = blocks.notice(views.TITLE, escape(words.refusal(result)))
                await ack(response_action="update", view=told)
            case _:
                assert_never(result)

    async def done(self, ack: AsyncAck, body: Body) -> None:
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            settling.done,
            self._intake.workspace_id,
            actor(body),
            int(body["actions"][0]["value"]),
        )
        await ack()
        self._tell(body, result)

    async def finished(self, ack: AsyncAck, body: Body) -> None:
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            settling.done_of_prompt,
            self._intake.workspace_id,
            actor(body),
            int(body["actions"][0]["value"]),
        )
        await ack()
        if not isinstance(result, AllDone):  # else the card says so
            self._tell(body, result)

    def _tell(self, body: Body, result: AllDone | Past | NotOnIt | NoRetro | Repeated) -> None:
        match result:
            case Repeated():
                return
            case AllDone(stage):
                said = words.all_done(stage)
            case _:
                said = words.refusal(result)
        self._intake.front.later(body, afterwards(self._intake.gateway, body, said))

    async def open(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._of_prompt(actor(body), int(body["actions"][0]["value"]))
        self._intake.front.opens(body, TITLE, modal)

    async def _of_prompt(self, slack_id: str, prompt_id: int) -> dict[str, Any]:
        intake = self._intake
        found = await intake.read(of_prompt, intake.workspace_id, slack_id, prompt_id)
        if isinstance(found, NoRetro):
            return blocks.notice(TITLE, words.refusal(found))
        return await stage_modal(intake, slack_id, *found)
