"""The Bolt app: who may come in, and where a failure goes."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import acks, blocks, replies, shapes
from bot.slack.front import Front
from bot.slack.gateway import Identity
from bot.slack.routes import App

STRANGERS = (
    "You belong to another organisation, and this workspace's Meridian answers only its own people."
)

log = structlog.get_logger()


Admitted = Callable[[str], Awaitable[bool]]
"""Whether somebody of another organisation may come in, by their Slack id."""


def build(front: Front, identity: Identity, signing_secret: str, admitted: Admitted) -> AsyncApp:
    """The Bolt app, without listeners yet.

    `process_before_response` makes an ack mean "committed": otherwise Bolt acks an event before
    its listener ran, and a crash in between loses it.
    """
    token = front.gateway.client.token
    # Without a token of its own: Bolt would warn that `authorize` outranks it.
    client = AsyncWebClient(base_url=front.gateway.client.base_url, retry_handlers=[])

    async def authorize(**_context: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team_id,
            bot_token=token,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user,
        )

    app = App(
        signing_secret=signing_secret,
        authorize=authorize,
        client=client,
        before_authorize=_Readable(),
        process_before_response=True,
        logger=logging.getLogger("slack_bolt"),
    )
    app.use(_door(app, identity.team_id, front, admitted))
    app.error(_on_error(front))
    return app


class _Readable(AsyncMiddleware):
    """Turns away what is not of the shape that Slack promises: sent again, it would be no better.

    Here begins the time that there is for an ack.

    It comes right after the signature. What Bolt does next stumbles over such payloads, and before
    it calls a plain function it looks into them for that one's arguments.
    """

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse:
        acks.begin()
        wrong = shapes.wrong_in(req.body)
        if wrong is None:
            return await next()
        log.warning("what Slack sent can't be read", wrong=wrong)
        return BoltResponse(status=200, body="")


def _door(
    app: App, team_id: str, front: Front, admitted: Admitted
) -> Callable[..., Awaitable[Any]]:
    """All that is ours on the way in, as one middleware: to Bolt each costs as much as its work."""

    async def enter(ack: AsyncAck, body: dict[str, Any], next: Any) -> BoltResponse | None:  # noqa: A002
        home = replies.actors_team(body)
        if home is None or home == team_id or await admitted(replies.actor(body)):
            _unfold(body)
            return await app.lead(ack, body, next)
        log.info("refused a person of another organisation", team=home)
        return front.tell(body, STRANGERS)

    return enter


def _unfold(body: dict[str, Any]) -> None:
    """What is chosen in a menu of buttons is a press of that button."""
    for action in body.get("actions") or ():
        if action.get("action_id") == blocks.MENU:
            pressed, value = action["selected_option"]["value"].split(" ", 1)
            action |= {"action_id": pressed, "value": value}


def _on_error(front: Front) -> Callable[..., Awaitable[BoltResponse]]:
    async def on_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return front.failed(body, error)

    return on_error
