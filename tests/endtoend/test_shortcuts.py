"""The app's shortcuts: what the commands do, where no command can be typed."""

import pytest

from bot.sandbox import SHORTCUTS
from bot.sandbox.shortcuts import Shortcut
from tests.endtoend.office import GENERAL, INES, LENA, MEI, Office


async def test_answered_by_a_shortcut(either: Office) -> None:
    """It opens the questions of today, and what is submitted is stored."""
    await either.set_up(LENA, MEI)
    await either.until("30T07:30")
    await either.post("shortcut", user=LENA, callback_id="standup.open")
    await either.modal_saying(LENA, "What did you learn or finish?")
    assert (await either.answer(LENA, learned="F1 is 0.8"))["outcome"] == "closed"
    assert await either.rows("answers") == 1


async def test_nothing_open_says_when_the_next_is(by_http: Office) -> None:
    """As the command does."""
    await by_http.set_up(LENA)
    await by_http.post("shortcut", user=LENA, callback_id="standup.open")
    await by_http.modal_saying(LENA, "What did you learn")  # from the evening before
    await by_http.post("shortcut", user=INES, callback_id="standup.open")
    assert await by_http.modal_saying(INES, "You are on no stand-up yet")


async def test_away_by_a_shortcut(either: Office) -> None:
    """The same modal as the command's."""
    await either.set_up(LENA, MEI)
    await either.post("shortcut", user=LENA, callback_id="asking.away")
    await either.modal_saying(LENA, "To, that day included")
    day = "2026-03-30"
    values = {"first": {"first": day}, "last": {"last": day}}
    assert (await either.post("submit", user=LENA, values=values))["outcome"] == "updated"
    assert await either.rows("absences") == 1


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=[one.callback_id for one in SHORTCUTS])
async def test_each_of_the_manifest_s_opens_something(by_http: Office, shortcut: Shortcut) -> None:
    """One that nobody listens to would leave the person waiting."""
    where: dict[str, str] = {}
    if shortcut.type == "message":
        said = await by_http.post("message", user=MEI, channel=GENERAL, text="Labels are late")
        where = {"channel": GENERAL, "ts": said["ts"]}
    opened = await by_http.post("shortcut", user=MEI, callback_id=shortcut.callback_id, **where)
    assert opened["acked"]
    assert await by_http.modal_saying(MEI, "")
