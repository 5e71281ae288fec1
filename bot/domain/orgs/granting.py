"""Granting an app to a permission set: what was asked for, what was read before, and what stands in the way.

Whatever can be told before the attempt is: nothing is tried of which it is known that it fails, or has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.model import BACKUP_APP, DEVOPS_APP, FLOSUM_APPS, TWINS, AppState, Doubt, Org, Policy, loosely, short_id
from bot.domain.org_questions import folded

NEW_SET = "new"
"""The word for the permission set of its own that Flosum's article advises, where it is still to be made."""

NEW_NAME, NEW_LABEL = "Flosum_Connected_Apps", "Flosum Connected Apps"

KEYS = {"backup": (BACKUP_APP,), "devops": (DEVOPS_APP,), "both": FLOSUM_APPS}
"""The words for the apps."""

SET_ID = re.compile(r"0PS(?:\w{12}|\w{15})", re.ASCII)
LONGEST = 80  # letters; neither a label nor an API name is longer
_ENDS = " .,;:!?"
_QUOTES = " \t\"'“”„‘’«»`"


# --- what was asked for ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """Which apps are to be granted to which permission set, as it was said. ``apps`` None: not said, or not known.

    ``people`` is how many it would let in when it was shown, None before anybody pressed; ``organization`` begins the
    id of the Salesforce org that was shown.
    """

    apps: tuple[str, ...] | None
    wanted: str = ""
    people: int | None = None
    organization: str = ""

    def is_elsewhere(self, organization_id: str | None) -> bool:
        """Whether what was pressed was shown of another Salesforce org: a name may be connected to another any time."""
        return self.people is not None and self.organization != short_id(organization_id)


_PRESSED = re.compile(
    rf"(?P<wanted>{SET_ID.pattern}|{NEW_SET}) yes (?P<people>\d{{1,7}})(?: (?P<organization>00D\w{{12}}))?", re.ASCII
)


def read_wish(said: str) -> Wish:
    """What follows the org's name: the app, by its word or by its name, and the permission set."""
    words = said.replace("*", " ").split()
    for length in range(len(words), 0, -1):
        apps = _apps(" ".join(words[:length]))
        if apps:
            return _of_apps(apps, " ".join(words[length:]))
    return Wish(None, said.strip())


def _of_apps(apps: tuple[str, ...], rest: str) -> Wish:
    pressed = _PRESSED.fullmatch(rest)
    if pressed:
        return Wish(apps, pressed["wanted"], int(pressed["people"]), pressed["organization"] or "")
    wanted = re.sub(r"^(?:→|->|to|the)\s+(?=\S)", "", rest, flags=re.IGNORECASE).strip(_QUOTES).rstrip(_ENDS)
    return Wish(apps, wanted)


def _apps(words: str) -> tuple[str, ...]:
    bare = words.strip(_QUOTES).casefold()
    if bare in KEYS:
        return KEYS[bare]
    return tuple(app for app in FLOSUM_APPS if loosely(app) == loosely(bare))


def key_of(apps: Sequence[str]) -> str:
    """The word for these apps."""
    return next((word for word, named in KEYS.items() if set(named) == set(apps)), "both")


# --- what was read ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """A permission set. ``kind`` is Salesforce's word: Regular, Standard, Session, Group, Profile. "" if unread.

    ``people`` are the active users who have it by themselves, ``in_groups`` those who have it by a permission set
    group; None where that could not be read, or was not asked.
    """

    id: str
    name: str
    label: str
    namespace: str | None = None
    kind: str = ""
    by_profile: bool = False
    needs_session: bool = False
    people: int | None = None
    in_groups: int | None = None

    @property
    def api_name(self) -> str:
        """Its API name as Salesforce prints it, with the namespace of its package."""
        return f"{self.namespace}__{self.name}" if self.namespace else self.name

    def is_called(self, wanted: str) -> bool:
        """Whether that is its id, API name or label."""
        if SET_ID.fullmatch(wanted):
            return short_id(self.id) == short_id(wanted)
        return folded(wanted) in map(folded, (self.name, self.label, self.api_name))


@dataclass(frozen=True, slots=True)
class AppToGrant:
    """One app. ``granted_to`` are the ids of the permission sets that it is granted to, None if that is not known.

    ``controlled``: API Access Control is on, with which self-authorize opens nothing by itself; asked where that is the
    policy.
    """

    name: str
    app_id: str | None
    state: AppState
    policy: Policy | None
    doubts: tuple[Doubt, ...] = ()
    granted_to: frozenset[str] | None = None
    controlled: bool | None = None

    def is_granted(self, holder: Holder) -> bool:
        """Whether it is granted to a permission set."""
        return short_id(holder.id) in map(short_id, self.granted_to or ())


@dataclass(frozen=True, slots=True)
class GrantReading:
    """What an org says before anything is granted. ``readable`` false: its permission sets cannot be read.

    ``holders`` are those whose name is like what was wanted, or all of its own where nothing was. ``may_grant`` and
    ``may_assign`` say what the connection's user may do, None where that could not be read.
    """

    organization_id: str | None
    apps: tuple[AppToGrant, ...]
    holders: tuple[Holder, ...]
    profile: str | None = None
    may_grant: bool | None = None
    may_assign: bool | None = None
    readable: bool = True
    other_apps: tuple[str, ...] = ()

    def of(self, names: Sequence[str]) -> tuple[AppToGrant, ...]:
        """The apps of these names."""
        return tuple(app for app in self.apps if app.name in names)

    def called(self, wanted: str) -> tuple[Holder, ...]:
        """The permission sets of that id, API name or label; an API name or id wins over labels."""
        found = tuple(holder for holder in self.holders if holder.is_called(wanted))
        exact = tuple(each for each in found if each.api_name.casefold() == wanted.casefold())
        return exact if len(exact) == 1 else found

    @property
    def dedicated(self) -> Holder | None:
        """The permission set of its own, where it is there already."""
        return next((each for each in self.holders if each.api_name == NEW_NAME), None)

    @property
    def offered(self) -> tuple[Holder, ...]:
        """Those that can be granted to, the likeliest first."""
        fit = [each for each in self.holders if bar_of(each) is None]
        granted = {short_id(each) for app in self.apps for each in app.granted_to or ()}
        return tuple(
            sorted(
                fit,
                key=lambda each: (
                    each.api_name != NEW_NAME,
                    short_id(each.id) not in granted,
                    "flosum" not in each.label.casefold(),
                    each.label.casefold(),
                ),
            )
        )


# --- what stands in the way ------------------------------------------------------------------------------


class Bar(Enum):
    """Why an app cannot be granted, or a permission set cannot be granted to: known before it is tried."""

    NOT_INSTALLED = auto()
    BLOCKED = auto()
    NOT_SEEN = auto()
    UNREADABLE = auto()
    EXTERNAL = auto()
    TWO_APPS = auto()
    GRANTS_UNREAD = auto()
    MANAGED = auto()
    OF_PROFILE = auto()
    GROUP = auto()
    STANDARD = auto()


_OF_STATE = {
    AppState.NOT_INSTALLED: Bar.NOT_INSTALLED,
    AppState.BLOCKED: Bar.BLOCKED,
    AppState.NOT_SEEN: Bar.NOT_SEEN,
    AppState.UNREADABLE: Bar.UNREADABLE,
}


def bar_of_app(app: AppToGrant) -> Bar | None:
    """Why an app cannot be granted from here."""
    if app.state in _OF_STATE:
        return _OF_STATE[app.state]
    if app.app_id is None:
        return Bar.UNREADABLE
    if TWINS & set(app.doubts):
        return Bar.TWO_APPS
    if app.app_id.startswith("0xI"):
        return Bar.EXTERNAL
    return Bar.GRANTS_UNREAD if app.granted_to is None else None


def bar_of(holder: Holder) -> Bar | None:
    """Why nothing can be granted to a permission set."""
    if holder.by_profile or holder.kind == "Profile":
        return Bar.OF_PROFILE
    if holder.namespace:
        return Bar.MANAGED
    return {"Group": Bar.GROUP, "Standard": Bar.STANDARD}.get(holder.kind)


def may_be_granted(org: Org, *, writes: bool) -> bool:
    """Whether access may be granted in an org from here at all: by the operator, and by whoever connected it."""
    return writes and org.grants_allowed
