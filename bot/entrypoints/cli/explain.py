"""``python app.py explain``, without what reads every other command line: scripts call it for each line of a log."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.answers import Answer
from bot.domain.conversations.entry_reply import About, nothing_known, whole
from bot.domain.errors import AskerError
from bot.domain.recognition.entries import Recognition
from bot.domain.secrets import Secret
from bot.domain.secrets.redaction import redact
from bot.entrypoints.cli import output

if TYPE_CHECKING:
    from bot.domain.recognition.matcher import Matcher
    from bot.entrypoints.cli.parts import CommandParts

LARGEST = 1_000_000  # characters of one paste that are looked at


def explained(parts: CommandParts, text: str | None, *, as_json: bool, batch: bool, channel: bool) -> int:
    """Answer one text, or each line of standard input; the exit code."""
    _, matcher, mistakes = parts.guidance()
    sys.stderr.writelines(f"{mistake}\n" for mistake in mistakes)
    if batch:
        _batch(matcher, asked=not channel)
        return 0
    given = sys.stdin.read() if text in (None, "-") else text or ""
    return 0 if _explain(matcher, given[:LARGEST], asked=not channel, as_json=as_json) else 1


def _explain(matcher: Matcher, text: str, *, asked: bool, as_json: bool) -> bool:
    safe = redact(text)
    found = matcher.recognise(safe.text, asked=asked)
    if as_json:
        output.tell(output.recognition_json(found, len(safe.secrets)))
    elif found.entry is not None or asked:
        output.tell(output.words(_answer(found, safe.secrets)))
    return found.entry is not None


def _answer(found: Recognition, secrets: Sequence[Secret]) -> Answer:
    answer = whole(found, found.entry, About()) if found.entry else nothing_known(found.nearest)
    if not secrets:
        return answer
    from bot.domain.conversations.leak_reply import with_warning

    return with_warning(answer, secrets)


def _batch(matcher: Matcher, *, asked: bool) -> None:
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        given_id, text = _record(line, number)
        safe = redact(text)
        found = matcher.recognise(safe.text, asked=asked)
        output.tell(output.recognition_json(found, len(safe.secrets), given_id))


def _record(line: str, number: int) -> tuple[object, str]:
    try:
        record = json.loads(line)
        return record.get("id", number), str(record["text"])[:LARGEST]
    except (ValueError, AttributeError, KeyError):
        raise AskerError(f'Line {number} is not a JSON object with a "text".') from None
