"""Credentials as HTTP's headers, addresses, command lines and calls of programs carry them."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.names import folded
from bot.domain.secrets.values import is_marked, is_placeholder, is_unguessable, judged

# But for the first these look at small letters: a pattern that ignores case takes twice as long.
_SCHEME = late(
    r"(?i)(?<![a-z0-9])(?:(authorization\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?(?:bearer|oauth|basic|token)\s{1,3})"
    r"|((?:bearer|basic)\s{1,2}(?!(?:error|realm|scope|charset)\w{0,20}=)(?=[^\s\"'<>]*?(?:[0-9=_!]|[.-]\w|\\/))))"
    r"((?:[^\s\"'<>\[\],;\\`]|\\[/=+]|\\u00[0-9a-f]{2}){4,})"
)
_OTHER_SCHEME = late(  # of any name, or of none
    r"authorization\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?(?:[a-z][\w-]{1,20}\s{1,3})?((?:[\w.~+/=:!|-]|\\/){16,})",
)
_ANSWER = late(r"(?:response=\\?\"|signature=)([0-9a-f]{32,})")  # to a digest's challenge, of AWS's requests
_COOKIES = late(r"cookie\\?[\"']?\s{0,3}[:=][^\r\n\"'<>\\]++")
_COOKIE = late(r"(?<=[;:=\s])[^=;\s]{1,60}=([^;\s]{16,})")
_USERINFO = late(r"(?<=://)[^/\s:@<>\"']*+:([^/\s@<>\"']++(?:@[^/\s@<>\"'?#]++)*)@")
_WITH_SLASHES = late(  # none is sought beyond where the next address begins: each letter is looked at once
    r"(?<=://)[^/\s:@<>\"']*+:(?!\d{1,5}(?:[/?#]|$))"
    r"((?:(?!://)[^\s@<>\"'?#/])*+/(?:(?!://)[^\s@<>\"'?#])*+)@(?=[\w.-]+)"
)
_ORACLE = late(
    r"(?:jdbc:oracle:\w{2,5}:|sqlplus\s+(?:-\w+\s+){0,2})[^\s/@:\"']{1,40}/\\?\"?([^\s/@\"']{2,})@", re.IGNORECASE
)
_SFDX_URL = late(r"force://([^\s@\"'<>]{4,}+)(@?)")  # also without its end: then it is gone over once
_USER_OPTION = late(r"(?<!\S)(?:-u|--user)[ =]{1,2}\\?[\"']?[^\s:\"']++:(?!//|\d{1,6}(?!\S))([^\s\"']++)")
_GLUED_USER = late(  # also where a program calls the option otherwise, or parts the two by another sign
    r"(?<!\S)(?:-u|(?:-a|--auth|-u)[ =]{1,2})\\?[\"']?[^\s:\"'=%/-][^\s:\"'=%/]++[:%](?!//)([^\s\"']++)"
)
_COMMAND = late(
    r"(?<![\w-])(?:sshpass|mysql\w{0,8}|mariadb|mongo\w{0,8}|sqlcmd|bcp|psexec\w{0,4}|ldap\w{1,10}|isql|snowsql|cmdkey"
    r"|net use|plink|pscp|(?:docker|podman|nerdctl|helm|oc|cf|az|ibmcloud|crane|skopeo|argocd)\b[^\n]{0,60}?\blogin)"
    r"(?![\w-])"
)
_PASSWORD_OPTION = late(r"\s(?:-[pPwW](?:ass)?[ =]?|/p(?:ass)?:|/user:\S{1,60}\s(?!/))\\?([\"']?)([^\s\"'|&]{4,})\1")
_CALL = (  # a user's name and something as arguments without names
    r"(?:login|salesforce|connect|connection|authenticate|sforce|session)\w{0,12}\(\s{0,40}"
    r"\\?[\"'][^\s\"'@\\]{1,80}@[^\s\"'\\]{1,80}\\?[\"']\s{0,20},\s{0,40}\\?[\"']([^\"'\n\\]{2,200})\\?[\"']"
)
_PASSWORD_OF_CALL = late(_CALL)
_TOKEN_OF_CALL = late(rf"{_CALL}\s{{0,20}},\s{{0,40}}\\?[\"']([a-z0-9]{{20,30}})\\?[\"']")
_SECURE_STRING = late(r"securestring\s+(?:-string\s+)?[\"']([^\"'$\n][^\"'\n]{1,200})[\"']")
_PAIR = late(  # "login: anna@acme.test / …"
    r"(?:creds?|credentials|log ?in|user ?(?:name)?|account|zugangsdaten|anmeldedaten)"
    r"(?:[/+& ]{1,3}(?:pass(?:word)?|pw|pwd))?\W{1,4}"
    r"(?:<mailto:[^\s<>]{1,120}\|)?[\w.+-]{1,80}@[\w-]{1,60}(?:\.[\w-]{1,40}){1,5}>?[`*]?"
    r"(?:[ \t]{0,3}[/|:,;][ \t]{0,3}|[ \t]{1,4}|\r?\n)[`*]?([^\s`]{6,80})(?<![.,;)])",
)
_AUTH = late(r"(?<![a-z])_?auth\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?([a-z0-9+/]{8,}={0,2})")
_USER_AND_PASSWORD = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,}:[\x20-\x7e]{2,}")
_COMMAND_REACH = 300  # letters of a command's options

Judge = Callable[[str], bool]


def _any(_: str) -> bool:
    return True


def _marked(value: str) -> bool:
    return is_marked(value, Secret.PASSWORD)


def _unguessable(value: str) -> bool:
    return is_unguessable(value, Secret.PASSWORD)


def _random(value: str) -> bool:
    return is_unguessable(value, Secret.ACCESS_TOKEN)


def _no_placeholder(value: str) -> bool:
    return not is_placeholder(value, "password", quoted=False)


def _holds_password(letters: str) -> bool:
    """Whether base64 stands for a user and a password, as files of Docker's and npm's hold them."""
    try:
        return _USER_AND_PASSWORD.match(b64decode(letters + "=" * (-len(letters) % 4))) is not None
    except ValueError:
        return False


_RULES: tuple[tuple[str, str, re.Pattern[str], Secret, Judge], ...] = (
    # two pieces without which a text has none, the pattern whose last group is the secret, and what that must be like
    ("authorization", "", _OTHER_SCHEME, Secret.ACCESS_TOKEN, _random),
    ("authorization", "", _ANSWER, Secret.ACCESS_TOKEN, _any),
    ("auth", "", _AUTH, Secret.PASSWORD, _holds_password),
    ("://", "@", _USERINFO, Secret.PASSWORD, _any),
    ("://", "@", _WITH_SLASHES, Secret.PASSWORD, _any),
    ("oracle", "@", _ORACLE, Secret.PASSWORD, _any),
    ("sqlplus", "@", _ORACLE, Secret.PASSWORD, _any),
    ("-u", ":", _USER_OPTION, Secret.PASSWORD, _no_placeholder),
    ("-u", "", _GLUED_USER, Secret.PASSWORD, _unguessable),
    ("-a", ":", _GLUED_USER, Secret.PASSWORD, _unguessable),
    ("(", "@", _PASSWORD_OF_CALL, Secret.PASSWORD, _marked),
    ("(", "@", _TOKEN_OF_CALL, Secret.SECURITY_TOKEN, _any),
    ("securestring", "", _SECURE_STRING, Secret.PASSWORD, _any),
    ("@", "", _PAIR, Secret.PASSWORD, _unguessable),
)


def credentials(text: str) -> Iterator[Span]:
    """The places of what logs in somebody."""
    lowered = folded(text)
    for first, second, pattern, kind, judge in _RULES:
        if first in lowered and second in lowered:
            for match in pattern.finditer(lowered):
                last = match.lastindex or 0
                if judge(judged(text, *match.span(last))):
                    yield *match.span(last), kind
    yield from _of_schemes(text, lowered)
    yield from _of_cookies(text, lowered)
    yield from _of_commands(text, lowered)


def _of_schemes(text: str, lowered: str) -> Iterator[Span]:
    if "bearer" in lowered or "basic" in lowered or "authorization" in lowered:
        for match in _SCHEME.finditer(text):
            yield *match.span(3), Secret.PASSWORD if "basic" in match.group().lower() else Secret.ACCESS_TOKEN
    if "force://" in lowered:
        yield from ((*match.span(1), Secret.REFRESH_TOKEN) for match in _SFDX_URL.finditer(text) if match[2])


def _of_cookies(text: str, lowered: str) -> Iterator[Span]:
    """Values of cookies that nobody guesses; the rest tells where somebody was."""
    if "cookie" in lowered:
        for line in _COOKIES.finditer(lowered):
            for match in _COOKIE.finditer(text, *line.span()):
                if is_unguessable(judged(text, *match.span(1)), Secret.SESSION_ID):
                    yield *match.span(1), Secret.SESSION_ID


def _of_commands(text: str, lowered: str) -> Iterator[Span]:
    """Passwords of programs that take them behind a short option."""
    if " -" not in text and " /" not in text:
        return
    found: dict[tuple[int, int], str] = {}  # each once, however many commands stand before it
    for command in _COMMAND.finditer(lowered):
        end = lowered.find("\n", command.end())
        line = command.end(), min(command.end() + _COMMAND_REACH, len(text) if end < 0 else end)
        found |= {option.span(2): option[2] for option in _PASSWORD_OPTION.finditer(text, *line)}
    for span, value in found.items():
        if _marked(value) and _no_placeholder(value):
            yield *span, Secret.PASSWORD
