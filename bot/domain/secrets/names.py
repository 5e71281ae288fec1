"""What secrets are called, in programs and in the languages of Salesforce's pages."""

from __future__ import annotations

import re

from bot.domain.patterns import late
from bot.domain.secrets import Secret

# Each alternative begins with a letter, by which they are told: what must not stand before it is looked at behind it.
_KINDS: tuple[tuple[Secret, tuple[str, ...]], ...] = (
    (
        Secret.PASSWORD,
        (
            *(r"pass(?:[_ -]?wor[dt]|ord|wd|phrase)", r"pwd", r"p(?<![a-z]p)w(?![a-z])", r"kennwort", r"wachtwoord"),
            *(r"mot[_ -]?de[_ -]?passe", r"contrase(?:ñ|n\u0303?)a", r"senha", r"パスワード"),
            *(
                r"adgangskode",
                r"salasana",
                r"l(?:ö|o\u0308)senord",
                r"пароль",
                r"密码",
                r"密碼",
                r"비밀번호",
                r"รหัสผ่าน",
            ),
            *(r"security[_ -]?answer", r"p(?<![a-z]p)ass(?![a-z])"),
        ),
    ),
    (
        Secret.SECURITY_TOKEN,
        (
            *(rf"{security}[_ .-]?token" for security in ("security", "sec", "sicherheits", "beveiligings")),
            *(r"token de seguridad", r"token de seguran(?:ç|c)a", r"jeton de s(?:é|e)curit(?:é|e)"),
            *(r"セキュリティ ?トークン", r"安全性? ?(?:标记|令牌|權杖)", r"보안 ?토큰"),
        ),
    ),
    (
        Secret.OTHER_TOKEN,
        (
            *(r"secret[_ -]?access[_ -]?key(?![_ -]?id)", r"access[_ -]?key(?![_ -]?id)"),
            *(
                r"x-api[_ -]?key",
                r"api[_ -]?key",
                r"encryption[_ -]?key",
                r"account[_ -]?key",
                r"subscription[_ -]?key",
            ),
            *(r"signing[_ -]?key", r"master[_ -]?key"),
        ),
    ),
    (
        Secret.CONSUMER_SECRET,
        (
            *(rf"{of}[_ -]?secret(?:[_ -]?key)?" for of in ("client", "consumer", "app", "signing", "shared")),
            *(r"secret[_ -]?key", r"secret", r"コンシューマの?秘密"),
        ),
    ),
    (Secret.CONSUMER_KEY, (r"client[_ -]?id", r"consumer[_ -]?key", r"client[_ -]?key", r"コンシューマ鍵")),
    (Secret.REFRESH_TOKEN, (r"refresh[_ -]?token", r"更新トークン")),
    (Secret.SESSION_ID, (r"session[_ -]?id", r"sid(?:_client)?", r"session[_ -]?token", r"セッション ?id")),
    (
        Secret.ACCESS_TOKEN,
        (*(rf"{of}[_ -]?token" for of in ("access", "oauth", "bearer", "auth", "sf")), r"アクセス ?トークン"),
    ),
    (Secret.JWT, (r"saml[_ -]?(?:response|assertion)", r"signature[_ -]?value", r"signed[_ -]?request")),
    (Secret.JWT, (r"i(?<![a-z]i)d[_ -]?token", r"client[_ -]?assertion", r"assertion", r"jwt")),
    (Secret.AUTHORIZATION_CODE, (r"code[_ -]?verifier", r"authorization[_ -]?code", r"auth[_ -]?code")),
    (Secret.PRIVATE_KEY, (r"private[_ -]?key",)),
    (Secret.OTHER_TOKEN, (r"token",)),
)


def _in_any_text(pattern: str) -> str:
    """A pattern that also finds the name with unseen letters at its joints, and escaped as JSON does."""
    joints = pattern.replace(" ?", "[ \u200b]{0,2}").replace(" d", "[ \u200b]{1,2}d").replace(" s", "[ \u200b]{1,2}s")
    joints = joints.replace("[_ -]?", "[_ \u200b-]{0,2}").replace("[_ .-]?", "[_ .\u200b-]{0,2}")
    return "".join(
        letter if letter.isascii() or letter == "\u200b" else f"(?:{'|'.join(_spelled(letter))})" for letter in joints
    )


def _spelled(letter: str) -> tuple[str, ...]:
    """A letter as it stands in a folded text: JSON escapes those that are not ASCII's."""
    if letter.isascii():
        return (letter,)
    return letter, rf"\\u{ord(letter):04x}", rf"\\u{ord(letter.upper()):04x}"


def _name() -> tuple[str, list[Secret]]:
    """A pattern for all names, and the kind that each of its groups stands for.

    What begins with one letter stands together, so that a letter that begins none costs a look, and one that begins
    some only those. The groups are empty and at the ends, because a group at its beginning hides how a branch begins.
    """
    begun: dict[str, list[tuple[str, Secret]]] = {}
    for kind, patterns in _KINDS:
        for pattern in patterns:
            for first in dict.fromkeys(_spelled(pattern[0])):
                begin = "\\\\" if first[0] == "\\" else first
                begun.setdefault(begin, []).append((first.removeprefix(begin) + _in_any_text(pattern[1:]) + "()", kind))
    branches = (f"{begin}(?:{'|'.join(rest for rest, _ in there)})" for begin, there in begun.items())
    return "|".join(branches), [kind for there in begun.values() for _, kind in there]


_PATTERN, _KIND_OF_NAME = _name()
NAME = late(_PATTERN)
"""All names, in a text that is folded."""

_BLANKS = (" ", "\u200b")
_PARSER = late(r"(?:unexpected|illegal|undefined)[ \u200b]$")
_REFUSED = r"(?:invalid|missing|expired|bad|wrong|no|unsupported|use|revoked|error)"
_IN_CODE = late(rf"{_REFUSED}[_-]$")
_REFUSED_BEFORE = late(rf"(?<![a-z]){_REFUSED}[ \u200b]{{1,3}}$")

_STEMS = (
    *("pass", "pw", "kennwort", "wachtwoord", "contrase", "senha", "token", "jeton", "key", "secret"),
    *(
        "adgangskode",
        "salasana",
        "saml",
        "client",
        "session",
        "sid",
        "assertion",
        "jwt",
        "verifier",
        "code",
        "signature",
        "signed",
        "answer",
    ),
)
"""One of these stands in every name, save in those with other letters than ASCII's."""


def folded(text: str) -> str:
    """``text`` in small letters, one for one, so that places stay; what looks like ASCII's letters is one of them."""
    if not text.isascii():
        for letter, like in (("ſ", "s"), ("ı", "i"), ("İ", "i")):
            text = text.replace(letter, like)
    return text.lower()


def may_be_named(text: str) -> bool:
    """Whether a text can hold a match of ``NAME`` at all: the cheap look that most get."""
    if not text.isascii() or "\\u" in text:  # or it is spelled as JSON does
        return True
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)


def kind_of(name: re.Match[str]) -> Secret:
    """The kind of secret that a match of ``NAME`` announces."""
    return _KIND_OF_NAME[(name.lastindex or 1) - 1]


def in_error_code(name: re.Match[str]) -> bool:
    """Whether a name is the end of an error code, such as ``invalid_token``."""
    text, start = name.string, name.start()
    return text[start - 1 : start] in ("_", "-") and _IN_CODE.search(text, max(0, start - 12), start) is not None


def is_refused(name: re.Match[str]) -> bool:
    """Whether the word before a name says that it was refused, as in *invalid password*: an error follows as often."""
    text, start = name.string, name.start()
    return text[start - 1 : start] in _BLANKS and _REFUSED_BEFORE.search(text, max(0, start - 16), start) is not None


def is_weak(name: re.Match[str]) -> bool:
    """Whether a name is an everyday word, too: what a test did, or where one gets through."""
    return name.string[slice(*name.span())] == "pass"


def is_parsers(name: re.Match[str]) -> bool:
    """Whether a name is a parser's word, as in *unexpected token*."""
    text, start = name.string, name.start()
    return text[start - 1 : start] in _BLANKS and _PARSER.search(text, max(0, start - 12), start) is not None
