"""What phrases and patterns must be to be looked for: not endless, and more than words that are left out of texts."""

from __future__ import annotations

from bot.adapters.library.yaml_nodes import YamlValue
from bot.domain.recognition.guidance import Pattern
from bot.domain.recognition.pattern import MOST_READINGS, how_many_readings, is_code, parts, readings, words_of
from bot.domain.recognition.tokens import raw_words

_TELLING = 5  # letters from which on one word that is left of several tells something


def phrase_of(item: YamlValue) -> str:
    """A phrase as it stands. Raises GuidanceError where one of its readings is nothing but filler words."""
    text = refuse_endless(item, item.text())
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
        if (count := how_many_readings(part)) > MOST_READINGS:
            raise item.place.mistake(
                f"the alternatives of {item.text()} make {count} readings, and {MOST_READINGS} is the most; "
                "write fewer of them, or several patterns"
            )
    return text


def _is_filler(reading: str) -> bool:
    """Whether nothing is left of a phrase, or of several words one short one, which any text holds."""
    left = words_of(reading)
    return not left or (len(left) == 1 < len(raw_words(reading)) and len(left[0]) < _TELLING)
