"""Which orgs the words of a subscription mean: all, the sandboxes, production, or some by name."""

from __future__ import annotations

from bot.domain.model import Diagnosis
from bot.domain.org_questions import folded


def is_meant(words: str, found: Diagnosis) -> bool:
    """Whether an org is among those that ``words`` choose, whatever becomes of it."""
    said = folded(words).removesuffix(" not ready").removesuffix("not ready").strip()
    sandbox = found.facts.sandbox if found.facts else found.org.sandbox
    if said in ("", "all"):
        return True
    if said in ("sandboxes", "production"):
        return sandbox is (said == "sandboxes")
    return folded(found.org.name) in {folded(name) for name in said.split(",")}
