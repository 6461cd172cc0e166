"""Setting a stand-up up and changing it, on its screen."""

import json
from typing import Any

from bot.db.tables import Ritual
from bot.rituals.standup.setup_form import Form
from bot.rituals.standup.setup_state import form_of, owner_of
from tests.endtoend.office import (
    ARJUN,
    GENERAL,
    INES,
    LENA,
    LOOKS,
    MEI,
    QUALITY,
    SAM,
    Json,
    Office,
    shown,
)

MORE, TRY = "standup.setup.more", "standup.setup.try"
CHANNEL, TEMPLATE, ZONE = "standup.setup.channel", "standup.setup.template", "standup.setup.zone"


async def opened(office: Office, by: str = LENA, channel: str = GENERAL) -> Json:
    await office.standup(by, "setup", channel)
    return await office.modal_saying(by, "More options")


async def more(office: Office, by: str = LENA, **entered: Any) -> Json:
    """The long form, with these values typed into the short one before."""
    await opened(office, by)
    state = {block: {block: value} for block, value in entered.items()}
    await office.post("click", user=by, action_id=MORE, state=state)
    return await office.modal_saying(by, "How often")


async def submit(office: Office, by: str = LENA, **values: Any) -> Json:
    actions = {"template": TEMPLATE, "zone": ZONE, "channel": CHANNEL}
    entered = {block: {actions.get(block, block): value} for block, value in values.items()}
    return await office.post("submit", user=by, values=entered)


async def standing(office: Office) -> Ritual:
    found: Ritual = await office.bot.database.read(lambda session: session.query(Ritual).one())
    return found


def problems(answer: Json) -> dict[str, str]:
    assert answer["outcome"] == "errors", answer
    found: dict[str, str] = answer["errors"]
    return found


# --- more options


async def test_more_options_keep_what_is_typed(either: Office) -> None:
    """People, days and time chosen on the short form stand in the long one."""
    view = await more(either, members=[MEI, SAM], days=["1", "3"], at="14:15")
    form = form_of(view)
    assert (form.members, form.weekdays, form.at) == ((MEI, SAM), (1, 3), "14:15")
    await submit(either)
    await either.rest()
    ritual = await standing(either)
    assert ritual.cadence["weekdays"] == [1, 3]
    assert ritual.cadence["at"] == "14:15:00"


async def test_every_option_arrives(by_http: Office) -> None:
    """What is chosen is what is stored, and what the settings show again."""
    await more(by_http)
    await by_http.post("click", user=LENA, action_id=TEMPLATE, value="own")
    await by_http.modal_saying(LENA, "Our own questions, one per line")
    lines = "What did you find out?\nWhich area? [choice: data, model] *\nHow are you? [mood]"
    answer = await submit(
        by_http,
        members=[MEI, LENA],
        days=["0"],
        at="10:00",
        zone="europe/berlin",
        every="2",
        open="240",
        remind="30",
        questions=lines,
        title="Weekly look",
        reveal="at close",
        layout="replies",
    )
    assert answer["outcome"] == "updated", answer
    assert "The stand-up starts. 2 people are asked" in shown(answer["view"])
    ritual = await standing(by_http)
    assert ritual.title == "Weekly look"
    assert ritual.cadence == {
        "weekdays": [0],
        "at": "10:00:00",
        "every_weeks": 2,
        "anchor": "2026-03-30",  # Monday in Berlin, though not in UTC
        "by_sprint": False,
        "nth": [],
        "zone": "Europe/Berlin",
    }
    config = ritual.config
    assert (config["open_minutes"], config["remind_minutes"]) == (240, 30)
    assert (config["reveal"], config["layout"]) == ("at close", "replies")
    assert [one["kind"] for one in config["questions"]] == ["text", "choice", "mood"]
    await by_http.post("close", user=LENA)
    await by_http.standup(LENA, "setup")
    again = form_of(await by_http.modal_saying(LENA, "Looked after by"))
    assert again.questions == lines
    assert (again.title, again.zone, again.every) == ("Weekly look", "Europe/Berlin", 2)
    assert (again.open_minutes, again.remind_minutes) == (240, 30)
    unchanged = await submit(by_http)
    assert "The stand-up is changed." in shown(unchanged["view"])
    assert (await standing(by_http)).config == config


async def test_own_lines_stay_when_another_template_is_tried(by_http: Office) -> None:
    """They stand there still, and are not asked."""
    await more(by_http)
    await by_http.post("click", user=LENA, action_id=TEMPLATE, value="own")
    await by_http.modal_saying(LENA, "one per line")
    mine = {"questions": {"questions": "What is new?"}}
    await by_http.post("click", user=LENA, action_id=TEMPLATE, value="classic", state=mine)
    view = await by_http.modal_saying(LENA, "not chosen above")
    assert form_of(view).questions == "What is new?"
    await submit(by_http)
    assert (await standing(by_http)).config["questions"][0]["key"] == "done"


async def test_a_time_that_its_zone_skips_is_said_under_it(by_http: Office) -> None:
    """As information: people are asked an hour later that day."""
    await by_http.until("29T22:30")
    await more(by_http, days=["6"])
    zone = {"zone": {ZONE: "Europe/Berlin"}}
    await by_http.post("click", user=LENA, action_id="at", value="02:30", state=zone)
    view = await by_http.modal_saying(LENA, "does not exist")
    told = "On Sun 28 March 02:30 does not exist in Europe/Berlin; people are asked at 03:30 then."
    assert told in shown(view)
    answer = await submit(by_http)
    assert answer["outcome"] == "updated"
    assert told in shown(answer["view"])


async def test_what_does_not_go_together_is_said_where_it_stands(by_http: Office) -> None:
    """One sentence under each input, and all that was typed stays."""
    await more(by_http)
    found = problems(
        await submit(
            by_http,
            zone="Berlin",
            every="2",
            nth=["1"],
            open="60",
            remind="60",
            title="   ",
        )
    )
    assert found["zone"] == "“Berlin” is no time zone. Do you mean Europe/Berlin?"
    assert found["nth"] == "Choose either every few weeks, or weeks of the month; not both."
    assert found["remind"] == "It isn't open that long: choose a shorter time, or none."
    assert found["title"] == "Give it a title."
    assert await by_http.rows("rituals") == 0
    found = problems(await submit(by_http, zone="Atlantis", nth=[], remind="0", title="Ours"))
    assert list(found) == ["zone"]
    assert "Names look like Europe/Berlin" in found["zone"]
    assert "starts" in shown((await submit(by_http, zone=""))["view"])


async def test_questions_that_can_t_be_read_are_said_by_their_line(by_http: Office) -> None:
    """Under the lines, which stay."""
    await more(by_http)
    await by_http.post("click", user=LENA, action_id=TEMPLATE, value="own")
    await by_http.modal_saying(LENA, "one per line")
    found = problems(await submit(by_http, questions="One?\nTwo? [stars]"))
    assert found["questions"].startswith("Line 2: there is no [stars].")
    assert await by_http.rows("rituals") == 0


async def test_nobody_who_can_be_asked(by_http: Office) -> None:
    """A stand-up of bots asks nobody, so it doesn't start."""
    await opened(by_http)
    found = problems(await submit(by_http, members=["U01MERIDIAN"]))
    assert found["members"].startswith("None of them can be asked")


# --- try it


async def test_trying_it_saves_and_posts_nothing(by_http: Office) -> None:
    """The real form, then what the channel would see, and back to all that was typed."""
    await opened(by_http)
    before = await by_http.rows()
    await by_http.post("click", user=LENA, action_id=TRY, state={"at": {"at": "11:00"}})
    asked = await by_http.modal_saying(LENA, "Nothing of it is saved")
    assert "What did you learn or finish?" in shown(asked)
    empty = await by_http.submission(LENA, learned="  ")
    assert "this one is needed" in json.dumps(await by_http.send(empty))
    said = await by_http.answer(LENA, learned="Dropout helps", blockers="No GPU")
    assert said["outcome"] == "updated"
    for words in ("how the channel sees it", "Dropout helps", "No GPU", "Lena"):
        assert words in shown(said["view"])
    await by_http.post("close", user=LENA)
    assert form_of(await by_http.modal(LENA)).at == "11:00"
    await by_http.rest()
    assert await by_http.rows() == before
    assert await by_http.messages(GENERAL) == []


async def test_trying_one_s_own_questions(by_http: Office) -> None:
    """As they stand on the screen; a sentence where they can't be read."""
    await more(by_http)
    await by_http.post("click", user=LENA, action_id=TEMPLATE, value="own")
    await by_http.modal_saying(LENA, "one per line")
    bad = {"questions": {"questions": "One? [stars]"}}
    await by_http.post("click", user=LENA, action_id=TRY, state=bad)
    assert await by_http.modal_saying(LENA, "there is no [stars]")
    await by_http.post("close", user=LENA)
    good = {"questions": {"questions": "One?\nHow are you? [mood]"}}
    await by_http.post("click", user=LENA, action_id=TRY, state=good)
    view = await by_http.modal_saying(LENA, "Nothing of it is saved")
    assert "How are you?" in shown(view)


# --- from a place that is no channel


async def test_in_a_dm_the_screen_asks_for_the_channel(by_http: Office) -> None:
    """Its people are filled in once it is chosen."""
    await by_http.standup(LENA, "setup", "U01MERIDIAN")
    view = await by_http.modal_saying(LENA, "Choose a channel")
    assert form_of(view).members == ()
    early = await by_http.send(await by_http.submission(LENA))
    assert early["errors"] == {"channel": "Choose a channel."}
    await by_http.post("click", user=LENA, action_id=CHANNEL, value=GENERAL)
    view = await until_filled(by_http, LENA)
    assert {MEI, LENA, ARJUN, INES} <= set(form_of(view).members)
    assert (await submit(by_http))["outcome"] == "updated"
    assert (await standing(by_http)).channel == GENERAL


async def until_filled(office: Office, user: str) -> Json:
    for _ in range(LOOKS):
        view = await office.modal(user)
        if form_of(view).members:
            return view
        await office.rest()
    raise AssertionError("nobody is filled in")


async def test_a_channel_that_the_bot_is_not_in(by_http: Office) -> None:
    """How to invite it, and to look again; what else was typed stays."""
    await by_http.standup(MEI, "setup", "U01MERIDIAN")
    await by_http.modal_saying(MEI, "Choose a channel")
    state = {"at": {"at": "16:00"}}
    await by_http.post("click", user=MEI, action_id=CHANNEL, value=QUALITY, state=state)
    view = await by_http.modal_saying(MEI, "/invite @Meridian")
    assert form_of(view).at == "16:00"
    refused = problems(await submit(by_http, MEI, members=[MEI]))
    assert refused == {"channel": "This channel won't do yet: what to do stands below."}
    await by_http.post("channel", channel=QUALITY, join=["U01MERIDIAN"])
    await by_http.post("click", user=MEI, action_id="standup.setup.again")
    view = await until_filled(by_http, MEI)
    assert "/invite" not in shown(view)
    assert (await submit(by_http, MEI))["outcome"] == "updated"


async def test_a_channel_that_has_one_offers_its_settings(by_http: Office) -> None:
    """It isn't set up over what is there."""
    await by_http.set_up(MEI, by=MEI)
    await by_http.standup(LENA, "setup", "U01MERIDIAN")
    await by_http.modal_saying(LENA, "Choose a channel")
    await by_http.post("click", user=LENA, action_id=CHANNEL, value=GENERAL)
    await by_http.modal_saying(LENA, "has a stand-up already")
    await by_http.post("click", user=LENA, action_id="standup.settings")
    assert await by_http.modal_saying(LENA, "Looked after by")


# --- who may change it, and what happens meanwhile


async def test_others_look_at_its_settings(by_http: Office) -> None:
    """As text, with whose it is."""
    await by_http.set_up(MEI, SAM, by=MEI)
    await by_http.standup(SAM, "setup")
    view = await by_http.modal_saying(SAM, "Mei* looks after it")
    assert view["submit"] is None
    assert "Monday to Friday at 09:30, each person's own time" in shown(view)


async def test_somebody_was_quicker(by_http: Office) -> None:
    """Two screens for one channel: the second changes nothing."""
    await opened(by_http, LENA)
    await opened(by_http, MEI)
    await submit(by_http, MEI, at="08:00")
    told = await submit(by_http, LENA, at="12:00")
    assert "has a stand-up since a moment ago: Mei looks after it" in shown(told["view"])
    assert (await standing(by_http)).cadence["at"] == "08:00:00"


async def test_of_two_who_change_it_at_once_neither_loses(by_http: Office) -> None:
    """People, time and title of the one; people and questions, for which it is drawn anew."""
    await by_http.set_up(MEI, SAM, ARJUN, by=MEI)
    for user in (MEI, LENA):
        await by_http.standup(user, "setup")
        await by_http.modal_saying(user, "Looked after by")
    await by_http.post("click", user=LENA, action_id=TEMPLATE, value="own")
    await by_http.modal_saying(LENA, "one per line")
    changed = {"members": [MEI, SAM], "at": "08:00", "title": "Early", "owner": SAM}
    await submit(by_http, MEI, **changed)
    await submit(by_http, LENA, members=[MEI, SAM, ARJUN, INES], questions="What is new?")
    ritual = await standing(by_http)
    assert (ritual.title, ritual.cadence["at"]) == ("Early", "08:00:00")
    assert [one["text"] for one in ritual.config["questions"]] == ["What is new?"]
    await by_http.post("close", user=LENA)
    await by_http.standup(LENA, "setup")
    view = await by_http.modal_saying(LENA, "Looked after by")
    assert set(form_of(view).members) == {MEI, SAM, INES}
    assert owner_of(view) == SAM


async def test_handed_over_to_somebody_else(by_http: Office) -> None:
    """Who takes it over may change it; a bot can't."""
    await by_http.set_up(MEI, SAM, by=MEI)
    await by_http.standup(MEI, "setup")
    await by_http.modal_saying(MEI, "Looked after by")
    found = problems(await submit(by_http, MEI, owner="U01MERIDIAN"))
    assert found == {"owner": "Choose somebody of this workspace, who is there still."}
    await submit(by_http, MEI, owner=SAM)
    await by_http.post("close", user=MEI)
    await by_http.standup(MEI, "setup")
    assert await by_http.modal_saying(MEI, "Sam* looks after it")
    await by_http.standup(SAM, "setup")
    assert await by_http.modal_saying(SAM, "Looked after by")


def test_the_usual_form_is_what_the_issue_says() -> None:
    """Monday to Friday, half past nine, each person's own time, AI/ML questions."""
    usual = Form()
    assert (usual.weekdays, usual.at, usual.zone) == ((0, 1, 2, 3, 4), "09:30", "")
    assert usual.template.value == "ai_ml"
