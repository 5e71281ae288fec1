"""A login in the browser: from the link that one person got, to Salesforce, and back with what it says.

    link (10 minutes) -> page, which binds the browser -> state (10 minutes) -> Salesforce -> back, consumed -> saved

Links and states are random tickets in the store. A state is consumed before anything about it is compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.answers import Answer
from bot.domain.answers.markup import code, literal
from bot.domain.errors import AskerError, LoginStopped, OrgError, OrgRefused, Why
from bot.domain.model import Asker, Login, Org, Person
from bot.domain.orgs import connection, own_app
from bot.domain.orgs.my_domain import is_sandbox_host, my_domain_host
from bot.domain.orgs.oauth_state import Back, Invitation, Ticket, cookie_for, fingerprint, is_cookie_of, is_same
from bot.domain.orgs.refusal_kinds import RefusalKind, kind_of
from bot.domain.secrets.redaction import redact
from bot.ports import Clock, Outbox, WebServerFlows
from bot.service.connect_org import DOING, ConnectedOrgs, Kept
from bot.service.permissions import Permissions

LINK, STATE = "connect-link", "connect-state"
MINUTES = timedelta(minutes=10)
_REMEMBERED = timedelta(hours=1)  # so long a ticket that came too late can still be told from one that never was
HOSTS = {"production": "login.salesforce.com", "sandbox": "test.salesforce.com"}

Later = Callable[[Callable[[], None]], None]
"""Runs something soon, elsewhere, guarded."""


class BrowserLoginFlow:
    """The use cases behind the two pages."""

    def __init__(
        self,
        *,
        store: Kept,
        connected_orgs: ConnectedOrgs,
        logins: WebServerFlows,
        permissions: Permissions,
        outbox: Outbox,
        later: Later,
        public_url: Callable[[], str | None],
        workspace_name: Callable[[str], str],
        clock: Clock,
        random: Callable[[], str],
        writes: bool = False,
    ) -> None:
        """``public_url`` None: this way is not set up. ``random`` gives 32 bytes or more, fit for an address.

        ``writes``: the operator lets the assistant write to orgs whose administrators allow it.
        """
        self._writes = writes
        self._store = store
        self._connected_orgs = connected_orgs
        self._logins = logins
        self._permissions = permissions
        self._outbox = outbox
        self._later = later
        self._public_url = public_url
        self._workspace_name = workspace_name
        self._clock = clock
        self._random = random

    # --- the link --------------------------------------------------------------------------------------

    def link(self, who: Asker, person: Person, name: str, host: str | None) -> str:
        """A link for ``who`` alone; "" where this way is not set up."""
        address = self._public_url()
        if address is None:
            return ""
        ends = self._clock() + MINUTES
        place = self._workspace_name(who.workspace)
        known = self._store.org(who.workspace, name)
        allowed = known is not None and known.grants_allowed
        ticket = Ticket(
            who.workspace, who.user, person.name, place, name, host, ends.isoformat(), grants_allowed=allowed
        )
        return f"{address}/salesforce/connect?link={self._put(LINK, ticket)}"

    def page(self, link: str, cookie: str) -> Invitation:
        """What the link is for. Reading it does not use it up: programs that look at links must not spoil them."""
        ticket = self._take(LINK, link)
        self._store.put_ticket(LINK, link, json.dumps(asdict(ticket)), self._clock() + _REMEMBERED)
        self._refuse_late(ticket)
        if cookie and not is_cookie_of(ticket.who, cookie):
            raise LoginStopped(Why.OTHER_ASKER, _other_asker(ticket))
        cookie = cookie or cookie_for(ticket.who, self._random())
        return Invitation(
            ticket.person, ticket.place, ticket.name, ticket.host, cookie, self._writes, ticket.grants_allowed
        )

    def begin(self, link: str, where: str, my_domain: str, cookie: str, *, grants: bool = False) -> str:
        """Use the link up; the address at Salesforce where the browser goes next.

        ``grants`` is what was said to whether access may be granted in the org; it counts where that was asked.
        """
        try:
            host = HOSTS.get(where) or my_domain_host(my_domain)
        except AskerError as error:
            raise LoginStopped(Why.NOT_SALESFORCE, error.text) from None
        ticket = self._take(LINK, link)
        self._refuse_late(ticket)
        self._refuse_other_browser(ticket, cookie, fingerprint(cookie))
        ends = self._clock() + MINUTES
        verifier = self._random() + self._random()
        allowed = self._writes and grants  # not asked is not said: the name may be another Salesforce org's by now
        begun = replace(ticket, host=host, browser=fingerprint(cookie), verifier=verifier, grants_allowed=allowed)
        state = self._put(STATE, replace(begun, ends_at=ends.isoformat()))
        return self._logins.authorize_url(host, state, verifier)

    # --- the way back ----------------------------------------------------------------------------------

    def finish(self, back: Back) -> Answer:
        """Save the org; what the page says. Raises LoginStopped and OrgUnreachable, which Slack is told of too."""
        ticket = self._take(STATE, back.state)
        self._refuse_late(ticket)
        self._refuse_other_browser(ticket, back.cookie, ticket.browser)
        self._permissions.require(ticket.who, DOING)
        try:
            org = self._saved(ticket, back)
        except (AskerError, OrgError) as stopped:
            meaning = stopped.meaning if isinstance(stopped, LoginStopped) else None
            answer = connection.refused(ticket.name, stopped.text, meaning)
            self._tell(ticket, lambda: answer)
            raise
        self._tell(ticket, lambda: self._connected_orgs.first_status(org))
        return Answer(f"{code(org.name)} is connected", "Its first status is waiting for you in Slack.")

    def _saved(self, ticket: Ticket, back: Back) -> Org:
        if back.error or not back.code:
            raise self._stopped(ticket, back.error, redact(back.description[:500]).text)
        try:
            granted = self._logins.exchange(ticket.name, ticket.host or "", back.code, ticket.verifier)
        except OrgRefused as refusal:
            meaning = own_app.guidance(refusal.code, refusal.description, Login.BROWSER)
            raise LoginStopped(Why.REFUSED, refusal.text, meaning) from None
        org = Org(
            ticket.workspace,
            ticket.name,
            granted.host,
            Login.BROWSER,
            organization_id=granted.organization_id,
            sandbox=is_sandbox_host(granted.host) or None,
            grants_allowed=ticket.grants_allowed,
        )
        try:
            my_domain_host(granted.host)
            return self._connected_orgs.keep(ticket.who, org, granted.credentials)
        except AskerError:
            # What was granted serves nobody now.
            self._later(partial(self._logins.revoke, org, granted.credentials))
            raise

    def _stopped(self, ticket: Ticket, error: str, description: str) -> LoginStopped:
        if kind_of(error, description) is RefusalKind.DENIED:
            return LoginStopped(
                Why.DENIED, f"Access was denied at Salesforce, so {code(ticket.name)} is not connected."
            )
        told = f"{code(error[:80] or 'no answer')}" + (f" ({literal(description[:200])})" if description else "")
        text = f"Salesforce refused the login to {code(ticket.name)}: {told}."
        text = f"{text} {own_app.refused(error, description, Login.BROWSER)}"
        return LoginStopped(Why.REFUSED, text, own_app.guidance(error, description, Login.BROWSER))

    def _tell(self, ticket: Ticket, answer: Callable[[], Answer]) -> None:
        """Let the asker know in Slack, in the direct messages."""

        def post() -> None:
            key = f"connect:{fingerprint(ticket.verifier)[:16]}"
            self._outbox.post(ticket.workspace, ticket.user, answer(), key)

        self._later(post)

    # --- checks ----------------------------------------------------------------------------------------

    def _put(self, kind: str, ticket: Ticket) -> str:
        name = self._random()
        self._store.put_ticket(kind, name, json.dumps(asdict(ticket)), self._clock() + _REMEMBERED)
        return name

    def _take(self, kind: str, name: str) -> Ticket:
        payload = self._store.take_ticket(kind, name, self._clock()) if name else None
        if payload is None:
            raise LoginStopped(Why.UNKNOWN, _USED if kind == LINK else _ANSWERED)
        return Ticket(**json.loads(payload))

    def _refuse_late(self, ticket: Ticket) -> None:
        if self._clock() >= datetime.fromisoformat(ticket.ends_at):
            raise LoginStopped(Why.TOO_OLD, f"This login took longer than 10 minutes. {_again(ticket)}.")

    def _refuse_other_browser(self, ticket: Ticket, cookie: str, known: str) -> None:
        if cookie and not is_cookie_of(ticket.who, cookie):
            raise LoginStopped(Why.OTHER_ASKER, _other_asker(ticket))
        if not cookie or not is_same(fingerprint(cookie), known):
            raise LoginStopped(
                Why.OTHER_BROWSER,
                "This browser is not the one in which the login began, or it keeps no cookies. "
                f"{_again(ticket)}, and stay in one browser.",
            )


_USED = "This link was used already, or never was one. Type `/flosum connect` in Slack for a new one."
_ANSWERED = (
    "This answer of Salesforce was used already, or belongs to no login of this bot. If the org is not connected, "
    "type `/flosum connect` in Slack once more."
)


def _other_asker(ticket: Ticket) -> str:
    return (
        f"This login is {ticket.person or 'somebody else'}'s, and this browser began one for another person. "
        "Whoever asked has to follow the link themselves."
    )


def _again(ticket: Ticket) -> str:
    return f"Type {code(f'/flosum connect {ticket.name}')} in Slack once more"
