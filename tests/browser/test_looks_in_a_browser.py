"""Blocks in a real browser: readable with a screen reader and by eye, light and dark, on a desktop and a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from markupsafe import Markup

from bot.sandbox.slack import page as drawing
from tests.browser.driving import DESKTOP, PHONE, Driven, barriers
from tests.pictures import names

SAID = {
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "2 of 7 orgs ready"}},
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": ":warning: *`uat`* <https://a.example|open> <@U0BEN>\n>so\n```code```",
            },
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [{"text": {"type": "plain_text", "text": "Snooze"}, "value": "1"}],
            },
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Read just now, `prod`"}]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": style}, "action_id": style, "style": style}
                for style in ("primary", "danger", "plain")
            ],
        },
    ]
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_message_keeps_nobody_out(driven: Driven, size: tuple[int, int], scheme: str) -> None:
    page = driven.page(size, scheme=scheme)
    body = drawing.message(SAID, names(), drawing.Heading(time="09:00", mark="Only visible to you"))
    shown = Markup("<main><h1>Said</h1>{}</main>").format(body)
    page.set_content(drawing.document("A message", [shown]))

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_pages_must_not_do_is_noticed(driven: Driven) -> None:
    page = driven.page()
    page.set_content('<img alt="" src="http://elsewhere.example/x.png"><script>console.error("no")</script>')

    assert {re.sub(r":.*", "", fault) for fault in driven.faults} >= {"asked for http", "no"}
    assert barriers(page) != []
    driven.faults.clear()


def test_a_page_is_one_persons(browser_page: Any) -> None:
    browser_page.set_content("<p>here</p>")

    assert browser_page.inner_text("p") == "here"
