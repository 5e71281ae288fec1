"""A command's page of help is no report, whatever errors its sections tell of."""

from __future__ import annotations

import pytest

from tests.recognition_helpers import topic

OCLIF = """Authorize an org using an access token that Salesforce gave out.

USAGE
  $ sf org login token -r <value> [--json]

FLAGS
  -r, --url=<value>  (required) Where to log in; an invalid session is refused.

ERROR CODES
  Failed (1)       The login failed: INVALID_SESSION_ID: Session expired or invalid
  ServerError (3)  server_error"""
CLICK = "Usage: cci org connect [OPTIONS] ORG\n\n  Cannot log in to Salesforce? Use -d.\n\nOptions:\n  -d  device flow"
ARGPARSE = (
    "usage: sfpull [-h] object\n\noptions:\n  -h  help\n  --session ID  Salesforce session id; it fails when expired"
)
MAN = "NAME\n  sfpull\n\nSYNOPSIS\n  sfpull [-h]\n\nDIAGNOSTICS\n  the Salesforce session has expired: log in again"


@pytest.mark.parametrize("page", [OCLIF, CLICK, ARGPARSE, MAN], ids=["oclif", "click", "argparse", "man"])
def test_a_page_of_help_is_left_alone(page: str) -> None:
    assert topic(page) == "none"


ERROR = "Error (1): INVALID_SESSION_ID: Session expired or invalid"


@pytest.mark.parametrize("page", [OCLIF, CLICK, ARGPARSE, MAN], ids=["oclif", "click", "argparse", "man"])
@pytest.mark.parametrize("text", ["{error}\n\n{page}", "{page}\n\n{error}"], ids=["above", "below"])
def test_an_error_beside_it_is_heard(text: str, page: str) -> None:
    assert topic(text.format(error=ERROR, page=page)) == "token-expired-or-revoked"
