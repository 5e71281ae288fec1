"""Secrets that a name announces: ``client_secret=…``, ``"password": "…"``, ``--token …``, ``<password>…``."""

from __future__ import annotations

import re

from bot.domain.model import Secret

_KINDS: tuple[tuple[str, Secret], ...] = (
    (r"pass(?:word|wd|phrase)|pwd", Secret.PASSWORD),
    (r"(?:security|sec)[_ -]?token", Secret.SECURITY_TOKEN),
    (
        r"(?:client|consumer|app|signing|shared)[_ -]?secret(?:[_ -]?key)?|secret[_ -]?key|secret",
        Secret.CONSUMER_SECRET,
    ),
    (r"(?:client[_ -]?id|consumer[_ -]?key|client[_ -]?key)", Secret.CONSUMER_KEY),
    (r"refresh[_ -]?token", Secret.REFRESH_TOKEN),
    (r"(?:session[_ -]?id|sid(?:_client)?|session[_ -]?token)", Secret.SESSION_ID),
    (r"(?:access|oauth|bearer|auth|sf)[_ -]?token|authToken", Secret.ACCESS_TOKEN),
    (r"(?:id[_ -]?token|client[_ -]?assertion|assertion|jwt)", Secret.JWT),
    (r"(?:code[_ -]?verifier|authorization[_ -]?code|auth[_ -]?code)", Secret.AUTHORIZATION_CODE),
    (r"(?:private[_ -]?key)", Secret.PRIVATE_KEY),
    (r"(?:x-)?api[_ -]?key|token", Secret.OTHER_TOKEN),
)
_NAME = re.compile("|".join(f"({pattern})" for pattern, _ in _KINDS), re.IGNORECASE)
_NAMES_KIND = tuple(kind for _, kind in _KINDS)
_HARMLESS_BEFORE = re.compile(
    r"(?:invalid|missing|expired|bad|wrong|no|unsupported|use|revoked|error)[_ -]$", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"(?:\\{0,4}[\"'”’`*])?[ \t]{0,3}(=>|:=|==?|:|%(?:25)?3[DdAa]|\\u003[dD]|&#61;|>|&gt;)[ \t]{0,3}(?:u(?=[\"']))?"
)
_OPTION = re.compile(r"[ \t]{1,3}(?![-|&])")
_QUOTE = re.compile(r"(\\{0,4})([\"'`])|([“‘])")
_BARE = re.compile(r"[^\s\"'“”<>`]{1,4000}")
_BARE_END = re.compile(
    r"&|%26|\\u0026|\\n|\\r|\\\"|&quot;|&lt;|[,;)\]}]+(?=\s*[\w\"'-]{1,40}\s{0,2}[=:])|[,;.)\]}!?]+$|%22|%7D|(?<=.)@(?=[\w-]{1,60}\.[\w.-]{1,60}$)",
    re.IGNORECASE,
)
_QUERY = re.compile(
    r"(?:(?<=[?&#;\s\"'(])|(?<=%3F)|(?<=%26)|(?<=%3f)|(?<=u0026)|^)(code|state)(=|%3D)([^\s&\"'<>#\\;,)`]{1,4000})",
    re.IGNORECASE,
)
_OAUTH_CUES = (
    "oauth",
    "redirect_uri",
    "client_id",
    "error_description",
    "response_type",
    "callback",
    "remoteaccess",
    "grant_type",
    "state=",
    "state%3d",
)
_STATUS_WORDS = frozenset(
    "expired invalid required missing wrong incorrect reset none null true false undefined empty string str optional "
    "yes no not the a an is was has and or in on for to of with must should please error revoked disabled unknown "
    "bearer basic password username token secret hidden redacted masked removed omitted changed rejected denied blank "
    "policy policies never text bytes number int any failed failure lost stolen".split()
)
_REFERENCE = re.compile(
    r"\$|<|\{|%\(|%[sd]$|\*{2,}|x{3,}$|\.{3}|…|\[|(?:self|os|config|conf|settings|env|process|args|options|params|this|ctx|secrets|vault|system|creds|credentials|request|req|data|user|auth|conn|hook)[.\[(]|[a-z_][\w.]{0,60}\(",
    re.IGNORECASE,
)
_KEY_LENGTH = 16  # a consumer key is longer than 80 characters; short ids are names

_Span = tuple[int, int, Secret]


def named_secrets(text: str) -> list[_Span]:
    """The places of all values that a name announces as secret, with their kinds."""
    spans = [span for match in _NAME.finditer(text) if (span := _value(text, match)) is not None]
    if "code" in text.lower() or "state" in text.lower():
        spans += _query_values(text)
    return spans


def _query_values(text: str) -> list[_Span]:
    """Values of ``code`` and ``state`` in OAuth addresses; elsewhere only long ones."""
    lowered = text.lower()
    certain = any(cue in lowered for cue in _OAUTH_CUES)
    spans: list[_Span] = []
    for match in _QUERY.finditer(text):
        start = match.start(3)
        ending = re.search(r"%26|\\u0026", match.group(3))
        value = match.group(3)[: ending.start()] if ending else match.group(3)
        before = text[start - len(match.group(1)) - 2 : match.start(1)]
        in_address = before[-1:] in ("?", "&", "#", ";") or text[max(0, match.start() - 3) : match.start()].startswith(
            "%"
        )
        if value != "[masked]" and (
            (certain and in_address) or (len(value) >= _KEY_LENGTH and any(map(str.isdigit, value)))
        ):
            spans.append((start, start + len(value), Secret.AUTHORIZATION_CODE))
    return spans


def _value(text: str, name: re.Match[str]) -> _Span | None:
    kind = _NAMES_KIND[(name.lastindex or 1) - 1]
    if _HARMLESS_BEFORE.search(text, max(0, name.start() - 12), name.start()):
        return None
    between = _BETWEEN.match(text, name.end()) or _option(text, name)
    if between is None or not _opens(text, name, between):
        return None
    start, end, quoted = _extent(text, between.end())
    if end <= start or not _is_secret(text, start, end, kind, between.group().strip(), quoted=quoted):
        return None
    return start, end, kind


def _option(text: str, name: re.Match[str]) -> re.Match[str] | None:
    """The blank after a command line option such as ``--client-secret``."""
    line = text[max(0, name.start() - 30) : name.start()]
    return _OPTION.match(text, name.end()) if re.search(r"(?:^|\s)--?[\w-]{0,24}$", line) else None


def _opens(text: str, name: re.Match[str], between: re.Match[str]) -> bool:
    """Whether ``>`` ends an element's tag that the name stands in."""
    if between.group().strip() not in (">", "&gt;"):
        return True
    before = text[max(0, name.start() - 24) : name.start()]
    return re.search(r"(?:<|&lt;)(?:[\w.-]{1,16}:)?\w{0,12}$", before) is not None


def _extent(text: str, start: int) -> tuple[int, int, bool]:
    """Where the value begins and ends, and whether quotes enclose it."""
    quote = _QUOTE.match(text, start)
    if quote is not None:
        start = quote.end()
        closing = "”" if quote.group(3) == "“" else "’" if quote.group(3) else quote.group()
        end = text.find(closing, start, start + 8000)
        while end > start and len(closing) == 1 and text[end - 1] == "\\":
            end = text.find(closing, end + 1, start + 8000)
        if end >= 0:
            return start, end, True
    bare = _BARE.match(text, start)
    if bare is None:
        return start, start, False
    ending = _BARE_END.search(bare.group(), 1)
    return start, start + (ending.start() if ending else len(bare.group())), quote is not None


def _is_secret(text: str, start: int, end: int, kind: Secret, sign: str, *, quoted: bool) -> bool:
    value = text[start:end]
    if value.startswith("[masked]") or value.lower() in _STATUS_WORDS or _REFERENCE.match(value):
        return False
    if kind is Secret.CONSUMER_KEY and (len(value) < _KEY_LENGTH or not any(map(str.isdigit, value))):
        return False
    if quoted or sign not in (":", ""):
        return len(value) > 1 and not (kind in (Secret.OTHER_TOKEN, Secret.JWT) and value.isalpha())
    return not _is_prose(text, value, end)


def _is_prose(text: str, value: str, end: int) -> bool:
    """Whether a bare value after a colon is the beginning of a sentence: a plain word with more words after it."""
    if not value.replace("-", "").isalpha() or not (value.islower() or value.istitle() or value.isupper()):
        return False
    return re.match(r"[,;.:]?[ \t]+[\w(\"'-]", text[end : end + 8]) is not None
