"""The guidance's YAML files to records; every mistake is named with its file, its line and the fix."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from bot.adapters.library.drafts import Concepts, Draft, draft
from bot.adapters.library.phrases import PATTERNS, PHRASES, refuse_endless, text_of
from bot.adapters.library.sample_questions import read_asked
from bot.adapters.library.yaml_nodes import GuidanceError, Value, file_text, read
from bot.domain.errors import OperatorError
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import Ask, Asked, Context, Guidance, Sign

_GUIDANCE = Path(__file__).resolve().parents[2] / "guidance"
_BUILT_IN = ("guide.yml", "errors.yml")
_KINDS = {"sections": Kind.GUIDE, "errors": Kind.ERROR}
_CONTEXT = tuple(field.name for field in fields(Context))


def load(directory: Path | None = None) -> tuple[Guidance, tuple[str, ...]]:
    """The built-in guidance with a team's own on top, and the mistakes in the team's files, a sentence each.

    A team's entry with a known id replaces the fields that it names; another id adds an entry. An entry with
    a mistake is left out, or stays as built in; the others count. Raises OperatorError for a mistake in the
    built-in files.
    """
    built_in = _Shelf()
    for name in _BUILT_IN:
        built_in.read(name, (_GUIDANCE / name).read_text(encoding="utf-8"))
    built_in.read_asked(_GUIDANCE)
    guidance = built_in.guidance()
    if built_in.mistakes:
        raise OperatorError("\n".join(built_in.mistakes))
    if directory is None:
        return guidance, ()
    shelf = _Shelf(built_in)
    shelf.read_directory(directory)
    return shelf.guidance(), tuple(shelf.mistakes)


class _Shelf:
    """Entries by id while files are read one after the other; mistakes are collected on the way."""

    def __init__(self, below: _Shelf | None = None) -> None:
        self._below = below
        self.drafts: dict[str, Draft] = dict(below.drafts) if below else {}
        self.context: dict[str, tuple[str, ...]] = dict(below.context) if below else {}
        self.concepts: dict[str, str] = dict(below.concepts) if below else {}
        self.asked: list[Asked] = list(below.asked) if below else []
        self.mistakes: list[str] = []

    def read_asked(self, directory: Path) -> None:
        """Add the sample questions that lie in a folder beside the files."""
        asked, mistakes = read_asked(directory / "asked")
        self.asked.extend(asked)
        self.mistakes.extend(mistakes)

    def read_directory(self, directory: Path) -> None:
        """Read every YAML file of a team's directory, in the order of their names."""
        if not directory.is_dir():
            self.mistakes.append(f"{directory}: there is no such directory; correct FLOSUM_GUIDANCE_DIR")
            return
        for path in sorted(path for path in directory.iterdir() if path.suffix in (".yml", ".yaml")):
            try:
                self.read(path.name, file_text(path, path.name))
            except GuidanceError as mistake:
                self.mistakes.append(str(mistake))
        self.read_asked(directory)

    def read(self, name: str, text: str) -> None:
        """Add one file's entries; a mistake costs the entry that it is in."""
        try:
            content = read(name, text)
            parts = content.fields((*_KINDS, "context", "concepts")) if content else {}
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))
            return
        for part, value in parts.items():
            if part == "context":
                self._add_context(value)
            elif part == "concepts":
                self._add_concepts(value)
            else:
                self._add_entries(value, _KINDS[part])

    def guidance(self) -> Guidance:
        """What was read, without the entries that hold a mistake."""
        sections = {name: found for name, found in self.drafts.items() if found.kind is Kind.GUIDE}
        entries: list[Entry] = []
        signs: list[Sign] = []
        asks: list[Ask] = []
        for found in self.drafts.values():
            sound, concepts = self._sound(found, sections)
            if sound is not None:
                entries.append(sound.entry(sections))
                signs.extend(sound.signs(concepts))
                asks.extend(sound.asks())
        return Guidance(tuple(entries), tuple(signs), tuple(asks), Context(**self.context), tuple(self.asked))

    def _sound(self, found: Draft, sections: dict[str, Draft]) -> tuple[Draft | None, Concepts]:
        """The entry if it holds no mistake, else what it was before the team's files, its concepts with it."""
        try:
            found.entry(sections), found.signs(self.concepts), found.asks()
        except GuidanceError as mistake:
            if str(mistake) not in self.mistakes:
                self.mistakes.append(str(mistake))
            return (self._below.drafts.get(found.id), self._below.concepts) if self._below else (None, {})
        return found, self.concepts

    def _add_entries(self, value: Value, kind: Kind) -> None:
        seen: set[str] = set()
        for item in _items(value, self.mistakes):
            try:
                found = draft(item, kind)
                if found.id in seen:
                    raise found.place.mistake(f"the id {found.id} stands in this file twice; give one another id")
                seen.add(found.id)
                older = self.drafts.get(found.id)
                self.drafts[found.id] = found.over(older) if older else found
            except GuidanceError as mistake:
                self.mistakes.append(str(mistake))

    def _add_context(self, value: Value) -> None:
        try:
            for name, words in value.fields(_CONTEXT).items():
                texts = tuple(_context_text(name, item) for item in words.items())
                self.context[name] = (*self.context.get(name, ()), *texts)
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))

    def _add_concepts(self, value: Value) -> None:
        """Words that mean one thing; a team's own add to those of the same name."""
        try:
            for name, words in value.named():
                more = [word.replace(" ", "+") for word in words.texts()]
                self.concepts[name] = "|".join([*filter(None, [self.concepts.get(name)]), *more])
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))


def _context_text(name: str, item: Value) -> str:
    if name in PHRASES:
        return text_of(item)
    return refuse_endless(item, item.text()) if name in PATTERNS else item.text()


def _items(value: Value, mistakes: list[str]) -> list[Value]:
    try:
        return list(value.items())
    except GuidanceError as mistake:
        mistakes.append(str(mistake))
        return []
