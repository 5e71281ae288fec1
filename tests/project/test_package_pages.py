"""What a package's page says is in it, is in it: a list of modules that are gone leads its reader astray."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import chain

import pytest

from tests.paths import ROOT

PAGES = {
    str(page.parent.relative_to(ROOT)): text
    for page in sorted((ROOT / "bot").rglob("__init__.py"))
    if (text := (ast.get_docstring(ast.parse(page.read_text(encoding="utf-8"))) or "").partition(">>>")[0])
}
"""What each package's page says, without the example that some end in."""
LISTS = [package for package, text in PAGES.items() if re.search(r"^ *\w+ {2,}\S", text, re.MULTILINE)]
NAME = r"[a-z][a-z0-9_]*"


def listed(text: str) -> list[str]:
    """What the columns of a page list: a name at the beginning of one, and behind it what it is for."""
    return re.findall(rf"(?:^ *|(?<=\S) {{2,}})({NAME})(?= {{2,}}\S)", text, re.MULTILINE)


def named(text: str) -> list[str]:
    """What sentences of a page name as modules: ``matcher.py``, and ``(overview, audit_trail)`` behind what they do."""
    inside = [names.split(", ") for names in re.findall(rf"\(({NAME}(?:, {NAME})*)\)", text)]
    return re.findall(rf"\b({NAME})\.py\b", text) + list(chain(*inside))


def modules(package: str) -> set[str]:
    return {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}


@cache
def defined() -> set[str]:
    """Every module, function and class of the program."""
    found, definition = set[str](), re.compile(rf"^ *(?:def|class) ({NAME})", re.MULTILINE)
    for path in (ROOT / "bot").rglob("*.py"):
        found |= {path.stem, *definition.findall(path.read_text(encoding="utf-8"))}
    return found


def test_there_are_lists_to_look_at() -> None:
    assert {"bot/service", "bot/domain/digest", "bot/domain/secrets", "bot/sandbox/client"} <= set(LISTS)


@pytest.mark.parametrize("package", LISTS)
def test_a_list_of_modules_has_each_of_them_and_no_other(package: str) -> None:
    names = listed(PAGES[package])

    assert sorted(names) == sorted(modules(package))


@pytest.mark.parametrize("package", PAGES)
def test_a_module_that_a_page_names_is_there(package: str) -> None:
    beside = {path.stem for where in (ROOT.glob("*.py"), (ROOT / "tests").rglob("*.py")) for path in where}

    assert set(named(PAGES[package])) <= modules(package) | beside


@pytest.mark.parametrize("package", PAGES)
def test_what_a_page_prints_as_code_is_a_name_of_the_program(package: str) -> None:
    printed = set(re.findall(rf"``({NAME})``", PAGES[package]))

    assert printed - defined() - FROM_ELSEWHERE == set()


FROM_ELSEWHERE = {
    "invalid_grant",  # a code of Salesforce's
    "remind",  # a verb
    "signs",  # a key of the guidance's files
}
"""What is printed as code and is no name of the program."""


def test_a_list_reads_as_columns() -> None:
    assert listed("a_b      what it is (x)        cd   more\n  ef  last\n\nNo list  in here.") == ["a_b", "cd", "ef"]
