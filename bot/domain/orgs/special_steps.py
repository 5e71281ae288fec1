"""Instructions of their own: where a finding, or the kind of an app, changes what a section of the article means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.orgs.findings import Finding


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction; ``{app}`` in its text is the app, or the apps, that need it.

    ``page`` is the Setup page where it happens, None for Flosum. ``external`` is how it reads for an external client
    app, whose policies have a page of their own. ``together``: said once for all the apps that need it.
    """

    text: str
    page: str | None = "usage"
    external: str = ""
    together: bool = False


_POLICIES = "in **Connected Apps OAuth Usage**, open **Manage App Policies** of {app}"
_EDIT = "in **External Client App Manager**, open {app}, click **Edit Policies**"
_CHOOSE = "click **Manage Permission Sets** (or **Manage Profiles**), check those of the people who connect, **Save**"
_ADD = "add the permission sets (or profiles) of the people who connect, **Save**"
_APPROVED = "set **Permitted Users** to **Admin approved users are pre-authorized**; **Save**."
_EITHER = (
    "With **All users may self-authorize** anybody can connect; with **Admin approved users are pre-authorized** only "
    "the profiles and permission sets listed there."
)

# How sections of the article read for an external client app.
EXTERNAL: Mapping[str, str] = {
    "permitted-users": "In **External Client App Manager**, open {app}, click **Edit Policies** and " + _APPROVED,
    "grant-permission-set": f"Grant access: {_EDIT}, {_ADD}.",
}
_RECALCULATE = Step(
    "In **Permission Set Groups**, open the group that is named beside {app} as not up to date, and click "
    "**Recalculate**; where that fails, the group says why.",
    page="permission-set-groups",
)
SPECIAL: Mapping[tuple[str, Finding], Step] = {
    ("install", Finding.UNINSTALLED): Step(
        "In **Connected Apps OAuth Usage**, find {app}, click **Install**, and **Install** again. Where it is not "
        "listed, connect this org in Flosum once, and look again."
    ),
    # What locks nobody out: first the people, then the policy.
    ("grant-permission-set", Finding.OPEN): Step(
        "Recommended, not urgent. First grant access, so that nobody is locked out: in **Permission Sets**, open the "
        "set of the people who connect, **Assigned Connected Apps**, **Edit**, add {app}, **Save**. Flosum's guide "
        "names this way; that it works while all users may self-authorize is not proven.",
        page="permission-sets",
        external=f"Recommended, not urgent. First grant access, so that nobody is locked out: {_EDIT}, {_ADD}.",
        together=True,
    ),
    ("permitted-users", Finding.OPEN): Step(
        f"Only then, {_POLICIES}, click **Edit Policies** and {_APPROVED} From then on only people who are granted "
        "access can connect: see that **Permission Sets** on that page lists theirs.",
        external=f"Only then, {_EDIT} and {_APPROVED} From then on only people who are granted access can connect.",
        together=True,
    ),
    ("permitted-users", Finding.HIDDEN_POLICY): Step(
        f"Look yourself: {_POLICIES}, **Edit Policies**. {_EITHER}", external=f"Look yourself: {_EDIT}. {_EITHER}"
    ),
    ("grant-permission-set", Finding.NOBODY_ACTIVE): Step(
        "Assign a permission set that is granted to {app} to the users who connect to Flosum.", page="permission-sets"
    ),
    ("grant-permission-set", Finding.ONLY_FROZEN): Step(
        "In **Users**, open the user who connects to Flosum with {app} and click **Unfreeze**, or let in another one.",
        page="users",
    ),
    ("grant-permission-set", Finding.ONLY_ENDED): Step(
        "Assign a permission set that is granted to {app} anew to the users who connect to Flosum, with an end to come "
        "or with none.",
        page="permission-sets",
    ),
    ("grant-permission-set", Finding.STALE_GROUP): _RECALCULATE,
    ("grant-permission-set", Finding.GROUP_BEHIND): _RECALCULATE,
    ("grant-permission-set", Finding.SESSION_ONLY): Step(
        f"Grant access through a permission set that needs no session activation: {_POLICIES}, {_CHOOSE}.",
        external=f"Grant access through a permission set that needs no session activation: {_EDIT}, {_ADD}.",
    ),
    ("grant-permission-set", Finding.EMPTY_PROFILES): Step(
        f"Grant access to a permission set or profile that the people who connect have: {_POLICIES}, {_CHOOSE}.",
        external=f"Grant access to a permission set or profile that the people who connect have: {_EDIT}, {_ADD}.",
    ),
    ("grant-permission-set", Finding.HIDDEN_GRANTS): Step(
        f"Look yourself: {_POLICIES} and see whether **Profiles** or **Permission Sets** list the people who connect.",
        external=f"Look yourself: {_EDIT} and see whether the people who connect are among its profiles and "
        "permission sets.",
    ),
    ("grant-permission-set", Finding.UNCOUNTED): Step(
        "Look yourself: in **Users**, open the user who connects to Flosum with {app}. It must be active, not frozen, "
        "and have a profile or permission set that is named beside {app}.",
        page="users",
    ),
    ("check-installed", Finding.ONE_NOT_INSTALLED): Step(
        "In **Connected Apps OAuth Usage**, look at each row called {app}: the one with Flosum's users is Flosum's. "
        "Where **Install** stands beside that one, install it."
    ),
    ("check-installed", Finding.TWO_APPS): Step(
        "In **Connected Apps OAuth Usage**, look at each row called {app}: the one with Flosum's users is Flosum's. "
        "See that it is the one with **Uninstall**, and who may use it."
    ),
    ("check-installed", Finding.BOTH_KINDS): Step(
        "Look for {app} at **Connected Apps OAuth Usage** and in **External Client App Manager**: see which of the two "
        "has Flosum's users, and who may use that one."
    ),
    ("check-installed", Finding.BLOCK_UNREAD): Step(
        "Look yourself: where **Unblock** stands beside {app} at **Connected Apps OAuth Usage**, it is blocked still; "
        "click that.",
        together=True,
    ),
    ("check-installed", Finding.BLOCK_UNTOLD): Step(
        "See at **Connected Apps OAuth Usage** that **Unblock** does not stand beside {app}: no token and no line of "
        "the setup audit trail, which goes back 180 days, tells that people get in.",
        together=True,
    ),
    ("check-installed", Finding.QUESTION_REFUSED): Step(
        "Tell whoever runs this assistant that Salesforce refused a question about {app}; an update may mend that. "
        "Until then look yourself, at **Connected Apps OAuth Usage**.",
        together=True,
    ),
}
