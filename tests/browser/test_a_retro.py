"""A retro as people see it on the sandbox's page: notes, votes, threads, and the summary."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Window
from tests.endtoend.office import ARJUN, GENERAL, INES, LENA, MEI

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

NOTES = {
    LENA: ("Went well", "The churn baseline was up in two days."),
    MEI: ("To improve", "The feature store was down twice."),
    ARJUN: ("To improve", "The feature store was slow."),
    INES: ("To try", "A dry run of the release on Thursdays."),
}


async def test_people_run_one_through(window: Window) -> None:
    """From an empty channel to the next one, which opens with what was decided."""
    page = window.page
    await window.go(GENERAL, LENA)
    await window.type("/retro setup", "#general")
    setup = window.modal("New retro")
    await expect(setup.get_by_label("How often")).to_have_value("w2")
    await setup.get_by_label("Anonymous").check()
    await setup.get_by_role("button", name="Start").click()
    await window.modal("Done").get_by_role("button", name="Close").click()
    await window.type("/retro start", "#general")
    await expect(retro(window)).to_contain_text("What comes to your mind?")

    for person, (column, text) in NOTES.items():
        await window.go(GENERAL, person)
        await retro(window).get_by_role("button", name="Add a note").click()
        form = window.modal("Notes")
        await expect(form.get_by_text("What could still tell")).to_be_visible()
        await form.get_by_label(column, exact=True).check()
        await form.get_by_label("Note", exact=True).fill(text)
        await form.get_by_role("button", name="Add", exact=True).click()
        await expect(form.get_by_text("Written here")).to_be_visible()
        await form.get_by_role("button", name="Close", exact=True).last.click()
        await expect(retro(window)).not_to_contain_text(text)
    for person in NOTES:
        await window.go(GENERAL, person)
        await retro(window).get_by_role("button", name="I'm done").click()
        await expect(page.get_by_text("You can still add notes").last).to_be_visible()

    await window.go(GENERAL, LENA)
    await window.type("/retro next", "#general")
    await expect(retro(window)).to_contain_text("A dry run of the release")
    await expect(retro(window)).to_contain_text("4 took part")
    await retro(window).get_by_role("button", name="Facilitate").click()
    lead = window.modal("Facilitate")
    await lead.get_by_role("button", name="Merge like notes").click()
    merge = window.modal("Merge like notes")
    menu = merge.get_by_role("combobox", name="To improve")
    for text in ("The feature store was down twice.", "The feature store was slow."):
        await menu.select_option(label=text)
    await merge.get_by_role("button", name="Merge", exact=True).click()
    await expect(merge.get_by_text("+1 alike")).to_be_visible()
    await merge.get_by_role("button", name="Done").click()
    await lead.get_by_role("button", name="Begin the vote now").click()
    await expect(lead.get_by_text("is voting")).to_be_visible()
    await lead.get_by_role("button", name="Close", exact=True).last.click()

    await retro(window).get_by_role("button", name="Vote").click()
    votes = window.modal("Votes")
    await votes.get_by_role("checkbox").nth(1).check()
    await votes.get_by_role("button", name="Vote", exact=True).click()
    await expect(votes).to_be_hidden()
    await retro(window).get_by_role("button", name="Facilitate").click()
    await lead.get_by_role("button", name="End the vote now").click()
    await expect(lead.get_by_text("is discussing")).to_be_visible()
    await lead.get_by_role("button", name="Close", exact=True).last.click()
    topic = window.messages().filter(has_text="Topic 1 of 1")
    await expect(topic).to_contain_text("Say it in the thread")
    await expect(topic).to_contain_text("1 vote")

    await topic.get_by_role("button", name="Raise an action").click()
    action = window.modal("Action item")
    await action.get_by_label("What is to be done?").fill("Run two replicas")
    await action.get_by_role("button", name="Save").click()
    await expect(retro(window)).to_contain_text("Run two replicas → Lena")
    await window.type("/retro close", "#general")
    await expect(retro(window)).to_contain_text("closed · 4 took part")
    await expect(retro(window)).to_contain_text("Also said")
    await window.type("/retro export", "#general")
    await expect(page.get_by_text("The export is on its way")).to_be_visible()

    await window.type("/retro start", "#general")
    opening = window.messages().filter(has_text="Last time we decided")
    await expect(opening).to_contain_text("Run two replicas → Lena")
    await expect(opening).to_contain_text("0 of 1 done over the last retro")

    await page.set_viewport_size({"width": 390, "height": 772})
    await window.go(GENERAL, LENA)
    await expect(opening).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert int(width) <= 390


def retro(window: Window) -> Locator:
    """The retro's own message; its head is the title and the day."""
    return window.messages().filter(has=window.page.get_by_role("heading", name="Retro ·")).first
