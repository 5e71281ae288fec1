"""Sample questions: one file for each section in a folder ``asked``, a question on each line."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.library.yaml_nodes import GuidanceError, file_text
from bot.domain.recognition.guidance import SECTION_TOPICS
from bot.domain.recognition.question_model import SampleQuestion

_UNANSWERED = "none"


def read_sample_questions(directory: Path) -> tuple[list[SampleQuestion], list[str]]:
    """The questions in a folder, and its mistakes, a sentence each; nothing where there is no such folder.

    ``install.txt`` holds questions that the section ``install`` answers, ``none.txt`` those that the guide does not.
    """
    samples: list[SampleQuestion] = []
    mistakes: list[str] = []
    for path in sorted(directory.glob("*.txt")):
        try:
            samples.extend(_of_file(path))
        except GuidanceError as mistake:
            mistakes.append(str(mistake))
    return samples, mistakes


def _of_file(path: Path) -> list[SampleQuestion]:
    name = f"asked/{path.name}"
    if path.stem not in (*SECTION_TOPICS, _UNANSWERED):
        names = ", ".join((*SECTION_TOPICS, _UNANSWERED))
        raise GuidanceError(f"{name}: no section has this name; name the file after one of {names}")
    section = None if path.stem == _UNANSWERED else path.stem
    return [SampleQuestion(section, line) for line in map(str.strip, file_text(path, name).splitlines()) if line]
