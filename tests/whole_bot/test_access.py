"""``/flosum access``: whether somebody may connect, asked of the built-in orgs by people with different rights."""

from __future__ import annotations

import pytest

from bot.adapters.salesforce.login import API_VERSION
from bot.sandbox.salesforce.database import OrgRecords
from bot.sandbox.salesforce.faults import OrgFault
from tests.running_bot import RunningBot

BEN, ADA = "<@U0BEN>", "<@U0YOU>"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("access prod me", "Ada Lindt may connect to prod through each Flosum app"),
        ("access prod", "Ada Lindt may connect to prod through each Flosum app"),
        (f"access prod {ADA}", "Ada Lindt may connect to prod"),
        (f"access prod {BEN}", "Ben Okoro cannot connect to prod through either Flosum app: no profile"),
        ("access prod ben@acme.example", "Ben Okoro cannot connect"),
        ("access prod <mailto:ben@acme.example|ben@acme.example>", "Ben Okoro cannot connect"),
        ("access prod Ben Okoro", "Ben Okoro cannot connect"),
        ("access PROD “ben okoro”", "Ben Okoro cannot connect"),
        ("access prod finn", "Finn Oduya may connect to prod"),
        ("access prod eli", "Eli Brandt cannot connect to prod through either Flosum app: the user is not active"),
        ("access emea-prod me", "Ada Lindt cannot connect to emea-prod through Flosum DevOps: Web App Production"),
        ("access qa me", "Ada Lindt may connect to qa through each Flosum app"),
        ("access uat cleo", "Cleo Marsh cannot connect to uat"),
        ("access fresh me", "cannot be told: neither the app nor a token of it is there"),
        ("access legacy me", "cannot be told: whether the app is installed cannot be read"),
        ("access partner me", "Salesforce refused this assistant's login to partner"),
        ("access prod nobody-here", "prod has no user that fits nobody-here"),
        ("access prod O'Neil % \"_", "prod has no user that fits O'Neil % \"_"),
        ("access prod " + "x" * 81, "Who? Name a person with @"),
        ("access prod #general", "Who? Name a person with @"),
        ("access prod for @ben", "Ben Okoro cannot connect to prod"),
        ("access prod (@ben)", "Ben Okoro cannot connect to prod"),
        ("access prod @ben @ada", "That is for one person at a time"),
        ("access prod me and @ben", "That is for one person at a time"),
        ("access prod whoever @ben knows", "Who? Name a person with @"),
        ("access nowhere me", "I know no org called nowhere"),
        ("access", "Which org, and who?"),
        ("access error=access_denied", "Somebody pressed Deny"),
    ],
)
def test_an_admin_asks_about_themselves_and_others(running_bot: RunningBot, said: str, answer: str) -> None:
    assert answer in running_bot.ask(said).text


def test_a_member_asks_about_themselves_alone(running_bot: RunningBot) -> None:
    for said in ("access prod", "access prod me", f"access prod {BEN}", "access prod ben@acme.example"):
        assert "Ben Okoro cannot connect to prod" in running_bot.ask(said, running_bot.ben).text
    for said in (f"access prod {ADA}", "access prod ada@acme.example", "access prod nobody", "access prod Ben Okoro"):
        refusal = running_bot.ask(said, running_bot.ben).text
        assert refusal.startswith("Looking up what somebody else may do in an org is for workspace admins")


def test_each_look_at_somebody_else_is_in_the_trail_and_none_at_oneself(running_bot: RunningBot) -> None:
    running_bot.ask("access prod me")
    running_bot.ask(f"access prod {BEN}")
    running_bot.ask("access prod eli")
    running_bot.ask("access prod eli", running_bot.ben)

    looks = [change for change in running_bot.bot.store.changes("T0DEMO") if change.action == "looked up access"]
    assert [(look.user, look.subject) for look in looks] == [
        ("U0YOU", "prod: eli"),
        ("U0YOU", "prod: ben@acme.example"),
    ]


def test_of_several_that_fit_one_is_chosen_with_a_press(running_bot: RunningBot) -> None:
    answer = running_bot.ask("access prod o")

    assert "users of prod fit o" in answer.text
    before = len(running_bot.shown())
    running_bot.ada.press(answer, "ben@acme.example")
    assert "Ben Okoro cannot connect" in running_bot.shown()[before].text


def test_who_has_several_users_in_an_org_chooses_among_their_own_and_no_others(running_bot: RunningBot) -> None:
    org = next(org for org in running_bot.salesforce.orgs.values() if org.name == "prod")
    own = {
        "ben@acme.example": {"Username": "ben.okoro@acme.example"},  # a user name that is one's address means that user
        "cleo@acme.example": {"Email": "ben@acme.example"},
    }
    users = [{**each, **own.get(str(each["Username"]), {})} for each in org.database.tables["User"]]
    running_bot.salesforce.change("prod", database=OrgRecords({**org.database.tables, "User": users}))

    answer = running_bot.ask("access prod me", running_bot.ben)
    before = len(running_bot.shown())
    running_bot.ben.press(answer, "cleo@acme.example")

    assert "2 users of prod fit ben@acme.example" in answer.text
    assert "Cleo" in running_bot.shown()[before].text
    assert "may connect" in running_bot.shown()[before].text
    for user in ("ada@acme.example", "nobody@acme.example"):  # not even whether there is such a user
        refused = running_bot.ask(f"access prod me {user}", running_bot.ben).text
        assert refused.startswith("Looking up what somebody else may do in an org is for workspace admins")


def test_somebody_else_behind_me_is_in_the_trail_as_anybody_else_is(running_bot: RunningBot) -> None:
    assert "Ben Okoro" in running_bot.ask("access prod me ben@acme.example").text  # Ada asks

    looked_up = [each.subject for each in running_bot.bot.store.changes() if each.action == "looked up access"]
    assert looked_up == ["prod: ben@acme.example"]


def test_it_takes_three_calls_once_logged_in_and_the_setting_is_asked_for_once(running_bot: RunningBot) -> None:
    running_bot.ask("access prod me")
    before = len(running_bot.salesforce.requests)

    running_bot.ask("access prod ben")

    paths = [request.path.rpartition("/")[2] for request in running_bot.salesforce.requests]
    assert paths[before:] == ["batch", "batch", "query"]
    assert [path for path in paths[:before] if path == API_VERSION] == [API_VERSION]


def test_without_the_scope_for_addresses_it_asks_for_the_user_name(running_bot: RunningBot) -> None:
    running_bot.workspace.tokens.scopes -= {"users:read.email"}

    assert "Slack does not tell me your e-mail address" in running_bot.ask("access prod me").text
    assert "Ada Lindt may connect" in running_bot.ask("access prod ada@acme.example").text


def test_an_org_that_is_down_is_told_as_such(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(status=503))

    assert "prod" in running_bot.ask("access prod me").text


# --- all of an org -------------------------------------------------------------------------------------


def test_details_take_three_calls_once_logged_in_and_the_setting_is_asked_for_once(running_bot: RunningBot) -> None:
    running_bot.ask("status prod details")
    before = len(running_bot.salesforce.requests)

    running_bot.ask("status prod details")

    paths = [request.path.rpartition("/")[2] for request in running_bot.salesforce.requests]
    assert paths[before:] == ["batch", "batch", "batch"]
    assert paths[:before].count(API_VERSION) == 1


def test_details_name_people_to_those_who_may_know_of_them(running_bot: RunningBot) -> None:
    named, counted = running_bot.ask("status prod details"), running_bot.ask("status prod details", running_bot.ben)

    assert "Cleo Marsh" in named.text + str(named.blocks)
    assert "3 users (Ada Lindt" in str(named.blocks)
    assert "3 users" in str(counted.blocks)
    assert not any(name in str(counted.blocks) for name in ("Ada Lindt", "Cleo Marsh", "Dana Voss"))


def test_the_rest_may_fail_and_the_reading_stands(running_bot: RunningBot) -> None:
    running_bot.ask("status prod")
    org = next(org for org in running_bot.salesforce.orgs.values() if org.name == "prod")
    hidden = frozenset({"OauthToken.CreatedDate", "PermissionSet.PermissionsApproveUninstalledConnectedApps"})
    running_bot.salesforce.change("prod", database=OrgRecords(org.database.tables, hidden))

    shown = str(running_bot.ask("status prod details").blocks)

    assert "✅ `prod` *is ready*" in shown
    assert "Who holds *Approve Uninstalled Connected Apps* cannot be read" in shown


# --- below an explained error --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "org", "told"),
    [
        ("OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app", "prod", "Ben Okoro cannot connect"),
        (
            "invalid_client: app must be installed into org",
            "emea-prod",
            "emea-prod needs a step: install Flosum",
        ),
        (
            "invalid_client: app must be installed into org",
            "prod",
            "prod is ready, though the error says not installed: it is installed",
        ),
        ("OAUTH_APP_BLOCKED: this app is blocked by admin", "legacy", "Nothing that can be read in legacy explains"),
    ],
)
def test_whoever_presses_check_learns_the_cause_for_the_org_and_for_themselves(
    running_bot: RunningBot, error: str, org: str, told: str
) -> None:
    explained = running_bot.ask(f"explain {org} says {error}", running_bot.ben)
    before = len(running_bot.shown())

    running_bot.ben.press(explained, f"Check {org} now")

    (answer,) = running_bot.shown()[before:]
    assert told in answer.text
    assert "Ben Okoro" in answer.text + str(answer.blocks)
    assert not [change for change in running_bot.bot.store.changes("T0DEMO") if change.action == "looked up access"]
