"""Logging in through simple-salesforce, and the sessions that came of it.

A login that lacks a part is refused before anybody is called: what the library says to that may quote the rest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce.api import Salesforce

from bot.adapters.salesforce.refusals import incomplete, refused_key
from bot.adapters.salesforce.transport import Line
from bot.domain.errors import AskerError
from bot.domain.model import Credentials, Login, Org
from bot.domain.orgs.my_domain import is_sandbox_host, my_domain_host

# Summer '26, on every org since summer 2026 and the newest one whose field lists of these objects were read. It has
# no SOAP login() any more, which nothing here uses. The library's own default, 59.0, is from 2023.
API_VERSION = "67.0"


@dataclass(frozen=True, slots=True)
class Session:
    """What a login gave: the session id and the host that it is for."""

    id: str = field(repr=False)
    host: str

    def client(self, line: Line) -> Salesforce:
        """A client in the library's direct mode, in which a 401 is an error and not a new login."""
        return Salesforce(session_id=self.id, instance_url=f"https://{self.host}", version=API_VERSION, session=line)


def by_client_credentials(org: Org, credentials: Credentials, line: Line) -> Session:
    """One login with the consumer key and secret. Raises OrgRefused or, from the line, OrgUnreachable."""
    if not (credentials.consumer_key and credentials.consumer_secret):
        raise incomplete(org.name)
    return _session(
        org,
        Salesforce(
            consumer_key=credentials.consumer_key,
            consumer_secret=credentials.consumer_secret,
            domain=_my_domain(org),
            version=API_VERSION,
            session=line,
        ),
    )


def by_jwt(org: Org, credentials: Credentials, line: Line) -> Session:
    """One login with the bot's key, as the org's user. Raises OrgRefused or, from the line, OrgUnreachable."""
    if not (credentials.consumer_key and org.username):
        raise incomplete(org.name)
    if not _is_rsa_key(credentials.private_key):
        raise refused_key(org.name)
    # `domain` becomes the audience, which must be login or test; `instance_url` is the host without the end here.
    return _session(
        org,
        Salesforce(
            username=org.username,
            consumer_key=credentials.consumer_key,
            privatekey=credentials.private_key,
            domain="test" if is_sandbox_host(org.host) else "login",
            instance_url=_my_domain(org),
            version=API_VERSION,
            session=line,
        ),
    )


def _session(org: Org, client: Salesforce) -> Session:
    return Session(client.session_id, named_host(client.sf_instance, org) or org.host)


def named_host(host: str | None, org: Org) -> str | None:
    """The My Domain that a login named for what follows, where that is another than the org's: it has moved."""
    try:
        moved = my_domain_host(host or "")
    except AskerError:
        return None
    return moved if moved == host and moved != org.host else None


def _my_domain(org: Org) -> str:
    """The host as the library wants it."""
    return org.host.removesuffix(".salesforce.com")


def _is_rsa_key(pem: str | None) -> bool:
    """Whether ``pem`` can sign a login."""
    try:
        key = serialization.load_pem_private_key((pem or "").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, rsa.RSAPrivateKey)


Key = tuple[str, str, Login, str | None, Credentials]


class Sessions:
    """The sessions in use, in memory only. Safe to share between threads: one login at a time for each org."""

    def __init__(self) -> None:
        self._known: dict[Key, Session] = {}
        self._turns: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, login: Callable[[], Session], *, instead_of: Session | None = None) -> Session:
        """The session of ``key``, logging in if there is none, or only ``instead_of``, which has ended."""
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            known = self._known.get(key)
            if known is None or known == instead_of:
                self._known.pop(key, None)
                known = self._known[key] = login()
            return known
