"""The card's menu, through the whole bot: skip today, later, and what can't be any more."""

import asyncio

from tests.endtoend.office import GENERAL, INES, LENA, Json, Office, buttons, shown

MENU = "asking.later"


async def wish(office: Office, user: str, wished: str, card: Json | None = None) -> Json:
    """Choose from the menu of a card, of the last one where none is given; or of Home."""
    card = card or (await office.messages(user))[-1]
    (option,) = [one["value"] for one in menu(card) if one["value"].endswith(f" {wished}")]
    place = {"channel": card["channel"], "ts": card["ts"]} if "ts" in card else {}
    done = await office.post("click", user=user, action_id=MENU, value=option, **place)
    await office.rest()
    return done


def menu(view: Json) -> list[Json]:
    return [
        option
        for block in view["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == MENU
        for option in element["options"]
    ]


async def told(office: Office, words: str) -> None:
    """Somebody was told these words, and they alone."""
    for _ in range(300):
        if words in str((await office.state())["messages"]):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"nobody was told {words!r}")


async def test_skipped_and_answered_all_the_same(either: Office) -> None:
    """One choice; the card then offers to answer anyway."""
    await either.set_up(LENA, INES)
    await either.until("30T08:30")
    assert [one["text"]["text"] for one in menu((await either.messages(LENA))[0])] == [
        "In 30 minutes",
        "In 1 hour",
        "In 3 hours",
        "Skip today",
    ]
    assert (await wish(either, LENA, "skip"))["acked"]
    (card,) = await either.messages(LENA)
    assert "Skipped today" in shown(card)
    assert [one["text"]["text"] for one in buttons(card)] == ["Answer anyway", "Change"]
    await either.click(LENA, card)
    await either.answer(LENA, learned="After all")
    await either.rest()
    assert "After all" in shown((await either.messages(GENERAL))[0])


async def test_put_off_it_comes_back(either: Office) -> None:
    """The card says until when; then there is a new message, and the old one is a line."""
    await either.set_up(LENA, INES)
    await either.until("30T08:30")
    await wish(either, LENA, "30")
    (card,) = await either.messages(LENA)
    assert "Back at 11:00" in shown(card)
    await either.until("30T09:01")
    first, again = await either.messages(LENA)
    assert "Continued below" in shown(first)
    assert again["text"] == "Stand-up is still waiting for you. Open until 17:30."
    assert [one["text"]["text"] for one in buttons(again)] == ["Answer", "Change"]


async def test_from_app_home(by_http: Office) -> None:
    """The same menu; what is skipped can be taken up again there."""
    await by_http.set_up(LENA, INES)
    await by_http.until("30T08:30")
    await by_http.post("home", user=LENA)
    await by_http.rest()
    await wish(by_http, LENA, "skip", (await by_http.state())["homes"][LENA])
    home = (await by_http.state())["homes"][LENA]
    assert "Skipped today" in shown(home)
    assert "Answer anyway" in [one["text"]["text"] for one in buttons(home)]


async def test_a_card_from_before_says_what_happened_meanwhile(by_http: Office) -> None:
    """It closed while the card was being looked at: told in place, nothing changes."""
    await by_http.set_up(LENA)
    await by_http.until("30T08:30")
    (card,) = await by_http.messages(LENA)
    await by_http.post("fault", method="chat.update", mode="drop_before", count=20)
    await by_http.until("30T15:31")
    last = (await by_http.messages(LENA))[-1]
    assert menu(last)
    await wish(by_http, LENA, "skip", last)
    await told(by_http, "Stand-up of Mon 30 March has closed")
    assert card["channel"] == last["channel"]
