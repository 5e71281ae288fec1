"""The pages of logging in and of adding the bot, in a real browser without script: readable by all, at any width."""

from __future__ import annotations

import re
from typing import Any

from tests import web_pages
from tests.browser.driving import Driven, barriers_in_each_look
from tests.running_bot import RunningBot
from tests.shared_bot import SharedBot


def looked_at(page: Any, pages: list[web_pages.Page]) -> list[str]:
    """What keeps people out of any of them."""
    found = []
    for name, shown in pages:
        page.set_content(re.sub(r'<meta http-equiv="refresh"[^>]*>', "", shown.text))  # looked at, not followed
        found += [f"{name}, {barrier}" for barrier in barriers_in_each_look(page)]
    return found


def test_no_page_of_the_login_keeps_anybody_out(browser_page: Any, running_bot: RunningBot) -> None:
    pages = [*web_pages.of_the_login(running_bot), *web_pages.of_the_bot(running_bot.bot.address)]

    assert looked_at(browser_page, pages) == []


def test_no_page_of_the_installation_keeps_anybody_out(browser_page: Any, shared_bot: SharedBot) -> None:
    assert looked_at(browser_page, list(web_pages.of_the_installation(shared_bot))) == []


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
