"""What is asked of an org: SOQL, several questions to a call, and each answer or refusal a fact of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession
from simple_salesforce.format import format_soql

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.failures import SessionEndedError
from bot.adapters.salesforce.login import API_VERSION
from bot.adapters.salesforce.refusals import fit_to_show, refused_session
from bot.domain.errors import OrgError
from bot.domain.orgs.refusal_kinds import RefusalKind, kind_of

ORGANIZATION = "SELECT Id, IsSandbox FROM Organization"
PERMISSIONS = "SELECT PermissionsCustomizeApplication, PermissionsViewSetup FROM UserPermissionAccess"
_FLOSUM = "Flosum"
_UNFIT = re.compile(r"[\x00\ud800-\udfff]")
_LONGEST = 300
_FURTHER_PAGES = 4
"""Of one long answer: 10,000 rows, or all the 2,500 tokens that Salesforce gives. What is longer stays cut."""

_PAGE = re.compile(r"/services/data/v[\d.]+/(?P<path>query/[\w-]+)")


def connected_apps(policy: bool) -> str:
    """The connected apps of Flosum that have a row, which means installed. The policy may be hidden by itself."""
    fields = "Id, Name, OptionsAllowAdminApprovedUsersOnly" if policy else "Id, Name"
    return format_soql("SELECT {:literal} FROM ConnectedApplication WHERE Name LIKE '%{:like}%'", fields, _FLOSUM)


def external_apps() -> str:
    """External client apps of Flosum: their tokens carry no menu item although they are installed."""
    return format_soql(
        "SELECT Id, MasterLabel FROM ExternalClientApplication WHERE MasterLabel LIKE '%{:like}%'", _FLOSUM
    )


def tokens() -> str:
    """Who holds a token of a Flosum app. Never the token itself, nor what deletes it."""
    return format_soql(
        "SELECT AppName, AppMenuItemId, AppMenuItem.ApplicationId, AppMenuItem.IsUsingAdminAuthorization, "
        "UserId, LastUsedDate FROM OauthToken WHERE AppName LIKE '%{:like}%'",
        _FLOSUM,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an answer; a name with dots reaches through relationships, and None is Salesforce's null."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """A text field, without the signs that no database and no page takes; none of Salesforce's is that long."""
        return _UNFIT.sub("\ufffd", value[:_LONGEST]) if isinstance(value := self._value(name), str) else None

    def flag(self, name: str) -> bool | None:
        """A checkbox."""
        return value if isinstance(value := self._value(name), bool) else None

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self._value(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _value(self, name: str) -> object:
        value: object = self.values
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True, slots=True)
class Rows:
    """An answered question; ``complete`` is false where Salesforce holds more rows than it gave.

    ``next_page`` is where the rest of a long answer lies, as a batch takes it.
    """

    rows: tuple[Row, ...]
    complete: bool = True
    next_page: str | None = None

    def and_then(self, page: Reply) -> Rows:
        """With the next page behind it; a page that was refused leaves the answer cut."""
        if isinstance(page, Denied):
            return Rows(self.rows, complete=False)
        return Rows(self.rows + page.rows, page.complete, page.next_page)


def rows(reply: Reply) -> tuple[Row, ...]:
    """The rows of an answer; none of a refusal."""
    return reply.rows if isinstance(reply, Rows) else ()


def moment(text: str | None) -> datetime | None:
    """A time as Salesforce writes it: ``2026-11-22T15:04:05.000+0000``."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Denied:
    """A question that was refused, with Salesforce's code and message."""

    code: str
    message: str = ""

    @property
    def for_lack_of_permission(self) -> bool:
        """Salesforce hides what a user may not see: it says that there is no such object or field.

        With the same code it refuses a filter or an order that a field does not have, which is our mistake.
        """
        hidden = self.code in ("INVALID_TYPE", "INVALID_FIELD") and "can not be " not in self.message
        return hidden or self.code.startswith("INSUFFICIENT_ACCESS")


class Unproven(str):
    """A question of which no live org has shown that it takes it: refused, it is no more than an answer that lacks."""

    __slots__ = ()


Reply = Rows | Denied
Ask = Callable[[Sequence[str]], list[Reply]]


def asking(client: Salesforce, org: str) -> Ask:
    """A function that puts several questions to ``org`` in one HTTP call, and fetches the pages of long answers.

    A composite batch holds up to 25; each question and page counts against the org's API requests: about 20 a check.
    """

    def ask(questions: Sequence[str]) -> list[Reply]:
        unproven = {at for at, soql in enumerate(questions) if isinstance(soql, Unproven)}
        replies = call([f"query?q={quote(soql)}" for soql in questions], unproven)
        for _ in range(_FURTHER_PAGES):
            cut = [
                (at, reply, reply.next_page)
                for at, reply in enumerate(replies)
                if isinstance(reply, Rows) and reply.next_page
            ]
            if not cut:
                break
            pages = call([path for _, _, path in cut], set(range(len(cut))))
            for (at, begun, _), page in zip(cut, pages, strict=True):
                replies[at] = begun.and_then(page)
        return replies

    def call(paths: Sequence[str], unproven: set[int]) -> list[Reply]:
        batch = [{"method": "GET", "url": f"v{API_VERSION}/{path}"} for path in paths]
        try:
            answer = client.restful("composite/batch", method="POST", json={"batchRequests": batch})
        except SalesforceError as error:
            refusal = refused_call(error, org)
        else:
            return _replies(answer, len(paths), unproven, org)
        raise refusal  # out here, where the error that holds the body as it came is no part of it

    return ask


def refused_call(error: SalesforceError, org: str) -> OrgError | SessionEndedError:
    """What a call that was refused as a whole says of the org, or of the session."""
    code, message = code_and_message(error.content)
    if isinstance(error, SalesforceExpiredSession):
        return SessionEndedError(refused_session(org, code or "INVALID_SESSION_ID", message))
    if not isinstance(error.content, (list, dict)):
        return failures.unusable(org, error.status, failures.kind_of(str(error.content).encode(errors="replace")))
    kind = _kind(error.status, code, message)
    if kind in SAYS_NOTHING:
        return failures.unanswered(org, code or f"HTTP {error.status}", kind)
    if error.status == 403 or kind is not RefusalKind.OTHER:
        return refused_session(org, code or "FORBIDDEN", message)
    return failures.odd(org, code or f"HTTP {error.status}")


# What another try, another day or a newer assistant may mend says nothing of the org's apps.
SAYS_NOTHING = frozenset(
    {
        RefusalKind.SERVER,
        RefusalKind.UNSAID,
        RefusalKind.MAINTENANCE,
        RefusalKind.RATE,
        RefusalKind.CONCURRENT,
        RefusalKind.DAILY,
        RefusalKind.LIMIT,
    }
    | {RefusalKind.VERSION, RefusalKind.OURS}
)
# What speaks of the org or of the connection's user, whatever was asked.
_ENDS_THE_CHECK = frozenset(
    {RefusalKind.CLOSED, RefusalKind.API_OFF, RefusalKind.USER_API, RefusalKind.PASSWORD}
    | {RefusalKind.INACTIVE, RefusalKind.FROZEN, RefusalKind.LOCKED}
)


def _kind(status: int, code: str, message: str) -> RefusalKind:
    """Our addresses differ by nothing but the version: where one is not found, the org does not speak that."""
    if status == 410 or (status == 404 and code in ("", "NOT_FOUND")):
        return RefusalKind.VERSION
    return RefusalKind.SERVER if status >= 500 else kind_of(code, message)


def _replies(answer: object, expected: int, unproven: set[int], org: str) -> list[Reply]:
    results = answer.get("results") if isinstance(answer, Mapping) else None
    if not isinstance(results, list) or len(results) != expected:
        raise failures.odd(org, "a batch of another length")
    return [_reply(result, org, unproven=at in unproven) for at, result in enumerate(results)]


def _reply(result: object, org: str, *, unproven: bool) -> Reply:
    status = result.get("statusCode") if isinstance(result, Mapping) else None
    body = result.get("result") if isinstance(result, Mapping) else None
    if not isinstance(status, int):
        raise failures.odd(org, "a result without a status")
    if status >= 300:
        return _denied(status, body, org, unproven=unproven)
    records = body.get("records") if isinstance(body, Mapping) else None
    is_list = isinstance(records, list) and all(isinstance(record, Mapping) for record in records)
    if not isinstance(body, Mapping) or not is_list:
        raise failures.odd(org, "a result without records")
    complete = body.get("done") is not False
    next_page = None if complete else _PAGE.fullmatch(str(body.get("nextRecordsUrl")))
    return Rows(tuple(map(Row, body["records"])), complete, next_page["path"] if next_page else None)


def _denied(status: int, body: object, org: str, *, unproven: bool) -> Denied:
    """A refused question. What another try may mend is no fact about the org, so it ends the check."""
    code, message = code_and_message(body)
    if status == 401:
        raise SessionEndedError(refused_session(org, code or "INVALID_SESSION_ID", message))
    if unproven:
        return Denied(code or f"HTTP {status}", message)
    kind = _kind(status, code, message)
    if kind in SAYS_NOTHING:
        raise failures.unanswered(org, code or f"HTTP {status}", kind)
    if kind in _ENDS_THE_CHECK:
        raise refused_session(org, code, message)
    return Denied(code or f"HTTP {status}", message)


def code_and_message(body: object) -> tuple[str, str]:
    """Salesforce's list of errors, its single error, or anything else."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, Mapping):
        return "", ""
    return fit_to_show(first.get("errorCode") or first.get("error")), fit_to_show(first.get("message"))
