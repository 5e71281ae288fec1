"""The form of the scripts in findings/; running them installs packages, which is left to people."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

_FOLDER = ROOT / "findings"
_SCRIPTS = sorted(_FOLDER.glob("*.sh"))
_PINNED = re.compile(r"(@?[\w./-]+)==(\d[\w.]*)")
_HOST = re.compile(r"""\w+://([^/\s"'{:]*)""")
_LOOPBACK = {"127.0.0.1", "localhost", ""}  # none: sqlite:// in memory

each_script = pytest.mark.parametrize("script", _SCRIPTS, ids=lambda script: script.stem)


@each_script
def test_a_finding_is_a_bash_script_that_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    checked = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, timeout=10, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@each_script
def test_a_finding_installs_exactly_the_versions_that_its_head_states(script: Path) -> None:
    head, _, rest = script.read_text(encoding="utf-8").partition("\nset -euo pipefail\n")
    installed = re.findall(r"^packages=\((.+)\)$", rest, re.MULTILINE)[0].split()
    pins = [_PINNED.fullmatch(package) for package in installed]
    assert pins
    for pin in pins:
        assert pin is not None
        assert f"{pin[1]} {pin[2]}" in head


@each_script
def test_the_head_of_a_finding_states_what_there_is_to_know(script: Path) -> None:
    head = script.read_text(encoding="utf-8").partition("\nset -euo pipefail\n")[0]
    for part in ("Packages", "Behaviour", "Seen", "Date seen", "We", "Exit code"):
        assert f"\n# {part}:" in head, part


@each_script
def test_a_finding_names_no_address_beyond_loopback(script: Path) -> None:
    assert set(_HOST.findall(script.read_text(encoding="utf-8"))) <= _LOOPBACK


def test_the_list_of_findings_is_complete() -> None:
    listed = re.findall(
        r"^\| \[[\w-]+\]\(([\w-]+\.sh)\)", (_FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert listed == [script.name for script in _SCRIPTS]
    assert listed


@each_script
def test_a_finding_leads_to_a_file_of_ours_that_is_there(script: Path) -> None:
    named = re.findall(r"\b(?:bot|migrations)/[\w/.]*\w", script.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
