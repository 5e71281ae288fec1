"""Names of orgs that are everyday words: told from the words, by what stands around them."""

from __future__ import annotations

import pytest

from bot.domain.conversations.org_mentions import meant_orgs
from bot.domain.model import Login, Org
from tests.recognition_helpers import MATCHER

NAMES = ("prod", "emea-prod", "uat2", "fresh", "legacy", "partner", "EMEA", "Full Copy")
ORGS = tuple(Org("T1", name, f"acme--{at}.sandbox.my.salesforce.com", Login.JWT) for at, name in enumerate(NAMES))


def meant(text: str) -> list[str]:
    return [org.name for org in meant_orgs(text, ORGS, MATCHER.recognise(text, asked=True).evidence)]


@pytest.mark.parametrize(
    "text",
    [
        "API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner",
        "fresh install of the partner portal: invalid_grant: inactive user",
        "legacy code again: INVALID_LOGIN: Invalid username, password, security token; or user locked out.",
        "the partner team got OAUTH_APP_BLOCKED from the connected app",
        "OAUTH_APP_BLOCKED in partner portal",
        "OAUTH_APP_BLOCKED for partner users",
        "OAUTH_APP_BLOCKED for partner and customer users",
        "OAUTH_APP_BLOCKED for partner and legacy users",
        "OAUTH_APP_BLOCKED on legacy code",
        "OAUTH_APP_BLOCKED in the legacy connector",
        "we made a fresh sandbox and see OAUTH_APP_BLOCKED",
        "OAUTH_APP_BLOCKED in a fresh org",
        "every legacy org says OAUTH_APP_BLOCKED",
        "OAUTH_APP_BLOCKED in our legacy orgs",
        "OAUTH_APP_BLOCKED, then `partner portal` is gone",
        "partner says they get OAUTH_APP_BLOCKED",
        "the partner says OAUTH_APP_BLOCKED",
        "Partner users get OAUTH_APP_BLOCKED",
        "PARTNER USERS GET OAUTH_APP_BLOCKED",
        "a full copy gets OAUTH_APP_BLOCKED",
        "emea users get OAUTH_APP_BLOCKED",
        "--branch=legacy OAUTH_APP_BLOCKED",
        "OAUTH_APP_BLOCKED in\nlegacy code",
    ],
)
def test_a_word_that_is_an_org_s_name_too_is_only_a_word(text: str) -> None:
    assert meant(text) == []


@pytest.mark.parametrize(
    ("text", "orgs"),
    [
        ("OAUTH_APP_BLOCKED in partner", ["partner"]),
        ("in partner we get OAUTH_APP_BLOCKED", ["partner"]),
        ("OAUTH_APP_BLOCKED on Legacy, since today", ["legacy"]),
        ("OAUTH_APP_BLOCKED for partner after the refresh", ["partner"]),
        ("connecting in legacy: invalid_grant: inactive user", ["legacy"]),
        ("OAUTH_APP_BLOCKED (in fresh)", ["fresh"]),
        ("OAUTH_APP_BLOCKED in legacy\nplease help", ["legacy"]),
        ("OAUTH_APP_BLOCKED in org partner", ["partner"]),
        ("OAUTH_APP_BLOCKED in a sandbox called fresh", ["fresh"]),
        ("org: partner error: OAUTH_APP_BLOCKED", ["partner"]),
        ("org=partner OAUTH_APP_BLOCKED", ["partner"]),
        ("the partner org says OAUTH_APP_BLOCKED", ["partner"]),
        ("our legacy sandbox says OAUTH_APP_BLOCKED", ["legacy"]),
        ("partner: OAUTH_APP_BLOCKED", ["partner"]),
        ("hey team,\nPartner: OAUTH_APP_BLOCKED", ["partner"]),
        ("<@U1> *legacy*: OAUTH_APP_BLOCKED", ["legacy"]),
        ("legacy says OAUTH_APP_BLOCKED", ["legacy"]),
        ("legacy - OAUTH_APP_BLOCKED", ["legacy"]),
        ("we see OAUTH_APP_BLOCKED, `partner` only", ["partner"]),
        ("the “legacy” one says OAUTH_APP_BLOCKED", ["legacy"]),
        ("sf org display -o partner says OAUTH_APP_BLOCKED", ["partner"]),
        ("sf project deploy start --target-org partner\nOAUTH_APP_BLOCKED", ["partner"]),
        ("sf project deploy start --target-org=partner\nOAUTH_APP_BLOCKED", ["partner"]),
        ("partner", ["partner"]),
        ("it was legacy, sorry", ["legacy"]),
        ("OAUTH_APP_BLOCKED in prod and legacy", ["prod", "legacy"]),
        ("OAUTH_APP_BLOCKED in legacy and fresh since today", ["legacy", "fresh"]),
        ("legacy and prod both say OAUTH_APP_BLOCKED", ["legacy", "prod"]),
        ("OAUTH_APP_BLOCKED in legacy, fresh and partner", ["legacy", "fresh", "partner"]),
        ("the partner team got OAUTH_APP_BLOCKED in fresh", ["fresh"]),
        ("API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner (in partner)", ["partner"]),
        ("the acme--5.sandbox.my.salesforce.com login says OAUTH_APP_BLOCKED", ["partner"]),
        ("the emea-prod users get OAUTH_APP_BLOCKED", ["emea-prod"]),
        ("UAT2 users get OAUTH_APP_BLOCKED", ["uat2"]),
        ("prod users get OAUTH_APP_BLOCKED", ["prod"]),
        ("EMEA users get OAUTH_APP_BLOCKED", ["EMEA"]),
        ("Full Copy users get OAUTH_APP_BLOCKED", ["Full Copy"]),
        ("OAUTH_APP_BLOCKED in full copy", ["Full Copy"]),
    ],
)
def test_an_org_is_named_where_the_text_says_so(text: str, orgs: list[str]) -> None:
    assert meant(text) == orgs


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("org", "app must be installed into org"),
        ("admin", "error=OAUTH_APP_BLOCKED error_description: this app is blocked by admin"),
        ("Partner", "API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner"),
        ("authentication", "An unexpected error has occurred during authentication. Please try again."),
    ],
)
def test_the_words_of_an_error_name_no_org(name: str, text: str) -> None:
    org = Org("T1", name, "acme.my.salesforce.com", Login.JWT)

    assert meant_orgs(text, (org,), MATCHER.recognise(text, asked=True).evidence) == ()
    assert meant_orgs(f"{text} (in {name})", (org,), MATCHER.recognise(text, asked=True).evidence) == (org,)
