"""The bot comes into a channel: whoever invited it may set up a stand-up there."""

import pytest

from bot.sandbox.people import join
from tests.endtoend.office import GENERAL, LENA, MEI, QUALITY, SAM, Json, Office, buttons

MERIDIAN, LEADS = "U01MERIDIAN", "C01LEADS"
PRIYA = "U01PRIYA"  # of another organisation


async def invite(office: Office, channel: str, by: str) -> list[Json]:
    """Somebody invites the bot; what is said in the channel after that."""
    await office.post("channel", channel=channel, join=[MERIDIAN], by=[by])
    await office.hear()
    return await office.messages(channel)


async def test_its_host_sets_one_up_with_a_button(either: Office) -> None:
    """Only they see it; the screen is filled in for that channel."""
    [told] = await invite(either, QUALITY, MEI)
    assert told["ephemeral_to"] == MEI
    assert [one["text"]["text"] for one in buttons(told)] == ["Set up a stand-up", "Set up a retro"]
    await either.click(MEI, told)
    view = await either.modal_saying(MEI, f"In <#{QUALITY}> each person is asked")
    assert view["submit"]["text"] == "Start"
    done = await either.post("submit", user=MEI, values={})
    assert done["outcome"] == "updated"
    await either.post("close", user=MEI)
    # Pressed again, it shows what there is now instead of making a second one.
    await either.click(MEI, told)
    await either.modal_saying(MEI, "Looked after by")
    assert await either.rows("rituals") == 1


async def test_a_private_channel_too(by_http: Office) -> None:
    """By the name that Slack tells the bot there."""
    await by_http.post("channel", channel=LEADS, leave=[MERIDIAN])
    [told] = await invite(by_http, LEADS, SAM)
    await by_http.click(SAM, told)
    assert await by_http.modal_saying(SAM, f"In <#{LEADS}> each person is asked")


async def test_nothing_where_the_channel_has_one(by_http: Office) -> None:
    """Paused or not: it goes on, and nobody is asked to begin again."""
    await by_http.set_up(LENA, MEI)
    for text in ("", "pause"):
        if text:
            await by_http.standup(LENA, text)
        await by_http.post("channel", channel=GENERAL, leave=[MERIDIAN])
        before = await by_http.messages(GENERAL)
        assert await invite(by_http, GENERAL, MEI) == before


async def test_a_deleted_one_is_none(by_http: Office) -> None:
    """The channel is free again."""
    await by_http.set_up(LENA, MEI)
    await by_http.standup(LENA, "delete")
    await by_http.modal_saying(LENA, "Delete *Stand-up*")
    await by_http.post("submit", user=LENA, values={})
    await by_http.post("channel", channel=GENERAL, leave=[MERIDIAN])
    assert [one["ephemeral_to"] for one in await invite(by_http, GENERAL, MEI)] == [MEI]


async def test_guests_get_none(by_http: Office) -> None:
    """Who belongs to another organisation sets up nothing here."""
    assert await invite(by_http, QUALITY, PRIYA) == []


@pytest.mark.parametrize("who", [MERIDIAN, MEI], ids=["nobody invited it", "a person joins"])
async def test_nobody_to_tell(by_http: Office, who: str) -> None:
    """Slack names no host of an app that was added on its own; people's coming is no matter."""
    site = by_http.world.site
    site.world.channels[QUALITY].members = [LENA] if who == MERIDIAN else [LENA, MERIDIAN]
    join(site, site.world.channels[QUALITY], who, inviter=None if who == MERIDIAN else LENA)
    await by_http.hear()
    assert await by_http.messages(QUALITY) == []


async def test_told_once_however_often_slack_says_it(by_http: Office) -> None:
    """A redelivery finds its receipt, and the host is not told again."""
    await by_http.post("deliver", mode="duplicate", count=1)
    assert len(await invite(by_http, QUALITY, MEI)) == 1
    heard = [one.payload["event"]["type"] for one in by_http.sent if one.kind == "events_api"]
    assert heard.count("member_joined_channel") == 2
