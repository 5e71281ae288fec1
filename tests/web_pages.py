"""Every page that a person can meet in a browser, fetched as they would meet it: what went well, and each refusal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import requests
import time_machine

from bot.sandbox.slack.records import SlackMessage
from tests.browsers import Browser
from tests.running_bot import RunningBot
from tests.shared_bot import SharedBot

Page = tuple[str, requests.Response]
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def link_of(answer: SlackMessage) -> str:
    (found,) = (each["url"] for block in answer.blocks for each in block.get("elements", ()) if "url" in each)
    return str(found)


def _begun(running_bot: RunningBot, browser: Browser, name: str = "prod") -> str:
    """A login that waits at Salesforce's door; the address there."""
    browser.open(link_of(running_bot.ask(f"connect {name}")))
    host = next(org.host for org in running_bot.salesforce.orgs.values() if org.name == name)
    browser.submit_only(where="my-domain", my_domain=host)
    return browser.leads_to


def came_back(browser: Browser, door: str) -> str:
    """Where Salesforce sends the browser, not yet opened."""
    return browser.session.get(door, allow_redirects=False, timeout=30).headers["Location"]


def of_the_login(running_bot: RunningBot) -> Iterator[Page]:
    """The link, the form, Salesforce, the way back."""
    with Browser() as browser, Browser() as other:
        link = link_of(running_bot.ask("connect prod"))
        yield "the form", browser.open(link).page
        yield "a domain that is none", browser.submit_only(where="my-domain", my_domain="na1.salesforce.com").page
        yield "on to Salesforce", browser.submit_only(where="my-domain", my_domain="acme").page
        yield "a used link", other.open(link).page
        back = came_back(browser, browser.leads_to)
        yield "connected", browser.open(back).page
        yield "a used answer", browser.open(back).page

        back = came_back(browser, _begun(running_bot, browser))
        yield "another browser", other.open(back).page
        running_bot.workspace.state.members["U0BEN"] = replace(running_bot.ben.member, admin=True)
        yield "another person's browser", other.open(link_of(running_bot.ask("connect uat", running_bot.ben))).page
        back = came_back(other, _begun_by(running_bot, other))
        yield "another person's answer", browser.open(back).page

        yield "cancelled at Salesforce", browser.open(f"{_begun(running_bot, browser)}&deny=1").page
        yield "another org", browser.open(_elsewhere(running_bot, browser)).page
        running_bot.salesforce.change("prod", browser_refusal=("OAUTH_APP_BLOCKED", "this app is blocked by admin"))
        yield "refused by Salesforce", browser.open(_begun(running_bot, browser)).page
        old = link_of(running_bot.ask("connect prod"))
        browser.session.close()  # the bot hangs up idle lines until then
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
            yield "an old link", browser.open(old).page
        browser.session.close()
        base = running_bot.bot.address
        for name, path in (
            ("no link", "connect"),
            ("no state", "callback"),
            ("garbage", "callback?state=%00&code=%ff%fe&x"),
        ):
            yield name, browser.open(f"{base}/salesforce/{path}").page


def _begun_by(running_bot: RunningBot, other: Browser) -> str:
    other.submit_only(
        where="my-domain", my_domain=next(o.host for o in running_bot.salesforce.orgs.values() if o.name == "uat")
    )
    return other.leads_to


def _elsewhere(running_bot: RunningBot, browser: Browser) -> str:
    """Asked for one org, logged in to another."""
    browser.open(link_of(running_bot.ask("connect prod")))
    browser.submit_only(where="my-domain", my_domain="acme-emea")
    return browser.leads_to


def of_the_bot(address: str) -> Iterator[Page]:
    """Addresses that lead nowhere."""
    for name, method, path in (
        ("the root", "GET", "/"),
        ("an unknown path", "GET", "/salesforce/nothing"),
        ("a method that is not taken", "DELETE", "/salesforce/connect"),
        ("events by browser", "GET", "/slack/events"),
    ):
        yield name, requests.request(method, f"{address}{path}", headers=HTML, timeout=30)
    yield (
        "too much",
        requests.post(f"{address}/salesforce/connect", files={"link": (None, "x" * 600_000)}, headers=HTML, timeout=30),
    )


def of_the_installation(shared_bot: SharedBot) -> Iterator[Page]:
    """Add to Slack, and each way in which it ends."""
    address = shared_bot.bot.address

    def back(query: str, cookie: str = "") -> requests.Response:
        headers = {**HTML, "Cookie": cookie} if cookie else HTML
        return requests.get(f"{address}/slack/oauth_redirect?{query}", headers=headers, timeout=30)

    begun = shared_bot.get("/slack/install")
    query = shared_bot.slack.approve(shared_bot.north, begun.location).partition("?")[2]
    yield "no cookie", back(query)
    yield "added", back(query, begun.cookie)
    yield "added twice", back(query, begun.cookie)
    yield "cancelled in Slack", back("error=access_denied")
    yield "an error of Slack's", back("error=invalid_scope")
    yield "no error of Slack's", back("error=%3Cscript%3Ealert(1)%3C/script%3E+call+us")
    yield "nothing", back("")
    begun = shared_bot.get("/slack/install")
    query = shared_bot.slack.approve(shared_bot.north, begun.location).partition("?")[2]
    yield "no code", back(query.replace("code=", "kode="), begun.cookie)
    begun = shared_bot.get("/slack/install")
    query = shared_bot.slack.approve(shared_bot.north, begun.location).partition("?")[2]
    yield "a wrong code", back(query.replace("code=T", "code=X"), begun.cookie)
