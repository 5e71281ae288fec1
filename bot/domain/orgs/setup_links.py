"""Addresses of an org: the My Domain host behind whatever a person typed, and the Setup pages of that org."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.errors import AskerError

MY_DOMAIN = ".my.salesforce.com"

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "usage": "/lightning/setup/ConnectedAppsUsage/home",
        "manage": "/lightning/setup/ConnectedApplication/home",
        "permission-sets": "/lightning/setup/PermSets/home",
        "profiles": "/lightning/setup/EnhancedProfiles/home",
        "users": "/lightning/setup/ManageUsers/home",
        "login-history": "/lightning/setup/OrgLoginHistory/home",
        "api-access-control": "/lightning/setup/ApiAccessControl/home",
        "sessions": "/lightning/setup/SessionManagementPage/home",
        "oauth-settings": "/lightning/setup/OauthOidcSettings/home",
    }
)
"""The Setup pages by the names that steps and guidance files call them; the library refuses any other name."""

# The longest first: ".my" is also the end of what is left of a half-typed My Domain address.
_SUFFIXES = (".my.salesforce-setup.com", ".lightning.force.com", MY_DOMAIN, ".my.salesforce", ".my")
_PARTITIONS = "sandbox|develop|scratch|demo|trailblaze|free"
_STEM = re.compile(rf"(?P<name>[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?:\.(?P<partition>{_PARTITIONS}))?")
_SHARED = frozenset({"login", "test", "my", "www", "help"})
_NOT_PRODUCTION = frozenset({"sandbox", "scratch"})


def setup_link(host: str, page: str) -> str:
    """The address of a Setup page (a key of ``PAGES``) in the org at ``host``; Salesforce forwards from there."""
    return f"https://{host}{PAGES[page]}"


def my_domain_host(typed: str) -> str:
    """The My Domain host that ``typed`` speaks of: a bare name, or any Lightning, Setup or My Domain address.

    Raises AskerError where that is not the address of one Salesforce org.
    """
    host = _host_of(typed)
    if not host:
        raise AskerError("Which org? Give its My Domain, such as `acme` or `acme.my.salesforce.com`.")
    if host.endswith(".salesforce.mil"):
        raise AskerError("Orgs on salesforce.mil log in elsewhere, and this assistant cannot follow there yet.")
    stem = _STEM.fullmatch(_without_suffix(host))
    if stem is None or stem["name"] in _SHARED:
        raise AskerError(_refusal(host))
    partition = f".{stem['partition']}" if stem["partition"] else _spelled_partition(host)
    return f"{stem['name']}{partition}{MY_DOMAIN}"


def is_sandbox_host(host: str) -> bool:
    """Whether the org at a My Domain host logs in at test.salesforce.com (sandboxes and scratch orgs)."""
    name, _, rest = host.partition(".")
    return "--" in name or rest.partition(".")[0] in _NOT_PRODUCTION


def _host_of(typed: str) -> str:
    address = typed.strip(" \t\r\n<>\"'`").lower()
    address = address.partition("://")[2] if "://" in address else address
    authority = re.split(r"[/?#|\\]", address, maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    return re.sub(r":\d*$", "", host).rstrip(".").strip()


def _without_suffix(host: str) -> str:
    for suffix in _SUFFIXES:
        if host.endswith(suffix):
            return host.removesuffix(suffix)
    return host


def _spelled_partition(host: str) -> str:
    """What a bare name says of its kind; an address that was typed in full is left as it is."""
    if "." in host:
        return ""
    if "--" in host:
        return ".sandbox"
    return ".develop" if host.endswith("-dev-ed") else ""


def _refusal(host: str) -> str:
    shown = host if len(host) <= 80 and host.isprintable() and "`" not in host else "That"
    named = f"`{shown}`" if shown != "That" else shown
    return (
        f"{named} is not the address of one Salesforce org. Give its My Domain, as Setup → My Domain shows it: "
        "it ends in `.my.salesforce.com`."
    )
