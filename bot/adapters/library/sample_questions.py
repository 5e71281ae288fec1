"""Sample questions: one file for each entry that answers some in a folder ``asked``, a question on each line."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.adapters.library.yaml_nodes import GuidanceError, file_text
from bot.domain.recognition.guidance import SECTION_TOPICS
from bot.domain.recognition.question_model import SampleQuestion

_UNANSWERED = "none"


def read_sample_questions(directory: Path, entry_ids: Collection[str]) -> tuple[list[SampleQuestion], list[str]]:
    """The questions in a folder, and its mistakes, a sentence each; nothing where there is no such folder.

    ``install.txt`` holds questions that the entry ``install`` answers, ``none.txt`` those that no entry does.
    """
    samples: list[SampleQuestion] = []
    mistakes: list[str] = []
    try:
        paths = sorted(path for path in directory.iterdir() if not _of_an_editor(path))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"asked: the folder cannot be read ({error.strerror})"]
    for path in paths:
        try:
            samples.extend(_of_file(path, entry_ids))
        except GuidanceError as mistake:
            mistakes.append(str(mistake))
    return samples, mistakes


def _of_an_editor(path: Path) -> bool:
    return path.name.startswith(".") or path.name.endswith("~")


def _of_file(path: Path, entry_ids: Collection[str]) -> list[SampleQuestion]:
    name = f"asked/{path.name}"
    if path.suffix != ".txt":
        raise GuidanceError(f"{name}: it is not read; a file of questions ends in .txt")
    if path.stem not in (*entry_ids, _UNANSWERED):
        names = ", ".join((*SECTION_TOPICS, _UNANSWERED))
        raise GuidanceError(f"{name}: no entry has this id; name the file after one of {names}, or an error's id")
    entry_id = None if path.stem == _UNANSWERED else path.stem
    return [SampleQuestion(entry_id, line) for line in map(str.strip, file_text(path, name).splitlines()) if line]
