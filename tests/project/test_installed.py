"""The wheel, installed: every command works from any folder, without the checkout."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from bot.domain.program import INSTALLED_AS
from bot.wiring.version import version
from tests.paths import ROOT

BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "app.py", "manifest.yml", "migrations", "bot")
NOT_INSTALLED = {"bot/sandbox/demo.webp"}
"""The picture in README."""
PROGRAMS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
TOLD_IN = (".py", ".yml", ".txt", ".js", ".html")
STALE = "0000_of_another_branch.py"
BACKEND = "import sys; from setuptools import build_meta as b; getattr(b, sys.argv[1])(sys.argv[2])"


def build(what: str, source: Path, out: Path) -> Path:
    """A wheel or a source distribution, by the backend that pip calls, without the network."""
    command = [sys.executable, "-c", BACKEND, f"build_{what}", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel is built from, with what building left behind when there was another migration."""
    source = tmp_path_factory.mktemp("source")
    for name in BUILT_FROM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    left = source / "build" / "lib" / "bot" / "migrations" / "versions" / STALE
    left.parent.mkdir(parents=True)
    left.write_text("raise AssertionError")
    return source


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of a fresh environment are. What the bot depends on is that of this one: no network."""
    where = tmp_path_factory.mktemp("installed")
    venv.create(where, symlinks=True)
    (packages,) = where.glob("lib/*/site-packages")
    (packages / "what_it_depends_on.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(where / "bin" / "python")]
    install = [*pip, "install", "--no-deps", "--no-index", "--quiet", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    return where / "bin"


def run(programs: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """One command in an empty folder of somebody who set nothing; nothing outside answers."""
    nowhere = "http://127.0.0.1:9"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "HTTPS_PROXY": nowhere, "SLACK_API_URL": nowhere}
    program, *arguments = command
    return subprocess.run(
        [str(programs / program), *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_program_explains(programs: Path, tmp_path: Path) -> None:
    done = run(programs, tmp_path, "flosum-assistant", "explain", "error=OAUTH_APP_BLOCKED")

    assert (done.returncode, done.stderr) == (0, "")
    assert "blocked" in done.stdout


def test_the_demo_needs_nothing_else_and_knows_its_version(programs: Path, tmp_path: Path) -> None:
    done = run(programs, tmp_path, "flosum-assistant", "demo", "--once", "/flosum version")

    assert (done.returncode, done.stderr) == (0, "")
    assert version() in done.stdout
    assert (
        "prod is ready"
        in run(programs, tmp_path, "python", "-m", "bot", "demo", "--once", "/flosum status prod").stdout
    )


def test_a_database_is_made_and_the_doctor_sees_it(programs: Path, tmp_path: Path) -> None:
    migrated = run(programs, tmp_path, "flosum-assistant", "migrate")
    again = run(programs, tmp_path, "python", "-m", "bot", "migrate")
    doctor = run(programs, tmp_path, "flosum-assistant", "doctor")

    assert "It was at none" in migrated.stdout, migrated.stderr
    assert migrated.stdout.startswith(again.stdout.strip())
    assert "✅ migrations" in doctor.stdout, doctor.stderr
    assert doctor.returncode == 1, "there is no Slack"


def test_the_manifest_can_be_pasted_without_a_checkout(programs: Path, tmp_path: Path) -> None:
    printed = run(programs, tmp_path, "flosum-assistant", "manifest").stdout

    assert printed == (ROOT / "manifest.yml").read_text(encoding="utf-8")


def test_the_wheel_has_what_is_there_now_and_nothing_from_before(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())

    migrations = {f"bot/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "migrations").rglob("*.py")}
    assert {name for name in names if name.startswith("bot/migrations/")} == migrations
    here = (path for path in (ROOT / "bot").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {path.relative_to(ROOT).as_posix() for path in here} - NOT_INSTALLED <= names


@pytest.mark.parametrize(
    "command",
    ["--help", "run", "orgs list", "rotate-keys --new-key", "doctor"],
)
def test_what_is_to_be_typed_is_this_program(programs: Path, tmp_path: Path, command: str) -> None:
    done = run(programs, tmp_path, "flosum-assistant", *command.split())

    assert "app.py" not in done.stdout + done.stderr
    assert command == "doctor" or "flosum-assistant " in done.stdout + done.stderr


def test_one_place_alone_knows_how_the_program_is_called() -> None:
    """In whatever people read: who installed it has no ``app.py``, and who cloned it has no other program."""
    files = [path for path in (ROOT / "bot").rglob("*") if path.suffix in TOLD_IN]
    naming = {path.relative_to(ROOT).as_posix() for path in files if re.search("app[.]py|-m bot", told_in(path))}

    assert naming == {"bot/domain/program.py"}
    assert PROGRAMS == {INSTALLED_AS: "bot.__main__:main"}


def told_in(path: Path) -> str:
    """What may reach people of a file: of a program its texts, without those that explain it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained
    )


def test_a_source_distribution_has_all_that_the_wheel_is_built_from(source: Path, tmp_path: Path) -> None:
    with tarfile.open(build("sdist", source, tmp_path)) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}

    wanted = [path.relative_to(ROOT).as_posix() for path in (ROOT / "migrations").rglob("*.py")]
    assert {"manifest.yml", "bot/wheel.py", "bot/guidance/guide.yml", *wanted} <= names
