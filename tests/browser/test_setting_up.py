"""From nothing to a stand-up that runs: how many taps it takes a person on the page.

A tap is a press of the mouse or a finger, or of Enter on the keyboard. Typing words is none, but
the Enter that sends them is one. A menu takes two: to open it, and to choose.
"""

import asyncio
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.endtoend.office import GENERAL, LENA, LOOK_SECONDS, LOOKS, MEI, QUALITY

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

MOST = 4
_COUNT = """() => {
  window.taps = 0;
  const count = (event) => { if (event.isTrusted) window.taps += 1; };
  document.addEventListener("pointerdown", count, true);
  document.addEventListener("keydown", (event) => event.key === "Enter" && count(event), true);
}"""


@dataclass
class Taps:
    """Counted by the page itself, so that none is forgotten here."""

    page: Page
    chosen: int = 0

    async def choose(self, menu: Locator, label: str) -> None:
        """From a menu, whose list is the browser's own: the page sees no press in it."""
        await menu.select_option(label=label)
        self.chosen += 1

    async def made(self) -> int:
        return int(await self.page.evaluate("window.taps")) + 2 * self.chosen


async def counted(window: Window, place: str, who: str = LENA) -> Taps:
    """Begin to count at a place."""
    await window.go(place, who)
    await window.page.evaluate(_COUNT)
    return Taps(window.page)


async def known_as_an_admin(window: Window) -> None:
    """Until the bot has looked the person up and draws their Home no more: a press may be lost."""
    for _ in range(LOOKS):
        found = await window.page.request.get(f"{window.url}/_control/state")
        if "teams.workspace" in str((await found.json())["homes"].get(LENA)):
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError("she is an admin, and her Home doesn't say so")


async def test_in_a_channel_it_takes_two_taps(window: Window) -> None:
    """Typed and sent; then *Start*, on a screen that is filled in."""
    taps = await counted(window, GENERAL)
    await window.type("/standup setup", "#general")
    setup = window.modal("New stand-up")
    await expect(setup.get_by_label("Remove Lena")).to_be_visible()
    await setup.get_by_role("button", name="Start").click()
    await it_runs(window)
    assert await taps.made() == 2


async def test_from_app_home_it_takes_four_taps(window: Window) -> None:
    """The button, the channel from its menu, and *Start*: the people are filled in meanwhile."""
    taps = await counted(window, "home")
    await known_as_an_admin(window)
    await window.page.get_by_role("button", name="Set up a stand-up").click()
    setup = window.modal("New stand-up")
    await taps.choose(setup.get_by_label("Where"), "#general")
    await expect(setup.get_by_label("Remove Lena")).to_be_visible()
    await setup.get_by_role("button", name="Start").click()
    await it_runs(window)
    assert await taps.made() == MOST


async def test_from_the_invitation_it_takes_three_taps(window: Window) -> None:
    """Typed and sent; the button that only the host sees; then *Start*."""
    taps = await counted(window, QUALITY, MEI)
    await window.type("/invite @Meridian", "#data-quality")
    await window.messages().get_by_role("button", name="Set up a stand-up").click()
    setup = window.modal("New stand-up")
    await expect(setup.get_by_label("Remove Mei")).to_be_visible()
    await setup.get_by_role("button", name="Start").click()
    await expect(window.modal("Done")).to_contain_text("3 people are asked")
    assert await taps.made() == 3


async def it_runs(window: Window) -> None:
    done = window.modal("Done")
    await expect(done).to_contain_text("The stand-up starts. 6 people are asked")
    await expect(done).to_contain_text("You are asked first on Mon 30 March, 09:30")
