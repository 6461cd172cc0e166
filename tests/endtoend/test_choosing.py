"""Several stand-ups open for one person: the whole way from the command to the answer."""

from tests.endtoend.office import GENERAL, LENA, MEI, QUALITY, Office, buttons, shown

BOT = "U01MERIDIAN"


async def set_up_elsewhere(office: Office, *members: str, by: str = LENA) -> None:
    """A second stand-up, in another channel that the bot is invited to."""
    await office.post("channel", channel=QUALITY, join=[BOT, *members])
    await office.standup(by, "setup", QUALITY)
    await office.modal_saying(by, "each person is asked")
    await office.post("submit", user=by, values={"members": {"members": list(members)}})
    await office.post("close", user=by)
    await office.rest()


async def test_which_is_asked_in_a_modal_that_becomes_the_chosen_one(either: Office) -> None:
    """Typed where none of them is at home; the list is replaced by the sheet, no second window."""
    await either.set_up(MEI, LENA)
    await set_up_elsewhere(either, MEI, LENA)
    listed = (await either.standup(MEI, channel="D01MEI"))["view"]
    assert listed["title"]["text"] == "Which stand-up?"
    labels = [(one["text"]["text"], one["action_id"]) for one in buttons(listed)]
    assert labels == [("Answer", "standup.answer")] * 2
    second = buttons(listed)[1]["value"]
    await either.post("click", user=MEI, action_id="standup.answer", value=second)
    sheet = await either.modal_saying(MEI, "What did you learn or finish?")
    assert sheet["id"] == listed["id"]
    assert len((await either.state())["modals"][MEI]) == 1
    assert (await either.answer(MEI, learned="Chosen."))["outcome"] == "closed"
    await either.rest()
    said = {one["channel"] for one in await either.messages(QUALITY) if "Chosen." in shown(one)}
    assert said == {QUALITY}
    assert await either.messages(GENERAL) == []


async def test_typed_in_its_channel_it_opens_without_asking(by_http: Office) -> None:
    """One tap less, with two of them open."""
    await by_http.set_up(MEI, LENA)
    await set_up_elsewhere(by_http, MEI, LENA)
    for channel in (GENERAL, QUALITY):
        sheet = (await by_http.standup(MEI, channel=channel))["view"]
        assert f"<#{channel}>" in shown(sheet)
        await by_http.post("close", user=MEI)


async def test_a_button_in_the_list_of_a_stand_up_that_closed_says_so(by_http: Office) -> None:
    """The list was left open overnight."""
    await by_http.set_up(MEI, LENA)
    await set_up_elsewhere(by_http, MEI, LENA)
    listed = (await by_http.standup(MEI, channel="D01MEI"))["view"]
    await by_http.until("31T05:00")
    first = buttons(listed)[0]["value"]
    await by_http.post("click", user=MEI, action_id="standup.answer", value=first)
    assert await by_http.modal_saying(MEI, "has closed")
