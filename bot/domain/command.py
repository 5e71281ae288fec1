"""What was typed after ``/flosum``, understood."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from bot.domain import command_options, phrases
from bot.domain.answers.markup import as_typed
from bot.domain.command_options import Typed
from bot.domain.org_questions import says_nothing
from bot.domain.patterns import BLANKS
from bot.domain.verbs import BY_NAME, SENTENCE, VERBS, Who

ASK = "ask"
TALK = "talk"
MAY_TURN_OUT = frozenset((ASK, TALK, "guide"))
"""Verbs of which the names of the orgs decide what is meant, and so whether an org is read."""
EXPLAIN = "explain"
HELP = "help"
MYSELF = frozenset({"me", "myself"})
"""Words for whoever types them, where a person is awaited."""

NAMED_AT_MOST = 60  # a longer echo of a name helps nobody
_SLASH = re.compile(r"^[`\s]*/flosum\b[\s`]*", re.IGNORECASE)
"""The command's own name, which people copy along with what follows it."""

AROUND = BLANKS + "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Blanks, and what nobody sees: who writes from right to left has marks of direction around what is copied."""

_POLITE = re.compile(r"(?i)\A(?:(?:please|pls|kindly|can|could|would|will|you)\s+)+(?=remind\b)")
"""What people put before "remind", which is what they would say to a colleague, too."""
_SOMEBODY = r"<(?:@[UW]|!subteam\^)[^<>]*>"
_TO = re.compile(rf"\A(?:{_SOMEBODY}[\s,:]*)+(?=\S)")
_CC = re.compile(rf"(?i)[\s,;(]+(?:/?cc|fyi)\b:?\s*(?:{_SOMEBODY}[\s,;.)]*)+\Z")
"""Who else is to read a line: named before what it begins with, or as a copy behind it."""
_SLIPS = 2  # letters that a mistyped verb may have too many


@dataclass(frozen=True, slots=True)
class Command:
    """A verb and the rest of the line. ``ask`` and ``talk`` (small talk) are free text.

    ``meant`` is the verb it nearly was, if any.
    """

    verb: str
    rest: str = ""
    meant: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The rest, word by word."""
        return tuple(self.rest.split())

    @property
    def changes(self) -> bool:
        """Whether it changes something, so that it must not be carried out twice."""
        return self.verb in BY_NAME and BY_NAME[self.verb].changes

    @property
    def slow(self) -> bool:
        """Whether it waits for orgs."""
        verb = BY_NAME.get(self.verb)
        return verb is not None and (verb.slow or verb.is_about_org(self.rest))

    @property
    def is_of_org(self) -> bool:
        """Whether it awaits the name of an org."""
        verb = BY_NAME.get(self.verb)
        return verb is not None and (verb.names_org or verb.is_about_org(self.rest))

    @property
    def light(self) -> bool:
        """Whether nothing is lost that cannot be typed again: it changes nothing and holds nobody's words."""
        return len(self.words) < 2 and self.verb in BY_NAME and BY_NAME[self.verb].light


_OTHERWISE = {
    "untag": "tag {rest} off",
    "unsnooze": "snooze {rest} off",
    "alerts": "remind alerts {rest}",
    **dict.fromkeys(("digest", "reminder", "reminders"), "remind {rest}"),
    **{name: f"remind {name} {{rest}}" for name in ("escalate", "handover")},
}
"""Other words for a verb that say something else of what follows."""

_ALSO = {"tags": "tag", "owns": "owner"}
"""What else a verb may be called."""


def parse(text: str) -> Command:
    """Read a line; what is no command of a known verb is a question or an error paste. Empty text asks for help.

    Whether an org is asked about in other words, or a name only looks like an error, is decided where the names of
    the orgs are known: in ``domain.understanding``.
    """
    text = typed(text).line
    if not text:
        return Command(HELP)
    if line := phrases.line_of(text):
        return parse(line)
    if phrases.talk_of(text):
        return Command(TALK, text)
    name, rest = split(text)
    if (line := _OTHERWISE.get(name)) and _is_meant(command := parse(line.format(rest=rest))):
        return command
    verb = BY_NAME.get(name)
    if verb is not None and verb.takes(rest):
        return Command(name, rest)
    return Command(ASK, text, None if verb is not None else _nearest(name, rest))


def typed(text: str) -> Typed:
    """A line without what people put around it, and what of it belongs to the terminal."""
    text = _POLITE.sub("", _SLASH.sub("", _to_us(text.replace("\0", "").strip(AROUND))), count=1)
    name, rest = split(text)
    if "--" in rest and (line := _OTHERWISE.get(name)):
        found = command_options.read(line.format(rest=rest))
        return found if _is_meant(parse(found.line)) else Typed(text)
    return command_options.read(text)


def _to_us(text: str) -> str:
    """A line without the people that it is for as well; one that begins with a person and no verb is about them."""
    text = _CC.sub("", text)
    others = _TO.match(text)
    return text[others.end() :] if others and split(text[others.end() :])[0] in BY_NAME else text


def _is_meant(command: Command) -> bool:
    """Whether it is a command; of a verb that sentences may follow, with what its forms begin with."""
    verb = BY_NAME.get(command.verb)
    if verb is None or not verb.sentences:
        return verb is not None
    return any(usage.fits(command.words, begun=True) for usage in verb.usages)


def split(text: str) -> tuple[str, str]:
    """The first word of a line as a verb is written, and the rest of the line."""
    first, *more = text.split(maxsplit=1) or [""]
    name = first.casefold()
    bare = name.strip("/.,!?`*\"'“”‘’-–—")  # a colon is what errors have: "access: denied"
    bare = _ALSO.get(bare, bare)
    return bare if bare in BY_NAME else name, more[0] if more else ""


@lru_cache(1024)  # the same few lines stand on buttons again and again
def who_may_say(line: str) -> Who:
    """Whom a line that a button says is for; an org's name in it may have several words."""
    name, rest = split(line)
    verb, words = BY_NAME.get(name), rest.split()
    if verb is None or verb.is_pressed or (name == "remind" and MYSELF.intersection(map(str.casefold, words))):
        return Who.EVERYBODY
    longest = len(words) if verb.names_org else 1
    told = [[*words[:1], *words[taken:]] for taken in range(1, max(longest, 1) + 1)]
    for begun in (False, True):  # what is asked back, as the days of a snooze, is for the same people
        for said in told:
            for usage in verb.usages:
                if usage.fits(said, begun=begun):
                    return usage.who
    # What is said of a change in words of one's own, "every 2 weeks friday", has none of the forms.
    return Who.TRUSTED if verb.changes and verb.sentences else Who.EVERYBODY


def _nearest(word: str, rest: str) -> str | None:
    """The verb that a word nearly is, or is without the form of its command; never one that only buttons say."""
    typed = [verb.name for verb in VERBS if not verb.is_pressed]
    if len(word) > max(map(len, typed)) + _SLIPS or len(rest.split()) >= SENTENCE or says_nothing(word):
        return None
    return next(iter(difflib.get_close_matches(word, typed, n=1, cutoff=0.7)), None)


CHANNEL = re.compile(r"<#(?P<id>[CGD][A-Z0-9]+)(?:\|[^>]*)?>")
"""A channel as Slack sends one."""


def take_channel(words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The channel among ``words`` (as Slack sends one: ``<#C123|name>``) and the words without it."""
    for word in words:
        if found := CHANNEL.fullmatch(word):
            return found["id"], tuple(other for other in words if other is not word)
    return None, words


def shorten(name: str, longest: int = NAMED_AT_MOST) -> str:
    """Somebody's words, as they stood there, cut to what can be shown in one line."""
    name = " ".join(as_typed(name).split())
    return name if len(name) <= longest else name[: longest - 1] + "…"
