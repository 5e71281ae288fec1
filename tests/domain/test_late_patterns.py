"""Patterns that are compiled when they are first needed: each is one, and behaves like any other."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator

import pytest

from bot.domain.patterns import LatePattern, late
from tests.paths import ROOT

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "bot" / "domain").rglob("*.py")
    if "patterns import late" in path.read_text(encoding="utf-8")
)


def within(value: object) -> Iterator[LatePattern]:
    """The late patterns in a module's constant, however deep."""
    if isinstance(value, LatePattern):
        yield value
    elif isinstance(value, dict):
        yield from within(list(value.values()))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for each in list(value):
            yield from within(each)


@pytest.mark.parametrize("module", MODULES)
def test_each_is_a_pattern(module: str) -> None:
    constants = vars(importlib.import_module(module)).values()
    found = [each for value in constants if isinstance(value, LatePattern | tuple | dict) for each in within(value)]

    assert found, "it imports late and has none"
    for each in found:
        assert isinstance(each.pattern, str)
        assert each.match is each.match, "it is looked up anew each time"


def test_it_is_compiled_once_it_is_needed() -> None:
    wrong, right = late("("), late("(?P<word>[a-z]+)", re.IGNORECASE)

    assert [match["word"] for match in right.finditer("One two")] == ["One", "two"]
    assert (right.flags & re.IGNORECASE, right.sub("x", "AB c")) == (re.IGNORECASE, "x x")
    with pytest.raises(re.error):
        wrong.search("(")
    with pytest.raises(AttributeError):
        _ = right.nothing  # type: ignore[attr-defined]
