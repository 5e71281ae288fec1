"""The door of the look-alike: which page a browser asked for, who it is, and whether it asked from our own pages."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.salesforce.database import Record
from bot.sandbox.salesforce.http import HttpAnswer, Request
from bot.sandbox.salesforce.orgs import BuiltInOrg
from bot.sandbox.salesforce.setup.apps import APP_OF
from bot.sandbox.salesforce.setup.drawing import FLOSUM, FLOSUM_HOME, USAGE, Visit, macros, page, sent_on
from bot.sandbox.salesforce.setup.flosum_pages import AUTHORIZE, ERROR, ORGANIZATIONS, FlosumPages, log_in_as
from bot.sandbox.salesforce.setup.setup_pages import SetupPages, Writing

_MY_DOMAIN = ".my.salesforce.com"
_OTHER_HOSTS = (".lightning.force.com", ".my.salesforce-setup.com")
_COOKIE = "user"
_HOME = ("/", "/lightning", "/lightning/", "/lightning/page/home", "/lightning/setup/SetupOneHome/home")


class SetupLookAlike:
    """Pages for a person's browser, which reaches an org under ``/~host/``."""

    def __init__(self, orgs: Mapping[str, BuiltInOrg], writing: Writing) -> None:
        self._orgs = orgs
        self._setup = SetupPages(writing)
        self._flosum = FlosumPages(orgs, writing)
        self._csrf = secrets.token_urlsafe(24)

    def served_at(self, url: str) -> str | None:
        """The same address on the host that serves it here; None where there is no such page."""
        parts = urlsplit(url)
        host = parts.netloc.lower()
        for ending in _OTHER_HOSTS:
            host = f"{host.removesuffix(ending)}{_MY_DOMAIN}" if host.endswith(ending) else host
        known = host in self._orgs and (parts.path in self._setup.paths or parts.path in (*_HOME, "", ERROR))
        return parts._replace(netloc=host).geturl() if known or host == FLOSUM else None

    def answer(self, request: Request, headers: Mapping[str, str], body: bytes) -> HttpAnswer | None:
        """The page; None where this is no address of the look-alike."""
        query = {key: values[-1] for key, values in parse_qs(request.query, keep_blank_values=True).items()}
        ours = request.host == FLOSUM or self._has(request, query)
        if not ours:
            return None
        if request.method not in ("GET", "HEAD", "POST"):
            return _refused(405, "That page can only be read, or its forms sent.")
        form = parse_qs(body.decode("utf-8", "replace")) if request.method == "POST" else {}
        pressed = {key: values[-1] for key, values in form.items()}
        given = pressed.pop("csrf", "")
        if request.method == "POST" and not secrets.compare_digest(given.encode(), self._csrf.encode()):
            return _refused(403, "This form is from another start of the demo, or from another page. Load it again.")
        if request.host == FLOSUM:
            return self._at_flosum(request, query, pressed)
        org = self._orgs[request.host]
        person = _who(org, headers.get("cookie", ""))
        chosen = form.get("chosen", [])
        is_press = request.method == "POST"
        return self._at_salesforce(Visit(org, request.path, query, person, self._csrf, is_press, pressed, chosen))

    def _has(self, request: Request, query: Mapping[str, str]) -> bool:
        if request.host not in self._orgs:
            return False
        if request.path == AUTHORIZE:  # the bot's own login is another's business
            return query.get("client_id") in APP_OF
        return request.path in (*self._setup.paths, *_HOME, ERROR)

    def _at_flosum(self, request: Request, query: Mapping[str, str], form: Mapping[str, str]) -> HttpAnswer:
        if request.path in ("", "/"):
            return sent_on(f"{FLOSUM_HOME}{ORGANIZATIONS}")
        if request.path != ORGANIZATIONS:
            return _refused(404, "The demo has only the page Organizations of Flosum’s Global Settings.")
        return self._flosum.organizations(query, form, self._csrf)

    def _at_salesforce(self, visit: Visit) -> HttpAnswer:
        if visit.path == AUTHORIZE:
            return self._flosum.authorize(visit)
        if visit.path == ERROR:
            return self._flosum.error(visit)
        if visit.path in _HOME:
            return _entered(visit)
        return self._setup.answer(visit)


def _who(org: BuiltInOrg, cookie: str) -> Record:
    """Whoever logged in, else the first administrator: a newcomer wants to go on, not to log in."""
    users = org.database.rows("User", IsActive=True)
    try:
        jar = SimpleCookie(cookie)
    except CookieError:
        jar = SimpleCookie()
    wanted = jar[_COOKIE].value if _COOKIE in jar else ""
    return next((user for user in users if user["Id"] == wanted), users[0])


def _entered(visit: Visit) -> HttpAnswer:
    if visit.pressed and visit.records.rows("User", Id=visit.form.get("user", ""), IsActive=True):
        cookie = f"{_COOKIE}={visit.form['user']}; Path={visit.home}; HttpOnly; SameSite=Lax"
        return sent_on(visit.at(USAGE), **{"Set-Cookie": cookie})
    if visit.pressed or "switch" in visit.query:
        return log_in_as(visit, "Setup opens for System Administrators.", visit.at("/"))
    return sent_on(visit.at(USAGE))


def _refused(status: int, words: str) -> HttpAnswer:
    return page("Not possible", macros().listed("Not possible", words, above="Demo"), "Built-in Salesforce", status)
