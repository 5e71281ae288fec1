"""Between rows and records: how an org's row, its key and a reading of it are written and read."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from sqlalchemy import Row, Table

from bot.adapters.store.errors import Unreadable
from bot.domain.answers import Answer, Button, State
from bot.domain.digest.notices import Notice, NoticeStatus
from bot.domain.model import (
    AnswerKind,
    ApiUsage,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Change,
    Credentials,
    Doubt,
    Failure,
    Login,
    Org,
    OrgFacts,
    Policy,
    PostedAnswer,
    Snooze,
    Verdict,
)
from bot.domain.orgs.conditions import Condition, Known, News

FACTS_VERSION = 1
T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)
log = structlog.get_logger("assistant")
_SAID = ("headline", "lead", "state", "note")
"""What is kept of an answer that is said later, beside its buttons."""

_OF_ANSWER = tuple(each.name for each in fields(PostedAnswer))
_MEANWHILE = timedelta(minutes=10)
"""How much later an attempt may be that overtook another; what is later still was noted by a clock that went wrong."""


def folded(name: str) -> str:
    """What makes a name unique: the same for any case and any way of composing its letters."""
    decomposed = unicodedata.normalize("NFD", name.strip())
    # No database stores these, and looking one up must find nothing rather than fail.
    storable = decomposed.casefold().encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return unicodedata.normalize("NFC", storable)


def qualified(*names: str) -> str:
    """Names joined so that no other names look the same: a lock's, or a row's by its table and primary key.

    A row's is the vault's context: what is sealed for that row opens in no other.
    """
    return json.dumps(names)


def readable(table: Table, record: Callable[[Row[Any]], T], rows: Iterable[Row[Any]]) -> list[T]:
    """What ``record`` makes of a table's rows, of many workspaces.

    One in a newer version's words is left to that, and holds up none of the others.
    """
    found = []
    for row in rows:
        try:
            found.append(record(row))
        except (ValueError, KeyError, TypeError) as unknown:
            log.warning("a row of another version is left alone", table=table.name, kind=type(unknown).__name__)
    return found


def kept_word(words: type[Word], kept: str, column: str) -> Word:
    """A kept word of these. Raises Unreadable for one that this version does not have."""
    if (word := _word(words, kept)) is None:
        raise Unreadable(f"a word in {column}")
    return word


def _word(words: type[Word], kept: str | None) -> Word | None:
    """A kept word of these; None for none, and for one that this version does not have."""
    return words(kept) if kept in [word.value for word in words] else None


def credentials_context(workspace: str, key: str) -> str:
    """Where an org's credentials belong."""
    return qualified("org_credentials", workspace, key)


def org_values(org: Org) -> dict[str, Any]:
    """The columns of an org beside its workspace."""
    return {
        "key": folded(org.name),
        "name": org.name,
        "host": org.host,
        "login": org.login.value,
        "username": org.username,
        "organization_id": org.organization_id,
        "sandbox": org.sandbox,
        "apps": org.apps,
        "owner": org.owner,
        "added_at": org.added_at,
        "connected_by": org.connected_by,
        "reconnect": org.reconnect,
        "tags": org.tags,
        "grants_allowed": org.grants_allowed,
        **failure_values(org.failure),
    }


def failure_values(failure: Failure | None) -> dict[str, Any]:
    """The columns of an org that say how the latest attempt to read it failed, empty where it did not."""
    return {"attempted_at": failure and failure.at, "failure": failure and failure.text}


def failure_record(row: Row[Any]) -> Failure | None:
    """The failure in a row of ``orgs``."""
    return None if row.failure is None else Failure(row.attempted_at, row.failure)


def org_record(row: Row[Any]) -> Org:
    """The org in a row of ``orgs``."""
    return Org(
        workspace=row.workspace,
        name=row.name,
        host=row.host,
        login=kept_word(Login, row.login, "orgs.login"),
        username=row.username,
        organization_id=row.organization_id,
        sandbox=row.sandbox,
        apps=row.apps,
        owner=row.owner,
        added_at=row.added_at,
        connected_by=row.connected_by,
        reconnect=row.reconnect,
        failure=failure_record(row),
        tags=row.tags,
        grants_allowed=row.grants_allowed,
    )


def org_and_more_record(row: Row[Any]) -> Org:
    """The org in a row of ``orgs``, ``snoozes`` and ``org_verdicts``."""
    verdict = verdict_record(row)
    is_open = verdict is not None and verdict.verdict is not Verdict.READY
    return replace(
        org_record(row), snooze=snooze_record(row), open_since=verdict.since if verdict and is_open else None
    )


def snooze_record(row: Row[Any]) -> Snooze | None:
    """The snooze in a row of ``snoozes``, None where it is that of an org without one."""
    return None if row.by is None else Snooze(row.until, row.reason, row.by, row.at)


def snooze_values(snooze: Snooze) -> dict[str, Any]:
    """The columns of a snooze beside its org."""
    return asdict(snooze)


def verdict_record(row: Row[Any]) -> Known | None:
    """What is known in a row of ``org_verdicts``, None where it is that of an org without one.

    A newer version's words are as if nothing was known: one org's must not hide the others.
    """
    verdict = _word(Verdict, row.verdict)
    if verdict is None:
        return None
    condition, news = _word(Condition, row.condition), _word(News, row.news)
    return Known(verdict=verdict, since=row.since, condition=condition, fell_at=row.fell_at, news=news)


def verdict_values(known: Known) -> dict[str, Any]:
    """The columns of what is known of an org over time beside it."""
    return asdict(known)


def notice_values(notice: Notice) -> dict[str, Any]:
    """The columns of something to say beside its workspace."""
    answer = notice.answer
    said = {name: getattr(answer, name) for name in _SAID} | {"buttons": [asdict(each) for each in answer.buttons]}
    return {
        "key": notice.key,
        "target": notice.target,
        "behind": notice.behind,
        "said": json.dumps(said),
        "at": notice.at,
        "status": NoticeStatus.WAITING.value,
        "next_try_at": notice.at,
        "attempts": notice.attempts,
    }


def notice_record(row: Row[Any]) -> Notice:
    """What is to be said, in a row of ``notices``."""
    said = json.loads(row.said)
    state = None if said["state"] is None else State(said["state"])
    buttons = tuple(Button(**each) for each in said["buttons"])
    answer = Answer(said["headline"], said["lead"], state, buttons=buttons, note=said["note"])
    return Notice(row.workspace, row.key, row.target, answer, row.at, row.behind, row.attempts)


def credentials_text(credentials: Credentials) -> str:
    """What the vault seals."""
    return json.dumps(asdict(credentials))


def credentials_record(text: str) -> Credentials:
    """The credentials that the vault has opened."""
    return Credentials(**json.loads(text))


def change_record(row: Row[Any]) -> Change:
    """The line in a row of ``changes``."""
    return Change(row.workspace, row.at, row.user, row.action, row.subject)


def posted_answer_row(posted: PostedAnswer) -> dict[str, Any]:
    """The row of an answer."""
    return {name: getattr(posted, name) for name in _OF_ANSWER} | {"kind": posted.kind.value}


def posted_answer_record(row: Row[Any]) -> PostedAnswer:
    """The answer in a row of ``answers``."""
    return PostedAnswer(
        workspace=row.workspace,
        channel=row.channel,
        to_ts=row.to_ts,
        thread=row.thread,
        ts=row.ts,
        entry=row.entry,
        at=row.at,
        kind=kept_word(AnswerKind, row.kind, "answers.kind"),
        detail=row.detail,
    )


def facts_values(facts: OrgFacts) -> dict[str, Any]:
    """The columns of a reading beside its org. The version says how to read the JSON."""
    body = asdict(facts)
    del body["checked_at"]
    return {
        "checked_at": facts.checked_at,
        "version": FACTS_VERSION,
        "facts": json.dumps(body, default=_in_utc),
    }


def _in_utc(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError("a datetime without a zone cannot be stored")
    return instant.astimezone(UTC).isoformat()


def what_an_attempt_sets(row: Row[Any], reading: OrgFacts | Failure) -> dict[str, Any]:
    """The columns of an org that an attempt to read it sets; none where a later attempt is known.

    Its id, sandbox flag and host stay where the attempt failed, or what was read does not say.
    """
    failure = reading if isinstance(reading, Failure) else None
    at = reading.at if isinstance(reading, Failure) else reading.checked_at
    if row.attempted_at is not None and timedelta(0) < row.attempted_at - at < _MEANWHILE:
        return {}
    read = {name: getattr(reading, name, None) for name in ("organization_id", "sandbox", "host")}
    now = {name: getattr(row, name) if value is None else value for name, value in read.items()}
    return {**now, "attempted_at": at, "failure": failure and failure.text}


def reading_values(row: Row[Any]) -> dict[str, Any]:
    """The same columns, copied from a row as they are."""
    return {"checked_at": row.checked_at, "version": row.version, "facts": row.facts}


def facts_record(row: Row[Any]) -> OrgFacts | None:
    """The reading in a row of ``org_facts``; None when another version wrote it: a new reading can be had."""
    if row.version != FACTS_VERSION:
        return None
    try:
        return _facts(row)
    except (ValueError, KeyError, TypeError):  # a newer version's words: one org's, which must not hide the others
        return None


def _facts(row: Row[Any]) -> OrgFacts:
    body = json.loads(row.facts)
    return OrgFacts(
        checked_at=row.checked_at,
        organization_id=body["organization_id"],
        sandbox=body["sandbox"],
        apps=tuple(_app_facts(app) for app in body["apps"]),
        missing_permissions=tuple(body["missing_permissions"]),
        other_apps=tuple(body.get("other_apps", ())),
        host=body.get("host"),
        refreshed_at=_moment(body.get("refreshed_at")),
        api_usage=ApiUsage(**usage) if (usage := body.get("api_usage")) else None,
        listed=body.get("listed", True),
    )


def _app_facts(body: dict[str, Any]) -> AppFacts:
    """Readings from before a field came lack it; they stay good for the rest."""
    policy, history = body["permitted_users"], body.get("history")
    return AppFacts(
        name=body["name"],
        state=AppState(body["state"]),
        app_id=body["app_id"],
        permitted_users=None if policy is None else Policy(policy),
        profiles=_names(body["profiles"]),
        permission_sets=_names(body["permission_sets"]),
        users_with_access=body["users_with_access"],
        connected_users=body["connected_users"],
        last_used=_moment(body["last_used"]),
        frozen_users=body.get("frozen_users"),
        ended_users=body.get("ended_users"),
        stale_groups=tuple(body.get("stale_groups", ())),
        doubts=tuple(map(Doubt, body.get("doubts", ()))),
        history=None if history is None else tuple(map(_event, history)),
        controlled=body.get("controlled"),
    )


def _event(body: dict[str, Any]) -> AppEvent:
    action = body["action"]
    return AppEvent(None if action is None else AppAction(action), body["raw"], body["by"], _moment(body["at"]))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _names(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
