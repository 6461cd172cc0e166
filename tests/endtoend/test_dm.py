"""Answering in the DM, through the whole bot: what people write, and what they are told."""

import asyncio
import copy
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import Transient
from bot.db.tables import Answer, Prompt
from bot.rituals.standup import dialogue
from bot.sandbox.wire import Delivery
from tests.endtoend.office import (
    GENERAL,
    LENA,
    MEI,
    QUALITY,
    SAM,
    Json,
    Office,
    buttons,
    shown,
)
from tests.endtoend.test_choosing import set_up_elsewhere

PRIYA = "U01PRIYA"


async def asked(office: Office) -> Json:
    """Mei's card, on Monday at half past nine."""
    await office.set_up(MEI, LENA)
    await office.until("30T00:30")
    return (await office.messages(MEI))[0]


def event(office: Office, words: str) -> Json:
    """The payload of the event that told of a message."""
    (found,) = [
        one.payload
        for one in office.sent
        if one.kind == "events_api" and one.payload["event"].get("text") == words
    ]
    return found


async def deliver(office: Office, payload: Json) -> None:
    """Slack delivers an event (again)."""
    await office.world.site.line.deliver(Delivery("events_api", copy.deepcopy(payload)))


async def answers(office: Office) -> dict[str, str]:
    """What is stored, by question."""

    def stored(session: Session) -> dict[str, str]:
        return dict(session.execute(select(Answer.question, Answer.text)).all())

    return await office.bot.database.read(stored)


async def drafts(office: Office) -> list[Any]:
    """What is half-said."""

    def kept(session: Session) -> list[Any]:
        return list(session.scalars(select(Prompt.draft).where(Prompt.draft.is_not(None))))

    return [one["said"] for one in await office.bot.database.read(kept)]


async def test_a_conversation_through_a_restart(either: Office) -> None:
    """Begun with one bot and ended with another: nothing is asked or said twice."""
    await asked(either)
    (reply,) = await either.say(MEI, "The logs hold duplicates.")
    assert "Noted. 2 of 4" in shown(reply)
    assert "What do you try next?" in shown(reply)
    await either.restart()
    assert await drafts(either) == [{"learned": "The logs hold duplicates."}]
    (reply,) = await either.say(MEI, "Deduplicate them")
    assert "Noted. 3 of 4" in shown(reply)
    await either.say(MEI, "skip")
    assert await either.messages(GENERAL) == []
    (reply,) = await either.say(MEI, "4")
    assert "Saved ✓" in shown(reply)
    assert await answers(either) == {
        "learned": "The logs hold duplicates.",
        "next": "Deduplicate them",
        "confidence": "4",
    }
    assert await drafts(either) == []
    (run,) = await either.messages(GENERAL)
    assert "The logs hold duplicates." in shown(run)
    card = (await either.messages(MEI))[0]
    assert "Edit" in [one["text"]["text"] for one in buttons(card)]


async def test_saved_is_edited_by_its_button(by_http: Office) -> None:
    """The form opens with what was said in the DM."""
    await asked(by_http)
    for words in ("First", "-", "-"):
        await by_http.say(MEI, words)
    (saved,) = await by_http.say(MEI, "-")
    await by_http.click(MEI, saved)
    assert await by_http.modal_saying(MEI, "First")
    await by_http.answer(MEI, learned="Second")
    await by_http.rest()
    assert await answers(by_http) == {"learned": "Second"}


async def test_cancel_and_words_that_do_not_fit(by_http: Office) -> None:
    """Each is told, and nothing is saved."""
    await asked(by_http)
    (reply,) = await by_http.say(MEI, "skip")
    assert "this one is needed.\\n1 of 4" in shown(reply)
    for words in ("First", "Next", "none"):
        await by_http.say(MEI, words)
    (reply,) = await by_http.say(MEI, "seven")
    assert "a whole number from 1 to 5.\\n4 of 4" in shown(reply)
    (reply,) = await by_http.say(MEI, "cancel")
    assert "Left. Nothing of this was saved; your card is still there." in shown(reply)
    assert await answers(by_http) == {}
    assert await drafts(by_http) == []
    assert await by_http.messages(GENERAL) == []


async def test_forty_thousand_characters_are_refused_whole(by_http: Office) -> None:
    """The length allowed is told, and the conversation goes on."""
    await asked(by_http)
    (reply,) = await by_http.say(MEI, "x" * 40_000)
    assert "Please keep this to 3,000 characters. Nothing has been cut.\\n1 of 4" in shown(reply)
    assert await drafts(by_http) == [{}]
    await by_http.say(MEI, "x" * 3_000)
    assert await drafts(by_http) == [{"learned": "x" * 3_000}]


async def test_mentions_and_markup_are_inert_in_the_channel(by_http: Office) -> None:
    """What was typed is read by people as it was typed, and by Slack as nothing."""
    await asked(by_http)
    await by_http.say(MEI, "<!channel> <@U01SAM> *bold* &lt;!here&gt; 🙂 \u05e9\u05dc\u05d5\u05dd")
    for _ in range(3):
        await by_http.say(MEI, "-")
    (run,) = await by_http.messages(GENERAL)
    assert "<!channel>" not in shown(run)
    kinds = {part["type"] for part in _parts(run["blocks"])}
    assert kinds.isdisjoint({"user", "broadcast", "link", "usergroup"})
    assert "@channel @Sam" in shown(run)
    assert "*bold* <!here> 🙂 \u05e9\u05dc\u05d5\u05dd" in str(_texts(run["blocks"]))
    assert "<!here>" not in run["text"]


async def test_an_emoji_is_one_in_the_channel_too(by_http: Office) -> None:
    """Slack hands it over by its name."""
    await asked(by_http)
    await by_http.say(MEI, "The model is live :tada: since 10:30:45")
    for _ in range(3):
        await by_http.say(MEI, "-")
    (run,) = await by_http.messages(GENERAL)
    assert {"type": "emoji", "name": "tada"} in _parts(run["blocks"])
    assert {": The model is live ", " since 10:30:45"} <= set(_texts(run["blocks"]))


def _parts(value: Any) -> list[Json]:
    if isinstance(value, dict):
        own = [value] if "type" in value else []
        return own + [part for each in value.values() for part in _parts(each)]
    return [part for each in value for part in _parts(each)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [part["text"] for part in _parts(value) if isinstance(part.get("text"), str)]


async def test_an_event_delivered_four_times_takes_effect_once(either: Office) -> None:
    """At the same time and afterwards: one answer, one reply."""
    await asked(either)
    await either.say(MEI, "First")
    told = event(either, "First")
    await asyncio.gather(deliver(either, told), deliver(either, told))
    await deliver(either, told)
    await either.hear()
    assert await drafts(either) == [{"learned": "First"}]
    mine = [one for one in await either.messages(MEI) if one["user"] != MEI]
    assert len(mine) == 2  # the card and one reply


async def test_an_event_that_fails_for_a_moment_comes_again(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack sends it once more, and then it counts; nobody is bothered."""
    await asked(by_http)
    hear, failed = dialogue.hear, list[bool]()

    def fails_once(*args: Any) -> None:
        if not failed:
            failed.append(True)
            raise Transient
        hear(*args)

    monkeypatch.setattr(dialogue, "hear", fails_once)
    (reply,) = await by_http.say(MEI, "First")
    assert failed
    assert "Noted. 2 of 4" in shown(reply)


async def test_what_fails_for_good_is_told_to_them_alone(
    by_http: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they wrote, with a reference."""
    await asked(by_http)

    def fails(*_args: Any) -> None:
        raise RuntimeError("the roof is on fire")

    monkeypatch.setattr(dialogue, "hear", fails)
    (reply,) = await by_http.say(MEI, "First")
    assert reply["ephemeral_to"] == MEI
    assert "reference" in reply["text"]


async def test_two_open_stand_ups_one_after_the_other(by_http: Office) -> None:
    """The reply says which one it took, and which one the next message answers."""
    await set_up_elsewhere(by_http, MEI, LENA)
    await asked(by_http)
    (reply,) = await by_http.say(MEI, "First")
    assert "One other stand-up is open too. It waits until this one is done." in shown(reply)
    taken = f"<#{GENERAL}>" in shown(reply)
    assert taken is not (f"<#{QUALITY}>" in shown(reply))
    for _ in range(2):
        (reply,) = await by_http.say(MEI, "-")
        assert "is open too" not in shown(reply)
    (reply,) = await by_http.say(MEI, "-")
    assert "Your next message answers it: " in shown(reply)
    (reply,) = await by_http.say(MEI, "Other words")
    assert "2 of 4" in shown(reply)
    assert (f"<#{GENERAL}>" in shown(reply)) is not taken


async def test_what_is_answered_already_and_when_nothing_is_open(by_http: Office) -> None:
    """A button instead of overwriting; and when the next one is."""
    await asked(by_http)
    await by_http.standup(MEI)
    await by_http.answer(MEI, learned="In the form")
    (reply,) = await by_http.say(MEI, "thanks!")
    assert "You have answered" in shown(reply)
    assert [one["text"]["text"] for one in buttons(reply)] == ["Edit"]
    assert await answers(by_http) == {"learned": "In the form"}
    (reply,) = await by_http.say(SAM, "hello")
    assert "You are on no stand-up yet." in shown(reply)


async def test_an_edit_or_deletion_of_a_message_is_no_answer(by_http: Office) -> None:
    """Nor are the bot's own messages, which Slack tells it of as well."""
    await asked(by_http)
    await by_http.say(MEI, "First")
    (mine,) = [one for one in await by_http.messages(MEI) if one["user"] == MEI]
    here = {"channel": mine["channel"], "ts": mine["ts"], "user": MEI}
    await by_http.post("edit", **here, text="Edited")
    await by_http.post("delete", **here)
    await by_http.hear()
    assert await drafts(by_http) == [{"learned": "First"}]
    told = [one for one in by_http.sent if one.kind == "events_api"]
    assert {one.payload["event"].get("subtype") for one in told} >= {
        "message_changed",
        "message_deleted",
    }


async def test_a_message_in_a_thread_is_answered_there(by_http: Office) -> None:
    """A reply below the card is an answer like any other; below one's own, the DM is answered."""
    card = await asked(by_http)
    (reply,) = await by_http.say(MEI, "In the thread", card["ts"])
    assert await drafts(by_http) == [{"learned": "In the thread"}]
    assert reply["thread_ts"] == card["ts"]
    own = next(one for one in await by_http.messages(MEI) if one["user"] == MEI)
    (reply,) = await by_http.say(MEI, "Again", own["ts"])
    assert reply["thread_ts"] == card["ts"]  # Slack has no thread in a thread
    (reply,) = await by_http.say(MEI, "-")
    assert reply["thread_ts"] is None
    own = (await by_http.messages(MEI))[-2]
    (reply,) = await by_http.say(MEI, "4", own["ts"])
    assert reply["thread_ts"] is None
    assert "Saved ✓" in shown(reply)


async def test_a_person_of_another_organisation_is_refused(by_http: Office) -> None:
    """They alone see it, and no row is left."""
    await asked(by_http)
    before = await by_http.rows()
    (reply,) = await by_http.say(PRIYA, "Let me in")
    assert reply["ephemeral_to"] == PRIYA
    assert "another organisation" in reply["text"]
    assert await by_http.rows() == before


async def test_who_is_deactivated_gets_no_answer(by_http: Office) -> None:
    """Their last message came late: it is taken for nothing, and nobody replies."""
    await asked(by_http)
    await by_http.say(MEI, "First")
    late = copy.deepcopy(event(by_http, "First"))
    late["event_id"] = "EvLATE"
    late["event"]["text"] = "Last words"
    await by_http.post("user", user=MEI, deleted=True)
    await by_http.hear()
    before = len(await by_http.messages(MEI))
    await deliver(by_http, late)
    await by_http.hear()
    assert len(await by_http.messages(MEI)) == before
    assert await drafts(by_http) == [{"learned": "First"}]


async def test_what_is_half_said_when_it_closes_counts(by_http: Office) -> None:
    """The last question becomes the receipt, silently."""
    await asked(by_http)
    (asks,) = await by_http.say(MEI, "Only this")
    count = len(await by_http.messages(MEI))
    await by_http.until("31T05:00")
    assert await answers(by_http) == {"learned": "Only this"}
    (same,) = [one for one in await by_http.messages(MEI) if one["ts"] == asks["ts"]]
    assert "Saved ✓" in shown(same)
    assert len([one for one in await by_http.messages(MEI) if "Noted" in shown(one)]) == 0
    assert count >= 2


async def test_the_dm_is_offered_only_where_slack_tells_of_it(by_http: Office) -> None:
    """With the lean manifest the bot hears nothing there, and promises nothing."""
    card = await asked(by_http)
    assert "Or write your answer to me here" in shown(card)
    assert "write your answers" in (await by_http.standup(MEI, "help"))["response"]
    by_http.world.scopes.discard("im:history")
    await by_http.restart()
    assert "write your answers" not in (await by_http.standup(MEI, "help"))["response"]
    await by_http.until("30T07:30")
    (card,) = await by_http.messages(LENA)
    assert "write your answer" not in shown(card)
