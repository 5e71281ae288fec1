"""What follows ``remind``, in anybody's words: ``me every other friday 14:00 for sandboxes``.

Every word must be understood. What is left after a place, orgs and a switch were taken is a time (``spoken``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from bot.domain.answers.markup import MENTION, code
from bot.domain.command import shorten, take_channel
from bot.domain.digest.spoken import Unclear, When, read_schedule, read_switch, says_nothing
from bot.domain.digest.subscription import Kind, Rhythm, Subscription, WhenNothing
from bot.domain.model import is_person
from bot.domain.patterns import late

ME = "me"
HERE = ""
CONFIRMED = "confirmed"
"""What the button below a preview says first: what follows was seen."""

ALL = "all"

_NAMED, _SHORT = 4, 12  # words that may be orgs without a "for", in a line of so many
_MOST = 80  # words: a sentence, with the names of many orgs

Chosen = Callable[[str], str | None]
"""The orgs that words mean, as they are kept; None where some word means none."""


class Action(Enum):
    """What is to be done."""

    SHOW = auto()
    SET = auto()
    ON = auto()
    OFF = auto()
    NOW = auto()
    PREVIEW = auto()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody said after ``remind``; None: they said nothing of it.

    ``target`` is a channel or a person by id, ``ME``, or ``HERE`` where no place was named.
    """

    action: Action
    kind: Kind = Kind.DIGEST
    target: str = HERE
    when: When | None = None
    orgs: str | None = None
    when_nothing: WhenNothing | None = None
    confirmed: bool = False


@dataclass(slots=True)
class _Reading:
    """The words that are still to be read, and what the others said."""

    words: list[str]
    chosen: Chosen
    target: str = HERE
    others: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    """How a place was typed, by its id: with its name, where Slack says one."""
    here: bool = False
    kind: Kind = Kind.DIGEST
    orgs: str | None = None
    when_nothing: WhenNothing | None = None
    confirmed: bool = False
    preview: bool = False
    behind_for: list[str] = field(default_factory=list)
    joined: Sequence[str] = ()

    @property
    def text(self) -> str:
        """What is still to be read."""
        return " ".join(self.words)

    def filled(self) -> dict[str, str]:
        """What was understood, for the lines of the form."""
        lines = {"orgs": self.orgs or "", "nothing": str(self.when_nothing or "")}
        if self.target == ME:
            lines["to"] = ME
        elif self.target[:1] in ("C", "G"):
            lines |= {"to": "channel", "channel": self.target}
        return {name: value for name, value in lines.items() if value}


def read(words: Sequence[str], own: str, chosen: Chosen) -> Wish:
    """What is wished. ``own`` is the asker's zone. Raises Unclear with what was understood."""
    reading = _Reading(list(words), chosen)
    if len(words) > _MOST:
        raise Unclear(
            "That is more than I can read here. Say when, where and of which orgs: `/flosum remind monday 09:00`."
        )
    try:
        _take_place(reading)
        _take_silence(reading)
        _take_kind(reading)
        _take_orgs(reading)
        made = _wish(reading, own)
        _refuse_too_much(made, reading)
    except Unclear as unclear:
        unclear.heard = reading.filled() | unclear.heard
        unclear.choices = tuple(_whole(choice, reading) for choice in unclear.choices)
        raise
    if reading.others:
        raise _two_places(made, reading)
    return made


def _refuse_too_much(made: Wish, reading: _Reading) -> None:
    """A switch is for the whole digest of a place."""
    if made.action is Action.OFF and made.orgs not in (None, ALL):
        heard = {} if made.kind is Kind.ALERTS else reading.filled()
        raise Unclear(
            "It goes off as a whole. To hear of other orgs instead, say which: `/flosum remind for production`.",
            heard=heard,
        )


def _two_places(made: Wish, reading: _Reading) -> Unclear:
    said = when_line(made.when) if made.when else {Action.OFF: "off", Action.NOW: "now"}.get(made.action, "on")
    each = [replace(reading, target=place) for place in (reading.target, *reading.others)]
    choices = [_whole(said, one) for one in each]
    return Unclear("That names two places, and each has a digest of its own: which is it?", choices, reading.filled())


def _wish(reading: _Reading, own: str) -> Wish:
    made = Wish(
        Action.SET,
        kind=reading.kind,
        target=reading.target,
        orgs=reading.orgs,
        when_nothing=reading.when_nothing,
        confirmed=reading.confirmed,
    )
    left = reading.words
    if _is_pause(left):
        raise _no_pause(reading)
    if switch := read_switch(left):
        return _with(made, _SWITCHED[switch])
    if read_switch([word for word in left if word.casefold().strip(_PUT) not in _EVERYWHERE]) == "off":
        raise Unclear("Each place has a digest of its own, switched off by itself. `/flosum remind` shows them.")
    if not any(word.casefold() in _WEEKLY for word in left) and all(map(_is_asking, left)):
        is_bare = reading.orgs is None and reading.when_nothing is None and reading.target in (HERE, ME)
        if reading.preview:
            return _with(made, Action.PREVIEW)
        if reading.kind is Kind.ALERTS:
            return _with(made, Action.SHOW if is_bare and reading.target == HERE else Action.ON)
        is_asked = not says_nothing(left)
        return _with(made, Action.SHOW if is_asked or (is_bare and not reading.here) else Action.SET)
    if reading.kind is Kind.ALERTS:
        raise Unclear("Alerts come as soon as an org stops being ready, so they have no time.", ["alerts on"])
    when = _when(reading, own)
    made = replace(made, orgs=reading.orgs)
    return _with(made, Action.PREVIEW if reading.preview else Action.SET, when)


def _is_pause(words: Sequence[str]) -> bool:
    """Whether a digest is to stay away for a while: "pause 2 weeks", "skip next week", "off until friday"."""
    first, *rest = [word.casefold().strip(_PUT) for word in words] or [""]
    return bool(rest) and (first in _PAUSING or (read_switch([first]) == "off" and not _WHILE.isdisjoint(rest)))


def _no_pause(reading: _Reading) -> Unclear:
    line, what, it = (
        ("remind alerts", "Alerts have", "them") if reading.kind is Kind.ALERTS else ("remind", "A digest has", "it")
    )
    return Unclear(
        f"{what} no pause for a time: `/flosum {line} off` switches {it} off until `/flosum {line} on`. One org is "
        f"left out for a while with {code(f'/flosum snooze {_org_in(reading)} 2 weeks')}.",
        ["off"],
    )


def _org_in(reading: _Reading) -> str:
    """An org that is named, for an example."""
    return next((word for word in map(shorten, reading.words[1:]) if reading.chosen(word)), "prod")


def _with(made: Wish, action: Action, when: When | None = None) -> Wish:
    return Wish(action, made.kind, made.target, when, made.orgs, made.when_nothing, made.confirmed)


def _when(reading: _Reading, own: str) -> When:
    """The time that is left. What stood behind "for" and is no part of one was meant for orgs."""
    try:
        return read_schedule(reading.words, own)
    except Unclear as unclear:
        if (found := _when_beside_orgs(reading, own)) is not None:
            return found
        if (found := _without_joined(reading, own)) is not None:
            raise _no_org(reading.joined[-1], _heard(found)) from None
        if not reading.behind_for:
            raise
        rest = [word for word in reading.words if word not in reading.behind_for]
        try:
            heard = unclear.heard if says_nothing(rest) else _heard(read_schedule(rest, own))
        except Unclear as other:
            heard = other.heard
        raise _no_org(reading.behind_for[0], heard) from None


def _no_org(word: str, heard: dict[str, str]) -> Unclear:
    return Unclear(
        f"{code(shorten(word, _SHOWN))} is no org, tag or kind of orgs here. Say `for sandboxes`, "
        "`for production`, `for not ready`, a tag, or names of orgs.",
        heard=heard,
    )


def _without_joined(reading: _Reading, own: str) -> When | None:
    """The time without what was named beside orgs and is none; None where that is not what stands in the way."""
    rest = [word for word in reading.words if word not in reading.joined]
    try:
        return read_schedule(rest, own) if reading.joined else None
    except Unclear:
        return None


def _when_beside_orgs(reading: _Reading, own: str) -> When | None:
    """The time where words beside each other in what is left mean orgs, without a "for": ``monday 9:00 prod uat``."""
    for begin, end in _runs(len(reading.words)) if reading.orgs is None else ():
        run = reading.words[begin:end]
        if says_nothing(run[:1]) or says_nothing(run[-1:]):
            continue
        orgs = reading.chosen(" ".join(run)) or (reading.chosen(_listed(run)) if len(run) > 1 else None)
        if orgs is None:
            continue
        try:
            when = read_schedule(reading.words[:begin] + reading.words[end:], own)
        except Unclear:
            continue
        reading.orgs = orgs
        return when
    return None


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """Where words that stand beside each other begin and end, the longest first; who names more orgs says "for"."""
    for length in range(min(_NAMED, count) if count <= _SHORT else 1, 0, -1):
        yield from ((begin, begin + length) for begin in range(count - length + 1))


def _listed(run: Sequence[str]) -> str:
    return ", ".join(word.strip(",") for word in run if word.casefold() not in ("and", "&"))


def _heard(when: When) -> dict[str, str]:
    clock = f"{when.hour:02}:{when.minute:02}"
    return {"rhythm": str(when.rhythm), "day": str(when.weekday), "time": clock, "zone": when.zone}


def _whole(choice: str, reading: _Reading) -> str:
    """A choice of times with the rest of what was said: as one would type it."""
    silently = "silently" if reading.when_nothing is WhenNothing.SILENCE else ""
    choice = choice if reading.kind is Kind.DIGEST or choice.startswith("alerts") else f"alerts {choice}"
    place = (reading.others and reading.typed.get(reading.target)) or _place_words(reading.target)
    return " ".join(word for word in (silently, choice, place, _for(reading.orgs)) if word)


# --- where ---------------------------------------------------------------------------------------------

_SHOWN = 40  # letters of somebody's words that are said again
_ADDRESS = late(r"<?https://[\w-]+(?:\.enterprise)?\.slack\.com/archives/(?P<id>[CGD][A-Z0-9]+)(?:[/?|][^>]*)?>?")
_ME = frozenset("me myself privately dm dms direct-message direct-messages".split())
_PUT = ".,;:!?()\"'“”‘’"  # what people put around a word


def _take_place(reading: _Reading) -> None:
    """Take where it goes. Two places are one too many."""
    text = re.sub(
        r"(?i)\b(?:(?:in|as|by|to|via|my|a|an|per) )*(?:direct messages?|private messages?|dms?)\b", "me", reading.text
    )
    left, places = [], list[str]()
    for number, word in enumerate(text.split()):
        bare = word.strip(_PUT)
        if place := _place(bare):
            places += [place] if place not in places else []
            if bare.startswith("<"):
                reading.typed.setdefault(place, bare)
        elif bare.casefold() == "here" or (bare.casefold() == "us" and number == 0):  # "us monday", not "9:00 US"
            reading.here = reading.here or bare.casefold() == "here"
        else:
            left.append(word)
    reading.words = left
    if unknown := next((word for word in left if word.startswith("#") and len(word) > 1), None):
        raise Unclear(
            f"I cannot see a channel {code(shorten(unknown, _SHOWN))}. Pick it from the list that Slack offers."
        )
    reading.target, reading.others = (places[0], places[1:]) if places else (HERE, [])
    if places and reading.here:
        raise Unclear("That names two places, and each has a digest of its own. Say one of them.")


def _place(word: str) -> str:
    """The channel or person that a word names, ``ME``, or "" for none."""
    channel, _ = take_channel((word,))
    if channel is not None:
        return channel
    if found := _ADDRESS.fullmatch(word) or MENTION.fullmatch(word):
        return found["id"]
    return ME if word.casefold() in _ME else ""


def _place_words(target: str) -> str:
    if target in (ME, HERE):
        return target
    return f"<@{target}>" if is_person(target) else f"<#{target}>"


# --- what ----------------------------------------------------------------------------------------------

_SWITCHED = {"off": Action.OFF, "on": Action.ON, "now": Action.NOW}
_ALERTS = frozenset("alert alerts alarm alarms alerting".split())
_PREVIEW = frozenset("preview previews sample dry-run dryrun test try".split())
_ASKING = frozenset(
    "show list all status help when what where which is are do does will my next one subscriptions reminders digests"
    " coming".split()
)
_WEEKLY = ("week", "weekly")
_EVERYWHERE = frozenset("all everywhere everything any every".split())
_PAUSING = frozenset("hold pause postpone skip snooze suspend".split())
_WHILE = frozenset("day days week weeks month months until till holiday holidays vacation while".split())
_IF_NOTHING = (
    r"(?:if|when|while|with|unless) (?:(?:there is|there's|there are) )?"
    r"(?:nothing|no news|something|anything|all|everything)"
    r"(?: (?:is|are))?(?: (?:to (?:say|report|do|tell)|missing|open|new|done|ready|needed|fine|ok))?"
)
_NOTHING = {
    WhenNothing.SILENCE: late(
        rf"(?:and |but |or )?(?:(?:only|not|nothing|skip(?: it)?|say nothing|post nothing) {_IF_NOTHING}"
        rf"|(?:stay |be |keep |remain )?(?:silent|silently|silence|quiet|quietly)(?: {_IF_NOTHING})?|only when needed)",
        re.IGNORECASE,
    ),
    WhenNothing.LINE: late(rf"(?:and )?(?:always|even {_IF_NOTHING}|with a (?:quiet )?line)", re.IGNORECASE),
}


def _is_asking(word: str) -> bool:
    return word.casefold().strip(_PUT) in _ASKING or says_nothing([word])


def _take_silence(reading: _Reading) -> None:
    text = reading.text
    for what, form in _NOTHING.items():
        if found := re.search(rf"(?<!\S){form.pattern}(?=[,.;!]?(?:\s|$))", text, re.IGNORECASE):
            reading.when_nothing = what
            text = f"{text[: found.start()]} {text[found.end() :].lstrip(',.;!')}"
            break
    reading.words = text.split()


def _take_kind(reading: _Reading) -> None:
    left = []
    for number, word in enumerate(reading.words):
        bare = word.casefold().strip(_PUT)
        if bare in _ALERTS:
            reading.kind = Kind.ALERTS
        elif bare in _PREVIEW:
            reading.preview = True
        elif bare == CONFIRMED and number == 0:
            reading.confirmed = True
        else:
            left.append(word)
    reading.words = left


# --- of which orgs -------------------------------------------------------------------------------------

_BEFORE_ORGS = frozenset("for about only of covering für pour para voor".split())
_ALONE = frozenset("sandboxes sandbox production".split())
"""What means orgs even without a "for" in front of it."""
_LONGEST = 60  # words
_LETTERS = 1500  # of names: a button that confirms it has room for so many, beside the rest of the line
_TOO_MANY = (
    "That is more names than I can show before they are set. Sort those orgs by a tag, `/flosum tag <org> wave-2`, "
    "and say `for wave-2`."
)


def _take_orgs(reading: _Reading) -> None:
    """Take the orgs: behind "for" as many words as mean some."""
    words = " ".join(reading.words).replace(",", ", ").split()
    for place, word in enumerate(words):
        bare = word.casefold().strip(_PUT)
        begin = place + 1 if bare in _BEFORE_ORGS else place
        if bare not in _BEFORE_ORGS and bare not in _ALONE:
            continue
        length, orgs = _orgs_at(words, begin, reading.chosen)
        if orgs is not None:
            if len(orgs) > _LETTERS:
                raise Unclear(_TOO_MANY)
            reading.orgs = orgs
            rest = words[begin + length :]
            reading.joined = _joined(words[begin + length - 1], rest)
            reading.words = words[:place] + (rest[1:] if rest[:1] == ["only"] else rest)
            return
        if bare == "for" and not reading.behind_for:
            reading.behind_for = words[begin : begin + 1]


def _joined(last: str, rest: Sequence[str]) -> Sequence[str]:
    """What is named behind the orgs as if it were one: "for prod, | nowhere", "for prod | and nowhere"."""
    if rest[:1] and rest[0].casefold() in ("and", "or", "&"):
        return rest[:2] if len(rest) > 1 else ()
    return rest[:1] if last.endswith(",") else ()


def _orgs_at(words: Sequence[str], begin: int, chosen: Chosen) -> tuple[int, str | None]:
    """As many words from there on as mean orgs, without those behind that add nothing: "prod | every other Friday"."""
    for length in range(min(_LONGEST, len(words) - begin), 0, -1):
        orgs = chosen(" ".join(words[begin : begin + length]))
        if orgs is None:
            continue
        while length > 1 and says_nothing(words[begin + length - 1 : begin + length]):
            length -= 1
        return length, orgs
    return 0, None


def _for(orgs: str | None) -> str:
    return f"for {orgs}" if orgs and orgs != ALL else ""


# --- said again ----------------------------------------------------------------------------------------


def when_of(subscription: Subscription) -> When:
    """When it comes."""
    wanted = subscription
    return When(wanted.rhythm, wanted.weekday, wanted.hour, wanted.minute, wanted.zone)


def line(subscription: Subscription, me: str = "") -> str:
    """What one types after ``remind`` for this very subscription; read again it is the same. ``me`` is who types."""
    target = ME if subscription.target == me else subscription.target
    return _whole(when_line(when_of(subscription)), _of(subscription, target))


def when_line(when: When) -> str:
    """When, as it is typed."""
    days = "monday tuesday wednesday thursday friday saturday sunday".split()
    day = {Rhythm.WEEKDAYS: "weekdays", Rhythm.FORTNIGHTLY: f"every 2 weeks {days[when.weekday]}"}
    return f"{day.get(when.rhythm, days[when.weekday])} {when.hour:02}:{when.minute:02} {when.zone}"


def _of(subscription: Subscription, target: str) -> _Reading:
    return _Reading([], lambda _: None, target, orgs=subscription.orgs, when_nothing=subscription.when_nothing)
