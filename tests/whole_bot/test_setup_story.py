"""The article, walked: an error is pasted, its link followed, the app installed and granted, and all of it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.model import DEVOPS_APP
from bot.sandbox.salesforce.setup.apps import ADMIN_APPROVED, IP_RELAXATIONS, UNTIL_REVOKED
from tests.browsers import Browser
from tests.running_bot import RunningBot


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def digest(running_bot: RunningBot) -> str:
    """What the channel is told now."""
    before = len(running_bot.shown())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.service.posting_now.ONCE_IN", timedelta(0))  # each is meant
        running_bot.ada.command("remind now")
        return next(said.text for said in running_bot.shown()[before:] if said.audience is None)


def test_an_error_is_pasted_the_app_installed_and_granted_and_the_org_turns_ready(
    running_bot: RunningBot, browser: Browser
) -> None:
    salesforce = running_bot.salesforce
    assert "emea-prod" in digest(running_bot)

    flosum = salesforce.page_for("https://global-us.flosum.app/")
    assert flosum
    browser.open(flosum).follow("Update Token of emea-prod for DevOps").press("Flosum Bot")
    (told,) = running_bot.say(f"Flosum cannot connect: {browser.page.url}")
    assert "not installed" in told.text
    assert "Also in the text" not in told.text, "there is one error in the address"
    link = re.search(r"https://\S+/lightning/setup/\w+/home", told.text)
    usage = link and salesforce.page_for(link[0])
    assert usage

    browser.open(usage).follow(f"Install {DEVOPS_APP}").press("Install")
    browser.follow(f"Manage App Policies of {DEVOPS_APP}").follow("Edit Policies")
    browser.press("Save", permitted=ADMIN_APPROVED, ip=IP_RELAXATIONS[0], refresh=UNTIL_REVOKED)
    locked_out = running_bot.ask("status emea-prod")
    assert "nobody is granted access to Flosum DevOps: Web App Production yet" in locked_out.text
    assert "installed just now by Ada Lindt" in running_bot.ask("status emea-prod details").text

    browser.follow("Manage Profiles")
    boxes = dict(re.findall(r'value="(\w+)"[^>]*> ([\w ]+)</label>', browser.page.text))
    browser.press("Save", chosen=[box for box, name in boxes.items() if name == "Standard User"])
    assert running_bot.ask("status emea-prod").text.startswith("✅ emea-prod is ready")

    browser.open(flosum).follow("Update Token of emea-prod for DevOps").press("Flosum Bot")
    assert "emea-prod is connected for DevOps: Token Valid." in browser.text
    assert "emea-prod" not in digest(running_bot)
