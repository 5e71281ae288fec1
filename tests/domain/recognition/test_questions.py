"""Questions in the words that people use, mistyped and in other languages, and the ones that are not the guide's."""

from __future__ import annotations

import pytest

from bot.domain.recognition.entries import Kind
from tests.recognition_helpers import MATCHER

QUESTIONS = {
    "why": (
        "Are existing installed apps affected by this restriction?",
        "Are our sandboxes affected by the September 2025 change to connected apps?",
        "Will apps we installed years ago be impacted by the new restrictions?",
        "Does the restriction affect apps that are already installed?",
        "Are connected apps that we installed earlier affected by the September change?",
        "why is everyone talking about connected app installs",
        "is installing this compulsory for sandboxes",
        "what changed in september 2025 with uninstalled connected apps",
        "what happens if we never install it",
        "can we skip installing the app",
        "¿por qué tengo que instalar la aplicación conectada?",
        "pourquoi faut-il installer l'application connectée ?",
    ),
    "check-installed": (
        "where do I see if flosum is installed",
        "how can i find out whether the apps are there already",
        "which apps do I look for in oauth usage",
        "is it already installed in our uat sandbox?",
        "wie prüfe ich, ob die App installiert ist?",
        "インストールされているか確認する方法",
    ),
    "install": (
        "how do i install it",
        "steps to add the flosum devops web app to prod",
        "who can install the connected app, do I need admin",
        "Install button is greyed out, what now",
        "wie installiere ich die Flosum App?",
        "cómo instalo la aplicación conectada",
        "instaling the app in a scratch org, how",
    ),
    "permitted-users": (
        "admin approved vs self authorize, which one?",
        "how can i stop regular users from connecting",
        "I want only the devops team to be able to connect",
        "where is the Permitted Users setting",
        "limit the app to our release team",
        "who is allowed to log in with the app",
    ),
    "grant-profile": (
        "how do I add the System Administrator profile",
        "let the whole Admin profile in",
        "where's Manage Profiles",
        "Profil zur App hinzufügen",
        "can I give access by profile",
    ),
    "grant-permission-set": (
        "how do I assign the app through a permission set",
        "is there a way to use permission sets instead of profiles for access",
        "permset for the flosum app?",
        "where is manage permission sets",
        "comment ajouter un ensemble d'autorisations à l'app",
    ),
    "refresh-token": (
        "which setting makes us log in again every day",
        "can I avoid logging in to Flosum again every morning",
        "How do we avoid reauthorizing the org every week?",
        "It asks me to log in again each day, how can I stop that?",
        "Is there a way not to log in again every day?",
        "We have to log in to Flosum again each week, which setting is that?",
        "I must reauthorize Salesforce in the tool every morning, can this be avoided?",
        "how do I refresh the token",
        "where is Update Token in flosum",
        "how do I reconnect the org",
        "flosum lost the connection to our org, how do I fix it",
        "how do i re-login the org in global settings",
        "トークンの更新方法",
    ),
    "confirm-installed": (
        "did it work?",
        "how can I be sure the installation went through",
        "what do I see after a successful install",
        "how to verify the app is properly installed afterwards",
        "installed it, where should it show up now",
    ),
    "unblock": (
        "where do we unblock the app for our users",
        "an app got blocked by mistake, how do I unblock it for the users",
        "Who can unblock an app and where is the button?",
        "What should I click to unblock a connected app and let users log in?",
        "How can I unblock the app so that people can log in again?",
        "how do I unblock the flosum app",
        "the app is blocked, how do I undo that",
        "I clicked Block by mistake",
        "where is the Unblock button",
        "wie kann ich die App entsperren",
        "how do I lift the block on our connected app",
    ),
}
NOT_THE_GUIDES = (
    "what is this?",
    "explain this please",
    "explain that to me",
    "what does that mean?",
    "grant Ben access to uat",
    "give Mia access to prod",
    "Does the plugin rotate its tokens?",
    "Is PKCE supported by the login flow?",
    "Where is the tab after I installed the package?",
    "What does the data backup of the vendor cost?",
    "How do I rename a connected app?",
    "How often should tokens be rotated?",
    "Does simple_salesforce offer the device flow?",
    "Can the integration be used with Netskope?",
    "Where is the configuration tab of the app after I installed it?",
    "How does Workbench open a session?",
    "Will you include the refresh token in the JSON of org display?",
    "Is my token encrypted at rest in your vault?",
    "Which port does the CLI listen on during login?",
    "How do I clone a sandbox with its data?",
    "Can we brand the login page of the org?",
    "How do we rotate the refresh tokens after a leak?",
    "Why doesn't the jsforce library support PKCE for the web server flow?",
    "Could you include the access token in the org list output?",
    "Can a connected app be combined with a cloud access security broker?",
    "I installed the app but where is its home page?",
    "How does the browser extension open its session, with a connected app?",
    "Does the SDK store refresh tokens encrypted?",
    "Can you add code_verifier support to the login command?",
    "Is a connected app usable with Microsoft Defender for Cloud Apps?",
    "I have installed the package but can't find its tab",
    "how do I unblock my account in the bank app",
    "how do I install python",
    "how do I install the salesforce mobile app",
    "is docker installed on the build agent?",
    "how can I check whether a package is installed in apt",
    "who has access to the meeting room",
    "how do I grant access to a google doc",
    "how do I renew my passport token",
    "what is a permission set group in Workday",
    "how do I restore a backup",
    "how do I schedule a deployment",
    "which profile picture should I use",
    "how do I add a user in Jira",
    "what does CPU time limit exceeded mean",
    "how do I refresh the page",
    "when is the release",
    "what's the wifi password",
    "how do I write an apex trigger",
    "how do I reset the security token",
    "how do I create a report type",
    "where can I see api usage",
    "how do I delete a sandbox",
    "can I change my username",
    "who approves vacations",
    "how do I connect to the vpn",
    "why is my build red",
    "how do I unblock a PR",
    "how do I restrict access to a slack channel",
    "what is the retention of backups",
    "how do i export data with data loader",
)
ABOUT_ERRORS = (
    "What causes the OAUTH_APP_BLOCKED error?",
    "What does Login Rate Exceeded error mean?",
    "how do I fix the expired access/refresh token error",
    "why do I get the error user is not admin approved",
    "What is the cause of the error OAUTH_APPROVAL_ERROR_GENERIC?",
    "Why does the Login Rate Exceeded error show up?",
    "What causes the error OAUTH_APP_BLOCKED?",
    "What causes invalid_grant errors?",
)
FOREIGN_ERRORS = (
    '{"status":"BAD_REFRESH_TOKEN","message":"the refresh token is missing or unknown"}',
    "An error occurred (ExpiredToken): the provided token has expired, please renew it",
    "Dropbox: your token expired, reconnect the app",
    "when logging in with LinkedIn a 401 says that the access token has expired",
)


@pytest.mark.parametrize("text", ["my token expired, what now", "token abgelaufen, wie erneuern?"])
def test_a_question_that_tells_what_happened_is_answered_as_that_error(text: str) -> None:
    found = MATCHER.recognise(text, asked=True).entry

    assert found is not None
    assert found.topic == "token-expired-or-revoked"


@pytest.mark.parametrize(
    ("question", "section"), [(question, section) for section, asked in QUESTIONS.items() for question in asked]
)
def test_a_question_finds_its_section_in_any_words(question: str, section: str) -> None:
    found = MATCHER.recognise(question, asked=True).entry

    assert found is not None
    assert (found.kind, found.topic) == (Kind.GUIDE, section)


PLAIN = {
    "install": (
        "how would I install flosum",
        "How do we install Flosum in a sandbox?",
        "installing the flosum app, how?",
    ),
    "check-installed": ("where can I see whether the app is installed", "has flosum been installed here?"),
    "confirm-installed": ("how can I confirm the install worked",),
    "flosum-addresses": ("which addresses does flosum need",),
    "refresh-token": ("how do we update the org's token", "reconnect the org, how"),
    "token-valid": ("does flosum show whether a token is valid?",),
    "why": ("why did salesforce start blocking apps", "why must flosum be installed"),
    "unblock": ("unblock it please", "how can I unblock the flosum app"),
    "permitted-users": ("permitted users, which value?",),
    "grant-profile": ("which profile do I add",),
    "grant-permission-set": ("how to add permission set",),
    "flosum-user": ("what user should flosum use",),
    "native-package": ("is the native package enough",),
}
"""The plainest question to each section, in words that no training has seen."""


@pytest.mark.parametrize(("question", "section"), [(text, one) for one, asked in PLAIN.items() for text in asked])
def test_the_plainest_question_finds_its_section(question: str, section: str) -> None:
    found = MATCHER.recognise(question, asked=True).entry

    assert found is not None
    assert found.topic == section


@pytest.mark.parametrize("question", NOT_THE_GUIDES)
def test_the_same_verb_with_another_object_is_not_the_guides(question: str) -> None:
    assert MATCHER.recognise(question, asked=True).entry is None


@pytest.mark.parametrize("text", FOREIGN_ERRORS)
def test_another_vendors_error_is_no_question_about_the_guide(text: str) -> None:
    assert MATCHER.recognise(text, asked=True).entry is None


@pytest.mark.parametrize("question", ABOUT_ERRORS)
def test_a_question_that_names_an_error_is_answered_by_it(question: str) -> None:
    found = MATCHER.recognise(question, asked=True).entry

    assert found is not None
    assert found.kind is Kind.ERROR
