"""What is known of an org as JSON, for programs, as the contract has it."""

from __future__ import annotations

from typing import Any

from bot.domain.answers.markup import plain
from bot.domain.model import ApiUsage, AppEvent, AppFacts, Diagnosis, OrgFacts
from bot.domain.orgs.benchmarks import benchmarks
from bot.domain.orgs.findings import judge
from bot.entrypoints.cli.output import instant


def status_json(found: Diagnosis) -> dict[str, Any]:
    """One object of ``status --json``, as the contract has it; null is "could not be read"."""
    facts = found.facts
    return {
        "org": found.org.name,
        "verdict": found.verdict.value,
        "checked_at": instant(facts.checked_at) if facts else None,
        "organization_id": found.organization_id,
        "sandbox": facts.sandbox if facts else found.org.sandbox,
        "tags": list(found.org.tags),
        "apps": [_app_json(app, facts, app.name in found.org.apps) for app in facts.apps] if facts else [],
        "next_steps": [{"topic": step.topic, "app": step.app, "link": step.link} for step in found.steps],
        "api_requests": _usage_json(facts.api_usage if facts else None),
        "trouble": plain(found.trouble) if found.trouble else None,
        "read": found.read.value,
        "last_verdict": found.last_verdict.value if found.last_verdict else None,
        "last_read_at": instant(found.last_read_at) if found.last_read_at else None,
    }


def _usage_json(usage: ApiUsage | None) -> dict[str, int] | None:
    return None if usage is None else {"used": usage.used, "limit": usage.limit}


def _app_json(app: AppFacts, facts: OrgFacts, required: bool) -> dict[str, Any]:
    return {
        "name": app.name,
        "required": required,
        "state": app.state.value,
        "permitted_users": app.permitted_users.value if app.permitted_users else None,
        "profiles": list(app.profiles) if app.profiles is not None else None,
        "permission_sets": list(app.permission_sets) if app.permission_sets is not None else None,
        "users_with_access": app.users_with_access,
        "last_used": instant(app.last_used) if app.last_used else None,
        "findings": [finding.word for finding in judge(app.name, facts).findings],
        "benchmarks": list(benchmarks(app.name, facts)),
        "history": [_event_json(event) for event in app.history] if app.history is not None else None,
    }


def _event_json(event: AppEvent) -> dict[str, Any]:
    """A line of the audit trail; its action is null where it cannot be told, and its text is kept as it came."""
    return {
        "action": event.action.value if event.action else None,
        "raw": event.raw,
        "by": event.by,
        "at": instant(event.at) if event.at else None,
    }
