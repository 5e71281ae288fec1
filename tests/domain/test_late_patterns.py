"""Patterns that are compiled when they are first needed: each is one, and behaves like any other."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator

import pytest

from bot.domain.patterns import LatePattern, late
from tests.paths import ROOT

ALL = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "bot").rglob("*.py"))
}
MODULES = [module for module, text in ALL.items() if "patterns import late" in text]
SHELVES = (LatePattern, re.Pattern, tuple, list, dict)
AT_ONCE = 7
"""As many as the module has that every message goes through: a module with more of them is not so short of time."""


def within(value: object) -> Iterator[LatePattern | re.Pattern[str]]:
    """The patterns in a module's constant, however deep."""
    if isinstance(value, LatePattern | re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from within(list(value.values()))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for each in list(value):
            yield from within(each)


def patterns(module: str) -> list[LatePattern | re.Pattern[str]]:
    """What a module keeps to look for."""
    constants = list(vars(importlib.import_module(module)).values())
    return [each for value in constants if isinstance(value, SHELVES) for each in within(value)]


@pytest.mark.parametrize("module", MODULES)
def test_each_is_a_pattern(module: str) -> None:
    found = [each for each in patterns(module) if isinstance(each, LatePattern)]

    assert found, "it imports late and has none"
    for each in found:
        assert isinstance(each.pattern, str)
        assert each.match is each.match, "it is looked up anew each time"


def test_a_module_with_many_has_them_compiled_late() -> None:
    with_many = {
        module: len(compiled)
        for module, text in ALL.items()
        if "re.compile" in text
        if len(compiled := {id(each) for each in patterns(module) if isinstance(each, re.Pattern)}) > AT_ONCE
    }

    assert with_many == {}


def test_it_is_compiled_once_it_is_needed() -> None:
    wrong, right = late("("), late("(?P<word>[a-z]+)", re.IGNORECASE)

    assert [match["word"] for match in right.finditer("One two")] == ["One", "two"]
    assert (right.flags & re.IGNORECASE, right.sub("x", "AB c")) == (re.IGNORECASE, "x x")
    with pytest.raises(re.error):
        wrong.search("(")
    with pytest.raises(AttributeError):
        _ = right.nothing  # type: ignore[attr-defined]
