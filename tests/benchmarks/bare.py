"""The reference: Bolt alone, as its documentation builds an app; requests as Slack signs them."""

import hashlib
import hmac
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.clock import SystemMachine

SECRET, TEAM = "b" * 32, "T1"
_FORM = "application/x-www-form-urlencoded"

machine = SystemMachine()


def bare_app() -> AsyncApp:
    """An app without a listener; who it is costs no call to Slack."""

    async def authorize(**_context: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_token="xoxb-1", bot_id="B1", bot_user_id="UBOT"
        )

    return AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)


def headers(body: str, secret: str = SECRET) -> dict[str, str]:
    """Those of a request, with Slack's signature of now."""
    stamp = str(int(machine.utc().timestamp()))
    base = f"v0:{stamp}:{body}".encode()
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "content-type": _FORM,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature,
    }


def signed(body: str) -> AsyncBoltRequest:
    """A request as Bolt takes it."""
    return AsyncBoltRequest(
        body=body, headers={name: [value] for name, value in headers(body).items()}
    )


def command(text: str, user: str = "U1", word: str = "/standup") -> str:
    """A slash command's body."""
    return urlencode(
        {
            "command": word,
            "text": text,
            "user_id": user,
            "team_id": TEAM,
            "channel_id": "C1",
            "trigger_id": "1.2.3",
            "response_url": "https://hooks.slack.test/1",
        }
    )


def interaction(payload: Mapping[str, Any], user: str = "U1", team: str = TEAM) -> str:
    """The body of a click or a submission."""
    who = {"id": user, "team_id": team}
    whole = {"user": who, "team": {"id": team}, "trigger_id": f"{user}.1", **payload}
    return urlencode({"payload": json.dumps(whole)})


def click(action: str, value: str) -> str:
    """A button's body."""
    return interaction(
        {
            "type": "block_actions",
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
        }
    )


async def nobody(_slack_id: str) -> bool:
    """No guest is admitted."""
    return False


Dispatch = Callable[[AsyncBoltRequest], Coroutine[Any, Any, BoltResponse]]


async def seconds_of(dispatch: Dispatch, bodies: Iterable[str]) -> float:
    """How long these requests take, one after the other; each must be acked."""
    requests = [signed(body) for body in bodies]
    began = machine.elapsed()
    for request in requests:
        answer = await dispatch(request)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {answer.body}")
    return machine.elapsed() - began
