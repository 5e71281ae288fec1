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


def setup_link(host: str, page: str) -> str:
    """The address of a Setup page (a key of ``PAGES``) in the org at ``host``; Salesforce forwards from there."""
    return f"https://{host}{PAGES[page]}"
