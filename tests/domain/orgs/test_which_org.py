"""An org named by its id, as people copy it from Salesforce's pages: known from its first reading on."""

from __future__ import annotations

import pytest

from bot.domain.model import Login, Org
from bot.domain.orgs.which_org import unknown_org

ID = "00DKd0000000001EAA"


def org(name: str, organization_id: str | None = None) -> Org:
    return Org("T1", name, f"{name}.my.salesforce.com", Login.JWT, organization_id=organization_id)


@pytest.mark.parametrize("typed", [ID, ID[:15], ID.lower(), f"`{ID}`"])
@pytest.mark.parametrize("line", ["status {org}", "access {org} me"])
def test_an_id_that_is_known_leads_to_its_org(typed: str, line: str) -> None:
    refusal = unknown_org(typed, [org("uat"), org("prod", ID)], line)

    assert refusal.text == "That is `prod`."
    assert refusal.buttons[0].command == line.replace("{org}", "prod")


@pytest.mark.parametrize("line", ["status {org}", "access {org} me"])
@pytest.mark.parametrize(
    ("orgs", "text", "command"),
    [
        ([org("uat"), org("prod", ID)], "Not read yet: `uat`. An org's id is known from its first", "status uat"),
        ([org("uat"), org("qa"), org("prod", ID)], "Not read yet: `uat` and `qa`. An org's", "status all"),
        ([org("prod", ID)], "No org here has the id `00DKd0000000002EAA`. Connected orgs: `prod`.", "orgs"),
    ],
)
def test_an_id_of_none_that_was_read_says_which_were_not(orgs: list[Org], text: str, command: str, line: str) -> None:
    refusal = unknown_org("00DKd0000000002EAA", orgs, line)

    assert text in refusal.text
    assert "/flosum connect" not in refusal.text
    assert [button.command for button in refusal.buttons] == [command]
