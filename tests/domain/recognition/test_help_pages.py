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
PAGES = [OCLIF, CLICK, ARGPARSE, MAN]
NAMES = ["oclif", "click", "argparse", "man"]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_of_help_is_left_alone(page: str) -> None:
    assert topic(page) == "none"


ERROR = "Error (1): INVALID_SESSION_ID: Session expired or invalid"
BESIDE_PAGES = [text for page in PAGES for text in (f"{ERROR}\n\n{page}", f"{page}\n\n{ERROR}")]


@pytest.mark.parametrize("text", BESIDE_PAGES, ids=[f"{at}-{name}" for name in NAMES for at in ("above", "below")])
def test_an_error_beside_it_is_heard(text: str) -> None:
    assert topic(text) == "token-expired-or-revoked"
