"""Sample questions: one file for each section in a folder ``asked``, a question on each line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.domain.guidance import SECTION_TOPICS, Asked

_UNANSWERED = "none"


def read_asked(directory: Path) -> tuple[list[Asked], list[str]]:
    """The questions in a folder, and its mistakes, a sentence each; nothing where there is no such folder.

    ``install.txt`` holds questions that the section ``install`` answers, ``none.txt`` those that the guide does not.
    """
    asked: list[Asked] = []
    mistakes: list[str] = []
    for path in sorted(directory.glob("*.txt")):
        if path.stem not in (*SECTION_TOPICS, _UNANSWERED):
            names = ", ".join((*SECTION_TOPICS, _UNANSWERED))
            mistakes.append(f"asked/{path.name}: no section has this name; name the file after one of {names}")
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            mistakes.append(f"asked/{path.name}: the file cannot be read as UTF-8 text ({type(error).__name__})")
            continue
        asked.extend(_samples(path.stem, lines))
    return asked, mistakes


def _samples(name: str, lines: Sequence[str]) -> list[Asked]:
    section = None if name == _UNANSWERED else name
    return [Asked(section, line) for line in map(str.strip, lines) if line]
