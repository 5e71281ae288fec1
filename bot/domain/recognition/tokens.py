"""A text as the words that patterns are made of, and the one wrong letter that people type.

These tokens are called words everywhere, because a token is OAuth's in this project.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.domain.patterns import late

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_ASCII_WORD = late(r"[a-z0-9]+(?:[_~]+[a-z0-9]+)*")
_ANY_WORD = late(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[_~]+[^\W_{_CJK}]+)*")
_HUMP = late(r"(?<=[a-z0-9])(?=[A-Z])")
_SENTENCE_END = late(r"(?<=[a-z0-9)'\"][.?])(?=\s+[\"'(]?[A-Z][a-z]+ )")
SENTENCE_BREAK = "0stop0"
"""Stands where a sentence ends, so that no phrase goes from one into the next."""
_BLANKS = str.maketrans({chr(code): " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")})
_CONTRACTION = late(r"(?<=[a-z])'(?=(?:t|s|re|ve|ll|d|m)\b)")
_FILLERS = frozenset(("a", "an", "the", "been", "being", "yet", "your", "our", "please", "just", "also", "so"))
_EVERYDAY_WORDS = """
access account add address after all allow allowed already also and another any api app appear append
application apps are as assigned at attempt attribute auth authentication available basic be because been before
block but by call can change cli client close closed cloud code com company computer connect connected
connection connector contact contains content correct could currently daily data dataset default defined
detected different disconnected display do does domain down due during either enabled end enter error exchange
exists expected failed failure field for force found from generate generic get gives had has have header http
https identifier in information install installed instance internal into invalid is issue it its json keeps key
limit list location log login longer make match message missing mobile more must my name needs never new no non
not now number object on one only open options or org organization our out outside package page parameter
password pending please post problem prod production provide range refuses rejects removed request requested
required requires response rest retrieve retry run running sandbox says scope scopes security server service
session set setting setup showing sign single site some started status string successful support system target
team that the their them there these this throws time to token try type unable unexpected unknown unsupported up
url usage use used user username users using valid value version view visible wants was we web when will with
within work you your
"""
EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
"""Words of patterns that ordinary talk is full of."""

_SPELLED_OUT = {
    "cannot": ("can", "not"),
    "cant": ("can", "not"),
    "couldnt": ("could", "not"),
    "didnt": ("did", "not"),
    "doesnt": ("does", "not"),
    "dont": ("do", "not"),
    "hadnt": ("had", "not"),
    "hasnt": ("has", "not"),
    "havent": ("have", "not"),
    "isnt": ("is", "not"),
    "arent": ("are", "not"),
    "wasnt": ("was", "not"),
    "werent": ("were", "not"),
    "wont": ("will", "not"),
    "occured": ("occurred",),
    "acces": ("access",),
    "tokn": ("token",),
    "authorise": ("authorize",),
    "authorised": ("authorized",),
    "organisation": ("organization",),
    "recognised": ("recognized",),
    "preauthorized": ("pre", "authorized"),
    "unauthorised": ("unauthorized",),
}
_FORM_ENDINGS = "ds"  # letters that make another form of a word: *expires* is no typo of *expire*
_SHORTEST_WITH_TYPO = 5  # letters; in shorter words one letter makes another word. Trial 43 / 111, a test each way
CHANGED = frozenset((*_FILLERS, *_SPELLED_OUT))
"""Words that phrases hold otherwise, or not at all."""
_SHORTEST_WITH_WRONG_LETTER = 8  # letters; *stack* is not *slack*, *source* not *sforce*. Trial 67 / 3, a test halved
_LONGEST_WITH_TYPO = 40  # letters; what is longer is no word but a token or an id, and costs most to look at
# Unknown words that are looked at, for hostile texts' sake. Trial 0 / 0, no test; with 20 one changes.
_MOST_CORRECTED = 400


def quick_words(text: str) -> list[str]:
    """Lower-case words in order, cut at all but letters, digits and underscores: for a first cheap look."""
    lowered = text.lower()
    return lowered.translate(_BLANKS).split() if lowered.isascii() else _ANY_WORD.findall(lowered)


def raw_words(text: str) -> list[str]:
    """Lower-case words in order; codes keep underscores, humps as in ``accessToken`` are marked by ``~``."""
    lowered = _HUMP.sub("~", text).lower()
    if "'" in lowered:
        lowered = _CONTRACTION.sub("", lowered)
    return (_ASCII_WORD if lowered.isascii() else _ANY_WORD).findall(lowered)


def with_sentence_breaks(text: str) -> str:
    """``text`` with a word of its own where sentences end."""
    return _SENTENCE_END.sub(f" {SENTENCE_BREAK}", text) if ". " in text or ".\n" in text or "? " in text else text


def split_words(words: Iterable[str]) -> list[str]:
    """The words that phrases are compared by: codes taken apart, contractions spelled out, no fillers."""
    result: list[str] = []
    for word in words:
        pieces = word.replace("~", "_").split("_") if "_" in word or "~" in word else (word,)
        for piece in pieces:
            if piece in _SPELLED_OUT:
                result.extend(_SPELLED_OUT[piece])
            elif piece and piece not in _FILLERS:
                result.append(piece)
    return result


def spellings(words: Collection[str]) -> set[str]:
    """The contracted spellings that hold one of these words: *preauthorized* for *authorized*."""
    return {short for short, long in _SPELLED_OUT.items() if not set(words).isdisjoint(long)}


class Vocabulary:
    """The words of all patterns; ``correctable`` are those of them that are also found with one letter wrong."""

    def __init__(self, words: Iterable[str], correctable: Iterable[str]) -> None:
        self._known = frozenset(words)
        self._known_without_one: dict[str, str] = {}
        for word in sorted(correctable):
            if len(word) >= _SHORTEST_WITH_TYPO and not word.isdigit():
                for short in _without_one(word):
                    self._known_without_one.setdefault(short, word)

    def corrected(self, words: Sequence[str], most: int = _MOST_CORRECTED) -> list[str]:
        """``words`` with near misses of known words replaced; at most ``most`` unknown ones are looked at."""
        result = list(words)
        for index, word in enumerate(result):
            if word in self._known or not _SHORTEST_WITH_TYPO <= len(word) <= _LONGEST_WITH_TYPO:
                continue
            if most == 0:
                break
            most -= 1
            result[index] = self._nearest(word)
        return result

    def _nearest(self, word: str) -> str:
        found = self._known_without_one.get(word)
        if found is not None and (found[:-1] != word or found[-1] not in _FORM_ENDINGS):
            return found
        for short in _without_one(word):
            if short in self._known and len(short) >= _SHORTEST_WITH_TYPO:
                return short
            found = self._known_without_one.get(short)
            if found is not None and _is_typo(word, found):
                return found
        return word


def _is_typo(word: str, known: str) -> bool:
    """Whether two words of nearly the same letters differ by a swap or, if long, by one wrong letter."""
    if word[0] != known[0] or len(word) != len(known):
        return False
    return sorted(word) == sorted(known) or len(word) >= _SHORTEST_WITH_WRONG_LETTER


def _without_one(word: str) -> Iterable[str]:
    return (word[:index] + word[index + 1 :] for index in range(len(word)))
