"""A stand-up as a person sees it on the sandbox's page: set up, asked, answered, closed."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Window
from tests.endtoend.office import GENERAL, LENA, MEI

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def test_a_person_sets_up_answers_edits_and_reads_the_summary(window: Window) -> None:
    """From an empty channel to the summary, with nothing but the page."""
    page = window.page

    await window.go(GENERAL, LENA)
    await window.type("/standup setup", "#general")
    setup = window.modal("New stand-up")
    await expect(setup.get_by_text("each person is asked by direct message")).to_be_visible()
    await expect(setup.get_by_label("Monday")).to_be_checked()
    await expect(setup.get_by_label("Sunday")).not_to_be_checked()
    await setup.get_by_role("button", name="Start").click()
    done = window.modal("Done")
    await expect(done.get_by_text("You are asked first on")).to_be_visible()
    await done.get_by_role("button", name="Close").click()

    # The next moment at which somebody is asked is Tokyo's half past nine.
    await page.get_by_label("Act as").select_option(MEI)
    await page.get_by_role("navigation", name="Places").get_by_role("link", name="Meridian").click()
    await window.move("Next")
    card = window.messages()
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text("Open until 17:30")

    await card.get_by_role("button", name="Answer").click()
    modal = window.modal("Stand-up Mon 30 Mar")
    learned = modal.get_by_label("What did you learn or finish?")
    await expect(learned).to_be_focused()
    await learned.fill("The March click logs hold 4 % duplicates.")
    await modal.get_by_label("What blocks you?").fill("GPU quota is used up")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal).to_be_hidden()
    await expect(card.get_by_role("button", name="Edit")).to_be_visible()

    places = page.get_by_role("navigation", name="Places")
    await places.get_by_role("link", name="general").click()
    run = window.messages().filter(has_text="GPU quota is used up")
    await expect(run).to_contain_text("1 of 6 answered")
    stamp = await run.get_attribute("data-ts")

    await window.type("/standup", "#general")
    await expect(learned).to_have_value("The March click logs hold 4 % duplicates.")
    await learned.fill("The March click logs are clean now.")
    await modal.get_by_role("button", name="Save").click()
    await window.move("+15 min")
    await expect(run).to_contain_text("The March click logs are clean now.")
    await expect(run).not_to_contain_text("duplicates")
    assert await run.get_attribute("data-ts") == stamp

    # Sam in Los Angeles is the last, and has until 17:30 there: 00:30 UTC.
    await page.get_by_role("button", name="Go to").click()
    await page.get_by_label("Date and time").fill("2026-03-31T10:00")  # in Mei's Tokyo
    await page.get_by_label("Date and time").press("Enter")
    await expect(run).to_contain_text("Did not answer:", timeout=40_000)
    await expect(run).to_contain_text("1 of 6 answered · closed")
    assert await run.get_attribute("data-ts") == stamp

    await window.go("home", LENA)
    await expect(page.get_by_text("Waiting for you")).to_be_visible()
    await expect(page.get_by_text("Tue 31 March, 09:30")).to_be_visible()
