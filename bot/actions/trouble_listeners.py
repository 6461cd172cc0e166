"""The way in from Slack of those who mend a ticket that stopped."""

import re
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.actions import mending
from bot.actions.answers import answers
from bot.actions.mended import Asked, Mended, NoTrouble, NotTheirProject
from bot.actions.mending import Came, Mend
from bot.actions.model import NotTheirs
from bot.actions.views import fill_in, troubles
from bot.engine.intake import Intake, Repeated
from bot.jira.gateway import Gateway
from bot.slack.replies import actor, afterwards, kept_back

Body = dict[str, Any]
_MENDS: Mapping[str, Mend] = {
    troubles.AGAIN: mending.create_again,
    troubles.WITHOUT: mending.go_on_without,
    troubles.TRY_AGAIN: mending.try_again,
    troubles.TRY_LANE: mending.try_lane,
}
_KEEP = re.compile(rf"{re.escape(troubles.KEEP)}\.\d+")


def listen(app: AsyncApp, intake: Intake, jira: Gateway, *, cloud: bool) -> None:
    """Register the buttons beside troubles, and the modal that asks for what Jira wants."""
    on = _Listeners(intake, jira, cloud=cloud)

    def mends(action: str, mend: Mend) -> None:
        async def pressed(ack: AsyncAck, body: Body) -> None:
            await on.pressed(ack, body, mend, int(body["actions"][0]["value"]))

        app.action(action)(pressed)

    for action, mend in _MENDS.items():
        mends(action, mend)
    app.action(_KEEP)(on.kept)
    app.action(troubles.FILL_IN)(on.asked)
    app.view(fill_in.FORM)(on.filled_in)


class _Listeners:
    def __init__(self, intake: Intake, jira: Gateway, *, cloud: bool) -> None:
        self._intake = intake
        self._jira = jira
        self._cloud = cloud

    async def pressed(
        self, ack: AsyncAck, body: Body, mend: Callable[..., Came | NotTheirProject], *about: object
    ) -> None:
        """What is as they wish is seen on the card; why not is said in place."""
        result = await self._intake.take(
            ("block_actions", body["trigger_id"]),
            mend,
            self._intake.workspace_id,
            actor(body),
            *about,
        )
        await ack()
        if isinstance(result, (NoTrouble, NotTheirs, NotTheirProject)):
            told = afterwards(self._intake.gateway, body, fill_in.refusal(result))
            self._intake.front.later(body, told)

    async def kept(self, ack: AsyncAck, body: Body) -> None:
        mirror_id, issue_id = body["actions"][0]["value"].split()
        await self.pressed(ack, body, mending.keep_one, int(mirror_id), issue_id)

    # --- what Jira asks for

    async def asked(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        modal = self._modal(actor(body), int(body["actions"][0]["value"]))
        front = self._intake.front
        front.opens(body, fill_in.TITLE, modal)

    async def _modal(self, person: str, mirror_id: int) -> dict[str, Any]:
        found = await self._intake.read(mending.asked, self._intake.workspace_id, person, mirror_id)
        if not isinstance(found, Asked):
            return fill_in.notice(found)
        fields = await self._jira.fields(found.project, found.issue_type)
        wanted = [one for one in fields if one.id in found.missing]
        unknown = found.missing.keys() - {one.id for one in wanted}
        return fill_in.modal(found, wanted, [found.missing[one] for one in sorted(unknown)])

    async def filled_in(self, ack: AsyncAck, body: Body) -> None:
        said = answers(body["view"], cloud=self._cloud)
        if said.problems:
            await ack(response_action="errors", errors=dict(said.problems))
            return
        result = await self._intake.take(
            ("view_submission", body["trigger_id"]),
            mending.fill_in,
            self._intake.workspace_id,
            actor(body),
            int(body["view"]["private_metadata"]),
            said.fields,
        )
        match result:
            case Mended() | Repeated():
                await ack()
            case NoTrouble() | NotTheirs():
                errors = kept_back(body["view"], fill_in.refusal(result))
                await ack(response_action="errors", errors=errors)
            case _:
                assert_never(result)
