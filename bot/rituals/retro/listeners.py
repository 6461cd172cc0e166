"""A retro's way in from Slack. Each listener parses, runs its use case, and acks."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.upkeep.model import Act
from bot.engine.intake import Intake
from bot.rituals.retro import (
    lead_commands,
    lead_listeners,
    note_listeners,
    reading,
    reading_listeners,
    status_listeners,
    thread_listeners,
    vote_listeners,
)
from bot.rituals.retro.model import NoRetro
from bot.rituals.retro.setup_listeners import LIVES, SCREEN
from bot.slack.replies import actor
from bot.slack.subcommands import Subcommand, Subcommands

Body = dict[str, Any]
TITLE = "Retro"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the retro's listeners."""
    Subcommands(intake.retro_command, subcommands(intake), helping(intake)).listen(app)
    SCREEN.listen(app, intake)
    LIVES.listen(app, intake)
    status_listeners.listen(app, intake)
    note_listeners.listen(app, intake)
    vote_listeners.listen(app, intake)
    lead_listeners.listen(app, intake)
    reading_listeners.listen(app, intake)
    thread_listeners.listen(app, intake)


def subcommands(intake: Intake) -> Mapping[str, Subcommand]:
    """What can be typed, by its first word."""
    return {
        "": partial(_open, intake),
        "setup": partial(_setup, intake),
        "settings": partial(_settings, intake),
        "start": partial(lead_commands.start, intake),
        "next": partial(lead_commands.next_stage, intake),
        "extend": partial(lead_commands.extend, intake),
        "close": partial(lead_commands.close, intake),
        "status": partial(status_listeners.typed, intake),
        "export": partial(reading_listeners.export, intake),
        "pause": partial(LIVES.typed, intake, Act.PAUSE),
        "resume": partial(LIVES.typed, intake, Act.RESUME),
        "delete": partial(LIVES.typed, intake, Act.DELETE),
    }


async def _open(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    await ack()
    intake.front.opens(body, TITLE, _mine(intake, body))


async def _mine(intake: Intake, body: Body) -> dict[str, Any]:
    """The note form of the open one; the vote, the topics; or when there is one next."""
    slack_id = actor(body)
    found = await intake.read(
        reading.mine, intake.workspace_id, slack_id, body.get("channel_id", "")
    )
    if isinstance(found, NoRetro):
        command = f"{intake.retro_command} start"
        lead = f"No retro is under way. `{command}`, typed in its channel, runs one now."
        return await LIVES.mine_modal(intake, slack_id, lead)
    return await vote_listeners.stage_modal(intake, slack_id, *found)


async def _setup(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    await ack()
    intake.front.opens(body, TITLE, SCREEN.setup_modal(intake, actor(body), body["channel_id"]))


async def _settings(intake: Intake, ack: AsyncAck, body: Body, _rest: str) -> None:
    await ack()
    modal = LIVES.settings_modal(intake, actor(body), body["channel_id"])
    intake.front.opens(body, TITLE, modal)


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
