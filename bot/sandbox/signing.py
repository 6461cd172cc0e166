"""Signed HTTP: payloads POSTed to the bot's request URL, signed by machine time."""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from bot.core.clock import Machine
from bot.sandbox.errors import NotDeliveredError
from bot.sandbox.waiting import within
from bot.sandbox.wire import ACK_SECONDS, Ack, Delivery
from bot.sandbox.world import SIGNING_SECRET

FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's v0 signature of a request."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """POSTs to `request_url`, once one is set."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._session: aiohttp.ClientSession | None = None
        self.patience = ACK_SECONDS  # for an ack
        self.request_url: str | None = None

    @property
    def connected(self) -> bool:
        return self.request_url is not None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, delivery: Delivery) -> Ack:
        try:
            return await within(self._machine, self.patience, self._post(delivery))
        except TimeoutError:
            raise NotDeliveredError("http_timeout") from None
        except aiohttp.ClientError:
            raise NotDeliveredError("connection_failed") from None

    async def _post(self, delivery: Delivery) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        body = _body(delivery)
        async with self._session.post(
            self.request_url or "", data=body.encode(), headers=self._headers(delivery, body)
        ) as reply:
            text = await reply.text()
            if not 200 <= reply.status < 300:
                again = reply.headers.get("X-Slack-No-Retry") != "1"
                raise NotDeliveredError("http_error", again=again)
            return Ack(_parsed(text))

    def _headers(self, delivery: Delivery, body: str) -> dict[str, str]:
        timestamp = str(int(self._machine.utc().timestamp()))
        headers = {
            "Content-Type": "application/json" if delivery.kind == "events_api" else FORM,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(SIGNING_SECRET, timestamp, body),
        }
        if delivery.retry:
            headers["X-Slack-Retry-Num"] = str(delivery.retry)
            headers["X-Slack-Retry-Reason"] = delivery.reason
        return headers


def _body(delivery: Delivery) -> str:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload)
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload)
    return urlencode({"payload": json.dumps(delivery.payload)})


def _parsed(text: str) -> dict[str, object] | None:
    """A reply's JSON object; plain text is what Slack shows as an ephemeral."""
    if not text.strip():
        return None
    try:
        parsed = json.loads(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) and parsed else None
