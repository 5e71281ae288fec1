"""What the service needs from the outside world. Adapters satisfy these; tests and the sandbox do too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.answers import Answer, Form
from bot.domain.digest.delivery import Plan
from bot.domain.digest.notices import Notice
from bot.domain.digest.subscription import About, Slot, SlotStatus, Subscription
from bot.domain.model import (
    Asker,
    Change,
    ChannelRecords,
    Credentials,
    Failure,
    Granted,
    KeptOrg,
    Org,
    OrgFacts,
    PastDigest,
    Person,
    PostedAnswer,
)
from bot.domain.orgs.conditions import Known
from bot.domain.orgs.granting import GrantReading
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.orgs.org_writes import OrgWrite, WriteKind, WriteStatus
from bot.domain.orgs.user_access import UserReading

Clock = Callable[[], datetime]
"""The time now, aware, in UTC."""

OfferTo = Callable[[Asker, Answer], Answer]
"""An answer as somebody sees it whom nobody else reads along with: without what would only refuse them."""


Noting = Callable[[Mapping[str, Org], Mapping[str, Known | None]], Mapping[str, Known]]
"""Given orgs by name as they are kept, and what was known of each over time, what is known now."""


class Orgs(Protocol):
    """Salesforce, as far as we read it."""

    def facts(self, org: Org, credentials: Credentials) -> OrgFacts:
        """Read both Flosum apps in ``org``, live, within 15 seconds.

        Raises OrgUnreachable when no usable answer came and OrgRefused when the login was refused. What the
        connection's user may not see is a fact of the answer (``unreadable``), not an error.
        """
        ...


class OrgUsers(Protocol):
    """The users of orgs, as far as they concern us."""

    def user(self, org: Org, credentials: Credentials, wanted: str) -> UserReading:
        """Read who ``wanted`` is (by user name, e-mail address or name) and, of the one that it is, what lets them in.

        Raises OrgUnreachable and OrgRefused as ``Orgs`` does.
        """
        ...


class RestOfOrgs(Protocol):
    """What is read of an org only where somebody asks for all of it."""

    def details(self, org: Org, credentials: Credentials, facts: OrgFacts) -> OrgDetails:
        """Read the rest of an org whose ``facts`` were just read. Raises OrgUnreachable and OrgRefused as ``Orgs``."""
        ...


class GrantOrgs(Protocol):
    """Orgs, as far as people are let into apps in them.

    Each raises OrgUnreachable and OrgRefused as ``Orgs`` does. A write that ends so may have been carried out.
    """

    def grantable(self, org: Org, credentials: Credentials, wanted: str) -> GrantReading:
        """Read both apps and the permission sets that fit ``wanted`` (all of the org's own where it is empty)."""
        ...

    def record_of(self, org: Org, credentials: Credentials, write: OrgWrite) -> str | None:
        """The id of what was written, None where it is not there."""
        ...

    def has_ended(self, org: Org, credentials: Credentials, assignment: str) -> bool:
        """Whether the day is over until which somebody has a permission set; no where that does not show."""
        ...

    def create(self, org: Org, credentials: Credentials, kind: WriteKind, values: Mapping[str, str]) -> str:
        """Write one record, once; its id. Raises WriteRefused where nothing was written."""
        ...

    def delete(self, org: Org, credentials: Credentials, kind: WriteKind, record_id: str) -> None:
        """Delete one record, once. Raises WriteRefused where it was not."""
        ...


class OrgWrites(Protocol):
    """What is written to orgs, over every process: claimed before it is, ended when it was read back."""

    def claim_write(self, write: OrgWrite, now: datetime, until: datetime) -> bool:
        """Take on a write; False where somebody is at the same just now, or has just done it."""
        ...

    def begin_undo(self, write: OrgWrite, until: datetime, by: str) -> bool:
        """Take on taking back what was written; False where somebody else does, or has."""
        ...

    def take_over(self, write: OrgWrite, now: datetime, until: datetime) -> bool:
        """Take on what was left beyond its lease; False where another process was faster."""
        ...

    def end_write(self, write: OrgWrite, status: WriteStatus, record_id: str | None, change: Change | None) -> bool:
        """Note what came of a write, with its line of the trail; False where it ended before."""
        ...

    def org_write(self, org: Org, kind: WriteKind, subject: str, holder: str) -> OrgWrite | None:
        """The one of that kind about these two."""
        ...

    def org_write_of(self, org: Org, record_id: str) -> OrgWrite | None:
        """The one that made a record."""
        ...

    def writes_left(self, now: datetime) -> Sequence[OrgWrite]:
        """What was left beyond its lease, in every workspace; the org is named by a name that finds it."""
        ...


class WebServerFlows(Protocol):
    """Salesforce's web server flow, with PKCE. ``host`` is where the person logs in; ``name`` the org's, for errors."""

    def authorize_url(self, host: str, state: str, verifier: str) -> str:
        """Where the person's browser goes."""
        ...

    def exchange(self, name: str, host: str, code: str, verifier: str) -> Granted:
        """Trade the code that came back. Raises OrgRefused and OrgUnreachable."""
        ...

    def revoke(self, org: Org, credentials: Credentials) -> None:
        """End what was granted, at Salesforce. Raises OrgUnreachable; a token that is no longer valid is no error."""
        ...


class Store(Protocol):
    """What we remember. Every call is scoped by workspace; records come out, never sessions.

    Raises OperatorError when the database is locked, read-only, unreachable or from a newer version.
    """

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All orgs, sorted by name without regard to case."""
        ...

    def orgs_lately(self, workspace: str) -> Sequence[Org]:
        """The same without a query each time: for examples, because another process's newest may be missing."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One org by its name, without regard to case."""
        ...

    def add_org(self, org: Org, credentials: Credentials) -> None:
        """Add an org. Raises AskerError when the workspace has one of that name."""
        ...

    def remove_org(self, workspace: str, name: str) -> bool:
        """Forget an org with its credentials and facts; False if there was none."""
        ...

    def credentials(self, org: Org) -> Credentials:
        """The decrypted credentials. Raises LoginLost when no key of ours opens them."""
        ...

    def kept_orgs(self, workspace: str, name: str | None = None) -> Sequence[KeptOrg]:
        """All orgs, sorted by name, or the one of that name, each with all that is kept of it; one query."""
        ...

    def save_facts(self, org: Org, facts: OrgFacts) -> None:
        """Keep a reading as the newest, and the org's id, sandbox flag and new host with it."""
        ...

    def save_readings(
        self, workspace: str, readings: Mapping[str, OrgFacts | Failure], noting: Noting | None = None
    ) -> Mapping[str, Org]:
        """The same for many attempts at once, by the org's name; a failure is kept beside the newest reading.

        Returned are the orgs as they were before, by the same names; those that are gone are dropped. What ``noting``
        gives is kept of them, too.
        """
        ...

    def facts(self, org: Org) -> OrgFacts | None:
        """The newest reading, if any."""
        ...

    def all_facts(self, workspace: str) -> dict[str, OrgFacts]:
        """The newest reading of every org, by the org's name; one query."""
        ...

    def claim_message(self, workspace: str, channel: str, ts: str, now: datetime) -> bool:
        """Record that this message is being answered; False if it already was (Slack delivers some twice)."""
        ...

    def adopt(self, source: str, workspace: str) -> int:
        """Move the orgs of ``source`` to ``workspace`` where no org has that name; how many were moved."""
        ...


class Subscriptions(Protocol):
    """What people asked to hear of, and what its digests found."""

    def subscriptions(self, workspace: str) -> Sequence[Subscription]:
        """All of a workspace, on or off, in the order in which they were set."""
        ...

    def keep_subscription(self, subscription: Subscription) -> Subscription:
        """Keep a new one (its id empty), or a changed one by its id; the one that its target had before is replaced.

        As kept: what is new to a target takes over the id, and with it the history, of what it replaces.
        """
        ...

    def setting(self, workspace: str, target: str) -> AbstractContextManager[None]:
        """Hold the one right to set what goes to a target, across threads and, on PostgreSQL, processes.

        Read what is set inside. Raises AskerError when somebody else takes long.
        """
        ...

    def past_digests(self, workspace: str, subscription: str, limit: int = 26) -> Sequence[PastDigest]:
        """What the newest digests found, newest first."""
        ...


MakePlan = Callable[[Subscription], Plan]
"""What the clock says of a subscription."""


@dataclass(frozen=True, slots=True)
class Waking:
    """A subscription that is to be looked at, since ``wake_at``."""

    workspace: str
    subscription: str
    wake_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What one process has taken on: a claimed slot to be told, or the slot for which facts are to be gathered.

    ``never_came`` are earlier digests that nobody was told of.
    """

    subscription: Subscription
    slot: Slot | None
    gather: datetime | None
    never_came: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a claimed slot, ``at`` which time.

    ``certainly_not``: Slack does not have it. ``told``: what whoever set it is to hear. ``failing``: why its digests
    do not arrive.
    """

    status: SlotStatus
    at: datetime
    next_try_at: datetime | None = None
    channel: str | None = None
    message_ts: str | None = None
    certainly_not: bool = False
    past: PastDigest | None = None
    told: About | None = None
    failing: str = ""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A slot that did not go out, with its subscription's target, and why nothing arrives there if that is so."""

    slot: Slot
    target: str
    failing: str


class DigestSlots(Protocol):
    """One row for whatever is told once, claimed by one process at a time. An owner is the id of a process."""

    def waking(self, now: datetime) -> Sequence[Waking]:
        """Every subscription that is to be looked at, the longest due first; one query."""
        ...

    def begin_step(
        self, waking: Waking, owner: str, now: datetime, lease: timedelta, make_plan: MakePlan
    ) -> Step | None:
        """Take what is to be done for a subscription; None where that is nothing, or another process was faster."""
        ...

    def begin_posting(self, slot: Slot, owner: str, now: datetime, lease: timedelta, past: PastDigest | None) -> bool:
        """Note that Slack may have it from now on, in its channel, and what it found.

        False if another process has taken over, or it is off by now.
        """
        ...

    def end_step(self, step: Step, owner: str, outcome: Outcome) -> bool:
        """Keep what came of a claimed slot; False if another process has taken over, and this was not a success."""
        ...

    def release_slots(self, owner: str, now: datetime) -> int:
        """Leave what a process has claimed to whoever takes it; how much that was."""
        ...

    def undelivered(self, since: datetime, overdue: datetime) -> Sequence[Undelivered]:
        """What did not go out since then, anywhere, also what is being tried since ``overdue``; the oldest first."""
        ...


class Connections(Protocol):
    """What the store keeps of connected orgs beyond reading them: changes, logins under way, refreshed tokens."""

    def save_org(self, org: Org) -> None:
        """Replace what is kept of the org of that workspace and name, its tags aside; nothing if it is gone."""
        ...

    def change_tags(self, org: Org, change: Callable[[Sequence[str]], Sequence[str]]) -> tuple[Org, Org]:
        """Give an org the tags that ``change`` makes of those it has now; the org before and after.

        Raises AskerError when the org was removed meanwhile.
        """
        ...

    def rename_org(self, workspace: str, name: str, new_name: str) -> Org:
        """Give an org another name. Raises AskerError when there is none, or the new name is taken."""
        ...

    def save_credentials(self, org: Org, credentials: Credentials) -> None:
        """Replace an org's credentials in one step: the new ones are in before the old ones are out."""
        ...

    def set_reconnect(self, org: Org, *, needed: bool, said: Sequence[Notice] = ()) -> bool:
        """Note whether an org must be connected again; True if that is news, and then what is said of it is kept."""
        ...

    def refreshing(self, org: Org) -> AbstractContextManager[None]:
        """Hold the one right to refresh this org's token, across threads and, on PostgreSQL, processes."""
        ...

    def put_ticket(self, kind: str, ticket: str, payload: str, expires_at: datetime) -> None:
        """Keep something for one later use, sealed: the state of a login under way. ``ticket`` is random."""
        ...

    def take_ticket(self, kind: str, ticket: str, now: datetime) -> str | None:
        """Give the payload and forget it, in one atomic statement; None if it is used, unknown or too old."""
        ...


class Governance(Protocol):
    """Who may change things, and who did."""

    def trusted(self, workspace: str) -> Sequence[str]:
        """User and user-group ids that admins have added, sorted."""
        ...

    def trust(self, workspace: str, subject: str) -> bool:
        """Add a user (``U…``) or a user group (``S…``); False if it was there."""
        ...

    def distrust(self, workspace: str, subject: str) -> bool:
        """Take one off; False if it was not there."""
        ...

    def guests_welcome(self, workspace: str) -> bool:
        """Whether guests may see what members see; no unless an admin said so."""
        ...

    def set_guests_welcome(self, workspace: str, *, on: bool) -> bool:
        """Let guests see what members see, or not; False if it was so before."""
        ...

    def greet_once(self, workspace: str, user: str) -> bool:
        """Keep that somebody was greeted; False if they were before."""
        ...

    def record(self, change: Change) -> None:
        """Write a line of the audit trail; it is never altered."""
        ...

    def changes(self, workspace: str | None = None, limit: int = 1000) -> Sequence[Change]:
        """The newest lines of the trail, newest first; None: of every workspace, for the operator."""
        ...


class Installations(Protocol):
    """The Slack workspaces and enterprises that installed the bot; payloads are sealed, of any length."""

    def save_installation(self, enterprise: str | None, team: str | None, payload: str) -> None:
        """Keep or replace what Slack gave us for a workspace, or for a whole enterprise (``team`` None)."""
        ...

    def installation(self, enterprise: str | None, team: str | None) -> str | None:
        """The payload, if installed."""
        ...

    def installations(self) -> Sequence[tuple[str | None, str | None]]:
        """(enterprise, team) of every installation."""
        ...

    def drop_installation(self, enterprise: str | None, team: str | None) -> bool:
        """Forget one; False if there was none."""
        ...

    def rotating(self, enterprise: str | None, team: str | None) -> AbstractContextManager[None]:
        """Hold the one right to refresh an installation's token. Raises SlackRefused when others take too long."""
        ...

    def forget_workspace(self, workspace: str) -> Mapping[str, int]:
        """Delete everything that is kept for a workspace, in one transaction; how many rows, by table."""
        ...


class Conversations(Protocol):
    """What the bot said where, without anybody's words."""

    def overhears(self, workspace: str, channel: str) -> bool:
        """Whether the bot may answer what it overhears in a channel; yes unless somebody switched it off."""
        ...

    def set_overhearing(self, workspace: str, channel: str, *, on: bool) -> bool:
        """Switch overhearing for a channel; False if it was so before."""
        ...

    def is_shared(self, workspace: str, channel: str) -> bool:
        """Whether another company reads a channel, as far as it was told of."""
        ...

    def set_shared(self, workspace: str, channel: str, *, shared: bool) -> None:
        """Keep whether another company reads a channel."""
        ...

    def turn(self, workspace: str, channel: str) -> AbstractContextManager[None]:
        """Keep other processes from answering in a channel meanwhile, as far as that is to be had; never fails.

        Read inside what was answered: whoever had the turn before may have added to it.
        """
        ...

    def around(self, workspace: str, channel: str, *, ts: str, thread: str | None, since: datetime) -> ChannelRecords:
        """Everything that is kept around the message ``ts``, in one go.

        Its answers are that to the message itself, all in its ``thread`` (None: those outside threads since ``since``),
        and those in full in the channel since ``since``.
        """
        ...

    def begin_answer(self, posted: PostedAnswer, *, again: bool) -> bool:
        """Claim the message that it answers, and keep it as being posted, its ``ts`` empty, in one transaction.

        False if the message was claimed before, unless by an earlier try of the same (``again``).
        """
        ...

    def withdraw_answer(self, workspace: str, channel: str, to_ts: str) -> None:
        """Forget an answer that was only being posted."""
        ...

    def around_deleted(self, workspace: str, channel: str, ts: str) -> ChannelRecords:
        """The answers to the message ``ts``, or of that ts, and all in its channel about the same; with the orgs."""
        ...

    def forget_answer(self, posted: PostedAnswer) -> None:
        """Keep no more where an answer stands; it is gone."""
        ...

    def remember_answer(self, posted: PostedAnswer) -> None:
        """Keep where an answer stands; an answer to the same message is replaced."""
        ...

    def rate(self, workspace: str, entry: str, user: str, *, helpful: bool, now: datetime) -> None:
        """Keep somebody's verdict on an entry; a later one replaces it."""
        ...

    def ratings(self, workspace: str) -> dict[str, tuple[int, int]]:
        """(helpful, not helpful) for each rated entry."""
        ...


WAITING = "waiting"
"""The owner of a request that nobody has begun: it waits until some process has room."""


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request that was acknowledged. ``key`` is made of what Slack names it by; ``payload`` is JSON, redacted.

    ``begun``: some process may have done some of it.
    """

    key: str
    workspace: str
    payload: str
    begun: bool = True


@dataclass(frozen=True, slots=True)
class UndoneRequest:
    """A request that is not done. ``owner`` is the process that has it, None where it is anybody's."""

    key: str
    owner: str | None
    taken_at: datetime


class Requests(Protocol):
    """What was acknowledged and is not done yet, over all processes. An owner is the id of a process."""

    def keep_request(self, request: KeptRequest, owner: str, now: datetime) -> bool:
        """Keep it as ``owner``'s (or ``WAITING``); False if it is done, or somebody else's. Raises OperatorError."""
        ...

    def begin_keeping(self, request: KeptRequest, owner: str, now: datetime) -> Future[bool]:
        """The same, begun. Cancelled before it is under way it is not kept."""
        ...

    def end_request(self, key: str) -> None:
        """It is done: forget what it was about."""
        ...

    def begin_ending(self, key: str, after: Sequence[Future[Any]] = ()) -> Future[object]:
        """The same, begun. It fails with any of what was begun ``after`` which it comes."""
        ...

    def leave_request(self, key: str) -> None:
        """Leave one to whoever takes it."""
        ...

    def undone_requests(self) -> Sequence[UndoneRequest]:
        """What is not done, whoever has it, the oldest first."""
        ...

    def hand_on_requests(self, owner: str) -> int:
        """Leave what is ``owner``'s to whoever takes it, and be gone; how much that was."""
        ...

    def beat(self, owner: str) -> frozenset[str]:
        """Say that this process is there; all that have said so lately."""
        ...

    def take_requests(self, me: str, gone: Collection[str], keys: Sequence[str]) -> Sequence[KeptRequest]:
        """Make those of ``keys`` this process's own that nobody has, or one who is ``gone``; one taker gets each."""
        ...

    def forget_requests(self, before: datetime, there: Collection[str]) -> int:
        """Forget those that were taken before then, save what a process that is ``there`` does; how many undone."""
        ...


class People(Protocol):
    """Who is who in a workspace."""

    def person(self, who: Asker) -> Person:
        """Look somebody up. Raises SlackRefused when Slack does not say."""
        ...


class FormHandler(Protocol):
    """What stands behind one kind of form. ``doing`` is what is done with it, while that takes its time."""

    doing: str

    def form(self, who: Asker, subject: str, /) -> Form:
        """The form, for somebody who may have it. Raises AskerError for others."""
        ...

    def faults(self, who: Asker, values: dict[str, str], /) -> dict[str, str]:
        """What is wrong, by line; at once, because Slack waits for it."""
        ...

    def submit(self, who: Asker, subject: str, values: dict[str, str], /) -> Answer:
        """Do what the form is for."""
        ...


@dataclass(frozen=True, slots=True)
class ResponsePlace:
    """A ``response_url``, and where it stands: in which ``thread``, and whether it is that of a button.

    ``replaces``: the answer takes the place of the button's message. ``unsure``: what is to be shared may stand there.
    """

    url: str
    thread: str | None = None
    is_button: bool = False
    replaces: bool = False
    unsure: bool = False


class Outbox(Protocol):
    """Where messages that nobody asked for go."""

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        """Post once and return the message's ts; ``key`` travels as message metadata. Raises SlackRefused."""
        ...


class Posts(Outbox, Protocol):
    """The same, and what became of it."""

    def find(self, workspace: str, target: str, key: str, since: datetime) -> str | None:
        """The ts of what was posted under ``key``, to a channel or a person, since then; None where it is not there.

        Raises SlackRefused, permanent where nobody may look.
        """
        ...
