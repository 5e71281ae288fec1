"""The demo's page in a real browser: the bot in a workspace that looks and behaves like Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.client.server import Client
from bot.sandbox.client.tour import ERROR
from bot.wiring.demo_page import DemoStage
from tests.browser.driving import DESKTOP, Driven, barriers


@dataclass(frozen=True)
class Demo:
    """A running demo, and a browser to look at it."""

    stage: DemoStage
    client: Client
    driven: Driven

    def open(self, address: str = "/", size: tuple[int, int] = DESKTOP, *, tour: bool = False, **more: Any) -> Any:
        """The page, without the tour unless that is wanted."""
        page = self.driven.page(size, **more)
        page.goto(self.client.url + address)
        if not tour:
            page.get_by_role("button", name="Skip the tour").click()
        return page


@pytest.fixture
def demo(driven: Driven, tmp_path: Path) -> Iterator[Demo]:
    with DemoStage(tmp_path) as stage, Client(stage) as client:
        yield Demo(stage, client, driven)


def write(page: Any, text: str, field: str = "Message #salesforce") -> None:
    """Type into a message field, and send it with Enter."""
    page.get_by_role("combobox", name=field).fill(text)
    page.keyboard.press("Enter")


def test_an_error_that_is_pasted_is_answered_in_its_thread(demo: Demo) -> None:
    page = demo.open()

    write(page, ERROR)
    page.get_by_role("link", name="1 reply").click()

    answer = page.locator("aside .line").last
    answer.get_by_text("not installed in the org").wait_for()
    assert barriers(page) == []
