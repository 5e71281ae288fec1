"""How a session is made, for each way to log in that ``bot.domain.orgs.logins`` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.adapters.salesforce.failures import sealed
from bot.adapters.salesforce.login import Session, Sessions, by_client_credentials, by_jwt
from bot.adapters.salesforce.refresh import SessionRefresh
from bot.adapters.salesforce.refusals import never_renewable
from bot.adapters.salesforce.transport import Line
from bot.domain.model import Credentials, Login, Org

SessionMaker = Callable[[Org, Credentials, Line, Session | None], Session]
"""Gives an org's session, known or new; a new one in place of the last argument, which has ended."""


def session_makers(session_refresh: SessionRefresh | None) -> Mapping[Login, SessionMaker]:
    """One maker for each way. Without ``session_refresh`` no org opens that was connected in the browser."""
    sessions = Sessions()

    def in_memory(log_in: Callable[[Org, Credentials, Line], Session]) -> SessionMaker:
        def session(org: Org, credentials: Credentials, line: Line, instead_of: Session | None) -> Session:
            key = (org.workspace, org.host, org.login, org.username, credentials)
            return sessions.get(
                key, lambda: sealed(org.name, lambda: log_in(org, credentials, line)), instead_of=instead_of
            )

        return session

    def beside_refresh_token(org: Org, credentials: Credentials, _line: Line, instead_of: Session | None) -> Session:
        """On a line of its own: a renewal may outlast the check that asked for it."""
        if session_refresh is None:
            raise never_renewable(org.name)
        return session_refresh.session(org, credentials, instead_of=instead_of)

    return {
        Login.BROWSER: beside_refresh_token,
        Login.JWT: in_memory(by_jwt),
        Login.CLIENT_CREDENTIALS: in_memory(by_client_credentials),
    }
