"""Which orgs a text speaks of: by their hosts, their ids, or their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bot.domain.conversations.said_as_org import TRIM, Place, Words, said
from bot.domain.model import Org, short_id
from bot.domain.orgs.my_domain import PARTITIONS
from bot.domain.patterns import late
from bot.domain.recognition.unescape import unescape

_FEW_WORDS = 12  # who only names an org says little else; chosen by hand, not tuned
_LOOKED_AT = 2000  # characters of a text in which names are looked for
_PERSON = late(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_HOST = late(
    rf"(?<![\w.-])([a-z0-9][a-z0-9-]{{0,79}}(?:\.(?:{'|'.join((*PARTITIONS, 'stage'))}))?)"
    r"\.(my\.salesforce\.com|my\.salesforce-setup\.com|lightning\.force\.com|my\.salesforce\.mil)(?![\w-])"
)
_ORGANIZATION = late(r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12}(?:[A-Z0-5]{3})?(?![A-Za-z0-9])")
_GLUE = frozenset(
    "a actually ah also and as at both btw but by confusion correction definitely for from fyi get happened happens"
    " here hm hmm i i'm in instead is it it's its mean meant mistake mixup my no of oh on only oops org orgs our"
    " plus prob probably rather same sandbox sandboxes see so sorry that that's the there think this to too typo"
    " wait was way we we're well with wrong yes".split()
)
"""Words that may stand beside the names of orgs in a reply that does nothing but name them."""

_JOINED = late(r"[\s,;/+&]+")
"""What may stand between two names."""

_NOT = "not"
"""A name behind this word is the one that was meant wrongly: "uat, not prod"."""

MOST = 5
"""Orgs that a reply names; beyond that it lists them."""


def named_orgs(text: str, orgs: Sequence[Org]) -> tuple[Org, ...]:
    """The orgs that a reply names and does little else: by host or id, or by their names among small words."""
    if found := _shown_orgs(text, orgs):
        return found
    if len(spoken := _said(_PERSON.sub(" ", text))) > _FEW_WORDS:
        return ()
    by_name = {org.name.casefold(): org for org in orgs}
    words = _with_names(spoken, {name: _said(name) for name in by_name})
    taken_back = {other for word, other in pairwise(words) if word == _NOT}
    rest = dict.fromkeys(word for word in words if word in by_name or word not in _GLUE | {_NOT})
    if not taken_back <= by_name.keys() or not rest.keys() <= by_name.keys():
        return ()
    named = tuple(by_name[word] for word in rest if word not in taken_back)
    return named if len(named) <= MOST else ()


def meant_orgs(text: str, orgs: Sequence[Org], told: Iterable[str] = ()) -> tuple[Org, ...]:
    """The orgs that a text speaks of: by a host, an id, or else by their names as words of their own.

    A name that is an everyday word counts where the text says that it is a name, and never in what an error was
    recognised by, which is ``told``.
    """
    if not orgs:
        return ()
    if found := _shown_orgs(text, orgs):
        return found[:1]
    by_name = {org.name.casefold(): org for org in orgs}
    words = Words(text[:_LOOKED_AT])
    places = _named(words, by_name)
    if not places:
        return ()
    alone = {org.name for org in named_orgs(text, orgs)}
    meant = {*said(places, [by_name[place.name].name for place in places], words, told), *alone}
    names = dict.fromkeys(place.name for place in places)
    return tuple(by_name[name] for name in names if by_name[name].name in meant)[:MOST]


def _named(words: Words, names: Iterable[str]) -> list[Place]:
    """Where names stand among the words."""
    keys = {name: [word.strip(TRIM) for word in name.split()] for name in names}
    return [place for place in _places(words.folded, keys) if place.name in keys]


def _said(text: str) -> list[str]:
    """The words of a reply, as they are compared."""
    folded = text.casefold().replace("\u2019", "'")
    return [word for raw in _JOINED.split(folded) if (word := raw.strip(TRIM))]


def _with_names(words: Sequence[str], keys: Mapping[str, Sequence[str]]) -> list[str]:
    """The words, with the name of an org as one where its words follow one another."""
    return [place.name for place in _places(words, keys)]


def _places(words: Sequence[str], keys: Mapping[str, Sequence[str]]) -> list[Place]:
    """The same with where each stands: the longest name that stands there, or else the word."""
    longer = sorted((name for name, key in keys.items() if len(key) > 1), key=lambda name: -len(keys[name]))
    found, at = list[Place](), 0
    while at < len(words):
        name = next((name for name in longer if list(words[at : at + len(keys[name])]) == list(keys[name])), "")
        end = at + (len(keys[name]) if name else 1)
        found.append(Place(name or words[at], at, end))
        at = end
    return found


def meant_org(text: str, orgs: Sequence[Org], told: Iterable[str] = ()) -> Org | None:
    """The one org that a text speaks of; None where it speaks of none, or of several."""
    found = meant_orgs(text, orgs, told)
    return found[0] if len(found) == 1 else None


def without_orgs(text: str, orgs: Sequence[Org]) -> str:
    """``text`` without the orgs that it names: what is asked is the same in each of them."""
    by_name = {org.name.casefold(): org for org in orgs}
    # Nothing is told of an org here, so a name may be only a word, too.
    found = _shown_orgs(text, orgs) or [by_name[place.name] for place in _named(Words(text[:_LOOKED_AT]), by_name)]
    names = sorted({org.name for org in found}, key=len, reverse=True)
    among = "|".join(map(re.escape, names))
    named = rf"(?:\b(?:at|for|from|in|into|of|on|to)\s+)?(?:\b(?:my|our|the)\s+)?(?<![\w-])(?:{among})(?![\w-])"
    return re.sub(named, " ", text, flags=re.IGNORECASE) if names else text


def hosts_in(readable: str) -> set[str]:
    """The orgs' addresses in a text, as My Domain hosts."""
    found = _HOST.findall(readable.lower())
    return {f"{name}.my.salesforce.{'mil' if suffix.endswith('.mil') else 'com'}" for name, suffix in found}


def _shown_orgs(text: str, orgs: Sequence[Org]) -> tuple[Org, ...]:
    """The orgs whose host or id a text shows."""
    readable = unescape(text) if "force" in text.casefold() or "00D" in text else ""
    hosts, ids = hosts_in(readable), set(map(short_id, _ORGANIZATION.findall(readable)))
    return tuple(org for org in orgs if org.host in hosts or short_id(org.organization_id) in ids)
