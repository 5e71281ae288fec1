"""The pages of logging in and of adding the bot, in a real browser without script: readable by all, at any width."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import web_pages
from tests.browser.driving import DESKTOP, Driven, barriers
from tests.running_bot import RunningBot
from tests.shared_bot import SharedBot

NARROW = (320, 640)
LOOKS = [("light", DESKTOP), ("dark", NARROW)]


def looked_at(page: Any, pages: list[web_pages.Page]) -> list[str]:
    """What keeps people out of any of them."""
    found = []
    for name, shown in pages:
        page.set_content(re.sub(r'<meta http-equiv="refresh"[^>]*>', "", shown.text))  # looked at, not followed
        found += [f"{name}: {barrier}" for barrier in barriers(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} is wider than the screen")
    return found


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_no_page_of_the_login_keeps_anybody_out(
    driven: Driven, running_bot: RunningBot, scheme: str, size: tuple[int, int]
) -> None:
    pages = [*web_pages.of_the_login(running_bot), *web_pages.of_the_bot(running_bot.bot.address)]

    assert looked_at(driven.page(size, scheme=scheme), pages) == []


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_no_page_of_the_installation_keeps_anybody_out(
    driven: Driven, shared_bot: SharedBot, scheme: str, size: tuple[int, int]
) -> None:
    pages = list(web_pages.of_the_installation(shared_bot))

    assert looked_at(driven.page(size, scheme=scheme), pages) == []


def test_an_org_is_connected_by_keyboard_alone_and_without_script(driven: Driven, running_bot: RunningBot) -> None:
    page = driven.page(script=False)
    page.goto(web_pages.link_of(running_bot.ask("connect prod")))
    keys = page.keyboard

    keys.press("Tab")
    keys.press("ArrowDown")  # from My Domain round to Production
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.press("ControlOrMeta+a")
    keys.type("na1.salesforce.com")
    keys.press("Enter")
    page.get_by_role("alert").wait_for()
    keys.press("ControlOrMeta+a")  # the field has the focus again
    keys.type("acme")
    keys.press("Enter")
    page.get_by_role("heading", name="prod is connected").wait_for()

    assert page.title() == "prod is connected · Flosum for Slack"
