"""What a pattern that was found is worth: whose error the text shows, whether it shows one, how deep the cause lies."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from bot.domain.recognition.guidance import OURS, Context, Pattern, Specificity
from bot.domain.recognition.pattern import is_code, is_context, is_definite
from bot.domain.recognition.pattern_index import PatternMatch

_SHAPES = {
    # Error numbers: Microsoft's, Oracle's, Okta's, a database's SQLSTATE, a mail server's.
    Context.FOREIGN: re.compile(
        r"\b(?:(?i:aadsts)\d{5}|AADB2C\d{5}|(?:ORA|TNS|DPY)-\d{4}|TF\d{5}|E0000\d{3}|SQLSTATE\W{1,3}\w{5}"
        r"|53\d[ :-]{1,2}5\.7\.)|[(\[](?:08|28)[\dP]\d{2}[)\]]"
    ),
    # An envelope with a number for a code, gRPC, and the token endpoint of a host that is not Salesforce's.
    Context.OTHERS: re.compile(
        r"\"code\"\s?:\s?\"?\d{2}|\brpc error: code|\bgrpc\.StatusRuntime|\"status\"\s?:\s?\"UNAUTHENTICATED"
        r"|https?://(?![^\s/]*(?:salesforce|\bforce\.com|localhost|127\.))[^\s/]+/(?!services/)\S{0,80}\btokens?\b"
    ),
    # How Salesforce's command line begins an error.
    Context.SETUP: re.compile(r"^\W{0,4}Error \(\w+\): ", re.MULTILINE),
    # *Zapier can't reach our CRM*, but neither *Zoho CRM* nor *ask the CRM team*: asked, 93 texts of the corpus are
    # answered rightly by it, and 2 that are another's.
    Context.GENERIC: re.compile(
        r"(?i:(?:^|[^\w\s.@/-] ?|\n|\b(?:the|our|their|to|into|from|of|in|with|and|my|for) )crm"
        r"|\b(?:the|our|their|prod|production) org\b)(?![\w:/@]|[.-]\w|(?:'s)? (?:admin|team|list|side|member|owner))"
    ),
}
"""What no word tells: of whom a text speaks, by the shapes of ids, error numbers, envelopes, addresses and words."""
_BESIDE = {Context.CODES, Context.GENERIC, Context.NAMES, Context.NICKNAMES}
"""Hints at Salesforce, beside which a sentence counts that others print, too."""
# How much shallower than a described cause one is that everyday words tell, or a bare code names: a cause told in
# everyday words, 1.8, comes between a symptom described, 2, and one that only its code names, 1.5. Without the first 75
# of 47,678 answers to the corpus change, 54 for the worse and 10 for the better; without the second, which is for
# reasons beside the code of what they explain, 10, all for the worse.
_EVERYDAY_PENALTY = 1.2
_CODE_PENALTY = 0.5


def context_of(matches: Sequence[PatternMatch], readable: str) -> set[str]:
    """What a text is about, beside its patterns."""
    context = {match.pattern.entry_id for match in matches if is_context(match.pattern)}
    context |= {entry for entry, shape in _SHAPES.items() if shape.search(readable)}
    return context | {Context.FOREIGN} if Context.OUTGOING in context and Context.CALLED not in context else context


def counting(matches: Sequence[PatternMatch], context: set[str], clauses: Sequence[int] = ()) -> list[PatternMatch]:
    """The patterns that say something in a text of this context.

    ``clauses``: the words where clauses end. The last name before an error says whose it is: where that clause names
    another vendor alone, Salesforce's name elsewhere does not make it Salesforce's.
    """
    names: dict[int, set[str]] = defaultdict(set)
    for name in matches:
        if name.pattern.entry_id in {*OURS, Context.OTHERS}:
            for start in name.starts:
                names[bisect_right(clauses, start)].add(name.pattern.entry_id)
    naming = sorted(names)

    def context_at(word: int) -> set[str]:
        before = bisect_right(naming, bisect_right(clauses, word))
        is_disowned = before > 0 and names[naming[before - 1]] == {Context.OTHERS}
        return context - OURS if is_disowned else context

    signs = (match.pattern for match in matches if not is_context(match.pattern))
    beside = not context.isdisjoint(_BESIDE) or any(is_definite(sign, Specificity.SALESFORCE) for sign in signs)
    return [match for match in matches if counts(match.pattern, context_at(max(match.starts)), beside=beside)]


def counts(pattern: Pattern, context: set[str], *, beside: bool) -> bool:
    """Whether a pattern says something, given whose error the text shows and whether it shows one at all.

    ``beside``: whether a code or a hint at Salesforce stands in the text; of a sentence alone nobody knows whose it is.
    """
    # The order matters: what nobody but Salesforce prints counts whatever else is said, so it comes first; what speaks
    # against every other pattern comes next, what asks for something beside it last.
    if is_context(pattern):
        return False
    is_others = Context.OTHERS in context and Context.SALESFORCE not in context
    if pattern.specificity is Specificity.SALESFORCE and not (is_others and ".." in pattern.text):
        return True
    if Context.FOREIGN in context:
        return False
    if pattern.specificity <= Specificity.SHARED:
        return is_ours(context) or (beside and Context.OTHERS not in context)
    return is_ours(context)


def is_ours(context: set[str]) -> bool:
    """Whether a text speaks of Salesforce: by its name, or by Setup's where no other vendor is named."""
    return Context.SALESFORCE in context or (Context.SETUP in context and Context.OTHERS not in context)


def ranked(matches: Sequence[PatternMatch]) -> list[PatternMatch]:
    """Patterns of the deepest cause first; of equal ones the longest pattern, then the first in the text."""
    return sorted(matches, key=lambda match: (-depth_of(match.pattern), -match.words, max(match.starts)))


def depth_of(pattern: Pattern) -> float:
    """How much a pattern says of the cause: a description more than a code alone, everyday words least."""
    if pattern.specificity is Specificity.COMMON:
        return pattern.depth - _EVERYDAY_PENALTY
    return pattern.depth - (_CODE_PENALTY if is_code(pattern.text) else 0.0)
