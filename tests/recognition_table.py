"""How good recognition is on the texts that lie beside the repository, by file and form: a developer's table.

``python -m tests.recognition_table [--misses WORD]``: with ``--misses`` the texts that are answered wrongly in the
rows whose name holds the word. ``python app.py evaluate --gate`` does the same for the corpus in the repository.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bot.domain.recognition.guidance import ERROR_TOPICS
from bot.entrypoints.cli.score import NONE, wilson
from tests.paths import ROOT
from tests.recognition_helpers import MATCHER

SHARED = next((path / "shared" for path in ROOT.parents if (path / "shared").is_dir()), ROOT.parent / "shared")
CORE = {"app-not-installed", "app-blocked", "user-not-approved", "token-expired-or-revoked"}
FIT: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": lambda text: json.dumps(text)[1:-1],
    "json-twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "url": urllib.parse.quote_plus,
}


class Judged(NamedTuple):
    """One text, the rows of the table that it counts in, and whether it was answered rightly; None: left out."""

    rows: tuple[str, ...]
    text: str
    label: str
    found: str
    right: bool | None


def judged() -> Iterator[Judged]:
    """Every text of every file."""
    yield from _pastes("pastes.jsonl", asked=False)
    yield from _pastes("pastes.jsonl", asked=True)
    for row in _lines("chat.jsonl"):
        yield _silent("chat", row, row["kind"])
    for row in _lines("questions.jsonl"):
        yield _question("questions", row)
    yield from _clients()
    for name in ("team-chat", "code", "others", "sf-other"):
        for row in _lines(f"round2/{name}.jsonl"):
            yield _silent(f"r2 {name}", row, row.get("form", row["kind"]))
    yield from _pastes("round2/live.jsonl", asked=False)
    yield from _pastes("round2/live.jsonl", asked=True)
    for row in _lines("round2/asked.jsonl"):
        yield _question("r2 asked", row)
    yield from _crossed()


def _clients() -> Iterator[Judged]:
    for row in _lines("clients.jsonl"):
        for asked in (False, True) if row["told"] and row["label"] != "unplaced" else ():
            found = _topic(row["text"], asked=asked)
            name = f"clients {'asked' if asked else 'heard'}"
            yield Judged((name, f"{name}: {row['client']}"), row["text"], row["label"], found, found == row["label"])


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for line in (SHARED / "examples" / name).read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _topic(text: str, *, asked: bool) -> str:
    entry = MATCHER.recognise(text, asked=asked).entry
    return entry.topic if entry else NONE


def _pastes(file: str, *, asked: bool) -> Iterator[Judged]:
    name = f"{'pastes' if file == 'pastes.jsonl' else 'r2 live'} {'asked' if asked else 'heard'}"
    for row in _lines(file):
        found = _topic(row["text"], asked=asked)
        right: bool | None = found in row["accept"] or found == row["label"]
        if not asked and row["silent_ok"] and found == NONE:
            right = None
        rows = (name, *((f"{name} core",) if row["label"] in CORE else ()))
        rows += (f"{name}: {row['kind']}",) if "kind" in row else ()
        yield Judged(rows, row["text"], row["label"], found, right)


def _silent(name: str, row: dict[str, Any], form: str) -> Judged:
    found = _topic(row["text"], asked=False)
    return Judged((name, f"{name}: {form}"), row["text"], NONE, found, found == NONE)


def _question(name: str, row: dict[str, Any]) -> Judged:
    found = _topic(row["text"], asked=True)
    right = found in row["accept"] or found == row["label"]
    right = right or (found in ERROR_TOPICS and "error" in (row["label"], *row["accept"]))
    kind = "none" if row["label"] == NONE else "answer"
    rows = (name, f"{name} {kind}", *((f"{name}: {row['kind']}",) if "kind" in row else ()))
    return Judged(rows, row["text"], row["label"], found, right)


def catalogue() -> dict[str, set[str]]:
    """The errors of the catalogue, and the topics that are right for each."""
    topics: dict[str, set[str]] = {}
    for row in json.loads((SHARED / "reference" / "errors.json").read_text(encoding="utf-8")):
        for text in row["descriptions"]:
            if not text.startswith("("):
                is_code = re.fullmatch(r"\w+", row["code"]) and row["code"].lower() != text.lower()
                topics.setdefault((row["code"] + ": " if is_code else "") + text, set()).add(row["topic"])
    return topics


def _crossed() -> Iterator[Judged]:
    errors = catalogue()
    for carrier in _lines("carriers.jsonl"):
        for error, right in errors.items():
            text = carrier["text"].replace("{error}", FIT[carrier["fit"]](error))
            where = f"{carrier['kind']} {carrier['id']}"
            found = _topic(text, asked=False)
            if not carrier["live"]:
                rows = ("x silent heard", f"x silent: {where}")
                yield Judged(rows, text, NONE, found, found == NONE)
                continue
            name = "x live heard, " + ("names" if carrier["names_salesforce"] else "no name")
            yield Judged((name, f"{name}: {where}"), text, "/".join(right), found, found in right)
            found = _topic(text, asked=True)
            yield Judged(("x live asked", f"x live asked: {where}"), text, "/".join(right), found, found in right)


def main() -> None:
    """Print the table, and the misses that were asked for."""
    word = sys.argv[2] if sys.argv[1:2] == ["--misses"] else None
    counts: dict[str, list[bool]] = defaultdict(list)
    for one in judged():
        for row in one.rows:
            if one.right is not None:
                counts[row].append(one.right)
        if word is not None and one.right is False and any(word in row for row in one.rows):
            sys.stdout.write(f"--- {one.rows[-1]} | {one.label} -> {one.found}\n{one.text[:700]}\n")
    for row, right in counts.items():
        low, high = wilson(sum(right), len(right))
        share = sum(right) / len(right)
        sys.stdout.write(f"{row:48} {sum(right):5}/{len(right):5} {share:6.1%} [{low:.1%}-{high:.1%}]\n")


if __name__ == "__main__":
    main()
