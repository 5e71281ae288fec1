"""Alert rules and the dashboard: they ask for what is counted, by the labels that it has, and say what they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from prometheus_client import Metric

from bot.metrics import Counts
from tests.paths import ROOT
from tests.running_bot import RunningBot

OPERATIONS = ROOT / "bot" / "operations"
ALERTS = OPERATIONS / "alerts.yml"
DASHBOARD = json.loads((OPERATIONS / "dashboard.json").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]
]
LABELS = {"topic", "helpful", "kind", "reason", "outcome", "pool", "check"}
"""All that there may be. A workspace, an org or a person in one would be told to whoever sees the metrics."""
PANEL = {
    "type": "object",
    "required": ["id", "type", "title", "gridPos"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "type": {"enum": ["row", "stat", "timeseries"]},
        "title": {"type": "string", "minLength": 1},
        "gridPos": {
            "type": "object",
            "required": ["h", "w", "x", "y"],
            "additionalProperties": False,
            "properties": {
                "h": {"type": "integer", "minimum": 1},
                "w": {"type": "integer", "minimum": 1, "maximum": 24},
                "x": {"type": "integer", "minimum": 0, "maximum": 23},
                "y": {"type": "integer", "minimum": 0},
            },
        },
    },
    "if": {"properties": {"type": {"not": {"const": "row"}}}},
    "then": {
        "required": ["description", "datasource", "fieldConfig", "options", "targets"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "datasource": {"const": {"type": "prometheus", "uid": "${datasource}"}},
            "fieldConfig": {
                "type": "object",
                "required": ["defaults", "overrides"],
                "properties": {"defaults": {"type": "object", "required": ["unit", "thresholds"]}},
            },
            "targets": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["refId", "datasource", "expr", "legendFormat"],
                    "properties": {"refId": {"pattern": "^[A-Z]$"}, "expr": {"type": "string", "minLength": 1}},
                },
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "panels", "templating", "time", "refresh"],
    "properties": {
        "uid": {"type": "string", "maxLength": 40},
        "schemaVersion": {"type": "integer", "minimum": 36},
        "panels": {"type": "array", "minItems": 1, "items": PANEL},
    },
}
"""What Grafana needs of a dashboard that is imported."""


def promtool(*arguments: str) -> str:
    """What it says. Fails where it finds a fault."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool (Debian's package prometheus) is not here")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drawn() -> list[tuple[str, str]]:
    """What the dashboard's panels ask, by title, with Grafana's variables filled in."""
    asked = [(p["title"], target["expr"]) for p in DASHBOARD["panels"] for target in p.get("targets", ())]
    return [(title, e.replace("$__rate_interval", "5m").replace("$instance", ".*")) for title, e in asked]


EXPRESSIONS = [*((rule["alert"], rule["expr"]) for rule in RULES), *drawn()]


@pytest.fixture
def families(running_bot: RunningBot) -> dict[str, Metric]:
    """The metrics of a running bot in which everything was counted once, by the names that Prometheus stores."""
    counts = running_bot.bot.counts
    for name in vars(Counts):
        if not name.startswith("_"):
            count_one(counts, name)
    return {sample.name: family for family in counts.registry.collect() for sample in family.samples}


def count_one(counts: Counts, name: str) -> None:
    wanted = getattr(Counts, name).__annotations__
    values = {"str": "one", "float": 0.1, "bool": True, "int": 1}
    getattr(counts, name)(**{of: values[kind] for of, kind in wanted.items() if of != "return"})


def metrics_of(expression: str) -> set[str]:
    return set(re.findall(r"\bflosum_\w+", expression))


def labels_of(expression: str) -> Iterator[str]:
    for names in re.findall(r"\b(?:by|on|without|group_left) \(([\w, ]*)\)", expression):
        yield from filter(None, re.split(r",\s*", names))
    yield from re.findall(r"[{,]\s*(\w+)\s*[=!]~?", expression)


def test_what_is_asked_is_counted(families: dict[str, Metric]) -> None:
    for place, expression in EXPRESSIONS:
        names = metrics_of(expression)

        assert names <= set(families), place
        assert names or "up{" in expression
        known = {label for name in names for sample in families[name].samples for label in sample.labels}
        assert set(labels_of(expression)) <= known | {"job", "instance"}, place


def test_labels_hold_neither_workspaces_nor_orgs_nor_people(families: dict[str, Metric]) -> None:
    samples = [sample for family in families.values() for sample in family.samples]

    assert {label for sample in samples for label in sample.labels} == LABELS | {"le"}
    assert not [sample for sample in samples if "T0DEMO" in str(sample.labels)]


def test_everything_that_is_counted_is_drawn(families: dict[str, Metric]) -> None:
    asked = {name for _, expression in drawn() for name in metrics_of(expression)}

    assert [family.name for name, family in families.items() if not asked & {s.name for s in family.samples}] == []


def test_the_rules_are_valid_and_those_of_the_dashboard_are_expressions(tmp_path: Path) -> None:
    promtool("check", "rules", "--lint=all", "--lint-fatal", str(ALERTS))
    records = [{"record": f"drawn:{number}", "expr": e} for number, (_, e) in enumerate(drawn())]
    rules = tmp_path / "drawn.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "drawn", "rules": records}]}))

    assert f"{len(records)} rules found" in promtool("check", "rules", "--lint=none", str(rules))


def test_prometheus_is_told_to_look_under_the_name_that_the_rules_know() -> None:
    (scraped,) = yaml.safe_load((OPERATIONS / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]

    assert {name for rule in RULES for name in re.findall(r'job="(\w+)"', rule["expr"])} == {scraped["job_name"]}
    assert "SUCCESS" in promtool("check", "config", str(OPERATIONS / "prometheus.yml"))


def test_each_alert_fires_when_it_should_and_only_then() -> None:
    tests = yaml.safe_load((ROOT / "tests" / "project" / "alerts.test.yml").read_text(encoding="utf-8"))
    tried = [
        (each["alertname"], bool(each["exp_alerts"])) for test in tests["tests"] for each in test["alert_rule_test"]
    ]

    assert set(tried) >= {(rule["alert"], fires) for rule in RULES for fires in (True, False)}
    assert "SUCCESS" in promtool("test", "rules", str(ROOT / "tests" / "project" / "alerts.test.yml"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_the_readme_says_what_to_do_about_an_alert(rule: dict[str, Any]) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n#### When something is wrong\n")[2]
    rows = [row for row in section.partition("\n#")[0].splitlines() if f"`{rule['alert']}`" in row]

    assert len(rows) == 1, rule["alert"]
    assert all(cell.strip() for cell in rows[0].strip().strip("|").split("|"))
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert set(rule["annotations"]) == {"summary", "description"}


def test_the_dashboard_can_be_imported() -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(DASHBOARD)] == []

    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(DASHBOARD))) == variables


def test_what_has_not_happened_yet_is_a_number_where_one_is_looked_for() -> None:
    """A counter with labels is not there before it counts, and a single number would be "No data"."""
    single = [panel for panel in DASHBOARD["panels"] if panel["type"] == "stat"]
    counted = [panel for panel in single if any("_total" in target["expr"] for target in panel["targets"])]

    assert counted
    assert [panel["title"] for panel in counted if panel["fieldConfig"]["defaults"].get("noValue") != "0"] == []


def test_no_panel_lies_on_another() -> None:
    cells = [
        (x, y)
        for at in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
