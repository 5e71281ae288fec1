"""The Setup pages of an org."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "usage": "/lightning/setup/ConnectedAppsUsage/home",
        "manage": "/lightning/setup/ConnectedApplication/home",
        "permission-sets": "/lightning/setup/PermSets/home",
        "external-apps": "/lightning/setup/ManageExternalClientApplication/home",
        "permission-set-groups": "/lightning/setup/PermSetGroups/home",
        "profiles": "/lightning/setup/EnhancedProfiles/home",
        "users": "/lightning/setup/ManageUsers/home",
        "login-history": "/lightning/setup/OrgLoginHistory/home",
        "api-access-control": "/lightning/setup/ApiAccessControl/home",
        "sessions": "/lightning/setup/SessionManagementPage/home",
        "oauth-settings": "/lightning/setup/OauthOidcSettings/home",
    }
)
"""The Setup pages by the names that steps and guidance files call them; the library refuses any other name."""


NAMES: Mapping[str, str] = MappingProxyType(
    {
        "usage": "Connected Apps OAuth Usage",
        "manage": "Manage Connected Apps",
        "permission-sets": "Permission Sets",
        "external-apps": "External Client App Manager",
        "permission-set-groups": "Permission Set Groups",
        "profiles": "Profiles",
        "users": "Users",
        "login-history": "Login History",
        "api-access-control": "API Access Control",
        "sessions": "Session Management",
        "oauth-settings": "OAuth and OpenID Connect Settings",
    }
)
"""What Salesforce calls each of them: a link says where it leads."""


INSTALL_PAGE = "/identity/app/AppInstallApprovalPage.apexp"
"""Where an app is installed whose ids are known; it is no page of Setup."""


def page_name(link: str) -> str:
    """What Salesforce calls the page that a ``setup_link`` leads to."""
    if f"{INSTALL_PAGE}?" in link:
        return "install page"
    return next((NAMES[page] for page, path in PAGES.items() if link.endswith(path)), "Setup")


def page_link(host: str, page: str) -> str:
    """Markup for a Setup page of an org, by Salesforce's name of it."""
    return f"[{NAMES[page]}]({setup_link(host, page)})"


def with_link(step: str, link: str | None) -> str:
    """A step in which the name of its page leads to the page; where the name is not in it, behind it."""
    if link is None:
        return step
    name = page_name(link)
    label = f"**{name}**"
    words = f"[{name}]({link})"
    return step.replace(label, words, 1) if label in step else f"{step} {words}"


def setup_link(host: str, page: str) -> str:
    """The address of a Setup page (a key of ``PAGES``) in the org at ``host``; Salesforce forwards from there."""
    return f"https://{host}{PAGES[page]}"
