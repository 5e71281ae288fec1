"""``python app.py explain``, without what reads every other command line: scripts call it for each line of a log."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.answers import Answer
from bot.domain.conversations.entry_reply import About, nothing_known, whole
from bot.domain.conversations.recovered import recovery
from bot.domain.encodings import legible, readable
from bot.domain.errors import AskerError
from bot.domain.program import to_type
from bot.domain.recognition.entries import LONGEST, Kind, Recognition
from bot.domain.secrets import Secret
from bot.domain.secrets.redaction import redact
from bot.entrypoints.cli import output
from bot.entrypoints.cli.files import piped, text_of

if TYPE_CHECKING:
    from bot.domain.recognition.matcher import Matcher
    from bot.entrypoints.cli.parts import CommandParts

LARGEST = 1_000_000  # characters of one paste that are looked at

_NO_TEXT = 'Line {} is not a JSON object with a "text".'
"""What is wrong with a line of a batch. It has its own line in the answer, and those behind it are answered."""

_FILE = re.compile(
    r"(?:(?:~|\.\.?|[A-Za-z]:)?[/\\][^\s?=&]*"
    r"|[^\s?=&:]+\.(?:log|txt|text|out|err|json|jsonl|ndjson|html?|eml|md|csv|tsv|xml|ya?ml))",
    re.IGNORECASE,
)
"""One word that somebody means as the name of a file, there or not: no error reads like that."""


def explained(parts: CommandParts, words: Sequence[str], *, as_json: bool, batch: bool, channel: bool) -> int:
    """Answer one text, which needs no quotes, or each line of standard input; the exit code."""
    text = " ".join(words) if words else None
    _, matcher, mistakes = parts.guidance()
    sys.stderr.writelines(f"{mistake}\n" for mistake in mistakes)
    if batch:
        if text not in (None, "-"):
            raise AskerError(f"--batch reads standard input alone: {to_type('explain', '--batch')} < FILE.")
        return 0 if _batch(matcher, asked=not channel) else 2
    file = _file(text) if text is not None else None
    if file is not None:
        content = text_of(file, read=legible)
    else:
        content = piped(sys.stdin.read()) if text is None or text == "-" else readable(text)
    if not content.strip():
        sys.stderr.write(_nothing_in(file))
    is_known = _explain(matcher, content, asked=not channel and bool(content.strip()), as_json=as_json)
    if not is_known and len(content) > 2 * LONGEST:
        sys.stderr.write(
            "That is long: only its beginning and its end were looked at. Give the lines with the error.\n"
        )
    if file is None and text is not None and _FILE.fullmatch(text) and not is_known:
        name = redact(readable(text)).text
        sys.stderr.write(f"There is no file {name}, so its name was taken for the error: check the path.\n")
    return 0 if is_known else 1


def _file(text: str) -> Path | None:
    """The file that a text names. One that is there may be called anything; None where it is the error itself."""
    try:
        path = Path(text).expanduser()
        is_there = path.exists()
    except (OSError, ValueError, RuntimeError):  # longer than a name can be, no name at all, or the home of nobody
        return None
    is_named = path.is_file() or (is_there and _FILE.fullmatch(text) is not None)
    return Path(text) if is_named else None


def _nothing_in(file: Path | None) -> str:
    if file is not None:
        return f"There is nothing to explain: the file {file} is empty.\n"
    return f"There is nothing to explain. Give the error: {to_type('explain', 'error=invalid_grant…')}\n"


def _explain(matcher: Matcher, text: str, *, asked: bool, as_json: bool) -> bool:
    safe = redact(text if len(text) <= LARGEST else f"{text[: LARGEST // 2]}\n{text[-LARGEST // 2 :]}")
    found = matcher.recognise(safe.text, asked=asked)
    if found.entry is None and len(safe.text) > LONGEST:  # a log's error stands at its end
        found = matcher.recognise(safe.text[-LONGEST:], asked=asked)
    if as_json:
        output.tell(output.recognition_json(found, len(safe.secrets)))
    elif found.entry is not None or asked:
        after = recovery(safe.text, partial(_tells_of_an_error, matcher)) if found.entry is not None else ""
        output.tell(output.words(_answer(found, safe.secrets, after)))
    return found.entry is not None


def _tells_of_an_error(matcher: Matcher, text: str) -> bool:
    entry = matcher.recognise(text[-LONGEST:], asked=True).entry
    return entry is not None and entry.kind is Kind.ERROR


def _answer(found: Recognition, secrets: Sequence[Secret], after: str) -> Answer:
    """``after`` is what else the text tells, behind its error."""
    answer = whole(found, found.entry, About()) if found.entry else nothing_known(found.nearest)
    if after:
        answer = replace(answer, lead=f"{after}\n{answer.lead}".strip())
    if not secrets:
        return answer
    from bot.domain.conversations.leak_reply import with_warning

    return with_warning(answer, secrets)


def _batch(matcher: Matcher, *, asked: bool) -> bool:
    """One line out for each line in; whether every one could be read."""
    all_read = True
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        given_id, text = _record(line, number)
        fault = _NO_TEXT.format(number) if text is None else None
        safe = redact(text or "")
        found = matcher.recognise(safe.text, asked=asked) if text is not None else Recognition(None)
        output.tell(output.recognition_json(found, len(safe.secrets), given_id, fault))
        if fault:
            sys.stderr.write(f"{fault}\n")
            all_read = False
    return all_read


def _record(line: str, number: int) -> tuple[object, str | None]:
    """The id of a line, which is its number where it has none, and its text; None where it has none."""
    try:
        record = json.loads(line, parse_constant=_no_json, parse_float=_finite)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        return number, None
    text = record.get("text")
    is_text = isinstance(text, str | int | float) and not isinstance(text, bool)
    return record.get("id", number), str(text)[:LARGEST] if is_text else None


def _no_json(constant: str) -> float:
    raise ValueError(constant)


def _finite(figures: str) -> float:
    return number if isfinite(number := float(figures)) else _no_json(figures)
