"""What is said to who sets digests and alerts, looks at them, or switches them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.domain.answers import Answer, Button, Buttons, Item, Items, Part, State, Text
from bot.domain.answers.humanize import capital
from bot.domain.answers.markup import code, literal
from bot.domain.answers.plain_text import marked
from bot.domain.answers.typed import packed
from bot.domain.command import shorten
from bot.domain.digest import schedule, told, wish
from bot.domain.digest.form import ANY, DIGEST_FORM
from bot.domain.digest.spoken import Unclear
from bot.domain.digest.subscription import Kind, Subscription
from bot.domain.digest.zones import usable
from bot.domain.model import Asker, Person

NAMES = {Kind.DIGEST: "The digest", Kind.ALERTS: "Alerts"}

# --- before it is on -----------------------------------------------------------------------------------


def preview(
    wanted: Subscription,
    of: str,
    digest: Answer,
    lead: str,
    pressed: Sequence[Button],
    notes: Sequence[str],
    who: Asker,
) -> Answer:
    """The ``digest`` as it would look, below what it would be and what can be done about it."""
    parts: list[Part] = [Buttons(tuple(pressed))] if pressed else []
    parts.append(Text(f"As it would look now: {marked(digest.state, digest.headline)}"))
    parts += [Text(digest.lead)] if digest.lead else []
    parts += [part for part in digest.parts if isinstance(part, Text | Items)]
    return Answer(
        f"The digest{of} to {told.place(wanted, who.user)}: {schedule.schedule_words(wanted)}",
        lead,
        parts=tuple(parts),
        note=" · ".join(notes),
    )


def lead_of_preview(first: str, before: Subscription | None, *, known: bool) -> str:
    """When the ``first`` one comes, and whether anything is done by that."""
    begun = "changed" if before and before.enabled else "switched on"
    return f"The next one comes {first}." if known else f"The first one comes {first}. Nothing is {begun} yet."


def pressed(wanted: Subscription, who: Asker, *, is_on: bool) -> tuple[Button, ...]:
    """What switches it on unless it is, and what changes it."""
    said = f"remind {wish.CONFIRMED} {wish.line(wanted, who.user)}"
    switch = Button("Switch it on", command=said, primary=True, replaces=True)
    change = Button("Change", command=packed(wanted.target, form_values(wanted)), form=DIGEST_FORM)
    return (change,) if is_on else (switch, change)


# --- set -----------------------------------------------------------------------------------------------


def switched_on(kept: Subscription, of: str, who: Asker, now: datetime, notes: Sequence[str]) -> Answer:
    """It is on as it was wanted."""
    if kept.kind is Kind.ALERTS:
        return Answer(
            f"Alerts{of} come to {told.place(kept, who.user)}",
            "As soon as an org that was ready stops being so, once.",
            State.READY,
            note=f"{typed(kept, who, 'alerts off')} ends them.",
        )
    return Answer(
        f"The digest{of} comes {schedule.schedule_words(kept)} to {told.place(kept, who.user)}",
        f"The first one comes {schedule.next_words(kept, now)}.",
        State.READY,
        buttons=(Button("Post it now", command=f"remind now{at(kept, who)}"),),
        note=" · ".join(notes),
    )


def already(wanted: Subscription, of: str, who: Asker, now: datetime) -> Answer:
    """It was on as it is wanted."""
    place = told.place(wanted, who.user)
    if wanted.kind is Kind.ALERTS:
        return Answer(f"Alerts to {place} are on already", "Nothing was changed.", State.READY)
    return Answer(
        f"The digest{of} comes {schedule.schedule_words(wanted)} to {place} already",
        f"Nothing was changed. The next one comes {schedule.next_words(wanted, now)}.",
        State.READY,
        buttons=(
            Button("Change", command=wanted.target, form=DIGEST_FORM),
            Button("Post it now", command=f"remind now{at(wanted, who)}"),
        ),
    )


def off_already(known: Subscription, who: Asker, elsewhere: str) -> Answer:
    """It was off."""
    return Answer(f"{_is(known, who)} off already", elsewhere)


def switched_off(known: Subscription, who: Asker, elsewhere: str) -> Answer:
    """It is off now; ``elsewhere`` is what still comes."""
    on, it = ("on", "it") if known.kind is Kind.DIGEST else ("alerts on", "them")
    return Answer(
        f"{_is(known, who)} off now",
        f"{typed(known, who, on)} brings {it} back as before.",
        State.READY,
        note=elsewhere,
    )


def _is(known: Subscription, who: Asker) -> str:
    verb = "is" if known.kind is Kind.DIGEST else "are"
    return f"{NAMES[known.kind]} to {told.place(known, who.user)} {verb}"


def announced(wanted: Subscription, about: str, who: Asker, person: Person) -> Answer:
    """What a channel is told once."""
    by = f"Set by {literal(person.name) if person.name else code(who.user)}"
    if wanted.kind is Kind.ALERTS:
        return Answer(f"Alerts{about} come here when an org that was ready stops being so", by)
    of = about or " of orgs that miss the Flosum apps"
    return Answer(f"A digest{of} comes here {schedule.schedule_words(wanted)}", by)


OWN = "Your own comes to your direct messages: `/flosum remind me monday 09:00`."
"""For who may not set a channel's."""


# --- shown ---------------------------------------------------------------------------------------------


def shown(
    mine: Subscription, of: str, who: Asker, now: datetime, others: tuple[Part, ...], *, may: bool = True
) -> Answer:
    """The one that comes here, and what comes besides; with what changes it for who ``may``."""
    failing = told.failing_words(mine)
    switches = (
        Button("Post it now", command=f"remind now{at(mine, who)}"),
        Button("Switch it off", command=f"remind off{at(mine, who)}", replaces=True),
    )
    return Answer(
        f"The digest{of} comes {schedule.schedule_words(mine)} to {told.place(mine, who.user)}",
        failing or f"The next one comes {schedule.next_words(mine, now)}.",
        State.UNKNOWN if failing else None,
        others,
        (Button("Change", command=mine.target, form=DIGEST_FORM), *(switches if may else ())),
        told.quiet_words(mine),
    )


def none_here(
    mine: Subscription | None, place: str, who: Asker, others: tuple[Part, ...], *, may: bool = True
) -> Answer:
    """None comes to a ``place`` ("" for nowhere); ``mine`` is one that is off. Who may not set it has their own."""
    named = told.place(mine or Subscription(who.workspace, "", place), who.user) if place else ""
    again = (Button("Switch it on", command=f"remind on{at(mine, who)}", primary=True, replaces=True),) if mine else ()
    to_me = "me " if place == who.user else ""
    return Answer(
        f"The digest to {named} is off" if named else "No digest comes to this place",
        f"One type sets it: `/flosum remind {to_me}monday 09:00`. You see it before it is on." if may else OWN,
        parts=others,
        buttons=(*again, Button("Set it up", command=place or ANY, form=DIGEST_FORM, primary=not again)),
        note="It lists the orgs that still miss the Flosum apps, until none does.",
    )


def no_alerts(place: str, who: Asker, others: tuple[Part, ...]) -> Answer:
    """None come to a ``place``."""
    named = told.place(Subscription(who.workspace, "", place), who.user) if place else "this place"
    return Answer(
        f"Alerts to {named} are off",
        "They tell as soon as an org that was ready stops being so.",
        parts=others,
        buttons=(Button("Switch alerts on", command="remind alerts on", primary=True, replaces=True),),
    )


def item(each: Subscription, of: str, who: Asker, now: datetime, *, may_press: bool) -> Item:
    """One of several, in a line."""
    name = told.place(each, who.user)
    if each.kind is Kind.ALERTS:
        name, when = f"Alerts to {name}", ["as they happen" if each.enabled else "off"]
    else:
        when = (
            [schedule.schedule_words(each), f"next {schedule.next_day_words(each, now)}"] if each.enabled else ["off"]
        )
    words = [*when, of.strip(), told.failing_words(each)]
    change = Button("Change it", command=each.target, form=DIGEST_FORM)
    return Item(capital(name), " · ".join(filter(None, words)), None, (change,) if may_press else ())


# --- asked back, and noted -----------------------------------------------------------------------------


def asked_back(unclear: Unclear, who: Asker) -> Answer:
    """What was not understood, with a button for each thing that may have been meant, and the form for the rest."""
    labels = [_label(choice) for choice in unclear.choices]
    if len({*labels}) < len(labels):  # they differ in the place alone
        labels = [capital(shorten(choice)) for choice in unclear.choices]
    choices = [
        Button(label, command=f"remind {choice}", replaces=True)
        for label, choice in zip(labels, unclear.choices, strict=True)
    ]
    to = unclear.heard.get("channel") or (who.user if unclear.heard.get("to") == wish.ME else here(who))
    form = Button("Fill in a form", command=packed(to or ANY, unclear.heard), form=DIGEST_FORM)
    return Answer(_whole(unclear), buttons=(*choices[:4], form))


def _whole(unclear: Unclear) -> str:
    """What is said, with the whole line where it names the day and time of a choice: for whom and of which orgs.

    A channel has no name in a line that is shown as it is typed, so there the button has it alone.
    """
    shown = [choice for choice in unclear.choices if "<" not in choice]

    def line(said: re.Match[str]) -> str:
        return code(f"/flosum remind {next((one for one in shown if one.startswith(said['words'])), said['words'])}")

    return re.sub("`/flosum remind (?P<words>[^`]+)`", line, unclear.text)


def _label(choice: str) -> str:
    words = [word for word in choice.split() if not word.startswith("<")]
    return capital(" ".join(words))


def about(wanted: Subscription, before: Subscription | None, person: Person, now: datetime) -> Sequence[str]:
    """What to know of a time: what it was before, an hour that the clock skips, and whose clock it is not."""
    if wanted.kind is not Kind.DIGEST:
        return []
    notes = []
    if (
        before is not None
        and before.enabled
        and (was := schedule.schedule_words(before)) != schedule.schedule_words(wanted)
    ):
        notes.append(f"Before: {was}")
    if odd := told.odd_hours(wanted, now):
        notes.append(odd)
    if usable(person.zone) != person.zone and usable(wanted.zone) == usable(person.zone):
        notes.append(
            f"Slack gives {code(person.zone)} as your time zone, which I do not know. For another clock name a city: "
            "`/flosum remind monday 09:00 Berlin`"
        )
    return notes


# --- where, and how it is typed ------------------------------------------------------------------------


def here(who: Asker) -> str:
    """Where they are: a channel, or themselves in direct messages; "" where that is nowhere."""
    return who.user if (who.channel or "").startswith("D") else who.channel or ""


def at(subscription: Subscription, who: Asker) -> str:
    """The place behind a verb, so that a button means the same wherever it is pressed."""
    return f" {wish.ME}" if subscription.target == who.user else f" <#{subscription.target}>"


def typed(subscription: Subscription, who: Asker, said: str) -> str:
    """What people type for it, here or there."""
    me = "me " if subscription.target == who.user and here(who) != who.user else ""
    there = "" if me or subscription.target == here(who) else " there"
    return f"`/flosum remind {me}{said}`{there}"


def form_values(subscription: Subscription) -> dict[str, str]:
    """What the form's lines hold for a subscription that may not be kept yet."""
    return {
        "to": wish.ME if subscription.personal else "channel",
        "rhythm": str(subscription.rhythm),
        "day": str(subscription.weekday),
        "time": f"{subscription.hour:02}:{subscription.minute:02}",
        "zone": usable(subscription.zone),
        "orgs": subscription.orgs,
        "nothing": str(subscription.when_nothing),
    } | ({} if subscription.personal else {"channel": subscription.target})
