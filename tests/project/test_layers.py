"""Who may import whom."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.paths import ROOT

MODULES = sorted((ROOT / "bot").rglob("*.py"))

DOMAIN = [path for path in MODULES if "domain" in path.parts]

ONLY = {
    "sqlalchemy": ("bot.adapters.store", "bot.wiring"),
    "alembic": ("bot.adapters.store",),
    "simple_salesforce": ("bot.adapters.salesforce",),
    "authlib": ("bot.adapters.salesforce",),
    "requests": ("bot.adapters.salesforce",),
    "slack_bolt": ("bot.entrypoints.slack", "bot.wiring"),
    "waitress": ("bot.entrypoints.web",),
    "httptools": ("bot.adapters.slack",),
    "apscheduler": ("bot.entrypoints.schedule",),
    "prometheus_client": ("bot.entrypoints.prometheus", "bot.entrypoints.web", "bot.wiring"),
    "dotenv": ("bot.adapters.environment",),
    "yaml": ("bot.adapters.library", "bot.wiring.manifest"),
}
"""Who alone may import a library, by the beginning of the module's name."""

VIEWS = "adapters.slack.views"
_FACES = {"domain", "ports", "guard", "metrics", "jobs", "service", "web_page", "log_names"}
MAY_KNOW = {
    "domain": set[str](),
    "ports": {"domain"},
    "log_names": set(),
    "guard": {"domain", "log_names"},
    "metrics": {"domain"},
    "waits": set(),
    "fair_pool": {"waits"},
    "wheel": set(),
    "org_places": {"fair_pool"},
    "web_page": {"domain"},
    "jobs": {"domain", "guard", "fair_pool", "waits"},
    "service": {"domain", "ports", "guard", "metrics"},
    "adapters": {"domain", "ports", "metrics", "waits"},
    "adapters.settings": {"domain", "adapters.environment", "adapters.named_file", "adapters.setting_readers"},
    "adapters.logs": {"domain", "log_names"},
    "adapters.library": {"domain", "adapters.trained"},
    VIEWS: {"domain"},
    "adapters.slack": {"domain", "ports", "metrics", VIEWS},
    "entrypoints": _FACES,
    "entrypoints.slack": _FACES | {VIEWS},
    "sandbox": {"domain"},
}
"""Whom each room may know, itself aside; wiring knows all. No adapter or entrypoint knows its like, but for three: the
settings, the library, which hands the trained weights on, and Slack's views, which turn records into blocks and touch
nothing."""

WINGS = {
    "": {"answers", "patterns"},  # the modules that lie in the domain itself: records, errors, commands
    "patterns": set[str](),
    "answers": set[str](),
    "secrets": {"patterns"},
    "recognition": {"patterns"},
    "orgs": {"", "answers", "patterns"},
    "digest": {"", "answers", "orgs", "patterns"},
    "conversations": {"", "answers", "orgs", "patterns", "recognition", "secrets"},
}
"""Whom each wing of the domain may know, itself aside."""


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
    if f"{module}.".startswith(f"bot.{VIEWS}."):
        return VIEWS
    if parts[:2] in (["bot", "adapters"], ["bot", "entrypoints"]) and len(parts) > 2:
        return f"{parts[1]}.{parts[2]}"
    return parts[1] if len(parts) > 1 else ""


def wing(module: str) -> str:
    """The wing of the domain that a module is in; empty for those that lie in the domain itself."""
    parts = module.split(".")
    return parts[2] if len(parts) > 2 and (ROOT / "bot" / "domain" / parts[2]).is_dir() else ""


def modules_imported(path: Path) -> Iterator[str]:
    """Our modules that a file imports, those for type checkers alone and those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in NAMES else str(node.module)


NAMES = frozenset(map(name_of, MODULES))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_inwards(path: Path) -> None:
    module = name_of(path)
    here = room(module)
    ours = {room(other) for other in imports(path) if other.startswith("bot.")} - {here}
    if here in ("wiring", "__main__", ""):
        return
    inner = MAY_KNOW.get(here, MAY_KNOW[here.partition(".")[0]])
    assert ours <= inner, f"{module} may not import {ours - inner}"


@pytest.mark.parametrize("path", DOMAIN, ids=name_of)
def test_each_wing_of_the_domain_knows_only_those_below_it(path: Path) -> None:
    module = name_of(path)
    ours = {wing(other) for other in imports(path) if other.startswith("bot.domain.")} - {wing(module)}

    assert ours <= WINGS[wing(module)], f"{module} may not import {ours - WINGS[wing(module)]}"


def test_no_import_leads_in_a_circle() -> None:
    graph = {name_of(path): set(modules_imported(path)) for path in MODULES}

    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("path", DOMAIN, ids=name_of)
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
