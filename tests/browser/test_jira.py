"""A team's Jira project, chosen on the page as a person would: by typing, and by keyboard."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Window
from tests.endtoend.office import GENERAL, LENA

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


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
