"""The built-in guidance, its article and a matcher over it, made once for all tests."""

from __future__ import annotations

from bot.adapters.library import load
from bot.domain.recognition.guidance import Guidance, Pattern, Specificity
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.pattern import parts, readings

GUIDANCE: Guidance = load()[0]
ARTICLE = GUIDANCE.article
MATCHER = Matcher(GUIDANCE)


def spoken(pattern: Pattern) -> str:
    """A text that shows this pattern and nothing else."""
    text = " ".join(readings(part)[0] for part in parts(pattern))
    return text if pattern.specificity is Specificity.SALESFORCE else f"Salesforce error: {text}"


def topic(text: str, *, asked: bool = False) -> str:
    """The topic that a text is answered with, ``none`` for silence."""
    entry = MATCHER.recognise(text, asked=asked).entry
    return entry.topic if entry else "none"
