"""The article walked in a real browser: from an error in Slack through Setup and Flosum to an org that is ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.model import BACKUP_APP, DEVOPS_APP
from bot.domain.orgs.setup_links import PAGES
from bot.sandbox.client.server import Client
from bot.sandbox.client.tour import ERROR
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.salesforce.setup.apps import ADMIN_APPROVED
from bot.wiring.demo_page import DemoStage
from tests.browser.driving import Driven, barriers_in_each_look

EMEA = "acme-emea.my.salesforce.com"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[DemoStage]:
    with DemoStage(tmp_path) as stage:
        yield stage


def write(slack: Any, text: str) -> None:
    slack.get_by_role("combobox", name="Message #salesforce").fill(text)
    slack.keyboard.press("Enter")


def reads(page: Any, text: str) -> None:
    """Wait until the page says so."""
    page.get_by_text(text).locator("visible=true").last.wait_for()


def test_from_the_error_to_an_org_that_is_ready_and_a_digest_without_it(driven: Driven, stage: DemoStage) -> None:
    with Client(stage) as client:
        slack = driven.page()
        slack.goto(client.url)
        slack.get_by_role("button", name="Skip the tour").click()
        write(slack, ERROR)
        slack.get_by_role("link", name="1 reply").click()
        reads(slack, "not installed in the org")
        write(slack, "/flosum status emea-prod")
        with slack.context.expect_page() as opened:
            slack.get_by_role("link", name="Open Connected Apps OAuth Usage").click()
        setup = opened.value

        setup.get_by_role("link", name=f"Install {DEVOPS_APP}").click()
        setup.get_by_role("button", name="Install").click()
        setup.get_by_role("link", name=f"Manage App Policies of {DEVOPS_APP}").click()
        setup.get_by_role("link", name="Edit Policies").click()
        setup.get_by_label("Permitted Users").select_option(ADMIN_APPROVED)
        setup.get_by_role("button", name="Save").click()
        reads(setup, "Saved.")
        write(slack, "/flosum status emea-prod")
        reads(slack, "nobody is granted access")

        setup.get_by_role("link", name="Manage Permission Sets").click()
        setup.get_by_label("Flosum Users").check()
        setup.get_by_role("button", name="Save").click()
        reads(setup, "Saved.")
        write(slack, "/flosum status emea-prod")
        reads(slack, "is ready")

        setup.get_by_role("link", name="Flosum: Organizations").click()
        setup.get_by_label("Menu of emea-prod for DevOps").click()
        setup.get_by_role("link", name="Update Token of emea-prod for DevOps").click()
        setup.get_by_role("button", name="Dana Voss").click()
        reads(setup, "emea-prod is connected for DevOps: Token Valid.")
        write(slack, "/flosum remind now")
        reads(slack, "Flosum apps: 3 of 7 orgs ready")
        driven.close()  # before what its pages ask all the time goes away


def test_no_page_of_setup_keeps_anybody_out(browser_page: Any, stage: DemoStage) -> None:
    found = []
    for address in _addresses(stage.salesforce):
        browser_page.goto(address)
        found += [f"{browser_page.title()}, {barrier}" for barrier in barriers_in_each_look(browser_page)]

    assert found == []


def test_an_app_is_blocked_and_unblocked_by_keyboard_alone_and_without_script(driven: Driven, stage: DemoStage) -> None:
    page = driven.page(script=False)
    page.goto(stage.page_for(f"https://{EMEA}{PAGES['usage']}"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the list of pages
    for words, name in (("Block", f"Block {BACKUP_APP}"), ("Block", "Block")):
        role = "link" if name != words else "button"
        _tab_to(page, page.get_by_role(role, name=name, exact=True))
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    reads(page, f"{BACKUP_APP} is blocked.")

    _tab_to(page, page.get_by_role("button", name=f"Unblock {BACKUP_APP}"))
    page.keyboard.press("Enter")

    reads(page, f"{BACKUP_APP} is unblocked.")


def _tab_to(page: Any, wanted: Any) -> None:
    """Press Tab until it has the focus, as somebody without a mouse does."""
    wanted.wait_for()
    for _ in range(30):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {wanted}")


def _addresses(salesforce: BuiltInSalesforce) -> Iterator[str]:
    """Every kind of page."""
    records = salesforce.orgs[EMEA].database
    app = records.rows("ConnectedApplication")[0]["Id"]
    sets = records.rows("PermissionSet", Label="Flosum Users")[0]["Id"]
    paths = [
        *(PAGES[key] for key in ("usage", "manage", "permission-sets", "profiles", "users", "login-history")),
        "/lightning/setup/SecurityEvents/home",
        "/?switch=1",
        f"/lightning/setup/ConnectedAppsUsage/page?do=block&app={BACKUP_APP.replace(' ', '+')}",
        "/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked",
        *(f"/lightning/setup/ConnectedApplication/page?address=/{app}{part}" for part in ("", "/e", "/profiles")),
        *(f"/lightning/setup/PermSets/page?address=/{sets}{part}" for part in ("", "/apps", "/people")),
    ]
    found = [salesforce.page_for(f"https://{EMEA}{path}") for path in paths]
    found.append(salesforce.page_for("https://global-us.flosum.app/organizations"))
    found.append(salesforce.page_for("https://acme-fresh.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home"))
    assert all(found)
    yield from filter(None, found)
