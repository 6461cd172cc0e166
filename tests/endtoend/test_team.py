"""What belongs to a team, by its command, through the whole bot."""

from tests.endtoend.office import GENERAL, INES, LENA, MEI, QUALITY, SAM, Json, Office, shown


async def team(office: Office, user: str, channel: str = GENERAL) -> None:
    """`/team`, as typed in a channel."""
    await office.post("command", user=user, channel=channel, command="/team", text="")


def chosen(**values: object) -> Json:
    """Values of the form, by input; a role's are people."""
    named = ("tz", "start", "weeks", "phase")
    return {key: {key if key in named else "people": value} for key, value in values.items()}


async def test_a_member_fills_it_and_everybody_reads_it(either: Office) -> None:
    """Pre-filled with one's own zone; once there is a stand-up, its owner changes it."""
    await team(either, INES)
    modal = await either.modal_saying(INES, "Time zone of the team")
    assert either.world.site.world.users[INES].tz in shown(modal)
    values = chosen(tz="europe/berlin", start="2026-03-23", weeks="2 weeks", phase="Modelling")
    values |= chosen(data_scientist=[MEI, INES])
    done = await either.post("submit", user=INES, values=values)
    assert "Mon 23 March 2026 to Sun 5 April 2026" in shown(done["view"])
    await either.post("close", user=INES)

    await either.set_up(INES, by=SAM)
    await team(either, INES)
    modal = await either.modal_saying(INES, "Data scientist")
    assert "submit" not in modal or modal["submit"] is None
    assert "Only owners of a ritual here and workspace admins" in shown(modal)
    assert "Europe/Berlin" in shown(modal)

    await team(either, SAM)
    await either.modal_saying(SAM, "Time zone of the team")
    done = await either.post("submit", user=SAM, values=chosen(phase="Evaluation"))
    assert "Phase: Evaluation" in shown(done["view"])


async def test_two_who_save_at_once_lose_nothing(by_http: Office) -> None:
    """Who has it open meanwhile takes nothing back that another adds, and adds nothing anew."""
    await team(by_http, LENA)
    await by_http.modal_saying(LENA, "Time zone of the team")
    values = chosen(tz="Europe/Berlin", data_scientist=[MEI, SAM], phase="Modelling")
    await by_http.post("submit", user=LENA, values=values)
    await by_http.post("close", user=LENA)
    for user in (LENA, INES):
        await team(by_http, user)
        await by_http.modal_saying(user, "Time zone of the team")
    values = chosen(data_scientist=[MEI, INES], risk_owner=[LENA], start="2026-03-23", weeks="2")
    await by_http.post("submit", user=LENA, values=values)
    values = chosen(data_scientist=[SAM], phase="Evaluation")
    done = await by_http.post("submit", user=INES, values=values)
    assert "2 weeks each" in shown(done["view"])
    assert "Phase: Evaluation" in shown(done["view"])
    await by_http.post("close", user=INES)
    await team(by_http, INES)
    modal = await by_http.modal_saying(INES, "Data scientist")
    inputs = {one["block_id"]: one["element"] for one in modal["blocks"] if "element" in one}
    assert inputs["data_scientist"]["initial_users"] == [INES]
    assert inputs["risk_owner"]["initial_users"] == [LENA]


async def test_a_bot_gets_no_role(by_http: Office) -> None:
    """Though nobody has met it before: it is looked up before the answer."""
    bot = by_http.world.site.world.users["USLACKBOT"]
    await team(by_http, LENA)
    await by_http.modal_saying(LENA, "Time zone of the team")
    values = chosen(tz="Nowhere/Land", ml_engineer=[bot.id])
    done = await by_http.post("submit", user=LENA, values=values)
    assert done["outcome"] == "errors"
    assert done["errors"]["ml_engineer"].endswith("is a bot.")
    assert "is no time zone Meridian knows" in done["errors"]["tz"]
    assert await by_http.rows("teams") == 0


async def test_where_it_can_not_be(by_http: Office) -> None:
    """In a DM, and in a channel that the bot is not in: what to do."""
    await team(by_http, INES, "D01INES")
    await by_http.modal_saying(INES, "A team belongs to a channel. Type `/team` there.")
    await by_http.post("close", user=INES)
    await team(by_http, INES, QUALITY)
    await by_http.modal_saying(INES, "Type `/invite @Meridian` there, then `/team` again.")
