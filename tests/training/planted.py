"""Programs and documents that nobody here wrote as texts to learn from, with errors put into them or of their own."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.domain.recognition.guidance import OURS
from bot.domain.recognition.pattern import is_context
from tests.recognition_helpers import MATCHER
from tests.training.inputs import DOCUMENTS

REPORT, PROGRAM, TALK = "report", "program", "talk"
_OWN_STRING = re.compile(r"\"[^\"\n]{3,80}\"|'[^'\n]{3,80}'")
_SETTING = re.compile(r"(?<=[:=] )\s{0,8}[^\s\"'{\[#|>&*!][^\n#]{3,80}$")
_SETTINGS = (".yml", ".yaml", ".ini", ".cfg", ".conf", ".properties", ".toml", ".desktop", ".reg")
_COMMENT = re.compile(r"\s*(?://|#|\*|--)\s+\w+ \w+")
_PLACE = re.compile(
    r"`([^`\n]{3,80})`|\"([^\"\n]{4,80})\"|^#{1,6} ([^\n]{3,80})$|\| ([^|\n]{3,80}) \|"
    r"|\*\*[^*\n]{3,40}\*\*:? ([^\n]{3,120})$"
    r"|^```\w*\n([^`\n]{3,200})$|^ {0,4}[-*] ([^\n]{8,90})$",
    re.MULTILINE,
)
_GAP = re.compile(r"\n\s*\n")
_PLACES = 8  # of a document where an error is put
_FOUND = 4  # texts of a file whose errors are its own
_LARGEST_PARAGRAPH, _LONGEST_LINE = 900, 400  # letters
_AROUND = (0, 0, 1, 2, 3, 5, 8, 12)  # lines of a program before or after the error


class Text(NamedTuple):
    """A text to learn from: the group that it counts in, the form that it is one of, what it is."""

    group: str
    form: str
    text: str
    label: str


def planted(programs: Sequence[tuple[str, str]], errors: Sequence[str], rng: random.Random) -> Iterator[Text]:
    """Errors put into programs and documents; of every file as many."""
    for name, source in programs:
        is_document = name.endswith(DOCUMENTS)
        plant = _in_document if is_document else _in_settings if name.endswith(_SETTINGS) else _in_program
        group, label = ("planted documents", TALK) if is_document else ("planted programs", PROGRAM)
        yield from (Text(group, name, text, label) for text in plant(source, errors, rng))


def _in_program(source: str, errors: Sequence[str], rng: random.Random) -> Iterator[str]:
    lines = source.split("\n")
    places = [at for at, line in enumerate(lines) if _OWN_STRING.search(line) or _COMMENT.match(line)]
    if len(lines) < 5 or max(map(len, lines)) > _LONGEST_LINE or not places:
        return
    at = rng.choice(places)
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


def _in_settings(source: str, errors: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Errors as values of settings, with and without quotes, among other settings."""
    lines = source.split("\n")
    values = [(at, found) for at, line in enumerate(lines) if (found := _SETTING.search(line)) and len(line) < 200]
    for at, value in rng.sample(values, min(8, len(values))):
        quote = rng.choice(("", "", '"', "'"))
        planted = lines[at][: value.start()] + quote + rng.choice(errors) + quote
        first, last = max(0, at - rng.choice((0, 1, 2, 4))), at + 1 + rng.choice((0, 1, 2, 5))
        yield "\n".join((*lines[first:at], planted, *lines[at + 1 : last]))


def _in_document(source: str, errors: Sequence[str], rng: random.Random) -> Iterator[str]:
    paragraphs = _paragraphs(source)
    for at in rng.sample(range(len(paragraphs)), min(_PLACES, len(paragraphs))):
        if places := [*_PLACE.finditer(paragraphs[at])]:
            place = rng.choice(places)
            start, end = place.span(place.lastindex or 0)
            yield _among(paragraphs, at, paragraphs[at][:start] + rng.choice(errors) + paragraphs[at][end:], rng)


def _paragraphs(source: str) -> list[str]:
    return [part for part in _GAP.split(source) if part.strip() and len(part) < _LARGEST_PARAGRAPH]


def _among(paragraphs: Sequence[str], at: int, text: str, rng: random.Random) -> str:
    """A paragraph alone, or with some that stand before and after it."""
    before, after = rng.choice(((0, 0), (0, 0), (1, 0), (0, 1), (0, 2), (1, 1), (1, 2), (0, 3)))
    return "\n\n".join((*paragraphs[max(0, at - before) : at], text, *paragraphs[at + 1 : at + 1 + after]))


def found(programs: Sequence[tuple[str, str]], rng: random.Random) -> Iterator[Text]:
    """Errors, or else Salesforce's name, that stand in programs and documents; as many of every file at most."""
    for name, source in programs:
        is_document = name.endswith(DOCUMENTS)
        pieces = _paragraphs(source) if is_document else source.split("\n")
        if not is_document and max(map(len, pieces)) > _LONGEST_LINE:
            continue
        of_kind: dict[str, list[int]] = defaultdict(list)
        for at, piece in enumerate(pieces):
            of_kind[_what(piece)].append(at)
        for kind in ("found", "named"):
            places = of_kind[kind]
            for at in rng.sample(places, min(_FOUND, len(places))):
                if is_document:
                    yield Text(f"{kind} documents", name, _among(pieces, at, pieces[at], rng), TALK)
                else:
                    first, last = max(0, at - rng.choice(_AROUND)), at + 1 + rng.choice(_AROUND)
                    yield Text(f"{kind} programs", name, "\n".join(pieces[first:last]), PROGRAM)


def _what(text: str) -> str:
    """Whether an error is in a piece of text, or at least Salesforce's name."""
    patterns = MATCHER.patterns_in(text) if text.strip() else ()
    if any(not is_context(pattern) for pattern in patterns):
        return "found"
    return "named" if any(pattern.entry_id in OURS for pattern in patterns) else ""
