"""The way in from Slack of where a team's tickets go."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import projects
from bot.actions.answers import answers
from bot.actions.projects import Chosen, Kept, Ordered
from bot.actions.views import projects as views
from bot.actions.views.projects import Offered
from bot.actions.views.troubles import NOT_LET_IN
from bot.asking.newcomers import look_up
from bot.asking.upkeep import channels
from bot.asking.upkeep.channels import Unseen
from bot.core.errors import MeridianError
from bot.core.noted import noted
from bot.core.text import clamp, one_line
from bot.engine.intake import Intake, Repeated
from bot.jira.errors import Unauthorised
from bot.jira.gateway import Gateway
from bot.jira.model import IssueType, Project
from bot.slack import blocks
from bot.slack.replies import actor
from bot.teams.model import May, NotTheirs
from bot.teams.views import JIRA_PROJECT, NEEDS_A_CHANNEL, NOT_MEMBER, NOT_THEIRS

Body = dict[str, Any]
_SUGGEST_SECONDS = 2.5  # of the three that Slack waits
_USUAL = "task"
_MEMBER = "member"

log = structlog.get_logger()


def listen(app: AsyncApp, intake: Intake, jira: Gateway, *, cloud: bool) -> None:
    """Register the modal, and what happens in it."""
    on = _Listeners(intake, jira, cloud=cloud)
    app.action(JIRA_PROJECT)(on.opened)
    app.options(views.SEARCH)(on.searched)
    app.action(views.SEARCH)(on.project_chosen)
    app.action(views.TYPE)(on.type_chosen)
    app.view(views.FORM)(on.kept)
    app.action(views.ORDER)(on.ordered)


class _Listeners:
    def __init__(self, intake: Intake, jira: Gateway, *, cloud: bool) -> None:
        self._intake = intake
        self._jira = jira
        self._cloud = cloud

    # --- the modal

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._modal(actor(body), body["actions"][0]["value"])
        self._intake.front.opens_on_top(body, views.TITLE, modal)

    async def _modal(self, person: str, channel_id: str) -> dict[str, Any]:
        try:
            return await self._drawn(person, channel_id)
        except Unauthorised:
            return blocks.notice(views.TITLE, NOT_LET_IN)

    async def _drawn(self, person: str, channel_id: str) -> dict[str, Any]:
        intake = self._intake
        channel = await channels.look(intake, channel_id, intake.team_command, NEEDS_A_CHANNEL)
        if isinstance(channel, Unseen):
            return blocks.notice(views.TITLE, channel.why)
        await look_up(intake, [person])
        shown = await intake.read(projects.standing, intake.workspace_id, person, channel.slack_id)
        chosen = shown.chosen
        now = Project(chosen.project, chosen.key, chosen.name) if chosen is not None else None
        type_name = chosen.issue_type_name if chosen is not None else ""
        place = f"{channel.slack_id} {channel.name}"
        match shown.may:
            case May.CHANGE:
                pass
            case May.IF_MEMBER:
                if person not in await intake.gateway.channel_members(channel.slack_id):
                    return views.look_modal(channel.slack_id, now, type_name, NOT_MEMBER)
                place = f"{place} {_MEMBER}"
            case May.LOOK:
                return views.look_modal(channel.slack_id, now, type_name, NOT_THEIRS)
            case _:
                assert_never(shown.may)
        offered = Offered()
        if chosen is not None and now is not None:
            offered = await self._offered(now, chosen.issue_type)
        return views.project_modal(channel.slack_id, offered, place)

    async def _offered(self, project: Project, issue_type: str = "") -> Offered:
        """What Jira offers for a project, and for an issue type of it or the usual one."""
        types = [one for one in await self._jira.issue_types(project.id) if not one.subtask]
        chosen = next((one for one in types if one.id == issue_type), _usual(types))
        if chosen is None:
            return Offered(project)
        fields = await self._jira.fields(project.id, chosen.id)
        wanted = tuple(one for one in fields if one.required)
        return Offered(project, types, chosen.id, wanted)

    async def searched(self, ack: AsyncAck, body: Body) -> None:
        await ack(options=[one.to_dict() for one in await self._projects(body.get("value") or "")])

    async def _projects(self, words: str) -> Sequence[Any]:
        try:
            async with asyncio.timeout(_SUGGEST_SECONDS):
                found = await self._jira.projects(words)
        except (MeridianError, TimeoutError) as error:
            log.warning("Jira's projects could not be listed", error=noted(error))
            return []
        return [views.project_option(one) for one in found]

    async def project_chosen(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._fill(body, "")

    async def type_chosen(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self._fill(body, body["actions"][0]["selected_option"]["value"])

    def _fill(self, body: Body, issue_type: str) -> None:
        front = self._intake.front
        front.later(body, front.fill(body, views.TITLE, self._filled(body["view"], issue_type)))

    async def _filled(self, view: Mapping[str, Any], issue_type: str) -> dict[str, Any]:
        place = view["private_metadata"]
        project = _project(view)
        offered = Offered() if project is None else await self._offered(project, issue_type)
        return views.project_modal(place.split(" ")[0], offered, place)

    # --- submitted

    async def kept(self, ack: AsyncAck, body: Body) -> None:
        view = body["view"]
        chosen, problems = self._chosen(view)
        if problems or chosen is None:
            await ack(response_action="errors", errors=problems)
            return
        channel, name, member = _place(view["private_metadata"])
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            projects.keep,
            self._intake.workspace_id,
            actor(body),
            channel,
            name,
            chosen,
            member=member,
        )
        match result:
            case Kept():
                project = Project(chosen.project, chosen.key, chosen.name)
                modal = views.kept_modal(
                    channel, project, chosen.issue_type_name, result.without,
                    view["private_metadata"],
                )  # fmt: skip
                await ack(response_action="update", view=modal)
            case NotTheirs():
                errors = {views.PROJECT_BLOCK: NOT_THEIRS}
                await ack(response_action="errors", errors=errors)
            case Repeated():
                await ack()
            case _:
                assert_never(result)

    def _chosen(self, view: Mapping[str, Any]) -> tuple[Chosen | None, dict[str, str]]:
        project = _project(view)
        if project is None:
            return None, {views.PROJECT_BLOCK: views.NO_PROJECT}
        block = f"{views.TYPE_BLOCK} {project.id}"
        entry = view["state"]["values"].get(block, {}).get(views.TYPE) or {}
        if (option := entry.get("selected_option")) is None:
            return None, {views.PROJECT_BLOCK: views.NO_TYPE}
        said = answers(view, cloud=self._cloud)
        chosen = Chosen(
            project=project.id,
            key=project.key,
            name=project.name,
            issue_type=option["value"],
            issue_type_name=clamp(one_line(option["text"]["text"]), 60),
            fields=said.fields,
        )
        return chosen, dict(said.problems)

    async def ordered(self, ack: AsyncAck, body: Body) -> None:
        channel, _name, member = _place(body["actions"][0]["value"])
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            projects.order,
            self._intake.workspace_id,
            actor(body),
            channel,
            member=member,
        )
        await ack()
        match result:
            case Ordered(count):
                modal = views.ordered_modal(count)
            case NotTheirs():
                modal = blocks.notice(views.TITLE, NOT_THEIRS)
            case Repeated():
                return
            case _:
                assert_never(result)
        told = self._intake.gateway.update_view(body["view"]["id"], modal)
        self._intake.front.later(body, told)


def _usual(types: Sequence[IssueType]) -> IssueType | None:
    """Task, or whatever comes first."""
    named = (one for one in types if one.name.casefold() == _USUAL)
    return next(named, types[0] if types else None)


def _project(view: Mapping[str, Any]) -> Project | None:
    entry = view["state"]["values"].get(views.PROJECT_BLOCK, {}).get(views.SEARCH) or {}
    option = entry.get("selected_option")
    return views.chosen_project(option) if option else None


def _place(metadata: str) -> tuple[str, str, bool]:
    """The channel, its name, and whether whoever opened the modal is in it."""
    channel, name, *more = (*metadata.split(" "), "")
    return channel, name, _MEMBER in more
