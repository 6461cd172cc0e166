"""Jira as a person meets it on the page: a team's project is chosen, a blocker's ticket done."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Window
from tests.endtoend.office import GENERAL, LENA

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CHURN = "C01CHURN"
WHAT = "Chase legal for the consent flags"


async def choose_project(window: Window, name: str) -> None:
    """`/team` in #churn-model, its project, and the issue type that is offered.

    Where one is chosen already no list hides what is chosen below it.
    """
    await window.type("/team", "#churn-model")
    await window.modal("Team").get_by_role("button", name="Jira project …").click()
    modal = window.modal("Jira project")
    await expect(modal.get_by_label("Project")).to_have_value(name)
    await expect(modal.get_by_label("Issue type")).to_be_visible()
    await expect(modal.get_by_role("option", name=name)).to_be_hidden()
    await modal.get_by_label("Project").fill(name.split(" (")[0])
    await modal.get_by_role("option", name=name).click()
    await expect(modal.get_by_label("Issue type")).to_be_visible()
    await modal.get_by_role("button", name="Save").click()
    await window.modal("Saved").get_by_role("button", name="Close").last.click()
    await window.modal("Team").get_by_role("button", name="Cancel").click()


async def move_to_done(page: Page, what: str) -> None:
    """On the board: open the ticket, and move it."""
    await page.get_by_role("link", name="Jira board").click()
    card = page.get_by_role("listitem").filter(has_text=what)
    await card.get_by_role("link").click()
    ticket = page.get_by_role("complementary").filter(has=page.locator("#ticket-title"))
    await ticket.get_by_role("group", name="Move to").get_by_role("button", name="Done").click()
    done = page.get_by_role("region", name="Done")
    await expect(done).to_contain_text(what)


async def test_a_blocker_becomes_a_ticket_and_is_done_on_the_board(demo: Window) -> None:
    """The channel's message follows, and the card of the day on which it was due."""
    page = demo.page
    await demo.go(CHURN, LENA)
    await choose_project(demo, "Churn model (ML)")
    run = demo.messages().last
    await run.get_by_label("Act on a blocker …").select_option(index=1)
    form = demo.modal("Action item")
    await form.get_by_label("What is to be done?").fill(WHAT)
    await form.get_by_label("By when?").fill("2026-03-27")
    await expect(form.get_by_label("Make a ticket in Churn model")).to_be_checked()
    await form.get_by_role("button", name="Save").click()
    await expect(run).to_contain_text("→ Lena, by Fri 27 March · ML-")
    # Friday half past ten in Berlin: her card of the day stands, and says what is due.
    await page.get_by_role("button", name="Go to").click()
    await page.get_by_label("Date and time").fill("2026-03-27T10:30")
    await page.get_by_label("Date and time").press("Enter")
    await expect(page.locator("#clock-busy")).to_be_hidden(timeout=40_000)
    await page.get_by_role("navigation", name="Places").get_by_role("link", name="Meridian").click()
    card = demo.messages().last
    await expect(card).to_contain_text(f"{WHAT}Due today")

    await move_to_done(page, WHAT)
    await page.get_by_role("navigation", name="Places").get_by_role("link", name="Meridian").click()
    await expect(card).to_contain_text(f"{WHAT}✓ Done")
    await demo.go(CHURN, LENA)
    done = demo.messages().filter(has_text="· ML-")
    await expect(done.first).to_contain_text("✓ done")


async def test_a_project_is_searched_for_and_chosen(window_with_jira: Window) -> None:
    """What the app offers is chosen by keyboard; a project's types come with it."""
    window = window_with_jira
    await window.go(GENERAL, LENA)
    await window.type("/team", "#general")
    team = window.modal("Team")
    await team.get_by_role("button", name="Jira project …").click()
    modal = window.modal("Jira project")
    project = modal.get_by_label("Project")
    await project.fill("data")
    await expect(modal.get_by_role("option")).to_have_text(["Data platform (DATA)"])
    await project.press("Enter")
    await expect(project).to_have_value("Data platform (DATA)")
    kind = modal.get_by_label("Issue type")
    await expect(kind).to_be_visible()
    await kind.select_option(label="Bug")
    area = modal.get_by_label("Component area")
    await expect(area).to_be_visible()
    await area.select_option(label="Warehouse")
    await modal.get_by_role("button", name="Save").click()
    saved = window.modal("Saved")
    await expect(saved).to_contain_text("go to Data platform (DATA) now, as Bug")


async def test_what_was_typed_and_not_chosen_is_no_choice(window_with_jira: Window) -> None:
    """The field shows what was chosen before, once it is left."""
    window = window_with_jira
    await window.go(GENERAL, LENA)
    await window.type("/team", "#general")
    await window.modal("Team").get_by_role("button", name="Jira project …").click()
    modal = window.modal("Jira project")
    project = modal.get_by_label("Project")
    await project.fill("churn")
    await expect(modal.get_by_role("option")).to_have_count(1)
    await modal.get_by_role("option", name="Churn model (ML)").click()
    await expect(project).to_have_value("Churn model (ML)")
    await project.fill("something else")
    await project.blur()
    await expect(project).to_have_value("Churn model (ML)")
