"""Secrets that a name announces: ``client_secret=…``, ``"password": "…"``, ``--token …``, ``<password>…``."""

from __future__ import annotations

import re

from bot.domain.secrets import Secret

MASK = "[masked]"
Span = tuple[int, int, Secret]
"""Where a secret stands (start, end) and of which kind it is."""

_KINDS: tuple[tuple[str, Secret], ...] = (
    (
        r"pass(?:wor[dt]|wd|phrase)|pwd|(?<![a-z])pw(?![a-z])|kennwort|mot de passe|contrase[ñn]a|senha",
        Secret.PASSWORD,
    ),
    (r"パスワード", Secret.PASSWORD),
    (r"(?:security|sec)[_ -]?token", Secret.SECURITY_TOKEN),
    (
        r"(?:client|consumer|app|signing|shared)[_ -]?secret(?:[_ -]?key)?|secret[_ -]?key|secret",
        Secret.CONSUMER_SECRET,
    ),
    (r"client[_ -]?id|consumer[_ -]?key|client[_ -]?key", Secret.CONSUMER_KEY),
    (r"refresh[_ -]?token", Secret.REFRESH_TOKEN),
    (r"session[_ -]?id|sid(?:_client)?|session[_ -]?token", Secret.SESSION_ID),
    (r"(?:access|oauth|bearer|auth|sf)[_ -]?token", Secret.ACCESS_TOKEN),
    (r"id[_ -]?token|client[_ -]?assertion|assertion|jwt", Secret.JWT),
    (r"code[_ -]?verifier|authorization[_ -]?code|auth[_ -]?code", Secret.AUTHORIZATION_CODE),
    (r"private[_ -]?key", Secret.PRIVATE_KEY),
    (r"(?:x-)?api[_ -]?key|token", Secret.OTHER_TOKEN),
)
_NAME = re.compile("|".join(f"({pattern})" for pattern, _ in _KINDS), re.IGNORECASE)
_KIND_OF_NAME = tuple(kind for _, kind in _KINDS)
_SPOKEN = frozenset((Secret.PASSWORD, Secret.SECURITY_TOKEN, Secret.CONSUMER_SECRET))  # "my password is …"
_VERBS = ("is", "was", "lautet", "ist")
_HARMLESS_BEFORE = re.compile(
    r"(?:invalid|missing|expired|bad|wrong|no|unsupported|use|revoked|error)[_ -]$", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"(?:\\{0,4}[\"'”’`*_])?[ \t]{0,3}"
    r"(=>|:=|==?|[:：]|\||%(?:25)?3[DdAa]|\\u003[dD]|&#61;|>|&gt;|(?:is|was|lautet|ist)(?=[ :]))"
    r"[ \t:*]{0,3}(?:\r?\n[ \t>]{0,4}(?=\S{0,80}\d\S{0,80}[ \t]{0,4}(?:\n|$)))?(?:u(?=[\"']))?"
)
_OPTION = re.compile(r"[ \t]{1,3}(?![-|&])()")
_IN_OPTION = re.compile(r"(?:^|\s)--?[\w-]{0,24}$")
_IN_TAG = re.compile(r"(?:<|&lt;)(?:[\w.-]{1,16}:)?\w{0,12}$")
_QUOTE = re.compile(r"\\{0,4}[\"'`]|[“‘]")
_BARE = re.compile(r"[^\s\"'“”<>`]{1,4000}")
_BARE_END = re.compile(  # where a value without quotes ends although no blank follows
    r"&|%26|\\u0026|\\n|\\r|\\\"|&quot;|&lt;|%22|%7D"
    r"|[,;)\]}]{1,9}(?=[\w\"'-]{1,40}[=:])|[,;.)\]}!?]{1,9}$|(?<=.)@(?=[\w-]{1,60}\.[\w.-]{1,60}$)",
    re.IGNORECASE,
)
_STATUS_WORDS = frozenset(
    (
        *(
            "expired",
            "invalid",
            "required",
            "missing",
            "wrong",
            "incorrect",
            "reset",
            "none",
            "null",
            "true",
            "false",
        ),
        *(
            "undefined",
            "empty",
            "string",
            "str",
            "optional",
            "yes",
            "no",
            "not",
            "the",
            "a",
            "an",
            "is",
            "was",
            "has",
        ),
        *(
            "and",
            "or",
            "in",
            "on",
            "for",
            "to",
            "of",
            "with",
            "must",
            "should",
            "please",
            "error",
            "revoked",
            "text",
        ),
        *(
            "disabled",
            "unknown",
            "bearer",
            "basic",
            "password",
            "username",
            "token",
            "secret",
            "hidden",
            "redacted",
        ),
        *(
            "masked",
            "removed",
            "omitted",
            "changed",
            "rejected",
            "denied",
            "blank",
            "policy",
            "policies",
            "never",
        ),
        *("bytes", "number", "int", "any", "failed", "failure", "lost", "stolen", "correct", "valid", "ok"),
    )
)
_REFERENCE = re.compile(  # a place that holds the value, not the value
    r"\$|<|\{|%\(|%[sd]$|\*{2,}|x{3,}$|\.{3}|…|\[|[a-z_][\w.]{0,60}\(|[a-z_]\w{0,40}\[(?:[\"'\]]|str|int|any|none|$)"
    r"|(?:self|os|config|conf|settings|env|process|args|options|params|this|ctx|secrets|vault|system|creds"
    r"|credentials|request|req|data|user|auth|conn|hook)[.\[(]",
    re.IGNORECASE,
)
_KEY_LENGTH = 16  # a consumer key is longer than 80 characters; short ids are names
_NAME_LENGTH = 8  # letters; a short word in the place of a secret that programs make is a variable's name
_NO_SECRET = re.compile(r"\d{1,4}$|0x[0-9a-f]+$|[A-Za-z]+:$", re.IGNORECASE)  # a status, another system's id, a word
_WORDS = re.compile(r"[a-z]+(?:_[a-z0-9]+)+$")


def named_secrets(text: str) -> list[Span]:
    """The places of all values that a name announces as secret, with their kinds."""
    spans: list[Span] = []
    at = 0
    while name := _NAME.search(text, at):
        span = _value(text, name)
        at = name.end()
        if span is not None:
            spans.append(span)
            at = max(at, span[1])
    return spans


def looks_random(value: str) -> bool:
    """Whether a value is long and holds digits, as keys and codes do."""
    return len(value) >= _KEY_LENGTH and _has_digit(value)


def _value(text: str, name: re.Match[str]) -> Span | None:
    kind = _KIND_OF_NAME[(name.lastindex or 1) - 1]
    if _HARMLESS_BEFORE.search(text, max(0, name.start() - 12), name.start()):
        return None
    between = _BETWEEN.match(text, name.end()) or _option(text, name)
    if between is None or not _opens(text, name, between.group(1), kind):
        return None
    start, end, quoted = _extent(text, between.end())
    value = text[start:end]
    if not value or _is_placeholder(value, name.group()) or _is_too_plain(value, kind):
        return None
    if not quoted and not _is_said(text, value, end, between.group(1)):
        return None
    return start, end, kind


def _option(text: str, name: re.Match[str]) -> re.Match[str] | None:
    """The blank after a command line option such as ``--client-secret``."""
    line = text[max(0, name.start() - 30) : name.start()]
    return _OPTION.match(text, name.end()) if _IN_OPTION.search(line) else None


def _opens(text: str, name: re.Match[str], sign: str, kind: Secret) -> bool:
    """Whether what follows the name opens a value: ``>`` does inside a tag, *is* does after a spoken name."""
    if sign in (">", "&gt;"):
        return _IN_TAG.search(text[max(0, name.start() - 24) : name.start()]) is not None
    return kind in _SPOKEN or sign not in _VERBS


def _is_said(text: str, value: str, end: int, sign: str) -> bool:
    """Whether a bare value is one after its sign: no word after *is*, no sentence after a colon."""
    if sign in _VERBS or sign == "|":
        return not value.isalpha() and any(map(str.isalnum, value)) and (sign != "|" or _has_digit(value))
    return sign not in (":", "：", "") or not _is_prose(text, value, end)


def _has_digit(value: str) -> bool:
    return any(map(str.isdigit, value))


def _extent(text: str, start: int) -> tuple[int, int, bool]:
    """Where the value begins and ends, and whether quotes enclose it."""
    quote = _QUOTE.match(text, start)
    if quote is not None:
        start = quote.end()
        end = _closing(text, start, {"“": "”", "‘": "’"}.get(quote.group(), quote.group()))
        if end >= 0:
            return start, end, True
    bare = _BARE.match(text, start)
    if bare is None:
        return start, start, False
    ending = _BARE_END.search(bare.group(), 1)
    return start, start + (ending.start() if ending else len(bare.group())), False


def _closing(text: str, start: int, mark: str) -> int:
    """Where the quotes close, past escaped ones; -1 where they do not."""
    end = text.find(mark, start, start + 8000)
    while end > start and len(mark) == 1 and text[end - 1] == "\\":
        end = text.find(mark, end + 1, start + 8000)
    return end


def _is_placeholder(value: str, name: str) -> bool:
    """Whether a value stands for a secret instead of being one."""
    same = re.sub(r"\W|_", "", value).lower() == re.sub(r"\W|_", "", name).lower()
    return same or value.startswith(MASK) or value.lower() in _STATUS_WORDS or _REFERENCE.match(value) is not None


def _is_too_plain(value: str, kind: Secret) -> bool:
    """Whether a value is no secret of this kind: a name instead of a key, a word instead of a token."""
    if kind in (Secret.PASSWORD, Secret.SECURITY_TOKEN):
        return len(value) < 2
    if kind is Secret.CONSUMER_KEY:
        return not looks_random(value) or _WORDS.match(value) is not None
    if _NO_SECRET.match(value):
        return True
    return value.isalpha() and (kind in (Secret.OTHER_TOKEN, Secret.JWT) or len(value) <= _NAME_LENGTH)


def _is_prose(text: str, value: str, end: int) -> bool:
    """Whether a bare value after a colon begins a sentence: a plain word with more words after it."""
    if not value.replace("-", "").isalpha() or not (value.islower() or value.istitle() or value.isupper()):
        return False
    return re.match(r"[,;.:]?[ \t]+[\w(\"'-]", text[end : end + 8]) is not None
