"""The setup screen's way in from Slack."""

import secrets
from collections.abc import Mapping
from datetime import time
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up, look_up_briefly
from bot.core.cadence import Cadence
from bot.engine.intake import Intake, Repeated
from bot.rituals.standup import setup
from bot.rituals.standup.lifecycle import Gone, NotOwner
from bot.rituals.standup.model import Started
from bot.rituals.standup.setup import Outsiders, Plan, Standing
from bot.rituals.standup.views import setup as views
from bot.rituals.standup.views import words
from bot.rituals.standup.views.setup import SetupShown
from bot.slack import blocks
from bot.slack.gateway import Channel
from bot.slack.replies import actor
from bot.teams import channels
from bot.teams.channels import Unseen

Body = dict[str, Any]
TITLE = "Stand-up"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register the setup screen's listener."""

    async def submitted(ack: AsyncAck, body: Body) -> None:
        plan = _plan(body["view"])
        if not isinstance(plan, Plan):
            await ack(response_action="errors", errors=plan)
            return
        await look_up_briefly(intake, plan.members)
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
            case Gone():
                gone = blocks.notice(TITLE, words.gone(intake.standup_command))
                await ack(response_action="update", view=gone)
            case Outsiders(names):
                await ack(response_action="errors", errors={"members": words.outsiders(names)})
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    app.view(views.SETUP)(submitted)


async def modal(intake: Intake, body: Body) -> dict[str, Any]:
    """The pre-filled screen for the channel that the command was typed in."""
    again = f"{intake.standup_command} setup"
    channel = await channels.look(intake, body["channel_id"], again, words.NEEDS_A_CHANNEL)
    if isinstance(channel, Unseen):
        return blocks.notice(TITLE, channel.why)
    await look_up(intake, [actor(body)])  # a workspace admin may change what another set up
    standing = await intake.read(setup.standing, intake.workspace_id, channel.slack_id)
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
    await look_up(intake, people)
    askable = await intake.read(setup.askable, intake.workspace_id, people)
    return SetupShown(key, channel.slack_id, channel.name, tuple(askable))


def _plan(view: Mapping[str, Any]) -> Plan | dict[str, str]:
    """What the screen says, as it was submitted; or what is wrong, by input."""
    key, channel, *name = view["private_metadata"].split(" ")
    values = view["state"]["values"]
    chosen = values["days"]["days"].get("selected_options") or []
    members = tuple(values["members"]["members"].get("selected_users") or ())
    weekdays = tuple(int(option["value"]) for option in chosen)
    at = values["at"]["at"].get("selected_time")
    problems = {}
    if not members:
        problems["members"] = "Choose at least one person."
    if not weekdays:
        problems["days"] = "Choose at least one day."
    if not at:
        problems["at"] = "Choose a time."
    if problems:
        return problems
    cadence = Cadence(weekdays=weekdays, at=time.fromisoformat(at))
    return Plan(channel, name[0] if name else "", members, cadence, key)
