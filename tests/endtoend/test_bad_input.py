"""What people get wrong, or do twice: one clear sentence each, where they are looking."""

import asyncio
import copy
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Person
from bot.sandbox import TEAM_ID
from tests.endtoend.office import (
    GENERAL,
    INES,
    LENA,
    MEI,
    QUALITY,
    SAM,
    Json,
    Office,
    buttons,
    shown,
)

LEADS = "C01LEADS"  # private
PRIYA, OTHER_TEAM = "U01PRIYA", "T01NIMBUS"


async def asked(office: Office, *people: str) -> Json:
    """A stand-up whose first person has been asked: their card."""
    await office.set_up(*people)
    await office.until("30T07:30" if LENA in people else "30T00:30")
    return (await office.messages(people[0]))[0]


async def test_setup_where_the_bot_is_not_says_how_to_invite_it(by_http: Office) -> None:
    """It can't read that channel's members, nor post there."""
    await by_http.standup(MEI, "setup", QUALITY)
    view = await by_http.modal_saying(MEI, "/invite @Meridian")
    assert view["submit"] is None


async def test_a_private_channel_is_one_like_others_once_the_bot_is_in_it(either: Office) -> None:
    """Before, Slack tells nothing of it: how to invite the bot. Then it asks and shows there."""
    await either.post("channel", channel=LEADS, leave=["U01MERIDIAN"])
    await either.standup(SAM, "setup", LEADS)
    view = await either.modal_saying(SAM, "/invite @Meridian")
    assert view["submit"] is None
    await either.post("close", user=SAM)
    await either.post("channel", channel=LEADS, join=["U01MERIDIAN"])
    await either.standup(SAM, "setup", LEADS)
    await either.modal_saying(SAM, "each person is asked")
    values = {"members": {"members": [SAM]}}
    assert (await either.post("submit", user=SAM, values=values))["outcome"] == "updated"
    await either.post("close", user=SAM)
    await either.until("30T17:00")  # 10:00 in Los Angeles
    await either.click(SAM, (await either.messages(SAM))[0])
    await either.answer(SAM, learned="Among ourselves")
    await either.rest()
    assert "Among ourselves" in shown((await either.messages(LEADS))[-1])


async def test_setup_in_a_dm_asks_for_a_channel(by_http: Office) -> None:
    """A stand-up's answers need a place that others read."""
    await by_http.standup(MEI, "setup", "U01MERIDIAN")
    assert await by_http.modal_saying(MEI, "Choose a channel")


async def test_setup_in_an_archived_channel_says_so(by_http: Office) -> None:
    """Nothing could be shown there."""
    await by_http.post("channel", channel=GENERAL, archived=True)
    await by_http.standup(LENA, "setup")
    view = await by_http.modal_saying(LENA, "archived")
    assert view["submit"] is None


@pytest.mark.parametrize(
    ("block", "element", "emptied", "sentence"),
    [
        ("members", "members", {"selected_users": []}, "Choose at least one person."),
        ("days", "days", {"selected_options": []}, "Choose at least one day."),
        ("at", "at", {"selected_time": None}, "Choose a time."),
    ],
)
async def test_setup_without_a_needed_part_says_which(
    by_http: Office, block: str, element: str, emptied: Json, sentence: str
) -> None:
    """Slack's clients catch most of these; a request past them is answered the same way."""
    await by_http.standup(LENA, "setup")
    payload = await by_http.submission(LENA)
    payload["view"]["state"]["values"][block][element].update(emptied)
    told = await by_http.send(payload)
    assert told == {"response_action": "errors", "errors": {block: sentence}}
    assert await by_http.rows("rituals") == 0


async def test_an_empty_required_answer_is_not_stored(by_http: Office) -> None:
    """White space is no answer; the sentence stands under the question."""
    await by_http.click(MEI, await asked(by_http, MEI))
    told = await by_http.send(await by_http.submission(MEI, learned=" \n\t", next="More"))
    assert told["response_action"] == "errors"
    assert told["errors"] == {"learned": "Please write a line here: this one is needed."}
    assert await by_http.rows("answers") == 0


async def test_an_answer_past_the_limit_is_refused_and_never_cut(by_http: Office) -> None:
    """40,000 characters; Slack's own clients stop at 3,000."""
    await by_http.click(MEI, await asked(by_http, MEI))
    told = await by_http.send(await by_http.submission(MEI, learned="x" * 40_000))
    assert told["errors"] == {
        "learned": "Please keep this to 3,000 characters. Nothing has been cut."
    }
    assert await by_http.rows("answers") == 0
    assert (await by_http.answer(MEI, learned="x" * 3_000))["outcome"] == "closed"
    await by_http.rest()
    assert len(await by_http.messages(GENERAL)) == 1


async def test_a_submission_delivered_twice_takes_effect_once(either: Office) -> None:
    """At the same time, and again after an edit: the edit stands."""
    await either.click(MEI, await asked(either, MEI))
    first = await either.submission(MEI, learned="First")
    acks = list(await asyncio.gather(either.send(first), either.send(first)))
    assert acks == [{}, {}]
    second = await either.submission(MEI, learned="Second")
    await either.send(second)
    before = await either.rows()
    assert await either.send(copy.deepcopy(first)) == {}
    await either.rest()
    assert before["answers"] == 1
    assert before["answer_revisions"] == 1
    assert await either.rows() == before
    (run,) = await either.messages(GENERAL)
    assert "Second" in shown(run)


async def test_a_second_start_of_one_setup_screen_changes_the_first(by_http: Office) -> None:
    """The screen carries a key, so two clicks make one stand-up."""
    await by_http.standup(LENA, "setup")
    first, second = await by_http.submission(LENA), await by_http.submission(LENA)
    assert first["trigger_id"] != second["trigger_id"]
    assert (await by_http.send(first))["response_action"] == "update"
    again = await by_http.send(second)
    assert "The stand-up is changed." in shown(again["view"])
    assert await by_http.send(second) == {}
    assert await by_http.rows("rituals") == 1
    await by_http.rest()


async def test_only_the_owner_and_admins_change_a_stand_up(by_http: Office) -> None:
    """An admin is known as one even where the bot has not met them; others are told whose it is."""
    await by_http.set_up(MEI, by=MEI)
    await by_http.bot.database.write(_forget, LENA)
    await by_http.standup(LENA, "setup")
    await by_http.modal_saying(LENA, "each person is asked")
    changed = await by_http.post("submit", user=LENA, values={})
    assert "The stand-up is changed." in shown(changed["view"])
    await by_http.post("close", user=LENA)
    await by_http.standup(LENA, "setup")
    await by_http.modal_saying(LENA, "each person is asked")
    await by_http.bot.database.write(_demote, LENA)
    refused = await by_http.post("submit", user=LENA, values={})
    assert refused["errors"] == {
        "members": "This channel's stand-up is Mei's: only they or a workspace admin can change it."
    }
    await by_http.standup(SAM, "setup")
    assert (await by_http.modal_saying(SAM, "Mei* looks after it"))["submit"] is None


def _demote(session: Session, slack_id: str) -> None:
    session.scalars(select(Person).where(Person.slack_id == slack_id)).one().is_admin = False


def _forget(session: Session, slack_id: str) -> None:
    person = session.scalars(select(Person).where(Person.slack_id == slack_id)).one()
    person.refreshed_at, person.is_admin = None, False


async def test_a_run_closed_meanwhile_hands_the_text_back(either: Office) -> None:
    """In fields that one can copy from; markup in it stays as it was typed."""
    card = await asked(either, MEI)
    await either.click(MEI, card)
    await either.until("30T08:30")
    told = await either.answer(MEI, learned="Too *late* <@U01LENA>", next="Later")
    assert told["outcome"] == "updated"
    assert "has closed, so this was not saved" in shown(told["view"])
    fields = [b["element"] for b in told["view"]["blocks"] if b["type"] == "input"]
    assert [one["initial_value"] for one in fields] == ["Too *late* <@U01LENA>", "Later"]
    assert await either.rows("answers") == 0
    assert (await either.post("submit", user=MEI, values={}))["outcome"] == "closed"


async def test_the_answer_button_of_a_closed_run_says_so(by_http: Office) -> None:
    """A card may stand on a screen that has not been updated."""
    card = await asked(by_http, MEI)
    await by_http.click(MEI, card)
    await by_http.post("close", user=MEI)
    payload = copy.deepcopy(by_http.sent[-1].payload)
    await by_http.until("30T08:30")
    site = by_http.world.site
    payload["trigger_id"] = site.triggers.issue(MEI)
    await by_http.send(payload)
    await by_http.rest()
    view = await by_http.modal_saying(MEI, "has closed")
    assert view["submit"] is None


async def test_an_unknown_subcommand_lists_those_there_are(by_http: Office) -> None:
    """With what was typed, inert."""
    told = await by_http.standup(MEI, "<!channel>` dance")
    assert "There is no `/standup &lt;!channel&gt;'`." in told["response"]
    assert "`/standup setup`" in told["response"]
    assert "dance" not in told["response"]


async def test_markup_and_mentions_in_answers_are_inert(by_http: Office) -> None:
    """Nobody is notified by an answer, and it reads as it was typed."""
    words = "<!channel> <!here> <@U01LENA> <#C01GENERAL> *not bold* &lt; @channel"
    await by_http.click(MEI, await asked(by_http, MEI))
    await by_http.answer(MEI, learned=words, blockers=words)
    await by_http.rest()
    (run,) = await by_http.messages(GENERAL)
    assert "<" not in run["text"]
    leaves = list(_leaves(run["blocks"]))
    assert {"user", "broadcast", "usergroup", "channel"}.isdisjoint(kind for kind, _ in leaves)
    assert [kind for kind, text in leaves if words in text] == ["text", "text"]
    assert not any("<!channel>" in text for kind, text in leaves if kind == "mrkdwn")


def _leaves(part: object) -> list[tuple[str, str]]:
    """Every typed text in some blocks, with its type."""
    if isinstance(part, list):
        return [leaf for one in part for leaf in _leaves(one)]
    if not isinstance(part, dict):
        return []
    own = [(str(part["type"]), str(part.get("text", "")))] if "type" in part else []
    return own + [leaf for one in part.values() for leaf in _leaves(one)]


async def test_a_person_of_another_organisation_is_refused(either: Office) -> None:
    """Command, click and submission; and none of it leaves a trace."""
    card = await asked(either, MEI)
    await either.post("channel", channel=GENERAL, join=[PRIYA])
    await either.click(MEI, card)
    click = _as_priya(either.sent[-1].payload)
    submission = _as_priya(await either.submission(MEI, learned="Mine now"))
    await either.rest()
    before = await either.rows()

    told = await either.standup(PRIYA)
    assert "another organisation" in told["response"]
    assert told["view"] is None

    click["trigger_id"] = either.world.site.triggers.issue(PRIYA)
    click["response_url"] = either.world.site.hooks.issue(PRIYA, GENERAL)
    await either.send(click)
    await either.rest()
    whispers = [m for m in await either.messages(GENERAL) if m["ephemeral_to"] == PRIYA]
    assert [m["text"] for m in whispers] == [told["response"], told["response"]]

    assert "another organisation" in json.dumps(await either.send(submission))
    assert await either.rows() == before
    assert PRIYA not in (await either.state())["modals"]


def _as_priya(payload: Json) -> Json:
    made = copy.deepcopy(payload)
    assert made["user"]["team_id"] == TEAM_ID
    made["user"].update(id=PRIYA, username="priya", name="priya", team_id=OTHER_TEAM)
    return made


async def test_somebody_else_s_prompt_can_t_be_answered(by_http: Office) -> None:
    """Its number in a made-up request opens and stores nothing."""
    card = await asked(by_http, MEI, INES)
    await by_http.click(MEI, card)
    stolen = await by_http.submission(MEI, learned="Not hers")
    stolen["user"].update(id=INES, username="ines", name="ines")
    told = await by_http.send(stolen)
    assert "no longer there" in shown(told["view"])
    assert await by_http.rows("answers") == 0
    assert buttons(card)
