"""A real browser for tests: Debian's Chromium, or another one that is installed, driven by Playwright.

They take ``pip install -e '.[browser]'`` and a Chromium; where either is missing, and in CI, they are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.driving import Driven
from tests.pictures import BROWSERS

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def _browser() -> Iterator[Any]:
    if os.environ.get("CI"):
        pytest.skip("no browser is started in CI")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install -e '.[browser]'")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def driven(_browser: Any) -> Iterator[Driven]:
    """A browser that opens pages for the test, and holds each of them to what all pages keep to."""
    with Driven(_browser) as driven:
        yield driven


@pytest.fixture
def browser_page(driven: Driven) -> Any:
    """One page in a browser of its own, light, as wide as a desktop (a Playwright ``Page``)."""
    return driven.page()
