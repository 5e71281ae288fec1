"""A login in the browser while it is under way: what is kept of it, and whose browser it is."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from bot.domain.model import Asker


@dataclass(frozen=True, slots=True)
class Ticket:
    """A login under way. ``host`` is the org's My Domain as far as known, later where the person logs in.

    ``grants_allowed``: the assistant may grant access in the org; the page asks whoever logs in.
    ``browser`` is the fingerprint of the browser that began it, ``verifier`` what PKCE proves the bot by.
    """

    workspace: str
    user: str
    person: str
    place: str
    name: str
    host: str | None
    ends_at: str
    browser: str = ""
    verifier: str = ""
    grants_allowed: bool = False

    @property
    def who(self) -> Asker:
        """Who asked for it."""
        return Asker(self.workspace, self.user)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the page shows, and the cookie that binds the browser.

    ``asks_for_grants``: it asks whether the assistant may grant access in the org; ``grants_allowed`` is what was said.
    """

    person: str
    place: str
    name: str
    host: str | None
    cookie: str
    asks_for_grants: bool = False
    grants_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """What a browser brings back from Salesforce."""

    state: str
    code: str
    error: str
    description: str
    cookie: str


def cookie_for(who: Asker, key: str) -> str:
    """What a browser carries from the link to the way back: a random key, and whose login it began."""
    return f"{key}.{_mark(who, key)}"


def is_cookie_of(who: Asker, cookie: str) -> bool:
    """Whether a browser began its login for ``who``."""
    key, _, mark = cookie.partition(".")
    return is_same(mark, _mark(who, key))


def is_same(fingerprint: str, other: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(fingerprint.encode(), other.encode())


def fingerprint(cookie: str) -> str:
    """What is kept of a browser: enough to know it again, and nothing that could be sent in its place."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def _mark(who: Asker, key: str) -> str:
    return hashlib.sha256(json.dumps([who.workspace, who.user, key]).encode()).hexdigest()
