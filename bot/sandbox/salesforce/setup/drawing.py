"""A visit of a browser to the look-alike, and the pages that it gets: HTML from one file of macros, strict headers."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.domain.orgs.setup_links import NAMES, PAGES
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.http import HttpAnswer
from bot.sandbox.salesforce.orgs import BuiltInOrg

USAGE, MANAGE, APP = PAGES["usage"], PAGES["manage"], "/lightning/setup/ConnectedApplication/page"
SETS, SET = PAGES["permission-sets"], "/lightning/setup/PermSets/page"
PROFILES, PROFILE = PAGES["profiles"], "/lightning/setup/EnhancedProfiles/page"
USERS, LOGINS, TRAIL = PAGES["users"], PAGES["login-history"], "/lightning/setup/SecurityEvents/home"
NAV = [(PAGES[key], NAMES[key]) for key in ("usage", "manage", "permission-sets", "profiles", "users", "login-history")]
NAV.append((TRAIL, "View Setup Audit Trail"))
FLOSUM = "global-us.flosum.app"
FLOSUM_HOME = f"/~{FLOSUM}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser, with who is logged in; ``form`` holds what was pressed."""

    org: BuiltInOrg
    path: str
    query: Mapping[str, str]
    person: Record
    csrf: str
    pressed: bool = False
    form: Mapping[str, str] = field(default_factory=dict)
    chosen: Sequence[str] = ()

    @property
    def home(self) -> str:
        """Where the org's pages begin."""
        return f"/~{self.org.host}"

    @property
    def records(self) -> OrgRecords:
        """The org's records."""
        return self.org.database

    def at(self, path: str, **query: str) -> str:
        """The address of a page of the org."""
        return f"{self.home}{path}{'?' if query else ''}{urlencode(query)}"


@cache
def macros() -> Any:
    """The pages' macros, which escape whatever they are given."""
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("pages.html").module


@cache
def _style() -> tuple[Markup, str]:
    text = Path(__file__).with_name("setup.css").read_text("utf-8")
    return Markup(text), base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()  # noqa: S704 - a file of ours


def page(title: str, body: Markup, bar: str, status: int = 200, **frame: Any) -> HttpAnswer:
    """A whole page. It loads nothing, is framed by nobody, and is not kept."""
    style, digest = _style()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
    headers = {
        "Content-Security-Policy": f"{policy}; form-action 'self'",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    text = str(macros().frame(title, body, style, bar, **frame))
    return HttpAnswer(status, text, content_type="text/html; charset=utf-8", headers=headers)


def setup_page(visit: Visit, title: str, body: Markup, status: int = 200) -> HttpAnswer:
    """A page of Setup, with the list of pages beside it."""
    frame = {"nav": NAV, "here": visit.path, "who": str(visit.person["Name"]), "home": visit.home}
    beside = (f"{FLOSUM}/organizations", "Flosum: Organizations")
    return page(title, body, f"Setup · {visit.org.name}", status, **frame, beside=beside)


def sent_on(address: str, **headers: str) -> HttpAnswer:
    """After a press: on to the page that shows what came of it."""
    return HttpAnswer(303, "", location=address, headers={"Cache-Control": "no-store", **headers})
