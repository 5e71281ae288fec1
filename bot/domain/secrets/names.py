"""What secrets are called, in programs and in the languages of Salesforce's pages."""

from __future__ import annotations

import re

from bot.domain.patterns import late
from bot.domain.secrets import Secret

_KINDS: tuple[tuple[str, Secret], ...] = (
    (
        (
            r"pass(?:[_ -]?wor[dt]|wd|phrase)|pwd|(?<![a-z])pw(?![a-z])|kennwort|wachtwoord|mot[_ -]?de[_ -]?passe"
            r"|contrase(?:ñ|n\u0303?)a|senha|パスワード"
        ),
        Secret.PASSWORD,
    ),
    (
        (
            r"(?:security|sec|sicherheits|beveiligings)[_ .-]?token|token de seguridad|token de seguran(?:ç|c)a"
            r"|jeton de s(?:é|e)curit(?:é|e)|セキュリティ ?トークン"
        ),
        Secret.SECURITY_TOKEN,
    ),
    (r"(?:secret[_ -]?)?access[_ -]?key(?![_ -]?id)|(?:x-)?api[_ -]?key|encryption[_ -]?key", Secret.OTHER_TOKEN),
    (
        r"(?:client|consumer|app|signing|shared)[_ -]?secret(?:[_ -]?key)?|secret[_ -]?key|secret|コンシューマの?秘密",
        Secret.CONSUMER_SECRET,
    ),
    (r"client[_ -]?id|consumer[_ -]?key|client[_ -]?key|コンシューマ鍵", Secret.CONSUMER_KEY),
    (r"refresh[_ -]?token|更新トークン", Secret.REFRESH_TOKEN),
    (r"session[_ -]?id|sid(?:_client)?|session[_ -]?token|セッション ?id", Secret.SESSION_ID),
    (r"(?:access|oauth|bearer|auth|sf)[_ -]?token|アクセス ?トークン", Secret.ACCESS_TOKEN),
    (r"(?<![a-z])id[_ -]?token|client[_ -]?assertion|assertion|jwt", Secret.JWT),
    (r"code[_ -]?verifier|authorization[_ -]?code|auth[_ -]?code", Secret.AUTHORIZATION_CODE),
    (r"private[_ -]?key", Secret.PRIVATE_KEY),
    (r"token", Secret.OTHER_TOKEN),
)


def _in_any_text(pattern: str) -> str:
    """A pattern that also finds the name with unseen letters at its joints, and escaped as JSON does."""
    joints = pattern.replace(" ?", "[ \u200b]{0,2}").replace(" d", "[ \u200b]{1,2}d").replace(" s", "[ \u200b]{1,2}s")
    joints = joints.replace("[_ -]?", "[_ \u200b-]{0,2}").replace("[_ .-]?", "[_ .\u200b-]{0,2}")
    letters = ((letter, rf"(?:{letter}|\\u{ord(letter):04x}|\\u{ord(letter.upper()):04x})") for letter in joints)
    return "".join(letter if letter.isascii() or letter == "\u200b" else escaped for letter, escaped in letters)


# One look at a letter spares most of them all the names: these can begin one (some of them only go on with one).
_BEGINS = "".join(sorted({letter for pattern, _ in _KINDS for letter in re.findall(r"(?:^|[|:?)\]])(\w)", pattern)}))
NAME = late(rf"(?=[\\{_BEGINS}])(?:{'|'.join(f'({_in_any_text(pattern)})' for pattern, _ in _KINDS)})", re.IGNORECASE)
_KIND_OF_NAME = tuple(kind for _, kind in _KINDS)
_BLANKS = (" ", "\u200b")
_PARSER = late(r"(?:unexpected|illegal|undefined)[ \u200b]$", re.IGNORECASE)
_REFUSED = r"(?:invalid|missing|expired|bad|wrong|no|unsupported|use|revoked|error)"
_IN_CODE = late(rf"{_REFUSED}[_-]$", re.IGNORECASE)
_REFUSED_BEFORE = late(rf"(?<![a-z]){_REFUSED}[ \u200b]{{1,3}}$", re.IGNORECASE)

_STEMS = (
    *("pass", "pw", "kennwort", "wachtwoord", "contrase", "senha", "token", "jeton", "key", "secret"),
    *("client", "session", "sid", "assertion", "jwt", "verifier", "code"),
)
"""One of these stands in every name, save in those with other letters than ASCII's."""


def may_be_named(text: str) -> bool:
    """Whether a text can hold a match of ``NAME`` at all: the cheap look that most get."""
    if not text.isascii() or "\\u" in text:  # or it is spelled as JSON does
        return True
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)


def kind_of(name: re.Match[str]) -> Secret:
    """The kind of secret that a match of ``NAME`` announces."""
    return _KIND_OF_NAME[(name.lastindex or 1) - 1]


def in_error_code(text: str, name: re.Match[str]) -> bool:
    """Whether a name is the end of an error code, such as ``invalid_token``."""
    start = name.start()
    return text[start - 1 : start] in ("_", "-") and _IN_CODE.search(text, max(0, start - 12), start) is not None


def is_refused(text: str, name: re.Match[str]) -> bool:
    """Whether the word before a name says that it was refused, as in *invalid password*: an error follows as often."""
    start = name.start()
    return text[start - 1 : start] in _BLANKS and _REFUSED_BEFORE.search(text, max(0, start - 16), start) is not None


def is_parsers(text: str, name: re.Match[str]) -> bool:
    """Whether a name is a parser's word, as in *unexpected token*."""
    start = name.start()
    return text[start - 1 : start] in _BLANKS and _PARSER.search(text, max(0, start - 12), start) is not None
