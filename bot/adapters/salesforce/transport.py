"""The line to one org for the length of one check: time-outs on everything, no redirects, no unusable bodies.

simple-salesforce sets no time-out, follows redirects, and stumbles over bodies that are not what it expects (some of
its errors carry the raw body). So it only gets to see answers that were found usable here; whatever else happens on
the line becomes a finished sentence in this one module.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.answers import in_utf8, json_object, login_way, token_answer
from bot.adapters.salesforce.kept_connections import KeptConnections
from bot.adapters.salesforce.respect import usage_in
from bot.domain.errors import OrgUnreachable
from bot.domain.model import ApiUsage

Route = Callable[[str], str]
WaitForTurn = Callable[[str, float], AbstractContextManager[bool]]
"""Takes a host and how many seconds to wait; gives whether the turn came."""

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, not a secret
REVOKE_PATH = "/services/oauth2/revoke"
METADATA_PATH = "/services/Soap/m/"
NO_CONTENT = 204
_CONNECT_SECONDS = 5.0
_ASIDE_SECONDS = 4.0  # for a question whose answer may lack; they take tenths of one
_ASIDE_PART = 0.5
_BREAKS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, HTTPException)
_LARGEST_ANSWER = 8_000_000  # bytes; a full page of 500 rows stays below 1 MB


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a check must be over, on the monotonic clock."""

    org: str
    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float, org: str) -> Deadline:
        """The deadline of a check of ``org`` that starts now."""
        return cls(org, seconds, time.monotonic() + seconds)

    def earlier(self, part: float, at_most: float) -> Deadline:
        """One that leaves the rest of the time to others: a part of what is left, and no more than so many seconds."""
        left = self.left()
        return replace(self, at=time.monotonic() + min(left * part, at_most))

    def left(self) -> float:
        """Seconds left. Raises OrgUnreachable when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> OrgUnreachable:
        """The sentence for a check that took too long."""
        return failures.too_late(self.org, self.seconds)


class Line(requests.Session):
    """A ``requests`` session that simple-salesforce talks through, for one check of one org.

    ``connections`` outlast it; without them it makes its own. ``turn`` waits until the org may be called. ``usage`` is
    what the last answer said of the org's API requests.
    """

    def __init__(
        self,
        deadline: Deadline,
        route: Route | None = None,
        ca_bundle: str | None = None,
        connections: KeptConnections | None = None,
        turn: WaitForTurn | None = None,
    ) -> None:
        super().__init__()
        self.usage: ApiUsage | None = None
        self._turn = turn
        self._deadline = deadline
        self._org = deadline.org
        self._route = route
        self.trust_env = route is None  # proxies of the environment are for the real Salesforce
        self.auth = lambda request: request  # a ~/.netrc would replace the bearer token otherwise
        if ca_bundle:
            self.verify = ca_bundle
        for scheme in ("https://", "http://"):  # the latter along a route only
            self.mount(scheme, connections or HTTPAdapter(max_retries=0))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send once, read all of the answer before the deadline, and hand over only what is usable."""
        if self._turn is None:
            return self._sent(request, **kwargs)
        with self._turn(urlsplit(request.url or "").netloc, self._deadline.left()) as came:
            if not came:
                raise self._deadline.missed()
            return self._sent(request, **kwargs)

    def _sent(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        left = self._deadline.left()
        asked_for = request.url or ""
        kwargs |= {"stream": True, "timeout": (min(left, _CONNECT_SECONDS), left)}
        self._send_along_route(request)
        try:
            response = super().send(request, **kwargs)
            body = in_utf8(self._body(response))
        except _BREAKS as error:
            raise failures.broken(error, self._org) or self._deadline.missed() from None
        self.usage = usage_in(response.headers.get("Sforce-Limit-Info")) or self.usage
        body = self._usable(asked_for, request, response, body)
        response.raw, response.encoding = io.BytesIO(body), "utf-8"
        if response.status_code < 300 and response.status_code != NO_CONTENT:
            response.status_code = 200  # simple-salesforce takes any other success of a login for a refusal
        return response

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is asked within may hang: the check goes on without it while there is time for the rest."""
        whole = self._deadline
        self._deadline = whole.earlier(_ASIDE_PART, _ASIDE_SECONDS)
        try:
            yield
        finally:
            self._deadline = whole

    def knock(self, host: str) -> None:
        """Ask for any page at all. Raises OrgUnreachable unless some HTTP answer comes back."""
        try:
            request = self.prepare_request(requests.Request("HEAD", f"https://{host}/"))
            environment = self.merge_environment_settings(request.url, {}, True, None, None)
            self._send_along_route(request)
            super().send(request, timeout=_CONNECT_SECONDS, **environment).close()
        except _BREAKS as error:
            raise failures.broken(error, self._org) or self._deadline.missed() from None

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - as requests has it
        """Nowhere: a redirect would carry the session, or the secret of a login, to another address."""
        return

    def _send_along_route(self, request: requests.PreparedRequest) -> None:
        if self._route is None or request.url is None:
            return
        request.headers["Host"] = urlsplit(request.url).netloc
        request.url = self._route(request.url)

    def _body(self, response: requests.Response) -> bytes:
        """The whole body; a connection that was left half-read is closed, being of no use to anybody."""
        try:
            body = b"".join(self._packets(response))
        except BaseException:
            response.raw.close()
            raise
        response.raw.release_conn()
        return body

    def _packets(self, response: requests.Response) -> Iterator[bytes]:
        """The body as it drips in: ``read1`` returns after each packet, so that the deadline is looked at."""
        size = 0
        while packet := response.raw.read1(65536, decode_content=True):
            self._deadline.left()
            size += len(packet)
            if size > _LARGEST_ANSWER:
                raise failures.unusable(self._org, response.status_code, "far more than was asked for")
            yield packet

    def _usable(self, url: str, request: requests.PreparedRequest, response: requests.Response, body: bytes) -> bytes:
        """Let pass: a good answer, a 401 (the session has ended), and a refusal in Salesforce's own words."""
        status = response.status_code
        if urlsplit(url).path.startswith(METADATA_PATH):
            return body  # SOAP: no JSON, and each of its refusals is a 500
        if status >= 500 or (status == 429 and body.lstrip()[:1] not in (b"{", b"[")):  # else it says which limit
            raise failures.busy(self._org, status)
        if 300 <= status < 400:
            raise failures.moved(self._org)
        if url.endswith(TOKEN_PATH):
            return token_answer(self._org, status, body, login_way(request.body))
        if status == NO_CONTENT and not body:  # something was deleted
            return body
        if status < 300 and not url.endswith(REVOKE_PATH):  # which has nothing to say when it has done its work
            json_object(self._org, status, body)
        return body
