"""Being away, and why: by command and button, through the whole bot."""

import asyncio

from tests.endtoend.office import (
    GENERAL,
    INES,
    LENA,
    LOOK_SECONDS,
    LOOKS,
    SAM,
    Json,
    Office,
    buttons,
    shown,
)


async def told(office: Office, user: str, words: str) -> str:
    """What was said to a person alone, once these words were."""
    for _ in range(LOOKS):
        found = json_of(await office.state())
        if words in found:
            return found
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError(f"{user} was not told {words!r}")


def json_of(state: Json) -> str:
    return str(state["messages"])


async def enter(office: Office, user: str, first: str, last: str, who: str | None = None) -> Json:
    """`/standup away`, filled in and submitted."""
    await office.standup(user, "away")
    await office.modal_saying(user, "To, that day included")
    values: Json = {"first": {"first": first}, "last": {"last": last}}
    if who is not None:
        values["who"] = {"who": who}
    answer = await office.post("submit", user=user, values=values)
    await office.rest()
    return answer


async def test_away_by_command(either: Office) -> None:
    """Entered, told, not asked, listed in the channel; `why` says so."""
    await either.set_up(LENA, INES)
    done = await enter(either, LENA, "2026-03-30", "2026-03-31")
    assert "You are away *Mon 30 March to Tue 31 March*" in shown(done["view"])
    await either.post("close", user=LENA)
    await either.until("30T09:00")
    assert await either.messages(LENA) == []
    await either.click(INES, (await either.messages(INES))[0])
    await either.answer(INES, learned="F1 is 0.8")
    await either.rest()
    (message,) = await either.messages(GENERAL)
    assert "Away: *Lena*" in shown(message)
    await either.standup(LENA, "why")
    await told(either, LENA, "not asked today: away until Tue 31 March")


async def test_removed_from_the_modal(by_http: Office) -> None:
    """The button takes it back, the modal shows what is left, and the question comes."""
    await by_http.set_up(LENA)
    await enter(by_http, LENA, "2026-03-30", "2026-03-31")
    await by_http.post("close", user=LENA)
    await by_http.until("30T09:00")
    assert await by_http.messages(LENA) == []
    await by_http.standup(LENA, "away")
    modal = await by_http.modal_saying(LENA, "Noted already")
    (button,) = buttons(modal)
    await by_http.post(
        "click", user=LENA, action_id=button["action_id"], block_id=modal_block(modal)
    )
    await by_http.rest()
    assert "Noted already" not in shown(await by_http.modal(LENA))
    assert len(await by_http.messages(LENA)) == 1


def modal_block(modal: Json) -> str:
    """The block that the Remove button stands in."""
    return next(str(one["block_id"]) for one in modal["blocks"] if one.get("accessory"))


async def test_days_that_make_no_sense_are_said_under_the_input(by_http: Office) -> None:
    """And nothing is stored."""
    await by_http.set_up(LENA)
    done = await enter(by_http, LENA, "2026-03-31", "2026-03-30")
    assert done["outcome"] == "errors"
    assert done["errors"] == {"last": "This is before the first day."}
    assert await by_http.rows("absences") == 0


async def test_home_has_both_buttons(by_http: Office) -> None:
    """Away and preferences from App Home; a country chosen there is shown there."""
    await by_http.set_up(INES)
    await by_http.post("home", user=INES)
    await by_http.rest()
    await by_http.post("click", user=INES, action_id="asking.away")
    await by_http.modal_saying(INES, "To, that day included")
    await by_http.post("close", user=INES)
    await by_http.choose(INES, "asking.preferences")
    await by_http.modal_saying(INES, "public holidays of your country")
    values = {"country": {"country": "Germany"}, "region": {"region": "Atlantis"}}
    done = await by_http.post("submit", user=INES, values=values)
    assert "Germany has BB" in done["errors"]["region"]
    values["region"]["region"] = "by"
    done = await by_http.post("submit", user=INES, values=values)
    assert "public holidays of *Germany*" in shown(done["view"])
    await by_http.rest()
    home = (await by_http.state())["homes"][INES]
    assert "You are not asked on public holidays of Germany" in shown(home)


async def test_two_submits_of_one_modal_are_one_absence(by_http: Office) -> None:
    """The second, with a trigger of its own, changes what the first made."""
    await by_http.set_up(LENA)
    await by_http.standup(LENA, "away")
    await by_http.modal_saying(LENA, "To, that day included")
    first, second = await by_http.submission(LENA), await by_http.submission(LENA)
    await asyncio.gather(by_http.send(first), by_http.send(second))
    assert await by_http.rows("absences") == 1


async def test_why_of_somebody_else(by_http: Office) -> None:
    """By the mention that Slack sends, by a typed name, and for nobody."""
    await by_http.set_up(LENA)
    for whom in (f"<@{LENA}|lena>", f"<@{LENA}>"):
        await by_http.standup(SAM, f"why {whom}")
    await told(by_http, SAM, "on their own clock")
    await by_http.standup(SAM, "why @nobody")
    await told(by_http, SAM, "knows nobody by that name")


async def test_away_by_a_slack_status(either: Office) -> None:
    """Set in Slack before the question comes: not asked, and the channel and `why` say so."""
    await either.set_up(LENA, INES)
    await either.post("user", user=LENA, status_emoji=":palm_tree:", status_text="Vacationing")
    await either.until("30T09:00")
    assert await either.messages(LENA) == []
    await either.click(INES, (await either.messages(INES))[0])
    await either.answer(INES, learned="F1 is 0.8")
    await either.rest()
    (message,) = await either.messages(GENERAL)
    assert "Away: *Lena* (Slack status: Vacationing)" in shown(message)
    await either.standup(LENA, "why")
    await told(either, LENA, "not asked today: Slack status: Vacationing")
    await either.post("user", user=LENA, status_emoji="", status_text="")
    await either.rest()
    assert len(await either.messages(LENA)) == 1
