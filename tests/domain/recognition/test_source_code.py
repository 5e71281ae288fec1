"""Program text: which lines handle an error, and which show one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.recognition.source_code import explains, lines_of_program

PROGRAM = (
    "@login_required",
    "@responses.activate(assert_all=True)",
    "if (error.code === 'INVALID_LOGIN') {",
    "} else if (code == ExceptionCode.INVALID_LOGIN || code == ExceptionCode.PASSWORD_LOCKOUT) {",
    "throw new SalesforceError('expired');",
    'public static final String CODE = "INVALID_LOGIN";',
    "export const CODE = 'INVALID_LOGIN'",
    '    "INVALID_LOGIN",',
    "// the session expired, so log in again",
    "/* Salesforce refused */",
    "except SalesforceExpiredSession:",
    "    raise Unauthorized(str(error))",
    "return errors.get(code, 'unknown');",
    "'INVALID_LOGIN' => 'wrong password',",
    "val text = getString(session_expired)",
    "setErrorMessage(text.toString())",
    'logger.warn("Salesforce no longer accepts this session");',
    "it('tells that Salesforce refused the session', () => {",
)
SHOWN = (
    "INVALID_LOGIN: Invalid username, password, security token; or user locked out.",
    '{"error": "invalid_grant", "error_description": "expired access/refresh token"}',
    '  "error": "invalid_grant",',
    "https://acme.my.salesforce.com/cb?error=access_denied&error_description=x",
    "[LoginFault [ApiFault  exceptionCode='INVALID_LOGIN'",
    "    at Connection.login (/app/node_modules/jsforce/lib/connection.js:1:2)",
    '  File "sync.py", line 3, in <module>',
    "If you log in with the wrong user, the page says that the app is blocked.",
    "For all users; let them authorize the app (see the guide)",
    "2026-01-02 ERROR [sync] login failed",
    "sfdx force:auth:web:login -a uat",
    'conn.fail("OAUTH_APP_BLOCKED: this app is blocked by admin")',
    "return {err: 'access_denied', why: 'end-user denied authorization'};",
    'throw new LoginError("Salesforce no longer accepts this session");',
    "@dana the app is not installed, or is it?",
)


@pytest.mark.parametrize("line", PROGRAM)
def test_a_line_of_a_program_is_told(line: str) -> None:
    assert lines_of_program(line) == [(line, True)]


@pytest.mark.parametrize("line", SHOWN)
def test_a_line_that_shows_something_is_none(line: str) -> None:
    assert lines_of_program(line) == [(line, False)]


def test_the_entries_of_a_table_of_constants_belong_to_it() -> None:
    text = "const TEXTS = {\n  EXPIRED: 'expired access/refresh token',\n};\n"

    assert lines_of_program(text)[0][1] is True
    assert "expired access" in lines_of_program(text)[0][0]


def test_the_lines_of_a_comment_belong_to_it() -> None:
    text = "/**\n * The connected app is blocked here.\n */\nsaid: the app is blocked\n"

    assert lines_of_program(text) == [
        ("/**\n * The connected app is blocked here.\n */\n", True),
        ("said: the app is blocked\n", False),
    ]


@given(st.text(alphabet=st.sampled_from("aB_ \n'\"=({;:/*.,"), max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(piece for piece, _ in lines_of_program(text)) == text


@pytest.mark.parametrize(
    ("program", "is_explained"),
    [
        ("case 'OAUTH_APP_BLOCKED':\n  return 'Ask an admin to unblock the app in Setup';", True),
        ('if code == "OAUTH_APP_BLOCKED":\n    raise Refused("Ask an admin to unblock the app")', True),
        ("case 'OAUTH_APP_BLOCKED':\n  return Reason.BLOCKED;", False),
        ('if code == "OAUTH_APP_BLOCKED":\n    log.info("Ask an admin to unblock the app")', False),
        ("it('says OAUTH_APP_BLOCKED', () => expect(text).toBe('Ask an admin to unblock the app'))", False),
    ],
)
def test_a_program_that_tells_people_what_an_error_means_shows_it(program: str, is_explained: bool) -> None:
    assert explains(program) is is_explained
