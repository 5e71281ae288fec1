"""Which kind of refusal Salesforce's code and description are: by whole codes and whole words, never by pieces.

A code that has one meaning decides; then the words of the description; then a code that many causes share. Codes and
words are those of the Salesforce reference, sections 5 and 9; what they do not hold is ``OTHER``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from bot.domain.model import Login


class RefusalKind(StrEnum):
    """Why Salesforce refused the assistant, as far as its words tell."""

    CLOSED = auto()
    MAINTENANCE = auto()
    BLOCKED = auto()
    NOT_INSTALLED = auto()
    NOT_GRANTED = auto()
    NO_POLICY = auto()
    OTHER_ORGS_APP = auto()
    RUN_AS = auto()
    FLOW_OFF = auto()
    SCOPE = auto()
    CALLBACK = auto()
    MY_DOMAIN = auto()
    SESSION_LEVEL = auto()
    RATE = auto()
    SERVER = auto()
    UNSAID = auto()
    CONCURRENT = auto()
    DAILY = auto()
    LIMIT = auto()
    PASSWORD = auto()
    LOCKED = auto()
    FROZEN = auto()
    INACTIVE = auto()
    ADDRESS = auto()
    CLOCK = auto()
    CODE = auto()
    ENDED = auto()
    AUDIENCE = auto()
    CERTIFICATE = auto()
    ASSERTION = auto()
    SECRET = auto()
    SETTINGS = auto()
    CLIENT_ID = auto()
    LOGIN_HISTORY = auto()
    DENIED = auto()
    UNFIT_LOGIN = auto()
    API_OFF = auto()
    USER_API = auto()
    API_CONTROL = auto()
    SECURITY_POLICY = auto()
    CLIENT_CERTIFICATE = auto()
    VERSION = auto()
    OURS = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class _Signs:
    """What tells a kind. A phrase is whole words; ``*`` at its end lets its last word go on.

    ``codes`` mean this and nothing else; ``shared`` are codes that say it only where the description says no other.
    """

    codes: str = ""
    phrases: tuple[str, ...] = ()
    shared: str = ""


_INACTIVE = ("organization is inactive", "inactive organization", "org is inactive", "inactive org")

_SIGNS: Mapping[RefusalKind, _Signs] = {
    RefusalKind.CLOSED: _Signs(
        "inactive_org org_locked trial_expired",
        (
            "org is locked",
            "organization locked",
            "org is closed",
            "closed or suspended",
            "trial expired",
            *_INACTIVE,
        ),
    ),
    RefusalKind.MAINTENANCE: _Signs("org_in_maintenance", ("organization is in maintenance",)),
    RefusalKind.BLOCKED: _Signs(
        "oauth_app_blocked app_blocked fail_close_app_blocked", ("app is blocked", "oauth app blocked", "app blocked")
    ),
    RefusalKind.NOT_INSTALLED: _Signs(
        "app_not_found oauth_ec_app_not_found installation_error login_oauth_package_missing",
        (
            "app must be installed into org",
            "app is not installed in this org",
            "package for this consumer is not installed",
        ),
    ),
    RefusalKind.NOT_GRANTED: _Signs(
        "invalid_app_access oauth_app_access_denied",
        (
            "user hasn't approved this consumer",
            "user is not admin approved",
            "not admin approved",
            "not approved for access",
        ),
    ),
    RefusalKind.NO_POLICY: _Signs("oauth_policy_not_found ecapp_policy_not_found"),
    RefusalKind.OTHER_ORGS_APP: _Signs(
        "oauth_authorization_blocked invalid_distribution_state", ("cross org oauth flows are not supported",)
    ),
    RefusalKind.RUN_AS: _Signs(phrases=("no client credentials user enabled",)),
    RefusalKind.FLOW_OFF: _Signs(
        "oauth_flow_disabled unsupported_grant_type", ("grant type not supported",), "unauthorized_client"
    ),
    RefusalKind.SCOPE: _Signs("invalid_scope", ("requested scope is not allowed",)),
    RefusalKind.CALLBACK: _Signs(
        "redirect_uri_mismatch redirect_uri_missing login_oauth_no_callback_url",
        ("redirect_uri must match configuration", "redirect_uri not provided"),
    ),
    RefusalKind.MY_DOMAIN: _Signs(
        phrases=(
            "not supported on this domain",
            "must use a custom domain",
            "must use my domain",
        ),
    ),
    RefusalKind.SESSION_LEVEL: _Signs("invalid_session_level", ("high assurance",)),
    RefusalKind.RATE: _Signs(
        "rate_limit_exceeded login_rate_exceeded slow_down login_error_rate_exceeded login_error_logins_exceeded",
        ("login rate exceeded", "number of logins exceeded", "maximum logins exceeded", "too many logins"),
    ),
    RefusalKind.SERVER: _Signs(
        "server_error temporarily_unavailable service_unavailable system_down "
        "server_unavailable request_running_too_long query_timeout unknown_exception unable_to_lock_row"
    ),
    RefusalKind.UNSAID: _Signs(shared="unknown_error"),
    RefusalKind.CONCURRENT: _Signs("concurrent_requests_limit_exceeded", ("concurrent*",)),
    RefusalKind.DAILY: _Signs(phrases=("totalrequests limit exceeded", "totalrequests")),
    RefusalKind.LIMIT: _Signs(shared="request_limit_exceeded"),
    RefusalKind.PASSWORD: _Signs(
        "invalid_operation_with_expired_password",
        ("password has expired", "password expired", "expired password", "password is expired"),
    ),
    RefusalKind.LOCKED: _Signs(
        "password_lockout", ("user is locked", "user is locked out", "user locked out", "locked user")
    ),
    RefusalKind.FROZEN: _Signs("login_error_user_frozen", ("user is frozen", "frozen user")),
    RefusalKind.INACTIVE: _Signs("inactive_user login_error_user_inactive", ("user is inactive", "inactive user")),
    RefusalKind.ADDRESS: _Signs(
        "login_during_restricted_domain login_during_restricted_time restricted_access login_oauth_invalid_ip",
        ("ip restricted", "invalid login hours", "restricted ip", "restricted time", "ip address not allowed"),
    ),
    RefusalKind.CODE: _Signs(
        phrases=(
            "expired authorization code",
            "invalid authorization code",
            "authorization code expired",
            "invalid code verifier",
        )
    ),
    RefusalKind.CERTIFICATE: _Signs(phrases=("certificate expired", "certificate has expired", "expired certificate")),
    RefusalKind.ENDED: _Signs(
        phrases=(
            "expired access refresh token",
            "expired access token",
            "expired refresh token",
            "token validity expired",
            "token expired",
            "token has expired",
            "token is expired",
            "revoked",
        )
    ),
    RefusalKind.AUDIENCE: _Signs(phrases=("audience is invalid", "audience validation failed", "invalid audience")),
    RefusalKind.ASSERTION: _Signs(
        "invalid_assertion invalid_assertion_type", ("invalid assertion", "invalid signature")
    ),
    RefusalKind.SETTINGS: _Signs("not_configured"),
    RefusalKind.CLIENT_ID: _Signs("invalid_client_id", ("client identifier invalid", "consumer deleted")),
    RefusalKind.SECRET: _Signs("invalid_basic_auth_header", ("invalid client credentials",), "invalid_client"),
    RefusalKind.LOGIN_HISTORY: _Signs(phrases=("authentication failure",), shared="login_error"),
    RefusalKind.DENIED: _Signs(phrases=("user denied authorization",), shared="access_denied"),
    RefusalKind.UNFIT_LOGIN: _Signs("invalid_private_key incomplete_login"),
    RefusalKind.API_OFF: _Signs("api_disabled_for_org login_oauth_api_disabled"),
    RefusalKind.USER_API: _Signs("api_currently_disabled", ("api is disabled for this user",)),
    RefusalKind.API_CONTROL: _Signs(phrases=("session is not valid for use with the rest api",)),
    RefusalKind.SECURITY_POLICY: _Signs(
        "txn_security_no_access txn_security_end_a_session txn_security_two_fa_required"
    ),
    RefusalKind.CLIENT_CERTIFICATE: _Signs("mutual_authentication_failed"),
    RefusalKind.VERSION: _Signs("unsupported_api_version invalidversion"),
    # INVALID_FIELD by itself hides what a user may not see (reference, summary line 8); with these words it is a
    # question that Salesforce does not take from anybody.
    RefusalKind.OURS: _Signs(
        "malformed_query malformed_id malformed_search json_parser_error invalid_query_filter_operator "
        "invalid_query_scope invalid_query_locator query_too_complicated exceeded_id_limit method_not_allowed "
        "unsupported_media_type invalid_auth_header invalid_batch_item unsupported_response_type bad_jti_claim "
        "unsupported_token_type invalid_dpop_proof use_dpop_nonce",
        ("can not be filtered", "can not be grouped", "can not be sorted", "can not be aggregated"),
        "invalid_request",
    ),
}

# What the same words mean differently by the way of logging in. A JWT bearer login holds no authorization code: its
# "expired authorization code" is an expiry that lies in the past (section 9). A browser's secret is a setting.
_BY_LOGIN: Mapping[tuple[RefusalKind, Login], RefusalKind] = {
    (RefusalKind.CODE, Login.JWT): RefusalKind.CLOCK,
    (RefusalKind.SECRET, Login.BROWSER): RefusalKind.SETTINGS,
}
_WORD = re.compile(r"[a-z0-9_']+")


def kind_of(code: str, description: str = "", login: Login | None = None) -> RefusalKind:
    """The kind of a refusal with this code and description, met on this way of logging in."""
    code, said = code.strip().casefold(), words(description)
    kind = _CODES.get(code) or _by_phrase(said) or _SHARED.get(code, RefusalKind.OTHER)
    return _BY_LOGIN.get((kind, login), kind) if login else kind


def kind_in(text: str) -> RefusalKind | None:
    """The kind that a text tells of, wherever its code and description stand in it; None where it tells none."""
    said = words(text)
    told = said.split()
    return _first(_CODES, told) or _by_phrase(said) or _first(_SHARED, told)


def words(text: str) -> str:
    """The words of ``text``, a blank around each, so that a phrase between blanks is found as whole words only."""
    return f" {' '.join(_WORD.findall(text.casefold().replace('’', chr(39))))} "


def _by_phrase(said: str) -> RefusalKind | None:
    return next((kind for phrase, kind in _PHRASES if phrase in said), None)


def _first(codes: Mapping[str, RefusalKind], told: list[str]) -> RefusalKind | None:
    return next((codes[word] for word in told if word in codes), None)


_CODES = {code: kind for kind, signs in _SIGNS.items() for code in signs.codes.split()}
_SHARED = {code: kind for kind, signs in _SIGNS.items() for code in signs.shared.split()}
_PHRASES = tuple(
    (f" {phrase[:-1]}" if phrase.endswith("*") else f" {phrase} ", kind)
    for kind, signs in _SIGNS.items()
    for phrase in signs.phrases
)
