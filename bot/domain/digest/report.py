"""What the weekly digest says: how many orgs are ready, what each of the others needs and since when, what got done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.answers import Answer, Button, Item, Items, State, Text
from bot.domain.answers.fitting import SMALL, height
from bot.domain.answers.humanize import counted, listed
from bot.domain.answers.markup import code, owner_words
from bot.domain.answers.plain_text import item_line
from bot.domain.digest.form import ANY, DIGEST_FORM
from bot.domain.digest.schedule import next_words
from bot.domain.digest.subscription import Subscription
from bot.domain.model import Diagnosis, PastDigest, Verdict
from bot.domain.orgs.needs import need
from bot.domain.orgs.setup_links import page_name
from bot.domain.orgs.snooze_report import ANY as SNOOZE_ANY
from bot.domain.orgs.snooze_report import counted_words, is_snoozed, since_words, snooze_button
from bot.domain.orgs.status_report import FEW
from bot.domain.orgs.urgency import most_urgent_first, ready, state_of, tally

LINES = 20
"""What the digest may take of a phone."""

_TAIL = 3  # lines: how many more there are, whose, and the buttons
_DONE = 2  # lines of what got ready
_OWNERS = 5  # named beside how many more there are


def all_done(diagnoses: Sequence[Diagnosis], weeks: Sequence[PastDigest]) -> bool:
    """Whether there is nothing left to say: everything is ready, and the last digest already said so."""
    everything_ready = not any(map(is_missing, diagnoses))
    return everything_ready and (not diagnoses or (bool(weeks) and not weeks[0].missing))


def record(slot: datetime, diagnoses: Sequence[Diagnosis]) -> PastDigest:
    """What to keep of a digest: an org that could not be read is not among those that were ready."""
    through = tuple(found.org.name for found in ready(diagnoses))
    return PastDigest(slot, through, tuple(found.org.name for found in diagnoses if is_missing(found)))


def digest(
    diagnoses: Sequence[Diagnosis], weeks: Sequence[PastDigest], subscription: Subscription, now: datetime
) -> Answer:
    """The weekly message: how many are ready, what each of the others needs, since when, and who was thanked.

    ``weeks`` are the earlier digests, newest first, without the one being made.
    """
    open_orgs = most_urgent_first(list(filter(is_missing, diagnoses)))
    missed = set(weeks[0].missing) if weeks else set()
    done = _done([found.org.name for found in ready(diagnoses) if found.org.name in missed])
    pressed = len(open_orgs) <= FEW
    items = [_line(found, now, pressed=pressed) for found in open_orgs]
    headline, note = _headline(diagnoses, weeks), _note(diagnoses, subscription, now)
    room = LINES - sum(map(height, (headline, done))) - _TAIL - height(note, SMALL)
    shown = items if pressed else items[: _that_fit(items, room)]
    parts: list[Items | Text] = [Items(tuple(shown))] if shown else []
    if left := open_orgs[len(shown) :]:
        parts.append(Text(_left(left, open_orgs[: len(shown)])))
    parts += [Text(done)] if done else []
    return Answer(
        headline=headline,
        state=State.NEEDS_STEP if open_orgs else State.READY,
        parts=tuple(parts),
        buttons=(
            Button("Check all orgs now", command="status all"),
            *((snooze_button(SNOOZE_ANY, "Snooze one"),) if open_orgs and not pressed else ()),
            Button("Change", command=ANY, form=DIGEST_FORM),
        ),
        note=note,
    )


def is_missing(found: Diagnosis) -> bool:
    """Whether a digest tells of it: it is not ready, and not snoozed."""
    return found.verdict is not Verdict.READY and not is_snoozed(found)


def _note(diagnoses: Sequence[Diagnosis], subscription: Subscription, now: datetime) -> str:
    snoozed = counted_words(diagnoses)
    left_out = f"{snoozed}: /flosum snooze" if snoozed else ""
    return " · ".join(word for word in (left_out, f"Next: {next_words(subscription, now)}") if word)


def _that_fit(items: Sequence[Item], room: int) -> int:
    taken = 0
    for number, item in enumerate(items):
        taken += height(item_line(item))
        if taken > room:
            return max(number, 1)
    return len(items)


def _left(left: Sequence[Diagnosis], shown: Sequence[Diagnosis]) -> str:
    """How many more there are; whoever owns one of them and none above is named all the same."""
    told = {found.org.owner for found in shown}
    owners = [*dict.fromkeys(found.org.owner for found in left if found.org.owner and found.org.owner not in told)]
    of = f", of {listed([owner_words(owner) for owner in owners[:_OWNERS]])}" if owners else ""
    return f"And {len(left)} more{of}: `/flosum status all`"


def _done(names: Sequence[str]) -> str:
    """What got ready: by name where that fits a line, else how many."""
    if not names:
        return ""
    told = f"Done since last week: {', '.join(map(code, names))}."
    return told if height(told) <= _DONE else f"Done since last week: {counted(len(names), 'org', 'orgs')}."


def not_here() -> Answer:
    """Instead of the digest, where people of another company would read it."""
    return Answer(
        "The weekly digest is not posted here: this channel is shared with another company",
        "Choose a channel of your own people: `/flosum remind monday 09:00 #channel`",
        State.UNKNOWN,
    )


def _headline(every: Sequence[Diagnosis], weeks: Sequence[PastDigest]) -> str:
    through = len(ready(every))
    if through and not any(map(is_missing, every)) and through < len(every):
        return f"Flosum apps: {through} of {len(every)} orgs ready, the others are snoozed"
    if through == len(every):
        return f"Flosum apps: all {len(every)} orgs ready" if len(every) > 1 else "Flosum apps: the org is ready"
    headline = f"Flosum apps: {tally(every)}"
    if weeks and (change := through - len(weeks[0].ready)):
        headline += f" ({change:+} since last week)"
    return headline


def _line(found: Diagnosis, now: datetime, *, pressed: bool) -> Item:
    detail = [need(found)]
    if since := since_words(found.org.open_since, now):
        detail.append(f"for {since}")
    if found.org.owner:
        detail.append(f"owner {owner_words(found.org.owner)}")
    buttons = (_button(found), snooze_button(found.org.name)) if pressed else ()
    return Item(code(found.org.name), " · ".join(detail), state_of(found), buttons)


def _button(found: Diagnosis) -> Button:
    name = found.org.name
    if found.org.reconnect:
        return Button(f"Reconnect {name}", command=f"connect {name}")
    link = None if found.unread else next((step.link for step in found.steps if step.link), None)
    return Button(f"{name}: {page_name(link)}", url=link) if link else Button(f"Check {name}", command=f"status {name}")
