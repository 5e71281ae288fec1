"""Errors that appeared or changed in 2025 and 2026, and login pages in other languages: asked and overheard alike."""

from __future__ import annotations

import pytest

from tests.recognition_helpers import MATCHER

NEW = {
    "mcp-not-set-up": (
        "Salesforce MCP: Authorization with the MCP server failed. Reference: ofid_77c0ffee",
        "Salesforce: your account was authorized, but the tool returned an error when connecting",
        'WWW-Authenticate: Bearer error="insufficient_scope", scope="mcp_api refresh_token"',
    ),
    "dev-hub-refuses-app": ("ERROR running org create scratch: C-1016",),
    "identity-verification": (
        "Salesforce: you must register a passkey or a security key to log in",
        "You're trying to log in to Salesforce. First we have to verify your identity.",
    ),
    "device-activation": ("Salesforce asks us for device activation after single sign-on",),
    "refresh-token-expired": ("Salesforce answered invalid_grant: this refresh token has already been used",),
    "assertion-refused": ("Salesforce refuses our SAML assertion, it is signed with Triple DES",),
    "user-has-not-approved-consumer": ("Signing for Salesforce failed with consent_required",),
    "app-blocked": (
        "Salesforce login says this app isn't approved",
        "Login refused: API Access Control blocks the app in Salesforce",
    ),
    "oauth-1-replayed": ("OAuth 1701: Nonce Replay Detected (Salesforce)",),
    "thinks-already-installed": ("Salesforce thinks the connected app is already installed",),
}
LOGIN_PAGES = {
    "invalid-login": (
        "Überprüfen Sie Ihren Benutzernamen und Ihr Kennwort, oder fragen Sie Ihren Salesforce-Administrator.",
        "Veuillez vérifier votre nom d'utilisateur et votre mot de passe, ou voyez votre administrateur Salesforce.",
        "Compruebe su nombre de usuario y contraseña o hable con su administrador de Salesforce.",
        "Verifique seu nome de usuário e senha ou fale com o administrador do Salesforce.",
        "ユーザー名とパスワードを確認してください。Salesforce システム管理者にお問い合わせください。",
        "请检查您的用户名和密码,或联系您的 Salesforce 管理员。",
    ),
    "user-locked": (
        "Salesforce: Ihr Konto wurde gesperrt",
        "Salesforce : votre compte est verrouillé",
        "Salesforce: su cuenta está bloqueada",
        "Salesforce: sua conta está bloqueada",
        "Salesforce: アカウントがロックされています",
        "Salesforce: 您的帐户已锁定",
    ),
    "salesforce-unavailable": (
        "Salesforce: Dienst nicht verfügbar",
        "Salesforce : service indisponible, réessayez plus tard",
        "Salesforce: servicio no disponible",
        "Salesforce: serviço indisponível",
        "Salesforce: サービスは利用できません",
        "Salesforce: 服务不可用",
    ),
    "user-not-admin-approved": ("Salesforce: el usuario no está aprobado por el administrador para la aplicación",),
    "user-has-not-approved-consumer": (
        "Salesforce: Der Benutzer ist vom Administrator nicht für die Anwendung freigegeben",
    ),
}
NEITHER = (
    "Error: ENOENT: no such file or directory, open 'jwt/uat.key' (sf org login jwt)",
    (
        "SalesforceRefusedRequest: Request refused for https://a.my.salesforce.com/services/data/v62.0/sobjects/Case. "
        "Response content: [{'message': 'insufficient access rights on object id', 'errorCode': 'INSUFFICIENT_ACCESS'}]"
    ),
)
_ROWS = [(text, entry) for entry, texts in (NEW | LOGIN_PAGES).items() for text in texts]


@pytest.mark.parametrize("asked", [True, False], ids=["asked", "heard"])
@pytest.mark.parametrize(("text", "expected"), _ROWS)
def test_a_new_error_leads_to_its_entry(text: str, expected: str, *, asked: bool) -> None:
    entry = MATCHER.recognise(text, asked=asked).entry

    assert entry is not None
    assert entry.id == expected


@pytest.mark.parametrize("asked", [True, False], ids=["asked", "heard"])
@pytest.mark.parametrize("text", NEITHER)
def test_what_is_no_login_error_is_left_alone(text: str, *, asked: bool) -> None:
    assert MATCHER.recognise(text, asked=asked).entry is None
