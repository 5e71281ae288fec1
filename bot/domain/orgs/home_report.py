"""The Home tab in words: every org with its verdict, its next step and the age of both, what needs doing first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.answers import Form, State
from bot.domain.answers.humanize import age, capital, counted, listed
from bot.domain.answers.markup import channel, code, literal, owner_words, plain, time, user
from bot.domain.model import Change, Diagnosis, PastDigest, Verdict, is_person
from bot.domain.org_questions import ALL
from bot.domain.orgs import app_history
from bot.domain.orgs.connection import NAME_LINE
from bot.domain.orgs.needs import need
from bot.domain.orgs.setup_links import page_name
from bot.domain.orgs.snooze_report import counted_words
from bot.domain.orgs.snooze_report import told as told_snooze
from bot.domain.orgs.status_report import NOT_YET
from bot.domain.orgs.tags import tag_words
from bot.domain.orgs.urgency import (
    STATE_WORDS,
    counting,
    in_short,
    is_snoozed,
    most_urgent_first,
    natural,
    ready,
    state_of,
    tally,
)
from bot.domain.selection import EVERY, Selection, tagged, tags_of

PER_PAGE = 20
"""Orgs on one page: as many as anybody scrolls through."""

MANY = 10
"""From so many orgs on each takes two lines, and menus choose among them; with fewer everybody sees all at a glance."""

CONNECT_FORM = "home-connect-form"
RECENT = timedelta(days=7)
TRUSTING = ("trusted", "distrusted")
"""The actions whose subject is a person, or a user group with its @."""

OVERHEARING = {True: "let pastes be answered in", False: "let pastes be left alone in"}
ALERTING = {True: "switched alerts on", False: "switched alerts off"}
"""The actions whose subject is a channel; of alerts about some orgs, those and the channel."""

_CHANGED_TO = re.compile(r"(?<=[:,] )[UWCG][A-Z0-9]{4,}(?!\S)")
_NAMED = 10  # names in one line of news
_CHANGES = 5  # lines of the audit trail
_NEVER = "Never read so far"


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A digest or alerts in a line. ``target`` is whose form *Change* opens, "" for a new one; ``off`` is what
    switches it off, "" where it is; ``now`` what posts it. ``may``: who looks at it may change it."""

    text: str
    target: str = ""
    off: str = ""
    now: str = ""
    may: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """All that a Home tab is made of, read in one go.

    ``before`` is what a digest before this week's (today's, where one comes every day) found, ``since`` when that was;
    ``digests`` are those that come. ``may``: who looks at it may change things.
    """

    diagnoses: Sequence[Diagnosis]
    before: PastDigest | None
    changes: Sequence[Change]
    digests: Sequence[DigestLine]
    now: datetime
    may: bool = True
    since: str = "since last week"


@dataclass(frozen=True, slots=True)
class OrgRow:
    """One org: a line for each thing to know of it. ``reconnect``: its button connects it anew instead of checking."""

    name: str
    state: State
    lines: tuple[str, ...]
    reconnect: bool


_PLACE = re.compile(r"(?P<page>[0-9]{1,6}) (?P<chosen>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody looks at: which page, of which orgs (``chosen`` as it is typed)."""

    page: int = 1
    chosen: str = ALL

    @property
    def text(self) -> str:
        """As it is kept in the tab itself, and in the windows over it."""
        return f"{self.page} {self.chosen}"


def place_of(text: str) -> Place:
    """The place that is kept in a view; the first page of all where none is."""
    found = _PLACE.fullmatch(text)
    return Place(int(found["page"]), found["chosen"]) if found else Place()


@dataclass(frozen=True, slots=True)
class Home:
    """One page of the tab, from top to bottom: the orgs, what changed, the digest, the trail. ``page`` counts from 1;
    ``doing`` is what is happening right now. ``may``: there are buttons that change things. ``digest_on``: there is a
    digest to switch off. ``choices`` are the orgs that can be shown, as typed and with a label; ``chosen`` are shown.
    ``many``: a menu instead of each org's button reads one of them.

    ``closed``: it is shown to somebody who may not see the orgs, so it has its first two lines and no button.
    """

    headline: str
    lead: str
    doing: str = ""
    rows: tuple[OrgRow, ...] = ()
    news: tuple[str, ...] = ()
    digests: tuple[DigestLine, ...] = ()
    trail: tuple[str, ...] = ()
    may: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ALL
    many: bool = False
    page: int = 1
    pages: int = 1
    note: str = ""
    closed: bool = False


def closed_home(refusal: str) -> Home:
    """The page of somebody who may not see the orgs."""
    return Home("Flosum", refusal, closed=True)


def home(known: Known, page: int, doing: str = "", chosen: Selection = EVERY) -> Home:
    """The page of that number, or the nearest that exists, of the orgs that are ``chosen``."""
    ordered = most_urgent_first(chosen.of(known.diagnoses))
    pages = max(1, -(-len(ordered) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown, many = ordered[(page - 1) * PER_PAGE : page * PER_PAGE], len(ordered) >= MANY
    return Home(
        headline=_headline(known),
        lead="\n".join(line for line in (_lead(known), _shown(known, chosen, len(ordered))) if line),
        doing=doing,
        rows=tuple(_row(found, known.now, in_two_lines=many) for found in shown),
        news=tuple(_news(known)),
        digests=tuple(known.digests),
        trail=tuple(_trail(known)),
        may=known.may,
        choices=tuple(_choices(known.diagnoses, chosen)),
        chosen=chosen.line,
        many=many,
        page=page,
        pages=pages,
        note=_note(known, page, len(shown), len(ordered)),
    )


# --- some of the orgs ----------------------------------------------------------------------------------


def _choices(diagnoses: Sequence[Diagnosis], chosen: Selection) -> Iterator[tuple[str, str]]:
    """What can be shown: all, and each part of them that is one; none where there are few."""
    if len(diagnoses) < MANY and chosen.is_all:
        return
    tags = tags_of([found.org for found in diagnoses])
    fixed = (EVERY, Selection(ready=False), Selection(sandbox=True), Selection(sandbox=False))
    offered = [*fixed, *(tagged(tag) for tag in sorted(tags, key=lambda tag: (-len(tags[tag]), natural(tag))))]
    offered.insert(1, chosen)
    for number, each in enumerate(offered):
        count = len(each.of(diagnoses))
        if offered.index(each) == number and (each in (EVERY, chosen) or 0 < count < len(diagnoses)):
            yield each.line, f"{_label(each)} ({count})"


def _label(chosen: Selection) -> str:
    if chosen.is_all:
        return "All orgs"
    words = plain(chosen.words()).removeprefix("orgs ").removeprefix("that are ")
    return capital(words)


def _shown(known: Known, chosen: Selection, count: int) -> str:
    """Which orgs are shown, unless all are."""
    return "" if chosen.is_all else f"Shown: {chosen.words()}, {count} of {len(known.diagnoses)}"


# --- the top -------------------------------------------------------------------------------------------


def _headline(known: Known) -> str:
    if not known.diagnoses:
        return "No org is connected yet"
    told_of = counting(known.diagnoses)
    headline = tally(told_of) if told_of else "Every org is snoozed"
    read = {found.org.name for found in told_of if not found.unread}
    change = len(_told_before(known) & _through(known)) - len(read & set(known.before.ready)) if known.before else 0
    return f"{headline} ({change:+} {known.since})" if change else headline


def _lead(known: Known) -> str:
    if not known.diagnoses:
        return "Connect the first one: the button below, or `/flosum connect prod`." if known.may else NOT_YET
    counts = Counter(
        state_of(found) for found in known.diagnoses if found.verdict is not Verdict.READY and not is_snoozed(found)
    )
    snoozed = counted_words(known.diagnoses)
    if not counting(known.diagnoses):
        return "Nothing to do."
    if not counts and snoozed:
        return f"Nothing to do: {snoozed}, the others are ready."
    if not counts:
        return "Nothing to do: both Flosum apps are through wherever they are needed."
    return (
        "To do: "
        + ", ".join(f"{counts[state]} {_of_many(state, counts[state])}" for state in STATE_WORDS if counts[state])
        + (f" · {snoozed}" if snoozed else "")
    )


def _of_many(state: State, number: int) -> str:
    return "need a step" if state is State.NEEDS_STEP and number > 1 else STATE_WORDS[state].lower()


def _through(known: Known) -> set[str]:
    return {found.org.name for found in ready(known.diagnoses)}


def _told_before(known: Known) -> set[str]:
    """The orgs that the digest before was about: it may have been about some of them only."""
    return {*known.before.ready, *known.before.missing} if known.before else set()


# --- what changed --------------------------------------------------------------------------------------


def _news(known: Known) -> Iterator[str]:
    if known.before is not None:
        through = _through(known)
        still = {found.org.name for found in known.diagnoses if not found.unread}
        yield from _named(f"Ready {known.since}", through & set(known.before.missing))
        yield from _named("No longer ready", (still - through) & set(known.before.ready))
    since = known.now - RECENT
    yield from _named("New here", {f.org.name for f in known.diagnoses if f.org.added_at and f.org.added_at >= since})


def _trail(known: Known) -> Iterator[str]:
    since = known.now - RECENT
    recent = [change for change in known.changes if change.at >= since]
    yield from map(told, recent[:_CHANGES])
    if len(recent) > _CHANGES:
        yield f"And {counted(len(recent) - _CHANGES, 'more change', 'more changes')}: `/flosum settings`"


def _named(what: str, names: set[str]) -> Iterator[str]:
    shown = sorted(names, key=natural)
    if shown:
        more = [f"{len(shown) - _NAMED} more"] if len(shown) > _NAMED else []
        yield f"{what}: {listed([*map(code, shown[:_NAMED]), *more])}"


def told(change: Change) -> str:
    """One line of the audit trail."""
    about_people = change.action in TRUSTING and not change.subject.startswith("@")
    subject = _who(change.subject) if about_people else _subject(change.subject)
    of_channel = change.action in OVERHEARING.values()
    if of_channel or (change.action in ALERTING.values() and " " not in change.subject):
        subject = channel(change.subject)
    return f"{time(change.at)}: {_who(change.user)} · {literal(change.action)}{f' {subject}' if change.subject else ''}"


def _subject(subject: str) -> str:
    """What was changed; a person or channel that it was changed to is named, not shown as an id."""
    at = _CHANGED_TO.search(subject)
    if at is None:
        return code(subject)
    return f"{literal(subject[: at.start()])}{owner_words(at[0])}{literal(subject[at.end() :])}"


def _who(name: str) -> str:
    # Whoever works in the operator's terminal has no id, and whoever was erased none any more.
    return user(name) if is_person(name) and name.isalnum() and name.isupper() else literal(name)


# --- one org -------------------------------------------------------------------------------------------


def _row(found: Diagnosis, now: datetime, *, in_two_lines: bool) -> OrgRow:
    org, state = found.org, state_of(found)
    lines = [f"**{_word(found, state)}** · {code(org.name)}"]
    if in_two_lines:
        lines = [f"{code(org.name)} · {_in_few_words(found) or _word(found, state).lower()}"]
    elif state is not State.READY or found.steps or found.trouble or found.brief != "ready":
        lines[0] += "".join(f" · {words}" for words in (_in_few_words(found),) if words)
    snoozed = (told_snooze(org.snooze, _who(org.snooze.by)),) if org.snooze and is_snoozed(found) else ()
    if in_two_lines:
        rest: tuple[str, ...] = (*snoozed, *_next(found), _evidence(found, now, all_of_it=False))
        return OrgRow(org.name, state, (*lines, _joined(rest).removeprefix("Next: ")), org.reconnect)
    rest = (*snoozed, *_next(found), *_done_to(found, now), _evidence(found, now, all_of_it=True))
    return OrgRow(org.name, state, (*lines, *rest), org.reconnect)


def _joined(lines: Sequence[str]) -> str:
    """Several lines as one."""
    first, *others = lines
    return " · ".join((capital(first), *(f"{line[:1].lower()}{line[1:]}" for line in others)))


def _done_to(found: Diagnosis, now: datetime) -> Iterator[str]:
    """Who did what last to an app that the org needs."""
    dated = [(app.history[0].at, app) for app in found.needed_apps if app.history and app.history[0].at]
    if dated:
        _, app = max(dated, key=lambda pair: pair[0])
        yield f"{literal(app.name)}: {app_history.latest(app, now)}"


def _in_few_words(found: Diagnosis) -> str:
    """What it needs; of one that could not be read how it was before."""
    if found.org.reconnect and not found.last_verdict:
        return ""
    if found.trouble or found.last_verdict:
        return in_short(found)
    return need(found).removeprefix("ready, ")


def _word(found: Diagnosis, state: State) -> str:
    if found.org.reconnect:
        return "Reconnect needed"
    if state is State.MISSING and any(step.topic == "unblock" for step in found.steps):
        return "Blocked"
    return STATE_WORDS[state]


def _next(found: Diagnosis) -> Iterator[str]:
    if not found.org.reconnect and found.steps and Verdict.READY not in (found.verdict, found.last_verdict):
        step = found.steps[0]
        yield f"Next: [{page_name(step.link)}]({step.link})" if step.link else f"Next: {step.text}"


def _evidence(found: Diagnosis, now: datetime, *, all_of_it: bool) -> str:
    """When it was read, whether that went wrong since, and whose it is; with ``all_of_it`` what sorts it, too."""
    org, facts = found.org, found.facts
    read = f"{'Last read' if found.last_verdict else 'Read'} {age(facts.checked_at, now)}" if facts else _NEVER
    tried = f"tried {age(org.failure.at, now)}" if org.failure else ""
    kind = {True: "sandbox", False: "production", None: ""}[org.sandbox]
    owner = f"owner {owner_words(org.owner)}" if org.owner else ""
    words = (read, tried, kind, owner, tag_words(org.tags)) if all_of_it else (tried or read, owner)
    return " · ".join(word for word in words if word)


# --- the bottom ----------------------------------------------------------------------------------------


def _note(known: Known, page: int, shown: int, count: int) -> str:
    first = (page - 1) * PER_PAGE + 1
    span = f"Orgs {first} to {first + shown - 1} of {count}" if shown < count else ""
    return " · ".join(word for word in (span, f"As of {time(known.now)}") if word)


# --- a new org -----------------------------------------------------------------------------------------


def connect_form() -> Form:
    """What to call a new org; how the bot logs in to it is chosen after that."""
    return Form(CONNECT_FORM, "-", "Connect an org", _WHY, (NAME_LINE,), "Next")


_WHY = (
    "What should the org be called here? People type this name after `/flosum status`. The ways to connect it come "
    "next, in this window."
)
