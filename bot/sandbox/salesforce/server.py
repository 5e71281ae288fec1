"""The built-in Salesforce: real HTTP on loopback, one org for each My Domain host, and faults to switch on.

It holds records, checks logins as the token endpoint does, and answers questions from the records; what follows from
them is for the assistant to find out.
"""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.domain.model import Credentials, Login, Org
from bot.domain.orgs.logins import WAYS
from bot.domain.orgs.my_domain import is_sandbox_host
from bot.sandbox.salesforce.changes import OrgWriter
from bot.sandbox.salesforce.composite import batch
from bot.sandbox.salesforce.faults import NO_FAULT, OrgFault
from bot.sandbox.salesforce.http import HttpAnswer, Request, SalesforceHttpServer
from bot.sandbox.salesforce.oauth import AUTHORIZE_PATH, REVOKE_PATH, SHARED_HOSTS, BrowserFlow, Refusal, identity
from bot.sandbox.salesforce.orgs import CONNECTION_USER, BuiltInOrg, built_in_orgs
from bot.sandbox.salesforce.setup.look_alike import SetupLookAlike
from bot.sandbox.salesforce.setup_apis import METADATA_PATH, metadata, tooling
from bot.sandbox.salesforce.writes import PATH as RECORD_PATH
from bot.sandbox.salesforce.writes import WriteRefusedError, write

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, not a secret
_ENDED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


@cache
def _key() -> rsa.RSAPrivateKey:
    """The key pair of every JWT login here; making one takes longer than starting all the rest."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class _State:
    """What changes while the server runs; guarded by one lock."""

    faults: dict[str, OrgFault] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    ended: dict[str, object] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)


class BuiltInSalesforce:
    """The built-in orgs behind ``http://127.0.0.1:<port>``. Use it as a context manager, or start and stop it.

    Their records are as of ``now``; ``clock`` is asked when something changes them.
    """

    def __init__(self, now: datetime, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.orgs = {org.host: org for org in built_in_orgs(now)}
        self._key = _key()
        self.client_id = f"3MVG9{secrets.token_urlsafe(24)}"
        self.client_secret = secrets.token_hex(32)
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._state = _State()
        self.browser = BrowserFlow(self.client_id, self.client_secret, self._new_session, self._end)
        self._look_alike = SetupLookAlike(self.orgs, self.writing)
        self._server = SalesforceHttpServer(self)

    # --- running ---

    def start(self) -> BuiltInSalesforce:
        """Serve from a daemon thread."""
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="built-in-salesforce", daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Close the port; calls that hang are let go."""
        self._server.released.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> BuiltInSalesforce:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- for the adapter ---

    def route(self, url: str) -> str:
        """Where a Salesforce address is served here."""
        parts = urlsplit(url)
        return parts._replace(scheme="http", netloc=f"127.0.0.1:{self._server.server_port}").geturl()

    def browse(self, url: str) -> str:
        """Where a browser finds a Salesforce address served here: it cannot keep the ``Host`` header."""
        parts = urlsplit(url)
        return self.route(parts._replace(path=f"/~{parts.netloc}{parts.path}").geturl())

    def page_for(self, url: str) -> str | None:
        """The look-alike of a page of Setup, Salesforce's login or Flosum that the bot links to; None where none is."""
        found = self._look_alike.served_at(url)
        return self.browse(found) if found else None

    def built_in(self, workspace: str) -> list[tuple[Org, Credentials]]:
        """Every built-in org as a workspace would have connected it."""
        with_secret = Credentials(self.client_id, consumer_secret=self.client_secret)
        with_key = Credentials(self.client_id, private_key=self.private_key)
        connected = []
        for org in self.orgs.values():
            username = org.username if WAYS[org.login].names_user else None
            # Whoever connected the sandboxes let the assistant grant access in them; in production it only reads.
            allowed = is_sandbox_host(org.host)
            known = Org(workspace, org.name, org.host, org.login, username, grants_allowed=allowed)
            connected.append((known, with_secret if org.login is Login.CLIENT_CREDENTIALS else with_key))
        return connected

    @property
    def private_key(self) -> str:
        """The PEM whose certificate the orgs know."""
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    # --- changing an org ---

    @contextmanager
    def writing(self, host: str, by: str) -> Iterator[OrgWriter]:
        """Change the records of the org at ``host`` as the user with the id ``by``; what fails changes nothing."""
        with self._changing:
            writer = OrgWriter(self.orgs[host].database, by, self.clock())
            yield writer
            self.orgs[host] = replace(self.orgs[host], database=writer.records)

    # --- for tests ---

    def break_org(self, name: str, fault: OrgFault) -> None:
        """Let every call to the org ``name`` meet ``fault`` until it is mended."""
        with self._lock:
            self._state.faults[self._host(name)] = fault

    def let_go(self) -> None:
        """Let calls that hang go on, and hang none from now on."""
        self._server.released.set()

    def mend(self, name: str) -> None:
        """Switch the faults of the org ``name`` off."""
        with self._lock:
            self._state.faults.pop(self._host(name), None)

    def end_sessions(self, name: str, body: object = None) -> None:
        """End all sessions of the org ``name``; ``body`` is what its 401 says (a str goes out as plain text)."""
        host = self._host(name)
        with self._lock:
            self._state.ended[host] = _ENDED if body is None else body
            self._state.sessions = {key: at for key, at in self._state.sessions.items() if at != host}

    def change(self, name: str, **changes: object) -> None:
        """Replace fields of the org ``name``: its database, its refusal."""
        host = self._host(name)
        self.orgs[host] = replace(self.orgs[host], **changes)  # type: ignore[arg-type]

    def move(self, name: str, to: str) -> None:
        """Give the org ``name`` another My Domain; calls to the old one still arrive, as Salesforce forwards them."""
        host = self._host(name)
        self.orgs[to] = replace(self.orgs.pop(host), host=to)
        self.browser.move(host, to)
        with self._lock:
            self._state.moved = {**{old: to if at == host else at for old, at in self._state.moved.items()}, host: to}
            self._state.moved.pop(to, None)
            self._state.sessions = {key: at for key, at in self._state.sessions.items() if at != host}

    @property
    def requests(self) -> list[Request]:
        """The calls so far, oldest first."""
        with self._lock:
            return list(self._state.requests)

    def _host(self, name: str) -> str:
        return next(host for host, org in self.orgs.items() if org.name == name)

    # --- answering ---

    def fault_for(self, request: Request) -> OrgFault:
        """Note the call, and say what it is to suffer."""
        with self._lock:
            self._state.requests.append(request)
            fault = self._state.faults.get(request.host, NO_FAULT)
        return fault if fault.hits(request.path) else NO_FAULT

    def answer(self, request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer:
        """What the org behind the request's host says."""
        page = self._seen_in_a_browser(request, headers, body)
        return page or self._told_by_the_api(request, headers, body)

    def _seen_in_a_browser(self, request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer | None:
        """What a person sees; None where it is what the bot's own login sees too."""
        if request.door is None:
            return None
        if request.door in self._doors:
            return self._look_alike.answer(request, headers, body)
        # Another name that leads to loopback is how a page from elsewhere would get to ours.
        return HttpAnswer(421, "This server answers to 127.0.0.1 only.", content_type="text/plain")

    @property
    def _doors(self) -> set[str]:
        return {f"{name}:{self._server.server_port}" for name in ("127.0.0.1", "localhost")}

    def _told_by_the_api(self, request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer:
        if request.path == AUTHORIZE_PATH:
            return self.browser.authorize(request, self.orgs)
        form = dict(parse_qsl(body.decode())) if request.path in (TOKEN_PATH, REVOKE_PATH) else {}
        org = self.orgs.get(self._state.moved.get(request.host, request.host))
        if org is None and request.host not in SHARED_HOSTS:
            return HttpAnswer(404, "<html><body>No such My Domain</body></html>")
        if request.path == REVOKE_PATH:
            return self.browser.revoke(form)
        if request.path == TOKEN_PATH:
            return self._token(org, headers, form)
        if org is None:
            return HttpAnswer(404, "<html><body>Nothing here</body></html>")
        return self._data(org, request, headers, body)

    def _data(self, org: BuiltInOrg, request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer:
        if request.method == "POST" and request.path.startswith(METADATA_PATH):
            return metadata(org, body.decode(), lambda session: self._in_session(org, session))
        if not self._in_session(org, headers.get("authorization", "").removeprefix("Bearer ")):
            return HttpAnswer(401, self._state.ended.get(org.host, _ENDED))
        used = {"Sforce-Limit-Info": "api-usage={}/{}".format(*org.api_usage)}
        return replace(self._in_rest(org, request, body), headers=used)

    def _in_rest(self, org: BuiltInOrg, request: Request, body: bytes) -> HttpAnswer:
        """What the REST API says within a session."""
        if request.path.endswith("/tooling/query"):
            return tooling(org, request.query)
        if request.method == "POST" and request.path.endswith("/composite/batch"):
            return batch(org, body)
        if RECORD_PATH.fullmatch(request.path):
            return self._written(org.host, request, body)
        return HttpAnswer(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])

    def _written(self, host: str, request: Request, body: bytes) -> HttpAnswer:
        try:
            with self.writing(host, CONNECTION_USER) as writer:
                return write(writer, request.method, request.path, body)
        except WriteRefusedError as refused:
            return refused.answer

    def _token(self, org: BuiltInOrg | None, headers: dict[str, str], form: dict[str, str]) -> HttpAnswer:
        tokens = self._granted(org, headers, form)
        if isinstance(tokens, tuple):
            return HttpAnswer(400, {"error": tokens[0], "error_description": tokens[1]})
        return HttpAnswer(200, tokens)

    def _granted(
        self, org: BuiltInOrg | None, headers: dict[str, str], form: dict[str, str]
    ) -> dict[str, str] | Refusal:
        grant = form.get("grant_type", "")
        if grant in ("authorization_code", "refresh_token"):
            tokens = self.browser.exchange(form) if grant == "authorization_code" else self.browser.refresh(form)
            return tokens if isinstance(tokens, tuple) else {**tokens, "id": identity(self.orgs[tokens.pop("host")])}
        if org is None:
            return "invalid_grant", "request not supported on this domain"
        if refusal := org.refusal or self._refusal(org, headers, form):
            return refusal
        return {"access_token": self._new_session(org.host), "instance_url": f"https://{org.host}"}

    def _new_session(self, host: str) -> str:
        session = f"{self.orgs[host].organization_id[:15]}!{secrets.token_urlsafe(48)}"
        with self._lock:
            self._state.sessions[session] = host
        return session

    def _end(self, sessions: Sequence[str]) -> None:
        with self._lock:
            for session in sessions:
                self._state.sessions.pop(session, None)

    def _refusal(self, org: BuiltInOrg, headers: dict[str, str], form: dict[str, str]) -> Refusal | None:
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            good = headers.get("authorization") == f"Basic {expected}"
            return None if good else ("invalid_client", "invalid client credentials")
        if grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._refused_assertion(org, form.get("assertion", ""))
        return "unsupported_grant_type", "grant type not supported"

    def _refused_assertion(self, org: BuiltInOrg, assertion: str) -> tuple[str, str] | None:
        audience = "https://test.salesforce.com" if ".sandbox." in org.host else "https://login.salesforce.com"
        try:
            claims = jwt.decode(
                assertion, self._key.public_key(), algorithms=["RS256"], audience=audience, issuer=self.client_id
            )
        except jwt.InvalidAudienceError:
            return "invalid_grant", "audience is invalid"
        except jwt.InvalidTokenError:
            return "invalid_grant", "invalid assertion"
        return None if claims.get("sub") == org.username else ("invalid_grant", "user hasn't approved this consumer")

    def _in_session(self, org: BuiltInOrg, session: str) -> bool:
        with self._lock:
            return self._state.sessions.get(session) == org.host
