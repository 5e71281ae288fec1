"""Permissions and the trail as a use case: whom admins trust, and who changed what."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.answers import Answer, Button, Item, Items, Part, State, Text
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import MENTION, code
from bot.domain.command import MYSELF, Command, shorten
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.membership import NOT_TRUSTED
from bot.domain.model import Asker, Change
from bot.domain.orgs.home_report import TRUSTING, told
from bot.ports import Clock, Governance
from bot.service.membership import Membership
from bot.service.permissions import Permissions, Roster, is_group

SHOWN = 3  # lines of the trail
_GROUP = re.compile(r"<!subteam\^(?P<id>S[A-Z0-9]+)(?:\|[^>]*)?>")
_ADD = "`/flosum settings trust @person`"
_EXAMPLE = "Say whom: `/flosum settings trust @person` or `@user-group`."


class TrustedPeople:
    """Who may change things in a workspace. ``shown`` and the two switches are parts of ``/flosum settings``."""

    def __init__(
        self, *, permissions: Permissions, membership: Membership, governance: Governance, roster: Roster, clock: Clock
    ) -> None:
        self._permissions = permissions
        self._membership = membership
        self._governance = governance
        self._roster = roster
        self._clock = clock

    def trust(self, who: Asker, command: Command) -> Answer:
        """``settings trust @person|@user-group …``: they may change things from now on."""
        self._permissions.require_admin(who, "Adding people who may change things")
        subjects = [self._subject(who, word) for word in _words(command)]
        for subject in subjects:
            self._look_up(who, subject)
        before = self._who_may_anyway(who, subjects)
        added = [subject for subject in subjects if self._governance.trust(who.workspace, subject)]
        told = self._changed(who, subjects, added, TRUSTING[0], "may change things here now", "could do so before")
        return self._no_news(who, [each for each in added if each not in before], before, added) or told

    def distrust(self, who: Asker, command: Command) -> Answer:
        """``settings distrust @person|@user-group …``: they may not any more."""
        self._permissions.require_admin(who, "Taking people off who may change things")
        subjects = [self._subject(who, word) for word in _words(command)]
        off = [subject for subject in subjects if self._governance.distrust(who.workspace, subject)]
        told = self._changed(who, subjects, off, TRUSTING[1], "may not change things here any more", "was not added")
        return self._as_before(who, subjects, off) or told

    def shown(self, who: Asker) -> Sequence[Part]:
        """Who may change things, each of the added with a button, and the newest lines of the trail."""
        can = listed(self._permissions.who_can(who.workspace, added=False))
        admins = f"workspace admins and owners{f' ({can})' if can else ''}"
        parts: list[Part] = [Text(f"**Who may change things**: {admins}, and whom they add: {_ADD}")]
        if added := self._governance.trusted(who.workspace):
            parts.append(Items(tuple(self._line(who, subject) for subject in added)))
        lines = [told(change) for change in self._governance.changes(who.workspace, SHOWN)]
        if lines:
            parts.append(Text("\n".join(("**Last changes**", *lines))))
        return parts

    def _line(self, who: Asker, subject: str) -> Item:
        name = self._permissions.named(who.workspace, subject)
        what = "everybody in this user group" if is_group(subject) else "added by an admin"
        typed = f"<!subteam^{subject}>" if is_group(subject) else f"<@{subject}>"
        return Item(name, what, None, (Button("Take off", f"settings distrust {typed}", replaces=True),))

    def _subject(self, who: Asker, word: str) -> str:
        if word.casefold() in MYSELF:
            return who.user
        if found := MENTION.fullmatch(word) or _GROUP.fullmatch(word):
            return str(found["id"])
        if word.startswith("@"):
            for group, handle in self._roster.handles(who.workspace).items():
                if handle == word[1:].casefold():
                    return group
        raise AskerError(
            f"I cannot see anybody called {code(shorten(word))}. Pick them from the list that Slack offers."
        )

    def _look_up(self, who: Asker, subject: str) -> None:
        """Refuse who could not use it, whom Slack does not know here, and groups that could not be read later."""
        try:
            refused = "" if is_group(subject) else self._refused(Asker(who.workspace, subject))
            if is_group(subject) and not self._roster.members(who.workspace, subject):
                refused = "Nobody is in that user group."
        except SlackRefused as refusal:
            refused = refusal.said
        if refused:
            raise AskerError(f"{self._permissions.named(who.workspace, subject)} cannot be added. {refused}")

    def _refused(self, subject: Asker) -> str:
        """Why somebody cannot be let change things, "" where they can."""
        standing = self._membership.person(subject).standing
        return NOT_TRUSTED[standing] if self._membership.refusal_of(subject.workspace, standing) else ""

    def _changed(
        self, who: Asker, subjects: Sequence[str], changed: Sequence[str], action: str, now: str, before: str
    ) -> Answer:
        for subject in changed:
            name = f"@{self._permissions.handle(who.workspace, subject)}" if is_group(subject) else subject
            self._governance.record(Change(who.workspace, self._clock(), who.user, action, name))
        headline = f"{self._names(who, changed or subjects)} {now if changed else before}"
        return Answer(headline, state=State.READY if changed else None, buttons=(Button("Settings", "settings"),))

    def _who_may_anyway(self, who: Asker, subjects: Sequence[str]) -> Sequence[str]:
        """Those who may change things whether or not they are added."""
        people = [subject for subject in subjects if not is_group(subject)]
        return [subject for subject in people if self._permissions.may_still(who.workspace, subject)]

    def _no_news(self, who: Asker, news: Sequence[str], before: Sequence[str], added: Sequence[str]) -> Answer | None:
        """What is told where some of those who were added could change things before; None where none could."""
        both = [subject for subject in before if subject in added]
        if not both:
            return None
        keep = "On the list, too, now: they keep it when that ends."
        if not news:
            headline, text, state = f"{self._names(who, before)} could do so before", f"{_OTHERWISE} {keep}", None
        else:
            headline, state = f"{self._names(who, news)} may change things here now", State.READY
            text = f"{self._names(who, both)} could do so before. {_OTHERWISE} {keep}"
        return Answer(headline, text, state, buttons=(Button("Settings", "settings"),))

    def _as_before(self, who: Asker, subjects: Sequence[str], off: Sequence[str]) -> Answer | None:
        """What is told where taking people off changes nothing for some of them; None where it does for all."""
        still = self._who_may_anyway(who, subjects)
        if not still:
            return None
        taken = f" Off the list: {self._names(who, off)}." if off else ""
        return Answer(
            f"{self._names(who, still)} may change things here all the same",
            f"{_OTHERWISE}{taken}",
            buttons=(Button("Settings", "settings"),),
        )

    def _names(self, who: Asker, subjects: Sequence[str]) -> str:
        return listed([self._permissions.named(who.workspace, subject) for subject in subjects])


_OTHERWISE = "By a role in the workspace, by the settings of the bot, or through a user group that was added."


def _words(command: Command) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word for word in re.split(r"[\s,]+", command.rest) if word not in ("", "and", "&")))
    if not words:
        raise AskerError(_EXAMPLE)
    return words
