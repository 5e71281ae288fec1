"""YAML with positions: values are read with the file and line that a mistake in them is told with."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.domain.encodings import NotUtf8, decoded

_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class GuidanceError(Exception):
    """A mistake in a guidance file, as one sentence with file, line and the fix."""


def file_text(path: Path, name: str) -> str:
    """What a file holds. Raises GuidanceError, which calls the file ``name``, where that is no text."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would be waited for
            raise GuidanceError(f"{name}: that is no file")
        return decoded(path.read_bytes())
    except OSError as error:
        raise GuidanceError(f"{name}: the file cannot be read ({error.strerror})") from None
    except NotUtf8 as error:
        raise GuidanceError(f"{name}: the file {error}; save it as UTF-8") from None


@dataclass(frozen=True, slots=True)
class FilePosition:
    """Where something stands: a file's name and the line, counted from 1."""

    file: str
    line: int

    def mistake(self, sentence: str) -> GuidanceError:
        """The mistake at this place."""
        return GuidanceError(f"{self.file}, line {self.line}: {sentence}")


@dataclass(frozen=True, slots=True)
class YamlValue:
    """A YAML node in its file."""

    file: str
    node: yaml.Node

    @property
    def place(self) -> FilePosition:
        """Where the value starts."""
        return FilePosition(self.file, self.node.start_mark.line + 1)

    def text(self) -> str:
        """A text. Raises GuidanceError for anything else, and for an empty one."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.place.mistake("write a text here (in quotes if it holds a colon)")
        return str(self.node.value).strip()

    def text_or_nothing(self) -> str | None:
        """A text, or None where ``null`` stands."""
        return None if self.node.tag == "tag:yaml.org,2002:null" else self.text()

    def number(self, lowest: int, highest: int) -> int:
        """A whole number within bounds."""
        text = self.text()
        if not text.isdigit() or not lowest <= int(text) <= highest:
            raise self.place.mistake(f"write a whole number from {lowest} to {highest} here, not {text}")
        return int(text)

    def flag(self) -> bool:
        """``true`` or ``false``."""
        text = self.text().lower()
        if text not in ("true", "false"):
            raise self.place.mistake(f"write true or false here, not {text}")
        return text == "true"

    def items(self) -> Iterator[YamlValue]:
        """The items of a list; none where nothing or ``null`` stands."""
        if self.node.tag == "tag:yaml.org,2002:null":
            return
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.place.mistake("write a list here, each item on a line of its own that begins with a dash")
        for node in self.node.value:
            yield YamlValue(self.file, node)

    def texts(self) -> tuple[str, ...]:
        """The items of a list of texts."""
        return tuple(item.text() for item in self.items())

    def named(self) -> Iterator[tuple[str, YamlValue]]:
        """The fields of a mapping whose names are free."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.mistake("write names here, each with a colon and a list")
        for key, node in self.node.value:
            yield str(key.value), YamlValue(self.file, node)

    def fields(self, known: Collection[str]) -> dict[str, YamlValue]:
        """The fields of a mapping. Raises GuidanceError for an unknown or repeated one."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.mistake(f"write fields here, such as {', '.join(list(known)[:3])}, each with a colon")
        result: dict[str, YamlValue] = {}
        for key, node in self.node.value:
            name, place = str(key.value), YamlValue(self.file, key).place
            if name not in known:
                raise place.mistake(f"there is no field {name}; {one_of(name, known)}")
            if name in result:
                raise place.mistake(f"the field {name} stands here twice; keep one")
            result[name] = YamlValue(self.file, node)
        return result


def parse(file: str, text: str) -> YamlValue | None:
    """A file's content, None for an empty file. Raises GuidanceError where it is not YAML."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FilePosition(file, line).mistake(
            f"this is not YAML ({error.problem}); check indentation and quotes"
        ) from error
    except yaml.YAMLError as error:
        raise FilePosition(file, 1).mistake(
            "this is not YAML; the file holds a character that YAML does not allow"
        ) from error
    return None if node is None else YamlValue(file, node)


def one_of(name: str, known: Collection[str]) -> str:
    """What an unknown name should have been: the known one that is near it, or any of them."""
    near = difflib.get_close_matches(name, known, 1)
    return f"{near[0]} is meant, perhaps" if near else f"use one of {', '.join(known)}"
