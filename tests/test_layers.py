"""Who may import whom."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "bot").rglob("*.py"))

ONLY = {
    "sqlalchemy": ("bot.adapters.store", "bot.adapters.store.tables", "bot.wiring"),
    "alembic": ("bot.adapters.store",),
    "simple_salesforce": ("bot.adapters.salesforce",),
    "authlib": ("bot.adapters.salesforce",),
    "requests": ("bot.adapters.salesforce",),
    "slack_bolt": ("bot.entrypoints.slack", "bot.entrypoints.web", "bot.wiring"),
    "apscheduler": ("bot.entrypoints.schedule",),
    "pydantic_settings": ("bot.adapters.settings",),
    "yaml": ("bot.adapters.library", "bot.wiring.manifest"),
}
"""Who alone may import a library, by the beginning of the module's name."""

MAY_KNOW = {
    "domain": set[str](),
    "ports": {"domain"},
    "guard": {"domain"},
    "metrics": {"domain"},
    "jobs": {"domain", "guard"},
    "service": {"domain", "ports", "guard", "metrics"},
    "adapters": {"domain", "ports"},
    "adapters.settings": {"domain", "adapters.environment"},
    "entrypoints": {"domain", "ports", "guard", "metrics", "jobs", "service"},
    "sandbox": {"domain"},
}
"""Whom each room may know, itself aside; wiring knows all. Settings apart, no adapter or entrypoint knows its like."""


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room(module: str) -> str:
    """The part of the house a module is in; each adapter and each entrypoint is a room of its own."""
    parts = module.split(".")
    if parts[:2] in (["bot", "adapters"], ["bot", "entrypoints"]) and len(parts) > 2:
        return f"{parts[1]}.{parts[2]}"
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_inwards(path: Path) -> None:
    module = name_of(path)
    here = room(module)
    ours = {room(other) for other in imports(path) if other.startswith("bot.")} - {here}
    if here in ("wiring", ""):
        return
    inner = MAY_KNOW.get(here, MAY_KNOW[here.partition(".")[0]])
    assert ours <= inner, f"{module} may not import {ours - inner}"


@pytest.mark.parametrize("path", [path for path in MODULES if "domain" in path.parts], ids=name_of)
def test_the_domain_knows_the_standard_library_only(path: Path) -> None:
    outside = {other.split(".")[0] for other in imports(path)} - set(sys.stdlib_module_names) - {"bot"}

    assert not outside


@pytest.mark.parametrize("library", ONLY)
def test_a_library_stays_in_its_room(library: str) -> None:
    users = [name_of(path) for path in MODULES if library in {other.split(".")[0] for other in imports(path)}]

    assert users, f"nobody imports {library} any more: take it out of the list"
    assert [user for user in users if not user.startswith(ONLY[library])] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [name_of(path) for path in MODULES if reads_environment(path)]
    assert readers == ["bot.adapters.environment", "bot.adapters.settings"]


def reads_environment(path: Path) -> bool:
    found = (ast.unparse(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute))
    return bool({"os.environ", "os.getenv"} & set(found))
