"""How long a request has waited for its ack: all that is done before it shares three seconds."""

import asyncio
from contextvars import ContextVar

_SINCE: ContextVar[float | None] = ContextVar("since", default=None)


def begin() -> None:
    """A request came in; what is done for it counts from now on."""
    _SINCE.set(asyncio.get_running_loop().time())


def end() -> None:
    """What this task does comes after the ack."""
    _SINCE.set(None)


def spent() -> float:
    """Seconds since the request came in; 0 where nobody waits for an ack."""
    since = _SINCE.get()
    return 0.0 if since is None else asyncio.get_running_loop().time() - since
