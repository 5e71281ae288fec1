"""Which words of a text are said by somebody, and which merely stand in a program or in an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.domain.recognition.pattern import parts
from bot.domain.recognition.pattern_index import PatternMatch
from bot.domain.recognition.ranking import is_everyday
from bot.domain.recognition.source_code import explains, lines_of_program

_ADDRESS = re.compile(
    r"(\bhttps?://[^\s?#\"'<>|]{1,300}|\b(?:[\w-]{1,60}\.){1,5}(?:com|net|org|io|dev)\b[^\s?#\"'<>|]{0,300})"
)
"""A host with its path. What comes after a question mark is not part of it: errors arrive there."""

CountWords = Callable[[str], int]


def shown_matches(matches: Sequence[PatternMatch], text: str, count: CountWords) -> list[PatternMatch]:
    """The patterns with a part outside of program text, those of everyday words with all parts and in no address.

    Where a program explains an error to people, the patterns in it are shown to them too.

    ``count`` tells how many words the index makes of a piece of text.
    """
    pieces = [
        (count(part), is_program, at % 2 == 1)
        for line, is_program in lines_of_program(text)
        for at, part in enumerate(_ADDRESS.split(line))
    ]
    if not any(is_program or is_address for _, is_program, is_address in pieces):
        return list(matches)
    shown = [not is_program for words, is_program, _ in pieces for _ in range(words)]
    said = [not is_address for words, _, is_address in pieces for _ in range(words)]
    # Everyday words are said by somebody only where most of the text is talk. Never: 167 answers change and
    # tests fail; from a quarter on: 2, and a test.
    is_talk, is_explained = 2 * sum(shown) > len(shown), explains(text)
    return [
        match
        for match in matches
        if (
            is_talk and _is_said(match, shown, said)
            if is_everyday(match.pattern)
            else is_explained or _is_shown(match, shown)
        )
    ]


def _is_shown(match: PatternMatch, shown: Sequence[bool]) -> bool:
    return any(shown[start] for start in match.starts if start < len(shown))


def _is_said(match: PatternMatch, shown: Sequence[bool], said: Sequence[bool]) -> bool:
    """Whether all parts are shown, and no single word of everyday is merely a part of an address.

    A part of several words means the address that it stands in.
    """
    pieces = parts(match.pattern)
    if len(pieces) == 1:
        return _is_shown(match, shown)
    return all(
        shown[start] and (said[start] or " " in piece or "+" in piece)
        for piece, start in zip(pieces, match.starts, strict=True)
        if start < len(shown)
    )
