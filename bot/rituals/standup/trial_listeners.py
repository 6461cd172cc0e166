"""*Try it on me now*, from Slack: without a row, and without a message."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asking import cards
from bot.asking.issue_links import NO_LINKS, IssueLinks
from bot.asking.known_keys import issue_links
from bot.core.text import one_line
from bot.db.tables import Person
from bot.engine.intake import Intake
from bot.rituals.standup import forms, from_jira, setup_form, values
from bot.rituals.standup.model import TITLE, Layout, Reveal
from bot.rituals.standup.questions import Template
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.setup_state import form_of, place_of
from bot.rituals.standup.views import answer
from bot.rituals.standup.views.setup import TRY
from bot.rituals.standup.views.trial import (
    TITLE as TRIAL,
)
from bot.rituals.standup.views.trial import (
    TRIED,
    Trial,
    preview_modal,
    refusal_modal,
    trial_modal,
)
from bot.slack.replies import actor

Body = dict[str, Any]
_METADATA = 3000
_PATIENCE_SECONDS = 0.8
_WINDOW = timedelta(hours=8)
_NO_CHANNEL = "Choose a channel first: the answers are shown there."
_TOO_LONG = "These questions are too long to be tried here; what they ask is fine."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the button and the form behind it."""
    on = _Listeners(intake)
    app.action(TRY)(on.tried)
    app.view(TRIED)(on.submitted)


@dataclass(frozen=True)
class _Me:
    """Who tries it, and their date."""

    name: str
    today: date
    links: IssueLinks = NO_LINKS


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def tried(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        front = self._intake.front
        front.opens_on_top(body, TRIAL, self._modal(body))

    async def _modal(self, body: Body) -> dict[str, Any]:
        place, form = place_of(body["view"]), form_of(body["view"])
        metadata = _packed(place.channel, form)
        trial = _trial(place.channel, form)
        if isinstance(trial, str):
            return refusal_modal(trial)
        if len(metadata) > _METADATA:
            return refusal_modal(_TOO_LONG)
        offered = await from_jira.offered(self._intake, actor(body), trial.channel, trial.questions)
        return trial_modal(trial, (await self._me(body)).today, metadata, offered)

    async def submitted(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        channel, form = _unpacked(view["private_metadata"])
        trial = _trial(channel, form)
        if isinstance(trial, str):  # what was tried came from this very form
            await ack(response_action="update", view=refusal_modal(trial))
            return
        said = values.tidy(trial.questions, forms.said(view["state"]["values"]))
        if wrong := values.problems(trial.questions, said):
            await ack(response_action="errors", errors=answer.errors(wrong))
            return
        me = await self._me(body)
        until = self._intake.calendar.now() + _WINDOW
        shown = preview_modal(trial, me.name, me.today, until, said, me.links)
        await ack(response_action="update", view=shown)

    async def _me(self, body: Body) -> _Me:
        """Without a long wait: nobody tries a stand-up to learn that the database is slow."""
        found: _Me | None = None
        reading = self._intake.read(_known, self._intake.workspace_id, actor(body))
        with contextlib.suppress(TimeoutError):
            found = await asyncio.wait_for(reading, _PATIENCE_SECONDS)
        name = (body.get("user") or {}).get("name") or "You"
        return found or _Me(name, self._intake.calendar.now().date())


def _known(session: Session, at: datetime, workspace_id: int, slack_id: str) -> _Me | None:
    person = session.scalar(
        select(Person).where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )
    return (
        None
        if person is None
        else _Me(person.name, cards.today(person, at), issue_links(session, workspace_id))
    )


def _trial(channel: str, form: Form) -> Trial | str:
    """What is tried, or why it can't be yet."""
    if not channel:
        return _NO_CHANNEL
    questions = setup_form.questions_of(form)
    if isinstance(questions, str):
        return questions
    return Trial(one_line(form.title) or TITLE, channel, questions, form.reveal, form.layout)


def _packed(channel: str, form: Form) -> str:
    own = form.questions if form.template is Template.OWN else ""
    packed = [channel, form.title, form.template, own, form.reveal, form.layout]
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def _unpacked(metadata: str) -> tuple[str, Form]:
    channel, title, template, own, reveal, layout = json.loads(metadata)
    form = Form(
        title=title,
        template=Template(template),
        questions=own,
        reveal=Reveal(reveal),
        layout=Layout(layout),
    )
    return channel, form
