"""A text as the words that patterns are made of, and the one wrong letter that people type.

These tokens are called words everywhere, because a token is OAuth's in this project.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from bot.domain.patterns import late

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_ANY_WORD = late(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[_~]+[^\W_{_CJK}]+)*")
_HUMP = late(r"[A-Z](?<=[a-z].)")  # from its end: capitals are fewer
_SENTENCE_END = late(r"[.?](?<=[a-z0-9)'\"].)(?=\s+[\"'(]?[A-Z][a-z]+ )")
_ADVICE = late(
    r"(?:[.!?;,)\]'\"] |[(\n] {0,3}|\s[-–—|] )[*_\"'>]{0,2}(?i:"
    r"(?:please |kindly )?(?:check|verify|ensure|make sure|ask your|contact|try|re-?authori[sz]e|consult)\b"
    r"|(?:fix|hint|tip|solution|resolution|remedy|recommend\w*|suggest\w*(?: \w+)?|action|advice): "
    r"|(?:less |un)likely\b|(?:possible|common|potential) (?:reason|cause)s?\b|in rare cases)"
    r"[^\n]*?(?=[.!?)]{0,3}(?:\s\W?[A-Z]|\n|$))"
)
"""What follows an error: what to do about it, or what else it may be, to the end of that sentence."""
SENTENCE_BREAK = "0stop0"
"""Stands where a sentence ends, so that no phrase goes from one into the next."""
_BLANKS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(256))
"""Bytes that make blanks of ASCII's marks; a table for texts is asked anew for each letter of each text."""
_BUT_JOINTS = bytes(code if chr(code) in "_~" else blank for code, blank in enumerate(_BLANKS))
_CONTRACTION = late(r"(?<=[a-z])'(?=(?:t|s|re|ve|ll|d|m)\b)")
SPELLED: dict[str, tuple[str, ...]] = {
    **{f"{verb}nt": (verb, "not") for verb in "could did does do had has have is are was were".split()},
    "cannot": ("can", "not"),
    "cant": ("can", "not"),
    "wont": ("will", "not"),
    "preauthorized": ("pre", "authorized"),
    **dict.fromkeys("a an the been being yet your our please just also so".split(), ()),
}
"""Words that phrases hold otherwise, or not at all."""
_SHORTEST_WITH_TYPO = 5  # letters; in shorter words one letter makes another. With 8, one mistyped text in 20 is lost
_SHORTEST_WITH_WRONG_LETTER = 8  # letters; *user looked* is not *user locked*, *stack* not *slack*
_SHORTEST_CODE = 10  # letters and underscores, of a code that is known where one of its underscores is lost
_LONGEST_WITH_TYPO = 40  # letters; what is longer is no word but a token or an id, and costs most to look at


def plain_words(text: str) -> list[str]:
    """Lower-case words in order, codes taken apart: what a first cheap look goes by."""
    lowered = text.lower().replace("'s ", " ")
    if lowered.isascii():
        return lowered.encode().translate(_BLANKS, b"'").decode().split()
    return _ANY_WORD.findall(lowered.replace("_", " ").replace("'", ""))


def quick_words(words: Iterable[str], sought: set[str]) -> set[str]:
    """Which sought words are there, and what they spell."""
    found = sought.intersection(words)
    for word in found & SPELLED.keys():
        found.update(SPELLED[word])
    return found


def raw_words(text: str) -> list[str]:
    """Lower-case words in order; codes keep underscores, humps as in ``accessToken`` are marked by ``~``."""
    lowered = _HUMP.sub(r"~\g<0>", text).lower()
    if "'" in lowered:
        lowered = _CONTRACTION.sub("", lowered)
    if not lowered.isascii():
        return _ANY_WORD.findall(lowered)
    words = lowered.encode().translate(_BUT_JOINTS).decode().split()
    return [bare for word in words if (bare := word.strip("_~"))]


def with_sentence_breaks(text: str) -> str:
    """``text`` with a word of its own where sentences end."""
    ends = ". " in text or ".\n" in text or "? " in text
    return _SENTENCE_END.sub(rf"\g<0> {SENTENCE_BREAK}", text) if ends else text


def without_advice(text: str) -> str:
    """``text`` without what somebody is told to do about it, which is no cause."""
    return _ADVICE.sub("\n", text)


def split_words(words: Iterable[str]) -> list[str]:
    """The words that phrases are compared by: codes taken apart, contractions spelled out, no fillers."""
    result: list[str] = []
    for word in words:
        if word in SPELLED:
            result += SPELLED[word]
        elif "_" in word or "~" in word:
            result += split_words(word.replace("~", "_").split("_"))
        elif word:
            result.append(word)
    return result


class Vocabulary:
    """The words of all patterns: ``known`` are codes and phrases; those of ``correctable`` are also found mistyped."""

    def __init__(self, known: Iterable[str], correctable: Iterable[str]) -> None:
        self._known = {word for phrase in known for word in (phrase, *_pieces(phrase))}
        words = {word for phrase in correctable for word in _pieces(phrase)}
        spelled = [word for word in sorted(words) if len(word) >= _SHORTEST_WITH_TYPO and not word.isdigit()]
        self._near = {word: word for word in spelled}
        codes = (word for word in sorted(self._known) if "_" in word and len(word) >= _SHORTEST_CODE)
        self._codes = {code.replace("_", ""): code for code in codes}
        for word in spelled:
            for short in _without_one(word):
                self._near.setdefault(short, word)

    def words(self, text: str) -> list[str]:
        """The raw words of a text, near misses of known words put right, inside codes as well."""
        words = self._resolved(text)
        unknown = [word for word in set(words) - self._known if len(word) >= _SHORTEST_WITH_TYPO]
        correct = {word: right for word in unknown if (right := self._corrected(word)) != word}
        return [correct.get(word, word) for word in words] if correct else words

    def count(self, text: str) -> int:
        """How many words of a text phrases are compared with."""
        is_flat = text.islower() or text.istitle() or text.isupper()
        if is_flat and text.isascii() and text.replace("_", "").isalnum():
            return len(split_words((text.lower(),)))
        return len(split_words(self._resolved(text)))

    def knows(self, text: str) -> bool:
        """Whether all words of a text are words of patterns."""
        return all(word.replace("~", "") in self._known for word in raw_words(text))

    def _corrected(self, word: str) -> str:
        """A word put right; a code that lost one of its underscores, or one with its pieces put right."""
        if "_" in word:
            return self._codes.get(word.replace("_", "")) or "_".join(map(self._corrected, word.split("_")))
        if not _SHORTEST_WITH_TYPO <= len(word) <= _LONGEST_WITH_TYPO or word in self._known or word in SPELLED:
            return word
        alike = [*_without_one(word), word]
        if self._near.keys().isdisjoint(alike):  # as of nearly all
            return word
        near = (self._near[short] for short in reversed(alike) if short in self._near)
        return next((known for known in near if _is_typo(word, known)), word)

    def _resolved(self, text: str) -> list[str]:
        """The raw words of a text, *GitHub* as one word of the patterns, *BlockedOAuth* as two that are one name."""
        words = raw_words(text)
        if "~" not in " ".join(words):
            return words
        return [one if (one := word.replace("~", "")) in self._known else word.replace("~", "_") for word in words]


def _pieces(phrase: str) -> list[str]:
    return phrase.replace("_", " ").split()


def _is_typo(word: str, known: str) -> bool:
    """Whether a word that is alike but for a letter is no word of its own, as *filed*, *looked* and *disables* are."""
    if len(word) < len(known):  # of a short one only one of two alike gets lost
        is_short = len(word) == _SHORTEST_WITH_TYPO and len(set(word)) < len(set(known))
        return not is_short and known not in (f"{word}d", f"{word}s")
    if len(word) > len(known) or sorted(word) == sorted(known) or not word.isalpha():
        return True
    return len(word) >= _SHORTEST_WITH_WRONG_LETTER and word[:-1] != known[:-1]


def _without_one(word: str) -> list[str]:
    """A word with each of its letters left out; two words with one of these in common differ by a typing mistake."""
    return [*map("".join, combinations(word, len(word) - 1))]
