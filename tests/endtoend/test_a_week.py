"""A week of the demo team across a clock change, walked by the clock, as its channel reads it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.endtoend.office import (
    ARJUN,
    GENERAL,
    INES,
    LENA,
    MEI,
    RAFAEL,
    SAM,
    Office,
    office,
)

pytestmark = pytest.mark.timeout(180)

THURSDAY = datetime(2026, 3, 26, 22, tzinfo=UTC)


@pytest.fixture
async def team(database_url: str) -> AsyncIterator[Office]:
    """All six on a stand-up in #general, on the evening before it begins."""
    async with office(database_url, "socket", THURSDAY) as opened:
        await opened.set_up(MEI, ARJUN, LENA, INES, RAFAEL, SAM)
        yield opened


async def walk(team: Office, instant: str) -> None:
    """Move the clock to an instant in UTC: 03-27T08:30."""
    await team.post("clock", to=f"2026-{instant}:00Z")


async def says(team: Office, user: str, learned: str, **more: str) -> None:
    """Answer by the command."""
    await team.standup(user)
    saved = await team.answer(user, learned=learned, **more)
    assert saved["outcome"] == "closed", saved
    await team.rest()


async def channel(team: Office, number: int) -> list[str]:
    """The lines of the channel's message of so many runs, the last of them."""
    found = [one for one in await team.messages(GENERAL) if one["metadata"]]
    assert len(found) == number, [one["text"] for one in found]
    return list(read(found[-1]))


def read(message: Mapping[str, Any]) -> Iterator[str]:
    """A message's words as a person reads them, line by line; buttons in brackets."""
    for block in message["blocks"]:
        if block["type"] == "rich_text":
            for part in block["elements"]:
                items = part["elements"] if part["type"] == "rich_text_list" else [part]
                for item in items:
                    yield from "".join(run.get("text", "") for run in item["elements"]).splitlines()
        elif block["type"] == "actions":
            yield " ".join(map(label, block["elements"]))
        elif block["type"] == "context":
            yield from "\n".join(one["text"] for one in block["elements"]).splitlines()
        elif block["type"] != "divider":
            yield from block["text"]["text"].splitlines()
            if (beside := block.get("accessory")) is not None:
                yield label(beside)


def label(element: Mapping[str, Any]) -> str:
    """A button in brackets; of a menu what stands on it."""
    words = element.get("text") or element.get("placeholder") or {"text": "…"}
    return f"[{words['text']}]"


@pytest.mark.slow
async def test_a_week_reads_right_at_every_step(team: Office) -> None:
    """An absence, a clock change, a snooze, a late answer, an edit, a DM, a blocker, a holiday."""
    await friday_with_an_absence(team)
    await monday_after_the_clocks_went_forward(team)
    await tuesday_with_a_late_answer_and_an_edit(team)
    await wednesday_in_the_direct_message(team)
    await thursday_the_blocker_is_resolved(team)
    await good_friday(team)


_READ_OR_ACT = "[Read all] [Act on a blocker …] [Make a risk of one …]"
BLOCKED = "No read access to the consent flags — can unblock: Lena"


async def friday_with_an_absence(team: Office) -> None:
    """Lena is away; Arjun is blocked, and names her."""
    await team.standup(LENA, "away")
    day = {"first": {"first": "2026-03-27"}, "last": {"last": "2026-03-27"}}
    await team.post("submit", user=LENA, values=day)
    await team.post("close", user=LENA)
    await walk(team, "03-27T01:00")
    backfilled = "The event log is backfilled."
    await says(team, MEI, backfilled, next="Snapshots of the features", confidence="4")
    assert (await channel(team, 1))[2:] == [
        "Mei: The event log is backfilled. → Snapshots of the features ·\N{NO-BREAK SPACE}4/5",
        "Still waiting for: *Arjun*, *Inês*, *Rafael*, *Sam*",
        "Away: *Lena*",
        "[Read all]",
    ]
    await walk(team, "03-27T11:00")
    assert await team.messages(LENA) == []
    blocker = {"blockers": "No read access to the consent flags", "-helper": LENA}
    await says(team, ARJUN, "Baseline: PR-AUC 0.34.", next="Boosting", **blocker)
    await says(team, INES, "Half of the cancellations are changes of plan.", confidence="3")
    said = [
        ":construction: *Blocked*",
        f"Arjun: {BLOCKED}",
        "*Answers*",
        "Mei: The event log is backfilled. → Snapshots of the features ·\N{NO-BREAK SPACE}4/5",
        "Arjun: Baseline: PR-AUC 0.34. → Boosting",
        "Inês: Half of the cancellations are changes of plan. ·\N{NO-BREAK SPACE}3/5",
    ]
    open_now = await channel(team, 1)
    assert "3 of 5 answered · open until" in open_now[1]
    assert open_now[1].endswith("confidence 3.5 of 5")
    assert open_now[2:] == [*said, "Still waiting for: *Rafael*, *Sam*", *_AWAY_AND_BUTTON]
    await walk(team, "03-28T01:00")
    assert await channel(team, 1) == [
        "Stand-up · Fri 27 March",
        "3 of 5 answered · closed · confidence 3.5 of 5",
        *said,
        "Did not answer: *Rafael*, *Sam*",
        *_AWAY_AND_BUTTON,
    ]


_AWAY_AND_BUTTON = ("Away: *Lena*", _READ_OR_ACT)


async def monday_after_the_clocks_went_forward(team: Office) -> None:
    """Berlin is asked an hour earlier by UTC than on Friday; Arjun puts his off for an hour."""
    await walk(team, "03-30T04:05")
    await put_off(team, ARJUN)
    await walk(team, "03-30T05:06")
    before, again = [list(read(one)) for one in (await team.messages(ARJUN))[-2:]]
    assert before == ["Continued below, in a later message."]
    assert again[1] == "Mon 30 March · Open until 17:30"
    await walk(team, "03-30T07:29")
    assert not await asked(team, LENA, "Mon 30 March")
    await walk(team, "03-30T07:31")
    assert await asked(team, LENA, "Mon 30 March")
    await says(team, ARJUN, "Boosting: PR-AUC 0.46.", **{"-plan": "plan_done"})
    assert (await channel(team, 2))[2:] == [
        ":construction: *Blocked*",
        f"Arjun (since Fri, 3 days): {BLOCKED}",
        "*Answers*",
        "Arjun: Done: Boosting ·\N{NO-BREAK SPACE}Boosting: PR-AUC 0.46.",
        "Still waiting for: *Inês*, *Lena*, *Mei*, *Rafael*, *Sam*",
        _READ_OR_ACT,
    ]


async def put_off(team: Office, user: str) -> None:
    """*Later*: in an hour."""
    card = (await team.messages(user))[-1]
    menus = [one for block in card["blocks"] for one in block.get("elements", ())]
    (menu,) = [one for one in menus if one.get("action_id") == "asking.later"]
    place = {"channel": card["channel"], "ts": card["ts"]}
    hour = menu["options"][1]["value"]
    await team.post("click", user=user, action_id="asking.later", value=hour, **place)
    await team.rest()


async def asked(team: Office, user: str, on: str) -> bool:
    """Whether a person's card asks about a date."""
    return any(on in line for one in await team.messages(user) for line in read(one))


async def tuesday_with_a_late_answer_and_an_edit(team: Office) -> None:
    """Mei is late by half an hour and says so; Inês corrects a number, and it follows."""
    await walk(team, "03-31T09:00")
    await says(team, MEI, "Late, but here: the alert is on.")
    await says(team, INES, "31 of 50 false alarms are schools.")
    assert "Inês: 31 of 50 false alarms are schools." in await channel(team, 3)
    await says(team, INES, "32 of 50 false alarms are schools.")
    assert (await channel(team, 3))[2:] == [
        ":construction: *Blocked*",
        f"Arjun (since Fri, 4 days): {BLOCKED}",
        "*Answers*",
        "Mei (late): Late, but here: the alert is on.",
        "Inês: 32 of 50 false alarms are schools.",
        "Still waiting for: *Lena*, *Rafael*, *Sam*",
        "Away: *Arjun* (Mahavir Jayanti in India)",
        _READ_OR_ACT,
    ]


async def wednesday_in_the_direct_message(team: Office) -> None:
    """Mei answers there; the bot is stopped and started again in the middle of it."""
    await walk(team, "04-01T01:00")
    (reply,) = await team.say(MEI, "Usage by seat is joined.")
    assert next(read(reply)) == "Noted. 2 of 4 · What do you try next?"
    await team.restart()
    (reply,) = await team.say(MEI, "The school-year feature")
    assert next(read(reply)) == "Noted. 3 of 4 · What blocks you? One per line."
    await team.say(MEI, "skip")
    (reply,) = await team.say(MEI, "5")
    assert next(read(reply)).startswith("*Saved ✓*")
    assert (await channel(team, 4))[2:] == [
        ":construction: *Blocked*",
        f"Arjun (since Fri, 5 days): {BLOCKED}",
        "*Answers*",
        "Mei: Usage by seat is joined. → The school-year feature ·\N{NO-BREAK SPACE}5/5",
        "Still waiting for: *Arjun*, *Inês*, *Lena*, *Rafael*, *Sam*",
        _READ_OR_ACT,
    ]


async def thursday_the_blocker_is_resolved(team: Office) -> None:
    """Arjun ticks it off, and it is shown as resolved that day."""
    await walk(team, "04-02T05:00")
    await team.standup(ARJUN)
    view = await team.modal_saying(ARJUN, "Still blocked")
    ids = [block.get("block_id", "") for block in view["blocks"]]
    (blocker,) = [one for one in ids if one.startswith("-blocker-")]
    await team.answer(ARJUN, learned="The scorer takes 48 ms.", **{blocker: "resolved"})
    await team.rest()
    assert (await channel(team, 5))[2:] == [
        "*Was blocked*",
        "✓ Arjun: No read access to the consent flags — resolved",
        "*Answers*",
        "Arjun: The scorer takes 48 ms.",
        "Still waiting for: *Inês*, *Lena*, *Mei*, *Rafael*, *Sam*",
        "[Read all]",
    ]


async def good_friday(team: Office) -> None:
    """A holiday of four of them, each by their country's name of it; the blocker is gone."""
    await walk(team, "04-03T08:00")
    await says(team, MEI, "Nightly snapshots run.")
    await walk(team, "04-04T00:35")
    good = "Good Friday in"
    assert await channel(team, 6) == [
        "Stand-up · Fri 3 April",
        "1 of 2 answered · closed",
        "Mei: Nightly snapshots run.",
        "Did not answer: *Sam*",
        f"Away: *Arjun* ({good} India), *Inês* ({good} Portugal), *Lena* ({good} Germany), "
        f"*Rafael* ({good} Brazil)",
        "[Read all]",
    ]
    assert await team.messages(LENA) != []
    assert not await asked(team, LENA, "Fri 3 April")
