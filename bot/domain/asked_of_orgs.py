"""What is said of one org and a verb answers: who gets in, who looks after it, when was it read, it still fails."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.org_questions import is_short, is_small, leading, words_of
from bot.domain.patterns import late
from bot.domain.phrases import followed_in_vain

_GET_IN = r"(?:(?:have|has|get|gets) (?:any )?)?access|log(?:s| )?in|sign in|connect|gets? in|be let in"
_IN = rf"(?:{_GET_IN})(?: to| in| into)*"
_CANNOT = r"(?:can['’]?t|can ?not|could(?:n['’]t| not)|may)"
_OPEN = r"(?:not (?:yet )?ready|open|missing|broken|failing|red|like (?:this|that))"
_CHANGED = "added|approved|blocked|changed|installed|removed|unblocked|uninstalled"
_READ = "asked|checked|looked at|read|refreshed|updated"
_EVERYBODY = frozenset(
    "anybody anyone everybody everyone it people someone somebody that they this users we you".split()
)
_LOOKS_AFTER = "responsible for|in charge of|the owner of|looking after|taking care of"

_LINES = {
    rf"(?:do|can|may|could|should|am) i (?:able to |allowed to )?{_IN} (?P<org>.+)": "access {org} me",
    rf"(?:does|can|may|could|should) (?P<who>\S+) {_IN} (?P<org>.+)": "access {org} {who}",
    rf"why {_CANNOT} i (?:not )?{_IN} (?P<org>.+)": "access {org} me",
    rf"why {_CANNOT} (?P<who>\S+) (?:not )?{_IN} (?P<org>.+)": "access {org} {who}",
    rf"who (?:all )?(?:can |may |could )?{_IN} (?P<org>.+)": "status {org} details",
    rf"who (?:has )?(?:{_CHANGED}) .{{1,60}} (?:in|on|at|from|for) (?P<org>.+)": "status {org} details",
    rf"who is (?:{_LOOKS_AFTER}) (?P<org>.+)": "owner {org}",
    r"who (?:can|could|will|would) help(?: me| us)? (?:with|in|on|about) (?P<org>.+)": "owner {org}",
    r"whom? (?:can|do|should|could) (?:i|we) (?:ask|contact|talk to) (?:about|for) (?P<org>.+)": "owner {org}",
    rf"when (?:was|were|has) (?P<org>.+?) (?:been )?(?:last )?(?:{_READ})(?: last)?": "status {org}",
    rf"(?:since when|how long|for how long) (?:is|was|has) (?P<org>.+?) (?:been )?{_OPEN}": "status {org}",
    r"when (?:will|is) (?P<org>.+?) (?:be )?(?:ready|done|finished|fixed)": "status {org}",
    r"(?:how (?:do|can) (?:i|we) |how to )?(?:fix|repair) (?P<org>.+)": "status {org} steps",
}
_FORMS = tuple((late(form, re.IGNORECASE), line) for form, line in _LINES.items())


def asked_of_org(text: str, names: Sequence[str]) -> str | None:
    """The line that answers such a question about an org of these ``names``; None where it is another."""
    if not is_short(text):
        return None
    said = " ".join(text.strip().rstrip(" ?!.").split())
    for form, line in _FORMS:
        if found := form.fullmatch(said):
            org, who = _named(found["org"], names), found.groupdict().get("who", "")
            if org and who.casefold() not in _EVERYBODY:
                return line.format(org=org, who=who)
    return None


def still_failing(text: str, names: Sequence[str]) -> str | None:
    """The one org of which somebody says that it still fails: "installed it in uat, still the same error"."""
    if not is_short(text):
        return None
    found: list[str] = []
    for name in sorted(names, key=len, reverse=True):
        word = rf"[`'\"*]?{re.escape(name)}[`'\"*]?(?![\w-])"
        text, here = re.subn(rf"(?i)\s(?:at|for|in|of|on|with)\s+(?:(?:my|our|the)\s+)?{word}", "", f" {text}")
        text, more = re.subn(rf"(?i)(?<![\w-]){word}", "it", text)
        found += [name] if here or more else []
    return found[0] if len(found) == 1 and followed_in_vain(text.strip()) else None


def _named(said: str, names: Sequence[str]) -> str:
    """The org that is named, with small words around it at most."""
    org, rest = leading(said, names) or ("", "")
    return org if all(map(is_small, words_of(rest))) else ""
