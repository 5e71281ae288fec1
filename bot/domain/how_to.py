"""How something is done that a verb does: ``help me connect prod``, ``how do I snooze uat?``, ``help with tags``.

Nothing is carried out, because it was asked how: whoever asks sees the verb's forms, with the line filled in. A
question that says more than that is left to be one: ``connect`` is said of many things that are no org.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import org_questions
from bot.domain.other_words import is_time_word, meant_by
from bot.domain.patterns import late
from bot.domain.verbs import BY_NAME, VERBS, Verb

_LONGEST = 14  # words

_SOMEBODY = "i|we|you|one|someone|somebody|anyone|anybody"
_POLITE = rf"(?:(?:please|pls|hi|hey|hello|so|ok|okay|and|can|could|would|will|{_SOMEBODY}) )*"
_LEAD = late(
    rf"{_POLITE}(?:"
    r"help(?: me| us)?(?: out)?(?: with| to| on)?"
    r"|(?:i|we) need (?:some |your )?help(?: with| to| on)?"
    rf"|how (?:(?:do|can|could|would|should|does|may|must) (?:{_SOMEBODY})|to)"
    rf"|(?:show|tell|teach) (?:me |us )?how (?:to|(?:{_SOMEBODY})(?: can)?)"
    r"|what (?:do i type|is the command)(?: to| for)?"
    r"|(?:(?:i|we) (?:want|need|have|would like)|i'd like|we'd like|where (?:do|can) (?:i|we)) ?(?:to)?"
    r") (?:please )?(?P<what>.+)"
)
_DOING = (
    "(?:set|switch|turn)(?: up| on| off)?|setup|create|make|get|change|edit|use|add|configure|enable|disable|stop"
    "|manage|see|find|choose|schedule|start"
)
_MADE = late(rf"(?:{_DOING}) (?P<what>.+)")
_LET_IN = late(
    r"(?:give|grant|allow|provide|add|enable|assign|set up) (?:\S+ ){0,6}?access\b(?P<org>.*)"
    r"|let (?:\S+ ){1,4}?(?:in|into)\b(?P<to>.*)"
)
"""That somebody is to be let in."""
_GET_IN = late(r"(?:get|gain|obtain|request|ask for|receive) (?:\S+ )?access\b(?P<org>.*)")
_BEFORE = late(r"(?:(?:a|an|another|the|my|our|your|new|some|all|again) )+")

_NO_QUESTION = frozenset({"help", "explain", "guide", "version", "privacy"})
"""Verbs that are their own help."""
_NOUNS = dict.fromkeys("alert alerts digest digests notification notifications reminder reminders".split(), "remind")
_MADE_OF = {
    **{form: verb for verb in VERBS if not verb.is_pressed for form in (verb.name, f"{verb.name}s")},
    **{f"{verb.name.removesuffix('e')}ing": verb for verb in VERBS if not verb.is_pressed},
    **{word: BY_NAME[name] for word, name in {**_NOUNS, "tagging": "tag", "ownership": "owner"}.items()},
}
_JOINERS = frozenset("about for from in of on to with".split())
_AROUND = frozenset(
    "a again an another at day each environment every here it me my new now org orgs our please salesforce sandbox"
    " sandboxes thanks that the them this those too us".split()
)


@dataclass(frozen=True, slots=True)
class HowTo:
    """The verb that does it, and the line that begins it; "" where only whoever asks can say more."""

    verb: Verb
    line: str = ""


def how_to(text: str, names: Sequence[str]) -> HowTo | None:
    """What does what a text asks how to do; None where it asks something else. ``names`` are the orgs'."""
    if len(text.split()) > _LONGEST or "\n" in text.strip():
        return None
    said = _LEAD.fullmatch(" ".join(org_questions.words_of(text)))
    if said is None:
        return None
    if of_access := _of_access(said["what"], names):
        return of_access
    made = _MADE.fullmatch(said["what"])
    of_verb = _of_verb(said["what"], names) or (_of_verb(made["what"], names) if made else None)
    if of_verb:
        return of_verb
    line = next(iter(meant_by(said["what"], names)), "")
    verb = BY_NAME.get(line.partition(" ")[0])
    return HowTo(verb, line) if verb else None


def _of_access(what: str, names: Sequence[str]) -> HowTo | None:
    """What lets somebody in, or tells whether it would."""
    for form, verb, behind in ((_LET_IN, "grant", ""), (_GET_IN, "access", " me")):
        if found := form.fullmatch(what):
            org, others = _org_in(found[found.lastgroup or 0].split(), names)
            if org or _AROUND.union(_JOINERS).issuperset(others):
                return HowTo(BY_NAME[verb], f"{verb} {org}{behind}" if org else "")
    return None


def _of_verb(what: str, names: Sequence[str]) -> HowTo | None:
    first, *rest = _BEFORE.sub("", what, count=1).split() if _BEFORE.match(what) else what.split()
    verb = _MADE_OF.get(first)
    if verb is None or verb.name in _NO_QUESTION:
        return None
    org, others = _org_in(rest, names)
    strange = [word for word in others if word not in _AROUND and not is_time_word(word)]
    if not org and verb.name == "connect" and len(strange) == 1 and rest[-1:] == strange:
        return HowTo(verb, f"connect {strange[0]}") if _JOINERS.isdisjoint(rest) else None
    if strange and not (org and set(strange) <= _JOINERS):
        return None
    if org and verb.names_org:
        return HowTo(verb, f"{verb.name} {org}")
    return HowTo(verb, verb.name if any(usage.words == "" for usage in verb.usages) else "")


def _org_in(words: Sequence[str], names: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The first org that is named, and the words around it."""
    for start in range(len(words)):
        if found := org_questions.beginning(words[start:], names):
            return found[0], [*words[:start], *found[1].split()]
    return "", words
