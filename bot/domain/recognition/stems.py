"""Words without their endings, so that one stands for all its forms."""

from __future__ import annotations

_ENDINGS = ("izations", "ization", "ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y")


def stem(word: str) -> str:
    """A word without its ending, so that *installs*, *installed* and *installing* are one."""
    if not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word
