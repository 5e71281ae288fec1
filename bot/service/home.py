"""The Home tab as a use case: everything that a workspace's orgs amount to, on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bot.domain import selection
from bot.domain.answers import Form
from bot.domain.answers.markup import code
from bot.domain.digest import schedule, told
from bot.domain.digest.report import since_words
from bot.domain.digest.subscription import Subscription, first_digest
from bot.domain.model import Asker, Change, PastDigest
from bot.domain.org_questions import ALL
from bot.domain.orgs.home_report import Home, Known, Place, closed_home, connect_form, home
from bot.domain.orgs.urgency import in_short, still_read
from bot.ports import Clock
from bot.service.connect_org import DOING
from bot.service.membership import Membership
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions

FIRST = Place()


class Records(Protocol):
    """What a Home tab shows beside the orgs; each is one query."""

    def past_digests(self, workspace: str, subscription: str, limit: int = 26) -> Sequence[PastDigest]:
        """What the newest digests found, newest first."""
        ...

    def changes(self, workspace: str | None = None, limit: int = 1000) -> Sequence[Change]:
        """The newest lines of the audit trail, newest first."""
        ...

    def subscriptions(self, workspace: str) -> Sequence[Subscription]:
        """All of a workspace, on or off, in the order in which they were set."""
        ...


class HomeTab:
    """Makes pages of the Home tab from what is stored; only a check asks Salesforce."""

    def __init__(
        self,
        *,
        checks: OrgChecks,
        records: Records,
        membership: Membership,
        permissions: Permissions,
        clock: Clock,
        new_name: Callable[[str, str], str] = lambda _workspace, _name: "",
        read_elsewhere: Callable[[str, str], bool] = lambda _workspace, _channel: False,
    ) -> None:
        """``new_name`` is what the org is called now that had a name before; "" for none.

        ``read_elsewhere``: whether another company reads a channel, too, as far as that is known: Slack is not asked.
        """
        self._read_elsewhere = read_elsewhere
        self._new_name = new_name
        self._checks = checks
        self._membership = membership
        self._permissions = permissions
        self._records = records
        self._clock = clock

    def page(self, who: Asker, place: Place = FIRST, doing: str = "") -> Home:
        """A page as everything was last read. The number of queries does not depend on the number of orgs.

        Where nothing is known any more by what was chosen, all orgs are shown.
        """
        if refusal := self._membership.refusal(who):
            return closed_home(refusal)
        diagnoses, now = self._checks.known(who.workspace), self._clock()
        subscriptions, may = self._records.subscriptions(who.workspace), self._permissions.may(who)
        of_all = [each for each in subscriptions if each.orgs == ALL]
        subscription = first_digest(of_all) or first_digest(subscriptions)
        past = self._records.past_digests(who.workspace, subscription.id, limit=2) if subscription else ()
        before = next(iter(schedule.earlier(past, subscription, now)), None)
        since = since_words(subscription, before.slot, now) if subscription and before else ""
        changes = self._records.changes(who.workspace, limit=20)
        orgs = [found.org for found in diagnoses]
        words, read_elsewhere = told.chosen_words(orgs), self._read_elsewhere
        digests = told.home_lines(subscriptions, who.user, now, may=may, chosen=words, read_elsewhere=read_elsewhere)
        known = Known(diagnoses, before, changes, digests, now, may, since)
        # Without the names of orgs: nobody chooses one here, and one may be called "sandboxes".
        chosen = selection.read(place.chosen, (), selection.tags_of([found.org for found in diagnoses]))
        return home(known, place.page, doing, chosen or selection.EVERY)

    def check(self, who: Asker, name: str, place: Place) -> Home:
        """Read one org live and show the page again. An org that is gone meanwhile is said to be gone."""
        if refusal := self._membership.refusal(who):
            return closed_home(refusal)
        found = self._checks.named(who.workspace, name)
        before = ""
        if found is None and (now := self._new_name(who.workspace, name)):
            found, before = self._checks.named(who.workspace, now), f", called {code(name)} before"
        if found is None:
            return self.page(who, place, f"{code(name)} is not connected any more.")
        outcome = found.trouble or f"{in_short(found)}, read from Salesforce just now"
        return self.page(who, place, f"Checked {code(found.org.name)}{before}: {outcome}")

    def check_all(self, who: Asker, place: Place) -> Iterator[Home]:
        """Read every org live and show the page again; while some hang also what is there by then."""
        if refusal := self._membership.refusal(who):
            yield closed_home(refusal)
            return
        every = self._checks.begin_every(who.workspace)
        found, waiting = every.so_far()
        if waiting:
            yield self.page(who, place, f"{still_read(waiting)}…")
            found = every.all()
        failed = [code(diagnosis.org.name) for diagnosis in found if diagnosis.trouble]
        outcome = f"Could not be read: {', '.join(failed[:10])}" if failed else "All orgs were read just now"
        yield self.page(who, place, outcome)

    def connect_form(self, who: Asker) -> Form:
        """The form for a new org. Raises AskerError, which says who can, for those who may not connect one."""
        self._permissions.require(who, DOING)
        return connect_form()
