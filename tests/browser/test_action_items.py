"""Action items as a person meets them on the page: from a blocker, from a message, in a list."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Window
from tests.endtoend.office import LENA

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CHURN = "C01CHURN"


async def test_a_blocker_becomes_an_action_item_and_is_done(demo: Window) -> None:
    """Chosen below the channel's message, done in the list; the blocker's line follows."""
    page = demo.page
    await demo.go(CHURN, LENA)
    run = demo.messages().last
    await run.get_by_label("Act on a blocker …").select_option(index=1)
    form = demo.modal("Action item")
    await expect(form.get_by_label("Who does it?")).to_have_value(LENA)
    await form.get_by_label("What is to be done?").fill("Chase legal for the consent flags")
    await form.get_by_role("button", name="Save").click()
    await expect(run).to_contain_text("until legal agrees → Lena, by Thu 2 April")
    await expect(run.get_by_label("Act on a blocker …")).to_have_value("")

    await demo.type("/actions team", "#churn-model")
    items = demo.modal("Action items")
    await items.get_by_role("button", name="Move the date of Chase legal").click()
    moving = demo.modal("Move the date")
    await moving.get_by_label("By when?").fill("2026-04-03")
    await moving.get_by_role("button", name="Save").click()
    await expect(items).to_contain_text("Lena · by Fri 3 April")
    await items.get_by_role("button", name="Done: Chase legal").click()
    await expect(items).to_contain_text("✓ Done: Chase legal for the consent flags")
    await items.get_by_role("button", name="Close").last.click()
    await expect(run).to_contain_text("→ Lena, by Fri 3 April · ML-10 ✓ done")
    await page.set_viewport_size({"width": 390, "height": 772})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_from_a_message_its_thread_shows_it(demo: Window) -> None:
    """By the message's menu."""
    page = demo.page
    await demo.go(CHURN, LENA)
    await demo.type("Are the seats of schools counted twice?", "#churn-model")
    message = demo.messages().filter(has_text="seats of schools").last
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Make an action item").click()
    form = demo.modal("Action item")
    proposed = form.get_by_label("What is to be done?")
    await expect(proposed).to_have_value("Are the seats of schools counted twice?")
    await form.get_by_role("button", name="Save").click()
    await message.get_by_role("button", name="1 reply").click()
    reply = demo.messages().filter(has_text="Action item: ").last
    await expect(reply).to_contain_text("→ Lena, by Thu 2 April")
    await reply.get_by_role("button", name="Done").click()
    await expect(reply).to_contain_text("✓ done")
