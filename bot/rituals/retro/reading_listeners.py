"""*Read all*, the export, and raising an action, from Slack."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import modals
from bot.actions.model import Behind, Proposed
from bot.actions.views import form
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.retro import acting, exporting, reading
from bot.rituals.retro.model import NoRetro, Past
from bot.rituals.retro.reading import Export, NoMessage
from bot.rituals.retro.views import read_all as views
from bot.rituals.retro.views import words
from bot.slack import blocks
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Posted
from bot.slack.replies import actor

Body = dict[str, Any]
_NO_SCOPE = (
    "Slack doesn't let Meridian attach files here: its app lacks the scope files:write. Whoever "
    "runs Meridian can add it (docs/slack-app.md)."
)
_NOT_YET = "There is nothing to export yet: the notes are hidden until all are shown."
_EXPORT = "Export"
_THERE = "It is in the retro's thread now: as Markdown to read, and as a table."
_NO_MESSAGE = "Its message is not in the channel (any more), so there is no thread to put it in."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register *Read all* with its pages, the export, and the button below a topic."""
    on = _Listeners(intake)
    app.action(words.READ_ALL)(on.read_all)
    app.action(views.EARLIER)(on.turn)
    app.action(views.NEXT)(on.turn)
    app.action(words.EXPORT)(on.export)
    app.action(words.RAISE)(on.raise_action)


async def read_all(intake: Intake, retro_id: int, page: int) -> dict[str, Any]:
    """A page of it."""
    found = await intake.read(reading.whole, intake.workspace_id, retro_id)
    if isinstance(found, NoRetro):
        return blocks.notice(views.TITLE, words.refusal(found))
    return views.read_all_modal(found, page)


async def export(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    """`export`, typed: both files into the thread."""
    receipt = ("slash_commands", body["trigger_id"])
    found = await intake.take(receipt, reading.export, intake.workspace_id, body["channel_id"])
    match found:
        case Export():
            await ack("The export is on its way into the retro's thread.")
            intake.front.later(body, _attach_typed(intake, body, found))
        case Repeated():
            await ack()
        case _:
            await ack(_not_exported(found))


async def _attach_typed(intake: Intake, body: Body, found: Export) -> None:
    if not await _attach(intake, found):
        await intake.gateway.respond(body["response_url"], _NO_SCOPE)


def _not_exported(found: NoMessage | Past | NoRetro) -> str:
    match found:
        case NoMessage():
            return _NO_MESSAGE
        case Past():
            return _NOT_YET
        case NoRetro():
            return "This channel has had no retro yet. Type it in the channel of the one you want."
        case _:
            assert_never(found)


async def _attach(intake: Intake, found: Export) -> bool:
    """Put both files below the message; answers whether Slack lets us."""
    name = exporting.name(found.shown)
    files = {
        f"{name}.md": exporting.markdown(found.shown).encode(),
        f"{name}.csv": exporting.table(found.shown),
    }
    try:
        await intake.gateway.attach(
            Posted(found.channel, found.ts), files, "Export", escape(found.shown.title)
        )
    except SlackRefused as error:
        if error.code != "missing_scope":
            raise
        return False
    return True


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._front = intake.front

    async def read_all(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.opens_on_top(body, views.TITLE, self._page(body))

    async def turn(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._front.later(body, self._front.fill(body, views.TITLE, self._page(body)))

    async def _page(self, body: Body) -> dict[str, Any]:
        retro_id, _, page = str(body["actions"][0]["value"]).partition(" ")
        return await read_all(self._intake, int(retro_id), int(page or 0))

    async def export(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        said = self._exported(body)
        self._front.opens_on_top(body, _EXPORT, said)

    async def _exported(self, body: Body) -> dict[str, Any]:
        """Put it into the thread; answers what came of it."""
        intake, retro_id = self._intake, int(body["actions"][0]["value"])
        receipt = ("block_actions", body["trigger_id"])
        found = await intake.take(receipt, reading.export_one, intake.workspace_id, retro_id)
        match found:
            case Export():
                there = await _attach(intake, found)
                return blocks.notice(_EXPORT, _THERE if there else _NO_SCOPE)
            case Repeated():
                return blocks.notice(_EXPORT, _THERE)
            case NoRetro():
                return blocks.notice(_EXPORT, words.refusal(found))
            case _:
                return blocks.notice(_EXPORT, _not_exported(found))

    async def raise_action(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._form(actor(body), int(body["actions"][0]["value"]))
        self._intake.front.opens_on_top(body, form.TITLE, modal)

    async def _form(self, slack_id: str, topic_id: int) -> dict[str, Any]:
        intake = self._intake
        proposed = await intake.read(acting.proposed, intake.workspace_id, topic_id)
        if not isinstance(proposed, Proposed):
            return blocks.notice(form.TITLE, words.refusal(proposed))
        behind = Behind(here=proposed.place.channel)
        return await modals.proposed_modal(intake, slack_id, proposed, behind)
