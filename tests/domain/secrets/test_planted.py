"""Named secrets, planted by a seeded generator: at most one in a thousand comes through, and harmless words stay.

``PLANTED_TEXTS=200000 pytest tests/domain/secrets/test_planted.py`` tries more texts.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.secrets.redaction import redact
from tests.domain.secrets.planted import NAMES, SAID, SURROUNDINGS, WRITTEN, leaked, texts
from tests.shared_material import lines

COUNT = int(os.environ.get("PLANTED_TEXTS", "12000"))
SEEDS = (20, 30)
MOST_THAT_COME_THROUGH = 1 / 1000


def test_the_generator_crosses_many_names_ways_and_surroundings() -> None:
    tried = list(texts(SEEDS[0], COUNT))

    assert len(NAMES) >= 20
    assert len(SURROUNDINGS) >= 30
    assert {planted.name for planted in tried} == set(NAMES)
    assert {planted.surrounding for planted in tried} == set(SURROUNDINGS)
    assert {way for planted in tried for way in planted.way.split(" + ")} == {*SAID, *WRITTEN}
    assert all(
        value in planted.text for planted in tried if planted.surrounding not in CHANGE for value in planted.values
    )


CHANGE = ("json message", "zero width joints", "hard blanks", "narrow blanks")  # these rewrite the text around


@pytest.mark.parametrize("seed", SEEDS)
def test_of_a_thousand_named_secrets_at_most_one_comes_through(seed: int) -> None:
    through = [planted for planted in texts(seed, COUNT // 2) if leaked(planted, redact(planted.text).text)]

    assert len(through) <= MOST_THAT_COME_THROUGH * (COUNT // 2), through[:10]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.text(max_size=30), st.text(max_size=30))
def test_redacting_planted_texts_again_changes_nothing(seed: int, before: str, after: str) -> None:
    for planted in texts(seed, 6):
        once = redact(before + planted.text + after)

        assert redact(once.text).text == once.text
        assert redact(once.text).secrets == ()


HARMLESS = r"""
password expired
Password expired.
invalid password
Invalid password: try again
Invalid password for user anna.berg@acme.test
wrong password, third attempt
no password set for the integration user
Your password has expired and must be changed
Password must be at least 12 characters long
password policy
password policy: 90 days
Password policies\nRequire 12 characters
Reset My Security Token
Reset password\nClick the link in the mail
the token has expired
token expired at 2026-02-03T10:11:12Z
expired access/refresh token
access token expired 15 minutes ago
refresh token is invalid or revoked
Refresh token policy: Expire refresh token if not used for 30 days
session id is missing
Session ID: required
session id 15 or 18 characters
INVALID_SESSION_ID: Session expired or invalid
the security token was reset
security token missing
Your security token was mailed to you
security token: see your personal settings
client secret rotation
consumer secret rotated on 2026-03-01
client secret expired - rotate it in App Manager
Consumer Key and Consumer Secret
Consumer Key\nConsumer Secret
token: 401
token 403 Forbidden
unexpected token < in JSON at position 0
Unexpected token 'x9', line 14
MALFORMED_QUERY: unexpected token: 'WHERE2' at row 1
error code: invalid_grant
error: invalid_token, description: expired
error=invalid_client_secret
authorization code: expired
authorization code 15 minutes
auth code flow with PKCE S256
private key RS256
private key server.key
private key file /etc/ssl/private/acme2.key
JWT signed with RS256
api key v67.0
API key: see the docs at https://docs.acme.test/v2/keys
API Key\nYou find it under Settings
token https://acme.my.salesforce.com/services/oauth2/token
access token for 0055g00000AbCdEAAV
session id of user 005xx000001SwiUAAS
token 7c9e6679-7425-40de-944b-e07fc1f90ae7
the token of PlatformCLI
secret santa on Friday at 3pm
that is a secret, ask Anna on 2026-12-01
tokens: 4096
max_tokens=4096
token_type: Bearer
password_expires_at: 2026-05-01
refresh_token_expires_in=5183944
token_url = https://login.salesforce.com/services/oauth2/token
password = input("Password: ")
password = getpass.getpass()
def login(password: str, security_token: str = "") -> Session:
security_token=os.getenv("SF_TOKEN")
const secret = process.env.CLIENT_SECRET;
client_secret=${CLIENT_SECRET}
String accessToken = response.getAccessToken();
private_key = load_pem_private_key(data)
if (sessionId == null) throw new AuthException2();
--password <your password>
Passwort abgelaufen
Das Passwort ist falsch
Passwort ist abgelaufen seit 30 Tagen
Sicherheitstoken fehlt
Kennwort zurücksetzen
mot de passe expiré
le mot de passe est incorrect
contraseña incorrecta
el token de seguridad no es válido
パスワードが正しくありません
| name | type |\n|---|---|\n| password | string |
| field | secret |\n|---|---|\n| password | yes |
user,password,active\nanna,expired,true
Enter your password and the code from your authenticator app
Which password? The one for Sandbox UAT.
inside: 4f9a8b7c6d5e4f3a2b1c, secretary: Anna2
"""


@pytest.mark.parametrize("text", [line.replace("\\n", "\n") for line in HARMLESS.strip().splitlines()])
def test_harmless_words_stay(text: str) -> None:
    assert redact(text).text == text


EXAMPLES = (
    *("chat.jsonl", "questions.jsonl", "round2/asked.jsonl", "round2/code.jsonl", "round2/live.jsonl"),
    *("round2/others.jsonl", "round2/sf-other.jsonl", "round2/team-chat.jsonl"),
)
MASKED_IN_HARMLESS = 6  # placeholders of addresses and of code that look like values; four texts hold them


def test_no_more_words_of_harmless_examples_are_masked_than_are_known() -> None:
    harmless = [str(row["text"]) for name in EXAMPLES for row in lines(name) if row["label"] == "none"]

    masked = [text for text in harmless if redact(text).secrets]

    assert sum(len(redact(text).secrets) for text in masked) <= MASKED_IN_HARMLESS, masked
