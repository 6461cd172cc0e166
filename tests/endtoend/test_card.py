"""The card's buttons, through the whole bot: skip today, later, and what can't be any more."""

import asyncio

from tests.endtoend.office import (
    GENERAL,
    INES,
    LENA,
    LOOK_SECONDS,
    LOOKS,
    Json,
    Office,
    buttons,
    shown,
)

LATER, SKIP = "asking.later", "asking.skip"


async def press(office: Office, user: str, action: str, view: Json, **chosen: str) -> None:
    """Use a button or menu of a card, or of Home."""
    place = {"channel": view["channel"], "ts": view["ts"]} if "ts" in view else {}
    done = await office.post("click", user=user, action_id=action, **chosen, **place)
    assert done["acked"]
    await office.rest()


async def later(office: Office, user: str, minutes: int) -> None:
    """Put off what stands on a person's last card."""
    card = (await office.messages(user))[-1]
    menus = [one for block in card["blocks"] for one in block.get("elements", ())]
    (menu,) = [one for one in menus if one.get("action_id") == LATER]
    (span,) = [one["value"] for one in menu["options"] if one["value"].endswith(f" {minutes}")]
    await press(office, user, LATER, card, value=span)


async def told(office: Office, words: str) -> None:
    """Somebody was told these words, and they alone."""
    for _ in range(LOOKS):
        if words in str((await office.state())["messages"]):
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError(f"nobody was told {words!r}")


async def test_skipped_and_answered_all_the_same(either: Office) -> None:
    """One tap; the card then offers to answer anyway."""
    await either.set_up(LENA, INES)
    await either.until("30T08:30")
    (card,) = await either.messages(LENA)
    labels = [one["text"]["text"] for one in buttons(card)]
    assert labels == ["Answer", "Skip today", "Change"]
    await press(either, LENA, SKIP, card)
    (card,) = await either.messages(LENA)
    assert "· Skipped" in shown(card)
    assert [one["text"]["text"] for one in buttons(card)] == ["Answer anyway", "Change"]
    await either.click(LENA, card)
    await either.answer(LENA, learned="After all")
    await either.rest()
    assert "After all" in shown((await either.messages(GENERAL))[0])


async def test_put_off_it_comes_back(either: Office) -> None:
    """The card says until when; then there is a new message, and the old one is a line."""
    await either.set_up(LENA, INES)
    await either.until("30T08:30")
    await later(either, LENA, 30)
    (card,) = await either.messages(LENA)
    assert "Back at 11:00" in shown(card)
    await either.until("30T09:01")
    first, again = await either.messages(LENA)
    assert "Continued below" in shown(first)
    assert again["text"] == "Stand-up is still waiting for you. Open until 17:30."
    assert [one["text"]["text"] for one in buttons(again)] == ["Answer", "Skip today", "Change"]


async def test_from_app_home(by_http: Office) -> None:
    """The same buttons; what is skipped can be taken up again there."""
    await by_http.set_up(LENA, INES)
    await by_http.until("30T08:30")
    await by_http.post("home", user=LENA)
    await by_http.rest()
    await press(by_http, LENA, SKIP, (await by_http.state())["homes"][LENA])
    home = (await by_http.state())["homes"][LENA]
    assert "· Skipped" in shown(home)
    assert "Answer anyway" in [one["text"]["text"] for one in buttons(home)]


async def test_a_card_from_before_says_what_happened_meanwhile(by_http: Office) -> None:
    """It closed while the card was being looked at: told in place, nothing changes."""
    await by_http.set_up(LENA)
    await by_http.until("30T08:30")
    (card,) = await by_http.messages(LENA)
    await by_http.post("fault", method="chat.update", mode="drop_before", count=20)
    await by_http.until("30T15:31")
    last = (await by_http.messages(LENA))[-1]
    await press(by_http, LENA, SKIP, last)
    await told(by_http, "Stand-up of Mon 30 March has closed")
    assert card["channel"] == last["channel"]
