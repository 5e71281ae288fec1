"""The weekly digest as a form: day, time, zone and channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.answers import Entry, Field, Form
from bot.domain.digest.schedule import DAYS
from bot.domain.digest.spoken import Unclear, read_zone
from bot.domain.digest.zones import usable
from bot.domain.errors import AskerError
from bot.domain.model import Reminder

DIGEST_FORM = "digest"
ANY = "-"
"""What the form is about: there is one digest."""

_FORMS = {
    "day": re.compile("[0-6]"),
    "time": re.compile("([01][0-9]|2[0-3]):[0-5][0-9]"),
    "channel": re.compile("[CG][A-Z0-9]+"),
}
_TEXT = (
    "It lists the orgs that still miss the Flosum apps, once a week. What came of this is told in your direct messages "
    "with me, and in the channel that you choose."
)


SHARED = "Another company reads that channel too. Choose one of your own people."
_IS_SHARED = "The channel here is shared with another company: choose one of your own people"


def digest_form(reminder: Reminder, *, is_shared: bool = False) -> Form:
    """The form, filled in with a reminder; one without a channel leaves that open.

    ``is_shared``: it is left open because another company reads the channel that it would have been.
    """
    hint = _IS_SHARED if is_shared else "I must be in it: /invite @Flosum"
    days = tuple((str(number), day) for number, day in enumerate(DAYS))
    clock = f"{reminder.hour:02}:{reminder.minute:02}"
    return Form(
        kind=DIGEST_FORM,
        subject=ANY,
        title="Weekly digest",
        text=_TEXT,
        fields=(
            Field("day", "Day", value=str(reminder.weekday), entry=Entry.CHOICE, choices=days),
            Field("time", "Time", value=clock, entry=Entry.TIME),
            Field("zone", "City or time zone", "Whose clock it is: Berlin, New York, UTC", value=usable(reminder.zone)),
            Field("channel", "Channel", hint, "", reminder.channel, Entry.CHANNEL),
        ),
        submit="Save",
    )


def faults(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by line."""
    needed = {"day": "Choose a day.", "time": "Choose a time.", "channel": "Choose a channel."}
    found = {key: text for key, text in needed.items() if not _FORMS[key].fullmatch(values.get(key, ""))}
    try:
        read_zone(values.get("zone", ""), "")
    except Unclear as unclear:
        found["zone"] = unclear.text.replace("`", "")
    return found


def filled_in(values: Mapping[str, str], reminder: Reminder) -> Reminder:
    """A reminder with what was filled in. Raises AskerError where that cannot be, however it came here."""
    if wrong := faults(values):
        raise AskerError(" ".join(wrong.values()))
    hour, minute = map(int, values["time"].split(":"))
    return replace(
        reminder,
        weekday=int(values["day"]),
        hour=hour,
        minute=minute,
        zone=read_zone(values["zone"], ""),
        channel=values["channel"],
    )
