"""Credentials in headers, addresses, command lines and calls: masked, and all around them stays."""

from __future__ import annotations

import base64
import time

import pytest

from bot.domain.secrets import MASK
from bot.domain.secrets.redaction import redact

PASSWORD = "Kp9!vTz4qW"
TOKEN = "R0lCTzmkFa3XR1NzLF8Xq4UW"
LONG = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2"
HEX = "46eb452e5cbe0561e5c806302904682b"
BASE64 = base64.b64encode(f"anna:{PASSWORD}".encode()).decode()

PLACES = {
    "curl": ("curl -u admin:{} https://x.test", PASSWORD),
    "curl, glued": ("curl -uadmin:{} https://x.test", PASSWORD),
    "curl, a proxy": ("curl -U 'anna:{}' https://x.test", PASSWORD),
    "HTTPie": ("http -a admin:{} https://x.test", PASSWORD),
    "smbclient": ("smbclient -U admin%{} //srv/share", PASSWORD),
    "MySQL": ("mysql -h db -u root -p{} acme", PASSWORD),
    "a dump": ("mysqldump -uroot -p'{}' acme > x.sql", PASSWORD),
    "sshpass": ("sshpass -p {} ssh anna@x.test", PASSWORD),
    "Docker": ("docker login -u anna -p {} reg.test", PASSWORD),
    "OpenShift": ('oc login https://x.test -u anna -p "{}"', PASSWORD),
    "SQL Server": ("sqlcmd -S db -U sa -P {} -Q 'select 1'", PASSWORD),
    "LDAP": ("ldapsearch -D cn=anna -w {} -b dc=x", PASSWORD),
    "Windows' credentials": ("cmdkey /add:srv /user:anna /pass:{}", PASSWORD),
    "a share of Windows'": (r"net use \\srv\c /user:acme\anna {}", PASSWORD),
    "PowerShell": ('ConvertTo-SecureString "{}" -AsPlainText -Force', PASSWORD),
    "Oracle": ("jdbc:oracle:thin:scott/{}@//db:1521/acme", PASSWORD),
    "Oracle's terminal": ("sqlplus scott/{}@db", PASSWORD),
    "an address": ("postgres://anna:{}@db:5432/acme", PASSWORD),
    "an address, with an at sign": ("postgres://anna:{}@db:5432/acme", f"x@{PASSWORD}"),
    "an address, with a slash": ("postgres://anna:{}@db:5432/acme", f"x/y{PASSWORD}"),
    "a call": ("conn.login('anna@acme.test', '{}', done)", PASSWORD + TOKEN),
    "a call in Python": ("sf = Salesforce('anna@acme.test', '{}')", PASSWORD),
    "a line": ("creds: anna@acme.test {}", PASSWORD),
    "a pair": ("login: anna@acme.test / {}", PASSWORD),
    "a pair, glued": ("credentials anna@acme.test:{}", PASSWORD),
    "a pair that Slack made a link of": ("login: <mailto:anna@acme.test|anna@acme.test> {}", PASSWORD),
    "two lines": ("login: anna@acme.test\n{}", PASSWORD),
    "a header without a scheme": ("Authorization: {}", LONG),
    "a header of another scheme": ("Authorization: SSWS {}", LONG),
    "a header in JSON": ('{{"headers": {{"authorization": "{}"}}}}', LONG),
    "a digest": ('Authorization: Digest username="anna", realm="x", response="{}"', HEX),
    "a signature": ("Authorization: AWS4-HMAC-SHA256 SignedHeaders=host, Signature={}", HEX * 2),
    "a cookie": ("Cookie: BrowserId=abc; _gitlab_session={}; logged_in=yes", LONG),
    "a cookie that is set": ("Set-Cookie: .AspNetCore.Session={}; path=/; secure", LONG),
    "Docker's file": ('{{"auths": {{"reg.test": {{"auth": "{}"}}}}}}', BASE64),
    "npm's file": ("//reg.test/:_auth={}", BASE64),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_logs_in_is_masked_and_the_rest_stays(place: str) -> None:
    text, secret = PLACES[place]

    found = redact(text.format(secret))

    assert found.text == text.format(MASK)
    assert len(found.secrets) == 1
    assert redact(found.text).text == found.text


def test_a_security_token_behind_the_password_of_a_call_is_masked_too() -> None:
    call = "Salesforce('anna@acme.test', '{}', '{}')"

    assert redact(call.format(PASSWORD, TOKEN)).text == call.format(MASK, MASK)


HARMLESS = r"""
docker run -u 1000:1000 -p 8080:80 acme/app
ssh -p 2222 anna@acme.test; scp -P 2222 a b
curl -u https://x.test -a my-org
sf org login web -a prod -r https://acme.my.salesforce.com
sf org login jwt -o anna@acme.test -p
mysql -p -h db.acme.test
sqlcmd -S db -U sa -P $SA_PASSWORD
docker login -u anna -p ${TOKEN} reg.test
net use \\srv\c /user:acme\anna *
https://host:8080/path/to@place and http://localhost:3000/a?email=anna@acme.test
Cookie: BrowserId=abc; oid=00D5g000004CYAbEAO; CookieConsentPolicy=0:1; LSKey-c$CookieConsentPolicy=0:1
Authorization: admin-approved-users-pre-authorized
Authorization header is missing, authorization: AUTHORIZATION_REQUIRED_FOR_THIS_ORG
WWW-Authenticate: Digest realm="x", nonce="n"
login: anna@acme.test / production
login('anna@acme.test', callback)
user: anna@acme.test 0055g00000AbCdEAAV
account: anna@acme.test https://acme.my.salesforce.com
username: anna@acme.test INVALID_LOGIN
"auth": "required", auth=connected-app
Login for anna@acme.test failed: invalid_grant
"""


@pytest.mark.parametrize("text", HARMLESS.strip().splitlines())
def test_what_logs_nobody_in_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize("piece", ["://", "https://a:", "a://b:c/", "a://b:c/d?", "login: ", "sqlplus a/", "login('a@"])
def test_what_begins_like_one_again_and_again_is_looked_at_once(piece: str) -> None:
    text = f"{piece * 400} anna@acme.test"

    begun = time.process_time()
    redact(text)

    assert time.process_time() - begun < 0.5


def test_the_password_of_the_last_of_several_addresses_is_masked() -> None:
    assert redact("https://a:b/https://c:d/e@host.test").text == f"https://a:b/https://c:{MASK}@host.test"
