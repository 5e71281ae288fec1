"""Trains the two models that tell a report of an error from source that is shown and from talk about errors.

``python -m tests.training.reports FOLDER…`` writes ``bot/guidance/weights/reports.json``. The folders hold source and
Markdown of any kind (unpacked packages will do): errors are put into their strings and code spans, so that the models
see programs and documents that nobody wrote for them. Of those only weights are kept. The other texts are the tune
half of the corpus, the forms in ``test_forms_of_errors.py``, this folder's carriers with errors of the catalogue and
states in everyday words (``told.jsonl``), and what lies beside the repository where it is developed. The gate half
is never read.

A number of texts weighs as much as ``WEIGHTS`` says, however many they are.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.entrypoints.cli.gate import CORPUS, fitted
from tests.domain.recognition.test_forms_of_errors import FORMS, SILENT
from tests.paths import ROOT
from tests.recognition_helpers import GUIDANCE, MATCHER, spoken

REPORT, PROGRAM, TALK = "report", "program", "talk"
WEIGHTS = {
    "pastes": 500,
    "clients": 150,
    "report carriers": 600,
    "forms": 400,
    "patterns": 150,
    "tune reports": 250,
    "tune report carriers": 250,
    "shared reports": 250,
    "shared report carriers": 250,
    "program carriers": 400,
    "tune programs": 250,
    "tune program carriers": 150,
    "shared programs": 300,
    "shared program carriers": 150,
    "talk carriers": 700,
    "tune talk": 350,
    "tune talk carriers": 200,
    "shared talk": 300,
    "shared talk carriers": 200,
    "silent": 500,
    "told report": 200,
    "told talk": 400,
    "amid programs": 300,
    "below programs": 150,
    "prose": 60,
    "documents": 120,
}
_OTHER = 80
_SHARED = next((path / "shared" for path in ROOT.parents if (path / "shared").is_dir()), ROOT) / "examples"
WEIGHTS_FILE = ROOT / "bot" / "guidance" / "weights" / "reports.json"
_BOUNDS = {PROGRAM: ("l1", 8.0, 0, 0.0), TALK: ("l2", 10.0, 3000, 4.6)}
"""Of each model: its penalty, how little that counts, how many features it keeps (0: all), and by how much the bias is
moved, so that about one real paste in fifty, and one in twenty-five, is lost where it was left out of the training."""
STATES = (
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
_OWN_STRING = re.compile(r"\"[^\"\n]{3,80}\"|'[^'\n]{3,80}'")
_COMMENT = re.compile(r"\s*(?://|#|\*|--)\s+\w+ \w+")
_SPAN = re.compile(r"`[^`\n]{3,60}`|\"[^\"\n]{4,60}\"")
_DOCUMENT_KINDS = ("diff-commit-changelog", "tables-docs", "review-comment", "markdown", "changelog")


class Text(NamedTuple):
    """A text to learn from: where it comes from, and what it is."""

    group: str
    text: str
    label: str


class Sample(NamedTuple):
    """One line with an error in a text."""

    text: Text
    number: int
    features: set[str]
    share: float


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file; none where the file is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def texts(folders: Sequence[Path], seed: int = 1) -> list[Text]:
    """All that is learnt from."""
    rng = random.Random(seed)  # noqa: S311 - the same texts each time
    errors = [row["text"] for row in rows(CORPUS / "errors.jsonl")]
    errors += sorted({error.split(":")[0] for error in errors if "_" in error.split(":")[0]})
    errors += STATES * 4
    found = [*_judged(), *_forms()]
    for name, path, times in (
        ("", Path(__file__).parent / "carriers.jsonl", 8),
        ("tune ", CORPUS / "tune" / "carriers.jsonl", 10),
        ("shared ", _SHARED / "carriers.jsonl", 14),
    ):
        for carrier in rows(path):
            label = REPORT if carrier["live"] else PROGRAM if carrier["kind"] == "code" else TALK
            for error in rng.choices(errors, k=times):
                text = carrier["text"].replace("{error}", fitted(error, carrier["fit"]))
                found.append(Text(f"{name}{label} carriers", text, label))
    return [*found, *_planted(folders, errors, rng), *_amid_programs(folders, found, rng)]


def _amid_programs(folders: Sequence[Path], found: Sequence[Text], rng: random.Random) -> Iterator[Text]:
    """Lines of programs with more of their kind around them, and reports below a program that somebody shows."""
    sources = [
        path.read_text("utf-8", "replace").split("\n") for folder in folders for path in sorted(folder.rglob("*.*"))
    ]
    sources = [lines for lines in sources if len(lines) > 8 and max(map(len, lines)) < 200]
    for text in rng.sample(found, len(found)) if sources else ():
        lines = rng.choice(sources)
        at, size = rng.randrange(len(lines) - 4), rng.choice((1, 2, 3, 4))
        around = lines[at : at + size], lines[at + size : at + size + rng.choice((0, 1, 2, 3))]
        if text.group.endswith("program carriers"):
            yield Text("amid programs", "\n".join((*around[0], text.text, *around[1])), PROGRAM)
        elif text.group.endswith("report carriers") and rng.random() < 0.3:
            yield Text("below programs", "\n".join((*around[0], "", text.text)), REPORT)


def _judged() -> Iterator[Text]:
    """Texts that somebody labelled."""
    for name in ("live", "localised", "new"):
        yield from (Text("tune reports", row["text"], REPORT) for row in rows(CORPUS / "tune" / f"{name}.jsonl"))
    for name in ("team", "healthy"):
        yield from (Text("tune talk", row["text"], TALK) for row in rows(CORPUS / "tune" / f"{name}.jsonl"))
    yield from _programs("tune ", CORPUS / "tune" / "code.jsonl")
    yield from _programs("shared ", _SHARED / "round2" / "code.jsonl")
    yield from (Text("shared reports", row["text"], REPORT) for row in rows(_SHARED / "round2" / "live.jsonl"))
    yield from (Text("shared talk", row["text"], TALK) for row in rows(_SHARED / "round2" / "team-chat.jsonl"))
    yield from (Text("pastes", row["text"], REPORT) for row in rows(_SHARED / "pastes.jsonl"))
    yield from (Text("clients", row["text"], REPORT) for row in rows(_SHARED / "clients.jsonl"))
    for row in rows(_SHARED / "chat.jsonl"):
        if row["kind"] == "hard-prose":
            yield Text("prose", row["text"], TALK)
        elif row["kind"] == "hard-oauth-other" and re.search(r"[;{}]|\w\(", row["text"]):
            yield Text("others' programs", row["text"], PROGRAM)


def _programs(name: str, path: Path) -> Iterator[Text]:
    for row in rows(path):
        label = TALK if row["form"] in _DOCUMENT_KINDS else PROGRAM
        yield Text(name + ("programs" if label == PROGRAM else "talk"), row["text"], label)


def _forms() -> Iterator[Text]:
    yield from (Text("forms", text, REPORT) for forms in FORMS.values() for text in forms)
    yield from (Text("patterns", spoken(pattern), REPORT) for pattern in GUIDANCE.patterns)
    yield from (Text("silent", text, TALK) for text in SILENT)
    for row in rows(Path(__file__).parent / "told.jsonl"):
        yield Text(f"told {row['label']}", row["text"], row["label"])


def _planted(folders: Sequence[Path], errors: Sequence[str], rng: random.Random) -> Iterator[Text]:
    """Errors put into programs and documents; of every kind of file as many."""
    by_kind: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(path for folder in folders for path in folder.rglob("*.*") if path.is_file()):
        by_kind[path.suffix].append(path)
    for kind, paths in by_kind.items():
        rng.shuffle(paths)
        plant = _in_document if kind == ".md" else _in_program
        made = (text for path in paths for text in plant(path.read_text("utf-8", "replace"), errors, rng))
        group = "documents" if kind == ".md" else f"programs{kind}"
        label = TALK if kind == ".md" else PROGRAM
        yield from (Text(group, text, label) for text, _ in zip(made, range(300), strict=False))


def _in_program(source: str, errors: Sequence[str], rng: random.Random) -> Iterator[str]:
    lines = source.split("\n")
    places = [at for at, line in enumerate(lines) if _OWN_STRING.search(line) or _COMMENT.match(line)]
    if len(lines) < 5 or max(map(len, lines)) > 400 or not places:
        return
    for at in rng.choices(places, k=3):
        line, error = lines[at], rng.choice(errors)
        string = next(iter(rng.sample([*_OWN_STRING.finditer(line)] or [None], 1)))
        if string:
            quote = line[string.start()]
            planted = line[: string.start() + 1] + error.replace(quote, "\\" + quote) + line[string.end() - 1 :]
        else:
            words = line.split(" ")
            planted = " ".join([*words[:-2], error, words[-1]])
        first, last = max(0, at - rng.choice((0, 0, 1, 2, 3, 5))), at + 1 + rng.choice((0, 0, 1, 2, 3, 6))
        yield "\n".join((*lines[first:at], planted, *lines[at + 1 : last]))


def _in_document(source: str, errors: Sequence[str], rng: random.Random) -> Iterator[str]:
    paragraphs = [part for part in re.split(r"\n\s*\n", source) if _SPAN.search(part) and 80 < len(part) < 900]
    for part in rng.sample(paragraphs, min(5, len(paragraphs))):
        span = rng.choice([*_SPAN.finditer(part)])
        yield part[: span.start() + 1] + rng.choice(errors) + part[span.end() - 1 :]


def samples(found: Sequence[Text]) -> list[Sample]:
    """The lines with errors in all these texts; a text without any pattern teaches nothing."""
    result = []
    for number, text in enumerate(found):
        lines = list(MATCHER.report_features(text.text))
        result += [Sample(text, number, features, 1 / len(lines)) for features in lines]
    return result


def train(chosen: Sequence[Sample], against: str) -> dict[str, Any]:
    """The weights that tell reports from what ``against`` names."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    penalty, strength, most, moved = _BOUNDS[against]
    seen: dict[str, set[int]] = defaultdict(set)
    for sample in chosen:
        for feature in sample.features:
            seen[feature].add(sample.number)
    known = {feature for feature, numbers in seen.items() if len(numbers) >= 3}
    mine = [sample for sample in chosen if sample.text.label in (REPORT, against)]
    sizes = Counter[str]()
    for sample in mine:
        sizes[sample.text.group] += sample.share  # type: ignore[assignment]
    importance = [WEIGHTS.get(sample.text.group, _OTHER) * sample.share / sizes[sample.text.group] for sample in mine]
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(
        [dict.fromkeys(sample.features & known, len(sample.features) ** -0.5) for sample in mine]
    )
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")  # all that it takes
    is_report = [sample.text.label == REPORT for sample in mine]
    model = LogisticRegression(C=strength, l1_ratio=float(penalty == "l1"), max_iter=300, solver="liblinear")
    model.fit(matrix, is_report, sample_weight=importance)
    ranked = sorted(zip(model.coef_[0], vectors.get_feature_names_out(), strict=True), key=lambda one: -abs(one[0]))
    kept = {str(feature): float(weight) for weight, feature in ranked[: most or None] if abs(weight) > 0.005}
    # The kept features alone: how far apart they stand, and where the middle is.
    scores = [[sum(kept.get(f, 0.0) for f in sample.features) * len(sample.features) ** -0.5] for sample in mine]
    scale = LogisticRegression(C=1000, solver="liblinear").fit(scores, is_report, sample_weight=importance)
    factor = float(scale.coef_[0][0])
    weights = {feature: round(weight * factor, 2) for feature, weight in sorted(kept.items())}
    return {"bias": round(float(scale.intercept_[0]) + moved, 2), "weights": weights}


def main() -> None:
    """Train both models and write them down."""
    chosen = samples(texts([Path(name) for name in sys.argv[1:]]))
    groups = Counter(f"{sample.text.label}: {sample.text.group}" for sample in chosen)
    sys.stdout.writelines(f"{group}\t{times}\n" for group, times in sorted(groups.items()))
    models = {name: train(chosen, name) for name in (PROGRAM, TALK)}
    WEIGHTS_FILE.write_text(json.dumps(models, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
