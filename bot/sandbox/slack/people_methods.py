"""The Web API methods about people and user groups."""

from __future__ import annotations

from bot.sandbox.slack.method_context import ApiError, MethodContext, needed
from bot.sandbox.slack.records import Json, Member


def users_info(method_context: MethodContext, args: Json) -> Json:
    """A person's names, zone and rights."""
    member = method_context.member(needed(args, "user"))
    user = _user_json(method_context, member)
    if args.get("include_locale") in (True, "true", "1", 1):
        user["locale"] = member.locale
    return {"user": user}


def _user_json(method_context: MethodContext, member: Member) -> Json:
    team = method_context.state.team
    user: Json = {
        "id": member.id,
        "team_id": member.team or team.id,
        "name": member.name,
        "real_name": member.real_name,
    }
    user |= {"tz": member.zone, "is_admin": member.admin, "is_owner": member.owner, "is_bot": member.bot}
    user |= {"is_restricted": member.guest or member.single_channel, "is_ultra_restricted": member.single_channel}
    if member.hidden:  # Slack leaves it out otherwise, for people of another company too
        user["is_stranger"] = True
    if team.enterprise and member.team is None:
        roles = {"is_admin": member.admin, "is_owner": member.owner}
        user["enterprise_user"] = {"id": member.id, "enterprise_id": team.enterprise, "teams": [team.id], **roles}
    profile = {"real_name": member.real_name, "display_name": member.name}
    if "users:read.email" in method_context.scopes():
        profile["email"] = member.email
    return user | {"deleted": member.deleted, "profile": profile}


def _check_team(method_context: MethodContext, args: Json) -> None:
    """The token of a whole organization must name one of its workspaces where a list is of one."""
    team = method_context.state.team
    if team.org_wide and not args.get("team_id"):
        raise ApiError("missing_argument", ["[ERROR] missing required field: team_id"])
    if args.get("team_id") not in (None, "", team.id):
        raise ApiError("invalid_team" if team.org_wide else "team_access_not_granted")


def auth_teams_list(method_context: MethodContext, _args: Json) -> Json:
    """The workspaces that the token is good for."""
    team = method_context.state.team
    return {"teams": [{"id": team.id, "name": team.name}], "response_metadata": {"next_cursor": ""}}


def users_list(method_context: MethodContext, args: Json) -> Json:
    """Everybody, page by page."""
    _check_team(method_context, args)
    members = sorted(method_context.state.members.values(), key=lambda member: member.id)
    start, limit = int(args.get("cursor") or 0), int(args.get("limit") or 1000)
    cursor = str(start + limit) if start + limit < len(members) else ""
    shown = [_user_json(method_context, member) for member in members[start : start + limit]]
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def usergroups_list(method_context: MethodContext, args: Json) -> Json:
    """The workspace's user groups."""
    _check_team(method_context, args)
    groups = method_context.state.groups.values()
    return {"usergroups": [{"id": group.id, "handle": group.handle, "name": group.handle} for group in groups]}


def usergroups_users_list(method_context: MethodContext, args: Json) -> Json:
    """Who is in a user group."""
    _check_team(method_context, args)
    group = method_context.state.groups.get(needed(args, "usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


PEOPLE = {
    "auth.teams.list": auth_teams_list,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroups_users_list,
    "users.info": users_info,
    "users.list": users_list,
}
