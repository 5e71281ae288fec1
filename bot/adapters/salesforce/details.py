"""The rest of an org for somebody who asks for all of it: one more batch after the two of a check.

Who gets in through what is counted by Salesforce, so an org of many thousand assignments answers with a few rows; names
are those of the first few. Of tokens everything but the tokens is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from simple_salesforce.format import format_soql

from bot.adapters.salesforce.access import EXTERNAL_PREFIX, NOT_PEOPLE, also, grants, lasting, still
from bot.adapters.salesforce.facts import VIEW_SETUP
from bot.adapters.salesforce.org_settings import Inquiry
from bot.adapters.salesforce.overview import TOKENS_IN_ALL
from bot.adapters.salesforce.queries import Ask, Denied, Reply, Row, Rows, Unproven, moment, rows
from bot.domain.model import AppFacts, OrgFacts, loosely
from bot.domain.orgs.org_details import (
    AppDetails,
    Holding,
    OrgDetails,
    People,
    RefreshPolicy,
    TokenHolder,
    is_stale,
)
from bot.domain.orgs.user_access import Way

NAMED = 200
"""Assignments whose people are named at most."""

_GRANTED = "PermissionSetId IN (SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN {})"
_ACTIVE = "Assignee.IsActive = true AND Assignee.UserType NOT IN {}"


def _counts(app_ids: Sequence[str], that: str) -> str:
    """How many people hold each permission set that is granted, a profile's own among them; ``that`` is asked, too."""
    soql = format_soql(
        f"SELECT PermissionSetId, COUNT_DISTINCT(AssigneeId) people FROM PermissionSetAssignment "  # noqa: S608 - constants
        f"WHERE {_ACTIVE} AND {_GRANTED}{{:literal}} GROUP BY PermissionSetId",
        NOT_PEOPLE,
        list(app_ids),
        also(that),
    )
    return Unproven(soql) if that else soql


def _names(app_ids: Sequence[str], that: str) -> str:
    soql = format_soql(
        f"SELECT PermissionSetId, Assignee.Name FROM PermissionSetAssignment "  # noqa: S608 - constants
        f"WHERE {_ACTIVE} AND {_GRANTED}{{:literal}} ORDER BY Assignee.Name LIMIT {{}}",
        NOT_PEOPLE,
        list(app_ids),
        also(that),
        NAMED,
    )
    return Unproven(soql) if that else soql


def _groups(app_ids: Sequence[str]) -> str:
    """Which of the granted permission sets are a group's own."""
    soql = format_soql(
        "SELECT Id, PermissionSetGroup.MasterLabel, PermissionSetGroup.Status FROM PermissionSet "
        "WHERE PermissionSetGroupId != null "
        "AND Id IN (SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN {})",
        list(app_ids),
    )
    return Unproven(soql)


def _policies(app_ids: Sequence[str]) -> str:
    soql = format_soql(
        "SELECT Id, RefreshTokenValidityPeriod, OptionsRefreshTokenValidityMetric, OptionsHasSessionLevelPolicy "
        "FROM ConnectedApplication WHERE Id IN {}",
        list(app_ids),
    )
    return Unproven(soql)


def _external_policies(app_ids: Sequence[str]) -> str:
    soql = format_soql(
        "SELECT ExternalClientApplicationId, RefreshTokenPolicyType, RefreshTokenValidityPeriod, "
        "RefreshTokenValidityUnit, RequiredSessionLevel FROM ExtlClntAppOauthPlcyCnfg "
        "WHERE ExternalClientApplicationId IN {}",
        list(app_ids),
    )
    return Unproven(soql)


def _holding(permission: str, that: str) -> tuple[str, str]:
    """How many people hold a permission, and who the first of them are."""
    condition = format_soql(f"{_ACTIVE} AND PermissionSet.{permission} = true", NOT_PEOPLE) + also(that)
    count = f"SELECT COUNT_DISTINCT(AssigneeId) people FROM PermissionSetAssignment WHERE {condition}"  # noqa: S608
    who = f"SELECT Assignee.Name FROM PermissionSetAssignment WHERE {condition} ORDER BY Assignee.Name LIMIT 50"  # noqa: S608
    return Unproven(count), Unproven(who)


_TOKENS = (
    "SELECT AppName, UserId, User.Name, User.IsActive, CreatedDate, LastUsedDate FROM OauthToken "
    "WHERE AppName LIKE '%Flosum%'"
)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was answered."""

    tokens: Reply
    approvers: Reply
    approvers_named: Reply
    any_client: Reply
    any_client_named: Reply
    grants: Reply
    groups: Reply
    policies: Reply
    external: Reply
    counts: Reply
    names: Reply


def read_details(inquiry: Inquiry, facts: OrgFacts, now: datetime) -> OrgDetails:
    """The rest of an org whose ``facts`` were just read."""
    answers = _asked(inquiry.ask, [app.app_id for app in facts.apps if app.app_id], now)
    tokens = rows(answers.tokens)
    # Without that permission Salesforce gives a user their own assignments, as if there were no others.
    sees_assignments = VIEW_SETUP not in facts.missing_permissions
    return OrgDetails(
        tuple(_of_app(app, answers, now) for app in facts.apps),
        approvers=_people(answers.approvers, answers.approvers_named) if sees_assignments else None,
        any_client=_people(answers.any_client, answers.any_client_named) if sees_assignments else None,
        access_control=inquiry.access_control(),
        cut=isinstance(answers.tokens, Rows) and not (answers.tokens.complete and len(tokens) < TOKENS_IN_ALL),
    )


def _asked(ask: Ask, app_ids: Sequence[str], now: datetime) -> _Answers:
    """Of assignments that have not ended; of all of them where the day on which one ends does not show."""
    about = [_TOKENS]
    if app_ids:
        about += [grants(*app_ids), _groups(app_ids), _policies(app_ids), _external_policies(app_ids)]
    replies = ask([*about, *_of_people(app_ids, still(now), lasting(now))])
    (tokens, *of_apps), people = replies[: len(about)], replies[len(about) :]
    if any(isinstance(reply, Denied) and reply.for_lack_of_permission for reply in people):
        people = ask(_of_people(app_ids, "", ("",)))
    granted, groups, policies, external = of_apps or [_NOT_ASKED] * 4
    approvers, approvers_named, any_client, any_client_named, *of_sets = people
    return _Answers(
        tokens,
        approvers,
        approvers_named,
        any_client,
        any_client_named,
        granted,
        groups,
        policies,
        external,
        _joined(of_sets[0::2]),
        _joined(of_sets[1::2]),
    )


def _of_people(app_ids: Sequence[str], lasts: str, parts: Sequence[str]) -> list[str]:
    """Who holds what; ``lasts`` says that an assignment has not ended, ``parts`` that beside a semi-join."""
    asked = [*_holding("PermissionsApproveUninstalledConnectedApps", lasts)]
    asked += _holding("PermissionsUseAnyApiClient", lasts)
    for that in parts if app_ids else ():
        asked += [_counts(app_ids, that), _names(app_ids, that)]
    return asked


_NOT_ASKED = Denied("NOT_ASKED")


def _joined(parts: Sequence[Reply]) -> Reply:
    """The rows of all of them; a part that is refused leaves the whole unknown."""
    answered = [part for part in parts if isinstance(part, Rows)]
    if len(answered) < len(parts) or not parts:
        return next((part for part in parts if isinstance(part, Denied)), _NOT_ASKED)
    return Rows(tuple(row for part in answered for row in part.rows), all(part.complete for part in answered))


def _people(count: Reply, named: Reply) -> People | None:
    number = next((row.number("people") for row in rows(count)), None)
    if number is None:
        return None
    return People(number, _assignees(rows(named)))


def _assignees(found: Sequence[Row]) -> tuple[str, ...]:
    """Their names, as an answer that came in two parts has them in neither's order."""
    return tuple(sorted({name for row in found if (name := row.text("Assignee.Name"))}, key=str.casefold))


def _of_app(app: AppFacts, answers: _Answers, now: datetime) -> AppDetails:
    mine = [row for row in rows(answers.tokens) if loosely(row.text("AppName") or "") == loosely(app.name)]
    return AppDetails(
        app.name,
        ways=_ways(app.app_id, answers),
        # Whoever does not see all tokens sees their own: then the reading does not know how many people hold one.
        holders=None if app.connected_users is None else tuple(_holders(mine, now)),
        refresh=_refresh(app.app_id, answers),
        session=_session(app.app_id, answers),
    )


def _ways(app_id: str | None, answers: _Answers) -> tuple[Holding, ...] | None:
    """Through what an app lets people in; None where that could not be read, or no app is there."""
    if app_id is None or isinstance(answers.grants, Denied):
        return None
    counts = Counter[str | None]()
    for row in rows(answers.counts):  # nobody has the same one twice, so nobody is in both parts
        counts[row.text("PermissionSetId")] += row.number("people") or 0
    groups = {row.text("Id"): row for row in rows(answers.groups)}
    ways = []
    for row in answers.grants.rows:
        holder = row.text("ParentId")
        if row.text("SetupEntityId") != app_id:
            continue
        named = [each for each in rows(answers.names) if each.text("PermissionSetId") == holder]
        # A permission set that nobody holds has no row among the counts.
        count = counts.get(holder, 0 if isinstance(answers.counts, Rows) and answers.counts.complete else None)
        people = People(count, _assignees(named))
        ways.append(_way(row, groups.get(holder), people))
    return tuple(sorted(ways, key=lambda way: (way.kind.value, way.name)))


def _way(grant: Row, group: Row | None, people: People) -> Holding:
    if group is not None:
        name = group.text("PermissionSetGroup.MasterLabel") or grant.text("Parent.Label")
        return Holding(Way.GROUP, name or "", people, group.text("PermissionSetGroup.Status"))
    if grant.flag("Parent.IsOwnedByProfile"):
        return Holding(Way.PROFILE, grant.text("Parent.Profile.Name") or "", people)
    return Holding(Way.PERMISSION_SET, grant.text("Parent.Label") or "", people)


def _holders(tokens: Sequence[Row], now: datetime) -> Iterator[TokenHolder]:
    by_user: dict[str, list[Row]] = {}
    for row in tokens:
        by_user.setdefault(row.text("UserId") or "", []).append(row)
    return (_holder(mine, now) for mine in by_user.values())


def _holder(tokens: Sequence[Row], now: datetime) -> TokenHolder:
    active = tokens[0].flag("User.IsActive")
    used = [moment(row.text("LastUsedDate")) for row in tokens]
    old = [is_stale(at, moment(row.text("CreatedDate")), now) for at, row in zip(used, tokens, strict=True)]
    return TokenHolder(
        tokens[0].text("UserId") or "",
        tokens[0].text("User.Name") or "",
        active,
        len(tokens),
        len(tokens) if active is False else sum(old),
        max((at for at in used if at), default=None),
    )


def _refresh(app_id: str | None, answers: _Answers) -> RefreshPolicy | None:
    if (row := _policy(app_id, answers)) is None:
        return None
    if (app_id or "").startswith(EXTERNAL_PREFIX):
        return RefreshPolicy(
            row.number("RefreshTokenValidityPeriod"),
            row.text("RefreshTokenValidityUnit"),
            kind=row.text("RefreshTokenPolicyType"),
        )
    return RefreshPolicy(row.number("RefreshTokenValidityPeriod"), idle=row.flag("OptionsRefreshTokenValidityMetric"))


def _session(app_id: str | None, answers: _Answers) -> bool | str | None:
    if (row := _policy(app_id, answers)) is None:
        return None
    if (app_id or "").startswith(EXTERNAL_PREFIX):
        return row.text("RequiredSessionLevel")
    return row.flag("OptionsHasSessionLevelPolicy")


def _policy(app_id: str | None, answers: _Answers) -> Row | None:
    if app_id is None:
        return None
    external = app_id.startswith(EXTERNAL_PREFIX)
    reply, field = (answers.external, "ExternalClientApplicationId") if external else (answers.policies, "Id")
    return next((row for row in rows(reply) if row.text(field) == app_id), None)
