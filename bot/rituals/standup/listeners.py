"""A stand-up's way in from Slack. Each listener parses, runs its use case, and acks."""

from collections.abc import Mapping
from functools import partial
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.away_listeners import TITLE as AWAY_TITLE
from bot.asking.away_listeners import away_modal
from bot.asking.why import answer as why_answer
from bot.asking.why import why
from bot.engine.intake import Intake
from bot.rituals.standup import (
    answer_listeners,
    dm_listeners,
    life_listeners,
    read_all_listeners,
    setup_listeners,
    sheets,
    status_listeners,
    trial_listeners,
    unblock_listeners,
)
from bot.rituals.standup.model import Act, Choice, NothingOpen
from bot.rituals.standup.sheets import Sheet
from bot.rituals.standup.views import words
from bot.rituals.standup.views.choice import choice_modal
from bot.rituals.standup.views.status import TITLE as STATUS_TITLE
from bot.slack import blocks
from bot.slack.replies import actor
from bot.slack.subcommands import Subcommand, Subcommands

Body = dict[str, Any]
TITLE = "Stand-up"
OPEN = "standup.open"  # the shortcut, for where no command can be typed


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the stand-up's listeners."""
    on = _Listeners(intake)
    Subcommands(intake.standup_command, on.subcommands(), helping(intake)).listen(app)
    app.shortcut(OPEN)(on.opened)
    answer_listeners.listen(app, intake)
    unblock_listeners.listen(app, intake)
    dm_listeners.listen(app, intake)
    setup_listeners.listen(app, intake)
    trial_listeners.listen(app, intake)
    life_listeners.listen(app, intake)
    status_listeners.listen(app, intake)
    read_all_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def subcommands(self) -> Mapping[str, Subcommand]:
        return {
            "": self._open,
            "setup": self._setup,
            "settings": self._settings,
            "pause": partial(life_listeners.typed, self._intake, Act.PAUSE),
            "resume": partial(life_listeners.typed, self._intake, Act.RESUME),
            "delete": partial(life_listeners.typed, self._intake, Act.DELETE),
            "status": self._status,
            "away": self._away,
            "why": self._why,
        }

    async def _open(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        self._intake.front.opens(body, TITLE, open_modal(self._intake, body))

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        await self._open(ack, body, "")

    async def _setup(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        self._intake.front.opens(
            body, TITLE, setup_listeners.setup_modal(self._intake, actor(body), body["channel_id"])
        )

    async def _settings(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        modal = life_listeners.settings_modal(self._intake, actor(body), body["channel_id"])
        self._intake.front.opens(body, TITLE, modal)

    async def _status(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        modal = status_listeners.typed_modal(self._intake, actor(body), body["channel_id"])
        self._intake.front.opens(body, STATUS_TITLE, modal)

    async def _away(self, ack: AsyncAck, body: Body, _rest: str) -> None:
        await ack()
        self._intake.front.opens(body, AWAY_TITLE, away_modal(self._intake, actor(body)))

    async def _why(self, ack: AsyncAck, body: Body, whom: str) -> None:
        await ack()
        self._intake.front.later(body, self._say_why(body, whom))

    async def _say_why(self, body: Body, whom: str) -> None:
        whose = _mentioned(whom) or None
        found = await self._intake.read(
            why, self._intake.workspace_id, actor(body), whose, body["channel_id"]
        )
        told = why_answer(found, self._intake.standup_command)
        await self._intake.gateway.respond(body["response_url"], told)


async def open_modal(intake: Intake, body: Body) -> dict[str, Any]:
    """What the bare command opens: the sheet of what is open, which one, or when the next is."""
    found = await intake.read(
        sheets.open_sheet, intake.workspace_id, actor(body), body.get("channel_id", "")
    )
    match found:
        case Sheet():
            return await answer_listeners.asked_modal(intake, actor(body), found)
        case Choice():
            return choice_modal(found.among)
        case NothingOpen():
            return blocks.notice(TITLE, words.nothing_open(found, intake.standup_command))
        case _:
            assert_never(found)


def _mentioned(whom: str) -> str:
    """The Slack id in `<@U1|name>`, or the name after an `@` where Slack doesn't escape it."""
    if whom.startswith("<@"):
        return whom[2:].split(">")[0].split("|")[0]
    return whom.removeprefix("@")


def helping(intake: Intake) -> str:
    """What the commands do, in mrkdwn."""
    command = intake.standup_command
    writing = "Or write your answers to Meridian in its direct message, one question at a time.\n"
    return (
        f"`{command}` answers the stand-up that is open for you.\n"
        f"{writing if intake.hears_dms else ''}"
        f"`{command} setup` starts one in this channel, or shows its settings.\n"
        f"`{command} status` tells who has answered, who hasn't, and when it goes on.\n"
        f"`{command} settings` shows or changes how it asks; `{command} pause`, `{command} resume` "
        f"and `{command} delete` do what they say. Typed elsewhere, they list all of yours.\n"
        f"`{command} away` says on which days you are not to be asked.\n"
        f"`{command} why` tells why you were asked today, or not, and when next; "
        f"`{command} why @person` of somebody else.\n"
        "Your card in the DM with Meridian and its Home tab show what waits, and have a button for "
        "each of these. In threads, where Slack takes no commands, use its shortcuts (⚡ or +)."
    )
