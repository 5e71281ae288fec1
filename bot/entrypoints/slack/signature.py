"""Slack's signature: whether a request is Slack's own, told from its bytes before anything in them is read."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

WITHIN = 300
"""Seconds that a request may be away from our clock, as Slack advises."""

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class Fault(StrEnum):
    """What is wrong with a request, in the words of the log."""

    UNSIGNED = "no signature of Slack's"
    FORGED = "a wrong signature: they are not Slack's, or SLACK_SIGNING_SECRET is not the one that the app has now"
    LATE = "a right signature that is too old or too new"
    MALFORMED = "a right signature and a body that cannot be read"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken; ``detail`` is ours to write, nothing of the request's."""

    fault: Fault
    detail: str = ""


class Signatures:
    """Compares signatures with the ones that the secret makes."""

    def __init__(self, secret: str, now: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._now = now

    def refusal(self, timestamp: str, signature: str, body: bytes) -> Refusal | None:
        """Why the request is none of Slack's, None where it is.

        The clock is looked at last: only of a time that Slack signed can anything be learnt.
        """
        if not signature or not _SECONDS.fullmatch(timestamp):
            return Refusal(Fault.UNSIGNED)
        signed = b":".join((b"v0", timestamp.encode(), body))
        expected = b"v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest().encode()
        if not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
            return Refusal(Fault.FORGED)
        off = round(self._now() - int(timestamp))
        if abs(off) > WITHIN:
            return Refusal(Fault.LATE, f"the clock here is off by {off} s, or they were held back")
        return None
