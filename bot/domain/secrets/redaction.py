"""Text to the same text without its secrets.

Two ways lead to a secret: by its own form (Salesforce and Slack tokens say what they are), and by the name in
front of it (``client_secret=…``, ``"password": "…"``, ``--password …``). Both look through URL encoding, JSON
and HTML escapes and Slack's link markup. No pattern bounds how long a secret may be: one that goes on without a
bound never gives a letter back and begins where no other has been, so that the cost grows with the length of the
text. What is bounded is what stands around secrets, and how much of a value its judgement rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.patterns import late
from bot.domain.secrets import MASK, Redacted, Secret, Span
from bot.domain.secrets.addresses import secrets_in_addresses
from bot.domain.secrets.by_column import secrets_in_columns
from bot.domain.secrets.by_name import NamedSecrets
from bot.domain.secrets.oauth_addresses import oauth_values
from bot.domain.secrets.one_time_codes import one_time_codes
from bot.domain.secrets.private_keys import private_keys

_LINK = r"<https?://[^<>|\s]++(?:\|[^<>|\s]++)?>"  # Slack turns a.io inside a token into a link
_UNSEEN = "[\u200b-\u200d\u2060\ufeff\u00ad]"
_BODY = rf"(?:[A-Za-z0-9._~+/=-]|%[0-9A-Fa-f]{{2}}|\\u00[0-9A-Fa-f]{{2}}|\\[/=+]|{_LINK}|{_UNSEEN})"
_JWT_REST = rf"(?:[A-Za-z0-9_.=-]|%2[Ee]|{_UNSEEN}|\r?\n(?=[A-Za-z0-9_-]{{20}}))"
_WRAPPED = (  # the rest of a token that a terminal broke: a line of nothing but mixed letters and digits
    r"(?:\\?\r?\n[ \t>]{0,6}(?=\S{0,200}[0-9])(?=\S{0,200}[A-Z])(?=\S{0,200}[a-z])"
    r"[A-Za-z0-9._]{24,}+(?=[\s\"'`<]|$))"
)
_START = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f][0-9A-Fa-f])|(?<=\\[nrt]))"
_EXCLAMATION = r"\\?(?:!|%(?:25){0,3}21|\\u0021|&#0*33;|&#x21;|&excl;)"

_FORMS: tuple[tuple[str, Secret, re.Pattern[str]], ...] = tuple(
    (mark, kind, late(pattern))
    for mark, kind, pattern in (
        (
            "00D",
            Secret.SESSION_ID,
            rf"{_START}00D{_UNSEEN}?[A-Za-z0-9]{{9,15}}{_EXCLAMATION}{_BODY}{{4,}}{_WRAPPED}*",
        ),
        ("5Aep", Secret.REFRESH_TOKEN, rf"5Aep8[0-9A-Za-z]{_BODY}{{8,}}{_WRAPPED}*"),
        ("3MVG9", Secret.CONSUMER_KEY, rf"3MVG9{_BODY}{{8,}}{_WRAPPED}*"),
        ("aPrx", Secret.AUTHORIZATION_CODE, rf"{_START}aPrx{_BODY}{{8,}}"),
        (
            "eyJ",
            Secret.JWT,
            rf"{_START}(?<![_-])eyJ[A-Za-z0-9_-]{{6,}}+(?:\.|%2[Ee]){_JWT_REST}{{4,}}",
        ),
        ("xox", Secret.OTHER_TOKEN, rf"{_START}xox[a-z](?:\.xox[a-z])?-{_BODY}{{6,}}"),
        ("xapp-", Secret.OTHER_TOKEN, rf"{_START}xapp-{_BODY}{{6,}}"),
        ("ticket=", Secret.OTHER_TOKEN, r"(?<=slack\.com/link/\?ticket=)[A-Za-z0-9%-]{8,}"),
        ("frontdoor", Secret.SESSION_ID, rf"(?:(?<=[?&;]otp=)|(?<=%3[Ff]otp%3[Dd])|(?<=%26otp%3[Dd])){_BODY}{{4,}}"),
        ("gh", Secret.OTHER_TOKEN, rf"{_START}gh[pousr]_[A-Za-z0-9_]{{16,}}"),
        ("github_pat_", Secret.OTHER_TOKEN, rf"{_START}github_pat_[A-Za-z0-9_]{{16,}}"),
        ("gl", Secret.OTHER_TOKEN, rf"{_START}gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|soat|agent|imt|wt)-{_BODY}{{16,}}"),
        ("AT", Secret.OTHER_TOKEN, rf"{_START}AT(?:ATT3|CTT3|STT3|BB){_BODY}{{20,}}"),
        ("sk-", Secret.OTHER_TOKEN, rf"{_START}sk-(?=[A-Za-z_-]{{0,40}}[0-9])[A-Za-z0-9_-]{{32,}}"),
        ("k_live_", Secret.OTHER_TOKEN, rf"{_START}[sr]k_live_[A-Za-z0-9]{{16,}}"),
        ("AIza", Secret.OTHER_TOKEN, rf"{_START}AIza[A-Za-z0-9_-]{{30,}}"),
        ("npm_", Secret.OTHER_TOKEN, rf"{_START}npm_[A-Za-z0-9]{{30,}}"),
        ("SG.", Secret.OTHER_TOKEN, rf"{_START}SG\.[A-Za-z0-9_-]{{16,}}+\.[A-Za-z0-9_-]{{20,}}"),
        ("AKIA", Secret.OTHER_TOKEN, rf"{_START}AKIA[A-Z0-9]{{16}}(?![A-Za-z0-9])"),
        ("ya29.", Secret.OTHER_TOKEN, rf"{_START}ya29\.{_BODY}{{10,}}"),
    )
)
_SCHEME = late(
    r"(?i)(?<![a-z0-9])(?:(authorization\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?(?:bearer|oauth|basic|token|digest)\s{1,3})"
    r"|((?:bearer|basic)\s{1,2}(?!(?:error|realm|scope|charset)\w{0,20}=)(?=[^\s\"'<>]*?(?:[0-9=_!]|[.-]\w|\\/))))"
    r"((?:[^\s\"'<>\[\],;\\`]|\\[/=+]|\\u00[0-9a-f]{2}){4,})"
)
_USERINFO = late(r"(?<=://)([^/\s:@<>\"']*+):([^/\s@<>\"']++)@")
_CURL_USER = late(r"(?<!\S)(?:-u|--user)[ =]{1,2}\\?[\"']?([^\s:\"']++):([^\s\"']++)")
_SFDX_URL = late(r"force://([^\s@\"'<>]{4,}+)(@?)")  # also without its end: then it is gone over once
_SESSION_ID = late(r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}(?:!|%21|\\u0021)")
_ROUNDS = 6  # two do for all but texts made for it
_SAME_BLANKS = str.maketrans(  # one letter for one, so that places stay: copied pages hold blanks of many kinds
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " ")
    | dict.fromkeys("\u200c\u200d\u2060\ufeff\u00ad", "\u200b")
)


def redact(text: str) -> Redacted:
    """``text`` with every secret masked. Redacting again changes nothing; all else stays as it was.

    A mask can bring a name nearer to what stands behind it, so it looks again until there is nothing more to mask.
    """
    safe = text
    kinds: tuple[Secret, ...] = ()
    named, masks = NamedSecrets(), list[int]()
    for _ in range(_ROUNDS):
        found, masks = _redacted_once(safe, named, masks)
        safe, kinds = found.text, (*kinds, *found.secrets)
        if not found.secrets:
            break
    return Redacted(safe, kinds)


def shows_session(text: str) -> bool:
    """Whether a text, as it was given, shows what is unmistakably a session id of Salesforce's."""
    return "00D" in text and _SESSION_ID.search(text) is not None


def _redacted_once(text: str, named: NamedSecrets, masks: list[int]) -> tuple[Redacted, list[int]]:
    """``text`` with what shows at once masked, and where the masks begin; ``masks`` are those of the round before."""
    flat = text if text.isascii() else text.translate(_SAME_BLANKS)
    spans = [
        *private_keys(text),
        *_by_form(text),
        *_in_headers(text),
        *named.found(flat, masks),
        *secrets_in_columns(flat, masks[0] if masks else 0),  # before a first new mask nothing has changed
        *oauth_values(text),
        *secrets_in_addresses(text),
        *one_time_codes(flat),
    ]
    return _masked(text, sorted(spans, key=lambda span: (span[0], -span[1])))


def _masked(text: str, spans: Iterable[Span]) -> tuple[Redacted, list[int]]:
    parts: list[str] = []
    kinds: list[Secret] = []
    masks: list[int] = []
    at = longer = 0
    for start, end, kind in spans:
        if end <= at or text[start:end] == MASK:
            continue
        if start >= at:
            parts += (text[at:start], MASK)
            kinds.append(_kind(text[start:end], kind))
            masks.append(start + longer)
            longer += len(MASK)
        longer -= end - max(start, at)
        at = end
    return Redacted("".join((*parts, text[at:])), tuple(kinds)), masks


def _kind(secret: str, named: Secret) -> Secret:
    """What a secret is: its form tells more than the words in front, as in "expired refresh token, sid=00D…"."""
    return Secret.SESSION_ID if named is Secret.REFRESH_TOKEN and _SESSION_ID.search(secret) else named


def _by_form(text: str) -> list[Span]:
    return [
        (match.start(), match.end(), kind)
        for mark, kind, pattern in _FORMS
        if mark in text
        for match in pattern.finditer(text)
    ]


def _in_headers(text: str) -> list[Span]:
    """Credentials of HTTP headers, of URLs and of curl's ``-u``."""
    spans: list[Span] = []
    lowered = text.lower()
    if "bearer" in lowered or "basic" in lowered or "authorization" in lowered:
        for match in _SCHEME.finditer(text):
            kind = Secret.PASSWORD if "basic" in match.group().lower() else Secret.ACCESS_TOKEN
            spans.append((*match.span(3), kind))
    if "://" in text and "@" in text:
        spans += [(*match.span(2), Secret.PASSWORD) for match in _USERINFO.finditer(text)]
    if "force://" in text:
        spans += [(*match.span(1), Secret.REFRESH_TOKEN) for match in _SFDX_URL.finditer(text) if match.group(2)]
    if "-u" in text:
        spans += [(*match.span(2), Secret.PASSWORD) for match in _CURL_USER.finditer(text)]
    return spans
