"""The built-in orgs' web server flow: authorize, code with PKCE, refresh tokens that rotate, revoke."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from bot.sandbox.salesforce.http import HttpAnswer, Request
from bot.sandbox.salesforce.orgs import CONNECTION_USER, BuiltInOrg
from bot.sandbox.salesforce.setup.drawing import macros, page

AUTHORIZE_PATH = "/services/oauth2/authorize"
REVOKE_PATH = "/services/oauth2/revoke"
SHARED_HOSTS = ("login.salesforce.com", "test.salesforce.com")

Refusal = tuple[str, str]
_EXPIRED: Refusal = ("invalid_grant", "expired access/refresh token")


@dataclass(slots=True)
class _Grant:
    """What one person allowed: the refresh token that works now, and everything that came of it."""

    host: str
    token: str | None = None
    sessions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Code:
    """An authorization code's memory."""

    host: str
    redirect_uri: str
    challenge: str
    refreshable: bool


class BrowserFlow:
    """One External Client App in every built-in org. ``callbacks`` are the callback URLs that it was given.

    ``begin`` starts a session of an org and gives its id; ``end`` ends some. ``rotates`` is the app's setting.
    """

    def __init__(
        self, client_id: str, client_secret: str, begin: Callable[[str], str], end: Callable[[Sequence[str]], None]
    ) -> None:
        self.callbacks: set[str] = set()
        self.rotates = True
        self.refreshes = 0
        self._client = (client_id, client_secret)
        self._begin = begin
        self._end = end
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}
        self._grants: dict[str, _Grant] = {}

    # --- the browser ---

    def authorize(self, request: Request, orgs: Mapping[str, BuiltInOrg]) -> HttpAnswer:
        """The page that a person's browser is sent to; a My Domain approves at once, unless its org refuses."""
        asked = dict(parse_qsl(request.query))
        if problem := self._wrong_app(asked):
            return _page(400, Markup("<p>error={}&amp;error_description={}</p>").format(*problem))
        org = orgs.get(asked.get("login_as", request.host))
        if "deny" in asked:
            return _back(asked, error="access_denied", error_description="end-user denied authorization")
        if org is None:
            return _choice(request, orgs)
        if refusal := org.browser_refusal or _wrong_request(asked):
            return _back(asked, error=refusal[0], error_description=refusal[1])
        return _back(asked, code=self._code(org, asked))

    def _wrong_app(self, asked: Mapping[str, str]) -> Refusal | None:
        if asked.get("client_id") != self._client[0]:
            return "invalid_client_id", "client identifier invalid"
        if asked.get("redirect_uri") not in self.callbacks:
            return "redirect_uri_mismatch", "redirect_uri must match configuration"
        return None

    def _code(self, org: BuiltInOrg, asked: Mapping[str, str]) -> str:
        code = f"aPrx{secrets.token_urlsafe(32)}=="
        refreshable = "refresh_token" in asked.get("scope", "").split()
        with self._lock:
            self._codes[code] = _Code(org.host, asked["redirect_uri"], asked["code_challenge"], refreshable)
        return code

    # --- the bot ---

    def exchange(self, form: Mapping[str, str]) -> dict[str, str] | Refusal:
        """Tokens for a code, once."""
        with self._lock:
            code = self._codes.pop(form.get("code", ""), None)
        if refusal := self._wrong_client(form):
            return refusal
        if code is None:
            return "invalid_grant", "expired authorization code"
        if form.get("redirect_uri") != code.redirect_uri:
            return "redirect_uri_mismatch", "redirect_uri must match configuration"
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
            return "invalid_grant", "invalid code verifier"
        return self._tokens(_Grant(code.host), refreshable=code.refreshable)

    def refresh(self, form: Mapping[str, str]) -> dict[str, str] | Refusal:
        """Fresh tokens for a refresh token. One that was replaced before ends everything that came of it."""
        with self._lock:
            self.refreshes += 1
            grant = self._grants.get(form.get("refresh_token", ""))
        if refusal := self._wrong_client(form):
            return refusal
        if grant is None or grant.token is None:
            return _EXPIRED
        if grant.token != form["refresh_token"]:
            self._revoke(grant)
            return _EXPIRED
        return self._tokens(grant, refreshable=self.rotates)

    def revoke(self, form: Mapping[str, str]) -> HttpAnswer:
        """End what a token opens."""
        with self._lock:
            grant = self._grants.get(form.get("token", ""))
        if grant is None or grant.token is None:
            return HttpAnswer(
                400, {"error": "unsupported_token_type", "error_description": "this token is not supported"}
            )
        self._revoke(grant)
        return HttpAnswer(200, "")

    def expire(self, host: str) -> None:
        """End every grant of an org, as an administrator does with Revoke All."""
        for grant in {id(grant): grant for grant in self._grants.values() if grant.host == host}.values():
            self._revoke(grant)

    def move(self, host: str, to: str) -> None:
        """Let every grant of an org follow it to its new host."""
        for grant in self._grants.values():
            grant.host = to if grant.host == host else grant.host

    def live(self, host: str) -> int:
        """How many grants of an org still work."""
        grants = {id(grant): grant for grant in self._grants.values() if grant.host == host}
        return sum(grant.token is not None for grant in grants.values())

    def _wrong_client(self, form: Mapping[str, str]) -> Refusal | None:
        if form.get("client_id") != self._client[0]:
            return "invalid_client_id", "client identifier invalid"
        return (
            None if form.get("client_secret") == self._client[1] else ("invalid_client", "invalid client credentials")
        )

    def _tokens(self, grant: _Grant, *, refreshable: bool) -> dict[str, str]:
        session = self._begin(grant.host)
        tokens = {"access_token": session, "instance_url": f"https://{grant.host}", "token_type": "Bearer"}
        with self._lock:
            grant.sessions.append(session)
            if refreshable:
                grant.token = f"5Aep{secrets.token_urlsafe(48)}"
                self._grants[grant.token] = grant
                tokens["refresh_token"] = grant.token
        return tokens | {"host": grant.host}

    def _revoke(self, grant: _Grant) -> None:
        grant.token = None
        self._end(grant.sessions)


def identity(org: BuiltInOrg) -> str:
    """The ``id`` of a token answer: the org and the user that it is for."""
    login = SHARED_HOSTS[1] if ".sandbox." in org.host else SHARED_HOSTS[0]
    return f"https://{login}/id/{org.organization_id}/{CONNECTION_USER}"


def _wrong_request(asked: Mapping[str, str]) -> Refusal | None:
    if asked.get("response_type") != "code":
        return "unsupported_response_type", "response type not supported"
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        return "invalid_request", "missing required code challenge"
    return None


def _back(asked: Mapping[str, str], **answer: str) -> HttpAnswer:
    query = urlencode(answer | ({"state": asked["state"]} if "state" in asked else {}))
    return HttpAnswer(302, "", location=f"{asked['redirect_uri']}?{query}")


def _choice(request: Request, orgs: Mapping[str, BuiltInOrg]) -> HttpAnswer:
    """What login.salesforce.com and test.salesforce.com ask first: who are you?"""
    sandboxes = request.host == SHARED_HOSTS[1]
    lines = Markup().join(
        Markup('<li><a href="?{}&amp;login_as={}">{}</a></li>').format(request.query, org.host, org.username)
        for org in orgs.values()
        if (".sandbox." in org.host) is sandboxes
    )
    deny = Markup('<p><a href="?{}&amp;deny=1">Deny</a></p>').format(request.query)
    return _page(200, Markup("<p>Log in and allow access as:</p><ul>{}</ul>{}").format(lines, deny))


def _page(status: int, body: Markup) -> HttpAnswer:
    card = macros().listed("Log in to Salesforce", body, above="Built-in Salesforce")
    return page("Log in to Salesforce", card, "Built-in Salesforce", status)
