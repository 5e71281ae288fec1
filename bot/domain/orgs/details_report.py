"""All that is known of one org, in as few lines as it takes: who gets in through what, tokens, policies, who did what.

Every step stands by itself (``steps``): whoever wants to know has other questions than whoever has to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.answers import Answer, Button, Buttons, Item, Items, Part, State, Steps, Text
from bot.domain.answers.fitting import SMALL, height
from bot.domain.answers.humanize import age, capital, counted, listed
from bot.domain.answers.markup import literal
from bot.domain.answers.plain_text import item_line, marked
from bot.domain.model import TWINS, AppFacts, AppState, Diagnosis, OrgFacts, Policy, Verdict
from bot.domain.orgs import app_history, benchmarks
from bot.domain.orgs.app_evidence import app_evidence, other_apps
from bot.domain.orgs.findings import named
from bot.domain.orgs.identity import AFTER_A_REFRESH
from bot.domain.orgs.org_details import (
    UNUSED_FOR,
    AppDetails,
    Holding,
    OrgDetails,
    People,
    RefreshPolicy,
    TokenHolder,
)
from bot.domain.orgs.status_report import (
    all_steps,
    first_button,
    lead_of,
    share,
    snoozed_part,
    status_note,
    step_texts,
    to_details,
)
from bot.domain.orgs.urgency import state_of
from bot.domain.orgs.user_access import UPDATED, Way

LINES = 25
"""What all of it may take of a phone; names give way before anything else does."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How much is shown: people named of each thing, grants of an app, lines of the trail.

    ``scant``: no step, whose button stays, and nothing of how long tokens last.
    """

    names: int
    grants: int = 3
    events: int = 3
    scant: bool = False


_ROOMS = (_Room(3), _Room(2), _Room(1), _Room(0), _Room(0, 1), _Room(0, 1, 1), _Room(0, 0, 1, scant=True))
"""The first that fits is taken."""

_WAYS = {Way.PROFILE: "profile", Way.PERMISSION_SET: "permission set", Way.GROUP: "group"}


def steps(found: Diagnosis, now: datetime, by: str = "") -> Answer:
    """Every step that an org needs, the button to the first one's page right below it."""
    parts: list[Part] = [*snoozed_part(found, by), *_to_do(found)]
    if found.facts is not None and found.facts.refreshed_at:
        when = age(found.facts.refreshed_at, now)
        parts += [Text(f"Refreshed since it was connected, as seen {when}. To do again:"), Steps(AFTER_A_REFRESH)]
    guide = Button("Guide me", command=f"guide for {found.org.name}") if found.steps else None
    return Answer(
        headline=found.headline,
        lead=lead_of(found) if found.trouble else "",
        state=state_of(found),
        parts=tuple(parts),
        buttons=(guide or to_details(found), share(found)),
        note=status_note(found, now, whole=False),
    )


def _to_do(found: Diagnosis) -> Iterator[Part]:
    """Every step, and what to press right after the first; where it could not be read, after the reason of that."""
    steps, first = step_texts(found), first_button(found)
    pressed = (Buttons((first,)),) if first else ()
    if found.trouble:
        yield from pressed
        yield from (Text("Until then, as far as is known:"), Steps(steps)) if steps else ()
        return
    yield from (Steps(steps[:1]),) if steps else ()
    yield from pressed
    yield from (Steps(steps[1:], first=2),) if steps[1:] else ()


def details(
    found: Diagnosis, now: datetime, by: str = "", more: OrgDetails | None = None, *, names: bool = False
) -> Answer:
    """All that was read of one org. ``more`` is None where the rest could not be read; ``names``: people are named.

    Whoever asks for all of it sees who did what and how we know, also where the org is not read just now.
    """
    tried = [_details(found, more, now, by, room) for room in _ROOMS if names or not room.names]
    return next((answer for answer in tried if _lines(answer) <= LINES), tried[-1])


def _lines(answer: Answer) -> int:
    """What an answer takes of a phone, its buttons a row."""
    texts = [marked(answer.state, answer.headline), answer.lead]
    for part in answer.parts:
        if isinstance(part, Text):
            texts.append(part.text)
        elif isinstance(part, Items):
            texts += map(item_line, part.items)
        elif isinstance(part, Buttons):
            texts.append("a row")
    return sum(map(height, texts)) + height(answer.note, SMALL) + bool(answer.buttons)


def _details(found: Diagnosis, more: OrgDetails | None, now: datetime, by: str, room: _Room) -> Answer:
    # What is recommended to an org that is ready stands among its steps.
    is_ready = found.verdict is Verdict.READY
    first, facts = None if is_ready else first_button(found), found.facts
    parts: list[Part] = [Buttons((first,))] if first else []
    parts += snoozed_part(found, by)
    if facts is not None:
        parts.append(Items(tuple(_app(app, facts, found, more, now) for app in facts.apps)))
        parts += map(Text, _told(found, facts, more, now, room))
    several = len(found.steps) > (0 if is_ready else 1)
    return Answer(
        headline=found.headline,
        lead="" if is_ready or room.scant else lead_of(found),
        state=state_of(found),
        parts=tuple(parts),
        buttons=(*((all_steps(found),) if several else ()), share(found)),
        note=_note(found, more, now),
    )


def _note(found: Diagnosis, more: OrgDetails | None, now: datetime) -> str:
    note = status_note(found, now, whole=True)
    if found.facts is not None and not found.trouble and more is None:
        note += " · who gets in through what, and tokens: could not be read"
    return note


# --- the apps ------------------------------------------------------------------------------------------


def _app(app: AppFacts, facts: OrgFacts, found: Diagnosis, more: OrgDetails | None, now: datetime) -> Item:
    """What is true of one app; who gets in and who holds tokens is told below, where that was read."""
    rest = next((each for each in more.apps if each.app == app.name), AppDetails(app.name)) if more else None
    grants, tokens = rest is None or rest.ways is None, rest is None or rest.holders is None
    return app_evidence(app, facts, found.org, now, grants=grants, tokens=tokens)


def _of_apps(found: Diagnosis, more: OrgDetails, room: _Room) -> Iterator[str]:
    """What is the same of several apps is told once."""
    installed = {app.name: app for app in found.needed_apps if app.state is AppState.INSTALLED}
    rest = [each for each in more.apps if each.app in installed]
    let_in = {
        each.app: "; ".join(_ways(each.ways, room))
        for each in rest
        if each.ways is not None and installed[each.app].needs_grant and TWINS.isdisjoint(installed[each.app].doubts)
    }
    for words, apps in _alike(let_in):
        yield f"Let in to {named(apps)}: {words}"
    for words, apps in _alike({each.app: ", ".join(_lasting(each)) for each in rest if not room.scant}):
        yield f"{capital(named(apps))}: {words}"


def _alike(told: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Each thing that is told, with the apps of which it is."""
    for words in dict.fromkeys(told.values()):
        if words:
            yield words, [app for app, same in told.items() if same == words]


def _ways(ways: Sequence[Holding], room: _Room) -> Iterator[str]:
    if not ways:
        yield "nobody is granted access"
    yield from (_way(way, room.names) for way in ways[: room.grants])
    if len(ways) > room.grants:
        left = len(ways) - room.grants
        yield (
            f"{left} more" if room.grants else counted(left, "profile or permission set", "profiles or permission sets")
        )


def _way(way: Holding, names: int) -> str:
    name = literal(way.name) if way.name else "whose name does not show"
    status = f" ({literal(way.status)})" if way.status and way.status != UPDATED else ""
    return f"{_WAYS[way.kind]} {name}{status}, {_people(way.people, names)}"


def _people(people: People, names: int) -> str:
    """``3 users (Ada Lindt, Cleo Marsh and 1 more)``."""
    if people.count is None:
        return "how many users cannot be read"
    return f"{counted(people.count, 'user', 'users')}{_named(people.names, people.count, names)}"


def _named(who: Sequence[str], count: int, names: int) -> str:
    shown = [literal(name) for name in who[:names]]
    if not shown:
        return ""
    return f" ({listed([*shown, *([f'{count - len(shown)} more'] if count > len(shown) else [])])})"


def _lasting(rest: AppDetails) -> Iterator[str]:
    """How long tokens and sessions last."""
    if rest.refresh is not None:
        yield _refresh(rest.refresh)
    if rest.session:
        yield "sessions need high assurance" if rest.session is True else f"session level {literal(rest.session)}"


def _refresh(policy: RefreshPolicy) -> str:
    if policy.kind or policy.unit:
        span = f" {policy.period} {literal(policy.unit or '')}".rstrip() if policy.period else ""
        return f"refresh tokens {literal(policy.kind or 'set')}{span}"
    if not policy.period:
        return "refresh tokens without a period"
    since = {True: " unused", False: "", None: ""}[policy.idle]
    return f"refresh tokens end after {policy.period}{since} (hours, days or months: see its page)"


# --- tokens --------------------------------------------------------------------------------------------


def _tokens(more: OrgDetails, now: datetime, names: int) -> Iterator[str]:
    """By user with the last use where people may be named; else how many there are, and when the last was used."""
    if any(app.holders is None for app in more.apps):
        return
    holders = _by_user(more.apps)
    if not holders:
        return
    number = sum(holder.tokens for holder in holders)
    least = "at least " if more.cut else ""
    told = capital(f"{least}{counted(number, 'token', 'tokens')} of {counted(len(holders), 'person', 'people')}")
    if shown := [_holder(holder, now) for holder in holders[:names]]:
        left = len(holders) - len(shown)
        yield f"{told}: {listed([*shown, *([f'{left} more'] if left else [])])}"
    else:
        used = holders[0].last_used
        yield f"{told}, {f'last used {age(used, now)}' if used else 'never used'}"
    if number := sum(holder.stale for holder in holders):
        yield marked(
            State.NEEDS_STEP,
            f"{counted(number, 'token is', 'tokens are')} stale: not used for {UNUSED_FOR.days} days, or of somebody "
            "not active. Revoke in **Connected Apps OAuth Usage**.",
        )


def _by_user(apps: Sequence[AppDetails]) -> list[TokenHolder]:
    """Each holder once, whatever the app; the latest used first."""
    found: dict[str, TokenHolder] = {}
    for holder in (each for app in apps for each in app.holders or ()):
        known = found.get(holder.user)
        found[holder.user] = holder if known is None else known.and_(holder)
    return sorted(found.values(), key=lambda each: each.last_used.timestamp() if each.last_used else 0.0, reverse=True)


def _holder(holder: TokenHolder, now: datetime) -> str:
    name = literal(holder.name) if holder.name else "a user without a readable name"
    used = f"used {age(holder.last_used, now)}" if holder.last_used else "never used"
    gone = ", not active any more" if holder.active is False else ""
    return f"{name} ({holder.tokens}, {used}{gone})"


# --- the org -------------------------------------------------------------------------------------------


def _told(found: Diagnosis, facts: OrgFacts, more: OrgDetails | None, now: datetime, room: _Room) -> Iterator[str]:
    if more is not None:
        yield from _of_apps(found, more, room)
        yield from _tokens(more, now, room.names)
        yield " ".join(
            (_approvers(more.approvers, room.names), *_controlled(more, facts, room.names, scant=room.scant))
        )
    if facts.other_apps:
        yield other_apps(facts.other_apps)
    if facts.refreshed_at:
        yield f"Refreshed since it was connected, as seen {age(facts.refreshed_at, now)}: **Update Token** in Flosum."
    if any(app.history is None for app in facts.apps) and not found.trouble:
        yield "Who did what cannot be read: the audit trail is hidden from this connection."
    if done := app_history.lines(facts.apps, now, room.events):
        yield "\n".join(("Who did what, by the org's audit trail:", *done))
    unmet = benchmarks.unmet_words(
        facts, found.org.apps, approvers=bool(more and more.approvers and more.approvers.count)
    )
    if unmet:
        yield unmet


def _approvers(approvers: People | None, names: int) -> str:
    if approvers is None or approvers.count is None:
        return "Who holds **Approve Uninstalled Connected Apps** cannot be read."
    if not approvers.count:
        return "Nobody holds **Approve Uninstalled Connected Apps**."
    holds = "holds" if approvers.count == 1 else "hold"
    return (
        f"{_people(approvers, names)} {holds} **Approve Uninstalled Connected Apps**: they get in although nothing is "
        "installed."
    )


def _controlled(more: OrgDetails, facts: OrgFacts, names: int, *, scant: bool) -> Iterator[str]:
    """API Access Control, and what self-authorize means with it."""
    is_open = any(app.permitted_users is Policy.SELF_AUTHORIZE for app in facts.apps)
    if more.access_control is None:
        meaning = ": if it is on, self-authorize lets in only who is granted access" if is_open else ""
        yield f"Whether **API Access Control** is on cannot be read{meaning}."
    elif more.access_control:
        meaning = "self-authorize lets in only who is granted access" if is_open else "only granted users get in"
        others = more.any_client
        if others and others.count and not scant:
            meaning += f", and {_people(others, names)} with **Use Any API Client**"
        yield f"**API Access Control** is on: {meaning}."
    else:
        yield "**API Access Control** is off" + (": self-authorize lets in every user." if is_open else ".")
