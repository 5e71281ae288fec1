"""The look-alike of Setup and of Flosum's side: each press changes the org, and nobody presses who should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import requests

from bot.adapters.salesforce import Salesforce
from bot.domain.model import BACKUP_APP, DEVOPS_APP, FLOSUM_APPS, AppAction, AppFacts, AppState, Policy
from bot.domain.orgs.setup_links import PAGES
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.salesforce.setup import apps
from tests.browsers import Browser
from tests.recognition_helpers import topic

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EMEA, FRESH, PROD = "acme-emea.my.salesforce.com", "acme-fresh.my.salesforce.com", "acme.my.salesforce.com"
USAGE = "/lightning/setup/ConnectedAppsUsage/home"
FLOSUM = "https://global-us.flosum.app/organizations"


@pytest.fixture
def salesforce() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW, clock=lambda: NOW) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def opened(salesforce: BuiltInSalesforce, browser: Browser, host: str, path: str = USAGE) -> Browser:
    address = salesforce.page_for(f"https://{host}{path}")
    assert address
    return browser.open(address)


def read(salesforce: BuiltInSalesforce, name: str) -> tuple[AppFacts, ...]:
    """What the bot's own adapter reads of an org."""
    org, credentials = next(pair for pair in salesforce.built_in("T") if pair[0].name == name)
    return Salesforce(clock=lambda: NOW, route=salesforce.route).facts(org, credentials).apps


def connect(salesforce: BuiltInSalesforce, browser: Browser, org: str, app: str, user: str) -> Browser:
    """As Flosum does with Update Token: log in to the org as a user."""
    host = next(each.host for each in salesforce.orgs.values() if each.name == org)
    path = f"/services/oauth2/authorize?{urlencode({'client_id': apps.INSTALL_IDS[app]})}"
    return browser.open(salesforce.browse(f"https://{host}{path}")).press(user)


# --- the way to a page ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"https://{PROD}{USAGE}", f"/~{PROD}{USAGE}"),
        (f"https://acme.lightning.force.com{USAGE}", f"/~{PROD}{USAGE}"),
        (f"https://acme.my.salesforce-setup.com{USAGE}", f"/~{PROD}{USAGE}"),
        (f"https://acme--uat.sandbox.lightning.force.com{USAGE}", f"/~acme--uat.sandbox.my.salesforce.com{USAGE}"),
        (f"https://ACME.my.salesforce.com{USAGE}?a=1", f"/~{PROD}{USAGE}?a=1"),
        (FLOSUM, "/~global-us.flosum.app/organizations"),
        (f"https://{PROD}{PAGES['sessions']}", None),
        (f"https://{PROD}/services/data/v67.0/", None),
        (f"https://other.my.salesforce.com{USAGE}", None),
        ("https://example.com/", None),
        (f"https://{PROD}.example.com{USAGE}", None),
        ("slack://open", None),
    ],
)
def test_a_link_of_the_bot_leads_to_its_look_alike(salesforce: BuiltInSalesforce, url: str, found: str | None) -> None:
    at = salesforce.page_for(url)

    assert (at and at.partition("/~")[2]) == (found and found[2:])
    assert at is None or requests.get(at, timeout=5).ok


def test_everything_that_the_list_of_pages_leads_to_is_there(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    page = opened(salesforce, browser, PROD).page.text
    listed = re.findall(r'<li><a href="(/~acme[^"]+)"', page)

    assert len(listed) == 7
    for path in listed:
        browser.open(requests.compat.urljoin(browser.page.url, path))
        assert (browser.status, page.count("<h1>")) == (200, 1)
        assert 'aria-current="page"' in browser.page.text


# --- what is pressed -----------------------------------------------------------------------------------


def test_an_app_is_installed_by_pressing_twice_and_the_trail_says_who(
    salesforce: BuiltInSalesforce, browser: Browser
) -> None:
    opened(salesforce, browser, EMEA).follow(f"Install {DEVOPS_APP}")
    assert "app_id=0Ci" in browser.page.url
    assert read(salesforce, "emea-prod")[1].state is AppState.NOT_INSTALLED

    browser.press("Install")

    assert f"{DEVOPS_APP} is installed" in browser.text
    app = read(salesforce, "emea-prod")[1]
    assert (app.state, app.permitted_users, app.connected_users) == (AppState.INSTALLED, Policy.SELF_AUTHORIZE, 3)
    assert [(event.action, event.by, event.at) for event in app.history or ()] == [
        (AppAction.INSTALLED, "Ada Lindt", NOW)
    ]


def test_an_app_is_blocked_unblocked_and_uninstalled(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    opened(salesforce, browser, PROD).follow(f"Block {BACKUP_APP}").press("Block")
    assert read(salesforce, "prod")[0].state is AppState.BLOCKED

    browser.press("Unblock")
    after = read(salesforce, "prod")[0]
    assert (after.state, after.connected_users) == (AppState.INSTALLED, 0)

    browser.follow(f"Uninstall {BACKUP_APP}").press("Uninstall")
    gone = read(salesforce, "prod")[0]
    assert gone.state is AppState.NOT_INSTALLED
    assert [event.action for event in gone.history or ()] == [
        AppAction.UNINSTALLED,
        AppAction.UNBLOCKED,
        AppAction.BLOCKED,
    ]
    assert browser.follow(f"Install {BACKUP_APP}").status == 200


def test_policies_are_saved_and_only_what_changed_is_written_down(
    salesforce: BuiltInSalesforce, browser: Browser
) -> None:
    opened(salesforce, browser, "acme--qa.sandbox.my.salesforce.com").follow(f"Manage App Policies of {BACKUP_APP}")
    browser.follow("Edit Policies").press(
        "Save", permitted=apps.ADMIN_APPROVED, ip=apps.IP_RELAXATIONS[2], refresh=apps.UNTIL_REVOKED
    )

    assert "Relax IP restrictions" in browser.text
    app = read(salesforce, "qa")[0]
    assert app.permitted_users is Policy.ADMIN_APPROVED
    assert [event.action for event in app.history or ()] == [AppAction.POLICY_CHANGED] * 2
    browser.follow("Edit Policies").press(
        "Save", permitted="nonsense", ip=apps.IP_RELAXATIONS[0], refresh=apps.UNTIL_REVOKED
    )
    assert "Edit Policies" in browser.text, "it is asked again"
    assert read(salesforce, "qa")[0] == app


@pytest.mark.parametrize("way", ["from the app", "from the permission set"])
def test_a_permission_set_is_granted_and_taken_back(salesforce: BuiltInSalesforce, browser: Browser, way: str) -> None:
    host = "acme--uat.sandbox.my.salesforce.com"
    if way == "from the app":
        opened(salesforce, browser, host).follow(f"Manage App Policies of {BACKUP_APP}")
        browser.follow("Manage Permission Sets")
    else:
        opened(salesforce, browser, host, PAGES["permission-sets"]).follow("Flosum Users")
        browser.follow("Edit Assigned Connected Apps")
    name = "Flosum Users" if way == "from the app" else BACKUP_APP
    box = re.search(rf'value="(\w+)"> {re.escape(name)}', browser.page.text)
    assert box, browser.text

    browser.press("Save", chosen=[box[1]])
    given = read(salesforce, "uat")[0]
    browser.follow("Manage Permission Sets" if way == "from the app" else "Edit Assigned Connected Apps").press("Save")

    assert (given.permission_sets, given.users_with_access) == (("Flosum Users",), 2)
    assert read(salesforce, "uat")[0].permission_sets == ()


def test_a_profile_is_granted_and_a_permission_set_assigned(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    host = "acme--uat.sandbox.my.salesforce.com"
    opened(salesforce, browser, host, PAGES["profiles"]).follow("Standard User").follow("Edit Assigned Connected Apps")
    boxes = re.findall(r'name="chosen" value="(\w+)"', browser.page.text)
    browser.press("Save", chosen=boxes)
    assert [app.profiles for app in read(salesforce, "uat")] == [("Standard User",)] * 2

    opened(salesforce, browser, host, PAGES["permission-sets"]).follow("Flosum Users").follow("Manage Assignments")
    ben = re.search(r'value="(\w+)"[^>]*> Ben Okoro', browser.page.text)
    assert ben
    browser.press("Save", chosen=[ben[1], "005nonsense"])

    assert "Ben Okoro" in browser.text
    assert "Dana Voss" not in browser.text


def test_what_the_connection_may_not_see_shows_once_its_user_is_given_the_permissions(
    salesforce: BuiltInSalesforce, browser: Browser
) -> None:
    assert {app.state for app in read(salesforce, "legacy")} == {AppState.UNREADABLE}
    opened(salesforce, browser, "acme-legacy.my.salesforce.com", PAGES["permission-sets"]).follow("Release Managers")

    browser.follow("Edit System Permissions").press("Save", chosen=list(apps.PERMISSIONS))
    assert {app.state for app in read(salesforce, "legacy")} == {AppState.UNREADABLE}, "nobody holds them yet"
    browser.follow("Manage Assignments")
    box = re.search(r'value="(\w+)"[^>]*> Flosum Bot', browser.page.text)
    assert box
    browser.press("Save", chosen=[box[1]])

    assert {app.state for app in read(salesforce, "legacy")} == {AppState.INSTALLED}


def test_a_permission_set_of_a_package_is_not_offered(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    opened(salesforce, browser, PROD, PAGES["permission-sets"])

    assert "Flosum Users" in browser.text
    assert "Package Users" not in browser.text


# --- who gets in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("org", "app", "user", "error", "explained"),
    [
        ("emea-prod", DEVOPS_APP, "Flosum Bot", "invalid_client", "app-not-installed"),
        ("fresh", BACKUP_APP, "Ada Lindt", "invalid_client", "app-not-installed"),
        ("uat", BACKUP_APP, "Ada Lindt", "OAUTH_APP_ACCESS_DENIED", "user-not-approved"),
        ("prod", BACKUP_APP, "Ben Okoro", "OAUTH_APP_ACCESS_DENIED", "user-not-approved"),
        ("prod", BACKUP_APP, "Eli Brandt", "inactive_user", "user-inactive-or-locked"),
    ],
)
def test_whoever_is_refused_reads_an_error_that_the_bot_explains(
    salesforce: BuiltInSalesforce, browser: Browser, org: str, app: str, user: str, error: str, explained: str
) -> None:
    connect(salesforce, browser, org, app, user)

    assert f"error={error}&" in browser.page.url
    assert topic(browser.page.url) == explained
    pasted = re.search(r'id="paste"[^>]*>([^<]*)<', browser.page.text)
    assert pasted
    assert topic(pasted[1].replace("&amp;", "&")) == explained


def test_a_blocked_app_lets_nobody_in_and_its_jobs_say_why(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    opened(salesforce, browser, PROD).follow(f"Block {BACKUP_APP}").press("Block")
    assert topic(connect(salesforce, browser, "prod", BACKUP_APP, "Ada Lindt").page.url) == "app-blocked"

    browser.open(salesforce.page_for(FLOSUM) or "").press("Run a job", within='value="prod"')

    assert '{"error": "app_blocked"}' in browser.text
    assert topic('{"error": "app_blocked"}', asked=True) == "app-blocked"


@pytest.mark.parametrize("user", ["Ada Lindt", "Finn Oduya"])
def test_whoever_is_granted_gets_in_without_being_asked(
    salesforce: BuiltInSalesforce, browser: Browser, user: str
) -> None:
    connect(salesforce, browser, "prod", BACKUP_APP, user)

    assert "prod is connected for Backup & Archive: Token Valid." in browser.text
    assert f"prod Backup & Archive {user.split()[0].lower()}@acme.example Token Valid" in browser.text


def test_where_all_may_authorize_themselves_each_is_asked_once(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    connect(salesforce, browser, "qa", BACKUP_APP, "Ben Okoro")
    browser.press("Deny")
    assert "denied in Salesforce" in browser.text
    assert topic(f"error=access_denied {browser.text}", asked=True) == "user-not-approved"

    connect(salesforce, browser, "qa", BACKUP_APP, "Ben Okoro").press("Allow")
    assert "Token Valid" in browser.text
    assert "is connected" in connect(salesforce, browser, "qa", BACKUP_APP, "Ben Okoro").text, "asked a second time"


def test_an_app_that_nobody_tried_is_listed_after_the_first_try(
    salesforce: BuiltInSalesforce, browser: Browser
) -> None:
    assert "No app is listed yet" in opened(salesforce, browser, FRESH).text

    browser.follow("Connect this org in Flosum")
    connect(salesforce, browser, "fresh", BACKUP_APP, "Ada Lindt")
    browser.follow("Setup: Connected Apps OAuth Usage")
    browser.follow(f"Install {BACKUP_APP}").press("Install")

    assert read(salesforce, "fresh")[0].state is AppState.INSTALLED
    connect(salesforce, browser, "fresh", BACKUP_APP, "Ada Lindt").press("Allow")
    assert "fresh is connected" in browser.text


def test_five_tokens_are_kept_and_the_attempts_are_remembered(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    for _ in range(6):
        connect(salesforce, browser, "prod", BACKUP_APP, "Finn Oduya")
    connect(salesforce, browser, "prod", BACKUP_APP, "Ben Okoro")
    records = salesforce.orgs[PROD].database

    finn = records.rows("User", Name="Finn Oduya")[0]["Id"]
    assert len(records.rows("OauthToken", AppName=BACKUP_APP, UserId=finn)) == 5
    assert records.rows("LoginHistory")[-1]["Status"] == "User is not admin approved for this app"


# --- who may press -------------------------------------------------------------------------------------


def test_whoever_is_no_administrator_sees_nothing_of_setup(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    opened(salesforce, browser, PROD, "/?switch=1").press("Ben Okoro")

    assert browser.status == 403
    assert "Insufficient Privileges" in browser.text
    assert "Block" not in browser.text
    assert opened(salesforce, browser, EMEA).status == 200, "a login is that of one org"
    opened(salesforce, browser, PROD, "/?switch=1").press("Cleo Marsh")
    browser.follow(f"Block {BACKUP_APP}").press("Block")
    assert (read(salesforce, "prod")[0].history or ())[0].by == "Cleo Marsh"


@pytest.mark.parametrize("door", ["evil.example", "evil.example:80", "127.0.0.1:1", ""])
def test_another_name_for_loopback_opens_nothing(salesforce: BuiltInSalesforce, door: str) -> None:
    answer = requests.get(salesforce.browse(f"https://{PROD}{USAGE}"), headers={"Host": door}, timeout=5)

    assert (answer.status_code, "Flosum" in answer.text) == (421, False)


@pytest.mark.parametrize("csrf", [None, "", "guessed", "é"])
def test_a_form_of_another_site_presses_nothing(salesforce: BuiltInSalesforce, csrf: str | None) -> None:
    query = urlencode({"do": "block", "app": BACKUP_APP})
    address = salesforce.browse(f"https://{PROD}/lightning/setup/ConnectedAppsUsage/page?{query}")

    answer = requests.post(address, data={} if csrf is None else {"csrf": csrf}, timeout=5)

    assert answer.status_code == 403
    assert read(salesforce, "prod")[0].state is AppState.INSTALLED


@pytest.mark.parametrize(
    "path",
    [
        "/lightning/setup/ConnectedAppsUsage/page?do=block&app=Nothing",
        "/lightning/setup/ConnectedAppsUsage/page?do=explode&app=Flosum+Backup+Org+Auth",
        "/lightning/setup/ConnectedAppsUsage/page",
        "/lightning/setup/ConnectedApplication/page?address=%2F0H4nothing",
        "/lightning/setup/ConnectedApplication/page?address=..%2F..%2Fetc",
        "/lightning/setup/PermSets/page?address=",
        "/identity/app/AppInstallApprovalPage.apexp?app_id=0CiNothing",
    ],
)
def test_what_is_not_there_is_said(salesforce: BuiltInSalesforce, browser: Browser, path: str) -> None:
    opened(salesforce, browser, PROD, path)

    assert (browser.status, "Data Not Available" in browser.text) == (404, True)


@pytest.mark.parametrize("path", ["/setup/secur/RemoteAccessErrorPage.apexp?error=", f"{USAGE}?done=install&app="])
def test_words_of_an_address_are_words(salesforce: BuiltInSalesforce, browser: Browser, path: str) -> None:
    opened(salesforce, browser, PROD, f"{path}OAUTH%3Cscript%3Ealert(1)%3C/script%3E")

    assert browser.status == 200
    assert "<script" not in browser.page.text


def test_every_page_says_what_browsers_may_do_with_it(salesforce: BuiltInSalesforce, browser: Browser) -> None:
    headers = opened(salesforce, browser, PROD).page.headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert re.findall(r"(?:src|href)=\"https?:", browser.page.text) == []


def test_both_apps_have_an_installation_page_of_their_own() -> None:
    assert set(apps.INSTALL_IDS) == set(FLOSUM_APPS)
    assert {len(each) for each in apps.INSTALL_IDS.values()} == {18}
