"""Whether a text tells how things always are, in sentences about nobody: *A blocked app stays blocked*."""

from __future__ import annotations

import re

_NOBODYS = (
    r"(?:(?:an?|any) (?:\w+ ){0,3}(?:user|admin|administrator|app|token|session|password|connection|org|sandbox)\b|"
    r"(?:(?:new|refresh|access|connected|salesforce|api|oauth|login|ip|external|client|app) ){0,3}"
    r"(?:users|admins|administrators|customers|sessions|tokens|apps|profiles|permissions|policies|orgs|people"
    r"|members|ranges|connections|sandboxes|sites)(?! (?:are|have|not)\b))\b"
)
_NOTE = r"(?:(?:notes?|important|tip|warning|caution|exceptions?|remember|info|fyi)\W{1,3})?(?:only )?"
_WHERE = r"(?:(?:in|with|under|by|for|on) [\w ]{1,30}?,? |(?:if|when|whenever|once) )?"
_HOW_TO = r"to [a-z]+ (?:\w+ ){1,12}?\w+,|salesforce [a-z]+s (?:an?|the|any|all|every) "
_OPENS = re.compile(rf"\W{{0,20}}{_NOTE}(?:{_WHERE}{_NOBODYS}|{_HOW_TO})", re.IGNORECASE)
_RULE = re.compile(
    rf"\W{{0,20}}{_NOTE}{_WHERE}(?:any|all|every|each)?\s?\w+ (?:who|that) (?:are|do|have|lack)\b", re.IGNORECASE
)
_HERE = re.compile(
    r"\b(?:errors?|exceptions?|fail\w*|my|our|ours|we|i|me|us|this|these|today|yesterday|tonight|now|since|still"
    r"|again|can'?t|cannot|can not|could|couldn'?t|unable|denied|invalid|suddenly|any ?more|no longer|got|gets|getting"
    r"|(?:users|sessions|tokens|apps|connections|orgs) (?:expired|revoked|blocked|disconnected|stopped|dropped|lost)"
    r"|stopped|ended|broke|refused|says|was|were|been|help|please|stuck|broken|[1-5]\d\d)\b|[\"“«?]|_",
    re.IGNORECASE,
)
_WRONG = re.compile(r"\b(?:errors?|exceptions?|fail\w*|my|we|i|invalid|says|was|were|[1-5]\d\d)\b|_", re.IGNORECASE)
_ABROAD = re.compile(r"[^\W\d_a-zA-Z]")  # letters of other languages, in which *a* means something else
_LONGEST = 400  # letters; a longer text tells more than one rule. Trial 0 / 0, no test


def is_general_statement(readable: str) -> bool:
    """Whether a short text opens with a rule about anybody, and nothing in it happened here and now."""
    if len(readable) > _LONGEST or _ABROAD.search(readable):
        return False
    if _RULE.match(readable):
        return _WRONG.search(readable) is None
    return _OPENS.match(readable) is not None and _HERE.search(readable) is None
