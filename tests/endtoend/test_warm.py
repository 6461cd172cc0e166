"""What takes long the first time is loaded beside the work, not in its way."""

import threading

import pytest

from bot.asking import holidays
from tests.endtoend.office import LENA, office


async def test_holidays_are_loaded_in_a_thread_of_their_own(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the loop's nor the database's; and whether or not it succeeds, the bot runs."""
    threads: list[str] = []

    def warm() -> None:
        threads.append(threading.current_thread().name)
        if len(threads) > 1:
            raise ImportError("holidays")

    monkeypatch.setattr(holidays, "warm", warm)
    async with office(database_url, "http") as opened:
        await opened.set_up(LENA)
        await opened.until("30T08:00")
        assert len(await opened.messages(LENA)) == 1
    assert len(threads) == 2  # the office's own, and the bot's
    assert not threads[1].startswith(("MainThread", "db-"))
