"""Whether a text says that a word is an org's name: "legacy code fails" speaks of no org, "it fails in legacy" does.

Only a name that reads as a word needs that. Nobody can list the words of every language, so the form decides: letters
alone, in no spelling of its own. Where the text leaves it open it is a word: the org can still be named, while the
state of one that nobody meant, shown to a whole channel, cannot be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.patterns import late

QUOTES = "\"'`‘’‚“”„«»‹›"
TRIM = ".,:;!?()*_~[]" + QUOTES

_ENVIRONMENTS = frozenset("preprod prd prod qa uat".split())
"""Letters alone, and yet no everyday words: what environments are called."""

_INSIDE = frozenset("against at auf bei dans em en für in into on para pour for within".split())
"""What stands before where something happens."""

_NOUNS = frozenset("alias env environment instance org organisation organization sandbox".split())
_CALLED = frozenset("called named".split())
_ANY = frozenset(
    "a an another any each ein eine einem einen einer every new no some un una une um uma brand completely entirely"
    " totally very".split()
)
"""A word behind these says what kind of org it is: "a fresh sandbox"."""

_OPTIONS = frozenset("-o -u --alias --org --target-org --targetusername --target-username".split())
_LABEL = late(rf"(?<!\S)((?:{'|'.join(sorted(_OPTIONS | _NOUNS))})[=:])(?=[^\s/])", re.IGNORECASE)
_JOINING = frozenset("& + / and as e et or oder und well y".split())
_GOES_ON = frozenset(
    "a after again all also always am an any are as at aber be because been before being both but by can can't cannot"
    " could did didn't do does doesn't don't during either error errors even every everybody everyone fail failed fails"
    " for from gave get gets getting give gives got had has have he here how however i i'm if in instead is isn't it"
    " it's its just keep keeps last me my no not nobody now of off on once one only our please pls right said say says"
    " seit she show shows since so some somebody someone still than thanks that that's the their then there there's"
    " these they this those though throw throws to today tomorrow tonight too under until using very via was we we're"
    " were what when where which while who why will with without won't would yesterday you your".split()
)
"""Words that cannot belong to a name before them, as "portal" does in "in partner portal"."""

_SAYS = frozenset("gave gives says shows threw throws".split())
_PEOPLE = frozenset("he her his i it she that their they we you".split())
"""What a person says goes on with one of these, what an org says is the error: "legacy says OAUTH_APP_BLOCKED"."""

_GREETING = frozenset("@flosum /flosum explain fyi guys hello hey hi in on ok our so team there".split())
_PERSON = late(r"<@[A-Z0-9]+(?:\|[^>]*)?>[:,]?")
_DASH = late(r"[-\u2013\u2014|>\u2192]+|->|=>|&gt;")
_CLOSED = late(rf"[.,:;!?)\]][{re.escape(QUOTES)}*_]*$")
_CODE = late(r"\w+_\w.*|.*=.*|.*://.*|\d.*|[A-Z][A-Z\d]+\W?")


def is_word(name: str) -> bool:
    """Whether a name reads as words: letters alone, and no environment."""
    return all(part.isalpha() for part in name.split()) and name.casefold() not in _ENVIRONMENTS


@dataclass(frozen=True, slots=True)
class Place:
    """Where the name of an org stands among a text's words: from ``start`` up to ``end``."""

    name: str
    start: int
    end: int


class Words:
    """The words of a text, with what the writing around them says."""

    def __init__(self, text: str) -> None:
        self._raw = list[str]()
        self._beginnings = set[int]()
        for line in _LABEL.sub(r"\1 ", text).splitlines():
            self._beginnings.add(len(self._raw))
            self._raw += line.split()
        self.folded = [raw.strip(TRIM).casefold() for raw in self._raw]

    def is_typed(self, place: Place, name: str) -> bool:
        """Whether ``name`` has a spelling of its own, beyond a capital at its beginning, and stands there in it."""
        said = " ".join(raw.strip(TRIM) for raw in self._raw[place.start : place.end])
        return said == name and name[1:] != name[1:].lower()

    def say_org(self, place: Place, names: Mapping[int, int]) -> bool:
        """Whether what stands around a name says that it is an org's. ``names``: where names begin and end."""
        return (
            self._is_quoted(place)
            or self._is_labelled(place)
            or self._heads_line(place)
            or self._follows(place, names)
            or self._is_called_org(place)
        )

    def joined(self, one: Place, other: Place) -> bool:
        """Whether two names stand in one list: "legacy, uat and prod"."""
        between = self._raw[one.end : other.start]
        has_mark = self._raw[one.end - 1].endswith((",", "/"))
        return all(word.casefold() in _JOINING for word in between) and (bool(between) or has_mark)

    def ends(self, place: Place, names: Mapping[int, int]) -> bool:
        """Whether what follows a name does not belong to it."""
        return _CLOSED.search(self._raw[place.end - 1]) is not None or self._goes_on(place.end, names)

    def covered(self, told: Iterable[str]) -> set[int]:
        """The words that phrases consist of, in which "…" stands for anything."""
        parts = [part.casefold().split() for phrase in told for part in phrase.split("…")]
        at = range(len(self.folded))
        return {
            index
            for part in filter(None, parts)
            for start in at
            if self.folded[start : start + len(part)] == part
            for index in range(start, start + len(part))
        }

    def _before(self, index: int, steps: int = 1) -> str:
        """The word before another one in its line; "" for none."""
        spot = index - steps
        return "" if any(at in self._beginnings for at in range(spot + 1, index + 1)) else self.folded[spot]

    def _is_quoted(self, place: Place) -> bool:
        raw = " ".join(self._raw[place.start : place.end])
        opened, _, closed = raw.casefold().partition(" ".join(self.folded[place.start : place.end]))
        return opened.endswith((*QUOTES, "[")) and closed.startswith((*QUOTES, "]"))

    def _is_labelled(self, place: Place) -> bool:
        if place.start in self._beginnings:
            return False
        raw = self._raw[place.start - 1]
        label = raw.endswith((":", "=")) and raw[:-1].casefold() in _NOUNS
        return label or raw.rstrip("=") in _OPTIONS

    def _heads_line(self, place: Place) -> bool:
        begin = max(at for at in self._beginnings if at <= place.start)
        greeted = zip(self._raw[begin : place.start], self.folded[begin : place.start], strict=True)
        if not all(raw.casefold() in _GREETING or word in _GREETING or _PERSON.fullmatch(raw) for raw, word in greeted):
            return False
        # Without an article a word is no thing that says something.
        if self._has(place.end) and self.folded[place.end] in _SAYS:
            return not self._has(place.end + 1) or self.folded[place.end + 1] not in _PEOPLE
        has_dash = self._has(place.end) and _DASH.fullmatch(self._raw[place.end]) is not None
        return has_dash or self._raw[place.end - 1].rstrip("*_").endswith(":")

    def _follows(self, place: Place, names: Mapping[int, int]) -> bool:
        before, further = self._before(place.start), self._before(place.start, 2)
        is_called = before in _NOUNS or (before in _CALLED and further in _NOUNS)
        return (before in _INSIDE or is_called) and self.ends(place, names)

    def _is_called_org(self, place: Place) -> bool:
        is_noun = self._has(place.end) and self.folded[place.end] in _NOUNS
        return is_noun and self._before(place.start) not in _ANY

    def _has(self, index: int) -> bool:
        """Whether a word stands there, in the line of the one before."""
        return index < len(self._raw) and index not in self._beginnings

    def _goes_on(self, index: int, names: Mapping[int, int]) -> bool:
        """Whether a sentence goes on there with what is no part of a name, further names of a list left out."""
        while self._has(index) and self._raw[index].casefold() in _JOINING:
            index = names.get(index + 1, index + 1)
            if _CLOSED.search(self._raw[index - 1]):
                return True
        if not self._has(index):
            return True
        raw, word = self._raw[index], self.folded[index].replace("\u2019", "'")
        return word in _GOES_ON | _NOUNS or _CODE.fullmatch(raw) is not None or not raw[0].isalnum()


def said(places: Sequence[Place], orgs: Sequence[str], words: Words, told: Iterable[str]) -> list[str]:
    """The names, as ``orgs`` spell them for each place, that a text uses as names.

    ``told``: what an error was recognised by. A word in there is the error's.
    """
    in_error = words.covered(told)
    names = {place.start: place.end for place in places}
    spelled = list(zip(places, orgs, strict=True))
    free = {place: in_error.isdisjoint(range(place.start, place.end)) for place in places}
    sure = {
        place
        for place, name in spelled
        if not is_word(name) or (free[place] and (words.is_typed(place, name) or words.say_org(place, names)))
    }
    for one, other in pairwise(places):  # "in prod and legacy"
        if one in sure and other not in sure and free[other] and words.joined(one, other) and words.ends(other, names):
            sure.add(other)
    for one, other in reversed(list(pairwise(places))):  # "legacy and prod both"
        if other in sure and one not in sure and free[one] and words.joined(one, other):
            sure.add(one)
    return list(dict.fromkeys(name for place, name in spelled if place in sure))
