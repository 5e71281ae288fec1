"""What is reported, and what merely stands in a text: programs, documents, talk, addresses."""

from __future__ import annotations

import math

import pytest

from bot.domain.recognition.linear import LinearModel, ReportModels
from tests.recognition_helpers import GUIDANCE, MATCHER, topic


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


def test_an_error_that_stands_both_in_code_and_in_the_output_is_heard() -> None:
    text = "sf.login(user)  # authentication failed?\nSalesforce says: authentication failed for this user, every time"

    assert topic(text) != "none"


PROGRAMS = (
    '//{ error: "invalid_grant", error_description: "user hasn\'t approved this consumer" }\nexport const x = 1;',
    "if (error.code === 'OAUTH_APP_BLOCKED') {\n  show('Your admin has to let you use this app first');\n}",
    'throw new LoginError("Salesforce no longer accepts this session");',
    'catch (ex) when (ex.Code == "PASSWORD_LOCKOUT") { Show("Your Salesforce user is locked"); }',
    "const TEXTS = {\n  EXPIRED: 'expired access/refresh token',\n};\n",
    "/**\n * Salesforce answers OAUTH_APP_BLOCKED here.\n */\nexport class Blocked extends Refusal {}",
    '{"properties": {"code": {"enum": ["OAUTH_APP_BLOCKED", "OAUTH_EC_APP_NOT_FOUND"]}}}',
    'login:\n  refused: "user is not admin approved to access this app"\n  again: "Log in again"',
    'public static final String CODE = "INVALID_LOGIN";',
)
TALK = (
    "Solved: INVALID_SESSION_ID came from the old job, which is switched off now.",
    "I wrote down in the wiki what OAUTH_APP_BLOCKED means.",
    "## 3.1.0\n- Fixed: INVALID_SESSION_ID no longer ends the run\n- Added: a dark theme",
    "| Code | Meaning | Who helps |\n|---|---|---|\n| OAUTH_APP_BLOCKED | the app is blocked | an admin |",
    "A blocked connected app stays blocked until somebody unblocks it.",
    "Users who are not assigned the permission set cannot use the connected app.",
    "In strict mode a connected app is blocked unless it is allowlisted.",
    "An expired password has to be reset by the user.",
)
REPORTS = (
    "Test connection failed: INVALID_LOGIN: Invalid username, password, security token; or user locked out.",
    "Added the org again, it says OAUTH_APP_BLOCKED",
    "Merge to UAT stopped: INVALID_SESSION_ID: Session expired or invalid",
    "Previously fine, since today OAUTH_APP_BLOCKED",
    "Error: OAUTH_APP_BLOCKED\n    at open (/app/a.js:1:2)\n    at Layer.handle [as handle_request] (/app/b.js:3:4)",
    '{"error": "invalid_grant", "error_description": "expired access/refresh token"}',
    "Our users who do not have the app installed fail with OAUTH_APP_BLOCKED",
    "| org | result |\n|---|---|\n| uat | OAUTH_APP_BLOCKED |",
)


TWINS = (
    (
        "✅ uat: OAUTH_EC_APP_NOT_FOUND. What cured it: the admin clicked Install",
        "❌ uat: OAUTH_EC_APP_NOT_FOUND. The admin clicked Install, no change",
    ),
    (
        "Turned out to be my side: INVALID_SESSION_ID, because my alias was an old one. Sorry!",
        "Turns out it is not my side: we all get INVALID_SESSION_ID. What now?",
    ),
    (
        "Was OAUTH_APP_BLOCKED until the admin came, now green",
        "Was green until the admin came, now OAUTH_APP_BLOCKED",
    ),
    (
        "attempt 1 failed: INVALID_SESSION_ID\nattempt 2: ok\nsync complete, 0 errors",
        "attempt 1 failed: INVALID_SESSION_ID\nattempt 2 failed: INVALID_SESSION_ID\ngiving up",
    ),
    (
        "On the first login everyone gets OAUTH_EC_APP_NOT_FOUND, which is expected. Then install the app.",
        "On the first login I got OAUTH_EC_APP_NOT_FOUND. Is that expected? Whom do I ask to install the app?",
    ),
    (
        "[RESOLVED] nightly backup, last error: OAUTH_APP_BLOCKED\nDuration: 12m",
        "[FIRING] nightly backup, error: OAUTH_APP_BLOCKED\nSince: 12m",
    ),
)
"""What is over, foreseen or repaired, and nearly the same words of one who has it now."""


@pytest.mark.parametrize(("over", "now"), TWINS)
def test_what_is_over_is_less_of_a_report_than_what_goes_on(over: str, now: str) -> None:
    models = GUIDANCE.load_reports()

    scores = [[models.score(*line) for line in MATCHER.report_features(text)] for text in (now, over)]
    assert min(scores[0]) > max(scores[1])


@pytest.mark.parametrize("text", PROGRAMS)
def test_source_that_is_shown_is_no_report(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize("text", TALK)
def test_talk_about_errors_is_no_report(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize("text", REPORTS)
def test_an_error_that_somebody_has_now_is_a_report(text: str) -> None:
    assert topic(text) != "none"


@pytest.mark.parametrize("text", [*PROGRAMS[:1], *TALK[:4]])
def test_who_asks_gets_an_answer_to_what_only_tells_of_an_error(text: str) -> None:
    assert topic(text, asked=True) != "none"


@pytest.mark.parametrize("code", ["OAUTH_APP_BLOCKED", "INVALID_SESSION_ID", "invalid_app_access"])
def test_what_is_learnt_never_holds_the_words_of_the_error(code: str) -> None:
    one, other = (
        list(MATCHER.report_features(f"Salesforce says {name} since today")) for name in (code, "app_not_found")
    )

    assert one == other
    assert "l before:says" in one[0].wording


def test_in_a_long_line_only_what_is_near_the_error_is_looked_at() -> None:
    far = "and then the slides were shown " * 200

    (line,) = MATCHER.report_features(f"{far} since today it says OAUTH_APP_BLOCKED")

    assert "l before:today" in line.wording
    assert len(line.wording) < 600


def test_without_weights_everything_is_a_report() -> None:
    assert ReportModels().score({"a"}) == math.inf


def test_the_odds_of_a_report_are_those_against_both_others_together() -> None:
    even, sure = LinearModel({"a": 1.0}, bias=-1.0), LinearModel({"a": 1.0}, bias=50.0)

    assert ReportModels(even, sure).score({"a"}) == pytest.approx(0.0)
    assert ReportModels(sure, even).score({"a"}) == pytest.approx(0.0)
    assert ReportModels(even, even).score({"a"}) == pytest.approx(-math.log(2))


@pytest.mark.parametrize(
    "heading", ["## OAUTH_APP_BLOCKED\n\n**Cause**: the app is blocked\n\n", "OAUTH_APP_BLOCKED | blocked | unblock\n"]
)
def test_a_document_is_judged_as_a_whole(heading: str) -> None:
    report = "Salesforce says INVALID_SESSION_ID since this morning"

    assert topic(report) != "none"
    assert topic(f"Error | Cause | Fix\n{heading}INVALID_SESSION_ID | session ended | log in again") == "none"


def test_a_score_is_the_bias_and_what_the_known_features_say() -> None:
    model = LinearModel({"a": 2.0, "b": -4.0}, bias=0.5)

    assert model.score({"a", "b", "c", "d"}) == 0.5 - 2.0 / 2
    assert model.score({"a"}) == 2.5
    assert model.score({"a"}, ("b", "c")) == 2.5 - 4.0


def test_how_many_errors_stand_in_a_text_is_known_and_which_are_not() -> None:
    errors = ("OAUTH_APP_BLOCKED", "INVALID_SESSION_ID", "user hasn't approved this consumer", "REQUEST_LIMIT_EXCEEDED")

    layouts = [_layout("\n".join(errors[:count])) for count in (1, 2, 4)]
    told = [{feature for feature in layout if feature.startswith("errors ")} for layout in layouts]

    assert told == [{"errors 1"}, {"errors 2"}, {"errors 4"}]


LAYOUTS = (
    ("prod says OAUTH_APP_BLOCKED", {"first w", "last E"}),
    ("OAUTH_APP_BLOCKED!", {"first E", "last !", "!"}),
    ("Login:\n- OAUTH_APP_BLOCKED\n- 4 users", {"first w", ":$", "^-", "E$", "last w"}),
    ("# Errors\n\nOAUTH_APP_BLOCKED | blocked |", {"first #", "^E", "|", "last |"}),
)
"""A text with an error, and what its marks and the ends of its lines are."""


@pytest.mark.parametrize(("text", "laid_out"), LAYOUTS)
def test_a_text_is_known_by_its_marks_and_by_how_its_lines_begin_and_end(text: str, laid_out: set[str]) -> None:
    assert laid_out <= _layout(text)


@pytest.mark.parametrize("told", ["the Salesforce session has expired", "OAUTH_APP_BLOCKED"])
def test_a_long_text_is_told_from_a_short_one(told: str) -> None:
    many = "\n".join((told, *("more was said about lunch" for _ in range(40))))

    assert _sizes(told) != _sizes(many)


def _layout(text: str) -> set[str]:
    return set().union(*(line.layout for line in MATCHER.report_features(text)))


def _sizes(text: str) -> set[str]:
    return {feature for feature in _layout(text) if feature.startswith(("lines ", "tokens ", "line of "))}
