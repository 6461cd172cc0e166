"""The way in from Slack of teams and of the workspace's settings."""

from collections.abc import Mapping
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.asking.views import WORKSPACE
from bot.engine.intake import Intake, Repeated
from bot.slack.replies import actor
from bot.teams import views, workspace
from bot.teams.model import NOT_ADMIN, NotAdmin, Rules, Wrong

Body = dict[str, Any]


def listen(app: AsyncApp, intake: Intake) -> None:
    """Register what these modals and buttons need."""
    on = _Listeners(intake)
    app.action(WORKSPACE)(on.workspace)
    app.view(WORKSPACE)(on.workspace_kept)


async def workspace_modal(intake: Intake, person: str) -> dict[str, Any]:
    """What Home's button opens for an admin."""
    found = await intake.read(workspace.standing, intake.workspace_id, person)
    if isinstance(found, NotAdmin):
        return views.not_admin_modal()
    return views.workspace_modal(found)


class _Listeners:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def workspace(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = workspace_modal(self._intake, actor(body))
        shown = self._intake.front.show(body, views.WORKSPACE_TITLE, modal)
        self._intake.front.later(body, shown)

    async def workspace_kept(self, ack: AsyncAck, body: Body) -> None:
        values = body["view"]["state"]["values"]
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            workspace.keep,
            self._intake.workspace_id,
            actor(body),
            _typed(values),
            bool(values["guests"]["guests"].get("selected_options")),
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


def _typed(values: Mapping[str, Any]) -> str:
    return values["statuses"]["statuses"].get("value") or ""
