"""Which org a text speaks of: by its host, its id, or its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.model import Org, short_id
from bot.domain.recognition.entries import Hints

_FEW_WORDS = 12  # who only names an org says little else; chosen by hand, not tuned
_PERSON = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_TRIM = ".,:;!?()'\"`*_~"
_GLUE = frozenset(
    "a ah and at definitely for from happened happens here i in is it it's its mean my no of on only org our prob"
    " probably sandbox so sorry that that's the there think this to was we with yes".split()
)
"""Words that may stand beside an org's name in a reply that does nothing but name it."""


def named_org(text: str, hints: Hints, orgs: Sequence[Org]) -> Org | None:
    """The org that a reply names and does little else: by its host or id, or by its name among small words."""
    if found := _hinted_org(hints, orgs):
        return found
    words = [word for raw in _PERSON.sub(" ", text).casefold().split() if (word := raw.strip(_TRIM))]
    rest = [word for word in words if word not in _GLUE]
    if len(words) > _FEW_WORDS or len(rest) != 1:
        return None
    return next((org for org in orgs if org.name.casefold() == rest[0]), None)


def meant_org(text: str, hints: Hints, orgs: Sequence[Org]) -> Org | None:
    """The org that a text speaks of: by its host, its id, or its name as a word of its own."""
    words = {word.strip(_TRIM).casefold() for word in text[:2000].split()}
    return _hinted_org(hints, orgs) or next((org for org in orgs if org.name.casefold() in words), None)


def _hinted_org(hints: Hints, orgs: Sequence[Org]) -> Org | None:
    """The org whose host or id a text shows."""
    shown = set(map(short_id, hints.organization_ids)) - {""}
    return next((org for org in orgs if org.host in hints.hosts or short_id(org.organization_id) in shown), None)
