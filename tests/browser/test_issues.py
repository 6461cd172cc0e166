"""A question that asks for issues, on the page: ticked, searched, taken back, and followed."""

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.conftest import Window
from tests.endtoend.office import GENERAL, LENA, MEI, office
from tests.endtoend.test_issues import set_up, ticket
from tests.endtoend.test_jira import choose_project

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def test_mine_is_ticked_and_another_searched_for(
    context: BrowserContext, database_url: str
) -> None:
    """What is found becomes a chip that can be taken back; the channel's message links both."""
    async with office(database_url, "socket", jira=True) as at:
        await choose_project(at)
        await at.post("close", user=LENA)
        mine = await ticket(at, "Retrain the baseline")
        other = await ticket(at, "Chase the consent flags", who=LENA)
        await set_up(at)
        await at.until("30T07:30")
        window = Window(context.pages[0], at.world.url)
        await window.go(GENERAL, MEI)
        await window.type("/standup", "#general")
        form = window.modal("Stand-up Mon 30 Mar")
        await form.get_by_label(f"{mine} Retrain").check()
        search = form.get_by_label("Others")
        await search.fill("consent")
        found = f"{other} Chase the consent flags"
        await expect(form.get_by_role("option")).to_have_text([found])
        await search.press("Enter")
        chip = form.get_by_role("button", name=f"Remove {other}")
        await chip.click()
        await expect(chip).to_be_hidden()
        await search.fill(other)
        await form.get_by_role("option", name=other).click()
        await expect(chip).to_be_visible()
        await form.get_by_role("button", name="Save").click()
        await expect(form).to_be_hidden()
        said = window.messages().last
        await expect(said.get_by_role("link", name=mine)).to_be_visible()
        await said.get_by_role("link", name=other).click()
        await expect(window.page.locator("#ticket-title")).to_have_text(other)
        await window.page.goto("about:blank")
