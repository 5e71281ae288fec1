"""Sessions of orgs connected in the browser: kept with the refresh token, renewed by one process at a time."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import Protocol

import structlog

from bot.adapters.salesforce.login import Session
from bot.adapters.salesforce.refusals import never_renewable
from bot.domain.errors import OperatorError
from bot.domain.model import Credentials, Org

log = structlog.get_logger("assistant")

SAVED_AFTER = (0.0, 0.2, 1.0)
"""Seconds before each try to keep what a renewal brought."""


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
    """Gives the session of an org; at Salesforce a refresh token is spent once, whoever asks how often.

    What a renewal brought and the database did not take is held in memory, and kept as soon as it does: the token that
    is kept until then is spent, and to use it again would end the connection.
    """

    def __init__(self, credential_store: CredentialStore, token_refresher: TokenRefresher) -> None:
        self._credential_store = credential_store
        self._token_refresher = token_refresher
        self._unkept: dict[tuple[str, str], tuple[Credentials, Credentials]] = {}
        """What is stored, and what came of that since; it changes only while the org's right to refresh is held."""

    def session(self, org: Org, credentials: Credentials, *, instead_of: Session | None) -> Session:
        """The kept session, or a new one in place of ``instead_of``, which has ended."""
        ended = instead_of.id if instead_of else None
        kept = self._newest(org, credentials)
        if kept is not credentials or not kept.access_token or kept.access_token == ended:
            with self._credential_store.refreshing(org):
                # Read again: whoever held the right before us may have brought what we came for.
                stored = self._credential_store.credentials(org)
                kept = self._newest(org, stored)
                if kept.access_token is None or kept.access_token == ended:
                    kept = self._token_refresher.renewed(org, kept)
                if kept is not stored:
                    self._keep(org, stored, kept)
        if kept.access_token is None:
            raise never_renewable(org.name)
        return Session(kept.access_token, kept.host or org.host)

    def _newest(self, org: Org, stored: Credentials) -> Credentials:
        """What is stored, or what came of that and could not be; not where somebody connected the org anew."""
        before, renewed = self._unkept.get(_key(org), (None, None))
        return renewed if renewed is not None and before == stored else stored

    def _keep(self, org: Org, stored: Credentials, renewed: Credentials) -> None:
        """Store what came of ``stored``, or hold it until that can be done."""
        self._unkept.pop(_key(org), None)
        for pause in SAVED_AFTER:
            time.sleep(pause)
            try:
                self._credential_store.save_credentials(org, renewed)
            except OperatorError as error:
                log.warning("a renewed login could not be kept yet", org=org.name, reason=error.text)
            else:
                return
        self._unkept[_key(org)] = stored, renewed


def _key(org: Org) -> tuple[str, str]:
    return org.workspace, org.host
