"""Slack's request signature v0: docs.slack.dev/authentication/verifying-requests-from-slack."""

from __future__ import annotations

import hashlib
import hmac


def signed_headers(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The two headers that prove a body came from Slack; ``timestamp`` is in seconds since 1970."""
    base = b"v0:%d:" % timestamp + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
