"""The setup screen's way in from Slack."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import time
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.people import learn
from bot.engine.intake import Intake, Repeated
from bot.rituals.standup import setup
from bot.rituals.standup.model import Started
from bot.rituals.standup.setup import NotOwner, Plan, Standing
from bot.rituals.standup.views import setup as views
from bot.rituals.standup.views import words
from bot.rituals.standup.views.setup import SetupShown
from bot.slack import blocks
from bot.slack.errors import SlackRefused
from bot.slack.gateway import Channel, Member
from bot.slack.replies import actor

Body = dict[str, Any]
TITLE = "Stand-up"
_LOOKED_UP = 40  # people looked up while the screen loads; the others once it has started
_TOGETHER = 8
_ARCHIVED = "This channel is archived, so nothing can be shown in it. Unarchive it first."


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the setup screen's listener."""

    async def submitted(ack: AsyncAck, body: Body) -> None:
        plan = _plan(body["view"])
        if problems := _problems(plan):
            await ack(response_action="errors", errors=problems)
            return
        result = await intake.take(
            ("view_submission", body["trigger_id"]),
            setup.start,
            intake.workspace_id,
            actor(body),
            plan,
        )
        match result:
            case Started():
                intake.look_people_up()
                view = views.started_modal(plan.channel, result)
                await ack(response_action="update", view=view)
            case NotOwner(owner):
                await ack(response_action="errors", errors={"members": words.not_owner(owner)})
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    app.view(views.SETUP)(submitted)


async def modal(intake: Intake, body: Body) -> dict[str, Any]:
    """The pre-filled screen for the channel that the command was typed in."""
    channel_id = body["channel_id"]
    if channel_id.startswith("D"):
        return blocks.notice(TITLE, words.not_in_a_dm(intake.standup_command))
    try:
        channel = await intake.gateway.channel(channel_id)
    except SlackRefused as error:
        if error.code != "channel_not_found":
            raise
        channel = Channel(channel_id, "", is_member=False, is_archived=False)
    if channel.is_archived:
        return blocks.notice(TITLE, _ARCHIVED)
    if not channel.is_member:
        return blocks.notice(TITLE, words.not_a_member(channel_id, intake.standup_command))
    await _look_up(intake, [actor(body)])  # a workspace admin may change what another set up
    standing = await intake.read(setup.standing, intake.workspace_id, channel_id)
    return views.setup_modal(await _filled(intake, channel, standing))


async def _filled(intake: Intake, channel: Channel, standing: Standing | None) -> SetupShown:
    key = secrets.token_hex(8)
    if standing is not None:
        cadence = standing.cadence
        return SetupShown(
            key,
            channel.slack_id,
            channel.name,
            standing.members,
            cadence.weekdays,
            cadence.at,
            changes=True,
        )
    members = await intake.gateway.channel_members(channel.slack_id)
    people = [one for one in members if one != intake.bot_user]
    await _look_up(intake, people)
    askable = await intake.read(setup.askable, intake.workspace_id, people)
    return SetupShown(key, channel.slack_id, channel.name, tuple(askable))


async def _look_up(intake: Intake, people: list[str]) -> None:
    """Get to know those who are new to us: bots and guests aren't asked, admins may change."""
    new = await intake.read(setup.unknown, intake.workspace_id, people)
    gate = asyncio.Semaphore(_TOGETHER)

    async def member(slack_id: str) -> Member:
        async with gate:
            return await intake.gateway.member(slack_id)

    found = await asyncio.gather(*map(member, new[:_LOOKED_UP]), return_exceptions=True)
    at = intake.calendar.now()
    for one in found:
        if isinstance(one, Member):
            await intake.database.write(learn, at, intake.workspace_id, one)


def _plan(view: Mapping[str, Any]) -> Plan:
    """What the screen says, as it was submitted."""
    key, channel, *name = view["private_metadata"].split(" ")
    values = view["state"]["values"]
    chosen = values["days"]["days"].get("selected_options") or []
    return Plan(
        channel=channel,
        channel_name=name[0] if name else "",
        members=tuple(values["members"]["members"].get("selected_users") or ()),
        weekdays=tuple(int(option["value"]) for option in chosen),
        at=_time(values["at"]["at"].get("selected_time")),
        key=key,
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _problems(plan: Plan) -> dict[str, str]:
    problems = {}
    if not plan.members:
        problems["members"] = "Choose at least one person."
    if not plan.weekdays:
        problems["days"] = "Choose at least one day."
    if plan.at is None:
        problems["at"] = "Choose a time."
    return problems
