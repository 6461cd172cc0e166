"""A team's risks on the page: add one, rescore it, and see the team review."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Window
from tests.browser.test_the_demo import CHURN, width
from tests.endtoend.office import INES, LENA

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def test_added_rescored_and_reviewed(demo: Window) -> None:
    """From the command to the heat map, as somebody does it who has never seen it."""
    page = demo.page
    await demo.go(CHURN, INES)
    await demo.type("/risk", "#churn-model")
    listed = demo.modal("Risks")
    await expect(listed).to_contain_text("12 risks in #churn-model")
    await expect(listed).to_contain_text("review 3 days overdue")
    await listed.get_by_role("button", name="Add a risk").click()

    form = demo.modal("Add a risk")
    await form.get_by_label("What may go wrong?").fill("Support renames its plans in summer")
    await form.get_by_label("Category").select_option(label="Model drift")
    await expect(form).to_contain_text("What changes out there that the training data never saw?")
    await form.get_by_role("button", name="More").click()
    await form.get_by_label("Alert when it becomes worse, and name who looks").check()
    await form.get_by_label("How likely is it?").select_option(label="5 · Almost certain")
    await form.get_by_label("How bad would it be?").select_option(label="2 · Minor")
    await form.get_by_role("button", name="Add", exact=True).click()

    await expect(listed).to_contain_text("13 risks in #churn-model")
    await expect(listed).to_contain_text("is in the register")
    await listed.get_by_label("Search").fill("renames plans")
    await listed.get_by_role("button", name="Search").click()
    await expect(listed).to_contain_text("1 risk in #churn-model")
    await listed.get_by_role("button", name="Open").click()
    shown = demo.modal("R13")
    await expect(shown).to_contain_text("High 10")
    await shown.get_by_role("button", name="Rescore").click()
    rescore = demo.modal("Rescore")
    await rescore.get_by_label("How bad would it be now?").select_option(label="5 · Severe")
    await rescore.get_by_label("Why?").fill("The price list follows the names")
    await rescore.get_by_role("button", name="Save").click()
    await expect(shown).to_contain_text("Critical 25")
    await expect(shown).to_contain_text("The price list follows the names")
    for _ in range(2):
        await page.keyboard.press("Escape")

    await demo.type("/risk team", "#churn-model")
    review = demo.messages().filter(has_text="Risk review").first
    picture = review.get_by_role("img", name="Heat map of 13 risks")
    await expect(picture).to_be_visible()
    drawn = await picture.evaluate("image => image.naturalWidth")
    assert drawn == 936
    worst = demo.messages().filter(has_text="Support renames its plans in summer").first
    await expect(worst.get_by_role("button", name="Make an action item")).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    await expect(picture).to_be_visible()
    assert await width(page) <= 390
    await page.set_viewport_size({"width": 1280, "height": 900})
    await review.get_by_role("button", name="2 replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("What changed")
    await expect(thread).to_contain_text("Without a mitigation")


async def test_reviews_on_the_card(demo: Window) -> None:
    """Keep is one tap, and More asks why; on a phone too."""
    page = demo.page
    await demo.go("D01LENA", LENA)
    await page.set_viewport_size({"width": 390, "height": 844})
    card = demo.messages().last
    await expect(card).to_contain_text("1 review is due")
    await card.get_by_role("button", name="More about R1").click()
    more = demo.modal("What becomes of it")
    await more.get_by_role("radio", name="Accept").check()
    await more.get_by_label("Why?").fill("Legal decides by May")
    assert await width(page) <= 390
    await more.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("next review Thu 2 April")
    await expect(card.get_by_role("button", name="Keep")).to_have_count(0)
