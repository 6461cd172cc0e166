"""The hooks, with bodies and headers bent: a status that says whose fault it is, and no more."""

import asyncio
import hashlib
import hmac
import json
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import JIRA_PATH
from bot.cli.trial import _HOOK_SECRET
from bot.db.tables import Workspace
from bot.rituals.risk import settings
from bot.rituals.risk.alerts import hook
from bot.rituals.risk.alerts.hook import sign
from bot.rituals.risk.settings_model import Secret
from bot.rituals.risk.tables import Alert
from tests.borders.bending import ODD_TEXT, bent
from tests.borders.harvest import CHANNEL
from tests.borders.house import House

FIRED: list[Any] = [
    {
        "source": "evidently",
        "name": "psi over the line",
        "severity": "high",
        "value": 0.31,
        "link": "https://monitor.example/1",
        "fingerprint": "psi",
        "model": "churn",
        "risk": "R1",
        "status": "firing",
    },
    {
        "receiver": "meridian",
        "status": "firing",
        "externalURL": "https://alerts.example",
        "version": "4",
        "groupLabels": {"alertname": "Drift"},
        "alerts": [
            {
                "status": status,
                "labels": {"alertname": "Drift", "severity": "page", "model": "churn"},
                "annotations": {"summary": "It drifts", "value": "0.4"},
                "startsAt": "2026-03-19T08:00:00Z",
                "generatorURL": "https://prometheus.example/graph",
                "fingerprint": fingerprint,
            }
            for status, fingerprint in (("firing", "a1"), ("resolved", "a2"))
        ],
    },
]
HINT = {
    "timestamp": 1774800000000,
    "webhookEvent": "jira:issue_updated",
    "issue_event_type_name": "issue_generic",
    "user": {"accountId": "5b10a2844c20165700ede21g", "displayName": "Mei Tanaka"},
    "issue": {"id": "10002", "key": "ML-7", "fields": {"summary": "One"}},
    "changelog": {"id": "1", "items": [{"field": "status", "toString": "Done"}]},
}


async def knock(house: House, chance: Random, count: int) -> None:
    """Post that often to each hook: what is signed is taken as a whole, or refused."""
    made = await house.bot.database.write(_secret, house)
    for number in range(count):
        before = await house.bot.database.read(_alerts)
        sent = chance.choice(FIRED)
        body = _said(sent, chance)
        headers = _proof(house, made, body)
        if chance.random() < 0.2:
            headers[chance.choice(list(headers))] = _header(chance)
        status = await _status(house, f"{hook.PREFIX}{made.public_id}", headers, body)
        after = await house.bot.database.read(_alerts)
        assert status in {hook.OK, hook.BAD, hook.UNPROVEN, hook.REPEATED, hook.FLOOD, 413}, body
        assert status == hook.OK or after == before, body

        said = _said(HINT, chance)
        signature = hmac.new(_HOOK_SECRET.encode(), said, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature": f"sha256={signature}",
            "X-Atlassian-Webhook-Identifier": f"{number}",
        }
        if chance.random() < 0.2:
            headers[chance.choice(list(headers))] = _header(chance)
        assert await _status(house, JIRA_PATH, headers, said) in {200, 400, 401, 413}, said
        await asyncio.sleep(1)  # a team's rate is one a second


def _said(sent: Any, chance: Random) -> bytes:
    payload = bent([sent], chance, most=3)[0]
    said = json.dumps(payload[0] if payload else None, ensure_ascii=chance.random() < 0.5)
    body = said.encode(errors="surrogatepass")
    return body if chance.random() < 0.95 else body[: len(body) // 2]


def _header(chance: Random) -> str:
    """What a header can carry: no end of a line."""
    words = chance.choice(ODD_TEXT)[:2000].replace("\n", " ").replace("\x00", " ")
    return words.encode(errors="replace").decode()


def _proof(house: House, made: Secret, body: bytes) -> dict[str, str]:
    timestamp = str(int(house.machine.utc().timestamp()))
    return {
        "X-Meridian-Timestamp": timestamp,
        "X-Meridian-Signature": sign(made.secret.encode(), timestamp, body),
    }


async def _status(house: House, path: str, headers: dict[str, str], body: bytes) -> int:
    return (await asyncio.wait_for(house.post(path, headers, body), 10)).status


def _secret(session: Session, house: House) -> Secret:
    workspace = session.scalars(select(Workspace)).one()
    made = settings.new_secret(
        session, house.calendar.now(), workspace.id, "U01LENA", CHANNEL, "churn", house.bot._sealer
    )
    assert isinstance(made, Secret)
    return made


def _alerts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Alert)) or 0
