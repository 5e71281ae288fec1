"""What may go wrong between us and an org, to be switched on one org at a time."""

from __future__ import annotations

from dataclasses import dataclass

LOGIN, DATA = "/services/oauth2/", "/services/data/"


@dataclass(frozen=True, slots=True)
class OrgFault:
    """How an org misbehaves. Without ``status`` and ``body`` it answers as ever, only worse.

    ``hang`` waits that many seconds before the first byte; ``trickle`` waits that long before each byte of the body
    (``slow_headers``: of the headers too); ``truncate`` sends half of the body and closes; ``reset`` closes at once;
    ``raw`` goes out instead of any HTTP, and then the line is closed.
    ``path`` narrows it to calls whose path starts so (``LOGIN`` or ``DATA``).
    """

    hang: float = 0.0
    trickle: float = 0.0
    slow_headers: bool = False
    status: int | None = None
    body: bytes | None = None
    content_type: str = "application/json"
    location: str | None = None
    truncate: bool = False
    reset: bool = False
    raw: bytes | None = None
    path: str = "/"

    def hits(self, path: str) -> bool:
        """Whether a call to ``path`` meets it."""
        return path.startswith(self.path)


NO_FAULT = OrgFault()
WEB_PAGE = OrgFault(status=200, body=b"<html><body>Maintenance</body></html>", content_type="text/html")
EMPTY = OrgFault(status=200, body=b"")
CUT_OFF_JSON = OrgFault(status=200, body=b'{"results": [{"statusCode": 2')
