"""``access``: whether somebody may connect to an org through each app, and why not."""

from __future__ import annotations

import re
from functools import partial
from typing import Protocol

from bot.domain.answers import Answer, Button
from bot.domain.answers.markup import MENTION, code
from bot.domain.command import MYSELF, Command
from bot.domain.errors import AskerError, OrgError, OrgRefused, SlackRefused
from bot.domain.model import Asker, Change, Org, Standing
from bot.domain.orgs import connection
from bot.domain.orgs import user_access_report as words
from bot.domain.orgs.granting import may_be_granted
from bot.domain.orgs.user_access import UserReading
from bot.domain.orgs.which_org import unknown_org
from bot.domain.verbs import DETAILS
from bot.ports import Clock, OrgUsers, People
from bot.service.connect_org import Kept
from bot.service.kept_org import opened
from bot.service.named_org import org_and_rest
from bot.service.permissions import Permissions

DOING = "Looking up what somebody else may do in an org"
LONGEST = 80  # letters; no name of a user in Salesforce is longer
_BESIDE = frozenset("by for of person please the to user with".split())
"""Small words beside somebody who is named with @."""
_BEHIND = frozenset("please pls thanks now".split())
_AROUND = ",.;:!?()"
_MYSELF = MYSELF | {"i", "my"}
_MAILTO = re.compile(r"<?mailto:(?P<address>[^|>]+)(?:\|[^>]*)?>?")


_EVERYBODY = frozenset("all anybody anyone everybody everyone people team us we who whoever whom".split())


def _without_beside(said: str) -> str:
    """What is said without the small words before a person and the marks behind: "for me?"."""
    words = said.rstrip(_AROUND + " ").split()
    while len(words) > 1 and words[-1].casefold() in _BEHIND:
        words.pop()
        words[-1] = words[-1].rstrip(_AROUND) or words[-1]
    while len(words) > 1 and words[0].casefold() in _BESIDE:
        words.pop(0)
    return " ".join(words) or said


class Addresses(Protocol):
    """People's e-mail addresses."""

    def email(self, who: Asker) -> str:
        """Somebody's address in Slack; "" where Slack has none or does not tell. Raises SlackRefused."""
        ...


class Directory(People, Addresses, Protocol):
    """Who is who, with their addresses."""


def _own_name(said: str) -> str:
    """The user name behind ``me``, which tells several users of one person apart; "" where none is said."""
    word, _, name = said.partition(" ")
    is_one = word.casefold() in _MYSELF and "@" in name and not re.search(r"[\s<>]", name)
    return name if is_one else ""


def _may_be_name(wanted: str) -> bool:
    """Whether somebody can be called so in an org."""
    is_slacks = wanted.startswith(("<", "#")) or "<@" in wanted
    return 0 < len(wanted) <= LONGEST and wanted.isprintable() and not is_slacks


class UserAccess:
    """The verb ``access``. Everybody may ask about themselves; about others those who may change things."""

    def __init__(
        self,
        *,
        store: Kept,
        users: OrgUsers,
        people: Directory,
        permissions: Permissions,
        clock: Clock,
        writes: bool = False,
    ) -> None:
        """``writes``: the operator lets access be granted in orgs whose administrators allow it."""
        self._writes = writes
        self._store = store
        self._users = users
        self._people = people
        self._permissions = permissions
        self._clock = clock

    def command(self, who: Asker, command: Command) -> Answer:
        """``access <org> <person>``: a mention, a user name, an e-mail address, a name, or ``me``."""
        org, said = self._org_and_person(who, command)
        own = _own_name(said)
        wanted = own or self._wanted(who, org, said)
        try:
            kept, credentials = opened(self._store, org)
            reading = self._users.user(kept, credentials, wanted)
        except OrgError as error:
            is_over = isinstance(error, OrgRefused) and connection.is_over(error, org.login)
            return words.failed(org, error.text, "" if is_over else f"access {org.name} {said}")
        if not reading.readable:
            return words.unread(org)
        if own and not self._are_own(who, reading):
            self._wanted(who, org, own)  # as of anybody else: for who may, and in the trail
        if not reading.users:
            return words.nobody(org, wanted)
        if len(reading.users) > 1:
            return words.several(org, wanted, reading.users, own=self._is_own(who, wanted))
        may_grant = may_be_granted(kept, writes=self._writes)
        return words.report(org, reading, self._clock(), may_grant=may_grant)

    def own_reading(self, who: Asker, org: Org) -> UserReading | None:
        """What somebody may do in an org themselves; None where that, or who they are there, could not be read."""
        try:
            kept, credentials = opened(self._store, org)
            address = self._people.email(who)
            return self._users.user(kept, credentials, address) if address else None
        except (AskerError, SlackRefused, OrgError):
            return None

    def _org_and_person(self, who: Asker, command: Command) -> tuple[Org, str]:
        """The org that the words begin with, or the only one there is; and the words after it."""
        if not command.words:
            raise AskerError("Which org, and who? For example: `/flosum access prod @ada`, or `access prod me`")
        if found := org_and_rest(partial(self._store.org, who.workspace), command.words):
            return found[0], found[1] or "me"
        orgs = self._store.orgs(who.workspace)
        if len(orgs) == 1:
            return orgs[0], command.rest
        if command.rest.casefold() in _MYSELF:
            raise AskerError("In which org? For example: `/flosum access prod me`")
        raise unknown_org(command.words[0], orgs, " ".join(("access", "{org}", *command.words[1:])))

    def _wanted(self, who: Asker, org: Org, said: str) -> str:
        """What to look for in the org. Raises NotAllowed where it is not theirs to know, AskerError."""
        mention, said = self._mentioned(said), _without_beside(said)
        if said.casefold() in _EVERYBODY:
            raise AskerError(
                f"That is for one person at a time. Who gets in to {code(org.name)} at all stands in its details.",
                (Button("Who gets in", command=f"status {org.name}{DETAILS}"),),
            )
        if said.casefold() in _MYSELF or (mention and mention["id"] == who.user):
            return self._address(who, "your")
        mailto = _MAILTO.fullmatch(said)
        wanted = (mailto["address"] if mailto else said).strip(" \"'“”`")
        if mention is None and self._is_own(who, wanted):
            return wanted
        self._permissions.require(who, DOING)
        if mention is not None:
            wanted = self._address(Asker(who.workspace, mention["id"]), "their")
        elif not _may_be_name(wanted):
            raise AskerError(
                f"Who? Name a person with @, or say their user name in {code(org.name)}: "
                f"`/flosum access {org.name} ada@acme.com`"
            )
        self._store.record(Change(who.workspace, self._clock(), who.user, "looked up access", f"{org.name}: {wanted}"))
        return wanted

    def _mentioned(self, said: str) -> re.Match[str] | None:
        """The person who is named with @, small words aside. Raises AskerError for several people."""
        found = list(MENTION.finditer(said))
        beside = {word.strip(_AROUND).casefold() for word in MENTION.sub(" ", said).split()} - {"", *_BESIDE}
        if len({each["id"] for each in found}) > 1 or (found and beside & {*_MYSELF, "and"}):
            raise AskerError("That is for one person at a time: `/flosum access prod @ada`")
        return found[0] if found and not beside else None

    def _is_own(self, who: Asker, wanted: str) -> bool:
        if "@" not in wanted:
            return False
        try:
            return self._people.email(who).casefold() == wanted.casefold()
        except SlackRefused:
            return False

    def _are_own(self, who: Asker, reading: UserReading) -> bool:
        """Whether there are users, and all have the address that somebody has in Slack."""
        return bool(reading.users) and all(user.email and self._is_own(who, user.email) for user in reading.users)

    def _address(self, who: Asker, whose: str) -> str:
        person = self._people.person(who)
        if person.standing is not Standing.MEMBER and whose == "their":
            raise AskerError("Say their user name in Salesforce: of guests and apps Slack tells no address.")
        address = self._people.email(who)
        if not address:
            raise AskerError(
                f"Slack does not tell me {whose} e-mail address. Say {whose} user name in Salesforce instead: "
                "`/flosum access prod ada@acme.com`"
            )
        return address
