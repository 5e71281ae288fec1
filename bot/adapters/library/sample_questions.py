"""Sample questions: one file for each section in a folder ``asked``, a question on each line."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.library.yaml_nodes import GuidanceError, file_text
from bot.domain.recognition.guidance import SECTION_TOPICS, Asked

_UNANSWERED = "none"


def read_asked(directory: Path) -> tuple[list[Asked], list[str]]:
    """The questions in a folder, and its mistakes, a sentence each; nothing where there is no such folder.

    ``install.txt`` holds questions that the section ``install`` answers, ``none.txt`` those that the guide does not.
    """
    asked: list[Asked] = []
    mistakes: list[str] = []
    for path in sorted(directory.glob("*.txt")):
        try:
            asked.extend(_samples(path))
        except GuidanceError as mistake:
            mistakes.append(str(mistake))
    return asked, mistakes


def _samples(path: Path) -> list[Asked]:
    name = f"asked/{path.name}"
    if path.stem not in (*SECTION_TOPICS, _UNANSWERED):
        names = ", ".join((*SECTION_TOPICS, _UNANSWERED))
        raise GuidanceError(f"{name}: no section has this name; name the file after one of {names}")
    section = None if path.stem == _UNANSWERED else path.stem
    return [Asked(section, line) for line in map(str.strip, file_text(path, name).splitlines()) if line]
