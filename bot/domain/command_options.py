"""Options of the terminal typed after a slash command: ``status uat --details``, ``status uat --json``.

What has a meaning in Slack is read without the dashes. Of the rest it is said that it belongs to the terminal; a
command that would change something waits for whoever typed it to say it without.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.answers import Button
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import as_typed, code
from bot.domain.errors import AskerError
from bot.domain.org_questions import ALL
from bot.domain.verbs import BY_NAME, Verb

WITH_VALUE = frozenset("at consumer-key host key-file once port secret-file user username workspace".split())
"""Options of the terminal that have a word of their own behind them."""
ALONE = frozenset(
    "all allow-grants batch channel check csv details dry-run gate help json new-key no-browser no-check version"
    " yes".split()
)
TERMINAL = WITH_VALUE | ALONE

_OPTION = re.compile(r"(?:--|\N{EM DASH})([^\W\d_][\w-]*)(?:=(.*))?")
"""Two dashes, or the long one that keyboards make of them."""
_LONGEST = 12  # words; what is longer is no command with an option
_INTRODUCING = {
    "connect": {"host", "org", "name", "alias", "domain", "my-domain"},
    "snooze": {"org", "name", "days", "for", "reason", "until"},
    "remind": {"channel", "at", "day", "time", "zone"},
    "owner": {"org", "name", "owner", "user"},
    "access": {"org", "name", "user", "username", "person"},
    "grant": {"org", "name", "app", "permission-set"},
    "apps": {"org", "name", "app", "apps"},
}
_ORG = frozenset("alias name org target-org".split())
"""Options that only say what the word behind them is, which is clear without."""
_FILES = frozenset({"csv", "json"})
_SYNONYMS = {"detail": "details", "step": "steps", "not-ready": "not ready", "notready": "not ready"}
_PUT_INSTEAD = {("remind", "dry-run"): "preview"}
_REPLACED = {"preview": {"now", "on"}}


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as it is read, and the options in it that have no meaning here, as they were typed."""

    line: str
    aside: tuple[str, ...] = ()


def read(text: str) -> Typed:
    """A line without the dashes of what has a meaning here, and without what has none."""
    first, *more = text.split() or [""]
    verb = BY_NAME.get(first.casefold())
    is_read = verb is not None and verb.name != "explain" and len(more) < _LONGEST and "\n" not in text.strip()
    if not is_read or verb is None or not any(map(_OPTION.fullmatch, more)):
        return Typed(text)
    if any(word in ("--help", "\N{EM DASH}help") for word in more) and not verb.is_pressed and verb.name != "help":
        return Typed(f"help {verb.name}")
    words, aside = _sorted(verb, more)
    if verb.name in ("status", "orgs") and _asks_for_file(words, aside):
        return Typed(text)
    return Typed(" ".join([first, *words]), tuple(aside))


def _asks_for_file(words: Sequence[str], aside: Sequence[str]) -> bool:
    """Whether all orgs are wanted as a file, which has an answer of its own."""
    return bool(aside) and set(map(_bare, aside)) <= _FILES and set(words) <= {"all", "list"}


def _sorted(verb: Verb, typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that say something here, and the options that do not, each with its value."""
    words: list[str] = []
    aside: list[str] = []
    waiting = False  # for the value of an option that says nothing here
    for word in typed:
        found = _OPTION.fullmatch(word)
        if found is None and waiting:
            aside[-1] += f" {word}"
        elif found is None:
            words.append(word)
        elif instead := _PUT_INSTEAD.get((verb.name, found[1].casefold())):
            words = [instead, *(word for word in words if word.casefold() not in _REPLACED[instead])]
        elif (meant := _meant(verb, found[1].casefold())) is not None:
            words += [*meant.split(), *(found[2] or "").split()]
        elif verb.name == "tag" and _bare(word) not in TERMINAL:
            words.append(word)  # takes a tag off
        else:
            aside.append(word)
        waiting = found is not None and aside[-1:] == [word] and _bare(word) in WITH_VALUE and not found[2]
    if not words and len(aside) == 1 and _bare(aside[0]) not in TERMINAL and verb.names_org:
        return [_bare(aside[0])], []  # "status --uat"
    return words, aside


def _meant(verb: Verb, name: str) -> str | None:
    """What an option says here: words of the verb's own, or nothing but what its value is. None: nothing at all."""
    if (name in _ORG and verb.names_org) or name in _INTRODUCING.get(verb.name, ()):
        return ""
    said = _SYNONYMS.get(name, name)
    places = (place for usage in verb.usages for place in usage.words.split() if not place.startswith("["))
    own = {word for place in places for word in place.strip("<>").split("|") if "|" in place or place[0] != "<"}
    return said if set(said.split()) <= own or (verb.chooses and said == ALL) else None


def _bare(option: str) -> str:
    found = _OPTION.match(option)
    return found[1].casefold() if found else option


def told(typed: Typed) -> str:
    """One sentence of what has no meaning here; "" where all has one."""
    ours = [word for word in typed.aside if _bare(word) in TERMINAL]
    strange = [word for word in typed.aside if word not in ours]
    belongs = (
        f"{_words(ours)} {'belongs' if len(ours) == 1 else 'belong'} to the terminal, not to Slack" if ours else ""
    )
    says = f"{_words(strange)} {'says' if len(strange) == 1 else 'say'} nothing to me" if strange else ""
    return ", and ".join(filter(None, (belongs, says)))


def _words(options: Sequence[str]) -> str:
    return listed([code(word) for word in options])


def refused(typed: Typed) -> AskerError | None:
    """Why a command that changes something is not carried out; None for one that may be."""
    verb, _, rest = typed.line.partition(" ")
    if not typed.aside or not BY_NAME[verb.casefold()].changes:
        return None
    line = as_typed(f"{verb} {rest}".strip())
    return AskerError(
        f"Nothing was changed: {told(typed)}. Say it without: {code(f'/flosum {line}')}",
        (Button(line, line, primary=True),),
    )
