"""What a newcomer sees first: the demo team, whose viewer has just been asked."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Window
from tests.endtoend.office import LENA

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CHURN, HER_DM = "C01CHURN", "D01LENA"


async def test_the_viewer_answers_on_a_desk_and_on_a_phone(demo: Window) -> None:
    """The card, the modal, the channel's message; these are the README's pictures too."""
    page = demo.page
    await page.set_viewport_size({"width": 1080, "height": 760})
    await demo.go(HER_DM, LENA)
    card = demo.messages().last
    await expect(card).to_contain_text("Open until 17:30")
    await expect(page.locator("#hint")).to_contain_text("You are Lena. Press Answer.")
    await page.locator("#hint-close").click()
    await demo.picture("card")

    await card.get_by_role("button", name="Answer").click()
    modal = demo.modal("Stand-up Thu 26 Mar")
    learned = modal.get_by_label("What did you learn or finish?")
    await learned.fill("Legal reads the request today, and asks which fields we really need.")
    await modal.get_by_label("What do you try next?").fill("List the fields with Arjun.")
    await demo.picture("modal")
    await modal.get_by_role("button", name="Save").click()
    await expect(card.get_by_role("button", name="Edit")).to_be_visible()

    await demo.go(CHURN, LENA)
    await demo.move("+15 min")
    run = demo.messages().last
    await expect(run).to_contain_text("3 of 6 answered")
    await expect(run).to_contain_text("no read access to the consent flags")
    await expect(demo.messages()).to_have_count(6)
    await page.set_viewport_size({"width": 1080, "height": 620})
    await demo.picture("channel")

    await page.set_viewport_size({"width": 390, "height": 812})
    await demo.go(CHURN, LENA)
    await expect(run).to_contain_text("3 of 6 answered")
    await demo.picture("phone")
    assert await width(page) <= 390
    for place, name in ((HER_DM, "phone-card"), ("home", "phone-home")):
        await page.set_viewport_size({"width": 1080, "height": 812})
        await demo.go(place, LENA)
        await page.set_viewport_size({"width": 390, "height": 812})
        await expect(page.get_by_role("button", name="Edit").first).to_be_visible()
        assert await width(page) <= 390
        await demo.picture(name)
    await page.get_by_role("button", name="Edit").first.click()
    await expect(modal.get_by_label("What do you try next?")).to_be_visible()
    assert await width(page) <= 390
    await demo.picture("phone-modal")


async def width(page: Page) -> int:
    """How wide the page is: more than the phone, and one must scroll sideways."""
    return int(await page.evaluate("document.documentElement.scrollWidth"))
