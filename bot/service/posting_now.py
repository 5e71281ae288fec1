"""Posting a digest because somebody said so: once, however often and by however many it is pressed.

    the press -> claimed in the database -> orgs read -> posted -> ended

The claim is a notice. What was claimed and not ended, because a process ended or Slack broke off, ``Notices`` looks
for and posts, as it does with all that is said once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.answers import Answer
from bot.domain.digest import posted_now
from bot.domain.digest.notices import UNDELIVERED, Notice, NoticeStatus, pause_after
from bot.domain.digest.posted_now import ONCE_IN, PostedNow, read_key
from bot.domain.digest.subscription import Kind, Subscription
from bot.domain.digest.zones import OTHERWISE, usable
from bot.domain.errors import SlackRefused
from bot.domain.model import TERMINAL, Asker
from bot.ports import Clock, Outbox, People
from bot.service.digest_making import DigestMaking
from bot.service.notices import LEASE

log = structlog.get_logger("assistant")

_POSTING = timedelta(seconds=90)
"""What Slack may take to have a message, of the lease: with less left of it, another process may be at it soon."""


class PostedNowStore(Protocol):
    """What was said once, over every process."""

    def setting(self, workspace: str, target: str) -> AbstractContextManager[None]:
        """Hold a right that one has at a time, by its name."""
        ...

    def subscriptions(self, workspace: str) -> Sequence[Subscription]:
        """All of a workspace, on or off."""
        ...

    def add_notices(self, workspace: str, said: Sequence[Notice]) -> None:
        """Keep what is to be said."""
        ...

    def begin_notice(self, notice: Notice, until: datetime) -> None:
        """Keep what this process is about to say, and nobody else ``until`` then."""
        ...

    def newest_said(self, workspace: str, beginning: str, since: datetime) -> tuple[Notice, NoticeStatus] | None:
        """The newest whose key begins so that was kept since then and said, or that is still to be said."""
        ...

    def try_again(self, notice: Notice, at: datetime, *, certainly_not: bool) -> None:
        """Leave one for later."""
        ...

    def end_notice(
        self, notice: Notice, status: NoticeStatus, channel: str | None = None, ts: str | None = None
    ) -> None:
        """Note how one ended."""
        ...

    def unsay(self, workspace: str, beginning: str) -> None:
        """Forget those whose keys begin so."""
        ...


class PostingNow:
    """Posts digests that somebody asks for. ``named`` shows a person of a workspace without pinging."""

    def __init__(
        self,
        *,
        store: PostedNowStore,
        making: DigestMaking,
        outbox: Outbox,
        people: People,
        named: Callable[[str, str], str],
        clock: Clock,
    ) -> None:
        self._store = store
        self._making = making
        self._outbox = outbox
        self._people = people
        self._named = named
        self._clock = clock

    def post(self, who: Asker, subscription: Subscription, place: str) -> Answer | None:
        """Post one; else what is told instead, as where somebody was as fast. Raises AskerError, SlackRefused.

        Then nothing is claimed any more, and the next press posts.
        """
        posted = PostedNow(subscription.target, subscription.orgs, who.user, self._clock())
        notice = Notice(who.workspace, posted.key, posted.target, posted_now.kept_words(posted), posted.at)
        # Whoever holds it only looks and adds a row; orgs are read and Slack is asked outside.
        with self._store.setting(who.workspace, posted.beginning):
            before = self._store.newest_said(who.workspace, posted.beginning, posted.at - ONCE_IN)
            if before is None:
                self._store.begin_notice(notice, posted.at + LEASE)
        if before is not None:
            return self._not_again(who, *before, place)
        try:
            digest = self._making.preview(subscription, posted_as=posted.key)
        except Exception:
            self._store.unsay(who.workspace, posted.key)
            raise
        return self._posted(notice, digest, place)

    def _not_again(self, who: Asker, notice: Notice, status: NoticeStatus, place: str) -> Answer:
        before = read_key(notice.key)
        assert before is not None  # noqa: S101 - it was found by how such keys begin; mypy cannot see it
        known = {TERMINAL: "The operator", who.user: "You"}
        name = known.get(before.by) or self._named(who.workspace, before.by)
        return posted_now.not_again(before, name, place, is_there=status is not NoticeStatus.WAITING)

    def _posted(self, notice: Notice, digest: Answer, place: str) -> Answer | None:
        if self._clock() > notice.at + LEASE - _POSTING:
            return posted_now.takes_long(place)  # whoever has it once the lease is over posts it
        try:
            ts = self._outbox.post(notice.workspace, notice.target, digest, notice.key)
        except SlackRefused as refusal:
            if refusal.clear or refusal.permanent:
                self._store.unsay(notice.workspace, notice.key)
                raise
            log.warning("a digest that was asked for is looked for", workspace=notice.workspace, reason=refusal.text)
            self._store.try_again(notice, self._clock() + pause_after(1), certainly_not=False)
            return posted_now.not_sure(refusal, place)
        self._store.end_notice(notice, NoticeStatus.SENT, notice.target, ts)
        return None

    # --- for those that are left to the clock ----------------------------------------------------------

    def made(self, notice: Notice) -> Answer:
        """What a notice says: the digest, where it was left over by a press. Raises what comes of reading."""
        posted = read_key(notice.key)
        if posted is None:
            return notice.answer
        every = self._store.subscriptions(notice.workspace)
        known = next((each for each in every if (each.target, each.kind) == (posted.target, Kind.DIGEST)), None)
        if known is None:
            is_known = posted.by != TERMINAL
            zone = usable(self._people.person(Asker(notice.workspace, posted.by)).zone) if is_known else OTHERWISE
            known = Subscription(notice.workspace, "", posted.target, zone=zone, enabled=False)
        return self._making.preview(replace(known, orgs=posted.orgs), posted_as=notice.key)

    def ended(self, notice: Notice, status: NoticeStatus, why: str) -> None:
        """Whoever asked for it hears that it did not come; where it was for themselves nothing reaches them."""
        posted = read_key(notice.key)
        if posted is None or status is NoticeStatus.SENT or posted.by in (posted.target, TERMINAL):
            return  # the log says why, which is the operator's
        unsure = status is NoticeStatus.UNCERTAIN
        answer = posted_now.uncertain(posted) if unsure else posted_now.undelivered(posted, why)
        said = Notice(notice.workspace, f"{UNDELIVERED}{notice.key}", posted.by, answer, self._clock())
        self._store.add_notices(notice.workspace, [said])
