"""A world in a file is the same world."""

from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import MovableCalendar
from bot.sandbox import Sandbox, keeping
from bot.sandbox.world import File
from tests.sandbox.conftest import START, Client, Paced

CHANNEL = "C01CHURN"
HOME = {"type": "home", "blocks": [{"type": "divider", "block_id": "d"}]}


async def test_everything_that_people_see_comes_back(
    sandbox: Sandbox, control: Client, slack: AsyncWebClient, machine: Paced, tmp_path: Path
) -> None:
    """People, channels, messages with metadata, threads, deletions, files, Homes."""
    posted = await slack.chat_postMessage(
        channel=CHANNEL, text="card", metadata={"event_type": "m", "event_payload": {"id": "1"}}
    )
    ts = str(posted["ts"])
    await slack.chat_postMessage(channel=CHANNEL, text="below", thread_ts=ts)
    await slack.chat_postEphemeral(channel=CHANNEL, user="U01MEI", text="to Mei alone")
    gone = await slack.chat_postMessage(channel="U01MEI", text="gone")
    await slack.chat_delete(channel=str(gone["channel"]), ts=str(gone["ts"]))
    await slack.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
    await slack.views_publish(user_id="U01MEI", view=HOME)
    await control.post("user", user="U01MEI", tz="Europe/Lisbon")
    await control.post("channel", channel="C01LEADS", archived=True)
    picture = File("F1", "chart.png", 3, content=b"\x00\xff\x01", completed=True)
    sandbox.site.world.files["F1"] = picture

    file = tmp_path / "world.json"
    keeping.save(file, keeping.take(sandbox.site, whole=True))
    kept = keeping.load(file)
    assert kept is not None
    again = Sandbox(machine=machine, calendar=MovableCalendar(machine, START), kept=kept)
    before, after = sandbox.site.world, again.site.world
    assert after.users == before.users
    assert after.channels == before.channels
    assert after.files == before.files
    for channel in before.channels:
        assert list(after.messages(channel)) == list(before.messages(channel))
    assert after.replies(CHANNEL, ts) == before.replies(CHANNEL, ts)
    assert again.site.views.homes == sandbox.site.views.homes
    assert after.stamp() > max(one.ts for one in before.messages(CHANNEL))


def test_nothing_is_kept_where_there_is_no_file(tmp_path: Path) -> None:
    """A fresh folder."""
    assert keeping.load(tmp_path / "world.json") is None
