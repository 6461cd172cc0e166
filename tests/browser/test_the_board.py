"""The Jira board on the sandbox's page, worked on as people do, on a desk and on a phone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from bot.core.clock import MovableCalendar, SystemMachine
from bot.sandbox import Sandbox
from bot.sandbox.jira.aurora import account_id
from bot.sandbox.jira.seeds import furnish
from bot.sandbox.jira.world import Issue, RemoteLink

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LENA, RAFAEL = "U01LENA", "U01RAFAEL"
WILD = '<img src=x onerror="document.title=1"> h1. Heading\n{color:red}red{color} [~mei]'


@dataclass
class Board:
    """The board, and the Jira behind it."""

    page: Page
    world: Sandbox

    async def go(self, person: str = LENA, issue: str = "") -> None:
        await self.page.goto(f"{self.world.url}/#user={person}&issue={issue}&jira")
        await expect(self.page.get_by_role("heading", name="Jira board")).to_be_visible()

    def column(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def card(self, key: str) -> Locator:
        return self.page.locator(f"[data-issue={key}]")

    @property
    def ticket(self) -> Locator:
        return self.page.get_by_role("complementary").filter(has=self.page.locator("#ticket-title"))

    def issue(self, key: str) -> Issue:
        found = self.world.site.jira.world.find(key)
        assert found is not None
        return found


@pytest.fixture
async def board(context: BrowserContext) -> AsyncIterator[Board]:
    machine = SystemMachine()
    calendar = MovableCalendar(machine, datetime(2026, 3, 26, 8, 31, tzinfo=UTC))
    world = Sandbox(machine=machine, calendar=calendar, limits=False)
    furnish(world.site.jira)
    await world.start()
    page = context.pages[0]
    yield Board(page, world)
    await page.goto("about:blank")
    await world.stop()


async def test_an_issue_is_opened_assigned_dated_moved_and_deleted(board: Board) -> None:
    """By mouse and by keyboard; each step stands in its history under the acting person's name."""
    page, ticket = board.page, board.ticket
    await page.goto(f"{board.world.url}/#user={LENA}&channel=C01CHURN")
    await page.get_by_role("link", name="Jira board").click()
    await expect(board.column("To Do").get_by_role("listitem")).to_have_count(3)
    await board.card("ML-4").get_by_role("link").click()
    await expect(ticket.get_by_role("heading", name="Alert when a feature drifts")).to_be_visible()
    await ticket.get_by_label("Assignee").select_option("Sam Ortiz")
    await expect(board.card("ML-4").get_by_role("img", name="Sam Ortiz")).to_be_visible()
    assert board.issue("ML-4").assignee == account_id("sam")

    field = ticket.get_by_label("Due date")
    await field.fill("2026-03-20")
    await field.press("Enter")
    await expect(board.card("ML-4")).to_contain_text("Fri 20 Mar, overdue")
    sizes = "node => [node.scrollWidth, node.clientWidth]"
    for column in await page.locator(".board-column").all():
        wide = await column.evaluate(sizes)
        assert wide[0] <= wide[1]
    await field.fill("")
    await field.blur()
    await expect(board.card("ML-4").get_by_role("time")).to_have_count(0)
    assert board.issue("ML-4").values["duedate"] is None

    move = ticket.get_by_role("group", name="Move to").get_by_role("button", name="Done")
    await move.focus()
    await page.keyboard.press("Enter")
    await expect(board.column("Done")).to_contain_text("Alert when a feature drifts")
    history = ticket.get_by_role("list").last
    await expect(history.get_by_role("listitem").first).to_contain_text("Lena Vogt")
    await expect(history.get_by_role("listitem").first).to_contain_text("Status: To Do → Done")

    await ticket.get_by_role("button", name="Delete issue").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(board.card("ML-4")).to_have_count(0)
    await expect(ticket).to_be_hidden()
    assert board.world.site.jira.world.find("ML-4") is None


async def test_a_card_is_moved_from_its_menu(board: Board) -> None:
    """Only the ways that its workflow has; the focus goes with it."""
    page = board.page
    await board.go()
    move = board.card("DATA-2").get_by_role("button", name="Move DATA-2")
    await move.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem")).to_have_text(["In ProgressStart work"])
    await page.keyboard.press("Enter")
    await expect(board.column("In Progress")).to_contain_text("Late events are counted twice")
    await page.get_by_label("Project").select_option("ML")
    await expect(board.card("DATA-2")).to_have_count(0)
    await page.get_by_label("Project").select_option("All projects")
    await expect(board.card("DATA-2")).to_be_visible()


async def test_what_others_do_shows_at_once(board: Board) -> None:
    """A date that is half typed survives it."""
    await board.go(issue="ML-2")
    field = board.ticket.get_by_label("Due date")
    await field.focus()
    await field.fill("2026-05-01")
    site = board.world.site.jira
    by = site.world.accounts[account_id("mei")]
    site.tracker.edit(board.issue("ML-2"), {"summary": "Renamed by Mei"}, by)
    await expect(board.ticket.get_by_role("heading", name="Renamed by Mei")).to_be_visible()
    await expect(field).to_have_value("2026-05-01")
    await expect(field).to_be_focused()


async def test_texts_run_nothing(board: Board) -> None:
    """Markup and HTML are shown as they were written; a link leads back to the message."""
    site = board.world.site.jira
    by = site.world.accounts[account_id("mei")]
    values: dict[str, Any] = {"summary": "<b>bold</b>", "labels": ["<i>x</i>"],
                              "description": {"wiki": WILD, "adf": None}}  # fmt: skip
    issue = site.tracker.create(site.world.projects["10010"], "10001", values, by)
    url = "https://aurora-ml.slack.com/archives/C01CHURN/p1774512000000100"
    site.tracker.link(issue, RemoteLink("1", "g", {"title": "In Slack", "url": url}))
    bad = {"title": "Press me", "url": "javascript:document.title=2"}
    site.tracker.link(issue, RemoteLink("2", "h", bad))
    await board.go(issue=issue.key)
    await expect(board.ticket.locator("h3")).to_have_text("<b>bold</b>")
    await expect(board.ticket.locator(".ticket-text")).to_have_text(WILD)
    await expect(board.ticket.locator(".label")).to_have_text("<i>x</i>")
    await expect(board.ticket.locator("img, b, i")).to_have_count(0)
    await expect(board.ticket.get_by_text("Press me")).to_be_visible()
    await expect(board.ticket.get_by_role("link", name="Press me")).to_have_count(0)
    await board.ticket.get_by_role("link", name="In Slack").click()
    await expect(board.page.locator("#place-title")).to_have_text("#churn-model")
    await expect(board.ticket).to_be_hidden()


async def test_links_lead_to_the_board(board: Board) -> None:
    """By an issue's own address, by one that it had before it was moved, and by none."""
    await board.page.goto(f"{board.world.url}/jira/browse/ML-2")
    await expect(board.ticket.locator("h3")).to_have_text("Retrain on the March data")
    site = board.world.site.jira
    issue, data = board.issue("ML-2"), site.world.projects["10020"]
    by = site.world.accounts[account_id("mei")]
    site.tracker.move(issue, data, issue.type, dict(issue.values), by)
    await expect(board.ticket.locator("#ticket-title")).to_have_text("DATA-3")
    await board.page.goto(f"{board.world.url}/jira/browse/ML-99")
    await expect(board.ticket).to_contain_text("There is no such issue any more.")
    await board.page.keyboard.press("Escape")
    await expect(board.ticket).to_be_hidden()


async def test_who_has_no_account_only_looks(board: Board) -> None:
    """Nothing to press, and a line that says why."""
    await board.go(RAFAEL, "ML-2")
    await expect(board.ticket).to_contain_text("Rafael Lima has no account in Jira")
    await expect(board.ticket.get_by_label("Assignee")).to_be_disabled()
    await expect(board.ticket.get_by_role("button")).to_have_count(1)  # that hides it
    await expect(board.page.get_by_role("button", name="Move ML-2")).to_have_count(0)


async def test_a_phone_shows_it_all(board: Board) -> None:
    """One column below the other, an issue over the whole width, nothing to scroll sideways."""
    page = board.page
    await page.set_viewport_size({"width": 390, "height": 844})
    site = board.world.site.jira
    by = site.world.accounts[account_id("mei")]
    site.tracker.edit(board.issue("ML-1"), {"summary": "very-long-word" * 16}, by)
    await board.go()

    async def fits() -> None:
        for part in ("html", ".board-scroll", "#ticket-scroll"):
            there = page.locator(part)
            if await there.is_visible():
                wide = await there.evaluate("node => [node.scrollWidth, node.clientWidth]")
                assert wide[0] <= wide[1] <= 390, part

    await expect(board.card("ML-1")).to_be_visible()
    await fits()
    await board.card("ML-1").get_by_role("link").click()
    await expect(board.ticket.locator("h3")).to_be_visible()
    assert await board.ticket.evaluate("node => node.getBoundingClientRect().width") == 390
    await fits()
    await board.ticket.get_by_role("button", name="Hide issue").click()
    await expect(board.ticket).to_be_hidden()
