"""Pausing, resuming, deleting and looking at stand-ups: typed, and with buttons."""

import json

import pytest

from bot.db.tables import Ritual
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
    choices,
    shown,
)

MERIDIAN = "U01MERIDIAN"
SETTINGS, STATUS = "standup.settings", "standup.status"
PAUSE, RESUME, DELETE = "standup.pause", "standup.resume", "standup.delete"


async def home(office: Office, user: str) -> Json:
    """Somebody's Home, once it is drawn."""
    await office.post("home", user=user)
    await office.rest()
    found: Json = (await office.state())["homes"][user]
    return found


async def state(office: Office) -> str:
    found: str = await office.bot.database.read(lambda session: session.query(Ritual).one().state)
    return found


# --- typed


async def test_pause_and_resume_typed_in_the_channel(either: Office) -> None:
    """A sentence for one's own eyes; nobody is asked meanwhile."""
    await either.set_up(MEI, by=LENA)
    told = await either.standup(LENA, "pause")
    assert "is paused: nobody is asked until it is resumed" in told["response"]
    assert "Those whose time has not come yet today are left out" in told["response"]
    await either.until("30T02:00")
    assert await either.messages(MEI) == []
    assert "paused already" in (await either.standup(LENA, "pause"))["response"]
    assert "goes on" in (await either.standup(LENA, "RESUME"))["response"]
    assert "isn't paused" in (await either.standup(LENA, "resume"))["response"]
    await either.until("31T00:30")
    assert len(await either.messages(MEI)) == 1


async def test_delete_asks_first(either: Office) -> None:
    """It names what happens; then nobody is asked any more."""
    await either.set_up(MEI, by=LENA)
    await either.standup(LENA, "delete")
    asked = await either.modal_saying(LENA, "Nobody is asked any more: 1 person until now.")
    assert "What was said is kept." in shown(asked)
    assert await state(either) == "active"
    told = await either.post("submit", user=LENA, values={})
    assert "is deleted" in shown(told["view"])
    assert await state(either) == "deleted"
    await either.until("30T02:00")
    assert await either.messages(MEI) == []


@pytest.mark.parametrize("what", ["pause", "resume", "delete"])
async def test_others_are_told_whose_it_is(by_http: Office, what: str) -> None:
    """And nothing changes."""
    await by_http.set_up(MEI, by=MEI)
    told = await by_http.standup(SAM, what)
    said = told["response"] or shown(await by_http.modal_saying(SAM, "stand-up is Mei's"))
    assert "only they or a workspace admin can change it" in said
    assert await state(by_http) == "active"


@pytest.mark.parametrize("what", ["settings", "pause", "resume", "delete", "status"])
async def test_typed_elsewhere_they_list_one_s_own(by_http: Office, what: str) -> None:
    """Each with what may be done to it."""
    await by_http.set_up(MEI, by=LENA)
    await by_http.standup(LENA, what, MERIDIAN)
    view = await by_http.modal_saying(LENA, "Monday to Friday at 09:30")
    assert [one["text"]["text"] for one in buttons(view)] == [
        "Status",
        "Settings",
        "Pause",
        "Delete …",
        "Set up a stand-up",
    ]
    await by_http.standup(SAM, what, MERIDIAN)
    assert await by_http.modal_saying(SAM, "You are on no stand-up yet.")


async def test_help_tells_of_every_subcommand(by_http: Office) -> None:
    """What is not told there is not found."""
    told = (await by_http.standup(MEI, "help"))["response"]
    for word in ("setup", "settings", "pause", "resume", "delete", "status", "away", "why"):
        assert f"`/standup {word}" in told


# --- with buttons


async def test_paused_from_its_settings_what_is_typed_stays(by_http: Office) -> None:
    """The button changes to *Resume*, and the title typed meanwhile is there still."""
    await by_http.set_up(MEI, by=LENA)
    await by_http.standup(LENA, "settings")
    await by_http.modal_saying(LENA, "Looked after by")
    typed = {"title": {"title": "Ours"}}
    await by_http.post("click", user=LENA, action_id=PAUSE, state=typed)
    view = await by_http.modal_saying(LENA, "is paused: nobody is asked")
    assert RESUME in json.dumps(view)
    assert await state(by_http) == "paused"
    told = await by_http.post("submit", user=LENA, values={})
    assert "It is paused still" in shown(told["view"])
    await by_http.post("close", user=LENA)
    await by_http.standup(LENA, "status")
    assert await by_http.modal_saying(LENA, "*Ours*")


async def test_deleted_from_its_settings(by_http: Office) -> None:
    """It asks in a modal of its own, and leaves no screen about what is gone."""
    await by_http.set_up(MEI, by=LENA)
    await by_http.standup(LENA, "settings")
    await by_http.modal_saying(LENA, "Looked after by")
    await by_http.post("click", user=LENA, action_id=DELETE)
    await by_http.modal_saying(LENA, "To stop for a while, pause it instead.")
    await by_http.post("close", user=LENA)
    assert await state(by_http) == "active"
    await by_http.post("click", user=LENA, action_id=DELETE)
    await by_http.modal_saying(LENA, "To stop for a while")
    await by_http.post("submit", user=LENA, values={})
    await by_http.post("close", user=LENA)
    assert LENA not in {user for user, stack in (await by_http.state())["modals"].items() if stack}
    assert await state(by_http) == "deleted"


async def test_settings_open_while_it_is_deleted(by_http: Office) -> None:
    """Their submit, and each of their buttons, says so."""
    await by_http.set_up(MEI, by=MEI)
    await by_http.standup(LENA, "settings")
    await by_http.modal_saying(LENA, "Looked after by")
    await by_http.standup(MEI, "delete")
    await by_http.modal_saying(MEI, "Nobody is asked any more")
    await by_http.post("submit", user=MEI, values={})
    told = await by_http.post("submit", user=LENA, values={})
    assert "was deleted meanwhile" in shown(told["view"])


async def test_an_answer_s_modal_open_while_it_is_deleted(either: Office) -> None:
    """Its text is handed back, with the reason."""
    await either.set_up(MEI, by=LENA)
    await either.until("30T00:30")
    await either.click(MEI, (await either.messages(MEI))[0])
    await either.standup(LENA, "delete")
    await either.modal_saying(LENA, "Nobody is asked any more")
    await either.post("submit", user=LENA, values={})
    await either.rest()
    told = await either.answer(MEI, learned="My words")
    assert "This stand-up was deleted, so this was not saved" in shown(told["view"])
    assert "My words" in json.dumps(told["view"])
    (card,) = await either.messages(MEI)
    assert "This was deleted" in shown(card)
    assert await either.messages(GENERAL) == []


# --- status


async def test_the_status_of_this_channel_s(by_http: Office) -> None:
    """Who answered, who is awaited or late, until when, and when it goes on."""
    await by_http.set_up(MEI, LENA, SAM, by=LENA)
    await by_http.standup(SAM, "status")
    before = await by_http.modal_saying(SAM, "Nobody has been asked yet.")
    assert "You are asked next on *Mon 30 March, 09:30*." in shown(before)
    await by_http.until("30T08:45")
    await by_http.standup(LENA, "status")
    view = shown(await by_http.modal_saying(LENA, "0 of 3 answered"))
    assert "Late: *Mei*" in view
    assert "Still waiting for: *Lena*, *Sam*" in view
    assert "open until <!date^" in view
    assert "Monday to Friday at 09:30, each person's own time" in view
    assert "Next: Tue 31 March." in view
    assert "You are asked next on *Tue 31 March, 09:30*." in view
    assert "Lena looks after it." in view
    await by_http.standup(MEI, "status", MERIDIAN)
    assert "0 of 3 answered · open until" in shown(await by_http.modal_saying(MEI, "0 of 3"))


# --- App Home


async def test_home_lists_them_with_their_buttons(either: Office) -> None:
    """The owner sets, the others look; both see how it stands."""
    await either.set_up(MEI, by=LENA)
    owner, other = await home(either, LENA), await home(either, MEI)
    assert "My stand-ups" in shown(owner)
    assert list(choices(owner))[:3] == ["Status", "Settings", "Team"]
    assert list(choices(other))[:3] == ["Status", "Look at its settings", "Team"]
    labels = [one["text"]["text"] for one in buttons(owner)]
    always = ["Set up a stand-up", "Set up a retro", "Risks", "Action items", "I am away …"]
    assert labels[-5:] == always
    await either.choose(LENA, SETTINGS)
    assert await either.modal_saying(LENA, "Looked after by")
    await either.choose(MEI, STATUS)
    assert await either.modal_saying(MEI, "Nobody has been asked yet")
    await either.post("close", user=MEI)
    await either.choose(MEI, SETTINGS)
    assert await either.modal_saying(MEI, "Lena* looks after it")
    await either.post("close", user=MEI)
    await either.standup(LENA, "pause")
    await either.rest()
    assert "Paused" in shown((await either.state())["homes"][MEI])


async def test_home_tells_why_of_oneself_and_of_others(either: Office) -> None:
    """As the command does, and whoever is chosen below comes next."""
    await either.set_up(LENA, INES)
    await home(either, LENA)
    await either.choose(LENA, "asking.why")
    assert await either.modal_saying(LENA, "You, on your own clock")
    await either.post("click", user=LENA, action_id="asking.why.of", value=INES)
    assert await either.modal_saying(LENA, "Inês, on their own clock")
    # Of somebody whom the bot has never met it says what is true, not that they are unknown.
    await either.post("click", user=LENA, action_id="asking.why.of", value=MEI)
    assert await either.modal_saying(LENA, "Mei is on nothing that you are on")


async def test_home_has_help(by_http: Office) -> None:
    """The words of the command."""
    await home(by_http, INES)
    await by_http.choose(INES, "asking.help")
    view = await by_http.modal_saying(INES, "`/standup away` says on which days")
    assert (await by_http.standup(INES, "help"))["response"] in view["blocks"][0]["text"]["text"]


async def test_set_up_from_home(by_http: Office) -> None:
    """The same screen, which asks for the channel."""
    await home(by_http, INES)
    await by_http.post("click", user=INES, action_id="standup.set_up")
    await by_http.modal_saying(INES, "Choose a channel")
    await by_http.post("click", user=INES, action_id="standup.setup.channel", value=GENERAL)
    await by_http.modal_saying(INES, "U01MEI")
    told = await by_http.post("submit", user=INES, values={})
    assert "The stand-up starts." in shown(told["view"])
    await by_http.rest()
    assert "My stand-ups" in shown((await by_http.state())["homes"][INES])
    assert QUALITY not in shown((await by_http.state())["homes"][INES])
