"""Secrets in people's texts: what kinds there are, and a text without them. Knows no other wing of the domain.

redaction        finds and masks all                       by_name          those that a name announces
issued           tokens that say what they are             near_name        those that stand some steps behind it
private_keys     keys, whole and in part                   by_column        those in a column that a name heads
addresses        webhooks, one-time and signed links       names            what secrets are called
oauth_addresses  one-time values of OAuth addresses        values           what looks like one, what stands for one
one_time_codes   codes of mails and apps                   extents          where a value begins and ends
credentials      headers, addresses, command lines         by_structure     those that a file ties to their name
leak_warning     what their author is told
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MASK = "[masked]"


class Secret(StrEnum):
    """A kind of secret that a paste may hold; the value never leaves the redaction."""

    SESSION_ID = "session id"
    ACCESS_TOKEN = "access token"  # noqa: S105 - the name of a kind, not a secret
    REFRESH_TOKEN = "refresh token"  # noqa: S105
    JWT = "signed token"
    CONSUMER_KEY = "consumer key"
    CONSUMER_SECRET = "consumer secret"  # noqa: S105
    PASSWORD = "password"  # noqa: S105
    SECURITY_TOKEN = "security token"  # noqa: S105
    AUTHORIZATION_CODE = "authorization code"
    PRIVATE_KEY = "private key"
    ONE_TIME_CODE = "one-time code"
    WEBHOOK = "webhook address"
    ONE_TIME_LINK = "one-time link"
    OTHER_TOKEN = "token"  # noqa: S105


Span = tuple[int, int, Secret]
"""Where a secret stands (start, end) and of which kind it is."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its secrets, and the kind of each one that was masked (one item per masked secret)."""

    text: str
    secrets: tuple[Secret, ...] = ()
