"""A retro through the whole bot, by either way in: what people type, press and read."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import meridian
from bot.rituals.retro.model import Stage
from bot.rituals.retro.tables import Ballot, Reply, Retro, SealedNote
from tests.endtoend.office import (
    ARJUN,
    GENERAL,
    INES,
    LENA,
    LOOK_SECONDS,
    LOOKS,
    MEI,
    QUALITY,
    SAM,
    Json,
    Office,
    buttons,
    office,
    shown,
)
from tests.endtoend.test_dm import PRIYA
from tests.endtoend.test_jira import choose_project, issues, jira

TEAM = (MEI, ARJUN, LENA, INES)
MONDAY = "30T08:00"  # ten in Berlin, five in the afternoon in Tokyo


async def retro(office: Office, user: str, text: str = "", channel: str = GENERAL) -> Json:
    """`/retro …`, as typed in a channel."""
    return await office.post("command", user=user, channel=channel, command="/retro", text=text)


async def next_stage(office: Office) -> Json:
    """The facilitator types `next`, a minute after the stage began: sooner means the one before."""
    await office.post("clock", advance="PT1M")
    return await retro(office, LENA, "next")


async def begun(office: Office, *, anonymous: bool = False) -> None:
    """A retro is set up in #general, and runs."""
    await office.until(MONDAY)
    await retro(office, LENA, "setup")
    await office.modal_saying(LENA, "without a meeting")
    values: dict[str, Any] = {"members": {"members": list(TEAM)}}
    if anonymous:
        values["anonymous"] = {"anonymous": ["yes"]}
    answer = await office.post("submit", user=LENA, values=values)
    assert "The retro starts" in shown(answer["view"])
    await office.post("close", user=LENA)
    told = await retro(office, LENA, "start")
    assert "It begins" in told["response"], told
    await office.rest()


async def message(office: Office) -> Json:
    """The newest retro's message."""
    found = [one for one in await office.messages(GENERAL) if "retro." in json.dumps(one["blocks"])]
    heads = [one for one in found if not one["text"].startswith("Topic")]
    return heads[-1] if heads else (await office.messages(GENERAL))[-1]


async def press(office: Office, user: str, action: str, message: Json) -> Json:
    return await office.post(
        "click",
        user=user,
        channel=message["channel"],
        ts=message["ts"],
        action_id=action,
    )


async def add(office: Office, user: str, *texts: str) -> Json:
    """Write notes in one window, which stays open."""
    await press(office, user, "retro.add", await message(office))
    view = await office.modal_saying(user, "Column")
    for text in texts:
        block = next(
            one["block_id"] for one in view["blocks"] if one["block_id"].startswith("note:")
        )
        answer = await office.post("submit", user=user, values={block: {"note": text}})
        assert answer["outcome"] == "updated", answer
        view = await office.modal_saying(user, text)
    return view


async def stage(office: Office) -> Stage:
    return await office.bot.database.read(_stage)


def _stage(session: Session) -> Stage:
    return session.scalars(select(Retro.stage).order_by(Retro.id.desc()).limit(1)).one()


async def count(office: Office, table: type[Any]) -> int:
    return await office.bot.database.read(lambda session: session.query(table).count())


async def texts(office: Office) -> list[str]:
    """The anonymous notes that nobody has taken back."""
    said = select(SealedNote.text).where(SealedNote.text != "")
    return await office.bot.database.read(lambda session: list(session.scalars(said)))


async def vote(office: Office, user: str, *texts: str) -> Json:
    await press(office, user, "retro.vote", await message(office))
    view = await office.modal_saying(user, "Nobody sees how it stands")
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            chosen = [
                option["value"]
                for option in block["element"]["options"]
                if any(text in option["text"]["text"] for text in texts)
            ]
            values[block["block_id"]] = {"votes": chosen}
    return await office.post("submit", user=user, values=values)


async def test_one_is_run_through(either: Office) -> None:
    """From the first note to the export; a restart in each stage changes nothing."""
    office = either
    await begun(office)
    cards = [one for one in await office.messages(MEI) if "Add notes" in shown(one)]
    assert len(cards) == 1
    await add(office, MEI, "The store was down", "Pin the snapshots")
    await add(office, ARJUN, "The store was slow")
    await office.post("clock", advance="PT1M")  # what only shows progress may wait as long
    assert "3 notes so far" in shown(await message(office))
    await office.restart()
    await add(office, LENA, "Baseline in two days")
    await office.post("clock", advance="PT1M")
    assert "4 notes so far" in shown(await message(office))
    for user in TEAM:
        await press(office, user, "retro.done", await message(office))
    await office.rest()
    assert await stage(office) is Stage.SORT
    await office.restart()

    await press(office, LENA, "retro.lead", await message(office))
    await office.modal_saying(LENA, "sorting notes")
    await office.post("click", user=LENA, action_id="retro.merge")
    view = await office.modal_saying(LENA, "say the same")
    block = next(one for one in view["blocks"] if one["type"] == "input")
    alone = {block["block_id"]: {"topics": [block["element"]["options"][0]["value"]]}}
    refused = await office.post("submit", user=LENA, values=alone)
    assert refused["errors"] == {block["block_id"]: "Choose at least two that say the same."}
    alike = [one["value"] for one in block["element"]["options"] if "store" in one["text"]["text"]]
    await office.post("submit", user=LENA, values={block["block_id"]: {"topics": alike}})
    await office.modal_saying(LENA, "+1 alike")
    await office.post("close", user=LENA)
    await office.post("close", user=LENA)
    assert "is voting now" in (await next_stage(office))["response"]
    await office.rest()
    assert await stage(office) is Stage.VOTE
    await office.restart()

    for user in TEAM:
        told = await vote(office, user, "store was down", "Baseline")
        assert told["outcome"] == "closed", told
    assert await count(office, Ballot) in {0, 8}
    await office.rest()
    assert await stage(office) is Stage.DISCUSS
    assert await count(office, Ballot) == 0
    topics = [one for one in await office.messages(GENERAL) if one["text"].startswith("Topic")]
    assert [one["text"].split(":")[0] for one in topics] == ["Topic 1 of 2", "Topic 2 of 2"]
    await office.restart()

    said = await office.post(
        "message", user=SAM, channel=GENERAL, text="Two replicas?", thread_ts=topics[0]["ts"]
    )
    await office.post("message", user=SAM, channel=GENERAL, text="Not in a thread")
    await office.post("channel", channel=GENERAL, join=[PRIYA])  # of another organisation
    strange = await office.post(
        "message", user=PRIYA, channel=GENERAL, text="And three?", thread_ts=topics[0]["ts"]
    )
    await office.hear()
    await office.post("edit", user=PRIYA, channel=GENERAL, ts=strange["ts"], text="And four?")
    await office.post("edit", user=SAM, channel=GENERAL, ts=said["ts"], text="Two replicas.")
    await office.hear()
    assert await office.bot.database.read(
        lambda session: session.scalars(select(Reply.text)).all()
    ) == ["Two replicas."]
    await press(office, LENA, "retro.raise", topics[0])
    await office.modal_saying(LENA, "The store was down")
    await office.post("submit", user=LENA, values={"what": {"what": "Run two replicas"}})
    await office.rest()
    urged = shown(await message(office))
    assert "*Actions* · 1 of up to 3" in urged
    for words in ("Run two replicas", "Lena", ", by Mon 6 April"):  # as the form proposed it
        assert words in urged.partition("1 of up to 3")[2]

    await retro(office, LENA, "close")
    await office.rest()
    summary = shown(await message(office))
    for words in ("closed", "4 took part", "Two replicas.", "Run two replicas", "4 votes"):
        assert words in summary
    assert "export is on its way" in (await retro(office, LENA, "export"))["response"]
    await office.rest()
    files = [one for one in (await office.state())["messages"] if one["files"]]
    assert sorted(one["name"] for one in files[0]["files"]) == [
        "retro-2026-03-30.csv",
        "retro-2026-03-30.md",
    ]
    assert files[0]["thread_ts"] == (await message(office))["ts"]


async def test_the_next_opens_with_the_ticket_that_was_moved_on_the_board(
    database_url: str,
) -> None:
    """What was decided stands there with its ticket, as the board has it by now."""
    async with office(database_url, "http", jira=True) as at:
        await begun(at)
        await choose_project(at)
        await at.post("close", user=LENA)
        await add(at, MEI, "The store was down")
        await retro(at, LENA, "next")
        await at.rest()
        messages = await at.messages(GENERAL)
        topic = next(one for one in messages if one["text"].startswith("Topic"))
        await press(at, LENA, "retro.raise", topic)
        await at.modal_saying(LENA, "The store was down")
        await at.post("submit", user=LENA, values={"what": {"what": "Run two replicas"}})
        await at.rest()
        [issue] = issues(at)
        assert issue.key in shown(await message(at))
        await retro(at, LENA, "close")
        await retro(at, LENA, "start")
        await at.rest()
        opening = shown(await message(at))
        assert "Last time we decided" in opening
        assert "0 of 1 done over the last retro" in opening
        await jira(at, "transition", user=MEI, key=issue.key, to="done")
        await at.rest()
        await at.post("clock", advance="PT15M")
        opening = shown(await message(at))
        assert "1 of 1 done over the last retro" in opening
        assert issue.key in opening
        assert "✓ done" in opening


async def restarted(office: Office) -> None:
    """The bot ends and another one starts; nothing has changed."""

    async def all_of_it() -> object:
        stands = await stage(office), await count(office, SealedNote), await count(office, Ballot)
        return *stands, shown(await message(office)), len(await office.messages(GENERAL))

    await office.rest()
    before = await all_of_it()
    await office.restart()
    await office.rest()
    assert await all_of_it() == before


async def test_an_anonymous_one_tells_nobody_anything(
    by_http: Office, on_sqlite: None, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No note goes out before all do, nor is one taken by DM; no call, no row and no line of the
    log, at any level, has it at all.

    Nor does a typed *close* delete it unread. A restart in each stage changes nothing, nor does one
    while it waits for the facilitator.
    """
    office = by_http
    monkeypatch.setattr(meridian, "_LOG_SECONDS", LOOK_SECONDS)
    await office.restart()
    await begun(office, anonymous=True)
    secret = "Nobody dares to say this"
    await add(office, MEI, secret)
    await office.post("close", user=MEI)
    assert "would be deleted unread" in (await retro(office, LENA, "close"))["response"]
    for user in (ARJUN, LENA, INES):
        await add(office, user, f"Said by one of us {user[-3:]}")
        await office.post("close", user=user)
    await emptied(office, secret)
    told = await office.say(MEI, "Written by direct message")
    assert "This was not kept" in shown(told[-1])
    assert "press its button on your card" in shown(told[-1])
    before = await office.rows()
    assert before["answers"] == before["retro_replies"] == 0
    traffic = [json.dumps(one, default=str) for one in office.world.site.log.entries()]
    calls = "".join(one for one in traffic if "chat." in one)
    assert secret not in calls
    assert before["retro_sealed_notes"] == 4
    assert before["retro_notes"] == 0
    assert secret not in shown(await message(office))
    assert '"ready"' in log.getvalue()
    assert secret not in log.getvalue()
    assert "Written by direct message" not in log.getvalue()
    await restarted(office)
    for user in (MEI, ARJUN):
        await press(office, user, "retro.done", await message(office))
    assert "waits for you" in (await retro(office, LENA, "next"))["response"]
    await restarted(office)
    assert "waiting for the facilitator" in shown(await message(office))
    await press(office, INES, "retro.done", await message(office))
    await office.rest()
    assert await stage(office) is Stage.SORT
    text = shown(await message(office))
    assert secret in text
    assert "Mei" not in text
    assert await count(office, SealedNote) == 0
    assert secret not in log.getvalue()
    assert "Written by direct message" not in json.dumps(await office.messages(GENERAL))
    await restarted(office)
    assert "is voting now" in (await next_stage(office))["response"]
    await office.rest()
    await vote(office, MEI, secret)
    await restarted(office)
    assert "is discussing now" in (await next_stage(office))["response"]
    await restarted(office)
    assert "is closed" in (await retro(office, LENA, "close"))["response"]


async def emptied(office: Office, said: str) -> None:
    """Once the write-ahead log is emptied, and what was said stands in the database alone."""
    file = office.bot.database.url.removeprefix("sqlite:///")
    for _ in range(LOOKS):
        database, log = (read_bytes(one) for one in (file, f"{file}-wal"))
        if said.encode() in database and said.encode() not in log:
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError("the log was not emptied")


def read_bytes(file: str) -> bytes:
    return Path(file).read_bytes()


async def test_a_channel_archived_in_the_middle_loses_nothing(by_http: Office) -> None:
    """Its owner is told, it goes on by people's cards, and all stands there once it is back."""
    office = by_http
    await begun(office)
    await add(office, MEI, "The store was down")
    await office.post("close", user=MEI)
    await office.post("channel", channel=GENERAL, archived=True)
    for user in TEAM:
        (card,) = [one for one in await office.messages(user) if "Add notes" in shown(one)]
        await press(office, user, "retro.finished", card)
    await office.rest()
    assert await stage(office) is Stage.DISCUSS  # of one note alone at once
    assert "the channel is archived" in json.dumps(await office.messages(LENA))
    assert "The store was down" not in json.dumps(await office.messages(GENERAL))
    await office.post("channel", channel=GENERAL, archived=False)
    await office.rest()
    head, topic = (await office.messages(GENERAL))[-2:]
    assert "discussed until" in shown(head)
    assert topic["text"] == "Topic 1 of 1: The store was down"


async def test_a_note_can_be_changed_while_its_window_is_open(
    by_http: Office, on_sqlite: None
) -> None:
    """Not from another one, which knows of none, nor by a form that comes again."""
    office = by_http
    await begun(office, anonymous=True)
    before = len(office.sent)
    view = await add(office, MEI, "Frist", "Second")
    forms = [one.payload for one in office.sent[before:] if one.payload["type"] != "block_actions"]
    first = next(one["accessory"]["value"] for one in view["blocks"] if "Frist" in json.dumps(one))
    await office.post("click", user=MEI, action_id="retro.note.change", value=first)
    view = await office.modal_saying(MEI, "Change this note")
    block = next(one["block_id"] for one in view["blocks"] if one["block_id"].startswith("note:"))
    await office.post("submit", user=MEI, values={block: {"note": "First"}})
    view = await office.modal_saying(MEI, "Another note")
    assert "Frist" not in shown(view)
    second = next(
        one["accessory"]["value"] for one in view["blocks"] if "Second" in json.dumps(one)
    )
    await office.post("click", user=MEI, action_id="retro.note.change", value=second)
    await office.modal_saying(MEI, "Take it back")
    await office.post("click", user=MEI, action_id="retro.note.drop", value=second)
    await office.modal_saying(MEI, "Another note")
    assert len(forms) == 2
    for form in forms:
        await office.send(form)
    assert await texts(office) == ["First"]
    await office.post("close", user=MEI)
    await press(office, MEI, "retro.add", await message(office))
    assert "First" not in shown(await office.modal_saying(MEI, "Column"))


async def test_a_note_half_typed_is_there_again_when_another_was_changed(
    by_http: Office, on_sqlite: None
) -> None:
    """Whether the other is saved, left or taken back; once it is sent, the next begins empty."""
    office, typed = by_http, "😀 half of a thought"
    await begun(office, anonymous=True)
    view = await add(office, MEI, "Frist")
    first = next(one["accessory"]["value"] for one in view["blocks"] if "Frist" in json.dumps(one))
    text, column = (block_of(view, name) for name in ("note:", "column:"))
    state = {text: {"note": typed}, column: {"column": "1"}}
    change = {"user": MEI, "action_id": "retro.note.change", "value": first}
    await office.post("click", **change, state=state)
    view = await office.modal_saying(MEI, "Change this note")
    assert typed not in shown(view)
    await office.post("submit", user=MEI, values={block_of(view, "note:"): {"note": "First"}})
    for action in ("retro.note.back", "retro.note.drop"):
        view = await office.modal_saying(MEI, "Another note")
        assert typed in shown(view)
        await office.post("click", **change)
        await office.modal_saying(MEI, "Change this note")
        value = "back" if action.endswith("back") else first
        await office.post("click", user=MEI, action_id=action, value=value)
    view = await office.modal_saying(MEI, "Note")
    await office.post("submit", user=MEI)
    view = await office.modal_saying(MEI, "Another note")
    assert "_To improve_" in shown(view)
    assert view["blocks"][-1]["element"].get("initial_value", "") == ""
    assert await texts(office) == [typed]


def block_of(view: Json, name: str) -> str:
    """The id of the first block whose id begins like this."""
    return next(str(one["block_id"]) for one in view["blocks"] if one["block_id"].startswith(name))


async def test_a_note_sent_too_late_is_offered_to_the_discussion(by_http: Office) -> None:
    """Nothing that was written is lost."""
    office = by_http
    await begun(office)
    await add(office, MEI, "One", "Two")
    await press(office, ARJUN, "retro.add", await message(office))
    view = await office.modal_saying(ARJUN, "Column")
    await next_stage(office)
    await office.rest()
    block = next(one["block_id"] for one in view["blocks"] if one["block_id"].startswith("note:"))
    await office.post("submit", user=ARJUN, values={block: {"note": "Too late"}})
    view = await office.modal_saying(ARJUN, "It can come up when the discussion begins")
    block = next(one["block_id"] for one in view["blocks"] if one["block_id"].startswith("note:"))
    await office.post("submit", user=ARJUN, values={block: {"note": "Too late"}})
    await office.modal_saying(ARJUN, "comes up when the discussion begins")
    await office.post("close", user=ARJUN)
    for _ in range(2):
        await next_stage(office)
        await office.rest()
    assert "Too late" in shown(await message(office))


async def test_more_votes_than_one_has_are_refused_in_place(by_http: Office) -> None:
    """Under what was chosen, with how many to take back."""
    office = by_http
    await begun(office)
    await add(office, MEI, "A1", "A2", "A3", "A4", "A5")
    await next_stage(office)
    await next_stage(office)
    await office.rest()
    told = await vote(office, MEI, "A1", "A2", "A3", "A4", "A5")
    assert told["outcome"] == "errors"
    assert "You have 3 votes, and chose 5. Take 2 back." in json.dumps(told)


async def test_others_can_t_lead_and_read_who_does(by_http: Office) -> None:
    """Typed or pressed."""
    office = by_http
    await begun(office)
    for word in ("next", "extend 4h", "close"):
        assert "leads this retro" in (await retro(office, SAM, word))["response"]
    await press(office, SAM, "retro.lead", await message(office))
    await office.modal_saying(SAM, "leads this retro")
    assert await stage(office) is Stage.COLLECT


async def test_the_facilitator_gives_time_and_closes_by_button(by_http: Office) -> None:
    """The screen says what is so now."""
    office = by_http
    await begun(office)
    await add(office, MEI, "One", "Two")
    await press(office, LENA, "retro.lead", await message(office))
    view = await office.modal_saying(LENA, "collecting notes")
    menu = next(
        element
        for block in view["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == "retro.extend"
    )
    value = menu["options"][0]["value"]
    await office.post("click", user=LENA, action_id="retro.extend", value=value)
    await office.modal_saying(LENA, "More time")
    await office.post("click", user=LENA, action_id="retro.next")
    await office.modal_saying(LENA, "sorting notes")
    await office.post("click", user=LENA, action_id="retro.close")
    await office.modal_saying(LENA, "is closed")
    assert await stage(office) is Stage.CLOSED
    assert "More time" not in (await retro(office, LENA, "extend 4h"))["response"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("help", "adds a note to the open retro"),
        ("nonsense", "There is no `/retro nonsense`"),
        ("next", "No retro is under way"),
        ("extend", "No retro is under way"),
        ("extend soon", "How long?"),
        ("extend 8d", "a week at most"),
        ("start", "There is no retro here yet. Type it where one is, or `/retro setup` first."),
        ("export", "has had no retro yet. Type it in the channel of the one you want."),
    ],
)
async def test_words_where_there_is_none(by_http: Office, typed: str, said: str) -> None:
    """Each says what to do instead."""
    assert said in (await retro(by_http, LENA, typed))["response"]


async def test_who_can_t_look_after_a_retro_can_t_lead_it(by_http: Office) -> None:
    """A bot or a guest: the one it would fall to instead would not know."""
    await retro(by_http, LENA, "setup")
    await by_http.modal_saying(LENA, "without a meeting")
    await by_http.post("click", user=LENA, action_id="retro.setup.more")
    await by_http.modal_saying(LENA, "They move it on")
    values: dict[str, Any] = {"members": {"members": list(TEAM)}}
    for chosen in ("U01MERIDIAN", PRIYA):
        values["facilitator"] = {"facilitator": chosen}
        answer = await by_http.post("submit", user=LENA, values=values)
        assert answer["errors"] == {
            "facilitator": "Choose somebody of this workspace, who is there still."
        }
    values["facilitator"] = {"facilitator": MEI}
    answer = await by_http.post("submit", user=LENA, values=values)
    assert "The retro starts" in shown(answer["view"])
    assert "It begins" in (await retro(by_http, MEI, "start"))["response"]


async def test_start_and_export_are_buttons_too(by_http: Office) -> None:
    """In the status: it begins there, is read there, and goes into its thread from there."""
    office = by_http
    await begun(office)
    await add(office, MEI, "One")
    await office.post("close", user=MEI)
    await retro(office, LENA, "close")
    await office.rest()
    await retro(office, LENA, "status")
    await office.modal_saying(LENA, "None is under way")
    await office.post("click", user=LENA, action_id="retro.read_all")
    await office.modal_saying(LENA, "Went well")
    await office.post("click", user=LENA, action_id="retro.export")
    await office.modal_saying(LENA, "in the retro's thread now")
    closed = await message(office)
    (exported,) = [one for one in (await office.state())["messages"] if one["files"]]
    assert exported["thread_ts"] == closed["ts"]
    for _ in range(2):
        await office.post("close", user=LENA)
    await office.post("click", user=LENA, action_id="retro.start")
    view = await office.modal_saying(LENA, "It begins")
    assert "Start one now" not in shown(view)
    assert "Facilitate" in shown(view)
    await office.rest()
    assert (await message(office))["ts"] != closed["ts"]
    await retro(office, SAM, "status")
    assert "Facilitate" not in shown(await office.modal_saying(SAM, "Collecting notes"))


async def test_status_settings_pause_and_delete(by_http: Office) -> None:
    """As with stand-ups: where it is, how it goes, and how it ends."""
    office = by_http
    await begun(office)
    await retro(office, LENA, "status")
    await office.modal_saying(LENA, "Collecting notes")
    await office.post("close", user=LENA)
    await retro(office, LENA, "settings")
    await office.modal_saying(LENA, "Votes each")
    await office.post("close", user=LENA)
    await retro(office, SAM, "settings")
    await office.modal_saying(SAM, "looks after it")
    assert "is paused" in (await retro(office, LENA, "pause"))["response"]
    assert "goes on" in (await retro(office, LENA, "resume"))["response"]
    await retro(office, LENA, "delete")
    await office.modal_saying(LENA, "But notes that nobody has seen yet are deleted unread.")
    told = await office.post("submit", user=LENA, values={})
    assert "is deleted" in shown(told["view"])
    await office.rest()
    assert "this retro was deleted" in json.dumps(await office.messages(GENERAL))


async def test_the_command_adds_a_note_then_votes_then_reads(by_http: Office) -> None:
    """What it opens is what there is to do; elsewhere it finds the one that one is on."""
    office = by_http
    await begun(office)
    await retro(office, MEI, "", QUALITY)
    await office.modal_saying(MEI, "Column")
    await office.post("close", user=MEI)
    await add(office, MEI, "One", "Two")
    await next_stage(office)
    await next_stage(office)
    await office.rest()
    await retro(office, ARJUN)
    await office.modal_saying(ARJUN, "Nobody sees how it stands")
    await office.post("close", user=ARJUN)
    await next_stage(office)
    await office.rest()
    await retro(office, ARJUN)
    await office.modal_saying(ARJUN, "2 topics")


async def test_a_click_that_comes_twice_fills_no_form_anew(by_http: Office) -> None:
    """*Change* comes again when that is done: what is written next is another note."""
    office = by_http
    await begun(office)
    view = await add(office, MEI, "One")
    change = next(one for one in buttons(view) if one["action_id"] == "retro.note.change")
    await office.post("click", user=MEI, action_id=change["action_id"], value=change["value"])
    view = await office.modal_saying(MEI, "Take it back")
    clicked = office.sent[-1].payload
    block = next(one["block_id"] for one in view["blocks"] if one["block_id"].startswith("note:"))
    await office.post("submit", user=MEI, values={block: {"note": "One, changed"}})
    await office.interact(clicked)
    await office.bot.front.drain()
    form = await office.modal(MEI)
    assert "Take it back" not in shown(form)
    block = next(one["block_id"] for one in form["blocks"] if one["block_id"].startswith("note:"))
    await office.post("submit", user=MEI, values={block: {"note": "Two"}})
    await office.modal_saying(MEI, "Two")
    assert "One, changed" in shown(await office.modal(MEI))


async def test_a_card_opens_it_and_says_done(by_http: Office) -> None:
    """Each stage in its own words."""
    office = by_http
    await begun(office)
    await add(office, MEI, "One", "Two")
    await office.post("close", user=MEI)
    (card,) = await office.messages(MEI)
    await press(office, MEI, "retro.open", card)
    await office.modal_saying(MEI, "Column")
    await office.post("close", user=MEI)
    await press(office, MEI, "retro.finished", card)
    await office.rest()
    (card,) = await office.messages(MEI)
    assert "Done ✓" in shown(card)
    assert "Add more" in shown(card)
