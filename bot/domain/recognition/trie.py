"""A tree of words: every phrase that it holds is found in one walk over a text."""

from __future__ import annotations

from collections.abc import Sequence

_CUT_WORDS = 3  # words from which on a phrase that the text's end cuts off counts. Trial 10 / 19, a test doubled
# Hits of one part that are looked at, for hostile texts' sake; what is repeated says nothing new. Trial 0 / 0.
_OFTEN = 50

Hit = tuple[int, int, int]
"""One part of a pattern in a text: where it starts, how many words it takes (negative, so that the longest sorts
first), and the number of the part. A plain tuple, because hostile texts have tens of thousands of them."""


class _Node(dict[str, "_Node"]):
    """A word of the tree; ``parts`` are the numbers of the parts that end here."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[int] = []


class Trie:
    """Phrases by their words, each with the number of the part of a pattern that it is."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, words: Sequence[str], part: int) -> None:
        """Hold a phrase."""
        node = self._root
        for word in words:
            node = node.setdefault(word, _Node())
        if part not in node.parts:
            node.parts.append(part)

    def hits(self, flat: Sequence[str], *, is_cut: bool) -> list[Hit]:
        """Every phrase in these words; where the text was cut off, also the one that its end began."""
        hits: list[Hit] = []
        often: dict[int, int] = {}
        root, length = self._root, len(flat)
        for start, word in enumerate(flat):
            node = root.get(word)
            at = start
            while node is not None:
                at += 1
                for part in node.parts:
                    times = often[part] = often.get(part, 0) + 1
                    if times <= _OFTEN:
                        hits.append((start, start - at, part))
                deeper = node.get(flat[at]) if at < length else None
                if deeper is None and is_cut and at >= length - 1 and at - start >= _CUT_WORDS:
                    hits.extend(_cut_phrase(node, flat[at:], start, at))
                node = deeper
        return hits


def _cut_phrase(node: _Node, rest: Sequence[str], start: int, at: int) -> list[Hit]:
    """What a phrase that the text's end cuts off must have become, if one thing; ``rest`` is half a word."""
    if node.parts:
        return []
    if rest:
        children = [child for word, child in node.items() if word.startswith(rest[0])]
        if len(children) != 1:
            return []
        node = children[0]
    missing = 0
    while not node.parts and len(node) == 1:
        node = next(iter(node.values()))
        missing += 1
    # Two thirds must be there: with half of it 6 answers change and tests fail, with four fifths 6 and none.
    return [(start, start - at, part) for part in node.parts] if 2 * missing <= at - start else []
