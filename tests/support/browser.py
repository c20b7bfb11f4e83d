"""A real browser for tests, and the pictures that it takes for people to look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from places import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SCREENSHOTS = REPOSITORY / "build" / "screenshots"
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if BROWSER is None:
        pytest.skip(
            "NO BROWSER: nothing was looked at. Install chromium, as .ci/run does, and test again."
        )
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (few tests need it)

    with sync_playwright() as playwright:
        # Its own sandbox needs namespaces, which containers deny; it opens our pages alone.
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page in the browser, with its complaints and requests."""

    def __init__(self, browser: Browser, path: Path, **context: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._context = browser.new_context(**context)
        self.page: Page = self._context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def close(self) -> None:
        self._context.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """Call it with the path of a page, and options of the browser, to open it."""
    visits: list[Visit] = []

    def go(path: Path, **context: Any) -> Visit:
        visits.append(Visit(browser, path, **context))
        return visits[-1]

    yield go
    for each in visits:
        each.close()


def save_screenshot(page: Page, name: str) -> None:
    """Keep what the page looks like, under build/screenshots/."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
