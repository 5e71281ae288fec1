"""That an org stopped being ready, in words: what, by whom and when, as far as the org's audit trail tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.answers import Answer, Button, State
from bot.domain.answers.markup import code, owner_words, time
from bot.domain.model import AppAction, Diagnosis
from bot.domain.orgs.app_history import by_whom
from bot.domain.orgs.conditions import Condition, Known
from bot.domain.orgs.findings import Finding, judge
from bot.domain.orgs.setup_links import page_name
from bot.domain.orgs.status_report import reconnect
from bot.domain.orgs.urgency import state_of

BROKE_OFF = "Slack broke off while I posted it, and does not let me look whether it arrived."
NOT_AGAIN = f"{BROKE_OFF} I did not post it again."
"""What is told of anything whose posting nobody can look for."""

_CAUSES = {
    Finding.MISSING: AppAction.UNINSTALLED,
    Finding.UNINSTALLED: AppAction.UNINSTALLED,
    Finding.BLOCKED: AppAction.BLOCKED,
    Finding.OPEN: AppAction.POLICY_CHANGED,
    Finding.NOBODY_GRANTED: AppAction.POLICY_CHANGED,
}
"""What somebody did where this is found."""

_WORDS = {
    AppAction.UNINSTALLED: "was uninstalled",
    AppAction.BLOCKED: "was blocked",
    AppAction.POLICY_CHANGED: "had its policies changed",
}
_SINCE = timedelta(days=2)
"""How much older than its being noticed a cause may be: alerts are looked for every hour, and a bot may be down."""


def fell(found: Diagnosis, known: Known) -> Answer:
    """For a channel: an org was ready and is not any more, or is open to everybody."""
    name, causes = code(found.org.name), list(_causes(found, known.fell_at))
    return Answer(
        f"{name} {_headline(found, known)}",
        " ".join(causes) or _unknown_cause(found, known),
        State.NEEDS_STEP if known.condition is Condition.OPEN else state_of(found),
        buttons=tuple(_buttons(found)),
        note=f"Noticed {time(known.fell_at)}" if known.fell_at else "",
    )


def _headline(found: Diagnosis, known: Known) -> str:
    if known.condition is Condition.OVER:
        return "was ready, and cannot be read any more: its connection is over"
    if known.condition is Condition.OPEN:
        return f"is {found.brief}"
    return f"was ready and needs a step now: {found.brief}"


def _causes(found: Diagnosis, noticed: datetime | None) -> Iterator[str]:
    if found.facts is None or found.org.reconnect or noticed is None:
        return
    for app in found.needed_apps:
        wanted = {_CAUSES[finding] for finding in judge(app.name, found.facts).findings if finding in _CAUSES}
        event = next((each for each in app.history or () if each.action in wanted), None)
        if event is not None and event.action and event.at and noticed - event.at <= _SINCE:
            yield f"**{app.name}** {_WORDS[event.action]}{by_whom(event)}, {time(event.at)}."


def _unknown_cause(found: Diagnosis, known: Known) -> str:
    if known.condition is Condition.OVER:
        return found.trouble or "It must be connected again."
    readable = found.facts is not None and any(app.history is not None for app in found.facts.apps)
    return "Its audit trail does not tell who did it." if readable else "Who did it cannot be read there."


def _buttons(found: Diagnosis) -> Iterator[Button]:
    if found.org.reconnect:
        yield reconnect(found.org)
        return
    link = next((step.link for step in found.steps if step.link), None)
    if link:
        yield Button(f"Open {page_name(link)}", url=link, primary=True)
    yield Button(f"Check {found.org.name}", command=f"status {found.org.name}")


def undelivered(channel_id: str, why: str) -> Answer:
    """For whoever set them: alerts do not arrive."""
    return Answer(
        f"Alerts cannot be delivered to {owner_words(channel_id)}",
        why,
        State.MISSING,
        buttons=(Button("Switch them off there", command=f"remind alerts off <#{channel_id}>"),),
        note="Another channel: /flosum remind alerts on #channel. I try again each time, and tell you no more of it.",
    )


def uncertain(channel_id: str) -> Answer:
    """For whoever set them: Slack broke off, and nobody may look whether it took an alert."""
    return Answer(
        f"Look whether an alert is in {owner_words(channel_id)}",
        NOT_AGAIN,
        State.UNKNOWN,
    )


def back(name: str) -> Answer:
    """Below that: it is ready again."""
    return Answer(f"{code(name)} is ready again", state=State.READY)
