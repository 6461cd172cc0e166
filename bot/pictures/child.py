"""The child process that draws: JSON in, PNG out, and never longer than it may take."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from typing import Any

import structlog

SECONDS = 12.0  # it takes half of one; far longer on a machine that is busy or cold
_PNG = b"\x89PNG\r\n\x1a\n"
_AT_ONCE = 2  # some 60 MB each
_PLACES = 5  # of a stack, its innermost

log = structlog.get_logger()


class Artist:
    """Draws pictures, a few at a time."""

    def __init__(self, command: tuple[str, ...] = (), seconds: float = SECONDS) -> None:
        """Take another program than our own, where a test needs one."""
        self._command = command or (sys.executable, "-m", "bot.pictures.draw")
        self._seconds = seconds
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def draw(self, spec: Mapping[str, Any]) -> bytes | None:
        """The PNG of what `spec` says (see bot.pictures.draw); None where it can't be drawn."""
        async with self._gate:
            try:
                return await asyncio.wait_for(self._run(json.dumps(spec).encode()), self._seconds)
            except TimeoutError:
                log.error("a picture took too long", seconds=self._seconds)
            except OSError:
                log.exception("no picture can be drawn")
        return None

    async def _run(self, told: bytes) -> bytes | None:
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=pipe
        )
        try:
            drawn, said = await child.communicate(told)
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode == 0 and drawn.startswith(_PNG):
            return drawn
        log.error("a picture could not be drawn", said=_where(said.decode(errors="replace")))
        return None


def _where(said: str) -> str:
    """Where the child failed, and at what; the text of its error may quote what it was to draw."""
    lines = said.splitlines()
    places = [one.strip() for one in lines if one.startswith("  File ")]
    return "; ".join([*places[-_PLACES:], *(one.partition(":")[0] for one in lines[-1:])])
