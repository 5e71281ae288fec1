"""A digest as a form: to whom, how often, on which day, at what time and whose clock, of which orgs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.answers import Entry, Field, Form
from bot.domain.digest.spoken import Unclear, read_zone
from bot.domain.digest.subscription import Rhythm, Subscription, WhenNothing
from bot.domain.digest.wish import ALL, ME
from bot.domain.digest.zones import usable
from bot.domain.errors import AskerError

DIGEST_FORM = "digest"
ANY = "-"
"""What the form is about where no place is named: the one in which it is opened."""

CHANNEL = "channel"

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RHYTHMS = {
    Rhythm.WEEKLY: "Every week",
    Rhythm.FORTNIGHTLY: "Every two weeks",
    Rhythm.WEEKDAYS: "Monday to Friday",
}
_NOTHING = {WhenNothing.LINE: "Say so in one line", WhenNothing.SILENCE: "Say nothing"}
_FORMS = {
    "rhythm": re.compile("|".join(Rhythm)),
    "day": re.compile("[0-6]"),
    "time": re.compile("([01][0-9]|2[0-3]):[0-5][0-9]"),
    "nothing": re.compile("|".join(WhenNothing)),
}
_CHANNEL = re.compile("[CG][A-Z0-9]+")
_OTHERWISE = {"rhythm": str(Rhythm.WEEKLY), "nothing": str(WhenNothing.LINE), "orgs": ALL, "to": CHANNEL}
"""What lines mean that a form of an earlier version has not got."""

_TEXT = "What comes of this is told in your direct messages with me, and in that channel."
_OWN_TEXT = "It comes to your direct messages with me, and so does the answer to this."


SHARED = "Another company reads that channel too. Choose one of your own people."
_IS_SHARED = "The channel here is shared with another company: choose one of your own people"


def digest_form(
    subscription: Subscription, subject: str = ANY, *, channels: bool = True, is_shared: bool = False
) -> Form:
    """The form, filled in with a subscription; one without a target leaves that open.

    ``subject`` is the target of what is changed. Without ``channels`` it is for somebody's own digest.
    ``is_shared``: the channel is left open because another company reads the one that it would have been.
    """
    its, hint = subscription, _IS_SHARED if is_shared else ""
    channel = Field("channel", "Channel that I am in (/invite @Flosum)", hint, "", "", Entry.CHANNEL, optional=True)
    if its.target and not its.personal:
        channel = replace(channel, value=its.target)
    to = Field("to", "To", value=ME if its.personal else CHANNEL, entry=Entry.CHOICE, choices=_TO)
    return Form(
        kind=DIGEST_FORM,
        subject=subject,
        title="Digest",
        text=_TEXT if channels else _OWN_TEXT,
        fields=(
            *((to, channel) if channels else ()),
            Field("rhythm", "How often", value=str(its.rhythm), entry=Entry.CHOICE, choices=_choices(_RHYTHMS)),
            Field("day", "Day (not for Monday to Friday)", "", "", str(its.weekday), Entry.CHOICE, _numbered(_DAYS)),
            Field("time", "Time", value=f"{its.hour:02}:{its.minute:02}", entry=Entry.TIME),
            Field("zone", "City or time zone", "Whose clock it is: Berlin, New York, UTC", value=usable(its.zone)),
            Field("orgs", "Orgs", "all, sandboxes, production, a tag, or names", value=its.orgs),
            Field(
                "nothing",
                "With nothing to report",
                value=str(its.when_nothing),
                entry=Entry.CHOICE,
                choices=_choices(_NOTHING),
            ),
        ),
        submit="Save",
    )


_TO = ((CHANNEL, "A channel"), (ME, "Me, in direct messages"))


def _choices(named: Mapping[Rhythm, str] | Mapping[WhenNothing, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), label) for value, label in named.items())


def _numbered(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((str(number), name) for number, name in enumerate(names))


def _whole(values: Mapping[str, str]) -> dict[str, str]:
    """The lines with what those mean that are not there; somebody's own form has no line for the place."""
    given = {name: value for name, value in values.items() if value}
    if "to" not in values and "channel" not in values:
        given["to"] = ME
    if given.get("rhythm") == Rhythm.WEEKDAYS:
        given.setdefault("day", "0")
    return _OTHERWISE | given


def faults(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by line."""
    lines = _whole(values)
    needed = {"day": "Choose a day.", "time": "Choose a time.", "rhythm": "Choose one.", "nothing": "Choose one."}
    found = {key: text for key, text in needed.items() if not _FORMS[key].fullmatch(lines.get(key, ""))}
    if lines["to"] != ME and not _CHANNEL.fullmatch(lines.get("channel", "")):
        found["channel"] = "Choose a channel."
    try:
        read_zone(lines.get("zone", ""), "")
    except Unclear as unclear:
        typed = lines.get("zone", "").strip()
        found["zone"] = unclear.text.replace("`", "") if typed else "Name a city, such as Berlin, or UTC."
    return found


def filled_in(values: Mapping[str, str], subscription: Subscription, me: str) -> Subscription:
    """A subscription with what was filled in by ``me``. Raises AskerError where that cannot be, however it came here.

    The orgs are as they were typed.
    """
    if wrong := faults(values):
        raise AskerError(" ".join(wrong.values()))
    lines = _whole(values)
    hour, minute = map(int, lines["time"].split(":"))
    return replace(
        subscription,
        target=me if lines["to"] == ME else lines["channel"],
        rhythm=Rhythm(lines["rhythm"]),
        weekday=int(lines["day"]),
        hour=hour,
        minute=minute,
        zone=read_zone(lines["zone"], ""),
        orgs=lines["orgs"],
        when_nothing=WhenNothing(lines["nothing"]),
        enabled=True,
    )
