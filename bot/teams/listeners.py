"""The way in from Slack of teams and of the workspace's settings."""

from collections.abc import Coroutine, Mapping
from datetime import date
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.newcomers import look_up, look_up_briefly
from bot.asking.statuses import listing
from bot.asking.upkeep import channels
from bot.asking.upkeep.channels import Unseen
from bot.asking.views import TEAM, WORKSPACE
from bot.core.states import Phase, Role
from bot.engine.intake import Intake, Repeated
from bot.slack import blocks
from bot.slack.begun import begun
from bot.slack.replies import actor
from bot.teams import teams, views, workspace
from bot.teams.model import (
    NOT_ADMIN,
    May,
    NotAdmin,
    NotTheirs,
    Rules,
    TeamPlan,
    TeamShown,
    Wrong,
)

Body = dict[str, Any]
_MEMBER = "member"


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what these modals and buttons need."""
    on = _Listeners(intake)
    app.command(intake.team_command)(on.command)
    app.action(TEAM)(on.team)
    app.view(TEAM)(on.team_kept)
    app.action(WORKSPACE)(on.workspace)
    app.view(WORKSPACE)(on.workspace_kept)


async def team_modal(intake: Intake, person: str, channel_id: str) -> dict[str, Any]:
    """What the command and a button open: what the team of a channel keeps."""
    channel = await channels.look(intake, channel_id, intake.team_command, views.NEEDS_A_CHANNEL)
    if isinstance(channel, Unseen):
        return blocks.notice(views.TEAM_TITLE, channel.why)
    await look_up(intake, [person])
    shown = await intake.read(teams.standing, intake.workspace_id, person, channel.slack_id)
    metadata = f"{channel.slack_id} {channel.name}"
    jira = channel.slack_id if intake.has_jira else ""
    match shown.may:
        case May.CHANGE:
            return views.team_modal(shown, metadata, jira)
        case May.IF_MEMBER:
            if person in await intake.gateway.channel_members(channel.slack_id):
                return views.team_modal(shown, f"{metadata} {_MEMBER}", jira)
            return views.team_read(shown, views.NOT_MEMBER)
        case May.LOOK:
            return views.team_read(shown, views.NOT_THEIRS)
        case _:
            assert_never(shown.may)


async def workspace_modal(intake: Intake, person: str) -> dict[str, Any]:
    """What Home's button opens for an admin."""
    found = await intake.read(workspace.standing, intake.workspace_id, person)
    if isinstance(found, NotAdmin):
        return views.not_admin_modal()
    return views.workspace_modal(found)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def command(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._show(
            body, views.TEAM_TITLE, team_modal(self._intake, actor(body), body["channel_id"])
        )

    async def team(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        channel = body["actions"][0]["value"]
        self._show(body, views.TEAM_TITLE, team_modal(self._intake, actor(body), channel))

    async def team_kept(self, ack: AsyncAck, body: Body) -> None:
        view, values = body["view"], body["view"]["state"]["values"]
        plan, was = _plan(view, values), _plan(view, begun(view))
        chosen = {one for people in plan.roles.values() for one in people}
        await look_up_briefly(self._intake, sorted(chosen))
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            teams.keep,
            self._intake.workspace_id,
            actor(body),
            plan,
            was,
            member=_is_members(view),
        )
        match result:
            case TeamShown():
                await ack(response_action="update", view=views.team_kept(result))
            case NotTheirs():
                await ack(response_action="errors", errors={"tz": views.NOT_THEIRS})
            case Wrong(problems):
                await ack(response_action="errors", errors=problems)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    async def workspace(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._show(body, views.WORKSPACE_TITLE, workspace_modal(self._intake, actor(body)))

    async def workspace_kept(self, ack: AsyncAck, body: Body) -> None:
        shown, values = begun(body["view"]), body["view"]["state"]["values"]
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            workspace.keep,
            self._intake.workspace_id,
            actor(body),
            _typed(values),
            _allows(values),
            Rules(tuple(listing(_typed(shown))), _allows(shown)),
        )
        match result:
            case Rules():
                await ack(response_action="update", view=views.workspace_kept(result))
            case NotAdmin():
                await ack(response_action="errors", errors={"statuses": NOT_ADMIN})
            case Wrong(problems):
                await ack(response_action="errors", errors=problems)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    def _show(self, body: Body, title: str, modal: Coroutine[Any, Any, dict[str, Any]]) -> None:
        self._intake.front.opens(body, title, modal)


def _plan(view: Mapping[str, Any], values: Mapping[str, Any]) -> TeamPlan:
    """What the modal says, or said when it was shown."""
    channel, *more = view["private_metadata"].split(" ")
    start = values["start"]["start"].get("selected_date")
    weeks, phase = _chosen(values, "weeks"), _chosen(values, "phase")
    return TeamPlan(
        channel=channel,
        channel_name=more[0] if more else "",
        tz=values["tz"]["tz"].get("value") or "",
        sprint_start=date.fromisoformat(start) if start else None,
        sprint_weeks=int(weeks) if weeks else None,
        phase=Phase(phase) if phase else None,
        roles={role: _people(values, role) for role in Role},
    )


def _is_members(view: Mapping[str, Any]) -> bool:
    """Whether it was opened by a member of a channel without rituals."""
    metadata: str = view["private_metadata"]
    return metadata.split(" ")[2:] == [_MEMBER]


def _chosen(values: Mapping[str, Any], name: str) -> str | None:
    value: str = (values[name][name].get("selected_option") or {"value": views.NONE})["value"]
    return None if value == views.NONE else value


def _people(values: Mapping[str, Any], role: Role) -> tuple[str, ...]:
    return tuple(values[views.role_block(role)]["people"].get("selected_users") or ())


def _typed(values: Mapping[str, Any]) -> str:
    return values["statuses"]["statuses"].get("value") or ""


def _allows(values: Mapping[str, Any]) -> bool:
    return bool(values["guests"]["guests"].get("selected_options"))
