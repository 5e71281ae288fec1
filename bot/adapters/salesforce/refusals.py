"""What Salesforce refuses, in words: its code, a description fit to be shown, and who can change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.answers import markup
from bot.domain.errors import OrgRefused
from bot.domain.orgs.logins import WAYS

_LONGEST = 200
_SECRET_LIKE = re.compile(
    r"""eyJ[\w-]+(?:\.[\w-]*){1,2}          # a signed token
      | \b00D[A-Za-z0-9]{12,15}(?:!|%21)[\w.%]+  # a session id
      | \b(?:3MVG9|5Aep)[\w.]{10,}          # a consumer key, a refresh token
      | [A-Za-z0-9_.+/=-]{40,}              # anything else that no sentence holds""",
    re.VERBOSE,
)


# What helps, by a piece of the code and description; the first that fits speaks. All of it is about the app and the
# user that this assistant logs in with, so a "blocked" here says nothing of Flosum's apps.
_HELP = (
    ("app_blocked", "An administrator unblocks this assistant's own app under **Connected Apps OAuth Usage**."),
    ("app_not_found", "Install this assistant's own app in that org."),
    ("invalid_app_access", "Grant the connection's user access to this assistant's own app."),
    ("approved this consumer", "Grant the connection's user access to this assistant's own app."),
    ("no client credentials user", "Set **Run As** in the policies of this assistant's own app."),
    ("oauth_flow_disabled", "Enable the flow that this connection uses in this assistant's own app."),
    ("invalid_client", "Check the consumer key and secret, then connect the org again."),
    ("client identifier", "Check the consumer key, then connect the org again."),
    ("audience", "Check that sandbox and production are not mixed up, then connect the org again."),
    ("assertion", "Check username, private key and certificate, then connect the org again."),
    ("ip restricted", "Allow the bot's address and these hours for the connection's user."),
    ("inactive", "Activate the connection's user, or connect the org again with another one."),
    ("locked", "Unlock the connection's user."),
    ("expired", "Connect the org again."),
)
_OTHER_HELP = "Check the app and the user of the connection, then connect the org again."


def refused_login(org: str, answer: Mapping[str, Any]) -> OrgRefused:
    """The refusal of a login, from the token endpoint's ``error`` and ``error_description``."""
    code = fit_to_show(answer.get("error")) or "unknown_error"
    description = fit_to_show(answer.get("error_description"))
    told = f"{code} {description}".lower()
    helps = next((text for sign, text in _HELP if sign in told), _OTHER_HELP)
    return OrgRefused(
        f"Salesforce refused this assistant's login to {markup.code(org)}: {_quoted(code, description)}. {helps}",
        code,
        description,
    )


def refused_session(org: str, code: str, message: str) -> OrgRefused:
    """The refusal of a session that was only just made: API Access Control, or a user without API access."""
    description = fit_to_show(message)
    return OrgRefused(
        f"{markup.code(org)} let this assistant log in, and then refused its questions: {_quoted(code, description)}. "
        "Check that the connection's user has **API Enabled**, and whether API Access Control allows its app.",
        code,
        description,
    )


def refused_key(org: str) -> OrgRefused:
    """The stored private key cannot sign a login."""
    return OrgRefused(
        f"The private key stored for {markup.code(org)} cannot be read. Connect it again with an RSA key in PEM form.",
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
    return f"{shown} ({markup.literal(description)})" if description else shown
