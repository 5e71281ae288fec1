"""A subscription in words: when, where, of which orgs, and what may surprise about its hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import selection
from bot.domain.answers.markup import channel, code, time
from bot.domain.digest import schedule
from bot.domain.digest.subscription import Kind, Rhythm, Subscription, WhenNothing
from bot.domain.digest.undelivered import READ_ELSEWHERE
from bot.domain.digest.zones import usable
from bot.domain.model import Org
from bot.domain.orgs.home_report import DigestLine

ON_HOME = 5
"""Digests on a Home tab."""

_YEAR = timedelta(days=366)

ReadElsewhere = Callable[[str, str], bool]
"""Whether another company reads a channel of a workspace, too, as far as that is known."""

Chosen = Callable[[str], str]
"""The orgs that kept words choose, in a sentence: "production orgs"; "" for all."""


NO_LONGER = "names no org any more"
"""Of words that chose orgs: the tag was taken off, the org was renamed or disconnected."""


def place(subscription: Subscription, me: str) -> str:
    """Where it goes, as ``me`` reads it."""
    if subscription.personal:
        return "your direct messages" if subscription.target == me else "somebody's direct messages"
    return channel(subscription.target)


def of_orgs(orgs: str, chosen: Chosen, kind: Kind = Kind.DIGEST) -> str:
    """`` of production orgs``; "" where all are meant. Alerts are about some."""
    told = chosen(orgs)
    return f" {'of' if kind is Kind.DIGEST else 'about'} {told}" if told else ""


def chosen_words(orgs: Sequence[Org]) -> Chosen:
    """Says which of ``orgs`` kept words choose; of words that choose none any more so much."""
    names, tags = [org.name for org in orgs], selection.tags_of(orgs)

    def words(kept: str) -> str:
        found = selection.reread(kept, names, tags)
        if found is None:
            return f"{code(kept)} ({NO_LONGER})"
        return "" if found.is_all else found.words()

    return words


def as_it_comes(subscription: Subscription, read_elsewhere: ReadElsewhere) -> Subscription:
    """It with what is known to keep it from coming, before it was tried."""
    its = subscription
    if its.personal or its.failing_since or not read_elsewhere(its.workspace, its.target):
        return its
    return replace(its, failing=READ_ELSEWHERE)


def failing_words(subscription: Subscription) -> str:
    """That it does not arrive, since when and why, or will not, and why; "" where it does."""
    if not subscription.failing and subscription.failing_since is None:
        return ""
    first, rest = subscription.failing[:1], subscription.failing[1:].removesuffix(".")
    first = first if rest.startswith((" ", "'")) else first.lower()  # "I am not in that channel"
    why = f", because {first}{rest}" if first else ""
    if subscription.failing_since is None:
        return f"It will not come{why}"
    return f"Not delivered since {time(subscription.failing_since)}{why}"


def home_lines(
    subscriptions: Sequence[Subscription],
    me: str,
    now: datetime,
    *,
    may: bool,
    chosen: Chosen,
    read_elsewhere: ReadElsewhere = lambda _workspace, _channel: False,
) -> list[DigestLine]:
    """What comes, for somebody's Home tab: of channels, and what is their own."""
    seen = [each for each in subscriptions if each.enabled and (not each.personal or each.target == me)]
    if not seen:
        return [DigestLine("No digest is on", may=True)]
    shown = [as_it_comes(each, read_elsewhere) for each in seen[:ON_HOME]]
    lines = [_home_line(each, me, now, may or each.target == me, chosen) for each in shown]
    if len(seen) > ON_HOME:
        lines.append(DigestLine(f"And {len(seen) - ON_HOME} more: `/flosum remind`", may=False))
    return lines


def _home_line(each: Subscription, me: str, now: datetime, may: bool, chosen: Chosen) -> DigestLine:
    at = f"{of_orgs(each.orgs, chosen, each.kind)} to {place(each, me)}"
    target = "me" if each.target == me else f"<#{each.target}>"
    if each.kind is Kind.ALERTS:
        when = f" · {failing}" if (failing := failing_words(each)) else ", as they happen"
        return DigestLine(f"Alerts{at}{when}", off=f"remind alerts off {target}", may=may)
    next_one = failing_words(each) or f"next {schedule.next_day_words(each, now)}"
    text = f"Digest{at}: {schedule.schedule_words(each)} · {next_one}"
    return DigestLine(text, each.target, f"remind off {target}", f"remind now {target}", may)


def quiet_words(subscription: Subscription) -> str:
    """What it does with nothing to report."""
    silent = subscription.when_nothing is WhenNothing.SILENCE
    return "With nothing to report it stays silent" if silent else "With nothing to report it says so in one line"


def is_same(one: Subscription, other: Subscription) -> bool:
    """Whether two are set alike, whoever set them and when."""
    return _settings(one) == _settings(other)


def _settings(subscription: Subscription) -> tuple[object, ...]:
    its, kind = subscription, subscription.kind
    about = (its.target, kind, its.orgs)
    if kind is Kind.ALERTS:
        return about
    day = None if its.rhythm is Rhythm.WEEKDAYS else its.weekday
    return (*about, its.rhythm, day, its.hour, its.minute, usable(its.zone), its.when_nothing)


def odd_hours(subscription: Subscription, now: datetime) -> str:
    """That the clock skips its hour on some day of the coming year, and when it comes instead; "" if it does not."""
    moment = now
    while moment < now + _YEAR:
        moment = schedule.upcoming(subscription, moment)
        local = schedule.local(subscription, moment)
        if (local.hour, local.minute) != (subscription.hour, subscription.minute):
            wanted = f"{subscription.hour:02}:{subscription.minute:02}"
            return f"On {local.day} {local:%B %Y} the clock skips {wanted} there: it comes at {local:%H:%M} that day"
    return ""
