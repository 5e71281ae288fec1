"""Redaction, both ways: nothing secret survives, nothing else is harmed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.library import load
from bot.domain.secrets import MASK, Secret
from bot.domain.secrets.names import NAME, folded, may_be_named
from bot.domain.secrets.redaction import redact

SESSION = "00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBog.39AsX.LVpxezPwuX5VAIrrbbHMuol7GQxnMeYMN7cj8EoWr78nt1u44zU31"
REFRESH = "5Aep861TSESvWeug_xvFHRBTTbf_YrTWgEyjBJrfNJhS2CvuyoqYbLMx5xX9fZ0d2n4TVKqxTKF7zQm1"
KEY = "3MVG9bg.6LCrQxJqnmz11Hyv00g1ekeb5g.NMFEYFGTVPSGDIXCTFORNIMxYz.1234567890abcd"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIzTVZHOSIsInN1YiI6ImFAYi5jIn0.c2lnbmF0dXJlX2FuZF9tb3Jl"
CODE = "aPrxGfV7WpWWFnEHqst_Stl_FyuCAgbsneQ6zSM2DJPi228_A_tXCg8ztb1cPKimwp8ENHaGvg%3D%3D"
# Written in two halves, so that a scanner of this repository does not take the fakes for real ones.
BOT = "xoxb" + "-2134567890-2134567890123-AbCdEfGhIjKlMnOpQrStUvWx"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7Zx+/=\nabcDEF123\n-----END RSA PRIVATE KEY-----"

BY_FORM = {
    SESSION: Secret.SESSION_ID,
    REFRESH: Secret.REFRESH_TOKEN,
    KEY: Secret.CONSUMER_KEY,
    JWT: Secret.JWT,
    CODE: Secret.AUTHORIZATION_CODE,
    BOT: Secret.OTHER_TOKEN,
    PEM: Secret.PRIVATE_KEY,
}

# In halves, too, and of invented letters.
_MIXED = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"
_SAML = "PHNhbWxwOlJlc3BvbnNlIElEPSJfMWEyYjNjIiBWZXJzaW9uPSIyLjAiPjwvc2FtbHA6UmVzcG9uc2U+"
_PKCS8 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R"
_PKCS1 = "MIIEpAIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun"
ISSUED_BY_OTHERS = {
    "GitHub's fine-grained": ("github" + "_pat_11ABCDEFG0_" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "GitHub's": ("ghp" + "_" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "GitLab's": ("glpat" + "-" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "GitLab's of a runner": ("glrt" + "-" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "Atlassian's": ("ATATT3" + "xFfGF0" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "Bitbucket's": ("ATBB" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "of a language model": ("sk" + "-proj-" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "Stripe's": ("sk" + "_live_" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "Google's": ("AIza" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "npm's": ("npm" + "_" + _MIXED, "{}", Secret.OTHER_TOKEN),
    "SendGrid's": ("SG" + ".Ab1Cd2Ef3Gh4Ij5Kl6Mn7." + _MIXED, "{}", Secret.OTHER_TOKEN),
    "Slack's webhook": ("T0123ABCD/B0123ABCD/" + _MIXED, "https://hooks.slack.com/services/{}", Secret.WEBHOOK),
    "where Slack takes answers": (
        "T0123ABCD/1234567890/" + _MIXED,
        "https://hooks.slack.com/commands/{}",
        Secret.WEBHOOK,
    ),
    "the same in a trace": (
        "T0123ABCD/1234567890/" + _MIXED,
        "HTTPSConnectionPool(host='hooks.slack.com', port=443): Max retries exceeded with url: /actions/{} (Caused",
        Secret.WEBHOOK,
    ),
    "a workflow's trigger": ("T0123ABCD/1234567890/" + _MIXED, "hooks.slack.com/triggers/{}", Secret.WEBHOOK),
    "a workflow's webhook": (
        "T0123ABCD/A0123ABCD/1234567890/" + _MIXED,
        "hooks.slack.com/workflows/{}",
        Secret.WEBHOOK,
    ),
    "the door of Socket Mode": (
        "12345678-abcd-4321-aaaa-1234567890ab",
        "wss://wss-primary.slack.com/link/?ticket={}&app_id=1",
        Secret.OTHER_TOKEN,
    ),
    "a login by a link": (
        _MIXED + "%3D%3D",
        "https://acme.my.salesforce.com/secur/frontdoor.jsp?otp={}&startURL=%2F",
        Secret.SESSION_ID,
    ),
    "the same behind another": (_MIXED, "frontdoor.jsp?startURL=%2F&amp;otp={} there", Secret.SESSION_ID),
    "the same in an address": (_MIXED, "x?u=https%3A%2F%2Fa%2Ffrontdoor.jsp%3Fotp%3D{} there", Secret.SESSION_ID),
    "SAML's answer": (_SAML, "SAMLResponse={}", Secret.JWT),
    "SAML's answer in a log": (_SAML, '"saml_response": "{}"', Secret.JWT),
    "a key without its frame": (_PKCS8, "key is {} there", Secret.PRIVATE_KEY),
    "an older one": (_PKCS1 + "\n" + _MIXED, "{}", Secret.PRIVATE_KEY),
}


@pytest.mark.parametrize(("secret", "template", "kind"), ISSUED_BY_OTHERS.values(), ids=ISSUED_BY_OTHERS.keys())
def test_what_others_issue_is_masked_by_its_form(secret: str, template: str, kind: Secret) -> None:
    for said in (template, f"see {template}", f"a\n{template}\nb"):
        found = redact(said.format(secret))

        assert (found.text, found.secrets) == (said.format(MASK), (kind,))


@pytest.mark.parametrize(
    "text",
    [
        "https://hooks.slack.com/services/",
        "/services/data/v60.0/tooling/query, /services/Soap/u/60.0/00D000000000001",
        "frontdoor.jsp answers with 403, and otp= stands nowhere",
        "SAML Response: the audience does not match. SAML assertion invalid, ask your identity provider",
        "MIIDXTCCAkWgAwIBAgIJAKL0UG+mRKSzMA0GCSqGSIb3DQEBCwUAMEUxCzAJBgNVBAYTAkFV",  # a certificate is for everybody
        "glad-you-asked-about-it, a task-force-of-the-people-who-know-about-connected-apps",
        "risk-assessment-of-the-connected-apps-in-all-of-our-orgs",
        "密码无效。 비밀번호를 다시 입력하십시오. Неверный пароль. Glemt adgangskode? Salasana on väärä. Fel lösenord",
        "密码：在这里输入您的密码。 安全令牌:从受信任 IP 以外登录时附加",
        "パスワード：ここに入力 รหัสผ่าน: ป้อนรหัสผ่านอีกครั้ง 비밀번호: 다시",
    ],
)
def test_what_only_resembles_it_stays(text: str) -> None:
    assert redact(text).text == text


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "alone": str,
    "in a sentence": lambda secret: f"my token is {secret} and it fails",
    "in json": lambda secret: json.dumps({"value": secret}),
    "in escaped json": lambda secret: json.dumps({"body": json.dumps({"value": secret})}),
    "in a header": lambda secret: f"Authorization: Bearer {secret}\nHost: x",
    "in a query": lambda secret: f"https://x.test/cb?access_token={secret}&error=invalid_grant",
    "in an encoded address": lambda secret: f"https://x.test/?back={quote(f'https://y.test/?t={secret}&u=1', safe='')}",
    "in a python call": lambda secret: f"Salesforce(session_id='{secret}', instance_url='https://x.test')",
    "on a command line": lambda secret: f"sf org login access-token --token {secret} --no-prompt",
    "in quotes": lambda secret: f"“{secret}”",
    "in slack's code": lambda secret: f"`{secret}`",
    "in slack's link": lambda secret: f"<https://x.test/?sid={secret}|the page>",
    "in html": lambda secret: f"<td>{secret}</td>",
    "in bold": lambda secret: f"*{secret}*",
}


def _survives(secret: str, text: str) -> bool:
    """Whether any piece of a secret long enough to help a thief stands in a text."""
    return any(secret[at : at + 12] in text for at in range(max(1, len(secret) - 11)))


@pytest.mark.parametrize("wrapping", WRAPPINGS.values(), ids=WRAPPINGS.keys())
@pytest.mark.parametrize(("secret", "kind"), BY_FORM.items(), ids=lambda value: str(value)[:10])
def test_a_secret_of_known_form_is_masked_however_it_is_wrapped(
    secret: str, kind: Secret, wrapping: Callable[[str], str]
) -> None:
    result = redact(wrapping(secret))

    assert not _survives(secret, result.text), result.text
    assert len(result.secrets) == 1
    assert result.secrets[0] is kind or result.secrets[0] in (Secret.ACCESS_TOKEN, Secret.SESSION_ID)


PASSWORD = "k7#Vq9zLm2"
BY_NAME = {
    "python keyword": "Salesforce(username='a@b.c', password='{}', domain='test')",
    "json": '{{"username": "a@b.c", "password": "{}"}}',
    "escaped json": '"{{\\"password\\":\\"{}\\"}}"',
    "query": "grant_type=password&username=a%40b.c&password={}&client_id=x",
    "encoded query": "https%3A%2F%2Fx%3Fpassword%3D{}%26client_id%3Dx",
    "yaml": "password: {}",
    "environment": "export SF_PASSWORD={}",
    "quoted environment": 'SF_PASSWORD="{}"',
    "option": "tool login --username a@b.c --password {} --json",
    "option with equals": "tool login --password={}",
    "java property": "-Dsf.password={} -jar x.jar",
    "xml": "<urn:password>{}</urn:password>",
    "escaped xml": "&lt;password&gt;{}&lt;/password&gt;",
    "ruby hash": ":password => '{}', :host => 'x'",
    "client secret": "client_secret={}",
    "camel case": '"clientSecret":"{}"',
    "security token": "security_token='{}'",
    "security token in camels": '"securityToken" : "{}"',
    "curl user": "curl -u admin:{} https://x.test",
    "address": "https://admin:{}@x.test/path",
    "refresh token": "refresh_token={}&grant_type=refresh_token",
    "cookie": "Cookie: oid=1; sid={}; path=/",
    "basic": "Authorization: Basic {}",
    "code verifier": "code_verifier={}",
    "smart quotes": "password: “{}”",
    "talk": "my password is {}",
    "bold name": "*password:* {}",
    "bold name before the colon": "*password*: {}",
    "next line": "Password:\n{}\n",
    "table": "| Password | {} |",
    "german": "Das Passwort lautet {}",
    "spanish": "contraseña: {}",
    "wide colon": "パスワード：{}",
    "short name": "user a@b.c pw: {}",
    "danish": "adgangskode: {}",
    "finnish": "Salasana: {}",
    "norwegian": "passord: {}",
    "swedish": "Lösenord: {}",
    "russian": "Пароль: {}",
    "chinese": "密码：{}",
    "traditional chinese": "密碼: {}",
    "korean": "비밀번호: {}",
    "thai": "รหัสผ่าน: {}",
    "chinese in json": '{{"\\u5bc6\\u7801": "{}"}}',
    "security token in chinese": "安全标记: {}",
    "pass in the environment": "export DB_PASS={}",
    "pass in yaml": "smtp:\n  pass: {}",
    "pass in json": '{{"user": "a@b.c", "pass": "{}"}}',
    "azure's storage": "AccountName=acme;AccountKey={};EndpointSuffix=core",
    "azure's header": "Ocp-Apim-Subscription-Key: {}",
    "a signed request": "signed_request={}&user=a",
    "saml's signature": "<ds:SignatureValue>{}</ds:SignatureValue>",
    "an answer": "Security answer: {}",
    "security token in korean": "보안 토큰: {}",
}


@pytest.mark.parametrize("template", BY_NAME.values(), ids=BY_NAME.keys())
def test_a_named_secret_is_masked_and_the_rest_stays(template: str) -> None:
    text = template.format(PASSWORD)

    result = redact(text)

    assert result.text == text.replace(PASSWORD, MASK)
    assert len(result.secrets) == 1


def test_a_password_of_signs_alone_is_masked() -> None:
    assert redact("password: #$%^&*!@").text == f"password: {MASK}"


def test_code_and_state_of_an_oauth_address_are_masked_and_its_error_stays() -> None:
    address = "http://localhost:1717/OauthRedirect?error=access_denied&code=abc1&state=5e46&error_description=no+way"

    result = redact(address)

    assert result.text == address.replace("abc1", MASK).replace("5e46", MASK)


def test_a_token_that_slack_made_a_link_of_is_masked_whole() -> None:
    split = SESSION.replace("LVpxezPwuX5V", "<http://LVpxezPw.io|LVpxezPw.io>X5V")

    assert not _survives("AIrrbbHMuol7GQxnMeYMN7cj8", redact(f"sid {split} there").text)


def test_a_token_wrapped_over_two_lines_is_masked_whole() -> None:
    wrapped = SESSION[:60] + "\n" + SESSION[60:]

    assert not _survives(SESSION[60:], redact(wrapped).text)


@pytest.mark.parametrize("name", ["client_secret=", "security token ", "private key:\n"])
@pytest.mark.parametrize("length", [280, 300, 301, 3000])
@pytest.mark.parametrize("at_the_edge", ["a9", ".)", "=="])
def test_a_long_named_secret_is_masked_whole(name: str, length: int, at_the_edge: str) -> None:
    secret = ("Zk7Qx2" * 500)[:298] + at_the_edge + ("m4Kw9T" * 500)[:length]

    assert redact(f"{name}{secret} and more").text == f"{name}{MASK} and more"


def test_an_address_with_a_masked_password_holds_no_secret() -> None:
    assert redact(f"https://admin:{MASK}@x.test").secrets == ()


def test_a_private_key_that_was_cut_off_is_masked_to_its_end() -> None:
    assert redact(f"key: {PEM[:60]}").text == f"key: {MASK}"


UNHARMED = [
    "Invalid username, password, security token; or user locked out.",
    "INVALID_SESSION_ID: Session expired or invalid",
    '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]',
    "{'error': 'invalid_grant', 'error_description': 'expired access/refresh token'}",
    "error=invalid_client&error_description=app+must+be+installed+into+org",
    "https://acme--uat.sandbox.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home",
    "org 00D5g000004CYAbEAO, user 0055g00000AbCdEAAV, app 0H4xx0000000001",
    "exit code=1 state=done",
    "https://x.test/callback?error=access_denied&state=1&code=404",
    "The password policy: users must change it every 90 days.",
    "password: expired",
    "grant_type=refresh_token",
    "password=password, client_secret=client_secret",
    "security_token=os.environ['SF_TOKEN']",
    "password: ${SF_PASSWORD}",
    '"token_type": "Bearer", "instance_url": "https://x.my.salesforce.com"',
    "OAUTH_APP_BLOCKED: this app is blocked by admin",
    "State: Berlin; code: 404",
    "let's meet at basic training, bearer of news",
    "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "The token: expired. The secret: unknown.",
    "| password | string | required |",
    "| `client_secret` | The secret of the app |",
    "Password:\nReset it in Setup",
    "pass: 12, fail: 3; the first pass: all green; bypass: x2y3z4w5; let it pass to a1b2c3d4e5",
    "tests pass at 4f9a8b7c6d5e",
    "the password is wrong, the security token is missing",
    "oauth2: cannot fetch token: 401 Unauthorized",
    "App installation token: 403 Resource not accessible by integration",
    "failed to verify ID token: oidc: id token issued by a different provider",
    'WWW-Authenticate: Bearer error="insufficient_scope", scope="api"',
    "Plan for JWT bearer instead. It needs no browser.",
    "Authorization code: 15 minutes at most",
    "def connect(refresh_token: Optional[str], session_id: str | None) -> None:",
    'auth.refresh(refresh_token=store["refresh"])',
    "exchange(code, client_secret=sec)",
    "expect(url).toContain(`client_id=child_client_id_1`)",
    "processed session termination for sessionid: 0x24ee30a54f50019",
    MASK,
]


@pytest.mark.parametrize("text", UNHARMED)
def test_ordinary_text_is_not_harmed(text: str) -> None:
    assert redact(text).text == text


def test_no_text_of_the_guidance_is_harmed() -> None:
    guidance = load()[0]
    texts = [text for entry in guidance.entries for text in (entry.title, entry.cause, *entry.steps, *entry.tips)]
    texts += [wording for pattern in guidance.patterns for wording in pattern.text.split("|")]  # never adjacent

    assert [text for text in texts if redact(text).text != text] == []


# --- properties ------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *UNHARMED,
        "lunch",
        "&",
        "%26",
        "\\u0026",
        "<b>",
        "”",
        "'",
        "\n",
        "=",
        ":",
        "{",
        "}",
        "password",
        "code=",
    ]
)
SECRETS = st.sampled_from([*BY_FORM, *(template.format(PASSWORD) for template in BY_NAME.values())])


@given(st.lists(st.one_of(WORDS, SECRETS), max_size=12), st.sampled_from([" ", "\n", ", "]))
def test_no_planted_secret_survives_in_any_company(pieces: list[str], between: str) -> None:
    result = redact(between.join(pieces))

    for secret in BY_FORM:
        assert not _survives(secret, result.text)


@given(st.lists(st.one_of(WORDS, SECRETS, st.text(max_size=8)), max_size=12).map(" ".join))
def test_redacting_again_changes_nothing(text: str) -> None:
    once = redact(text)

    assert redact(once.text).text == once.text
    assert redact(once.text).secrets == ()


@given(st.text(alphabet="abc ,.:;'\"&%=<>\\{}[]!?-_\n0D", max_size=300))
def test_text_without_names_or_tokens_is_not_harmed(text: str) -> None:
    assert redact(text).text == text


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from(
        [
            "password",
            "password=",
            "00D",
            "00Dxx0000001gPL!",
            "eyJ",
            "eyJabcdefg.",
            "Bearer ",
            "--token ",
            "<password>",
            "-----BEGIN PRIVATE KEY-----",
            "&code=",
            "https://a:",
            '\\\\"',
            "sid=\\",
            "%26",
            "code=%26",
            "security_",
            "a\\u0026",
            "password a ",
            "user,password\n",
            "| token ",
            "security token (",
            "sid\n\n",
            "password > <a>",
            "Passwort\u200b ",
        ]
    )
)
def test_the_cost_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        start = time.process_time()
        redact(text)
        return time.process_time() - start

    short = min(seconds(5_000) for _ in range(2))
    long = min(seconds(20_000) for _ in range(2))

    assert long < 12 * short + 0.02


NAMES = (
    *("pass", "security answer", "account key", "subscription key", "signing key", "master_key"),
    *(
        "signatureValue",
        "signed_request",
        "password",
        "passwort",
        "passwd",
        "passphrase",
        "pwd",
        "pw",
        "Kennwort",
        "wachtwoord",
        "mot de passe",
    ),
    *("contrasena", "contrase\\u00f1a", "contraseña", "senha", "\\u30d1スワード", "パスワード"),
    *("SECURITY_TOKEN", "sicherheitstoken", "token de seguridad", "token de seguranca", "jeton de securite"),
    *("access key", "secretAccessKey", "x-api-key", "encryption_key", "client_secret", "app-secret", "secret key"),
    *("client_id", "consumerKey", "client key", "refresh token", "session id", "sid", "sid_client", "session_token"),
    *("access_token", "bearer token", "id_token", "client_assertion", "assertion", "jwt", "code_verifier"),
    *("authorization code", "authcode", "private key", "token", "\u212aennwort", "pa\u017fswort", "s\u0131d"),
)


@pytest.mark.parametrize("name", NAMES)
def test_the_cheap_look_misses_no_name(name: str) -> None:
    assert NAME.fullmatch(folded(name))
    assert may_be_named(f"my {name} is")


def test_the_cheap_look_spares_ordinary_chat() -> None:
    assert not may_be_named("lunch at twelve? I can book the table for six")


@given(st.text())
def test_folding_a_text_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)
