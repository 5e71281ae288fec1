"""``status --all --csv``: one line an org and app, for auditors."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.model import AppFacts, Diagnosis, OrgFacts
from bot.domain.orgs.benchmarks import benchmarks
from bot.domain.orgs.findings import judge
from bot.domain.orgs.org_list import safe_cell
from bot.entrypoints.cli.output import instant

COLUMNS = (
    "org",
    "organization_id",
    "sandbox",
    "verdict",
    "read",
    "checked_at",
    "app",
    "required",
    "state",
    "permitted_users",
    "profiles",
    "permission_sets",
    "users_with_access",
    "people_connected",
    "last_used",
    "findings",
    "benchmarks",
    "last_change",
    "last_change_by",
    "last_change_at",
    "tags",
)

Cell = str | int | bool | None


def status_csv(found: Sequence[Diagnosis]) -> str:
    """The table with its head. An empty cell could not be read; several names stand with ``; `` between them."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for each in found:
        for row in _rows(each):
            writer.writerow({column: _cell(value) for column, value in row.items()})
    return out.getvalue()


def _rows(found: Diagnosis) -> Iterator[Mapping[str, Cell]]:
    """An org that was never read has a line for each app that it needs, all the same."""
    org, facts = found.org, found.facts
    head: dict[str, Cell] = {
        "org": org.name,
        "organization_id": found.organization_id,
        "sandbox": facts.sandbox if facts else org.sandbox,
        "verdict": found.verdict.value,
        "read": found.read.value,
        "checked_at": instant(facts.checked_at) if facts else None,
        "tags": "; ".join(org.tags),
    }
    if facts is None:
        yield from ({**head, "app": app, "required": True} for app in org.apps)
        return
    for app in facts.apps:
        yield {**head, "app": app.name, "required": app.name in org.apps, **_of_app(app, facts)}


def _of_app(app: AppFacts, facts: OrgFacts) -> Mapping[str, Cell]:
    newest = next(iter(app.history or ()), None)
    return {
        "state": app.state.value,
        "permitted_users": app.permitted_users.value if app.permitted_users else None,
        "profiles": _listed(app.profiles),
        "permission_sets": _listed(app.permission_sets),
        "users_with_access": app.users_with_access,
        "people_connected": app.connected_users,
        "last_used": instant(app.last_used) if app.last_used else None,
        "findings": "; ".join(finding.word for finding in judge(app.name, facts).findings),
        "benchmarks": "; ".join(benchmarks(app.name, facts)),
        "last_change": (newest.action.value if newest.action else newest.raw) if newest else None,
        "last_change_by": newest.by if newest else None,
        "last_change_at": instant(newest.at) if newest and newest.at else None,
    }


def _listed(names: Sequence[str] | None) -> str | None:
    """``none`` is told from "could not be read", which leaves the cell empty."""
    return None if names is None else "; ".join(names) or "none"


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return safe_cell(str(value))
