"""Addresses that open something for whoever has them: webhooks, one-time links, signed addresses.

What says where the address leads stays, what makes it open is masked. Slashes and signs may be escaped as JSON and
addresses in addresses do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.values import is_unguessable, looks_random

_SLASH = r"(?:\\{0,3}/|%(?:25){0,2}2[Ff])"
_PART = r"(?:[A-Za-z0-9._~@:+-]|%(?!(?:25){0,2}(?:2[FfCc]|3[FfBb]|26|22))[0-9A-Fa-f]{2})"
_PARTS = rf"((?:{_PART}|{_SLASH})++)"
_SLACKS = "(?:services|workflows|triggers|commands|actions)"
_HOOKS = tuple(
    (mark, late(pattern, re.IGNORECASE))
    for mark, pattern in (
        ("hooks.", rf"hooks\.slack(?:-gov)?\.com{_SLASH}{_SLACKS}{_SLASH}(?={_PART}{{3}}){_PARTS}"),
        ("hooks.", rf"hooks\.zapier\.com{_SLASH}hooks{_SLASH}(?:[a-z]\w{{0,12}}{_SLASH}){{1,2}}(?=\d){_PARTS}"),
        (".integromat", rf"hook\.integromat\.com{_SLASH}(?={_PART}{{8}}){_PARTS}"),
        ("hook.", rf"hook\.[\w-]{{1,12}}\.make\.(?:com|celonis\.com){_SLASH}(?={_PART}{{8}}){_PARTS}"),
        ("ifttt", rf"maker\.ifttt\.com{_SLASH}[^\s\"'<>]{{0,80}}?key{_SLASH}(?={_PART}{{8}}){_PARTS}"),
        ("pagerduty", rf"pagerduty\.com{_SLASH}(?:integration|x-ere){_SLASH}(?={_PART}{{16}}){_PARTS}"),
        ("telegram", rf"api\.telegram\.org{_SLASH}(?:file{_SLASH})?bot(?=\d){_PARTS}"),
    )
)
_SLACKS_PATH = late(  # also in a trace, where the host stands elsewhere
    rf"(?<=/){_SLACKS}{_SLASH}(T[A-Z0-9]{{5,}}+{_SLASH}[0-9AB][A-Z0-9]{{5,}}+{_SLASH}[A-Za-z0-9/\\]{{12,}})"
)
_ANY_HOOK = late(  # Teams, Discord, n8n, Mattermost, Webex and all that are built alike
    rf"{_SLASH}(?:webhook(?:s|b2|-test|-waiting)?|web-hooks?|hooks?){_SLASH}(?:[a-z]{{1,20}}{_SLASH}){{0,2}}{_PARTS}",
    re.IGNORECASE,
)
_ONCE = late(
    rf"{_SLASH}(?:(?:forgot|reset|change|set|new|create)[_-]?password|password[_-]?reset|passwords?{_SLASH}(?:reset|edit)"
    rf"|invit(?:e|ation)s?|verify[_-]?e?mail|magic[_-]?links?){_SLASH}{_PARTS}",
    re.IGNORECASE,
)
_ONCE_CUES = ("password", "invit", "verify", "magic")
_BETWEEN_PARTS = late(_SLASH)
_UUID = late(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PARAMETER = late(
    r"(?:[?&;]|\\u0026|%(?:25)?(?:3[Ff]|26))"
    r"(?:(c|fpot|otp)|(?:[a-z]{1,4}-){0,2}sig(?:nature)?)(?:=|%(?:25)?3[Dd])"
    r"((?:[A-Za-z0-9._~+/-]|%(?!(?:25)?26)[0-9A-Fa-f]{2})+={0,2})",
    re.IGNORECASE,
)
_OF_SALESFORCE = ("salesforce", "force.com", "site.com", "/secur", "%2fsecur")


def secrets_in_addresses(text: str) -> list[Span]:
    """What makes the addresses in a text open something."""
    if "/" not in text and "%2" not in text:
        return []
    lowered = text.lower()
    return [*_hooks(text, lowered), *_one_time_paths(text, lowered), *_parameters(text, lowered)]


def _hooks(text: str, lowered: str) -> Iterator[Span]:
    """What follows in the addresses that take messages or events from everybody."""
    for mark, pattern in _HOOKS:
        if mark in lowered:
            yield from ((*_inner(match), Secret.WEBHOOK) for match in pattern.finditer(text))
    if "/T" in text:
        yield from ((*match.span(1), Secret.WEBHOOK) for match in _SLACKS_PATH.finditer(text))
    if "hook" in lowered:
        yield from ((*_inner(match), Secret.WEBHOOK) for match in _ANY_HOOK.finditer(text) if _opens(match[1]))


def _one_time_paths(text: str, lowered: str) -> Iterator[Span]:
    if any(cue in lowered for cue in _ONCE_CUES):
        yield from ((*_inner(match), Secret.ONE_TIME_LINK) for match in _ONCE.finditer(text) if _opens(match[1]))


def _parameters(text: str, lowered: str) -> Iterator[Span]:
    """One-time values in Salesforce's own addresses, and signatures in anybody's."""
    if "=" not in text and "%3d" not in lowered:
        return
    is_salesforces = any(cue in lowered for cue in _OF_SALESFORCE)
    for match in _PARAMETER.finditer(text):
        if looks_random(match[2]) and (is_salesforces or not match[1]):
            yield *match.span(2), Secret.ONE_TIME_LINK if match[1] else Secret.OTHER_TOKEN


def _inner(match: re.Match[str]) -> tuple[int, int]:
    """The place of the parts, without what ends a sentence."""
    start = match.start(1)
    return start, start + len(match[1].rstrip(".:"))


def _opens(parts: str) -> bool:
    """Whether a part is one that nobody guesses; numbers and words are names of resources, and of files."""
    stems = (part.partition(".")[0][:120] for part in _BETWEEN_PARTS.split(parts))
    return any(_UUID.match(stem) or (_has_digits(stem) and is_unguessable(stem, Secret.OTHER_TOKEN)) for stem in stems)


def _has_digits(stem: str) -> bool:
    """Whether there are several; one alone is that of a word, as in *OAuth2*."""
    return sum(map(str.isdigit, stem)) > 1
