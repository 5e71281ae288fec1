"""What phrases and patterns must be to be looked for: not endless, and more than words that are left out of texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod

from bot.adapters.library.yaml_nodes import YamlValue, one_of
from bot.domain.recognition.guidance import Pattern
from bot.domain.recognition.pattern import is_code, parts, readings, words_of
from bot.domain.recognition.tokens import raw_words

Concepts = Mapping[str, str]
"""Words that mean one thing, as alternatives ``a|b+c``, by the name that patterns use for them: ``<token>``."""
_CONCEPT = re.compile(r"<([^<>]*)>")
_MOST_READINGS = 512
"""Of one part with all its alternatives: over three times what the longest built-in one has, so that a team may teach
more words; beyond it a slip of the pen would cost memory and time that nothing is found by."""
_TELLING = 5  # letters from which on one word that is left of several tells something


def filled(item: YamlValue, concepts: Concepts) -> str:
    """The text of ``item`` with the words of its concepts in their places. Raises GuidanceError where there is none."""
    text = item.text()
    for name in _CONCEPT.findall(text):
        if name not in concepts:
            raise item.place.mistake(f"there is no concept {name}; {one_of(name, concepts)}")
        text = text.replace(f"<{name}>", concepts[name])
    return text


def phrase_of(item: YamlValue, concepts: Concepts) -> str:
    """A phrase as it is looked for. Raises GuidanceError where one of its readings is nothing but filler words."""
    text = refuse_endless(item, filled(item, concepts))
    for part in parts(Pattern("", text)):
        for reading in readings(part):
            if not is_code(reading) and _is_filler(reading):
                raise item.place.mistake(
                    f"the phrase {reading} holds nothing but filler words and would be found in any text; "
                    "write a word that tells something"
                )
    return text


def refuse_endless(item: YamlValue, text: str) -> str:
    """``text``, which is that of ``item`` with its concepts filled in. Raises GuidanceError for too many readings."""
    for part in parts(Pattern("", text)):
        count = prod(word.count("|") + 1 for word in part.split())
        if count > _MOST_READINGS:
            raise item.place.mistake(
                f"the alternatives of {item.text()} make {count} readings, and {_MOST_READINGS} is the most; "
                "write fewer of them, or several patterns"
            )
    return text


def _is_filler(reading: str) -> bool:
    """Whether nothing is left of a phrase, or of several words one short one, which any text holds."""
    left = words_of(reading)
    return not left or (len(left) == 1 < len(raw_words(reading)) and len(left[0]) < _TELLING)
