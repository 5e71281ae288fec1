"""Entries as the files write them: fields that may still be missing, steps that point to other entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.adapters.library.phrases import Concepts, filled, refuse_endless
from bot.adapters.library.yaml_nodes import FilePosition, YamlValue, one_of
from bot.domain.orgs.setup_links import PAGES
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import ERROR_TOPICS, Pattern, Specificity

SPECIFICITY_OF = {
    "signs": Specificity.SALESFORCE,
    "shared_signs": Specificity.SHARED,
    "common_signs": Specificity.COMMON,
}
_SHARED_FIELDS = ("id", "topic", "title", "cause", "steps", "who", "source", "page", "tips", "short")
_FIELDS = {
    Kind.GUIDE: (*_SHARED_FIELDS, "brief", "step"),
    Kind.ERROR: (*_SHARED_FIELDS, "depth", "asks_for_url", *SPECIFICITY_OF),
}
_REQUIRED = ("topic", "title", "cause", "steps", "who", "source")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_TOO_SHORT = 4  # letters; a shorter pattern would be found in any text


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry of a file, or several files' entries of one id on top of each other."""

    id: str
    kind: Kind
    place: FilePosition
    fields: Mapping[str, YamlValue] = field(default_factory=dict)

    def over(self, older: RawEntry) -> RawEntry:
        """This entry on top of an older one with its id. Raises GuidanceError when their kinds differ."""
        if self.kind is not older.kind:
            raise self.place.mistake(f"{self.id} is the id of another kind of entry; choose another id")
        fields = {**older.fields, **self.fields}
        if "steps" in self.fields and "short" not in self.fields:
            fields.pop("short", None)  # it was short for other steps
        return RawEntry(self.id, self.kind, self.place, fields)

    def entry(self, sections: Mapping[str, RawEntry]) -> Entry:
        """The finished entry. Raises GuidanceError for what is missing or wrong in it."""
        missing = [name for name in _REQUIRED if name not in self.fields]
        if missing:
            raise self.place.mistake(f"the entry {self.id} lacks {', '.join(missing)}; add them")
        return Entry(
            id=self.id,
            kind=self.kind,
            topic=self._topic(),
            title=self.fields["title"].text(),
            cause=self.fields["cause"].text(),
            steps=self._steps(sections),
            short=self._short(sections),
            who=self.fields["who"].text(),
            source=self.fields["source"].text(),
            page=self._page(),
            tips=self._texts("tips"),
            asks_for_url=self.fields["asks_for_url"].flag() if "asks_for_url" in self.fields else False,
            hides_cause=self._depth() == 1,
            step=self._step_of_an_org(),
        )

    def patterns(self, concepts: Concepts) -> tuple[Pattern, ...]:
        """The patterns of an error entry. Raises GuidanceError for one that is too short or endless, or no concept."""
        depth = self._depth()
        return tuple(
            Pattern(self.id, _pattern_text(item, concepts), specificity, depth)
            for name, specificity in SPECIFICITY_OF.items()
            if name in self.fields
            for item in self.fields[name].items()
        )

    def _depth(self) -> int:
        """How near an error is to the cause; see ``Pattern``."""
        return self.fields["depth"].number(1, 4) if "depth" in self.fields else 3

    def brief(self) -> tuple[str, ...]:
        """What an error's answer shows of this section: its brief, or all steps where it has none."""
        return self._texts("brief") or self._texts("steps")

    def in_short(self) -> tuple[str, ...]:
        """What the first answer to an error shows of this section."""
        return self._texts("short") or self.brief()

    def _short(self, sections: Mapping[str, RawEntry]) -> tuple[str, ...]:
        if "short" not in self.fields:
            return ()
        found = [_step(item, sections) for item in self.fields["short"].items()]
        return tuple(text for section, text in found for text in (section.in_short() if section else (text,)))

    def _texts(self, name: str) -> tuple[str, ...]:
        return self.fields[name].texts() if name in self.fields else ()

    def _topic(self) -> str:
        value = self.fields["topic"]
        topic = value.text()
        if self.kind is Kind.ERROR and topic not in ERROR_TOPICS:
            raise value.place.mistake(f"there is no error topic {topic}; {one_of(topic, ERROR_TOPICS)}")
        return topic

    def _page(self) -> str | None:
        value = self.fields.get("page")
        page = value.text_or_nothing() if value else None
        if value and page is not None and page not in PAGES:
            raise value.place.mistake(f"there is no Setup page {page}; {one_of(page, PAGES)}, or null")
        return page

    def _step_of_an_org(self) -> str:
        value = self.fields.get("step")
        text = value.text() if value else ""
        if value and set(_BRACES.findall(text)) - {"{app}"}:
            raise value.place.mistake("only {app} stands for something here; write the rest without braces")
        return text

    def _steps(self, sections: Mapping[str, RawEntry]) -> tuple[str, ...]:
        found = [_step(item, sections) for item in self.fields["steps"].items()]
        steps = tuple(text for section, text in found for text in (section.brief() if section else (text,)))
        if not steps:
            raise self.fields["steps"].place.mistake(f"the entry {self.id} has no step; write at least one")
        return steps


def read_raw_entry(value: YamlValue, kind: Kind) -> RawEntry:
    """The entry that stands at ``value``. Raises GuidanceError for an unknown field or a missing id."""
    fields = value.fields(_FIELDS[kind])
    if "id" not in fields:
        raise value.place.mistake("this entry has no id; give it a short one of its own")
    return RawEntry(fields["id"].text(), kind, value.place, fields)


def _step(item: YamlValue, sections: Mapping[str, RawEntry]) -> tuple[RawEntry | None, str]:
    """The section that a step points to, or its text."""
    if isinstance(item.node.value, str):
        return None, item.text()
    section = item.fields(("use",)).get("use")
    if section is None:
        raise item.place.mistake("write a sentence, or use: and the id of a section")
    name = section.text()
    if name not in sections:
        raise section.place.mistake(f"there is no section {name}; {one_of(name, sections)}")
    return sections[name], ""


def _pattern_text(item: YamlValue, concepts: Concepts) -> str:
    """A pattern's text with the words of its concepts in their places."""
    text = filled(item, concepts)
    if sum(map(str.isalnum, text)) < _TOO_SHORT:
        raise item.place.mistake(f"the sign {text} is too short and would be found in any text; write more of it")
    return refuse_endless(item, text)
