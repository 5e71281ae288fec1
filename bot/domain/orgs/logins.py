"""The ways to log in to an org, one record each: all that differs between them outside the adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.domain.model import Login

JWT_FORM = "connect-jwt"


@dataclass(frozen=True, slots=True)
class LoginWay:
    """One way; how its sessions are made stands under the same name in ``bot.adapters.salesforce.login_ways``.

    ``label`` and ``offer`` say in ``/flosum connect`` who does what.
    ``button`` begins it in Slack, through ``form`` or else through a link; without one only the terminal does.
    ``set_up`` is what the operator sets so that Slack offers it. ``needs`` is what the terminal asks for, "" where the
    terminal cannot. ``names_user``: the bot logs in as a user whom somebody names. ``revoked``: it holds a token that
    is revoked at Salesforce when the org is disconnected.
    """

    label: str
    offer: str
    button: str = ""
    form: str = ""
    set_up: str = ""
    needs: str = ""
    names_user: bool = False
    revoked: bool = False


WAYS: Mapping[Login, LoginWay] = MappingProxyType(
    {
        Login.BROWSER: LoginWay(
            label="In your browser",
            offer="you log in to Salesforce, and come back here",
            button="Log in to Salesforce",
            set_up="`SALESFORCE_CLIENT_ID` and `FLOSUM_PUBLIC_URL` for logins in the browser",
            revoked=True,
        ),
        Login.JWT: LoginWay(
            label="With the bot's key",
            offer="you name the user that the bot logs in as; no browser",
            button="Name the user",
            form=JWT_FORM,
            set_up="`SALESFORCE_JWT_CLIENT_ID` and `SALESFORCE_JWT_KEY` for logins with a key",
            needs="a username, a consumer key and a private key",
            names_user=True,
        ),
        Login.CLIENT_CREDENTIALS: LoginWay(
            label="With client credentials",
            offer="whoever runs the bot sets it up, not in Slack",
            needs="a consumer key and secret",
        ),
    }
)
"""Every way, in the order in which they are offered: what takes the least knowledge first."""


def in_terminal(*, names_user: bool) -> Login:
    """The way of the operator's terminal, by whether a user is named."""
    return next(login for login, way in WAYS.items() if way.needs and way.names_user is names_user)
