"""Which orgs somebody means: all, sandboxes or production, ready or not, by tag and by name; in their words and ours.

Pure, so that whatever shows, checks or reminds of some of the orgs picks them by the same words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import code
from bot.domain.model import Diagnosis, Org, Verdict
from bot.domain.name_lists import one_or_more_leading, parts_of_list
from bot.domain.org_questions import (
    ALL,
    NEGATED,
    exact,
    folded,
    is_every,
    is_filler,
    is_org_word,
    is_short,
    is_small,
    is_strong,
    words_of,
)

_SANDBOX = frozenset("sandbox sandboxes sbx".split())
_PRODUCTION = frozenset("prod prods production productions".split())
_NEITHER = {"non-sandbox": False, "non-sandboxes": False, "non-prod": True, "nonprod": True, "non-production": True}
_NOT = frozenset("no non not without".split()) | NEGATED
_NOT_READY = frozenset("incomplete not-ready notready pending unfinished unready".split())
_DONE = frozenset("done finished ready through".split())
_NEEDING = frozenset("need needing needs".split())
_JOINING = frozenset("and or plus".split())
_MARKS = frozenset("tag tagged tags".split())
_LEAVING = (("except", "for"), ("apart", "from"), ("aside", "from"), ("other", "than"))
_LEAVING_WORDS = frozenset("besides but except excepting excluding minus without".split())
"""What stands behind some of the orgs and before those of them that are left out: "all but", "sandboxes except"."""
_BESIDE = frozenset("besides but without".split())
"""Those of them that say something else where nothing stands before them."""
_OR, _BUT = " or ", " but "  # as our own lines say it
_ONES = "ones"
_PICKING = frozenset({"which", _ONES})
_SHOWING = frozenset("just list only see show".split())
"""With one of these "production" is what is to be seen, with nothing else that is asked of it."""
_OPENING = frozenset(
    "are can could did do does had has have how if is tell was were what what's which who whether".split()
)
"""With one of these "ready" is what is asked, not which orgs are meant."""
_LONGEST, _STRANGE = 12, 5
"""Words of a line that chooses orgs, and how many of them may be names and tags. Chosen by hand, not tuned."""
_DIGITS = 5  # of a page's number
_BETWEEN = 2  # small words between "not" and "ready": "not yet quite ready"

_NAMES = frozenset({"prod", "prods"})  # what production orgs are called for short, and many an org
_CHOOSING = (
    frozenset().union(_SANDBOX, _PRODUCTION, _NEITHER, _NOT_READY, {"ready"}, _JOINING, _MARKS, _LEAVING_WORDS) - _NAMES
)
MEANT = _CHOOSING | _NOT | _DONE
"""Words that mean something of their own here, so that no tag can be one of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives: the orgs that have one of the ``tags``, and those of these ``names``.

    ``marked``: it was said that tags are meant, where an org has the name of one, too.
    """

    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    marked: bool = False

    def joined(self, more: Group) -> Group:
        """These and more of them, each once however often it was said."""
        tags, names = dict.fromkeys(self.tags + more.tags), dict.fromkeys(self.names + more.names)
        return Group(tuple(tags), tuple(names), self.marked or more.marked)

    def has(self, org: Org) -> bool:
        """Whether an org is among them."""
        return not set(self.tags).isdisjoint(org.tags) or folded(org.name) in map(folded, self.names)

    @property
    def line(self) -> str:
        """As it is typed."""
        return _OR.join([*(f"tag {tag}" if self.marked else tag for tag in self.tags), *self.names])


@dataclass(frozen=True, slots=True)
class Selection:
    """Some of the orgs: those that fit everything said here. None, or no group, leaves it open.

    Those of ``but`` are left out.
    """

    sandbox: bool | None = None
    ready: bool | None = None
    groups: tuple[Group, ...] = ()
    but: Group = Group()

    @property
    def is_all(self) -> bool:
        """Whether it leaves nothing out."""
        return self == Selection()

    @property
    def whole(self) -> Selection:
        """The same, ready or not."""
        return replace(self, ready=None)

    @property
    def names(self) -> tuple[str, ...]:
        """The orgs that are named, where nothing else chooses among them."""
        is_open = self.sandbox is None and self.but == Group()
        only = self.groups[0] if len(self.groups) == 1 and is_open else Group()
        return () if only.tags else only.names

    @property
    def only(self) -> str:
        """The one org that is named, where nothing else is said; "" for any other."""
        return self.names[0] if len(self.names) == 1 and self.ready is None else ""

    @property
    def line(self) -> str:
        """As it is typed; read again it is the same."""
        ready = {True: "ready", False: "not ready", None: ""}[self.ready]
        kind = {True: "sandboxes", False: "production", None: ""}[self.sandbox]
        line = " ".join(word for word in (*(group.line for group in self.groups), ready, kind) if word) or ALL
        return line if self.but == Group() else f"{line}{_BUT}{self.but.line}"

    def may_have(self, org: Org) -> bool:
        """Whether an org that is still to be read can be among them."""
        is_of_kind = None in (self.sandbox, org.sandbox) or self.sandbox is org.sandbox
        return is_of_kind and self._fits_groups(org)

    def has(self, found: Diagnosis) -> bool:
        """Whether an org is among them, as it was read."""
        fits_kind = self.sandbox is None or self.sandbox is is_sandbox(found)
        fits_ready = self.ready is None or self.ready is (found.verdict is Verdict.READY)
        return fits_kind and fits_ready and self._fits_groups(found.org)

    def _fits_groups(self, org: Org) -> bool:
        return all(group.has(org) for group in self.groups) and not self.but.has(org)

    def of(self, diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
        """Those of ``diagnoses`` that are meant, in the order given."""
        return [found for found in diagnoses if self.has(found)]

    def words(self, *, several: bool = True) -> str:
        """``sandboxes tagged `emea` that are not ready``: which orgs, in a sentence about ``several`` or one."""
        noun = _NOUNS[self.sandbox][several]
        verb = "are" if several else "is"
        ready = {True: f"that {verb} ready", False: f"that {verb} not ready", None: ""}[self.ready]
        said = " ".join(word for word in (noun, *map(_among, self.groups), ready) if word)
        if self.but == Group():
            return said
        every = "all " if several and said == noun and self.sandbox is None else ""
        left_out = f"those {_among(self.but)}" if self.but.tags else listed([*map(code, self.but.names)])
        return f"{every}{said}{'' if said == noun else ','} except {left_out}"


EVERY = Selection()
_NOUNS = {True: ("sandbox", "sandboxes"), False: ("production org", "production orgs"), None: ("org", "orgs")}


def _among(group: Group) -> str:
    tagged = f"tagged {_either(group.tags)}" if group.tags else ""
    called = f"called {_either(group.names)}" if group.names else ""
    return " or ".join(word for word in (tagged, called) if word)


def _either(words: Sequence[str]) -> str:
    *first, last = map(code, words)
    return f"{', '.join(first)} or {last}" if first else last


def is_sandbox(found: Diagnosis) -> bool | None:
    """Whether an org is a sandbox; None where nobody could tell."""
    known = found.facts.sandbox if found.facts else None
    return found.org.sandbox if known is None else known


def tagged(tag: str) -> Selection:
    """The orgs with a tag, whatever else is called that."""
    return Selection(groups=(Group((tag,), marked=True),))


def tags_of(orgs: Iterable[Org]) -> dict[str, list[str]]:
    """Every tag with the names of its orgs, both in the order in which they come."""
    found: dict[str, list[str]] = {}
    for org in orgs:
        for tag in org.tags:
            found.setdefault(tag, []).append(org.name)
    return found


def stands_for(text: str, orgs: Sequence[Org]) -> tuple[list[str], str] | None:
    """The names of the orgs that a text begins with a word for, all of them or those of a kind or tag, and the rest.

    Behind the word some of them may be left out by name. None where it begins with none. Which are sandboxes is what
    was known when they were connected.
    """
    first, _, more = text.partition(" ")
    word = folded(first)
    if tagged := tags_of(orgs).get(word):
        return _but_named(tagged, more, orgs)
    words = [word]
    while is_every(words[-1]) and more and is_org_word(folded(more.partition(" ")[0])):
        first, _, more = more.partition(" ")
        words.append(folded(first))
    kinds = [kind for each in words if (kind := _KINDS.get(each)) is not None]
    if not any(map(_is_for_some, words)):
        return None
    return _but_named([org.name for org in orgs if not kinds or org.sandbox is kinds[0]], more, orgs)


def _but_named(chosen: Sequence[str], more: str, orgs: Sequence[Org]) -> tuple[list[str], str]:
    """Those of ``chosen`` that ``more`` does not leave out, and what follows."""
    words = more.split()
    length = _leaving_at(words_of(" ".join(words[:2])))
    left_out, after = one_or_more_leading(" ".join(words[length:]), [org.name for org in orgs]) if length else ([], "")
    return ([name for name in chosen if name not in left_out], after) if left_out else ([*chosen], more)


def _leaving_at(words: Sequence[str]) -> int:
    """How many words at their beginning leave out what follows."""
    return 2 if tuple(words[:2]) in _LEAVING else int(bool(words) and words[0] in _LEAVING_WORDS)


def may_stand_for_some(text: str) -> bool:
    """The same, where nobody knows yet which orgs there are."""
    return _is_for_some(folded(text.partition(" ")[0]))


def _is_for_some(word: str) -> bool:
    return is_every(word) or is_org_word(word) or word in _KINDS


_KINDS = {"sandbox": True, "sandboxes": True, "production": False}


def with_page(selection: Selection, page: int) -> str:
    """A page of a selection, as it is typed."""
    return f"{selection.line} page {page}" if page > 1 else selection.line


def paged(text: str) -> tuple[str, int]:
    """What is typed before the number of a page, and that number; 1 where none is."""
    *words, before, number = ["", "", *text.split()]
    if before.casefold() == "page" and number.isascii() and number.isdecimal() and len(number) < _DIGITS:
        return " ".join(words[2:]), int(number)
    return text, 1


# --- reading -------------------------------------------------------------------------------------------


def read(text: str, names: Sequence[str] = (), tags: Iterable[str] = ()) -> Selection | None:
    """The orgs that a text means, and nothing else; None where some word of it says something else.

    A name comes before a tag of the same letters, unless the text says "tag" or "tagged".
    """
    reading = _Reading(_tokens(text), names, tags)
    return reading.selection() if reading.is_understood() else None


def mixed(text: str, names: Sequence[str], tags: Iterable[str] = ()) -> tuple[Selection, ...]:
    """What a text lists that joins names of orgs to what chooses among all: "uat and sandboxes"; () for any other.

    Read together they would be what both have in common, and nobody names an org to leave it out.
    """
    parts, known = parts_of_list(paged(text)[0]), list(tags)
    whole = read(paged(text)[0], names, known)
    if whole is not None and whole.but != Group():
        return ()  # what is joined there is left out
    found = [some for part in parts if (some := read(part, names, known)) is not None]
    if len(parts) < 2 or len(found) < len(parts):
        return ()
    named = [name for some in found if some.ready is None for name in some.names]
    others = [some for some in found if not some.groups]
    if not named or not others or len(found) > len([some for some in found if some.names]) + len(others):
        return ()
    return (Selection(groups=(Group(names=tuple(dict.fromkeys(named))),)), *dict.fromkeys(others))


def reread(line: str, names: Sequence[str], tags: Collection[str] = ()) -> Selection | None:
    """The orgs that a kept line means. None of ours says "prod" for production: there an org was called so.

    One that was left out and is there no more is left out still: the others are meant as before.
    """
    _, _, left_out = line.partition(_BUT)
    known = [*names, *(marked for tag in tags for marked in (tag, f"tag {tag}"))]
    gone = [name for name in left_out.split(_OR) if name and exact(name, known) is None]
    return read(line, [*names, *gone, *sorted(_NAMES - set(map(folded, [*names, *gone])))], tags)


def with_new_name(line: str, orgs: Sequence[Org], name: str, new: str) -> str:
    """A kept line that names the org that was called ``name``, with its new name; ``orgs`` are all that there are."""
    found = reread(line, [*(org.name for org in orgs), name], tags_of(orgs))
    if found is None or not any(folded(name) in map(folded, group.names) for group in (*found.groups, found.but)):
        return line
    *groups, but = (
        replace(group, names=tuple(new if folded(each) == folded(name) else each for each in group.names))
        for group in (*found.groups, found.but)
    )
    return replace(found, groups=tuple(groups), but=but).line


def may_be_name(text: str) -> bool:
    """Whether a text is what production orgs are called for short, and many an org."""
    return folded(text) in _NAMES


def strange_words(text: str) -> list[str] | None:
    """The words of a text that can be names and tags, if all others choose some of the orgs; None if none does.

    So a command is told from a sentence before anybody knows which names and tags there are.
    """
    if not is_short(text):
        return None
    words = _tokens(paged(text)[0])
    strange = [word for word in words if not (word in MEANT or is_small(word))]
    is_choice = len(words) <= _LONGEST and len(strange) <= _STRANGE and not _CHOOSING.isdisjoint(words)
    return strange if is_choice else None


def asked_about(text: str, names: Sequence[str] = (), tags: Iterable[str] = ()) -> Selection | None:
    """The same of a sentence that is no command: it must leave no doubt that some of the orgs are asked about."""
    if not is_short(text):
        return None
    reading = _Reading(_tokens(text), names, [tag for tag in tags if not is_small(tag)])
    if not reading.is_understood():
        return None
    found = reading.selection()
    if any(group.names and not group.tags for group in found.groups):
        return None  # of several orgs it is asked back which is meant
    has_tag = any(group.tags for group in found.groups)
    leaves_out = found.but != Group()
    return found if has_tag or leaves_out or _speaks_of_orgs(reading.words, found) else None


def _speaks_of_orgs(words: Sequence[str], found: Selection) -> bool:
    speaks = any(map(is_org_word, words)) or not _PICKING.isdisjoint(words)
    if found.sandbox is False:  # "is production ready?"
        return speaks or len(words) == 1 or any(map(is_strong, words)) or not _SHOWING.isdisjoint(words)
    return speaks and not found.is_all


def _tokens(text: str) -> list[str]:
    """The words as they are compared; a comma is a word of its own, for it joins."""
    parts = re.split(r"[,;]|(?<=\s)[&+/](?=\s)", text.replace("’", "'"))
    found = [word for part in parts for word in ("and", *words_of(part))]
    return found[1:]


class _Reading:
    """Reads one text, word by word."""

    def __init__(self, words: Sequence[str], names: Sequence[str], tags: Iterable[str]) -> None:
        self.words = words
        self._names = {tuple(words_of(name)): name for name in names}
        self._tags = {tuple(words_of(tag)): tag for tag in tags}
        self._kinds: set[bool] = set()
        self._readiness: set[bool] = set()
        self._groups: list[Group] = []
        self._but = Group()
        self._joined = self._marked = self._every = False
        self._leaving = self._left_some = False
        self._chosen_until = -1
        self._is_asked = bool(words) and (words[0] in _OPENING or not {"if", "whether"}.isdisjoint(words))

    def is_understood(self) -> bool:
        """Whether every word means something."""
        at = 0
        while at < len(self.words):
            chosen = self._one_org(at) or self._state(at) or self._kind(at)
            length = chosen or self._leave(at) or self._other(at)
            if not length:
                return False
            if chosen or self._is_every(self.words[at]) or (at == self._chosen_until and is_filler(self.words[at])):
                self._chosen_until = at + length
            at += length
        is_contrary = self._leaving and 2 in (len(self._kinds), len(self._readiness))
        return self._chooses() and (self._left_some or not self._leaving) and not is_contrary

    def _chooses(self) -> bool:
        return bool(self._kinds or self._readiness or self._groups or self._every)

    def selection(self) -> Selection:
        """What they mean together; "ready and not ready" is all."""
        kind, ready = ([*said] if len(said) == 1 else [None] for said in (self._kinds, self._readiness))
        return Selection(kind[0], ready[0], tuple(self._groups), self._but)

    def _one_org(self, at: int) -> int:
        """A name or a tag that begins here, the longest; how many words it has."""
        known = (*self._names, *self._tags)
        key = max((key for key in known if key and tuple(self.words[at : at + len(key)]) == key), key=len, default=())
        if not key:
            return 0
        is_tag = key in self._tags and (self._marked or key not in self._names)
        new = Group((self._tags[key],), (), self._marked) if is_tag else Group((), (self._names[key],))
        if self._leaving:
            return self._left(new, len(key))
        last = self._groups[-1] if self._groups else Group()
        if self._groups and (self._joined or (new.names and last.names)):
            self._groups[-1] = last.joined(new)
        elif new not in self._groups:
            self._groups.append(new)
        self._joined = False
        return len(key)

    def _leave(self, at: int) -> int:
        """What leaves out those that follow: "all but", "sandboxes except for".

        It stands right behind those that are meant, or first: "everything works except prod" says something else.
        """
        words = self.words[at : at + 2]
        length = _leaving_at(words)
        is_first = at == 0 and words[0] not in _BESIDE
        if not length or self._leaving or not _NOT.isdisjoint(words[1:]) or not (is_first or at == self._chosen_until):
            return 0
        self._leaving, self._marked, self._every = True, False, self._every or is_first
        return length

    def _left(self, left_out: Group, length: int) -> int:
        self._but, self._joined, self._left_some = self._but.joined(left_out), False, True
        return length

    def _state(self, at: int) -> int:
        """Whether they are ready: "ready", "not yet ready", "that need a step"."""
        word, after = self.words[at], self.words[at + 1 :]
        if word in _NOT_READY:
            return self._said(self._readiness, False, 1)
        if word in _NOT:
            done = next((n for n, other in enumerate(after[: _BETWEEN + 1]) if other in _DONE), None)
            if done is not None and all(map(is_small, after[:done])):
                return self._said(self._readiness, False, done + 2)
        if word in _NEEDING and after[:2] == ["a", "step"]:
            return self._said(self._readiness, False, 3)
        if word in _NEEDING and after[:1] == ["something"]:
            return self._said(self._readiness, False, 2)
        if word == "ready":
            return 1 if self._is_asked else self._said(self._readiness, True, 1)
        return 0

    def _kind(self, at: int) -> int:
        """Whether they are sandboxes."""
        word, after = self.words[at], self.words[at + 1 : at + 2]
        if word in _NEITHER:
            return self._said(self._kinds, _NEITHER[word], 1)
        if word in _NOT and after and after[0] in _SANDBOX | _PRODUCTION:
            return self._said(self._kinds, after[0] in _PRODUCTION, 2)
        if word in _SANDBOX | _PRODUCTION:
            return self._said(self._kinds, word in _SANDBOX, 1)
        return 0

    def _said(self, where: set[bool], value: bool, length: int) -> int:
        if self._leaving and (self._joined or not self._left_some):  # "all but the sandboxes"
            value, self._left_some = not value, True
        where.add(value)
        self._joined = False
        return length

    def _other(self, at: int) -> int:
        """What only stands between: how it joins, that tags come, that all are meant."""
        word = self.words[at]
        self._joined = self._joined or (word in _JOINING and (bool(self._groups) or self._leaving))
        self._marked = self._marked or word in _MARKS
        self._every = self._every or self._is_every(word)
        # A "not" that speaks of no state would leave out what it stands before.
        return int(word in _JOINING or word in _MARKS or word == _ONES or (is_small(word) and word not in _NOT))

    @staticmethod
    def _is_every(word: str) -> bool:
        return is_every(word) or is_org_word(word) or word in _PICKING
