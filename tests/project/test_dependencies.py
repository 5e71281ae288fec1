"""What is installed fits what is declared, and what is declared leaves out what is known to be unsafe; no network."""

from __future__ import annotations

import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement

from tests.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = [Requirement(line) for line in PROJECT["dependencies"]]
UNSAFE = {"authlib": "1.6.8", "cryptography": "46.0.4", "flask": "3.1.2", "waitress": "3.0.1"}
"""The last version of each that an advisory names."""


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda requirement: requirement.name)
def test_what_is_installed_is_at_or_above_what_is_declared(requirement: Requirement) -> None:
    assert requirement.specifier.contains(version(requirement.name))
    assert any(bound.operator == ">=" for bound in requirement.specifier), "there is no lower bound"


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_declared_leaves_out_versions_with_known_advisories(name: str) -> None:
    (requirement,) = [each for each in DECLARED if each.name == name]

    assert not requirement.specifier.contains(UNSAFE[name])


def test_operators_are_told_how_to_audit_an_installation() -> None:
    assert "pip-audit" in (ROOT / "README.md").read_text(encoding="utf-8")
