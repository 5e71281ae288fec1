"""Whether Slack would take a message or a view: every validator there is, since none is enough alone.

1. The JSON schemas made from Slack's own ``@slack/types``, where they lie beside the repository.
2. slack_sdk's models.
3. The rules that both miss, as the built-in workspace holds them: label lengths, counts, ids, surfaces.
4. Our own: a text for screen readers and notifications, one primary button at most, and nobody is pinged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.adapters.slack.views.blocks import CHART, FORM, SAY, SHARE
from bot.domain.command import ASK, parse
from bot.domain.digest.escalation import OWNER_FORM
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.granting_report import ASSIGN_FORM
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.domain.understanding import named_in
from bot.sandbox.slack.limits import message_problems, view_problems
from bot.sandbox.slack.records import Call

Json = dict[str, Any]

SCHEMAS = Path(__file__).parents[2] / "shared" / "schemas"
_FORMS = (JWT_FORM, NEW_ORG_FORM, DIGEST_FORM, SNOOZE_FORM, OWNER_FORM, ASSIGN_FORM)
_GROUP_PINGS = re.compile(r"<!(?:channel|here|everyone|group|subteam)\b[^>]*>")
_PERSON_PINGS = re.compile(r"<@([^>|]+)[^>]*>")
_MESSAGE_CALLS = ("chat.postMessage", "chat.postEphemeral", "chat.update", "response_url")
_VIEW_CALLS = ("views.open", "views.update", "views.push", "views.publish")


def assert_valid_message(payload: Json, *, mentions: Iterable[str] = ()) -> None:
    """Fail unless Slack takes ``payload`` and it pings nobody but ``mentions`` (user ids)."""
    problems = message_faults(payload, mentions=mentions)
    assert not problems, "\n".join(problems)


def assert_valid_view(view: Json, *, mentions: Iterable[str] = ()) -> None:
    """Fail unless Slack takes this modal or Home tab."""
    problems = view_faults(view, mentions=mentions)
    assert not problems, "\n".join(problems)


def assert_valid_calls(calls: Sequence[Call], *, mentions: Iterable[str] = ()) -> None:
    """Check every message and view among the Web API calls of a whole conversation."""
    for call in calls:
        assert_known_buttons(call.args)
        if call.method in _MESSAGE_CALLS and not call.args.get("delete_original"):
            assert_valid_message(call.args, mentions=mentions)
        elif call.method in _VIEW_CALLS:
            assert_valid_view(call.args["view"], mentions=mentions)


def assert_known_buttons(shown: object) -> None:
    """Fail for a button that would say something that the bot does not know."""
    if isinstance(shown, list):
        for each in shown:
            assert_known_buttons(each)
    elif isinstance(shown, dict):
        action = str(shown.get("action_id")).partition(":")[0]
        if shown.get("type") == "button" and action in (SAY, SHARE):
            line = str(shown.get("value"))
            # With a name of several words a line looks like a sentence, until the names of the orgs are known.
            assert parse(line).verb != ASK or named_in(line), shown
        if shown.get("type") == "button" and action.startswith(f"{FORM}-"):
            assert action.removeprefix(f"{FORM}-") in _FORMS, shown
        for each in shown.values():
            assert_known_buttons(each)


def message_faults(payload: Json, *, mentions: Iterable[str] = ()) -> list[str]:
    """Everything wrong with a message, worded; empty when nothing is."""
    blocks = payload.get("blocks") or []
    older = [
        block for block in blocks if not (isinstance(block, dict) and block.get("type") == CHART)
    ]  # newer than the schemas and the models
    found = [*_schema_faults("blocks", older), *_model_faults(older), *message_problems(blocks)]
    if not str(payload.get("text") or "").strip():
        found.append("no top-level text: screen readers and notifications would have nothing")
    if payload.get("link_names") or payload.get("parse") == "full":
        found.append("link_names and parse turn plain names into pings")
    found += _primary_faults(blocks)
    return found + list(_pings([str(payload.get("text") or ""), *_markup(blocks)], mentions, blocks))


def view_faults(view: Json, *, mentions: Iterable[str] = ()) -> list[str]:
    """Everything wrong with a modal or a Home tab, worded; empty when nothing is."""
    blocks = view.get("blocks") or []
    found = [*_schema_faults(str(view.get("type")), view), *_model_faults(blocks), *view_problems(view)]
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        found.append(f"slack_sdk: {error}")
    found += _primary_faults(blocks)
    return found + list(_pings(_markup(blocks), mentions, blocks))


@cache
def _schema(name: str) -> Draft7Validator | None:
    path = SCHEMAS / f"slack-{name}-types-3.2.0.schema.json"
    return Draft7Validator(json.loads(path.read_text("utf-8"))) if path.exists() else None


def _schema_faults(name: str, instance: object) -> Iterator[str]:
    validator = _schema(name)
    error = best_match(validator.iter_errors(instance)) if validator else None
    if error is not None:
        yield f"schema: {error.message[:300]} at /{'/'.join(map(str, error.absolute_path))}"


def _model_faults(blocks: Sequence[Json]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        try:
            model = Block.parse(dict(block))
            if model is not None:
                model.validate_json()
        except (SlackObjectFormationError, TypeError, ValueError) as error:
            yield f"slack_sdk: block {number}: {error}"


def _primary_faults(blocks: Sequence[Json]) -> Iterator[str]:
    """One button at most is the one to press: two that stand out tell a person nothing."""
    primary = list(_primary(blocks))
    if len(primary) > 1:
        yield f"more than one primary button: {', '.join(primary)}"


def _primary(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "button" and value.get("style") == "primary":
            yield str(value.get("text"))
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _primary(inner)


def _markup(value: object) -> Iterator[str]:
    """Every text in which Slack looks for pings."""
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _markup(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _markup(inner)


def _pings(texts: Iterable[str], mentions: Iterable[str], blocks: Sequence[Json]) -> Iterator[str]:
    for text in texts:
        yield from (f"pings a whole group: {ping}" for ping in _GROUP_PINGS.findall(text))
        named = set(_PERSON_PINGS.findall(text)) - set(mentions)
        yield from (f"pings a person nobody meant to name: {user}" for user in sorted(named))
    if '"type": "broadcast"' in json.dumps(list(blocks)):
        yield "pings a whole group: a rich_text broadcast"
