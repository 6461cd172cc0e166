"""A retro's way in from Slack. Each listener parses, runs its use case, and acks."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up_briefly
from bot.asking.upkeep import words as upkeep
from bot.asking.upkeep.model import Act, Gone
from bot.core.text import escape
from bot.engine.intake import Intake
from bot.rituals.retro import (
    lead_listeners,
    note_listeners,
    reading,
    reading_listeners,
    thread_listeners,
    vote_listeners,
)
from bot.rituals.retro.model import RETRO, NoRetro
from bot.rituals.retro.setup_listeners import LIVES, SCREEN
from bot.rituals.retro.status import status
from bot.rituals.retro.views.status import TITLE as STATUS_TITLE
from bot.rituals.retro.views.status import status_modal
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]
Subcommand = Callable[[AsyncAck, Body, str], Awaitable[None]]
"""Takes what was typed after its word."""
TITLE = "Retro"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the retro's listeners."""
    on = _Listeners(intake)
    app.command(intake.retro_command)(on.command)
    app.action(RETRO.status)(on.status_pressed)
    SCREEN.listen(app, intake)
    LIVES.listen(app, intake)
    note_listeners.listen(app, intake)
    vote_listeners.listen(app, intake)
    lead_listeners.listen(app, intake)
    reading_listeners.listen(app, intake)
    thread_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._subcommands: Mapping[str, Subcommand] = {
            "": self._open,
            "setup": self._setup,
            "settings": self._settings,
            "start": partial(lead_listeners.start, intake),
            "next": partial(lead_listeners.next_stage, intake),
            "extend": partial(lead_listeners.extend, intake),
            "close": partial(lead_listeners.close, intake),
            "status": self._status,
            "export": partial(reading_listeners.export, intake),
            "pause": partial(LIVES.typed, intake, Act.PAUSE),
            "resume": partial(LIVES.typed, intake, Act.RESUME),
            "delete": partial(LIVES.typed, intake, Act.DELETE),
            "help": self._help,
        }

    async def command(self, ack: AsyncAck, body: Body) -> None:
        word, *rest = (body.get("text") or "").split(maxsplit=1) or [""]
        subcommand = self._subcommands.get(word.lower())
        if subcommand is None:
            await ack(_unknown(word, self._intake))
        else:
            await subcommand(ack, body, "".join(rest).strip())

    async def _open(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        self._show(body, TITLE, self._mine(body))

    async def _mine(self, body: Body) -> dict[str, Any]:
        """The note form of the open one; the vote, the topics; or when there is one next."""
        intake, slack_id = self._intake, actor(body)
        found = await intake.read(
            reading.mine, intake.workspace_id, slack_id, body.get("channel_id", "")
        )
        if isinstance(found, NoRetro):
            lead = f"No retro is under way. `{intake.retro_command} start` runs one now."
            return await LIVES.mine_modal(intake, slack_id, lead)
        return await vote_listeners.stage_modal(intake, slack_id, *found)

    async def _setup(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        self._show(body, TITLE, SCREEN.setup_modal(self._intake, actor(body), body["channel_id"]))

    async def _settings(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        modal = LIVES.settings_modal(self._intake, actor(body), body["channel_id"])
        self._show(body, TITLE, modal)

    async def _status(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        self._show(body, STATUS_TITLE, self._status_typed(body))

    async def _status_typed(self, body: Body) -> dict[str, Any]:
        ritual_id = await LIVES.standing_id(self._intake, body["channel_id"])
        if ritual_id is None:
            return await LIVES.mine_modal(self._intake, actor(body))
        return await self._status_modal(actor(body), ritual_id)

    async def status_pressed(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._status_modal(actor(body), int(body["actions"][0]["value"]))
        if (body.get("view") or {}).get("type") == "modal":
            self._intake.front.later(body, self._intake.front.fill(body, STATUS_TITLE, modal))
        else:
            self._show(body, STATUS_TITLE, modal)

    async def _status_modal(self, slack_id: str, ritual_id: int) -> dict[str, Any]:
        await look_up_briefly(self._intake, [slack_id])
        shown = await self._intake.read(status, self._intake.workspace_id, slack_id, ritual_id)
        if isinstance(shown, Gone):
            told = upkeep.gone(RETRO, self._intake.retro_command)
            return blocks.notice(STATUS_TITLE, told)
        return status_modal(shown)

    async def _help(self, ack: AsyncAck, _body: Body, _rest: str) -> None:
        await ack(helping(self._intake))

    def _show(self, body: Body, title: str, modal: Coroutine[Any, Any, dict[str, Any]]) -> None:
        self._intake.front.later(body, self._intake.front.show(body, title, modal))


def helping(intake: Intake) -> str:
    """What the commands do, in mrkdwn."""
    command = intake.retro_command
    return (
        f"`{command}` adds a note to the open retro; later it opens the vote, or the topics.\n"
        f"`{command} setup` starts retros in this channel, or shows their settings.\n"
        f"`{command} start` runs one now.\n"
        f"`{command} next` ends the stage it is in, `{command} extend 4h` gives more time, and "
        f"`{command} close` ends it: for whoever leads it.\n"
        f"`{command} status` tells where it is; `{command} export` puts all of it into its thread, "
        "as Markdown and CSV.\n"
        f"`{command} settings` shows or changes how it goes; `{command} pause`, `{command} resume` "
        f"and `{command} delete` do what they say.\n"
        "Your card, the retro's message and Meridian's Home tab have a button for each of these."
    )


def _unknown(word: str, intake: Intake) -> str:
    inert = escape(word[:40].replace("`", "'"))
    return f"There is no `{intake.retro_command} {inert}`.\n{helping(intake)}"
