"""A real browser for tests, and the pictures that it takes for people to look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

if TYPE_CHECKING:
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


def save_screenshot(page: Page, name: str) -> None:
    """Keep what the page looks like, under build/screenshots/."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
