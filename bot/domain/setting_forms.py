"""What the value of a setting looks like: cleaned of what editors and shells leave, and told what it is instead.

Docker's ``--env-file`` and systemd take a line as it is: quotes and remarks behind the value come along with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_INVISIBLE = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff"
_QUOTES = ('"', "'", "“”", "‘’")
_REMARK = re.compile(r"\s#")
_EXAMPLE = re.compile(r"…|\.\.\.|^<.*>$|your[-_ ]", re.IGNORECASE)
_DATABASES = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_DRIVERS = ("", "pysqlite", "psycopg")
_SERVER = re.compile(
    r"(?:[^:/@]*(?::[^@]*)?@)?"  # who; in a password SQLAlchemy minds nothing but the @
    r"(?:\[[0-9a-f:.]+\]|[^\[\]:/?@]*)(?::\d+)?(?:[/?].*)?",
    re.IGNORECASE | re.DOTALL,
)

_KINDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "SLACK_BOT_TOKEN": (re.compile(r"xoxb-|xoxe\.xoxb-"), "a bot token"),
    "SLACK_APP_TOKEN": (re.compile(r"xapp-"), "an app-level token"),
    "SLACK_CLIENT_ID": (re.compile(r"\d{5,}\.\d{5,}$"), "a client ID"),
}
"""What is known by how it begins, with where it belongs."""
_ELSEWHERE = (
    (re.compile(r"xoxp-|xoxe\.xoxp-"), "a user's token, which the assistant does not use"),
    (re.compile(r"xoxe-|xoxr-"), "a refresh token, which the assistant does not take as a setting"),
    (re.compile(r"https?://"), "a web address"),
    (re.compile(r"[0-9a-f]{32}$"), "a signing secret or a client secret by its form"),
)
_RULES = {
    "SLACK_BOT_TOKEN": "a bot token starts with xoxb-",
    "SLACK_APP_TOKEN": "an app-level token starts with xapp-",
}
_SECRETS = ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET")
_SIGNING_SECRET = re.compile("[0-9a-f]{32}")
_SLACK_USER = re.compile("[UW][A-Z0-9]+")


def cleaned(value: str) -> str:
    """Without white space, marks of an encoding and a pair of quotes around it."""
    bare = value.strip(_INVISIBLE)
    while len(bare) > 1 and any(bare[0] == marks[0] and bare[-1] == marks[-1] for marks in _QUOTES):
        bare = bare[1:-1].strip(_INVISIBLE)
    return bare


def remark_fault(value: str) -> str | None:
    """That a remark stands behind the value."""
    if _REMARK.search(value):
        return "a remark stands behind the value, and is taken as a part of it; put it on a line of its own"
    return None


def credential_fault(name: str, value: str) -> str | None:
    """What is wrong with the form of a Slack token, secret or id, without a letter of it; None if nothing shows."""
    wanted, rule = _KINDS.get(name, (None, ""))[0], _RULES.get(name, "")
    if fault := _written_fault(value):
        return fault
    if wanted is not None and wanted.match(value):
        return None
    instead = _what_it_is(value, but=name)
    if instead and not (name in _SECRETS and _SIGNING_SECRET.fullmatch(value)):
        return f"{rule}; that is {instead}" if rule else f"that is {instead}"
    return rule or None


def _written_fault(value: str) -> str | None:
    if _EXAMPLE.search(value):
        return "that is still the example; put the real one in its place"
    if any(sign.isspace() for sign in value):
        return "there is a space or a line break in the middle of it; copy it once more"
    if not value.isascii() or not value.isprintable():
        return "there is a letter in it that none has; copy it once more"
    return None


def _what_it_is(value: str, *, but: str) -> str:
    for name, (form, kind) in _KINDS.items():
        if name != but and form.match(value):
            return f"{kind}, which belongs in {name}"
    return next((kind for form, kind in _ELSEWHERE if form.match(value)), "")


def is_like_signing_secret(value: str) -> bool:
    """Whether it has the form of those that Slack gives out today; Slack promises none."""
    return _SIGNING_SECRET.fullmatch(value) is not None


def database_fault(value: str) -> str | None:
    """What is wrong with a database's address, without anything of it; None if nothing shows."""
    scheme, _, rest = value.partition(":")
    backend, _, driver = scheme.partition("+")
    if backend not in _DATABASES or driver not in _DRIVERS:
        return "only SQLite (sqlite:///…) and PostgreSQL (postgresql://…) are supported"
    if backend == "sqlite" and rest.startswith("//") and rest[2:3] not in ("", "/"):
        return "the path of a file stands behind three slashes, or four where it begins with one"
    if backend != "sqlite" and rest.partition("?")[0].count("@") > 1:
        return "an @ in the password is written %40"
    if not rest.startswith("//") or (backend != "sqlite" and not _SERVER.fullmatch(rest[2:])):
        return f"that is no address of a database; it is written {_written(backend)}"
    return None


def _written(backend: str) -> str:
    if backend == "sqlite":
        return "sqlite:///path/to/file.db"
    return "postgresql://user:password@host:5432/name, with the signs @ and % of a password as %40 and %25"


def database_url(value: str) -> str:
    """The address with the driver that is installed."""
    scheme, colon, rest = value.partition(":")
    return _DATABASES[scheme.partition("+")[0]] + colon + rest


def user_fault(value: str) -> str | None:
    """What is wrong with an id of somebody in Slack."""
    if _SLACK_USER.fullmatch(value):
        return None
    return "each is a Slack member ID such as U0123ABCD (in Slack: profile, ⋮, Copy member ID), with commas between"
