"""Answering from day to day through Slack: plans, blockers, who unblocks them, and two taps."""

import asyncio

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.core.states import RitualState, RunState
from bot.db.tables import Ritual, Run
from tests.endtoend.office import ARJUN, GENERAL, LENA, MEI, SAM, Json, Office, buttons, shown

ROBOT = "U01MERIDIAN"


async def opened(office: Office, user: str = LENA) -> Json:
    """The form that a person's newest card opens."""
    cards = [one for one in await office.messages(user) if "Stand-up" in one["text"]]
    await office.click(user, cards[-1])
    await office._form(user, {"learned"})
    return await office.modal(user)


async def press(office: Office, user: str, message: Json, label: str) -> None:
    named = [one for one in buttons(message) if one["text"]["text"] == label]
    await office.post(
        "click",
        user=user,
        channel=message["channel"],
        ts=message["ts"],
        action_id=named[0]["action_id"],
        block_id=named[0].get("block_id"),
    )
    await office.rest()


async def naming(office: Office, user: str) -> list[Json]:
    """The messages that tell somebody of a blocker."""
    return [one for one in await office.messages(user) if "the consent flags" in one["text"]]


async def test_a_blocker_from_the_form_to_whoever_unblocks_it(either: Office) -> None:
    """Said in Berlin at ten; told in Los Angeles at nine; resolved there, and read everywhere."""
    await either.set_up(LENA, SAM)
    await either.until("30T08:00")
    await opened(either)
    blocked = {"blockers": "No access to the consent flags", "-helper": SAM}
    assert (await either.answer(LENA, learned="Much", **blocked))["outcome"] == "closed"
    await either.rest()
    (run,) = await either.messages(GENERAL)
    assert "the consent flags" in shown(run)
    assert await naming(either, SAM) == []

    await either.until("30T16:00")
    (told,) = await naming(either, SAM)
    assert "Lena" in told["text"]
    assert "named you" in told["text"]
    await press(either, SAM, told, "Unblocked")
    (told,) = await naming(either, SAM)
    assert "Resolved ✓" in shown(told)
    assert buttons(told) == []
    (run,) = await either.messages(GENERAL)
    assert "resolved" in shown(run).lower()
    await either.until("30T16:45")  # Sam is asked; that takes the first of the day's two
    assert len(await either.messages(SAM)) == 2


async def test_who_can_t_help_is_asked_no_more_and_the_owner_reads_it(by_http: Office) -> None:
    """On the next day's card, above what to answer."""
    await by_http.set_up(LENA, ARJUN)
    await by_http.until("30T08:00")
    await opened(by_http)
    blocked = {"blockers": "No access to the consent flags", "-helper": MEI}
    await by_http.answer(LENA, learned="Much", **blocked)
    await by_http.until("31T01:00")  # ten o'clock in Tokyo
    (told,) = await naming(by_http, MEI)
    await press(by_http, MEI, told, "I can't help")
    (told,) = await naming(by_http, MEI)
    assert "no longer asked" in shown(told)
    await by_http.until("31T07:35")
    cards = [one for one in await by_http.messages(LENA) if "waiting for you" in one["text"]]
    assert "Mei can't help with: No access to the consent flags" in shown(cards[-1])


@pytest.mark.parametrize(
    ("helper", "sentence"),
    [(LENA, "That is you."), (ROBOT, "A bot can't unblock you.")],
)
async def test_who_can_t_be_named_is_said_below_the_choice(
    by_http: Office, helper: str, sentence: str
) -> None:
    await by_http.set_up(LENA)
    await by_http.until("30T08:00")
    await opened(by_http)
    told = await by_http.answer(LENA, learned="Much", blockers="GPU", **{"-helper": helper})
    assert told["outcome"] == "errors"
    assert set(told["errors"]) == {"-helper"}
    assert told["errors"]["-helper"].startswith(sentence)
    assert await by_http.rows("answers") == 0


async def test_a_day_without_change_takes_two_taps(either: Office) -> None:
    """*Same as planned*, then *Save*; the plan is carried over and planned again."""
    await either.set_up(LENA)
    await either.until("30T08:00")
    await opened(either)
    await either.answer(LENA, learned="Much", next="Train the model", confidence="4")
    await either.until("31T07:35")
    card = (await either.messages(LENA))[-1]
    await press(either, LENA, card, "Same as planned")
    await either._form(LENA, {"learned"})
    assert (await either.post("submit", user=LENA, values={}))["outcome"] == "closed"
    await either.rest()
    run = (await either.messages(GENERAL))[-1]
    for words in ("As planned.", "Train the model", "4"):
        assert words in shown(run)
    assert "Answered ✓" in shown((await either.messages(LENA))[-1])


async def test_two_submits_of_one_form_are_one_answer(by_http: Office) -> None:
    """At the same time, by two clicks: one row for each blocker, and one who is told once."""
    await by_http.set_up(LENA, ARJUN)
    await by_http.until("30T08:00")
    await opened(by_http)
    said = {"learned": "Much", "blockers": "No access to the consent flags"}
    forms = [await by_http.submission(LENA, **said) for _ in range(2)]
    for form in forms:
        state = form["view"]["state"]["values"]["-helper"]["text"]
        state["selected_user"] = ARJUN
    assert forms[0]["trigger_id"] != forms[1]["trigger_id"]
    assert list(await asyncio.gather(*map(by_http.send, forms))) == [{}, {}]
    await by_http.rest()
    rows = await by_http.rows()
    assert (rows["blockers"], rows["answers"], rows["answer_revisions"]) == (1, 2, 0)
    assert len(await naming(by_http, ARJUN)) == 1


def _delete(session: Session) -> None:
    session.execute(update(Ritual).values(state=RitualState.DELETED))


def _forget(session: Session) -> None:
    session.execute(Ritual.__table__.delete())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [(_delete, "This stand-up was deleted"), (_forget, "no longer there")],
)
async def test_a_stand_up_deleted_meanwhile_hands_all_back(
    by_http: Office, how: object, sentence: str
) -> None:
    """Whatever was written or chosen is there to be copied."""
    await by_http.set_up(LENA)
    await by_http.until("30T08:00")
    await opened(by_http)
    await by_http.bot.database.write(how)  # type: ignore[arg-type]
    told = await by_http.answer(LENA, learned="Much *more*", confidence="4", blockers="GPU")
    assert told["outcome"] == "updated"
    assert sentence in shown(told["view"])
    fields = [b["element"] for b in told["view"]["blocks"] if b["type"] == "input"]
    back = [one["initial_value"] for one in fields]
    assert back[0] == "Much *more*"
    assert {one[0] for one in back} == {"M", "4", "G"}


async def test_a_choice_that_is_offered_no_more_and_a_number_that_is_none(by_http: Office) -> None:
    """Past the client, which lets nobody choose or type these."""
    await by_http.set_up(LENA)
    await by_http.until("30T08:00")
    await opened(by_http)
    form = await by_http.submission(LENA, learned="Much")
    chosen = form["view"]["state"]["values"]["confidence"]["text"]
    chosen["selected_option"] = {"value": "9", "text": {"type": "plain_text", "text": "9"}}
    told = await by_http.send(form)
    assert told["errors"] == {"confidence": "Please give a whole number from 1 to 5."}


def _ask_another(session: Session) -> None:
    run = session.query(Run).filter_by(state=RunState.OPEN).one()
    questions = [dict(one) for one in run.config["questions"]]
    questions[0]["text"] = "What did you ship?"
    run.config = {**run.config, "questions": [*questions[:2], questions[3]]}


async def test_questions_that_changed_come_back_with_what_was_written(by_http: Office) -> None:
    """The form shows those that are asked now; saved again, it is stored."""
    await by_http.set_up(LENA)
    await by_http.until("30T08:00")
    await opened(by_http)
    await by_http.bot.database.write(_ask_another)
    told = await by_http.answer(LENA, learned="Much", blockers="GPU")
    assert told["outcome"] == "updated"
    assert "The questions were changed while you wrote" in shown(told["view"])
    assert "What did you ship?" in shown(told["view"])
    assert "GPU" in shown(told["view"])
    assert await by_http.rows("answers") == 0
    assert (await by_http.post("submit", user=LENA, values={}))["outcome"] == "closed"
    assert await by_http.rows("answers") == 1


async def test_an_optional_choice_is_taken_back(by_http: Office) -> None:
    """Chosen by mistake, cleared by an edit: the channel shows it no more."""
    await by_http.standup(LENA, "setup")
    await by_http.modal_saying(LENA, "More options")
    await by_http.post("click", user=LENA, action_id="standup.setup.more")
    await by_http.modal_saying(LENA, "How often")
    await by_http.post("click", user=LENA, action_id="standup.setup.template", value="own")
    await by_http.modal_saying(LENA, "one per line")
    asked = {"questions": "What is new?\nWhich area? [choice: data, serving]"}
    await by_http.post("submit", user=LENA, values={"questions": asked})
    await by_http.post("close", user=LENA)
    await by_http.until("30T07:30")
    (card,) = await by_http.messages(LENA)
    await by_http.click(LENA, card)
    said, area = [one["block_id"] for one in await inputs(by_http)]
    await by_http.answer(LENA, **{said: "F1 is 0.8", area: "serving"})
    await by_http.rest()
    assert "serving" in shown((await by_http.messages(GENERAL))[-1])
    await by_http.click(LENA, card)
    await inputs(by_http)
    values = {area: {"text": None}}
    assert (await by_http.post("submit", user=LENA, values=values))["outcome"] == "closed"
    await by_http.rest()
    message = shown((await by_http.messages(GENERAL))[-1])
    assert "F1 is 0.8" in message
    assert "serving" not in message


async def inputs(office: Office) -> list[Json]:
    """The inputs of the answer modal, once it is there."""
    view = await office.modal_saying(LENA, "Which area?")
    return [one for one in view["blocks"] if one["type"] == "input"]
