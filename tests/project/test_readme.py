"""What README says is there, and what is there is said: files, settings, metrics, tables."""

from __future__ import annotations

import re
import subprocess
import textwrap
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.adapters.setting_readers import READERS
from bot.adapters.settings import NAMES
from bot.adapters.store.tables import metadata
from bot.domain.membership import refusal
from bot.domain.model import Standing
from bot.entrypoints.prometheus import PrometheusCounts
from tests.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SECURITY = README.partition("\n## Security\n")[2].partition("\n## ")[0]
_PATH = re.compile(
    r"`((?:bot|tests|migrations|findings|\.ci)(?:/[\w.*-]+)+/?|[\w.-]+\.(?:yml|toml|md|py)|LICENSE|Dockerfile)`"
)
_MADE_BY_READERS = {"team.yml", "*.yml"}

MOST_POINTS, LONGEST_POINT = 180, 400
"""Of one version's changes, and the letters of each."""


def named_files() -> list[str]:
    return sorted(set(_PATH.findall(README)) - _MADE_BY_READERS)


def rows_below(heading: str) -> set[str]:
    """The names in the first column of the tables of a section."""
    section = README.partition(f"\n### {heading}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    first = re.findall(r"^\s*\| (`.+?) \|", section, flags=re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`([^`]+)`", cell)}


@pytest.mark.parametrize("name", named_files())
def test_a_file_that_the_readme_names_exists(name: str) -> None:
    """A bare name may lie anywhere, as the neighbour of one that was named with its folder does."""
    assert any(ROOT.glob(name)) or ("/" not in name and any((ROOT / "tests").rglob(name))), name


def test_the_readme_names_files_at_all() -> None:
    assert len(named_files()) > 20


def env_sample() -> str:
    """What README tells people to put into ``.env``."""
    section = README.partition("\n### Connect a Slack workspace\n")[2].partition("\n### ")[0]
    return textwrap.dedent(section.partition("```sh\n")[2].partition("```")[0])


def as_docker_reads_it(lines: str) -> dict[str, str]:
    """By the rules of ``--env-file``; systemd's differ in quotes alone."""
    told = [line.strip() for line in lines.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return dict(line.split("=", 1) for line in told)


def test_the_sample_of_an_env_file_is_read_alike_by_everybody(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(env_sample(), encoding="utf-8")
    names = as_docker_reads_it(env_sample())
    shell = "set -a; . ./.env; exec env -0"

    said = subprocess.run(["sh", "-c", shell], cwd=tmp_path, env={}, capture_output=True, check=True, timeout=30).stdout
    in_shell = dict(line.split("=", 1) for line in said.decode().split("\0") if "=" in line)

    assert set(names) >= {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    assert {name: in_shell.get(name) for name in names} == names
    assert dict(dotenv_values(tmp_path / ".env")) == names
    assert set(names) <= NAMES


def test_every_setting_has_its_row_and_every_row_its_setting() -> None:
    outside_our_settings = {"HTTPS_PROXY", "NO_PROXY"}  # read by the libraries themselves

    assert rows_below("Settings") - outside_our_settings == NAMES


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_setting_is_read_somewhere(name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py")]

    assert any(re.search(rf"(?:settings|self|given)\.{name}\b", source) for source in sources)


def test_every_metric_has_its_row() -> None:
    families = PrometheusCounts().registry.collect()
    counted = {f"{each.name}_total" if each.type == "counter" else each.name for each in families}

    assert counted <= rows_below("Operations")


def test_what_is_stored_is_told_for_every_table() -> None:
    told = [line.split("|")[1:-1] for line in SECURITY.splitlines() if line.startswith("| `")]

    assert {cells[0].strip(" `") for cells in told} == set(metadata.tables)
    assert all(len(cells) == 4 and all(cell.strip() for cell in cells) for cells in told)


def test_what_is_sealed_is_told_to_be_sealed() -> None:
    """By the columns: what is kept of a table with a sealed one."""
    rows = {cells[1].strip(" `"): cells[3] for line in SECURITY.splitlines() if (cells := line.split("|"))[1:2]}

    assert {name for name in metadata.tables if "sealed" in rows[name]} == {
        table.name for table in metadata.sorted_tables if "sealed" in table.c
    }


def test_every_section_that_the_readme_leads_to_exists() -> None:
    headings = {
        re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)", README, re.MULTILINE)
    }

    assert set(re.findall(r"\]\(#([\w-]+)\)", README)) <= headings


def test_the_changelog_has_the_version_that_is_built() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert version is not None
    assert re.search(rf"^## {re.escape(version[1])} - \d{{4}}-\d\d-\d\d$", CHANGELOG, re.MULTILINE)
    assert "\n## Unreleased\n" in CHANGELOG


def test_what_changed_can_be_read_in_minutes() -> None:
    """Nobody finds what matters to them among three hundred points; what mends a point is written into it."""
    section = CHANGELOG.partition("\n## Unreleased\n")[2].partition("\n## ")[0]
    points = re.findall(r"^- .+\n(?:  .+\n)*", section, re.MULTILINE)

    assert len(points) <= MOST_POINTS
    assert [point for point in points if len(point) > LONGEST_POINT] == []


LABELS = {
    Standing.MEMBER: "member",
    Standing.GUEST: "guest (",
    Standing.STRANGER: "somebody of another company",
    Standing.GONE: "deactivated person",
    Standing.BOT: "bot, workflow",
    None: "whom Slack does not tell of",
}
"""How the table of who may see begins the row of each."""


@pytest.mark.parametrize("standing", LABELS, ids=str)
def test_the_readme_tells_of_everybody_what_they_may_see(standing: Standing | None) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| {LABELS[standing]}")]
    orgs = row.strip("|").split("|")[2].strip()

    assert (orgs == "yes") is (refusal(standing, guests_welcome=False) == "")
    assert ("settings guests on" in orgs) is (refusal(standing, guests_welcome=True) == "" and orgs != "yes")
    assert set(LABELS) == {*Standing, None}
