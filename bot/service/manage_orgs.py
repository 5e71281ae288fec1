"""What is done to orgs once they are connected: disconnect, rename, which apps they need, who owns them, their tags."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.domain.answers import Answer, Button, State
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import code, literal, owner_words
from bot.domain.answers.offered import for_others
from bot.domain.command import MYSELF, Command
from bot.domain.digest.undelivered import READ_ELSEWHERE
from bot.domain.errors import AskerError, OrgError
from bot.domain.model import Asker, Change, Org
from bot.domain.orgs import connection, tags
from bot.domain.orgs.logins import WAYS
from bot.domain.orgs.which_org import unknown_org
from bot.domain.verbs import Who
from bot.ports import Clock, WebServerFlows
from bot.service import former_names
from bot.service.connect_org import Kept
from bot.service.named_org import org_and_rest
from bot.service.permissions import Permissions

_MENTION = re.compile(r"<[@#](?P<id>[UWCG][A-Z0-9]+)(?:\|[^>]*)?>")


_LEADS_TO = re.compile(r"^(?:to(?: be)?|as|into|in|en|->|→)\s+(?=\S)", re.IGNORECASE)
"""What people say between a name and the new one; beginning of what follows the old name."""


_IS = re.compile(r"^(?:is|to|=|:|->|→)\s+(?=\S)", re.IGNORECASE)
"""What people say between an org and its owner."""

_ME = MYSELF | {"@me", "i"}
_NOBODY = frozenset({"none", "nobody", "no one", "noone", "off", "remove", "-"})


class ManageOrgs:
    """The verbs ``disconnect``, ``rename``, ``apps``, ``owner``, ``tag``: all may look, changes are for the trusted."""

    def __init__(
        self,
        *,
        store: Kept,
        logins: WebServerFlows,
        permissions: Permissions,
        clock: Clock,
        read_elsewhere: Callable[[str, str], bool] = lambda _workspace, _channel: False,
    ) -> None:
        """``read_elsewhere``: whether another company reads a channel of a workspace, too."""
        self._read_elsewhere = read_elsewhere
        self._store = store
        self._logins = logins
        self._permissions = permissions
        self._clock = clock

    def disconnect(self, who: Asker, command: Command) -> Answer:
        """``disconnect <org>`` asks; with ``yes`` behind it, revokes at Salesforce and forgets."""
        self._permissions.require(who, "Disconnecting an org")
        org, rest = self._org_and_rest(who, command, "disconnect prod")
        if not rest:
            return connection.ask_disconnect(org)
        if rest.casefold() != "yes":
            raise self._unknown(who, command.rest, "disconnect {org}")
        with self._store.refreshing(org):  # nobody may renew meanwhile what is revoked here
            trouble = self._revoked(org)
            if not self._store.remove_org(org.workspace, org.name):
                raise AskerError(f"{code(org.name)} is disconnected already.")
        self._record(who, former_names.DISCONNECTED, f"{org.name} ({org.host})")
        return connection.disconnected(org, trouble)

    def _revoked(self, org: Org) -> str | None:
        """Why the login could not be revoked, if it has one to revoke and that failed."""
        if not WAYS[org.login].revoked:
            return None
        try:
            self._logins.revoke(org, self._store.credentials(org))
        except OrgError as error:
            return error.text
        return None

    def rename(self, who: Asker, command: Command) -> Answer:
        """``rename <org> <new name>``."""
        self._permissions.require(who, "Renaming an org")
        org, rest = self._org_and_rest(who, command, "rename prod emea-prod")
        rest = _LEADS_TO.sub("", rest)
        if not rest:
            raise AskerError(f"What should {code(org.name)} be called? `/flosum rename {org.name} emea-prod`")
        if rest == org.name:
            raise AskerError(f"{code(org.name)} is called so already.")
        with self._store.refreshing(org):  # a token renewed under the old name would be lost
            renamed = self._store.rename_org(org.workspace, org.name, connection.new_org_name(rest))
        self._record(who, former_names.RENAMED, former_names.subject(org.name, renamed.name))
        told = tags.also_a_tag(renamed.name, self._store.orgs(org.workspace))
        return Answer(f"{code(org.name)} is called {code(renamed.name)} now", told, State.READY)

    def apps(self, who: Asker, command: Command) -> Answer:
        """``apps <org> backup|devops|both``: which of the two apps the org needs."""
        org, rest = self._org_and_rest(who, command, "apps prod both")
        if not rest:
            return self._show_apps(org, may=self._permissions.has(who, Who.TRUSTED))
        self._permissions.require(who, "Changing which apps an org needs")
        said = connection.apps_meant(rest)
        if said is None:
            raise AskerError(f"Say which: `/flosum apps {org.name} backup`, `devops` or `both`.")
        org = replace(org, apps=connection.APPS[said])
        self._store.save_org(org)
        self._record(who, "changed apps", f"{org.name}: {said}")
        return self._show_apps(org)

    def _show_apps(self, org: Org, *, may: bool = True) -> Answer:
        named = listed([f"**{literal(name)}**" for name in org.apps])
        return Answer(
            f"{code(org.name)} needs {named}",
            buttons=(Button(f"Check {org.name} now", command=f"status {org.name}", primary=True),),
            note=f"Change it: /flosum apps {org.name} backup, devops or both" if may else "",
        )

    def owner(self, who: Asker, command: Command) -> Answer:
        """``owner <org> <@person|#channel|none>``: whom reminders name."""
        org, rest = self._org_and_rest(who, command, "owner prod @ada")
        if not rest:
            return self._show_owner(org, may=self._permissions.has(who, Who.TRUSTED))
        self._permissions.require(who, "Changing the owner of an org")
        org = replace(org, owner=self._new_owner(who, _IS.sub("", rest)))
        self._store.save_org(org)
        self._record(who, "changed owner", f"{org.name}: {org.owner or 'none'}")
        return self._show_owner(org)

    def _show_owner(self, org: Org, *, may: bool = True) -> Answer:
        if org.owner is None:
            return Answer(
                f"{code(org.name)} has no owner",
                f"Name one: `/flosum owner {org.name} @person` or `#channel`" if may else for_others("names one"),
                note="Reminders name the owner.",
            )
        reason = self._permissions.sees_nothing(org.workspace, org.owner)
        told = f"Digests name them, and I show and tell them nothing of it. {reason}" if reason else ""
        if self._read_elsewhere(org.workspace, org.owner):
            told = f"Digests name it, and I tell it nothing of the org. {READ_ELSEWHERE}"
        return Answer(
            f"The owner of {code(org.name)} is {owner_words(org.owner)}",
            told,
            State.READY,
        )

    def _new_owner(self, who: Asker, said: str) -> str | None:
        """Whom somebody means. Raises AskerError for what can read no reminder."""
        if said.casefold() in _NOBODY:
            return None
        if said.casefold() in _ME:
            return who.user
        if len(_MENTION.findall(said)) > 1:
            raise AskerError("An org has one owner, a person or a channel: which of them is it?")
        found = _MENTION.fullmatch(said)
        if found is None:
            raise AskerError("Pick a person or a channel from the list that Slack offers, or say `none`.")
        if fault := self._permissions.cannot_be_named(who.workspace, str(found["id"])):
            raise AskerError(fault)
        return str(found["id"])

    def tag(self, who: Asker, command: Command) -> Answer:
        """``tag <org> <word>``, ``tag <org> off <word>``; without a word the tags of an org, or of all."""
        orgs = self._store.orgs(who.workspace)
        if not command.rest:
            return tags.overview(orgs, may=self._permissions.has(who, Who.TRUSTED))
        if swapped := tags.swapped(command.words, [org.name for org in orgs]):
            raise swapped
        org, rest = self._org_and_rest(who, command, "tag prod emea")
        if not rest:
            return tags.shown(org, orgs, may=self._permissions.has(who, Who.TRUSTED))
        self._permissions.require(who, "Changing the tags of an org")
        change = tags.read_change(rest)
        before, after = self._store.change_tags(org, change.applied)
        if before.tags == after.tags and change.off:
            raise tags.not_on(after, change.off)
        if before.tags != after.tags:
            self._record(who, "changed tags", f"{org.name}: {', '.join(after.tags) or 'none'}")
        return tags.changed(after, before.tags, orgs)

    # --- reading ---------------------------------------------------------------------------------------

    def _org_and_rest(self, who: Asker, command: Command, example: str) -> tuple[Org, str]:
        """The org that the words begin with (names may hold spaces) and the words after it."""
        if not command.words:
            raise AskerError(f"Which org? For example: `/flosum {example}`")
        if found := org_and_rest(partial(self._store.org, who.workspace), command.words):
            return found
        if command.verb == "disconnect":  # an org's name is all that may follow, and what its button says behind it
            raise self._unknown(who, re.sub(r"\s+yes$", "", command.rest, flags=re.IGNORECASE), "disconnect {org}")
        name, *rest = command.words
        raise self._unknown(who, name, " ".join((command.verb, "{org}", *rest)))

    def _unknown(self, who: Asker, name: str, line: str) -> AskerError:
        return unknown_org(name, self._store.orgs(who.workspace), line)

    def _record(self, who: Asker, action: str, subject: str) -> None:
        self._store.record(Change(who.workspace, self._clock(), who.user, action, subject))
