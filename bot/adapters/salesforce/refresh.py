"""Sessions of orgs connected in the browser: kept with the refresh token, renewed by one process at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from bot.adapters.salesforce.login import Session
from bot.adapters.salesforce.refusals import never_renewable
from bot.domain.model import Credentials, Org


class CredentialStore(Protocol):
    """Where refresh tokens live; the store is one."""

    def credentials(self, org: Org) -> Credentials:
        """What is kept now."""
        ...

    def save_credentials(self, org: Org, credentials: Credentials) -> None:
        """Replace what is kept, in one step."""
        ...

    def refreshing(self, org: Org) -> AbstractContextManager[None]:
        """Hold the one right to refresh this org's token."""
        ...


class TokenRefresher(Protocol):
    """What trades a refresh token for fresh tokens: ``bot.adapters.salesforce.web_server_flow.WebServerFlow``."""

    def renewed(self, org: Org, credentials: Credentials) -> Credentials:
        """The next tokens. Raises OrgRefused and OrgUnreachable."""
        ...


class SessionRefresh:
    """Gives the session of an org; at Salesforce a refresh token is spent once, whoever asks how often."""

    def __init__(self, credential_store: CredentialStore, token_refresher: TokenRefresher) -> None:
        self._credential_store = credential_store
        self._token_refresher = token_refresher

    def session(self, org: Org, credentials: Credentials, *, instead_of: Session | None) -> Session:
        """The kept session, or a new one in place of ``instead_of``, which has ended."""
        ended = instead_of.id if instead_of else None
        kept = credentials
        if not kept.access_token or kept.access_token == ended:
            with self._credential_store.refreshing(org):
                # Read again: whoever held the right before us may have brought what we came for.
                kept = self._credential_store.credentials(org)
                if kept.access_token is None or kept.access_token == ended:
                    kept = self._token_refresher.renewed(org, kept)
                    self._credential_store.save_credentials(org, kept)
        if kept.access_token is None:
            raise never_renewable(org.name)
        return Session(kept.access_token, kept.host or org.host)
