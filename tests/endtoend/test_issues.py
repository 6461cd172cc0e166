"""Asked for issues, beside a Jira, one that is down, and none: ticked, searched, shown as links."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Run
from tests.endtoend.office import GENERAL, LENA, MEI, RAFAEL, Json, Office, office, shown
from tests.endtoend.test_jira import choose_project, jira

CHURN = "C01CHURN"
TEMPLATE = "standup.setup.template"
MORE = "standup.setup.more"
TRY = "standup.setup.try"
SEARCH = f"standup.issues {GENERAL}"
TICKED = "standup.my_issues"
QUESTIONS = "What are you at? [issues] *\nAnything else?"


@pytest.fixture
async def at(database_url: str) -> AsyncIterator[Office]:
    """An office whose bot has Jira, and whose team its project."""
    async with office(database_url, "socket", jira=True) as opened:
        await choose_project(opened)
        await opened.post("close", user=LENA)
        yield opened


async def set_up(at: Office, by: str = LENA) -> None:
    """A stand-up that asks for issues."""
    await at.standup(by, "setup")
    await at.modal_saying(by, "More options")
    await at.post(
        "click", user=by, action_id=MORE, state={"members": {"members": [MEI, LENA, RAFAEL]}}
    )
    await at.modal_saying(by, "How often")
    await at.post("click", user=by, action_id=TEMPLATE, value="own")
    await at.modal_saying(by, "Our own questions, one per line")
    values = {"questions": {"questions": QUESTIONS}}
    answer = await at.post("submit", user=by, values=values)
    assert answer["outcome"] != "errors", answer
    await at.post("close", user=by)
    await at.rest()


async def ticket(at: Office, summary: str, project: str = "ML", who: str = MEI) -> str:
    """A ticket in Jira that somebody has in progress."""
    fields = {"summary": summary, "assignee": who}
    key: str = (await jira(at, "create", user=LENA, project=project, fields=fields))["key"]
    await jira(at, "transition", user=who, key=key, to="indeterminate")
    return key


async def asked(at: Office, who: str = MEI) -> Json:
    """The form that *Answer* opens, once it is whole."""
    await at.standup(who)
    await at.bot.front.drain()
    return await at.modal_saying(who, "What are you at?")


def block(view: Json, begins: str = "q_") -> Json:
    found: Json = next(one for one in view["blocks"] if one["block_id"].startswith(begins))
    return found


async def message(at: Office) -> Json:
    await at.rest()
    return (await at.messages(GENERAL))[-1]


async def suggest(at: Office, query: str) -> list[str]:
    answer = await at.post("suggest", user=MEI, action_id=SEARCH, query=query)
    return [one["value"] for one in answer["options"]]


def links(message: Json) -> dict[str, str]:
    """What the links of a message read like, and where they lead."""
    return {
        each["text"]: each["url"]
        for one in message["blocks"]
        if one["type"] == "rich_text"
        for item in one["elements"][0]["elements"]
        for each in item.get("elements", ())
        if each["type"] == "link"
    }


async def test_mine_is_ticked_others_are_searched_and_both_are_links(at: Office) -> None:
    """What is said is shown back where it is changed; a key elsewhere in the answer leads too."""
    mine = await ticket(at, "Retrain the baseline")
    platform = await ticket(at, "Move the warehouse", project="DATA")
    other = await ticket(at, "Chase the consent flags", who=LENA)
    await set_up(at)
    await at.until("30T07:30")
    view = await asked(at)
    ticks, search = block(view), block(view, "-others-")
    offered = [one["value"] for one in ticks["element"]["options"]]
    assert offered == [f"{platform} Move the warehouse", f"{mine} Retrain the baseline"]
    assert await suggest(at, "consent") == [f"{other} Chase the consent flags"]
    assert await suggest(at, "ops-7") == ["OPS-7"]
    found = f"{other} Chase the consent flags"
    more = next(one["block_id"] for one in view["blocks"] if "Anything" in shown_label(one))
    values: dict[str, Any] = {
        ticks["block_id"]: {TICKED: [offered[0]]},
        search["block_id"]: {SEARCH: [found]},
        more: {"text": f"After that {mine}, in UTF-8"},
    }
    assert (await at.post("submit", user=MEI, values=values))["outcome"] == "closed"
    site = at.bot._settings.jira_url
    assert links(await message(at)) == {
        key: f"{site}/browse/{key}" for key in (mine, platform, other)
    }
    await at.standup(MEI)  # tomorrow's is open by now, so it asks which
    choice = await at.modal_saying(MEI, "These are open for you")
    answered = next(one for one in choice["blocks"] if "Mon 30" in shown({"blocks": one}))
    value = answered["accessory"]["value"]
    await at.post("click", user=MEI, action_id="standup.answer", value=value)
    again = await at.modal_saying(MEI, "What are you at?")
    assert [one["value"] for one in block(again)["element"]["initial_options"]] == [offered[0]]
    others = block(again, "-others-")["element"]["initial_options"]
    assert [one["value"] for one in others] == [found]
    untick: dict[str, Any] = {ticks["block_id"]: {TICKED: []}, search["block_id"]: {SEARCH: []}}
    answer = await at.post("submit", user=MEI, values=untick)
    assert answer["errors"] == {
        ticks["block_id"]: "Please choose an issue, or write its key: this one is needed."
    }


def shown_label(block: Json) -> str:
    return str((block.get("label") or {}).get("text", ""))


@pytest.mark.parametrize("mode", [{"mode": "status", "status": 503}, {"mode": "delay"}])
async def test_while_jira_is_down_keys_are_enough(at: Office, mode: Json) -> None:
    """The form opens all the same and says so; what is written in it is kept and shown."""
    await set_up(at)
    await at.until("30T07:30")
    seconds = {"seconds": 20} if mode["mode"] == "delay" else {}
    await at.post("fault", method="/jira/*", count=100, **mode, **seconds)
    view = await asked(at)
    assert "Jira can't be reached just now" in shown(view)
    key = block(view)["block_id"]
    answer = await at.answer(MEI, **{key: "the baseline"})
    assert "Please write keys" in answer["errors"][key]
    assert (await at.answer(MEI, **{key: "ml-3, ML-4 Fix it"}))["outcome"] == "closed"
    assert set(links(await message(at))) == {"ML-3", "ML-4"}


async def test_keys_are_offered_as_they_are_while_a_search_fails(at: Office) -> None:
    """Jira may go between the form and the search."""
    await set_up(at)
    await at.until("30T07:30")
    view = await asked(at)
    assert "is in progress in Jira" in shown(view)
    await at.post("fault", method="/jira/*", count=100, mode="status", status=503)
    assert await suggest(at, "ml-3") == ["ML-3"]
    assert await suggest(at, "baseline") == []


async def test_somebody_unknown_in_jira_can_search(at: Office) -> None:
    """The form says why nothing of theirs is listed."""
    await set_up(at)
    await at.until("30T07:30")
    view = await asked(at, RAFAEL)
    assert "doesn't know who you are in Jira" in shown(view)
    assert block(view)["element"]["type"] == "multi_external_select"


async def test_answered_by_message_keys_are_typed(at: Office) -> None:
    """In any case, with commas between; what is no key is asked for once more."""
    await set_up(at)
    await at.until("30T07:30")
    (told,) = await at.say(MEI, "the baseline")
    assert "Please write keys" in shown(told)
    await at.say(MEI, "ml-3, ML-4")
    await at.say(MEI, "skip")
    assert set(links(await message(at))) == {"ML-3", "ML-4"}


async def test_it_is_tried_with_what_one_has_in_progress(at: Office) -> None:
    """And the preview links as the channel will."""
    mine = await ticket(at, "Retrain the baseline", who=LENA)
    await set_up(at)
    await at.standup(LENA, "setup")
    await at.modal_saying(LENA, "Try it on me now")
    await at.post("click", user=LENA, action_id=TRY)
    view = await at.modal_saying(LENA, "Nothing of it is saved or posted")
    ticks = block(view)
    value = ticks["element"]["options"][0]["value"]
    assert value == f"{mine} Retrain the baseline"
    values = {ticks["block_id"]: {TICKED: [value]}}
    await at.post("submit", user=LENA, values=values)
    preview = await at.modal_saying(LENA, "This is how the channel sees it")
    assert list(links(preview)) == [mine]


async def test_without_jira_keys_alone_are_asked_for(by_http: Office) -> None:
    """And nothing is a link, since there is nowhere to lead."""
    at = by_http
    await set_up(at)
    await at.until("30T07:30")
    view = await asked(at)
    assert block(view)["hint"]["text"] == "Keys with commas between, such as ML-12, ML-15."
    await at.answer(MEI, **{block(view)["block_id"]: "ML-3, ML-4"})
    told = await message(at)
    assert "ML-3, ML-4" in shown(told)
    assert links(told) == {}


async def test_a_team_without_a_project_ticks_and_writes(at: Office) -> None:
    """There is nothing to search, but what is mine is mine in any project."""
    mine = await ticket(at, "Retrain the baseline")
    await at.standup(LENA, "setup", CHURN)
    await at.modal_saying(LENA, "More options")
    await at.post("click", user=LENA, action_id=MORE, state={"members": {"members": [MEI]}})
    await at.modal_saying(LENA, "How often")
    await at.post("click", user=LENA, action_id=TEMPLATE, value="own")
    await at.modal_saying(LENA, "Our own questions, one per line")
    await at.post("submit", user=LENA, values={"questions": {"questions": QUESTIONS}})
    await at.post("close", user=LENA)
    await at.until("30T07:30")
    view = await asked(at)
    assert f"{mine} Retrain the baseline" in shown(view)
    assert "Others, by their keys" in shown(view)


async def test_where_jira_is_taken_away_nothing_leads_there(at: Office) -> None:
    """From the next start on: the site that keys lead to is written down anew at each."""
    await set_up(at)
    await at.until("30T07:30")
    view = await asked(at)
    more = next(one["block_id"] for one in view["blocks"] if "Anything" in shown_label(one))
    picked = {block(view)["block_id"]: {SEARCH: await suggest(at, "OPS-7")}}
    answer = await at.post("submit", user=MEI, values={**picked, more: {"text": "Then ML-3"}})
    assert answer["outcome"] == "closed", answer
    assert set(links(await message(at))) == {"OPS-7", "ML-3"}
    at.bot._settings = at.bot._settings.model_copy(
        update=dict.fromkeys(("jira_url", "jira_email", "jira_token", "jira_webhook_secret"))
    )
    await at.restart()
    await at.say(LENA, "ML-4")
    await at.say(LENA, "skip")
    told = await message(at)
    assert "ML-4" in shown(told)
    assert links(told) == {}


async def test_questions_that_changed_offer_the_same_issues(at: Office) -> None:
    """Without asking Jira once more, which may be slow; what was ticked stays so."""
    mine = await ticket(at, "Retrain the baseline")
    await set_up(at)
    await at.until("30T07:30")
    view = await asked(at)

    def ask_more(session: Session) -> None:
        run = session.scalars(select(Run).order_by(Run.local_date)).first()
        assert run is not None
        questions = [*run.config["questions"], {"key": "new", "text": "New?", "short": "New"}]
        run.config = {**run.config, "questions": questions}

    await at.bot.database.write(ask_more)
    await at.post("fault", method="/jira/*", count=100, mode="status", status=503)
    key = block(view)["block_id"]
    values = {key: {TICKED: [f"{mine} Retrain the baseline"]}}
    answer = await at.post("submit", user=MEI, values=values)
    assert answer["outcome"] == "updated", answer
    again = block(answer["view"])["element"]
    assert [one["value"] for one in again["initial_options"]] == [f"{mine} Retrain the baseline"]
    assert block(answer["view"], "-others-")["element"]["action_id"] == SEARCH
    assert (await at.post("submit", user=MEI, values={}))["outcome"] == "closed"
    assert set(links(await message(at))) == {mine}
