"""Lists of orgs' names in anybody's words: joined by commas and *and*, with a strange one among them, or not joined."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.org_questions import EDGES, beginning, exact, leading, one_word

_BETWEEN = re.compile(r"\s*[,;&+]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+", re.IGNORECASE)
_BETWEEN_TWO = re.compile(rf"{_BETWEEN.pattern}|\s*/\s*", re.IGNORECASE)


def may_list(text: str) -> bool:
    """Whether something stands in a text that joins names."""
    return _BETWEEN_TWO.search(text) is not None


def parts_of_list(text: str) -> list[str]:
    """What a text lists, whatever it is called: one thing where nothing joins more."""
    return [part for part in _BETWEEN.split(text.strip()) if part]


def several_leading(text: str, names: Sequence[str]) -> tuple[list[str], str] | None:
    """The names that a text begins with, two or more that are joined, and what follows them; each of them once."""
    first = leading(text, names)
    if first is not None and may_list(first[0]):
        return None  # what joins is a part of one name
    found: list[str] = []
    at = 0
    for joint in _BETWEEN_TWO.finditer(text):
        here = beginning(text[at : joint.start()].split(), names) if found else leading(text[: joint.start()], names)
        if here is None or here[1]:
            break
        found, at = [*found, here[0]], joint.end()
    last, rest = beginning(text[at:].split(), names) or ("", text[at:].strip())
    found += [last] if last else []
    return (list(dict.fromkeys(found)), rest) if len(found) > 1 else None


def one_or_more_leading(text: str, names: Sequence[str]) -> tuple[list[str], str]:
    """The same, also of one alone; no name, and the text, where it begins with none."""
    first = leading(text, names)
    return several_leading(text, names) or (([first[0]], first[1]) if first else ([], text))


def joined_to_names(text: str, names: Sequence[str]) -> tuple[list[str], str]:
    """The names that a text begins with, and what follows a sign or word that joins more to them; else none."""
    found: list[str] = []
    at = 0
    for joint in _BETWEEN_TWO.finditer(text):
        name = exact(text[at : joint.start()], names)
        if name is None:
            break
        found, at = [*found, name], joint.end()
    return (found, text[at:].strip()) if found else ([], text)


def without_joint(text: str) -> str:
    """A text without what joins it to something before it."""
    joint = _BETWEEN_TWO.match(f" {text}")
    return f" {text}"[joint.end() :] if joint else text


def names_beside(text: str, names: Sequence[str]) -> tuple[list[str], str]:
    """The names that a text begins with, one behind the other with nothing between them, and what follows."""
    found: list[str] = []
    while here := beginning(text.split(), names):
        name, text = here
        found.append(name)
    return found, text


def strange_second(text: str, names: Sequence[str]) -> tuple[str, str, str] | None:
    """The name that a text begins with, the word of letters that is joined to it and is none of ours, and the rest."""
    joint = _BETWEEN_TWO.search(text)
    first = leading(text[: joint.start()], names) if joint else None
    word, *rest = (text[joint.end() :].split() if joint else []) or [""]
    if first is None or first[1] or not one_word(word) or beginning([word, *rest], names):
        return None
    return first[0], word.strip(EDGES), " ".join(rest)


def strange_next(text: str, more: str) -> tuple[str, str]:
    """The word that ``more``, the end of ``text``, begins with, and what follows it, where it is joined to names.

    A list of its own that follows, as of tags, is no name.
    """
    plain = " ".join(text.split())
    word, _, rest = more.partition(" ")
    is_joined = any(joint.end() == len(plain) - len(more) for joint in _BETWEEN_TWO.finditer(plain))
    is_name = (
        is_joined and rest and one_word(word) and not may_list(f"{word} ") and not may_list(f" {rest.split()[0]} ")
    )
    return (word.strip(EDGES), rest) if is_name else ("", "")


def listed_names(text: str, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """What a list of names holds: those that there are, and the rest; nothing of a text that is no such list."""
    parts = parts_of_list(text)
    found = [exact(part, names) for part in parts]
    strange = [part for part, name in zip(parts, found, strict=True) if name is None]
    known = [name for name in found if name is not None]
    if not known or any(len(part.split()) > 1 for part in strange):
        return [], []
    return known, strange
