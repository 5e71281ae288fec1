"""What was being written to an org when a process ended, or when the org did not answer: looked up, and told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

import structlog

from bot.domain.digest.notices import Notice, key_of
from bot.domain.errors import AssistantError
from bot.domain.model import FORGOTTEN, Change, Org
from bot.domain.orgs import granting_report as words
from bot.domain.orgs.org_writes import LEASE, LOOKED_UP_FOR, OrgWrite, WriteStatus
from bot.guard import guarded
from bot.ports import Clock, GrantOrgs
from bot.service.granting import DONE, TAKEN_BACK, KeptWrites

log = structlog.get_logger("assistant")


class News(Protocol):
    """What is to be said between digests."""

    def add_notices(self, workspace: str, said: Sequence[Notice]) -> None:
        """Keep what is to be said."""
        ...


class RecoveredWrites(KeptWrites, News, Protocol):
    """What is kept of writes, and of what is to be said about them."""


class GrantRecovery:
    """Looks at what was left. Every process may: one takes each on."""

    def __init__(self, store: RecoveredWrites, orgs: GrantOrgs, clock: Clock) -> None:
        self._store = store
        self._orgs = orgs
        self._clock = clock

    def tick(self, away: Collection[str] = ()) -> None:
        """Look up what was left; an org that does not answer is asked again. Workspaces that are ``away`` wait."""
        for write in self._store.writes_left(self._clock()):
            if write.workspace not in away:
                guarded(partial(self._look_up, write))()

    def _look_up(self, write: OrgWrite) -> None:
        now = self._clock()
        kept = next(iter(self._store.kept_orgs(write.workspace, write.org)), None)
        if kept is None or not self._store.take_over(write, now, now + LEASE):
            return
        if write.is_elsewhere(kept.org.organization_id):
            self._end(kept.org, write, WriteStatus.UNCERTAIN, write.record_id, None)
            return
        try:
            if isinstance(kept.credentials, AssistantError):
                raise kept.credentials
            found = self._orgs.record_of(kept.org, kept.credentials, write)
        except AssistantError as error:
            log.info("what was written could not be looked up", workspace=write.workspace, reason=error.text)
            if now - write.at > LOOKED_UP_FOR:
                self._end(kept.org, write, WriteStatus.UNCERTAIN, write.record_id, None)
            return
        undoing = write.status is WriteStatus.UNDOING
        # Of what was taken back another record may be there by now, which somebody else made.
        there = found == write.record_id if undoing else found is not None
        status = WriteStatus.DONE if there else WriteStatus.UNDONE if undoing else WriteStatus.NOT_DONE
        self._end(kept.org, write, status, found if there else write.record_id, there)

    def _end(self, org: Org, write: OrgWrite, status: WriteStatus, record_id: str | None, there: bool | None) -> None:
        """End it, write down what came of it, and tell whoever pressed."""
        undoing = write.status is WriteStatus.UNDOING
        done = {WriteStatus.UNDONE: TAKEN_BACK, WriteStatus.DONE: None if undoing else DONE}.get(status)
        now = self._clock()
        change = Change(write.workspace, now, write.presser, done[write.kind], write.words) if done else None
        if not self._store.end_write(write, status, record_id, change) or write.presser == FORGOTTEN:
            return
        told = replace(write, org=org.name, record_id=record_id)
        key = key_of("write", org.name, write.kind, write.subject, write.holder, write.at.isoformat(), status)
        answer = words.found_out(org, told, there=there, now=now)
        self._store.add_notices(write.workspace, [Notice(write.workspace, key, write.presser, answer, now)])
