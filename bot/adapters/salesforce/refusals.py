"""What Salesforce refuses, in words: its code, a description fit to be shown, and who can change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.answers import markup
from bot.domain.errors import OrgRefused
from bot.domain.model import Login
from bot.domain.orgs.logins import WAYS
from bot.domain.orgs.own_app import refused
from bot.domain.orgs.refusal_kinds import RefusalKind, kind_of
from bot.domain.orgs.refusal_words import MEANINGS

_LONGEST = 200
_SECRET_LIKE = re.compile(
    r"""eyJ[\w-]+(?:\.[\w-]*){1,2}          # a signed token
      | \b00D[A-Za-z0-9]{12,15}(?:!|%21)[\w.%]+  # a session id
      | \b(?:3MVG9|5Aep)[\w.]{10,}          # a consumer key, a refresh token
      | (?![A-Z_]{40,}(?![A-Za-z0-9.+/=-]))  # the longest codes are words, though
        [A-Za-z0-9_.+/=-]{40,}              # anything else that no sentence holds""",
    re.VERBOSE,
)


def refused_login(org: str, answer: Mapping[str, Any], login: Login | None) -> OrgRefused:
    """The refusal of a login, from the token endpoint's ``error`` and ``error_description``."""
    code = fit_to_show(answer.get("error")) or "unknown_error"
    description = fit_to_show(answer.get("error_description"))
    return OrgRefused(
        f"Salesforce refused this assistant's login to {markup.code(org)}: {_quoted(code, description)}. "
        f"{refused(code, description, login)}",
        code,
        description,
    )


def refused_session(org: str, code: str, message: str) -> OrgRefused:
    """The refusal of a session that was only just made: API Access Control, or a user without API access."""
    description = fit_to_show(message)
    kind = kind_of(code, description)
    meaning = MEANINGS[RefusalKind.API_CONTROL if kind is RefusalKind.OTHER else kind]
    return OrgRefused(
        f"{markup.code(org)} let this assistant log in, and then refused its questions: {_quoted(code, description)}. "
        f"{meaning.cause} {meaning.step}",
        code,
        description,
        let_in=True,
    )


def refused_key(org: str) -> OrgRefused:
    """The stored private key cannot sign a login."""
    return OrgRefused(
        f"The private key stored for {markup.code(org)} cannot be read as an RSA key. Connect it again with "
        "an unencrypted RSA key in PEM form.",
        "invalid_private_key",
    )


def incomplete(org: str) -> OrgRefused:
    """A part of the stored login is missing."""
    needs = [way.needs for way in WAYS.values() if way.needs]
    ways = ", or with ".join(reversed(needs))
    return OrgRefused(
        f"The login stored for {markup.code(org)} is incomplete. Connect it again with {ways}.", "incomplete_login"
    )


def never_renewable(org: str) -> OrgRefused:
    """A connection by browser login without a refresh token."""
    return OrgRefused(
        f"The login stored for {markup.code(org)} cannot be renewed. Connect the org again.", "incomplete_login"
    )


def fit_to_show(text: object) -> str:
    """One line of ``text`` without control characters or anything that looks like a secret; "" if it is no text."""
    if not isinstance(text, str):
        return ""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())
    line = _SECRET_LIKE.sub("(removed)", line).replace("`", "'")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _quoted(code: str, description: str) -> str:
    shown = markup.code(code)
    return f"{shown} ({markup.literal(description.rstrip('. '))})" if description.strip(". ") else shown
