"""The line to one org for the length of one check: time-outs on everything, no redirects, no unusable bodies.

simple-salesforce sets no time-out, follows redirects, and stumbles over bodies that are not what it expects (some of
its errors carry the raw body). So it only gets to see answers that were found usable here; whatever else happens on
the line becomes a finished sentence in this one module.
"""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.refusals import refused_login
from bot.domain.errors import OrgUnreachable

Route = Callable[[str], str]

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, not a secret
REVOKE_PATH = "/services/oauth2/revoke"
_SESSION_ID = re.compile(r"[!-~]{1,4000}")  # what a header can carry
_INSTANCE = re.compile(r"https://(?:[a-z0-9-]+\.)+salesforce\.com/?", re.IGNORECASE)
_CONNECT_SECONDS = 5.0
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
    """A ``requests`` session that simple-salesforce talks through, for one check of one org."""

    def __init__(self, deadline: Deadline, route: Route | None = None, ca_bundle: str | None = None) -> None:
        super().__init__()
        self._deadline = deadline
        self._org = deadline.org
        self._route = route
        self.trust_env = route is None  # proxies of the environment are for the real Salesforce
        self.auth = _as_given  # a ~/.netrc would replace the bearer token otherwise
        if ca_bundle:
            self.verify = ca_bundle
        self.mount("https://", HTTPAdapter(max_retries=0))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send once, read all of the answer before the deadline, and hand over only what is usable."""
        left = self._deadline.left()
        asked_for = request.url or ""
        kwargs |= {"stream": True, "timeout": (min(left, _CONNECT_SECONDS), left)}
        self._send_along_route(request)
        try:
            response = super().send(request, **kwargs)
            response.raw = io.BytesIO(self._body(response))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise failures.broken(error, self._org) or self._deadline.missed() from error
        self._refuse_unusable(asked_for, response)
        return response

    def knock(self, host: str) -> None:
        """Ask for any page at all. Raises OrgUnreachable unless some HTTP answer comes back."""
        request = self.prepare_request(requests.Request("HEAD", f"https://{host}/"))
        environment = self.merge_environment_settings(request.url, {}, True, None, None)
        self._send_along_route(request)
        try:
            super().send(request, timeout=_CONNECT_SECONDS, **environment).close()
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise failures.broken(error, self._org) or self._deadline.missed() from error

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
                raise self._unusable(response, "far more than was asked for")
            yield packet

    def _refuse_unusable(self, url: str, response: requests.Response) -> None:
        """Let pass: a good answer, a 401 (the session has ended), and a refusal in Salesforce's own words."""
        status = response.status_code
        if status >= 500 or status == 429:
            raise failures.busy(self._org, status)
        if 300 <= status < 400:
            raise failures.moved(self._org)
        if url.endswith(TOKEN_PATH):
            self._refuse_unusable_login(response)
        elif status < 300 and not url.endswith(REVOKE_PATH):  # which has nothing to say when it has done its work
            self._json_object(response)

    def _refuse_unusable_login(self, response: requests.Response) -> None:
        """simple-salesforce would warn with an authorize address that holds the consumer key; it never sees these."""
        answer = self._json_object(response)
        if response.status_code >= 300:
            raise refused_login(self._org, answer)
        if not _fits(_SESSION_ID, answer.get("access_token")):
            raise self._unusable(response, "a login without a session")
        if not _fits(_INSTANCE, answer.get("instance_url")):
            raise self._unusable(response, "a session for an address that is not Salesforce's")

    def _json_object(self, response: requests.Response) -> dict[str, Any]:
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            raise self._unusable(response, failures.kind_of(response.content)) from None
        if not isinstance(answer, dict):
            raise self._unusable(response, "data in another shape")
        return answer

    def _unusable(self, response: requests.Response, what: str) -> OrgUnreachable:
        return failures.unusable(self._org, response.status_code, what)


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _as_given(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
