"""The pages that people meet in a browser: whatever happened, each says so, says what is next, and lets nothing in."""

from __future__ import annotations

import re

import pytest
import requests

from bot.domain.errors import OperatorError
from bot.entrypoints.slack.install.authorize import StateStore
from tests import web_pages
from tests.browsers import Browser
from tests.running_bot import RunningBot
from tests.shared_bot import SharedBot


def faults(name: str, page: requests.Response) -> list[str]:
    """What a page lacks."""
    text, headers = page.text, page.headers
    policy = headers.get("Content-Security-Policy", "")
    title = re.search(r"<title>(.+) · Flosum for Slack</title>", text)
    after = text.partition("</h1>")[2]
    held = {
        "a language": '<html lang="en">' in text,
        "a title of its own": title is not None,
        "one heading": text.count("<h1>") == 1,
        "landmarks": text.count("<main>") == text.count("<header>") == 1,
        "a next step": re.search(r"<p>[^<]*(?:<[^>]+>[^<]*)*</p>", after) is not None,
        "words alone": not re.search(r"<script|<img|<link|\bsrc=|\bNone\b|&lt;|&amp;lt;", text),
        "a policy": all(
            part in policy for part in ("default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'")
        ),
        "no copies": (headers.get("Cache-Control"), headers.get("X-Content-Type-Options")) == ("no-store", "nosniff"),
        "no referrer": headers.get("Referrer-Policy") == "no-referrer",
        "its type": headers.get("Content-Type") == "text/html; charset=utf-8",
    }
    return [f"{name} ({page.status_code}) lacks {what}" for what, is_there in held.items() if not is_there]


def test_every_page_of_the_login_says_what_happened_and_what_is_next(running_bot: RunningBot) -> None:
    pages = [*web_pages.of_the_login(running_bot), *web_pages.of_the_bot(running_bot.bot.address)]

    assert [fault for name, page in pages for fault in faults(name, page)] == []
    assert {name: page.status_code for name, page in pages} == {
        "the form": 200,
        "a domain that is none": 400,
        "on to Salesforce": 200,
        "a used link": 410,
        "connected": 200,
        "a used answer": 410,
        "another browser": 403,
        "another person's browser": 200,
        "another person's answer": 403,
        "cancelled at Salesforce": 403,
        "another org": 409,
        "refused by Salesforce": 403,
        "an old link": 410,
        "no link": 410,
        "no state": 410,
        "garbage": 410,
        "the root": 404,
        "an unknown path": 404,
        "a method that is not taken": 405,
        "events by browser": 405,
        "too much": 413,
    }
    assert "unexpected" not in running_bot.log.getvalue()


def test_every_page_of_the_installation_does_so_too(shared_bot: SharedBot) -> None:
    pages = list(web_pages.of_the_installation(shared_bot))

    assert [fault for name, page in pages for fault in faults(name, page)] == []
    assert "call us" not in "".join(page.text for _, page in pages), "words of an address are not ours"
    assert "unexpected" not in shared_bot.log.getvalue()


def test_what_is_only_looked_at_is_not_used_up(running_bot: RunningBot, shared_bot: SharedBot) -> None:
    with Browser() as browser:
        browser.open(web_pages.link_of(running_bot.ask("connect prod")))
        back = web_pages.came_back(browser, browser.submit_only(where="my-domain", my_domain="acme").leads_to)
        looked = [browser.session.head(back, timeout=30) for _ in range(2)]

        assert [(each.status_code, each.text) for each in looked] == [(200, "")] * 2
        assert browser.open(back).text.startswith("prod is connected")
    for path in ("/slack/install", "/slack/oauth_redirect?code=x&state=y"):
        head = requests.head(f"{shared_bot.bot.address}{path}", timeout=30)
        assert (head.status_code, "Set-Cookie" in head.headers) == (200, False)


def test_programs_get_few_words_instead_of_a_page(running_bot: RunningBot) -> None:
    answer = requests.get(f"{running_bot.bot.address}/nothing", timeout=30)

    assert (answer.status_code, "Flosum" in answer.text) == (404, False)


def test_a_database_that_fails_is_told_on_a_page(shared_bot: SharedBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: StateStore) -> str:
        raise OperatorError("The database is locked by another program.")

    monkeypatch.setattr(StateStore, "issue", fails)

    page = requests.get(f"{shared_bot.bot.address}/slack/install", headers=web_pages.HTML, timeout=30)

    assert (page.status_code, faults("install", page)) == (503, [])
    assert "tell whoever runs the bot" in page.text
