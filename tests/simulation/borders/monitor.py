"""A monitor that tells the bot of alerts: its posts reach the bot's hook in this process."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random

from tests.simulation.machine.process import Process

PUBLIC_ID, SECRET = "monitors", "known to the monitor alone"
_SECONDS = (0.01, 0.15)


class Monitor:
    """Signs by the time of machines, as any other machine would."""

    def __init__(self, process: Process, utc: Callable[[], datetime], chance: Random) -> None:
        self._process = process
        self._utc = utc
        self._chance = chance

    def sign(self, body: bytes, secret: str = SECRET) -> Mapping[str, str]:
        """The headers that prove a request; good for one request, and for a while."""
        timestamp = str(int(self._utc().timestamp()))
        signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
        return {
            "X-Meridian-Timestamp": timestamp,
            "X-Meridian-Signature": f"sha256={signed.hexdigest()}",
        }

    async def post(self, headers: Mapping[str, str], body: bytes) -> int | None:
        """What the bot answers; None where nobody hears it, or the answer is lost."""
        await asyncio.sleep(self._chance.uniform(*_SECONDS))
        return await self._process.hear_monitor(PUBLIC_ID, headers, body)
