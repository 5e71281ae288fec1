"""Salesforce's web server flow by Authlib: the address, the code, fresh tokens, the end. Always with PKCE.

Authlib words the requests and reads the answers; they travel over our own line, which knows time-outs, routes and
errors, so that a refusal here reads like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth
from authlib.oauth2.client import OAuth2Client

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.login import named_host
from bot.adapters.salesforce.refusals import never_renewable
from bot.adapters.salesforce.transport import REVOKE_PATH, TOKEN_PATH, Deadline, Line, Route
from bot.domain.errors import OrgRefused, OrgUnreachable
from bot.domain.model import Credentials, Granted, Org

AUTHORIZE_PATH = "/services/oauth2/authorize"
SCOPE = "api refresh_token"
SECONDS = 15.0
RENEWAL_SECONDS = 18.0
"""A renewal may outlast the check that asked for it: its answer holds the only token that still works."""

_IDENTITY = re.compile(r"https://[^/?#]+/id/(?P<organization>00D[A-Za-z0-9]{15}|00D[A-Za-z0-9]{12})/005[A-Za-z0-9]+")


class _Client(OAuth2Client):  # type: ignore[misc]  # Authlib ships no types
    """Authlib's client over a session that it is given."""

    client_auth_class = OAuth2ClientAuth
    oauth_error_class = OAuth2Session.oauth_error_class


class WebServerFlow:
    """The flow for one External Client App. ``public_url`` says where browsers reach this bot.

    ``browse`` turns the address that a browser is sent to into another, for orgs that are not on the internet.
    """

    def __init__(
        self,
        client_id: str | None,
        client_secret: str | None,
        public_url: Callable[[], str | None],
        *,
        route: Route | None = None,
        browse: Route | None = None,
        ca_bundle: str | None = None,
    ) -> None:
        self._id = client_id
        self._secret = client_secret
        self._public_url = public_url
        self._route = route
        self._browse = browse
        self._ca_bundle = ca_bundle

    def authorize_url(self, host: str, state: str, verifier: str) -> str:
        """Where the person's browser goes. Raises OrgRefused when a setting is missing."""
        url, _ = self._client(None).create_authorization_url(
            f"https://{host}{AUTHORIZE_PATH}", state=state, code_verifier=verifier
        )
        return self._browse(str(url)) if self._browse else str(url)

    def exchange(self, name: str, host: str, code: str, verifier: str) -> Granted:
        """Trade the code for tokens. Raises OrgRefused and OrgUnreachable."""
        with self._line(name, SECONDS) as line:
            url = f"https://{host}{TOKEN_PATH}"
            client = self._client(line)

            def fetched() -> Granted:
                answer = client.fetch_token(url, grant_type="authorization_code", code=code, code_verifier=verifier)
                return _granted(name, answer, self._id or "")

            return failures.sealed(name, fetched)

    def revoke(self, org: Org, credentials: Credentials) -> None:
        """End the refresh token, and with it every session that came of it. Raises OrgUnreachable."""
        token = credentials.refresh_token or credentials.access_token
        if token is None:
            return
        with self._line(org.name, SECONDS) as line:
            client, url = self._client(line), f"https://{org.host}{REVOKE_PATH}"
            failures.sealed(org.name, lambda: client.revoke_token(url, token=token))

    def renewed(self, org: Org, credentials: Credentials) -> Credentials:
        """Fresh tokens for the ones in ``credentials``. Raises OrgRefused and OrgUnreachable."""
        if credentials.refresh_token is None:
            raise never_renewable(org.name)
        with self._line(org.name, RENEWAL_SECONDS) as line:
            client, url, token = self._client(line), f"https://{org.host}{TOKEN_PATH}", credentials.refresh_token
            answer = failures.sealed(org.name, lambda: client.refresh_token(url, refresh_token=token, scope=None))
        # Where refresh tokens rotate the answer holds the next one, and the old one is dead from now on.
        host = named_host(urlsplit(str(answer.get("instance_url"))).hostname, org)
        tokens = {"access_token": answer["access_token"], "refresh_token": answer["refresh_token"]}
        return replace(credentials, **tokens, host=host)

    def _line(self, name: str, seconds: float) -> Line:
        return Line(Deadline.after(seconds, name), self._route, self._ca_bundle)

    def _client(self, line: Line | None) -> Any:
        if not self._id:
            raise OrgRefused("Logins in the browser are not set up here.", "not_configured")
        return _Client(
            session=line,
            client_id=self._id,
            client_secret=self._secret,
            token_endpoint_auth_method="client_secret_post" if self._secret else "none",
            revocation_endpoint_auth_method="none",
            scope=SCOPE,
            redirect_uri=f"{self._public_url()}/salesforce/callback",
            code_challenge_method="S256",
        )


def _granted(name: str, answer: dict[str, Any], client_id: str) -> Granted:
    identity = _IDENTITY.fullmatch(str(answer.get("id", "")))
    host = urlsplit(answer["instance_url"]).hostname or ""
    refresh_token = answer.get("refresh_token")
    if identity is None:
        raise failures.odd(name, "a login that does not say for which org")
    if not isinstance(refresh_token, str):
        raise OrgUnreachable(
            "Salesforce gave no refresh token, so the connection would end within hours. Add the scope "
            "**Perform requests at any time (refresh_token, offline_access)** to this assistant's app, then try again."
        )
    credentials = Credentials(client_id, refresh_token=refresh_token, access_token=answer["access_token"])
    return Granted(host, identity["organization"], credentials)
