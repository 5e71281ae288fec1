"""What a digest says: how many orgs are ready and how that moved, what each of the others needs and since when, what
got done and by whom, what could not be read and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.answers import Answer, Button, Chart, Item, Items, Part, State, Text
from bot.domain.answers.fitting import SMALL, height
from bot.domain.answers.humanize import counted, listed
from bot.domain.answers.markup import code, literal, owner_words
from bot.domain.answers.plain_text import item_line
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.digest.schedule import DAYS, local, next_words, schedule_words
from bot.domain.digest.subscription import Subscription, WhenNothing
from bot.domain.digest.told import NO_LONGER
from bot.domain.model import AppAction, Diagnosis, PastDigest, Verdict
from bot.domain.orgs import app_history
from bot.domain.orgs.needs import need
from bot.domain.orgs.setup_links import page_name
from bot.domain.orgs.snooze_report import ANY as SNOOZE_ANY
from bot.domain.orgs.snooze_report import snooze_button
from bot.domain.orgs.status_report import FEW
from bot.domain.orgs.urgency import counting, is_snoozed, most_urgent_first, ready, state_of, tally
from bot.domain.selection import Selection

LINES = 20
"""What the digest may take of a phone."""

_TAIL = 3  # lines: how many more there are, whose, and the buttons
_DONE = 2  # lines of what got ready, and of what could not be read
_OWNERS = 5  # named beside how many more there are
_WHY = 60  # letters of why an org could not be read
_CHART = 9  # lines of a phone that Slack draws a chart in
_CHARTED = (4, 20)  # digests, the fewest that show a movement and the most that Slack draws
_DONE_BY = (AppAction.INSTALLED, AppAction.UNBLOCKED, AppAction.POLICY_CHANGED)


@dataclass(frozen=True, slots=True)
class Missed:
    """A digest that did not come: when it was due, and why, as the end of a sentence; "" where nobody knows."""

    slot: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a digest is made of.

    ``diagnoses`` are the orgs that it is about, as they were read for it; ``chosen`` which those are, None where its
    words mean none any more. ``past`` is what the earlier ones found,
    newest first. ``open_since``: since when an org is not ready, where that is known better than by ``past``.
    ``set_aside`` are names of orgs that are not ready and not told of; ``first`` of those that lead the list.
    ``owners`` says how an owner is shown who is not to be mentioned.
    """

    subscription: Subscription
    diagnoses: Sequence[Diagnosis]
    past: Sequence[PastDigest]
    now: datetime
    chosen: Selection | None = field(default_factory=Selection)
    missed: Sequence[Missed] = ()
    open_since: Mapping[str, datetime] = field(default_factory=dict)
    set_aside: Collection[str] = ()
    first: Collection[str] = ()
    owners: Mapping[str, str] = field(default_factory=dict)

    @property
    def before(self) -> PastDigest | None:
        """What the one before found."""
        return next(iter(self.past), None)

    @property
    def told_of(self) -> list[Diagnosis]:
        """The orgs of which it is counted how many are ready."""
        return [found for found in counting(self.diagnoses) if found.org.name not in self.set_aside]

    @property
    def open(self) -> list[Diagnosis]:
        """The orgs that are not ready and told of, what is to be done first first."""
        urgent = most_urgent_first([found for found in self.diagnoses if found.verdict is not Verdict.READY])
        told = [found for found in urgent if found.org.name not in self.set_aside]
        return sorted(told, key=lambda found: found.org.name not in self.first)


def record(slot: datetime, diagnoses: Sequence[Diagnosis]) -> PastDigest:
    """What to keep of a digest: an org that could not be read is not among those that were ready.

    One that is snoozed is on neither side.
    """
    through = tuple(found.org.name for found in ready(diagnoses))
    open_orgs = (found for found in diagnoses if found.verdict is not Verdict.READY and not is_snoozed(found))
    return PastDigest(slot, through, tuple(found.org.name for found in open_orgs))


def made(material: Material) -> Answer | None:
    """The digest of a slot; None where there is nothing to say, or it was said before."""
    answer = digest(material)
    if material.missed or material.open:  # whoever waited for one hears of it
        return answer
    if not any(_aside(material)):
        before = material.before
        if before is not None and not before.missing and bool(before.ready) is bool(material.diagnoses):
            return None
        if material.diagnoses:
            return answer
    return answer if material.subscription.when_nothing is WhenNothing.LINE else None


def _names(diagnoses: Sequence[Diagnosis]) -> set[str]:
    return {found.org.name for found in diagnoses}


def digest(material: Material) -> Answer:
    """The message, whether or not there is something to report."""
    if not material.open:
        return _nothing(material)
    open_orgs, headline, note = material.open, _headline(material), _note(material)
    rest = [text for text in (*_missed(material), _done(material), *_aside(material)) if text]
    room = LINES - sum(map(height, (headline, *rest))) - _TAIL - height(note, SMALL)
    parts = _list(material, open_orgs, room)
    parts += [Text(text) for text in rest]
    taken = sum(height(line) for part in parts for line in _lines_of(part))
    if (chart := _chart(material)) and taken + height(headline) + height(note, SMALL) + _CHART < LINES:
        parts.append(chart)
    state = state_of(most_urgent_first(open_orgs)[0])  # whatever leads the list: what takes long does
    return Answer(headline=headline, state=state, parts=tuple(parts), buttons=_buttons(material), note=note)


def _lines_of(part: Part) -> Iterator[str]:
    if isinstance(part, Text):
        yield part.text
    elif isinstance(part, Items):
        for item in part.items:
            yield item_line(item)
            yield from (button.label for button in item.buttons[:1])


def _list(material: Material, open_orgs: Sequence[Diagnosis], room: int) -> list[Part]:
    """As many of the orgs as fit, those that could not be read with why, and how many more there are."""
    pressed = [_line(material, found, pressed=True) for found in open_orgs] if len(open_orgs) <= FEW else []
    if pressed and sum(height(item_line(item)) + 1 for item in pressed) <= room + 1:
        return [Items(tuple(pressed))]
    items = [_line(material, found, pressed=False) for found in open_orgs]
    if sum(height(item_line(item)) for item in items) <= room:
        return [Items(tuple(items))]
    hidden = _unread(open_orgs)
    shown = items[: _that_fit(items, room - height(hidden))]
    left, told = open_orgs[len(shown) :], open_orgs[: len(shown)]
    parts: list[Part] = [Items(tuple(shown)), Text(_left(material, left, told))]
    return parts if not hidden or not any(found.unread for found in left) else [*parts, Text(hidden)]


def _buttons(material: Material) -> tuple[Button, ...]:
    snooze = snooze_button(SNOOZE_ANY) if len(material.open) > FEW else None
    return (
        Button("Check all orgs now", command="status all"),
        *((snooze,) if snooze else ()),
        Button("Change", command=material.subscription.target or "-", form=DIGEST_FORM),
    )


def _note(material: Material) -> str:
    wanted = material.subscription
    return f"Next: {next_words(wanted, material.now)}" if wanted.enabled else ""


def _that_fit(items: Sequence[Item], room: int) -> int:
    taken = 0
    for number, item in enumerate(items):
        taken += height(item_line(item))
        if taken > room:
            return max(number, 1)
    return len(items)


def _left(material: Material, left: Sequence[Diagnosis], shown: Sequence[Diagnosis]) -> str:
    """How many more there are; whoever owns one of them and none above is named all the same."""
    told = {found.org.owner for found in shown}
    owners = [*dict.fromkeys(each.org.owner for each in left if each.org.owner and each.org.owner not in told)]
    of = f", of {listed([_owner(material, owner) for owner in owners[:_OWNERS]])}" if owners else ""
    return f"And {len(left)} more{of}: `/flosum status all`"


# --- the top -------------------------------------------------------------------------------------------


def _headline(material: Material) -> str:
    every, before = material.told_of, material.before
    orgs = counted(len(every), "org", "orgs")
    told = f"Flosum apps: {tally(every).replace(orgs, _counted(material, len(every)), 1)}"
    if before and (change := _moved(material, before)):
        told += f" ({change:+} {since_words(material.subscription, before.slot, material.now)})"
    return told


def _counted(material: Material, number: int) -> str:
    """``12 production orgs``; names alone are in the list."""
    only = (material.chosen or Selection()).whole
    plain = Selection(only.sandbox, None, tuple(group for group in only.groups if not group.names))
    return f"{number:,} {plain.words(several=number != 1)}"


def _moved(material: Material, before: PastDigest) -> int:
    """How many more are ready, of the orgs that are told of now; of one that was not read it is not known."""
    now = _names([found for found in material.told_of if not found.unread])
    return len(ready(material.told_of)) - len(now & set(before.ready))


def since_words(subscription: Subscription, then: datetime, now: datetime) -> str:
    """``since last week``, ``since Friday``, ``since 2 November``: since an earlier digest."""
    day, today = local(subscription, then), local(subscription, now)
    days = (today.date() - day.date()).days
    if days <= 1:
        return "since yesterday" if days == 1 else "today"
    if days < 7:
        return f"since {DAYS[day.weekday()]}"
    is_last_week = days - today.weekday() + day.weekday() == 7
    return "since last week" if is_last_week else f"since {day.day} {day:%B}"


# --- an org --------------------------------------------------------------------------------------------


def _line(material: Material, found: Diagnosis, *, pressed: bool) -> Item:
    name, detail = found.org.name, [_what(found) if pressed else _linked(found)]
    if material.before and name in material.before.ready and not found.unread:
        detail.append("no longer ready")
    # Of an org that was ready and could not be read since nobody knows that anything is open.
    elif found.last_verdict is not Verdict.READY and (age := _open_for(material, name)):
        detail.append(age)
    if done := app_history.closed_by(found, material.now):
        detail.append(done)
    if found.org.owner:
        detail.append(f"owner {_owner(material, found.org.owner)}")
    buttons = (_button(found), snooze_button(name)) if pressed else ()
    return Item(code(name), " · ".join(detail), state_of(found), buttons)


def _owner(material: Material, owner: str) -> str:
    return material.owners.get(owner) or owner_words(owner)


def _linked(found: Diagnosis) -> str:
    """The same as a link to the page of the next step, in a list that has no room for buttons."""
    link = _next_link(found)
    return f"[{need(found)}]({link})" if link and re.fullmatch(r"[^\s()]+", link) else _what(found)


def _next_link(found: Diagnosis) -> str | None:
    return None if found.unread else next((step.link for step in found.steps if step.link), None)


def _what(found: Diagnosis) -> str:
    """What it needs; of one that could not be read why."""
    why = _why(found)
    return f"{need(found)}: {why}" if why else need(found)


def _why(found: Diagnosis) -> str:
    """Why an org could not be read, in a few words; "" where that is not known, or said by what it needs."""
    if not found.unread or not found.trouble or found.org.reconnect:
        return ""
    first = found.trouble.split(". ")[0].removesuffix(".")
    rest = first.removeprefix(f"{code(found.org.name)} ")
    return rest if rest != first and len(rest) <= _WHY else ""


def _unread(open_orgs: Sequence[Diagnosis]) -> str:
    """Which orgs could not be read and why, in a line or two; "" for none."""
    unread = [found for found in open_orgs if found.unread]
    if not unread:
        return ""
    by_reason: dict[str, list[str]] = {}
    for found in unread:
        by_reason.setdefault(_why(found) or need(found), []).append(code(found.org.name))
    whole = "; ".join(f"{', '.join(names)} ({why})" for why, names in by_reason.items())
    told = f"Not read: {whole}"
    if height(told) <= _DONE:
        return told
    return f"Not read: {', '.join(f'{len(names)} ({why})' for why, names in list(by_reason.items())[:2])}"


def _button(found: Diagnosis) -> Button:
    name = found.org.name
    check = Button(f"Check {name}", command=f"status {name}")
    if found.org.reconnect:
        return Button(f"Reconnect {name}", command=f"connect {name}", otherwise=check)
    link = _next_link(found)
    return Button(f"{name}: {page_name(link)}", url=link) if link else check


def _open_for(material: Material, name: str) -> str:
    """``for 5 weeks``: how long an org has not been ready; "" where it is new."""
    since = material.open_since.get(name) or _missing_since(name, material.past)
    days = round((material.now - since) / timedelta(days=1)) if since else 0
    if days < 1:
        return ""
    return f"for {counted(days // 7, 'week', 'weeks') if days >= 7 else counted(days, 'day', 'days')}"


def _missing_since(name: str, past: Sequence[PastDigest]) -> datetime | None:
    """When the first of the digests came that all had it among those that are not ready."""
    since = None
    for one in past:
        if name not in one.missing:
            break
        since = one.slot
    return since


# --- what got done, and the rest -----------------------------------------------------------------------


def _done(material: Material) -> str:
    """What got ready, and by whom where the org's audit trail tells: by name where that fits, else how many."""
    before = material.before
    found = [each for each in ready(material.diagnoses) if before and each.org.name in before.missing]
    if not found or before is None:
        return ""
    since = f"Done {since_words(material.subscription, before.slot, material.now)}"
    who = {each.org.name: _doer(each, before.slot) for each in found}
    told = ", ".join(code(name) + (f" by {literal(by)}" if by else "") for name, by in who.items())
    if height(f"{since}: {told}.") <= _DONE:
        return f"{since}: {told}."
    people = [*dict.fromkeys(literal(by) for by in who.values() if by)]
    by = f" by {listed([*people[:2], *(['others'] if len(people) > 2 else [])])}" if people else ""
    return f"{since}: {counted(len(found), 'org', 'orgs')}{by}."


def _doer(found: Diagnosis, since: datetime) -> str:
    """Who did the last thing that let an app through."""
    events = [event for app in found.facts.apps for event in app.history or ()] if found.facts else []
    lately = [each for each in events if each.action in _DONE_BY and each.by and each.at and each.at > since]
    newest = max(lately, key=lambda event: event.at or since, default=None)
    return (newest.by or "") if newest else ""


def _missed(material: Material) -> Iterator[str]:
    """The digests that did not come, the newest with why."""
    if not material.missed:
        return
    newest = max(material.missed, key=lambda one: one.slot)
    days = [local(material.subscription, one.slot) for one in sorted(material.missed, key=lambda one: one.slot)]
    shown = listed([f"{day.day} {day:%B}" for day in days[-3:]])
    which = f"The digest of {shown}" if len(days) == 1 else f"The digests of {shown}"
    why = newest.why.split(". ")[0].removesuffix(".")  # what to do about it is done: this one has come
    said = "the last time" if len({one.why for one in material.missed if one.why}) > 1 else "then"
    words = why if why.startswith("I ") else why[:1].lower() + why[1:]
    yield f"{which} could not be posted{f'; Slack said {said}: {words}' if why else ''}."


def _aside(material: Material) -> Iterator[str]:
    if names := sorted(_names(material.diagnoses) & set(material.set_aside)):
        told = f"{len(names)} snoozed: {', '.join(map(code, names))}."
        yield told if height(told) == 1 else f"{len(names)} snoozed: `/flosum snooze`"


def _chart(material: Material) -> Chart | None:
    """How many were ready, digest by digest, where that moved."""
    fewest, most = _CHARTED
    past = [*material.past[: most - 1]][::-1]
    found = [*((one.slot, len(one.ready)) for one in past), (material.now, len(ready(material.diagnoses)))]
    days = ((local(material.subscription, at), number) for at, number in found)
    points = {f"{day.day} {day:%b}": number for day, number in days}  # one a day: Slack wants each label once
    if len(points) < fewest or len(set(points.values())) == 1:
        return None
    return Chart("Orgs ready", tuple(points.items()))


# --- nothing to report ---------------------------------------------------------------------------------


def _nothing(material: Material) -> Answer:
    """All is done, all that is left is set aside, or there is no org at all."""
    wanted, number = material.subscription, len(material.diagnoses)
    note = f"I look again {schedule_words(wanted)}" if wanted.enabled else ""
    rest = tuple(Text(text) for text in (*_missed(material), _done(material)) if text)
    if not number:
        return Answer(*_no_orgs(material), parts=rest, buttons=_buttons(material)[1:], note=note)
    if aside := [*_aside(material)]:
        through = f", {_counted(material, len(material.told_of))} ready" if material.told_of else ""
        headline = f"Flosum apps: nothing to do{through}"
        return Answer(headline, "".join(aside), State.READY, rest, _buttons(material), note)
    every = f"all {_counted(material, number)} ready" if number > 1 else "the org is ready"
    again = "one of them needs" if number > 1 else "it needs"
    # Of orgs that are named there is no new one.
    new = "" if material.chosen and material.chosen.names else ", and when a new org is not ready"
    lead = f"Nothing is left to do, so this digest pauses. It begins again when {again} a step or cannot be read{new}."
    return Answer(f"Flosum apps: {every}", lead, State.READY, rest, _buttons(material), note)


def _no_orgs(material: Material) -> tuple[str, str]:
    if material.chosen is None:
        return (
            f"Flosum apps: {code(material.subscription.orgs)} {NO_LONGER}",
            "Choose others: **Change**, below.",
        )
    if material.chosen.whole.is_all:
        return "Flosum apps: no org is connected yet", "Connect one: `/flosum connect prod`"
    none = _counted(material, 0).replace("0 ", "no ", 1)
    return f"Flosum apps: there are {none}", "It begins again when there are some."
