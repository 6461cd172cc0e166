"""The system's Chromium on the sandbox's page, with the bot in the sandbox."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Locator, Page, async_playwright, expect

from bot.cli import trial
from bot.cli.options import Clock, Options
from tests.endtoend.office import office

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
PICTURES = os.environ.get("MERIDIAN_SCREENSHOTS")
"""A folder for the pictures of the README; none are taken without it."""


@dataclass
class Window:
    """What a person does on the page."""

    page: Page
    url: str

    async def go(self, place: str, person: str) -> None:
        """Open a place as a person, by its address."""
        where = "home" if place == "home" else f"channel={place}"
        await self.page.goto(f"{self.url}/#user={person}&{where}")
        await self.page.get_by_label("Act as").wait_for()

    async def type(self, words: str, channel: str) -> None:
        composer = self.page.get_by_label(f"Message {channel}", exact=True)
        await composer.fill(words)
        await composer.press("Enter")

    def modal(self, title: str) -> Locator:
        return self.page.get_by_role("dialog", name=title)

    def messages(self) -> Locator:
        return self.page.get_by_role("article")

    async def move(self, button: str) -> None:
        """Move the clock, and wait until it has come to rest."""
        await self.page.get_by_role("button", name=button, exact=True).click()
        await expect(self.page.locator("#clock-busy")).to_be_hidden()

    async def picture(self, name: str) -> None:
        """Take a picture for the README, where they are asked for."""
        if PICTURES:
            await self.page.mouse.move(0, 0)
            path = Path(PICTURES) / f"{name}.png"
            await self.page.screenshot(path=path, animations="disabled", caret="hide")


def chromium() -> str:
    """Where the system's Chromium is; else the test is skipped, but fails where one is a must."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    why = "no Chromium is installed (Debian and Ubuntu: apt-get install chromium)"
    if os.environ.get("MERIDIAN_REQUIRE_BROWSER") == "1":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture
async def context(tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A fresh browser; errors on its pages fail the test."""
    expect.set_options(timeout=PATIENCE_MS)
    program, errors = chromium(), list[str]()
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch_persistent_context(
            tmp_path / "chromium",
            executable_path=program,
            args=FLAGS,
            viewport={"width": 1280, "height": 800},
            locale="en-GB",
            timezone_id="Pacific/Auckland",  # the page must not read the machine's zone
        )
        opened.set_default_timeout(PATIENCE_MS)
        opened.on("weberror", lambda error: errors.append(str(error.error)))
        yield opened
        await opened.close()
    assert errors == []


@pytest.fixture
async def window(context: BrowserContext, database_url: str) -> AsyncIterator[Window]:
    """The page, with the bot and nothing set up yet."""
    async with office(database_url, "socket") as opened:
        page = context.pages[0]
        yield Window(page, opened.world.url)
        await page.goto("about:blank")


@pytest.fixture
async def window_with_jira(context: BrowserContext, database_url: str) -> AsyncIterator[Window]:
    """The same beside a Jira."""
    async with office(database_url, "socket", jira=True) as opened:
        page = context.pages[0]
        yield Window(page, opened.world.url)
        await page.goto("about:blank")


@pytest.fixture
async def demo(
    context: BrowserContext,
    on_sqlite: None,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Window]:
    """The page with the demo team, on a Thursday at 09:31 in Berlin."""
    played, data = tmp_path_factory.getbasetemp() / "demo", tmp_path / "demo"
    async with trial.run(_at_nine(played)):
        pass  # the first of these tests lets the team play; the others find that it has
    shutil.copytree(played, data)
    async with trial.run(_at_nine(data)) as world:
        page = context.pages[0]
        yield Window(page, world.url)
        await page.goto("about:blank")


def _at_nine(data: Path) -> Options:
    start = datetime(2026, 3, 26, 8, 31, tzinfo=UTC)
    return Options(start=start, clock=Clock.MANUAL, data=data)
