"""What the weekly digest says: how many orgs are ready, what each of the others needs and since when, what got done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.answers import Answer, Button, Item, Items, State, Text
from bot.domain.answers.markup import code, owner_words
from bot.domain.digest.form import ANY, DIGEST_FORM
from bot.domain.digest.schedule import next_words
from bot.domain.model import Diagnosis, Reminder, Verdict, Week
from bot.domain.orgs.urgency import in_short, most_urgent_first, ready, state_of, tally

SHOWN = 15  # more lines than this nobody reads on a Monday


def all_done(diagnoses: Sequence[Diagnosis], weeks: Sequence[Week]) -> bool:
    """Whether there is nothing left to say: everything is ready, and the last digest already said so."""
    everything_ready = all(diagnosis.verdict is Verdict.READY for diagnosis in diagnoses)
    return everything_ready and (not diagnoses or (bool(weeks) and not weeks[0].missing))


def record(week: str, diagnoses: Sequence[Diagnosis]) -> Week:
    """What to keep of a week: an org that could not be read is not among those that were ready."""
    through = tuple(found.org.name for found in ready(diagnoses))
    return Week(week, through, tuple(found.org.name for found in diagnoses if found.verdict is not Verdict.READY))


def digest(diagnoses: Sequence[Diagnosis], weeks: Sequence[Week], reminder: Reminder, now: datetime) -> Answer:
    """The weekly message: how many are ready, what each of the others needs, since when, and who was thanked.

    ``weeks`` are the earlier digests, newest first, without the one being made.
    """
    open_orgs = most_urgent_first([found for found in diagnoses if found.verdict is not Verdict.READY])
    parts: list[Items | Text] = []
    if open_orgs:
        parts.append(Items(tuple(_line(found, weeks) for found in open_orgs[:SHOWN])))
    if len(open_orgs) > SHOWN:
        parts.append(Text(f"And {len(open_orgs) - SHOWN} more: `/flosum status all` shows every org."))
    missed = set(weeks[0].missing) if weeks else set()
    if done := [found.org.name for found in ready(diagnoses) if found.org.name in missed]:
        parts.append(Text(f"Done since last week: {', '.join(map(code, done))}."))
    return Answer(
        headline=_headline(diagnoses, weeks),
        state=State.NEEDS_STEP if open_orgs else State.READY,
        parts=tuple(parts),
        buttons=(
            Button("Check all orgs now", command="status all"),
            Button("Change", command=ANY, form=DIGEST_FORM),
        ),
        note=f"Next: {next_words(reminder, now)}",
    )


def not_here() -> Answer:
    """Instead of the digest, where people of another company would read it."""
    return Answer(
        "The weekly digest is not posted here: this channel is shared with another company",
        "Choose a channel of your own people: `/flosum remind monday 09:00 #channel`",
        State.UNKNOWN,
    )


def _headline(every: Sequence[Diagnosis], weeks: Sequence[Week]) -> str:
    through = len(ready(every))
    if through == len(every):
        return f"Flosum apps: all {len(every)} orgs ready" if len(every) > 1 else "Flosum apps: the org is ready"
    headline = f"Flosum apps: {tally(every)}"
    if weeks and (change := through - len(weeks[0].ready)):
        headline += f" ({change:+} since last week)"
    return headline


def _line(found: Diagnosis, weeks: Sequence[Week]) -> Item:
    detail = [in_short(found)]
    # Of an org that was ready and could not be read since nobody knows that anything is open.
    if found.last_verdict is not Verdict.READY and (count := _weeks_missing(found.org.name, weeks)) > 0:
        detail.append(f"open for {count + 1} weeks")
    if found.org.owner:
        detail.append(f"owner {owner_words(found.org.owner)}")
    link = None if found.unread else next((step.link for step in found.steps if step.link), None)
    button = Button("Open the page", url=link) if link else Button("Check now", command=f"status {found.org.name}")
    if found.org.reconnect:
        button = Button("Reconnect", command=f"connect {found.org.name}")
    return Item(code(found.org.name), " · ".join(detail), state_of(found), (button,))


def _weeks_missing(name: str, weeks: Sequence[Week]) -> int:
    count = 0
    for week in weeks:
        if name not in week.missing:
            break
        count += 1
    return count
