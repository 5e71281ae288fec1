"""``grant``: letting people into an app, shown first, written once, read back, and taken back within the hour.

    what was said -> read -> what stands in the way, or what would change -> a press
    the press -> read again -> claimed in the database -> written -> read back -> ended, with its line of the trail

Nothing is written where the operator or whoever connected the org did not allow it. What was claimed and not ended,
because a process ended or the org did not answer, is looked up by ``GrantRecovery``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from bot.domain.answers import Answer, Form
from bot.domain.answers.markup import code
from bot.domain.command import Command
from bot.domain.errors import AskerError, OrgError, OrgRefused, WriteRefused
from bot.domain.model import Asker, Change, Credentials, Org
from bot.domain.orgs import granting_report as words
from bot.domain.orgs import user_access_report
from bot.domain.orgs.connection import is_over
from bot.domain.orgs.granting import (
    LONGEST,
    NEW_LABEL,
    NEW_NAME,
    NEW_SET,
    SET_ID,
    AppToGrant,
    GrantReading,
    Holder,
    Wish,
    bar_of,
    bar_of_app,
    read_wish,
)
from bot.domain.orgs.granting_report import Outcome
from bot.domain.orgs.org_writes import LEASE, OrgWrite, WriteKind, WriteStatus
from bot.domain.orgs.user_access import OrgUser
from bot.domain.orgs.which_org import unknown_org
from bot.ports import Clock, GrantOrgs, OrgUsers, OrgWrites
from bot.service.connect_org import Kept
from bot.service.kept_org import opened
from bot.service.named_org import org_and_rest
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions

DOING = "Granting access in an org"
_UNDO, _ASSIGN, _YES = "undo", "assign", "yes"
_DESCRIPTION = "Lets its users connect to Flosum. Made by the Flosum assistant."
_GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"})

DONE = {WriteKind.SET: "made permission set", WriteKind.ACCESS: "granted", WriteKind.ASSIGNMENT: "assigned"}
TAKEN_BACK = {
    WriteKind.SET: "deleted permission set",
    WriteKind.ACCESS: "took back grant",
    WriteKind.ASSIGNMENT: "took back assignment",
}
"""How the trail calls them."""


class WrittenOrgs(GrantOrgs, OrgUsers, Protocol):
    """Orgs, as far as they are granted access in."""


class KeptWrites(Kept, OrgWrites, Protocol):
    """What is kept of orgs and of what was written to them."""


class Granting:
    """The verb ``grant`` and the form behind *Assign it to somebody*. ``writes``: the operator allows it."""

    doing = "Looking the user up"

    def __init__(
        self,
        *,
        store: KeptWrites,
        orgs: WrittenOrgs,
        checks: OrgChecks,
        permissions: Permissions,
        clock: Clock,
        writes: bool,
    ) -> None:
        self._store = store
        self._orgs = orgs
        self._checks = checks
        self._permissions = permissions
        self._clock = clock
        self._writes = writes

    def command(self, who: Asker, command: Command) -> Answer:
        """``grant <org> <app> <permission set>``, and what its buttons say."""
        org, said = self._org_and_rest(who, command)
        self._permissions.require(who, DOING)
        self._refuse_switched_off(org)
        first, _, rest = said.partition(" ")
        if first == _UNDO and rest:
            return self._undo(who, *opened(self._store, org), rest.split())
        if first == _ASSIGN and rest:
            return self._assign(who, *opened(self._store, org), rest)
        try:
            return self._grant(who, *opened(self._store, org), read_wish(said))
        except OrgError as error:  # nothing was written: what writes answers itself
            ended = isinstance(error, OrgRefused) and is_over(error, org.login)
            return user_access_report.failed(org, error.text, "" if ended else f"grant {org.name} {said}".strip())

    def _org_and_rest(self, who: Asker, command: Command) -> tuple[Org, str]:
        if not command.words:
            raise AskerError("Grant what, in which org? For example: `/flosum grant prod devops Flosum Users`")
        if found := org_and_rest(partial(self._store.org, who.workspace), command.words):
            return found
        line = " ".join(("grant", "{org}", *command.words[1:]))
        raise unknown_org(command.words[0], self._store.orgs(who.workspace), line)

    def _refuse_switched_off(self, org: Org) -> None:
        if not self._writes:
            raise words.off_here(org)
        if not org.grants_allowed:
            raise words.off_in_org(org)

    # --- granting --------------------------------------------------------------------------------------

    def _grant(self, who: Asker, org: Org, credentials: Credentials, wish: Wish) -> Answer:
        if wish.apps is None:
            return words.which_app(org, wish.wanted)
        if len(wish.wanted) > LONGEST or not wish.wanted.isprintable():
            raise AskerError("That is longer than the name of any permission set, or cannot be printed.")
        reading = self._orgs.grantable(org, credentials, NEW_NAME if _is_new(wish.wanted) else wish.wanted)
        apps = reading.of(wish.apps)
        if not reading.readable:
            return words.unreadable(org)
        for app in apps:
            if bar := bar_of_app(app):
                return words.barred_app(org, app, bar, reading.other_apps)
        found = self._holders(reading, wish.wanted)
        if isinstance(found, tuple):
            return self._chosen(org, wish, reading, found)
        return self._meant(who, org, credentials, wish, apps, found, reading)

    def _holders(self, reading: GrantReading, wanted: str) -> Holder | tuple[Holder, ...] | None:
        """The one permission set that is meant, None for the one that is to be made; else those that may be."""
        if wanted.casefold() == NEW_SET:  # the word, whatever else is called so
            return reading.dedicated
        found = reading.called(wanted) if wanted else ()
        if len(found) == 1:
            return found[0]
        if _is_new(wanted) and not found:
            return reading.dedicated
        return found

    def _chosen(self, org: Org, wish: Wish, reading: GrantReading, found: tuple[Holder, ...]) -> Answer:
        assert wish.apps is not None  # noqa: S101 - the caller has checked; mypy cannot see it
        if found:
            return words.several(org, wish.apps, found, wish.wanted)
        return words.which_set(org, wish.apps, reading, wish.wanted)

    def _meant(
        self,
        who: Asker,
        org: Org,
        credentials: Credentials,
        wish: Wish,
        apps: Sequence[AppToGrant],
        holder: Holder | None,
        reading: GrantReading,
    ) -> Answer:
        names = [app.name for app in apps]
        if holder is not None and (bar := bar_of(holder)):
            return words.barred_set(org, names, holder, bar)
        if holder is not None and all(app.is_granted(holder) for app in apps):
            return words.already(org, apps, self._counted(org, credentials, holder))
        if reading.may_grant is False:
            return words.no_right(org, WriteKind.ACCESS)
        holder = holder and self._counted(org, credentials, holder)
        people = words.people_of(holder)
        appeared = wish.wanted == NEW_SET and holder is not None  # somebody else has made it meanwhile
        if wish.is_elsewhere(reading.organization_id):
            return words.preview(org, apps, holder, reading, words.OTHER_ORG)
        if wish.people != people or appeared:
            return words.preview(org, apps, holder, reading, words.CHANGED if wish.people is not None else "")
        new = [app for app in apps if not (holder and app.is_granted(holder))]
        return self._written(who, org, credentials, new, holder, reading.organization_id)

    def _counted(self, org: Org, credentials: Credentials, holder: Holder) -> Holder:
        """With how many people have it: of a name that fits several it was not asked with the rest."""
        if holder.people is not None:
            return holder
        found = self._orgs.grantable(org, credentials, holder.id).called(holder.id)
        return found[0] if found else holder

    def _written(
        self,
        who: Asker,
        org: Org,
        credentials: Credentials,
        apps: Sequence[AppToGrant],
        holder: Holder | None,
        organization_id: str | None,
    ) -> Answer:
        outcomes = list(self._steps(who, org, credentials, apps, holder, organization_id))
        if any(each.done for each in outcomes):
            self._read_anew(org)
        return words.outcome(org, outcomes, apps, holder)

    def _steps(
        self,
        who: Asker,
        org: Org,
        credentials: Credentials,
        apps: Sequence[AppToGrant],
        holder: Holder | None,
        organization_id: str | None,
    ) -> Iterator[Outcome]:
        """One write after the other, until one does not come to what it should."""
        holder_id, label = (holder.id, holder.label) if holder else ("", NEW_LABEL)
        if holder is None:
            made = self._write(who, org, credentials, WriteKind.SET, ("", ""), (NEW_NAME, NEW_LABEL), organization_id)
            yield made
            if not made.done or made.write.record_id is None:
                return
            holder_id = made.write.record_id
        for app in apps:
            subject = (app.app_id or "", app.name)
            found = self._write(who, org, credentials, WriteKind.ACCESS, subject, (holder_id, label), organization_id)
            yield found
            if not found.done:
                return

    # --- one write -------------------------------------------------------------------------------------

    def _write(
        self,
        who: Asker,
        org: Org,
        credentials: Credentials,
        kind: WriteKind,
        subject: tuple[str, str],
        holder: tuple[str, str],
        organization_id: str | None,
    ) -> Outcome:
        """Claim, write, read back, end; ``subject`` and ``holder`` are ids with names."""
        now = self._clock()
        write = OrgWrite(org.workspace, org.name, kind, subject[0], holder[0], subject[1], holder[1], who.user, now)
        write = replace(write, organization_id=organization_id)
        if not self._store.claim_write(write, now, now + LEASE):
            return self._elsewhere(org, write)
        try:
            record_id = self._orgs.create(org, credentials, kind, _values(write))
        except WriteRefused as refusal:
            self._store.end_write(write, WriteStatus.NOT_DONE, None, None)
            return Outcome(write, refusal=refusal)
        except OrgError:
            return self._looked_up(org, credentials, write)
        return self._looked_up(org, credentials, replace(write, record_id=record_id))

    def _elsewhere(self, org: Org, write: OrgWrite) -> Outcome:
        now = self._store.org(org.workspace, org.name)
        if now is None:
            raise AskerError(f"{code(org.name)} was disconnected meanwhile.")
        self._refuse_switched_off(now)
        other = self._store.org_write(org, write.kind, write.subject, write.holder) or write
        return Outcome(replace(other, by=self._permissions.named(org.workspace, other.presser)), elsewhere=True)

    def _looked_up(self, org: Org, credentials: Credentials, write: OrgWrite) -> Outcome:
        """What is in the org now. Where that does not show it, or cannot be read, it is left to be looked up later:
        what got no answer may still be carried out.
        """
        try:
            there = self._orgs.record_of(org, credentials, write)
        except OrgError:
            there = None
        if there is None:
            return Outcome(write)
        done = replace(write, record_id=there, status=WriteStatus.DONE)
        change = Change(org.workspace, self._clock(), write.by, DONE[write.kind], write.words)
        self._store.end_write(write, WriteStatus.DONE, there, change)
        return Outcome(done, done=True)

    def _read_anew(self, org: Org) -> None:
        """So that Home and digests know what there is now."""
        self._checks.named(org.workspace, org.name)

    # --- undoing ---------------------------------------------------------------------------------------

    def _undo(self, who: Asker, org: Org, credentials: Credentials, record_ids: Sequence[str]) -> Answer:
        """Take back what a press wrote; a permission set that it made goes last, with what it holds."""
        found = [write for each in record_ids if (write := self._store.org_write_of(org, each))]
        if not found:
            raise words.not_ours(org)
        here = self._orgs.grantable(org, credentials, found[0].holder).organization_id
        if any(write.is_elsewhere(here) for write in found):  # ids are the same in a sandbox and where it came from
            return words.undone(org, [], [words.written_elsewhere(org)])
        taken, left = [], []
        for write in sorted(found, key=lambda each: each.kind is WriteKind.SET):
            told = self._taken_back(who, org, credentials, write)
            if told:
                left.append(told)
            else:
                taken.append(write)
        if taken:
            self._read_anew(org)
        return words.undone(org, taken, left)

    def _taken_back(self, who: Asker, org: Org, credentials: Credentials, write: OrgWrite) -> str:
        """Take one back; else why not."""
        now = self._clock()
        if not write.may_be_undone(now):
            return words.not_undone(org, write, self._permissions.named(org.workspace, write.presser))
        if write.kind is WriteKind.SET and (why := self._why_it_stays(org, credentials, write)):
            return why
        if not self._store.begin_undo(write, now + LEASE, who.user):
            return words.being_undone(org, write)
        try:
            is_gone = self._deleted(org, credentials, write)
        except WriteRefused as refusal:
            self._store.end_write(write, WriteStatus.DONE, write.record_id, None)
            return words.undo_refused(org, write, refusal)
        except OrgError:
            is_gone = False
        if not is_gone:  # it is left to be looked up later
            return words.undo_unknown(org, write)
        change = Change(org.workspace, self._clock(), who.user, TAKEN_BACK[write.kind], write.words)
        self._store.end_write(write, WriteStatus.UNDONE, write.record_id, change)
        return ""

    def _deleted(self, org: Org, credentials: Credentials, write: OrgWrite) -> bool:
        """Delete a record, and whether it is gone. Raises WriteRefused where it stays, OrgError."""
        try:
            self._orgs.delete(org, credentials, write.kind, write.record_id or "")
        except WriteRefused as refusal:
            if refusal.code not in _GONE:
                raise
        return self._orgs.record_of(org, credentials, write) != write.record_id

    def _why_it_stays(self, org: Org, credentials: Credentials, write: OrgWrite) -> str:
        """Why a permission set that was made here is not deleted: what it grants would go along."""
        reading = self._orgs.grantable(org, credentials, write.record_id or "")
        if not reading.readable or any(app.granted_to is None for app in reading.apps):
            return words.perhaps_used(org, write)
        holders = reading.called(write.record_id or "")
        is_used = any(app.is_granted(holder) for holder in holders for app in reading.apps)
        return words.still_used(write) if is_used else ""

    # --- assigning -------------------------------------------------------------------------------------

    def form(self, who: Asker, subject: str) -> Form:
        """Who is to get a permission set; ``subject`` is the org's name and the permission set's id."""
        self._permissions.require(who, DOING)
        org, _ = self._subject(who, subject)
        self._refuse_switched_off(org)
        return words.assign_form(subject, org.name)

    def faults(self, _: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the line."""
        said = values.get("person", "").strip()
        if not said or len(said) > LONGEST or not said.isprintable():
            return {"person": "Say the user name, the e-mail address or the name of one user."}
        return {}

    def submit(self, who: Asker, subject: str, values: dict[str, str]) -> Answer:
        """What would change."""
        if wrong := self.faults(who, values):
            raise AskerError(" ".join(wrong.values()))
        org, holder = self._subject(who, subject)
        person = values["person"].strip().removesuffix(f" {_YES}")  # the button's word: here it is shown first
        return self.command(who, Command("grant", f"{org.name} {_ASSIGN} {holder} {person}"))

    def _subject(self, who: Asker, subject: str) -> tuple[Org, str]:
        name, _, holder = subject.rpartition(" ")
        org = self._store.org(who.workspace, name)
        if org is None or not SET_ID.fullmatch(holder):
            raise AskerError("That org or permission set is not known any more. Read the org anew.")
        return org, holder

    def _assign(self, who: Asker, org: Org, credentials: Credentials, said: str) -> Answer:
        holder_id, _, wanted = said.partition(" ")
        wanted, pressed = wanted.removesuffix(f" {_YES}"), wanted.endswith(f" {_YES}") and "@" in wanted
        if not SET_ID.fullmatch(holder_id) or not wanted.strip():
            raise AskerError(
                f"Whom, and what? Begin with `/flosum grant {org.name}`, and press **Assign it to somebody**."
            )
        reading = self._orgs.grantable(org, credentials, holder_id)
        holder = next(iter(reading.called(holder_id)), None)
        if holder is None:
            raise AskerError("That permission set is gone. Read the org anew.")
        if bar := bar_of(holder):
            return words.barred_set(org, [app.name for app in reading.apps], holder, bar)
        if reading.may_assign is False:
            return words.no_right(org, WriteKind.ASSIGNMENT)
        user = self._user(org, credentials, wanted)
        if isinstance(user, Answer):
            return user
        return self._assigned(who, org, credentials, reading, holder, user, pressed=pressed)

    def _user(self, org: Org, credentials: Credentials, wanted: str) -> OrgUser | Answer:
        """The one user that is meant, or what is to be said instead."""
        found = self._orgs.user(org, credentials, wanted)
        if not found.readable:
            return user_access_report.unread(org)
        if not found.users:
            return user_access_report.nobody(org, wanted)
        if len(found.users) > 1:
            return words.which_user(org, wanted, found.users)
        user = found.users[0]
        if user.active is False or not user.standard:
            return words.not_assignable(org, user)
        return user

    def _assigned(
        self,
        who: Asker,
        org: Org,
        credentials: Credentials,
        reading: GrantReading,
        holder: Holder,
        user: OrgUser,
        *,
        pressed: bool,
    ) -> Answer:
        asked = OrgWrite(
            org.workspace,
            org.name,
            WriteKind.ASSIGNMENT,
            user.id,
            holder.id,
            user.name,
            holder.label,
            who.user,
            self._clock(),
        )
        if (there := self._orgs.record_of(org, credentials, asked)) is not None:
            is_over = self._orgs.has_ended(org, credentials, there)
            return words.had_it(org, holder, user) if is_over else words.has_it(org, holder, user)
        if not pressed:
            granted = [app.name for app in reading.apps if app.is_granted(holder)]
            return words.assign_preview(org, holder, user, granted)
        subject, held = (user.id, user.name), (holder.id, holder.label)
        found = self._write(who, org, credentials, WriteKind.ASSIGNMENT, subject, held, reading.organization_id)
        if found.done:
            self._read_anew(org)
        return words.assigned(org, found)


def _is_new(wanted: str) -> bool:
    return wanted.casefold() in (NEW_SET, NEW_NAME.casefold(), NEW_LABEL.casefold())


def _values(write: OrgWrite) -> dict[str, str]:
    """What Salesforce is told; the type of what is granted it tells by itself, and takes from nobody."""
    makers: dict[WriteKind, Callable[[], dict[str, str]]] = {
        WriteKind.SET: lambda: {"Name": write.holder, "Label": write.holder_name, "Description": _DESCRIPTION},
        WriteKind.ACCESS: lambda: {"ParentId": write.holder, "SetupEntityId": write.subject},
        WriteKind.ASSIGNMENT: lambda: {"AssigneeId": write.subject, "PermissionSetId": write.holder},
    }
    return makers[write.kind]()
