"""The setting that turns *Install* into a link to the very page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.model import BACKUP_APP, DEVOPS_APP, AppFacts, AppState, Login, Org, OrgFacts
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.install_links import InstallId, read_install_ids, with_install_links
from bot.domain.orgs.status_report import status
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
APP, ORG = "0Ci" + "A" * 15, "00D" + "B" * 12
BOTH = f"{BACKUP_APP}={APP}@{ORG}, flosum devops web app production = {APP}@{ORG} ,"
LINK = "https://acme.my.salesforce.com/identity/app/AppInstallApprovalPage.apexp?app_id={}&app_org_id={}"


def test_the_setting_is_read_by_the_apps_names_however_they_are_written() -> None:
    assert read_install_ids(BOTH) == {name: InstallId(APP, ORG) for name in (BACKUP_APP, DEVOPS_APP)}
    assert read_install_ids("  ") == {}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (APP, "each is written as app name=0Ci…@00D…"),
        (f"{BACKUP_APP}={APP}", "each is written as"),
        (f"{BACKUP_APP}={ORG}@{APP}", "each is written as"),
        (f"{BACKUP_APP}={APP}é@{ORG}", "each is written as"),
        (f"{BACKUP_APP}={APP}@{ORG}; {DEVOPS_APP}={APP}@{ORG}", "each is written as"),
        (f"Another app={APP}@{ORG}", "the apps are called"),
        (f"{BACKUP_APP}={APP}@{ORG},{BACKUP_APP.upper()}={APP}@{ORG}", f"one app stands there twice: {BACKUP_APP}"),
    ],
)
def test_what_is_wrong_with_it_is_said_without_any_id(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong) as error:
        read_install_ids(text)

    assert APP not in str(error.value)


def test_an_app_whose_ids_are_known_is_installed_by_a_link_and_the_other_as_before() -> None:
    org = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
    apps = tuple(AppFacts(name, AppState.NOT_INSTALLED) for name in (BACKUP_APP, DEVOPS_APP))
    found = diagnose(org, OrgFacts(NOW, None, False, apps), article=ARTICLE, now=NOW)

    backup, devops = (
        step
        for step in with_install_links(found, read_install_ids(f"{BACKUP_APP}={APP}@{ORG}")).steps
        if step.topic == "install"
    )

    assert (backup.app, backup.link) == (BACKUP_APP, LINK.format(APP, ORG))
    assert "install page" in backup.text
    assert (devops.link or "").endswith("/lightning/setup/ConnectedAppsUsage/home")
    shown = status(with_install_links(found, read_install_ids(BOTH)), NOW)
    assert "Open install page" in str(shown.parts)
    assert with_install_links(found, {}) == found
