"""A stand-up's way in from Slack. Each listener parses, runs its use case, and acks."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.away_listeners import TITLE as AWAY_TITLE
from bot.asking.away_listeners import away_modal
from bot.asking.why import answer as why_answer
from bot.asking.why import why
from bot.core.text import escape
from bot.engine.intake import Intake, Repeated
from bot.rituals.standup import flow, setup_listeners, views
from bot.rituals.standup.flow import Closed, Incomplete, NotYours, Saved, Sheet
from bot.rituals.standup.model import NothingOpen
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]
TITLE = "Stand-up"
_NOT_YOURS = "That question is no longer there. Your card and App Home show what waits for you."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the stand-up's listeners."""
    on = _Listeners(intake)
    app.command(intake.standup_command)(on.command)
    app.action(views.ANSWER)(on.answer)
    app.view(views.ANSWER)(on.submitted)
    app.view(views.CLOSED)(on.seen)
    setup_listeners.listen(app, intake)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def command(self, ack: AsyncAck, body: Body) -> None:
        front, who = self._intake.front, actor(body)
        word, *rest = (body.get("text") or "").split(maxsplit=1) or [""]
        word = word.lower()
        match word:
            case "":
                await ack()
                front.later(body, front.show(body, TITLE, open_modal(self._intake, body)))
            case "setup":
                await ack()
                modal = setup_listeners.modal(self._intake, body)
                front.later(body, front.show(body, TITLE, modal))
            case "away":
                await ack()
                front.later(body, front.show(body, AWAY_TITLE, away_modal(self._intake, who)))
            case "why":
                await ack()
                front.later(body, self._say_why(body, "".join(rest)))
            case "help":
                await ack(_help(self._intake.standup_command))
            case _:
                await ack(_unknown(word, self._intake.standup_command))

    async def _say_why(self, body: Body, whom: str) -> None:
        found = await self._intake.read(
            why, self._intake.workspace_id, actor(body), _mentioned(whom.strip()) or None
        )
        told = why_answer(found, self._intake.standup_command)
        await self._intake.gateway.respond(body["response_url"], told)

    async def answer(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        prompt_id = int(body["actions"][0]["value"])
        modal = answer_modal(self._intake, actor(body), prompt_id)
        self._intake.front.later(body, self._intake.front.show(body, TITLE, modal))

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            flow.submit,
            self._intake.workspace_id,
            actor(body),
            int(view["private_metadata"]),
            _said(view),
        )
        match result:
            case Saved() | Repeated():
                await ack()
            case Incomplete(problems):
                await ack(response_action="errors", errors=views.errors(problems))
            case Closed(on, said):
                await ack(response_action="update", view=views.closed_modal(on, said))
            case NotYours():
                await ack(response_action="update", view=blocks.notice(TITLE, _NOT_YOURS))
            case _:
                assert_never(result)

    async def seen(self, ack: AsyncAck) -> None:
        await ack()


async def open_modal(intake: Intake, body: Body) -> dict[str, Any]:
    """What the bare command opens: the sheet of what is open, or when the next one is."""
    found = await intake.read(
        flow.open_sheet, intake.workspace_id, actor(body), body.get("channel_id", "")
    )
    match found:
        case Sheet():
            return _modal(found)
        case NothingOpen():
            return blocks.notice(TITLE, views.nothing_open(found, intake.standup_command))
        case _:
            assert_never(found)


async def answer_modal(intake: Intake, person: str, prompt_id: int) -> dict[str, Any]:
    """What an *Answer* or *Edit* button opens."""
    found = await intake.read(flow.sheet, intake.workspace_id, person, prompt_id)
    match found:
        case Sheet():
            return _modal(found)
        case Closed(on):
            return views.closed_modal(on, ())
        case NotYours():
            return blocks.notice(TITLE, _NOT_YOURS)
        case _:
            assert_never(found)


def _modal(sheet: Sheet) -> dict[str, Any]:
    return views.answer_modal(
        sheet.prompt_id, sheet.date, sheet.channel, sheet.questions, dict(sheet.said)
    )


def _said(view: Body) -> dict[str, str]:
    """What stands in the modal's inputs, by question key."""
    values = view["state"]["values"]
    return {key: (inputs.get("text") or {}).get("value") or "" for key, inputs in values.items()}


def _mentioned(whom: str) -> str:
    """The Slack id in `<@U1|name>`, or the name after an `@` where Slack doesn't escape it."""
    if whom.startswith("<@"):
        return whom[2:].split(">")[0].split("|")[0]
    return whom.removeprefix("@")


def _help(command: str) -> str:
    return (
        f"`{command}` answers the stand-up that is open for you.\n"
        f"`{command} setup` starts one in this channel, or changes it.\n"
        f"`{command} away` says on which days you are not to be asked.\n"
        f"`{command} why` tells why you were asked today, or not, and when next; "
        f"`{command} why @person` of somebody else.\n"
        "Your card in the DM with Meridian and its Home tab show what waits."
    )


def _unknown(word: str, command: str) -> str:
    inert = escape(word[:40].replace("`", "'"))
    return f"There is no `{command} {inert}`.\n{_help(command)}"
