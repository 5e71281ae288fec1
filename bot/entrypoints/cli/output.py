"""What the terminal prints: answers for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.answers import Answer, State
from bot.domain.answers.markup import plain
from bot.domain.answers.plain_text import ORDERS, SIGNS, disarmed, marked, part_lines
from bot.domain.recognition.entries import Recognition

if TYPE_CHECKING:
    from bot.entrypoints.cli.parts import CheckResult

_NUMBERS = 2  # places, so that ten steps stand in one column


def words(answer: Answer) -> str:
    """An answer as plain lines: the finding, the next step, the evidence. Links are spelled out."""
    lines = [marked(answer.state, answer.headline), answer.lead]
    lines += [line for part in answer.parts for line in ("", *part_lines(part, _NUMBERS))]
    links = [f"{button.label}: {button.url}" for button in answer.buttons if button.url]
    lines += ["", *links] if links else []
    lines += ["", answer.note] if answer.note else []
    return disarmed(plain("\n".join(lines)).strip()) + "\n"


def recognition_json(found: Recognition, redacted: int, given_id: object = None, error: str | None = None) -> str:
    """One object of ``explain --json`` and ``--batch``, as the contract has it.

    ``error`` is what was wrong with what was to be explained.
    """
    entry = found.entry
    record = {} if given_id is None else {"id": given_id}
    record |= {
        "answered": entry is not None,
        "kind": entry.kind.value if entry else None,
        "topic": entry.topic if entry else None,
        "code": found.code if entry else None,
        "title": entry.title if entry else None,
        "steps": [plain(step) for step in entry.steps] if entry else [],
        "source": entry.source if entry else None,
        "redacted": redacted,
    }
    record |= {} if error is None else {"error": error}
    return json_line(record)


def json_line(record: object) -> str:
    """A record as JSON that whatever reads standard output can take; an id may be any text, half a character too.

    What a terminal would take for an order is escaped, which is the same to programs.
    """
    line = ORDERS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(record, ensure_ascii=False))
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(record)
    return line


def finding_line(finding: CheckResult) -> str:
    """One line of ``doctor``, with its fix on the next."""
    mark = {True: SIGNS[State.READY], False: SIGNS[State.MISSING], None: SIGNS[State.UNKNOWN]}[finding.ok]
    line = f"{mark} {finding.name}: {plain(finding.text)}"
    return f"{line}\n   Fix: {plain(finding.fix)}" if finding.fix else line


def finding_json(finding: CheckResult) -> str:
    """The same as one JSON object; ``ok`` null where it could not be looked at."""
    return json.dumps({"check": finding.name, "ok": finding.ok, "text": finding.text, "fix": finding.fix or None})


def instant(at: datetime) -> str:
    """A time as programs read it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def tell(text: str) -> None:
    """Print what was asked for, with a line's end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
