"""What becomes of orgs between digests: what they are ready for or not any more, and what people hear of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.domain.model import Org
from bot.domain.orgs.conditions import Known, News
from bot.guard import guarded
from bot.ports import Clock
from bot.service.alerts import Alerts
from bot.service.escalating import Escalating
from bot.service.grant_recovery import GrantRecovery
from bot.service.notices import Notices
from bot.service.snoozing import Snoozing


class NewsStore(Protocol):
    """What people are still to be told, over every workspace."""

    def is_anything_due(self, now: datetime) -> bool:
        """Whether there is something to say or to look at, in any workspace; one query."""
        ...

    def orgs_with_news(self) -> Sequence[tuple[str, str, Known]]:
        """A workspace, an org's name, and what is known of it."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One org."""
        ...

    def news_told(self, org: Org, known: Known) -> None:
        """Note that people were told; nothing where something else is known by now."""
        ...


class OrgsOverTime:
    """What the clock does about orgs between digests. A minute in which nothing is due costs one query."""

    def __init__(
        self,
        store: NewsStore,
        snoozing: Snoozing,
        alerts: Alerts,
        escalating: Escalating,
        notices: Notices,
        grant_recovery: GrantRecovery,
        clock: Clock,
    ) -> None:
        self._grant_recovery = grant_recovery
        self._store = store
        self._escalating = escalating
        self._snoozing = snoozing
        self._alerts = alerts
        self._notices = notices
        self._clock = clock

    def tick(self, away: Collection[str] = ()) -> None:
        """Look, note and say what is due. Workspaces that are ``away`` are left alone."""
        guarded(partial(self._escalating.tick, away))()
        if not self._store.is_anything_due(self._clock()):
            return
        guarded(partial(self._alerts.look, away))()
        for workspace, name, known in self._store.orgs_with_news():
            if workspace not in away:
                guarded(partial(self._tell, workspace, name, known))()
        guarded(self._snoozing.tick)()
        guarded(partial(self._grant_recovery.tick, away))()
        self._notices.tick(away)

    def _tell(self, workspace: str, name: str, known: Known) -> None:
        org = self._store.org(workspace, name)
        if org is None:
            return
        self._alerts.tell(org, known)
        if known.news is News.READY:
            self._snoozing.became_ready(org)
        self._store.news_told(org, known)
