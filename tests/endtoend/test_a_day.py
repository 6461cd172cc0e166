"""One stand-up from its setup to its summary, through the whole bot, by either way in."""

from tests.endtoend.office import GENERAL, INES, LENA, MEI, Office, buttons, choices, shown


async def test_setup_is_prefilled_and_starts(either: Office) -> None:
    """This channel, its members, Monday to Friday at 09:30: one click on Start."""
    await either.standup(LENA, "setup")
    view = await either.modal_saying(LENA, "each person is asked")
    inputs = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    assert len(inputs["members"]["initial_users"]) == 6
    assert [one["value"] for one in inputs["days"]["initial_options"]] == list("01234")
    assert inputs["at"]["initial_time"] == "09:30"
    started = await either.post("submit", user=LENA, values={})
    assert started["outcome"] == "updated"
    assert "Mon 30 March, 09:30" in shown(started["view"])
    assert await either.rows("rituals") == 1


async def test_the_card_leads_to_an_answer_in_the_channel(either: Office) -> None:
    """Card, modal, answer: one line in the run's one message, edited in place."""
    await either.set_up(MEI, LENA)
    assert await either.messages(MEI) == []
    await either.until("30T00:30")
    (card,) = await either.messages(MEI)
    assert [one["text"]["text"] for one in buttons(card)] == ["Answer", "Skip today", "Change"]
    assert await either.messages(LENA) == []
    assert await either.messages(GENERAL) == []

    modal = (await either.click(MEI, card))["view"]
    assert modal["title"]["text"] == "Stand-up Mon 30 Mar"
    said = await either.answer(MEI, learned="The logs hold duplicates.", blockers="No GPU quota")
    assert said == {"outcome": "closed", "view": None}
    await either.rest()
    (run,) = await either.messages(GENERAL)
    assert "The logs hold duplicates." in shown(run)
    assert "No GPU quota" in shown(run)
    (card,) = await either.messages(MEI)
    assert [one["text"]["text"] for one in buttons(card)] == ["Edit", "Change"]

    again = (await either.click(MEI, card))["view"]
    assert "The logs hold duplicates." in shown(again)
    await either.answer(MEI, learned="The logs are clean.")
    await either.rest()
    (edited,) = await either.messages(GENERAL)
    assert edited["ts"] == run["ts"]
    assert "The logs are clean." in shown(edited)
    assert "duplicates" not in shown(edited)
    assert await either.rows("answer_revisions") == 1


async def test_the_bare_command_opens_the_same_modal(either: Office) -> None:
    """From the evening before until the run closes; before that, it says from when on."""
    await either.set_up(MEI, LENA)
    early = (await either.standup(MEI))["view"]
    assert early["title"]["text"] == "Stand-up Mon 30 Mar"
    none = (await either.standup(INES))["view"]
    assert "You are on no stand-up yet" in shown(none)
    await either.until("30T00:30")
    await either.post("close", user=MEI)
    modal = (await either.standup(MEI))["view"]
    assert modal["title"]["text"] == "Stand-up Mon 30 Mar"
    await either.answer(MEI, learned="Done by command.")
    await either.rest()
    (run,) = await either.messages(GENERAL)
    assert "Done by command." in shown(run)


async def test_only_who_owes_is_reminded_and_the_close_is_the_summary(either: Office) -> None:
    """An hour before their window ends; then the message says who did not answer."""
    await either.set_up(LENA, INES)
    await either.until("30T08:30")
    await either.standup(LENA)
    await either.answer(LENA, learned="Reviewed the risk list.", blockers="Legal has not replied")
    await either.rest()
    (before,) = await either.messages(GENERAL)
    assert "open until" in shown(before)
    assert len(await either.messages(INES)) == 1

    await either.until("30T15:30")
    assert len(await either.messages(LENA)) == 1
    first, reminder = await either.messages(INES)
    assert "Continued below" in shown(first)
    assert reminder["text"].startswith("Stand-up is still waiting for you.")

    await either.until("30T16:30")
    (summary,) = await either.messages(GENERAL)
    assert summary["ts"] == before["ts"]
    words = shown(summary)
    assert "closed" in words
    assert "1 of 2 answered" in words
    assert words.index("Legal has not replied") < words.index("Reviewed the risk list.")
    assert "Did not answer: *Inês*" in words
    assert "Closed without your answer" in shown((await either.messages(INES))[-1])


async def test_app_home_shows_what_waits_and_what_is_next(either: Office) -> None:
    """It is brought up to date while somebody looks."""
    await either.set_up(LENA, INES)
    await either.post("home", user=LENA)
    await either.rest()
    home = (await either.state())["homes"][LENA]
    assert "Nothing to answer. :sparkles:" in shown(home)
    assert "Mon 30 March, 09:30" in shown(home)

    await either.until("30T07:30")
    await either.post("home", user=LENA)
    await either.rest()
    home = (await either.state())["homes"][LENA]
    always = ["Set up a stand-up", "Set up a retro", "Risks", "Action items", "I am away …"]
    rarer = ["Status", "Settings", "Team", "My preferences", "Why was I (not) asked?", "Help"]
    assert list(choices(home)) == [*rarer, "Workspace settings"]  # Lena is an admin
    assert [one["text"]["text"] for one in buttons(home)] == ["Answer", "Skip today", *always]
    assert "Tue 31 March, 09:30" in shown(home)
    answer = buttons(home)[0]["action_id"]
    await either.post("click", user=LENA, action_id=answer)
    await either.answer(LENA, learned="Answered from Home.")
    await either.rest()
    home = (await either.state())["homes"][LENA]
    assert [one["text"]["text"] for one in buttons(home)] == ["Edit", *always]
