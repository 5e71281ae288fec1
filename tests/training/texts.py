"""What the models of reports learn from: reports of errors, programs, and talk about errors.

The tune half of the corpus, the forms in ``test_forms_of_errors.py``, this folder's carriers and forms with errors of
the catalogue and with states in everyday words, pinned programs with errors put into their strings, and the real
texts that lie beside the repository where it is developed. The gate half is never read.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.entrypoints.cli.gate import CORPUS, fitted, is_by_a_writer
from tests.domain.recognition.test_clients import HIDDEN, TOLD
from tests.domain.recognition.test_forms_of_errors import FORMS, SILENT
from tests.domain.recognition.test_help_pages import BESIDE_PAGES, PAGES
from tests.domain.recognition.test_localised import ROWS as LOCALISED
from tests.domain.recognition.test_login_history import STATUSES, TEXTS
from tests.domain.recognition.test_new_errors import LOGIN_PAGES, NEW
from tests.domain.recognition.test_whose_error import SALESFORCES_TOO
from tests.paths import ROOT
from tests.recognition_helpers import GUIDANCE, spoken
from tests.training.inputs import DOCUMENTS
from tests.training.planted import PROGRAM, REPORT, TALK, Text, found, planted

HERE = Path(__file__).parent
SHARED = next((path / "shared" for path in ROOT.parents if (path / "shared").is_dir()), ROOT) / "examples"
_STATES = (
    "the Salesforce session expired",
    "the Salesforce token was revoked",
    "Salesforce login failed",
    "the connected app is blocked",
    "the connected app is not installed in Salesforce",
    "the user has no access to the connected app",
    "Salesforce user is locked",
    "Salesforce rejected the password",
    "the API is disabled for this Salesforce org",
    "Salesforce authentication failure",
)
"""Errors told in everyday words, which stand in programs and documents as well."""
WORDINGS = {
    f"Salesforce error: {wording}": entry_id
    for entry_id, wording in (line.split("\t") for line in (HERE / "wordings.txt").read_text("utf-8").splitlines())
}
"""What people call an error, and its entry: everyday phrases that no pattern needs to hold."""
_ALTERNATIVES = re.compile("⟨([^⟨⟩]*)⟩")
_DOCUMENT_KINDS = ("diff-commit-changelog", "tables-docs", "review-comment", "markdown", "changelog")
_LABELS = {"live": REPORT, "programs": PROGRAM, "retold": TALK, "told_report": REPORT, "told_talk": TALK}
_TIMES = 14  # phrasings of each form


def texts(programs: Sequence[tuple[str, str]], seed: int = 1) -> list[Text]:
    """All that is learnt from; ``programs`` are files of source and documents by their names."""
    rng = random.Random(seed)  # noqa: S311 - the same texts each time
    errors = [row["text"] for row in rows(CORPUS / "errors.jsonl")]
    errors += sorted({error.split(":")[0] for error in errors if "_" in error.split(":")[0]})
    errors += _STATES * 4
    made = [*_judged(), *_own(), *_carried(errors, rng), *_phrasings(errors, rng)]
    return [*made, *planted(programs, errors, rng), *_amid_programs(programs, made, rng), *found(programs, rng)]


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file; none where the file is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def _judged() -> Iterator[Text]:
    """Texts that somebody labelled."""
    tune, practice = CORPUS / "tune", SHARED / "round2"
    for name in ("live", "localised", "new"):
        yield from _of_file("tune reports", tune / f"{name}.jsonl", REPORT)
    for name in ("team", "healthy"):
        yield from _of_file("tune talk", tune / f"{name}.jsonl", TALK)
    yield from _of_file("shared reports", practice / "live.jsonl", REPORT)
    yield from _of_file("shared talk", practice / "team-chat.jsonl", TALK)
    yield from _of_file("pastes", SHARED / "pastes.jsonl", REPORT)
    yield from _of_file("clients", SHARED / "clients.jsonl", REPORT)
    for name, path in (("tune", tune), ("shared", practice)):
        for row in rows(path / "code.jsonl"):
            is_talk = row["form"] in _DOCUMENT_KINDS
            label, group = (TALK, f"{name} talk") if is_talk else (PROGRAM, f"{name} programs")
            yield Text(group, _form(row), row["text"], label)
    for row in rows(SHARED / "chat.jsonl"):
        if row["kind"] == "hard-prose" or row["text"].startswith("|"):
            yield Text("prose", row["text"], row["text"], TALK)
        elif row["kind"] == "hard-oauth-other" and re.search(r"[;{}]|\w\(", row["text"]):
            yield Text("others' programs", row["text"], row["text"], PROGRAM)


def _of_file(group: str, path: Path, label: str) -> Iterator[Text]:
    yield from (Text(group, _form(row), row["text"], label) for row in rows(path))


def _form(row: dict[str, Any]) -> str:
    """Texts of the third round stand beside twins of their form; each of the others is a form by itself."""
    return str(row["form"] if is_by_a_writer(row) else row["text"])


def _own() -> Iterator[Text]:
    yield from (Text("forms", text, text, REPORT) for forms in FORMS.values() for text in forms)
    yield from (Text("patterns", pattern.text, spoken(pattern), REPORT) for pattern in GUIDANCE.patterns)
    yield from (Text("patterns", text, text, REPORT) for text in WORDINGS)
    printed = [row["text"] for row in rows(CORPUS / "errors.jsonl")]
    printed += [text for text, _ in (*HIDDEN, *TOLD, *SALESFORCES_TOO)] + BESIDE_PAGES
    printed += [*TEXTS, *(status for status, _ in STATUSES.values() if status)]
    pages = [text for texts in (*NEW.values(), *LOGIN_PAGES.values(), *LOCALISED.values()) for text in texts]
    printed += [*pages, *(f"login.salesforce.com\n{page}" for page in pages)]
    yield from (Text("printed", text, text, REPORT) for text in printed)
    yield from (Text("silent", text, text, TALK) for text in (*SILENT, *PAGES))
    for row in rows(HERE / "told.jsonl"):
        yield Text(f"told {row['label']}", row["text"], row["text"], row["label"])


def _carried(errors: Sequence[str], rng: random.Random) -> Iterator[Text]:
    for name, path, times in (
        ("", HERE / "carriers.jsonl", 8),
        ("tune ", CORPUS / "tune" / "carriers.jsonl", 10),
        ("shared ", SHARED / "carriers.jsonl", 14),
    ):
        for carrier in rows(path):
            label = REPORT if carrier["live"] else PROGRAM if carrier["kind"] == "code" else TALK
            for error in rng.choices(errors, k=times):
                text = carrier["text"].replace("{error}", fitted(error, carrier["fit"]))
                yield Text(f"{name}{label} carriers", carrier["text"], text, label)


def _phrasings(errors: Sequence[str], rng: random.Random) -> Iterator[Text]:
    """The forms of this folder in many words: ⟨one|another⟩ stands for either."""
    for name, label in _LABELS.items():
        group = f"told {label}" if name.startswith("told") else f"{label} forms"
        for form in (HERE / "forms" / f"{name}.txt").read_text("utf-8").splitlines():
            made = dict.fromkeys(_phrased(form, errors, rng) for _ in range(_TIMES))
            yield from (Text(group, form, text, label) for text in made)


def _phrased(form: str, errors: Sequence[str], rng: random.Random) -> str:
    r"""A form with one of each of its alternatives; ``\|`` is a bar of the text's own."""
    said = _ALTERNATIVES.sub(lambda found: rng.choice(found[1].split("|")), form.replace(r"\|", "\0"))
    said = said.replace("\0", "|").replace(r"\n", "\n").replace(r"\t", "\t")
    fit = "url" if "error_description={error}" in form else "json" if form.startswith("{") else "plain"
    return said.replace("{error}", fitted(rng.choice(errors), fit))


def _amid_programs(programs: Sequence[tuple[str, str]], found: Sequence[Text], rng: random.Random) -> Iterator[Text]:
    """Lines of programs with more of their kind around them, and reports below a program that somebody shows."""
    sources = [source.split("\n") for name, source in programs if not name.endswith(DOCUMENTS)]
    sources = [lines for lines in sources if len(lines) > 8 and max(map(len, lines)) < 200]
    for text in rng.sample(found, len(found)) if sources else ():
        lines = rng.choice(sources)
        at, size = rng.randrange(len(lines) - 4), rng.choice((1, 2, 3, 4))
        around = lines[at : at + size], lines[at + size : at + size + rng.choice((0, 1, 2, 3))]
        if text.label == PROGRAM and text.group.endswith(("carriers", "forms")):
            yield Text("amid programs", text.form, "\n".join((*around[0], text.text, *around[1])), PROGRAM)
        elif text.label == REPORT and text.group.endswith(("carriers", "report forms")) and rng.random() < 0.3:
            yield Text("below programs", text.form, "\n".join((*around[0], "", text.text)), REPORT)
