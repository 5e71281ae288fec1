"""``python app.py evaluate FILE…``: how good the guidance is on labelled texts, so that a change of it can be judged.

A file holds JSON lines: ``text``, ``label`` (a topic, or ``none`` where the bot must stay silent), and optionally
``accept`` (topics that count as right too) and ``silent_ok`` (silence counts as right too).

Whether somebody asked is read off the labels, file by file. A file that has a label of the guide's sections, or the
label ``error`` (any error topic will do), holds questions to the bot. Every other file is what a channel says.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.domain.errors import AskerError
from bot.domain.program import to_type
from bot.domain.recognition.guidance import ERROR_TOPICS, SECTION_TOPICS
from bot.domain.recognition.matcher import Matcher
from bot.domain.secrets.redaction import redact
from bot.entrypoints.cli.files import text_of
from bot.entrypoints.cli.gate import Line, gate
from bot.entrypoints.cli.parts import CommandParts
from bot.entrypoints.cli.score import NONE, LabelledText, Score, TopicScore, one_line

if TYPE_CHECKING:
    from rich.console import Console

ANY_ERROR = "error"
"""The label of a question that the error catalogue answers, whichever of its topics."""

_LABELS = frozenset((*ERROR_TOPICS, *SECTION_TOPICS, ANY_ERROR, NONE))
_QUESTIONS = frozenset((*SECTION_TOPICS, ANY_ERROR))
_LARGEST = 1_000_000  # characters of one text that are looked at


def add_evaluate(app: typer.Typer, parts: CommandParts) -> None:
    """Attach the command to ``app``."""

    @app.command()
    def evaluate(
        files: Annotated[
            list[Path] | None, typer.Argument(help='JSON lines: {"text": …, "label": topic or "none"}.')
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
        is_gate: Annotated[bool, typer.Option("--gate", help="The repository's own corpus, against its bars.")] = False,
    ) -> None:
        """Score the guidance on labelled texts. Files with labels of the guide's sections are taken as questions."""
        guidance, matcher, mistakes = parts.guidance()
        for mistake in mistakes:
            sys.stderr.write(mistake + "\n")
        if is_gate:
            raise typer.Exit(_tell_gate(gate(guidance), as_json=as_json))
        if not files:
            raise AskerError(
                f"Name a file of labelled texts: {to_type('evaluate', 'FILE')}. The repository's own: --gate."
            )
        rows, predictions = _judged(matcher, files)
        result = Score(rows, predictions)
        if as_json:
            sys.stdout.write(json.dumps(_as_json(result), ensure_ascii=False) + "\n")
        elif sys.stdout.isatty():
            from rich.console import Console  # here, because every other command would wait for it

            _draw(result, Console())
        else:
            sys.stdout.writelines(f"{line}\n" for line in _lines(result))


def _judged(matcher: Matcher, files: Sequence[Path]) -> tuple[list[LabelledText], list[str]]:
    rows: list[LabelledText] = []
    predictions: list[str] = []
    for path in files:
        of_file = list(read_rows(path))
        asked = any(row.label in _QUESTIONS for row in of_file)
        rows += of_file
        found = [matcher.recognise(redact(row.text).text, asked=asked).entry for row in of_file]
        predictions += [entry.topic if entry else NONE for entry in found]
    if not rows:
        raise AskerError("There is nothing to evaluate: the files hold no line.")
    return rows, predictions


# --- reading -------------------------------------------------------------------------------------------


def read_rows(path: Path) -> Iterator[LabelledText]:
    """The labelled texts of a file. Raises AskerError with the file and the line that cannot be used."""
    for number, line in enumerate(io.StringIO(text_of(path), newline=None), 1):
        if line.strip():
            yield _row(line, f"{path}, line {number}")


def _row(line: str, where: str) -> LabelledText:
    try:
        record: Any = json.loads(line)
    except ValueError:
        raise AskerError(f"{where}: this is not JSON; every line holds one object.") from None
    if not isinstance(record, dict) or not all(isinstance(record.get(name), str) for name in ("text", "label")):
        raise AskerError(f'{where}: a line is an object with the texts "text" and "label".')
    accepted = record.get("accept", [])
    if not isinstance(accepted, list):
        raise AskerError(f'{where}: "accept" is a list of topics.')
    accept = (*map(str, accepted), *((NONE,) if record.get("silent_ok") is True else ()))
    if unknown := next((label for label in (record["label"], *accept) if label not in _LABELS), None):
        raise AskerError(f"{where}: there is no topic {unknown!r}. Topics: {', '.join(sorted(_LABELS))}.")
    # Whoever takes "an error" as right takes any of them.
    any_error = ERROR_TOPICS if ANY_ERROR in (record["label"], *accept) else ()
    return LabelledText(record["text"][:_LARGEST], record["label"], (*accept, *any_error))


def _tell_gate(lines: Sequence[Line], *, as_json: bool) -> int:
    """Print the table; the exit code: 1 where a row is below its bar."""
    if as_json:
        told = [asdict(line) | {"holds": line.holds} for line in lines]
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in ("kind\tright\tshare\t95 %\tbar", *lines))
    return 0 if all(line.holds for line in lines) else 1


# --- telling -------------------------------------------------------------------------------------------


def _as_json(result: Score) -> dict[str, Any]:
    return {
        "rows": result.rows,
        "right": result.right,
        "unrelated": result.unrelated,
        "wrong_answers": result.wrong_answers,
        "wrong_answer_rate": result.wrong_answer_rate,
        "topics": [topic._asdict() for topic in result.topics],
        "confusions": [
            {"label": label, "predicted": topic, "count": count} for (label, topic), count in result.confusions
        ],
        "misses": [
            {"label": row.label, "predicted": topic, "text": one_line(row.text)} for row, topic in result.misses
        ],
    }


def _lines(result: Score) -> Iterator[str]:
    """Tab-separated, a heading before each table: for pipes and differences between two runs."""
    yield _summary(result)
    yield from ("", "topic\ttexts\trecall\tprecision")
    yield from ("\t".join(_topic_cells(topic)) for topic in result.topics)
    if result.misses:
        yield from ("", "label\tanswered as\ttimes")
        yield from ("\t".join(cells) for cells in _confusions(result))
        yield from ("", "label\tanswered as\ttext")
        yield from ("\t".join(cells) for cells in _misses(result))


def _draw(result: Score, console: Console) -> None:
    console.print(_summary(result), highlight=False, markup=False)
    _table(console, "Topics", ("topic", "texts", "recall", "precision"), map(_topic_cells, result.topics))
    _table(console, "Taken for another", ("label", "answered as", "times"), _confusions(result))
    _table(console, "Misses", ("label", "answered as", "text"), _misses(result))


def _table(console: Console, title: str, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", show_edge=False)
    for head in heads:
        is_number = head in ("texts", "times", "recall", "precision")
        table.add_column(head, justify="right" if is_number else "left", no_wrap=head == "label")
    for cells in lines:
        table.add_row(*map(Text, cells))
    if table.row_count:
        console.print()
        console.print(table)


def _summary(result: Score) -> str:
    told = f"{result.right:,} of {result.rows:,} texts right ({result.right / result.rows:.1%})"
    if not result.unrelated:
        return told
    rate = f"{result.wrong_answers:,} of {result.unrelated:,} unrelated texts ({result.wrong_answer_rate:.2%})"
    return f"{told}; wrong answers to {rate}"


def _topic_cells(topic: TopicScore) -> tuple[str, ...]:
    return topic.topic, str(topic.labelled), _share(topic.recall), _share(topic.precision)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _confusions(result: Score) -> Iterator[tuple[str, ...]]:
    return ((label, topic, str(count)) for (label, topic), count in result.confusions)


def _misses(result: Score) -> Iterator[tuple[str, ...]]:
    return ((row.label, topic, one_line(row.text)) for row, topic in result.misses)
