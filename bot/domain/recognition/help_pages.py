"""The page of help that a command prints about itself: its sections tell of errors, but report none."""

from __future__ import annotations

import re

_USAGE = re.compile(r"(?:USAGE|SYNOPSIS)\s*:?\s*|[Uu]sage: \S.*")
_HEADING = re.compile(
    r"[A-Z][A-Z ]{2,30}\s*:?\s*|(?:[A-Z][a-z]+ |[a-z]+ )?(?i:options|arguments|commands|flags|examples):\s*"
)
_TITLE = re.compile(r"[A-Z][^:_!?]*\.\s*")
"""The sentence above the usage that says what a command does."""
_MOST_LINES = 2_000  # the longest page seen has some 300


def without_help(text: str) -> str:
    """``text`` without the sections of a page of help: a line of usage, and headings with indented lines below each."""
    if "USAGE" not in text and "SYNOPSIS" not in text and "sage: " not in text:
        return text
    lines = text.split("\n", _MOST_LINES)
    usage = next((at for at, line in enumerate(lines) if _USAGE.fullmatch(line)), None)
    if usage is None or not any(_HEADING.fullmatch(line) for line in lines[usage + 1 :]):
        return text
    before, after = lines[:usage], lines[usage + 1 :]
    while before and (not before[-1].strip() or _TITLE.fullmatch(before[-1])):
        before.pop()
    return "\n".join([*before, *(line for line in after if not _is_of_section(line))])


def _is_of_section(line: str) -> bool:
    return not line.strip() or line[0].isspace() or _HEADING.fullmatch(line) is not None
