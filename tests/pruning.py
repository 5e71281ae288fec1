"""Which loose phrases change nothing: a developer's list, so that what was collected and never used goes.

``python -m tests.pruning`` prints each everyday pattern and each word of the context without which every text of the
corpus, of the forms in ``test_forms_of_errors.py`` and of the real texts beside the repository is answered as with it,
whatever else of the list is left out. Documented codes and descriptions are not looked at: they may wait for their
first text.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.recognition.guidance import Context, Guidance, Pattern, Specificity
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.pattern import is_code
from bot.entrypoints.cli.gate import CORPUS, fitted, read
from tests.domain.recognition.test_forms_of_errors import FORMS, SILENT
from tests.domain.recognition.test_questions import ABOUT_ERRORS, FOREIGN_ERRORS
from tests.recognition_helpers import GUIDANCE
from tests.training.texts import SHARED, rows

_PRACTICE = ("live", "asked", "others", "sf-other", "team-chat", "code")
Phrase = tuple[str, str]
"""Where a phrase stands, an entry or a list of the context, and its text."""


def texts() -> list[str]:
    """Everything that a phrase can be needed for."""
    found = [row["text"] for half in ("tune", "gate") for row in read(CORPUS / half)]
    found += [text for forms in FORMS.values() for text in forms]
    found += [*SILENT, *ABOUT_ERRORS, *FOREIGN_ERRORS]
    for name in ("pastes", "chat", "clients", "questions", *(f"round2/{kind}" for kind in _PRACTICE)):
        found += [row["text"] for row in rows(SHARED / f"{name}.jsonl")]
    errors = [row["text"] for row in rows(CORPUS / "errors.jsonl")]
    for carrier in rows(CORPUS / "tune" / "carriers.jsonl")[:10]:
        found += [carrier["text"].replace("{error}", fitted(error, carrier["fit"])) for error in errors]
    return list(dict.fromkeys(found))


def unused() -> Iterator[Phrase]:
    """The phrases that change nothing, one after the other, each without those before it."""
    guidance = GUIDANCE
    matcher = Matcher(guidance)
    there: dict[Phrase, list[str]] = defaultdict(list)
    for text in texts():
        for pattern in matcher.patterns_in(text):
            there[pattern.entry_id, pattern.text].append(text)
    answers = {text: _answers(matcher, text) for found in there.values() for text in found}
    for phrase in sorted(_loose(guidance), key=lambda phrase: len(there[phrase])):
        without = _without(guidance, phrase)
        matcher = Matcher(without) if there[phrase] else matcher
        if all(_answers(matcher, text) == answers[text] for text in there[phrase]):
            guidance = without
            yield phrase


def _answers(matcher: Matcher, text: str) -> tuple[str | None, ...]:
    entries = (matcher.recognise(text, asked=asked).entry for asked in (False, True))
    return tuple(entry.topic if entry else None for entry in entries)


def _loose(guidance: Guidance) -> Iterator[Phrase]:
    yield from ((pattern.entry_id, pattern.text) for pattern in guidance.patterns if _is_loose(pattern))
    yield from ((pattern.entry_id, pattern.text) for pattern in guidance.context if pattern.entry_id != Context.CODES)


def _is_loose(pattern: Pattern) -> bool:
    return pattern.specificity >= Specificity.COMMON and not is_code(pattern.text)


def _without(guidance: Guidance, phrase: Phrase) -> Guidance:
    context = tuple(p for p in guidance.context if (p.entry_id, p.text) != phrase)
    patterns = (p for p in guidance.patterns if (p.entry_id, p.text) != phrase or not _is_loose(p))
    return replace(guidance, patterns=tuple(patterns), context=context)


if __name__ == "__main__":
    for where, phrase in unused():
        sys.stdout.write(f"{where}\t{phrase}\n")
        sys.stdout.flush()
