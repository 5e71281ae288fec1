"""Which patterns of a text are said by somebody: not those in a program's code or in an address."""

from __future__ import annotations

import pytest

from tests.recognition_helpers import topic


@pytest.mark.parametrize(
    "text",
    [
        "the status page links to https://login.salesforce.com/status and shows error counts per instance",
        'responses.add(\n    "https://login.salesforce.com/services/oauth2/token",\n    body=error,\n)',
        "error budget of the week: https://wiki.example.com/salesforce/session/report",
    ],
)
def test_a_word_of_an_address_is_not_said(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("logging in at test.salesforce.com does not work any more for our sandbox", "wrong-org-or-domain"),
        (
            "https://acme.my.salesforce.com/RemoteAccessErrorPage.apexp?error=OAUTH_APP_BLOCKED&error_description=x",
            "app-blocked",
        ),
        ("we end up at https://acme.my.salesforce.com/_nc_external/identity/saml/SamlError", "client-misconfigured"),
    ],
)
def test_an_address_that_is_the_error_is_heard(text: str, expected: str) -> None:
    assert topic(text) == expected


def test_a_program_that_explains_an_error_to_people_shows_it() -> None:
    code = "if (reason === 'OAUTH_APP_ACCESS_DENIED') {\n  show('Your admin has to let you use this app first');\n}"

    assert topic(code) == "user-not-approved"
    assert topic(code.replace("show('Your admin has to let you use this app first')", "retry()")) == "none"


def test_an_error_that_stands_both_in_code_and_in_the_output_is_heard() -> None:
    text = "sf.login(user)  # authentication failed?\nSalesforce says: authentication failed for this user, every time"

    assert topic(text) != "none"
