"""The answer modal's way in from Slack: opened by a button, and submitted."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.orm import Session

from bot.asking.newcomers import look_up_briefly
from bot.engine.intake import Intake, Repeated
from bot.rituals.standup import forms, from_jira, sheets, submitting
from bot.rituals.standup.answers import Incomplete, Saved
from bot.rituals.standup.forms import Submitted
from bot.rituals.standup.issues import Offered
from bot.rituals.standup.same import same_sheet
from bot.rituals.standup.sheets import Closed, NotYours, Sheet
from bot.rituals.standup.submitting import Changed
from bot.rituals.standup.views import answer as views
from bot.rituals.standup.views.issues import SEARCH, channel_of, option
from bot.slack import blocks
from bot.slack.replies import actor

Body = dict[str, Any]
OfPrompt = Callable[[Session, datetime, int, str, int], Sheet | Closed | NotYours]
TITLE = "Stand-up"
_NOT_YOURS = "That question is no longer there. Your card and App Home show what waits for you."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the listeners of answering in a modal."""
    on = _Listeners(intake)
    app.action(views.ANSWER)(on.answer)
    app.action(views.SAME)(on.same)
    app.options(re.compile(rf"^{re.escape(SEARCH)} "))(on.searched)
    app.view(views.ANSWER)(on.submitted)
    app.view(views.CLOSED)(on.seen)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def answer(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, sheets.sheet)

    async def same(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._open(body, same_sheet)

    def _open(self, body: Body, of_prompt: OfPrompt) -> None:
        prompt_id = int(body["actions"][0]["value"])
        modal = answer_modal(self._intake, actor(body), prompt_id, of_prompt)
        # In a modal it was chosen in a list of several.
        self._intake.front.opens_in_place(body, TITLE, modal)

    async def searched(self, ack: AsyncAck, body: Body) -> None:
        channel = channel_of(body["action_id"])
        found = await from_jira.suggested(self._intake, channel, body.get("value") or "")
        await ack(options=[option(one).to_dict() for one in found])

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        form = forms.submitted(body["view"])
        if form.beside.helper:
            await look_up_briefly(self._intake, [form.beside.helper])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            submitting.submit,
            self._intake.workspace_id,
            actor(body),
            form,
        )
        match result:
            case Saved() | Repeated():
                self._intake.look_people_up()  # whoever was named to help may be new
                await ack()
            case Incomplete(problems, helper):
                await ack(response_action="errors", errors=views.errors(problems, helper))
            case Closed(on, said, why):
                await ack(response_action="update", view=views.closed_modal(on, said, why))
            case Changed():
                await ack(response_action="update", view=_changed_modal(result, form))
            case NotYours():
                await ack(response_action="update", view=views.gone_modal(_NOT_YOURS, form.written))
            case _:
                assert_never(result)

    async def seen(self, ack: AsyncAck) -> None:
        await ack()


async def answer_modal(
    intake: Intake, slack_id: str, prompt_id: int, of_prompt: OfPrompt = sheets.sheet
) -> dict[str, Any]:
    """What an *Answer* or *Edit* button opens: the prompt's sheet, or why there is none."""
    found = await intake.read(of_prompt, intake.workspace_id, slack_id, prompt_id)
    match found:
        case Sheet():
            return await asked_modal(intake, slack_id, found)
        case Closed(on, said, why):
            return views.closed_modal(on, said, why)
        case NotYours():
            return blocks.notice(TITLE, _NOT_YOURS)
        case _:
            assert_never(found)


async def asked_modal(intake: Intake, slack_id: str, sheet: Sheet) -> dict[str, Any]:
    """The modal of a sheet, with what Jira offers where issues are asked for."""
    offered = await from_jira.offered(intake, slack_id, sheet.channel, sheet.questions)
    return _sheet_modal(sheet, offered)


def _sheet_modal(sheet: Sheet, offered: Offered) -> dict[str, Any]:
    return views.answer_modal(
        sheet.prompt_id,
        sheet.date,
        sheet.channel,
        sheet.questions,
        sheet.said,
        sheet.back,
        offered,
        at_close=sheet.at_close,
    )


def _changed_modal(changed: Changed, form: Submitted) -> dict[str, Any]:
    """What is asked now, with all that was written: where it belongs, or below to copy."""
    lost = [(form.labels.get(key, key), form.said[key]) for key in changed.lost]
    return views.changed_modal(_sheet_modal(changed.sheet, form.offered), lost)
