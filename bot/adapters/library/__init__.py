"""The guidance's YAML files to records; every mistake is named with its file, its line and the fix."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.library.phrases import Concepts, phrase_of
from bot.adapters.library.raw_entries import RawEntry, read_raw_entry
from bot.adapters.library.sample_questions import read_sample_questions
from bot.adapters.library.yaml_nodes import GuidanceError, YamlValue, file_text, parse
from bot.adapters.trained import read_question_model, read_report_models
from bot.domain.errors import OperatorError
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import Context, Guidance, Pattern
from bot.domain.recognition.question_model import SampleQuestion

_GUIDANCE = Path(__file__).resolve().parents[2] / "guidance"
_BUILT_IN = ("guide.yml", "flosum.yml", "errors.yml")
_KINDS = {"sections": Kind.GUIDE, "errors": Kind.ERROR}
_CONTEXT = {context.name.lower(): context for context in Context}


def load(directory: Path | None = None) -> tuple[Guidance, tuple[str, ...]]:
    """The built-in guidance with a team's own on top, and the mistakes in the team's files, a sentence each.

    A team's entry with a known id replaces the fields that it names; another id adds an entry. An entry with
    a mistake is left out, or stays as built in; the others count. Raises OperatorError for a mistake in the
    built-in files.
    """
    built_in = _GuidanceFiles()
    for name in _BUILT_IN:
        built_in.read(name, (_GUIDANCE / name).read_text(encoding="utf-8"))
    guidance = built_in.guidance()
    if built_in.mistakes:
        raise OperatorError("\n".join(built_in.mistakes))
    if directory is None:
        return guidance, ()
    own = _GuidanceFiles(built_in)
    own.read_directory(directory)
    return own.guidance(), tuple(own.mistakes)


class _GuidanceFiles:
    """What the files say while they are read one after the other; mistakes are collected on the way.

    ``built_in``: what these files add to, and what stays where an entry of theirs holds a mistake.
    """

    def __init__(self, built_in: _GuidanceFiles | None = None) -> None:
        self._built_in = built_in
        self.raw_entries: dict[str, RawEntry] = dict(built_in.raw_entries) if built_in else {}
        self.context: list[Pattern] = list(built_in.context) if built_in else []
        self.concepts: dict[str, str] = dict(built_in.concepts) if built_in else {}
        self.sample_questions: list[SampleQuestion] = list(built_in.sample_questions) if built_in else []
        self.mistakes: list[str] = []

    def read_sample_questions(self, directory: Path) -> None:
        """Add the sample questions that lie in a folder beside the files."""
        samples, mistakes = read_sample_questions(directory / "asked", self.raw_entries)
        self.sample_questions.extend(samples)
        self.mistakes.extend(mistakes)

    def read_directory(self, directory: Path) -> None:
        """Read every YAML file of a team's directory, in the order of their names."""
        if not directory.is_dir():
            self.mistakes.append(f"{directory}: there is no such directory; correct FLOSUM_GUIDANCE_DIR")
            return
        try:
            paths = sorted(path for path in directory.iterdir() if path.suffix in (".yml", ".yaml"))
        except OSError as error:
            self.mistakes.append(
                f"{directory}: the folder cannot be read ({error.strerror}); let the bot's user read it"
            )
            return
        for path in paths:
            try:
                self.read(path.name, file_text(path, path.name))
            except GuidanceError as mistake:
                self.mistakes.append(str(mistake))
        self.read_sample_questions(directory)

    def read(self, name: str, text: str) -> None:
        """Add one file's entries; a mistake costs the entry that it is in."""
        try:
            content = parse(name, text)
            parts = content.fields((*_KINDS, "context", "concepts")) if content else {}
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))
            return
        if "concepts" in parts:  # first of all, as the context names them too
            self._add_concepts(parts["concepts"])
        if "context" in parts:
            self._add_context(parts["context"])
        for part in [part for part in parts if part in _KINDS]:
            self._add_entries(parts[part], _KINDS[part])

    def guidance(self) -> Guidance:
        """What was read, without the entries that hold a mistake."""
        sections = {name: raw for name, raw in self.raw_entries.items() if raw.kind is Kind.GUIDE}
        entries: list[Entry] = []
        patterns: list[Pattern] = []
        for raw in self.raw_entries.values():
            valid, concepts = self._valid(raw, sections)
            if valid is not None:
                entries.append(valid.entry(sections))
                patterns.extend(valid.patterns(concepts))
        return Guidance(
            tuple(entries),
            tuple(patterns),
            tuple(self.context),
            tuple(self.sample_questions),
            read_question_model,
            read_report_models,
        )

    def _valid(self, raw: RawEntry, sections: dict[str, RawEntry]) -> tuple[RawEntry | None, Concepts]:
        """The entry if it holds no mistake, else what it was before the team's files, its concepts with it."""
        try:
            raw.entry(sections), raw.patterns(self.concepts)
        except GuidanceError as mistake:
            if str(mistake) not in self.mistakes:
                self.mistakes.append(str(mistake))
            return (self._built_in.raw_entries.get(raw.id), self._built_in.concepts) if self._built_in else (None, {})
        return raw, self.concepts

    def _add_entries(self, value: YamlValue, kind: Kind) -> None:
        seen: set[str] = set()
        try:
            items = list(value.items())
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))
            return
        for item in items:
            try:
                raw = read_raw_entry(item, kind)
                if raw.id in seen:
                    raise raw.place.mistake(f"the id {raw.id} stands in this file twice; give one another id")
                seen.add(raw.id)
                older = self.raw_entries.get(raw.id)
                self.raw_entries[raw.id] = raw.over(older) if older else raw
            except GuidanceError as mistake:
                self.mistakes.append(str(mistake))

    def _add_context(self, value: YamlValue) -> None:
        try:
            for name, phrases in value.fields(tuple(_CONTEXT)).items():
                self.context.extend(_CONTEXT[name].pattern(phrase_of(item, self.concepts)) for item in phrases.items())
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))

    def _add_concepts(self, value: YamlValue) -> None:
        """Words that mean one thing; a team's own add to those of the same name."""
        try:
            for name, words in value.named():
                more = [word.replace(" ", "+") for word in words.texts()]
                self.concepts[name] = "|".join([*filter(None, [self.concepts.get(name)]), *more])
        except GuidanceError as mistake:
            self.mistakes.append(str(mistake))
