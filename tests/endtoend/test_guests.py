"""Guests from other organisations, through the whole bot: refused, admitted, let go."""

from typing import Any

from tests.endtoend.office import GENERAL, LENA, MEI, Json, Office, shown

VERA, OTHER_TEAM = "U09VERA", "T09NIMBUS"


async def arrive(office: Office) -> None:
    """Vera, of another organisation, joins #general; nobody has met her before."""
    await office.post("user", user=VERA, name="vera", tz="Europe/Berlin", team_id=OTHER_TEAM)
    await office.post("channel", channel=GENERAL, join=[VERA])


async def allow(office: Office, *, guests: bool) -> None:
    """Lena, an admin, says in the workspace's settings whether guests are allowed."""
    await office.post("home", user=LENA)
    await office.rest()
    await office.choose(LENA, "teams.workspace")
    await office.modal_saying(LENA, "Guests from other organisations")
    values: dict[str, Any] = {"guests": {"guests": ["allowed"] if guests else []}}
    answer = await office.post("submit", user=LENA, values=values)
    assert "Saved" in shown(answer["view"])
    await office.post("close", user=LENA)
    await office.rest()


def refused(answer: Json) -> bool:
    """Whether an answer says that one belongs elsewhere."""
    return "another organisation" in str(answer.get("response"))


async def test_a_guest_is_refused_by_name(by_http: Office) -> None:
    """Under the choice of people, though nobody had met her; the form stays as it is."""
    await arrive(by_http)
    answer = await by_http.set_up(MEI, VERA)
    assert answer["outcome"] == "errors"
    assert answer["errors"]["members"].startswith("Of another organisation: Vera.")
    assert await by_http.rows("rituals") == 0
    assert refused(await by_http.standup(VERA))


async def test_an_admitted_guest_answers_like_a_member(either: Office) -> None:
    """Asked, answers, is read in the channel; and out again once guests are allowed no more."""
    await arrive(either)
    await either.set_up(MEI)
    await allow(either, guests=True)
    assert (await either.set_up(MEI, VERA))["outcome"] == "updated"
    await either.until("30T07:30")
    (card,) = await either.messages(VERA)
    await either.click(VERA, card)
    await either.answer(VERA, learned="The feature store lags by a day")
    await either.rest()
    (message,) = await either.messages(GENERAL)
    assert "Vera" in shown(message)
    assert not refused(await either.standup(VERA, "help"))

    await allow(either, guests=False)
    assert refused(await either.standup(VERA, "help"))
    await either.until("31T07:30")
    assert len(await either.messages(VERA)) == 1
