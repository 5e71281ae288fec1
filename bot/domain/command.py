"""What was typed after ``/flosum``, understood."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

VERBS = (
    "help",
    "status",
    "orgs",
    "connect",
    "disconnect",
    "explain",
    "guide",
    "access",
    "grant",
    "remind",
    "snooze",
    "apps",
    "owner",
    "rename",
    "settings",
)
ASK = "ask"
EXPLAIN = "explain"
_PRESSED = re.compile(r"(?P<verb>entry|helpful) (?P<rest>[\w.:-]+(?: yes| no)?)", re.IGNORECASE)
"""What only buttons say: an entry of the guidance by its id, and whether it helped."""
NAMED_AT_MOST = 60  # a longer echo of a name helps nobody
_SENTENCE = 4  # so many words after a verb make a sentence, not a command


@dataclass(frozen=True, slots=True)
class Command:
    """A verb and the rest of the line. ``ask`` is free text; ``meant`` is the verb it nearly was, if any."""

    verb: str
    rest: str = ""
    meant: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The rest, word by word."""
        return tuple(self.rest.split())


def parse(text: str) -> Command:
    """Read a line; what starts with no known verb is a question or an error paste. Empty text asks for help."""
    text = text.replace("\0", "").strip()
    if not text:
        return Command("help")
    first, *more = text.split(maxsplit=1)
    verb, rest = first.casefold(), more[0] if more else ""
    if pressed := _PRESSED.fullmatch(text):
        return Command(pressed["verb"].casefold(), pressed["rest"])
    if verb in VERBS and not _is_sentence(verb, rest):
        return Command(verb, rest)
    if verb in VERBS:
        return Command(ASK, text)
    return Command(ASK, text, _nearest(verb, rest))


def _is_sentence(verb: str, rest: str) -> bool:
    # "status of my token is Token Expired" is a question; an error to explain and a reminder may be long.
    return verb not in ("explain", "remind") and len(rest.split()) >= _SENTENCE


def _nearest(word: str, rest: str) -> str | None:
    if len(word) > max(map(len, VERBS)) + 2 or _is_sentence(word, rest):
        return None
    return next(iter(difflib.get_close_matches(word, VERBS, n=1, cutoff=0.7)), None)


_CHANNEL = re.compile(r"<#(?P<id>[CGD][A-Z0-9]+)(?:\|[^>]*)?>")


def take_channel(words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The channel among ``words`` (as Slack sends one: ``<#C123|name>``) and the words without it."""
    for word in words:
        if found := _CHANNEL.fullmatch(word):
            return found["id"], tuple(other for other in words if other is not word)
    return None, words


def shorten(name: str) -> str:
    """Somebody's words, cut to what can be shown in one line."""
    name = " ".join(name.split())
    return name if len(name) <= NAMED_AT_MOST else name[: NAMED_AT_MOST - 1] + "…"
