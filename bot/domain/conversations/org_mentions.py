"""Which org a text speaks of: by its host, its id, or its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.model import Org, short_id
from bot.domain.orgs.my_domain import PARTITIONS
from bot.domain.recognition.unescape import unescape

_FEW_WORDS = 12  # who only names an org says little else; chosen by hand, not tuned
_PERSON = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_TRIM = ".,:;!?()'\"`*_~"
_HOST = re.compile(
    rf"(?<![\w.-])([a-z0-9][a-z0-9-]{{0,79}}(?:\.(?:{'|'.join((*PARTITIONS, 'stage'))}))?)"
    r"\.(my\.salesforce\.com|my\.salesforce-setup\.com|lightning\.force\.com|my\.salesforce\.mil)(?![\w-])"
)
_ORGANIZATION = re.compile(r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12}(?:[A-Z0-5]{3})?(?![A-Za-z0-9])")
_GLUE = frozenset(
    "a ah and at definitely for from happened happens here i in is it it's its mean my no of on only org our prob"
    " probably sandbox so sorry that that's the there think this to was we with yes".split()
)
"""Words that may stand beside an org's name in a reply that does nothing but name it."""


def named_org(text: str, orgs: Sequence[Org]) -> Org | None:
    """The org that a reply names and does little else: by its host or id, or by its name among small words."""
    if found := _shown_org(text, orgs):
        return found
    words = [word for raw in _PERSON.sub(" ", text).casefold().split() if (word := raw.strip(_TRIM))]
    rest = [word for word in words if word not in _GLUE]
    if len(words) > _FEW_WORDS or len(rest) != 1:
        return None
    return next((org for org in orgs if org.name.casefold() == rest[0]), None)


def meant_org(text: str, orgs: Sequence[Org]) -> Org | None:
    """The org that a text speaks of: by its host, its id, or its name as a word of its own."""
    words = {word.strip(_TRIM).casefold() for word in text[:2000].split()}
    return _shown_org(text, orgs) or next((org for org in orgs if org.name.casefold() in words), None)


def hosts_in(readable: str) -> set[str]:
    """The orgs' addresses in a text, as My Domain hosts."""
    found = _HOST.findall(readable.lower())
    return {f"{name}.my.salesforce.{'mil' if suffix.endswith('.mil') else 'com'}" for name, suffix in found}


def _shown_org(text: str, orgs: Sequence[Org]) -> Org | None:
    """The org whose host or id a text shows."""
    readable = unescape(text) if "force" in text.casefold() or "00D" in text else ""
    hosts, ids = hosts_in(readable), set(map(short_id, _ORGANIZATION.findall(readable)))
    return next((org for org in orgs if org.host in hosts or short_id(org.organization_id) in ids), None)
