"""What becomes of the answers that lead to one that goes, because the message that it answered was deleted.

Pure, as ``policy`` is. Nothing points to what is not there any more, and the steps stay where somebody needs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.answers import Answer
from bot.domain.conversations import guidance_reply, replies
from bot.domain.conversations.entry_reply import About
from bot.domain.conversations.policy import SAME_AGAIN, STILL_TALKING, Decision
from bot.domain.model import AnswerKind, Org, PostedAnswer
from bot.domain.recognition.entries import Entry, Recognition

_WITH_STEPS = (AnswerKind.FULL, AnswerKind.OUTDATED)


def mended(
    gone: PostedAnswer, others: Sequence[PostedAnswer], entry: Entry | None, orgs: Sequence[Org], now: datetime
) -> Iterator[tuple[PostedAnswer, Decision]]:
    """Each answer that led to ``gone``, with what it says instead. ``others`` are the channel's about the same entry.

    The first one that pointed to it is the answer from now on, and the rest point there.
    """
    if gone.kind not in _WITH_STEPS:
        return
    by_age = sorted(others, key=lambda each: each.at)
    for posted in by_age:
        if _goes_on_from(posted, gone) and not any(_goes_on_from(posted, each) for each in others):
            org = next((org for org in orgs if (org.name,) == posted.orgs), None)
            yield posted, _in_full(entry, org, orgs)
    first: PostedAnswer | None = None
    for posted in by_age:
        if not _points_to(posted, gone):
            continue
        if first is None:
            first = posted
            yield posted, _in_full(entry, None, ())  # whoever reads it there may not be one to see orgs
        elif entry is not None:
            answer = replies.pointer(entry, first, None, now)
            yield posted, Decision(AnswerKind.POINTER, answer, entry.id, first.ts, points_to=first.ts)
        else:
            yield posted, _in_full(None, None, ())


def _goes_on_from(posted: PostedAnswer, from_what: PostedAnswer) -> bool:
    """Whether it says "the answer above" of another one."""
    if posted.kind is not AnswerKind.FOR_ORG or from_what.kind not in _WITH_STEPS or posted.thread != from_what.thread:
        return False
    is_lately = posted.thread is not None or posted.at - from_what.at <= STILL_TALKING
    return from_what.at <= posted.at and is_lately


def _points_to(posted: PostedAnswer, there: PostedAnswer) -> bool:
    if posted.kind is not AnswerKind.POINTER:
        return False
    if posted.detail:
        return posted.detail == there.ts
    is_in_thread = posted.thread is not None and posted.thread == there.thread
    # What was kept by a version that did not keep where it points to.
    return is_in_thread or there.at <= posted.at <= there.at + SAME_AGAIN


def _in_full(entry: Entry | None, org: Org | None, orgs: Sequence[Org]) -> Decision:
    if entry is None:  # the guidance has it no more
        return Decision(AnswerKind.NOTHING, Answer("The answer that stood above was deleted with its message"))
    answer = guidance_reply.guidance(Recognition(entry), entry, About(org, orgs))
    return Decision(AnswerKind.FULL, answer, entry.id, org.name if org else "")
