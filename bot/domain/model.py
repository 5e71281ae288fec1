"""Orgs, what is known of them, and people: frozen records that travel between the layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import AssistantError

BACKUP_APP = "Flosum Backup Org Auth"
DEVOPS_APP = "Flosum DevOps: Web App Production"
FLOSUM_APPS = (BACKUP_APP, DEVOPS_APP)

FORGOTTEN = "forgotten"
"""What stands for a person who was erased, in the trail and wherever somebody is to be told in their place."""

LOCAL = "local"
"""The workspace of orgs that were added before the bot knew its Slack workspace, which takes them over at start."""


# --- orgs ----------------------------------------------------------------------------------------------


def loosely(name: str) -> str:
    """An app's name without case, colons and spaces: Salesforce's pages and objects spell it differently."""
    return "".join(filter(str.isalnum, name)).lower()


class Login(StrEnum):
    """How the bot logs in to an org."""

    CLIENT_CREDENTIALS = "client-credentials"
    JWT = "jwt"
    BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt to read an org that failed: when, and why, as a finished sentence."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """An org that is left out of reminders until then; for good where ``until`` is None: it is not needed there."""

    until: datetime | None
    reason: str
    by: str
    at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it is not over yet."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Org:
    """A connected org of one workspace. ``name`` keeps the typed letters and is unique without regard to case.

    ``host`` is the My Domain host (``acme.my.salesforce.com``). ``apps`` are the Flosum apps that this org needs.
    ``owner`` is a user or channel id to be named in reminders. ``reconnect``: its connection was refused for good.
    ``tags`` are the words that people sort their orgs by, in small letters.
    ``grants_allowed``: whoever connected it let the assistant grant access in it; else it is only read.
    ``failure`` is the latest attempt to read it, None where that went well or none was made. ``open_since`` is when it
    was first read as not ready, None where it was read as ready or never.
    """

    workspace: str
    name: str
    host: str
    login: Login
    username: str | None = None
    organization_id: str | None = None
    sandbox: bool | None = None
    apps: tuple[str, ...] = FLOSUM_APPS
    owner: str | None = None
    added_at: datetime | None = None
    connected_by: str | None = None
    reconnect: bool = False
    failure: Failure | None = None
    tags: tuple[str, ...] = ()
    grants_allowed: bool = False
    snooze: Snooze | None = None
    open_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens an org. The secret parts stay out of ``repr``; ``private_key`` is a PEM text.

    ``access_token`` is the session of the last refresh: kept with the rest, so that of many processes one refreshes.
    ``host`` is where that session is good, where the refresh named another host than the org's.
    """

    consumer_key: str = field(repr=False)
    consumer_secret: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a login in the browser gave: the org that the person logged in to, and what opens it."""

    host: str
    organization_id: str
    credentials: Credentials


class AppState(StrEnum):
    """What is true of a connected app in an org, as far as it can be read."""

    INSTALLED = "installed"
    NOT_INSTALLED = "not-installed"
    NOT_SEEN = "not-seen"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"


class Policy(StrEnum):
    """The Permitted Users setting of a connected app."""

    ADMIN_APPROVED = "admin-approved"
    SELF_AUTHORIZE = "self-authorize"


class AppAction(StrEnum):
    """What somebody did to an app, as the org's audit trail tells it."""

    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    POLICY_CHANGED = "policy-changed"


@dataclass(frozen=True, slots=True)
class AppEvent:
    """One line of an org's audit trail about an app. ``action`` None: it cannot be told; ``raw`` is what it says."""

    action: AppAction | None
    raw: str
    by: str | None
    at: datetime | None


class Doubt(StrEnum):
    """What keeps a reading of an app from being the whole truth."""

    TWO_APPS = "two-apps"
    ONE_NOT_INSTALLED = "one-not-installed"
    BOTH_KINDS = "both-kinds"
    GRANT_HIDDEN = "grant-hidden"
    GRANTS_CUT = "grants-cut"
    TOKENS_CUT = "tokens-cut"
    FROZEN_UNSEEN = "frozen-unseen"
    SESSION_BASED = "session-based"
    QUESTION_REFUSED = "question-refused"
    BLOCK_UNREAD = "block-unread"  # it was blocked when that could last be read


TWINS = frozenset({Doubt.TWO_APPS, Doubt.ONE_NOT_INSTALLED, Doubt.BOTH_KINDS})
"""With one of these an org has more than one app of the name, and which of them is Flosum's is not known."""


@dataclass(frozen=True, slots=True)
class AppFacts:
    """What Salesforce says of one app in one org. None always means "could not be read", never "none".

    ``connected_users`` counts people who hold a token of the app, installed or not. ``users_with_access`` counts the
    active users whom the app's profiles and permission sets let in, without the ``frozen_users`` beside them and the
    ``ended_users`` whose assignments have ended; None too where nobody needs to be let in. ``stale_groups`` are
    permission set groups that hold a granted permission set and are not up to date, each with its status. ``history``
    has the newest first. ``controlled``: whether the org's API Access Control is on, with which a policy of
    self-authorize opens nothing by itself; asked only where that is the policy.
    """

    name: str
    state: AppState
    app_id: str | None = None
    permitted_users: Policy | None = None
    profiles: tuple[str, ...] | None = None
    permission_sets: tuple[str, ...] | None = None
    users_with_access: int | None = None
    connected_users: int | None = None
    last_used: datetime | None = None
    frozen_users: int | None = None
    ended_users: int | None = None
    stale_groups: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    history: tuple[AppEvent, ...] | None = None
    controlled: bool | None = None

    @property
    def needs_grant(self) -> bool:
        """Whether only those get in who are granted access, as far as that is known."""
        return self.permitted_users is not Policy.SELF_AUTHORIZE or self.controlled is True

    @property
    def external(self) -> bool:
        """Whether it is an external client app, which has other Setup pages than a connected app."""
        return (self.app_id or "").startswith("0xI")


@dataclass(frozen=True, slots=True)
class ApiUsage:
    """How many of an org's API requests of 24 hours are used."""

    used: int
    limit: int

    @property
    def is_low(self) -> bool:
        """Whether less than a tenth is left."""
        return (self.limit - self.used) * 10 < self.limit


@dataclass(frozen=True, slots=True)
class OrgFacts:
    """One reading of an org. ``missing_permissions`` names what the connection's user lacks to read the rest.

    ``other_apps`` are apps whose names hold Flosum's and are neither of the two. ``host`` is where the org has
    moved to, None where it has not. ``refreshed_at`` is when a sandbox was found refreshed, some days back at most.
    ``api_usage`` is as the reading's last answer said. ``listed``: all lists were read in which an app of a name shows,
    so that there is no further one.
    """

    checked_at: datetime
    organization_id: str | None
    sandbox: bool | None
    apps: tuple[AppFacts, ...]
    missing_permissions: tuple[str, ...] = ()
    other_apps: tuple[str, ...] = ()
    host: str | None = None
    refreshed_at: datetime | None = None
    api_usage: ApiUsage | None = None
    listed: bool = True


@dataclass(frozen=True, slots=True)
class KeptOrg:
    """All that is kept of an org: what opens it, or the error that stands in the way, and its newest reading."""

    org: Org
    credentials: Credentials | AssistantError
    facts: OrgFacts | None = None


class Verdict(StrEnum):
    """Whether an org is through."""

    READY = "ready"
    ACTION_NEEDED = "action-needed"
    UNKNOWN = "unknown"


class Read(StrEnum):
    """How the latest attempt to read an org went. ``over``: its connection ended, so no attempt can go well."""

    OK = "ok"
    FAILED = "failed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step of the guidance that this org still needs. ``link`` lands on the very Setup page of that org."""

    topic: str
    app: str | None
    text: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What an org's facts amount to.

    ``headline`` is a sentence that names the org; ``brief`` says the same beside the org's name, in a list.
    ``may_grant``: access may be granted in the org from here.
    ``facts`` is the newest reading there is, None if there never was one. ``trouble`` says why there is no fresh
    reading (None when ``facts`` is fresh).

    Where ``facts`` no longer prove anything ``verdict`` is unknown, and ``last_verdict`` and ``last_read_at`` say what
    they amounted to. ``rests``: it was not asked now, because it failed several times in a row; ``trouble`` says until
    when.
    """

    org: Org
    verdict: Verdict
    headline: str
    brief: str
    steps: tuple[NextStep, ...]
    facts: OrgFacts | None
    trouble: str | None = None
    read: Read = Read.OK
    last_verdict: Verdict | None = None
    last_read_at: datetime | None = None
    rests: bool = False
    may_grant: bool = False

    @property
    def organization_id(self) -> str | None:
        """Which Salesforce org it is, as was read last; as was known before where that could not be read."""
        return (self.facts.organization_id if self.facts else None) or self.org.organization_id

    @property
    def needed_apps(self) -> Sequence[AppFacts]:
        """The apps that the org needs, as they were read."""
        return [app for app in self.facts.apps if app.name in self.org.apps] if self.facts else ()

    @property
    def unread(self) -> bool:
        """Whether it counts as not read: never yet, not for long, or not at the latest attempt."""
        return self.verdict is Verdict.UNKNOWN and (self.facts is None or self.last_verdict is not None)


def short_id(record_id: str | None) -> str:
    """What the two spellings of an id of Salesforce have in common, its first 15 letters; "" for none."""
    return (record_id or "")[:15]


def is_person(slack_id: str) -> bool:
    """Whether an id of Slack's is a person's: these begin with U, in an organization with W."""
    return slack_id.startswith(("U", "W"))


# --- digests -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastDigest:
    """What an earlier digest found: which orgs were ready and which were not. ``slot`` is when it was due."""

    slot: datetime
    ready: tuple[str, ...]
    missing: tuple[str, ...]


# --- people --------------------------------------------------------------------------------------------


TERMINAL = "terminal"
"""The user where that is whoever may run commands on the bot's machine: nobody of the workspace."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who speaks, and where. ``channel`` is None outside Slack.

    ``stranger``: what Slack sent shows already that they are of another company; False says nothing.
    """

    workspace: str
    user: str
    channel: str | None = None
    stranger: bool = False


class Standing(StrEnum):
    """Who somebody is to a workspace."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "of another company"
    GONE = "deactivated"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Person:
    """What the workspace says of somebody: the IANA zone of their clock, whether they run it, who they are to it.

    ``name`` is what they are called there; "" where unknown.
    """

    zone: str
    admin: bool
    standing: Standing
    name: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit trail: who did what, to which org or setting, and when. Never a secret."""

    workspace: str
    at: datetime
    user: str
    action: str
    subject: str = ""


# --- conversations -------------------------------------------------------------------------------------


class AnswerKind(StrEnum):
    """What an answer of the bot did. It is kept with the answer: the values stand in the database."""

    FULL = "full"  # explained an entry of the guidance
    POINTER = "pointer"  # led to the earlier answer about the same entry
    FOR_ORG = "org"  # went on from the answer above, for one org
    OUTDATED = "outdated"  # explained what its message said before it was edited
    NOTHING = "nothing"  # had nothing to say
    COMMAND = "command"  # came of a command that was carried out


def orgs_detail(names: Sequence[str]) -> str:
    """What is kept of an answer that is about these orgs; no name has a line break in it."""
    return "\n".join(names)


@dataclass(frozen=True, slots=True)
class PostedAnswer:
    """Where an answer of the bot stands: ``ts`` is its own, ``to_ts`` that of the message that it answers.

    ``entry`` is the id of what it says, or of what was talked about when it said something else ("" for neither);
    ``detail`` the names of the orgs whose links are in it, the ts of the answer that it points to, that it is
    folded, or that it only showed something; and behind that the org that a command was about.
    """

    workspace: str
    channel: str
    to_ts: str
    thread: str | None
    ts: str
    entry: str
    at: datetime
    kind: AnswerKind = AnswerKind.FULL
    detail: str = ""

    @property
    def orgs(self) -> tuple[str, ...]:
        """The names of the orgs that it is about."""
        if self.kind is AnswerKind.COMMAND:
            return tuple(self.detail.split("\n")[1:])
        is_about_some = self.kind in (AnswerKind.FULL, AnswerKind.FOR_ORG) and self.detail
        return tuple(self.detail.split("\n")) if is_about_some else ()


@dataclass(frozen=True, slots=True)
class ChannelRecords:
    """What is kept around a message: of its workspace, of its channel, and the answers near it, newest first.

    ``quiet``: somebody has switched off in this channel that the bot answers what it overhears.
    """

    orgs: tuple[Org, ...] = ()
    quiet: bool = False
    answers: tuple[PostedAnswer, ...] = ()
