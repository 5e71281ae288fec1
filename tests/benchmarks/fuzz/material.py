"""Texts made of what the parsers look for, of what breaks parsers, and of chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from urllib.parse import quote

from bot.domain.verbs import VERBS

WORDS: Sequence[str] = (
    *(verb.name for verb in VERBS),
    *("prod", "emea-prod", "new-org", "all", "monday", "09:00", "Europe/Berlin", "on", "off", "now", "24:61", "-1"),
    *("<#C0SALESFORCE|salesforce>", "<@U0YOU>", "<@U0YOU|ada>", "<!here>", "<!subteam^S0CRM|@crm>", "<https://a.io|b>"),
    *("OAUTH_APP_BLOCKED", "invalid_grant", "INVALID_SESSION_ID", "error=", "&error_description=", "not approved"),
    *("Flosum", "salesforce", "connected app", "refresh token", "how do I install", "Setup", "REQUEST_LIMIT_EXCEEDED"),
    *("00D5g000004XyZw!AQ", "5Aep861", "3MVG9", "aPrx", "eyJhbGciOi.eyJ", "xoxb-1-2", "xapp-1", "ghp_", "AKIA"),
    *("client_secret=", "password:", '"access_token": "', "--password ", "Authorization: Bearer ", "-u a:b", "code="),
    *("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "force://a:b@", "https://user:pw@host/"),
    *("https://acme.my.salesforce.com/", "acme--uat.sandbox", "login.salesforce.com", "acme.lightning.force.com"),
    *("/salesforce/callback?code=", "redirect_uri=", "state=", "%3Fcode%3D", "\\u0026", "&#33;", "&amp;", "%2521"),
)
ODD: Sequence[str] = (
    *("\0", "\ud800", "\udfff", "\u202e", "\u200b", "\ufeff", "\u2028", "\x85", "\x1b[31m", "é", "e\u0301", "ß", "İ"),
    *(
        "🙂",
        "👩\u200d🚀",
        "接続",
        "\U0010ffff",
        "`",
        "```",
        "*",
        "_",
        "~",
        ">",
        "<",
        "<>",
        "|",
        "\\",
        '"',
        "'",
        "[",
        "](",
    ),
    *("{", "}", "{{", "%s", "%", "%%", "%zz", "..", "...", "$", "^", "(?", "(a+)+$", "\r", "\n", "\r\n", "\t", "\v"),
    *(" ", "  ", "\u00a0", "=", ":", "://", ";", ",", "#", "@", "!", "&", "-", "--", "/", "//", "0", "1" * 400, "NaN"),
)


def text(chance: random.Random, longest: int = 40) -> str:
    """Some parts in a row, now and then one of them very often."""
    parts = [_part(chance) for _ in range(chance.randrange(1, longest))]
    if chance.random() < 0.08:
        at = chance.randrange(len(parts))
        parts[at] *= chance.choice((50, 400, 2000))
    return chance.choice(("", " ", " ", "\n")).join(parts)[:100_000]


def _part(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.45:
        return _bent(chance, chance.choice(WORDS))
    if kind < 0.75:
        return chance.choice(ODD)
    if kind < 0.9:
        letters = "abcXYZ0189+/=._-"
        return "".join(chance.choices(letters, k=chance.choice((1, 3, 12, 40, 120))))
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 6)))


_BENDS: Sequence[Callable[[str], str]] = (str.upper, str.title, quote, lambda word: word[::-1], lambda word: word * 2)


def _bent(chance: random.Random, word: str) -> str:
    kind = chance.random()
    if kind < 0.7:
        return word
    if kind < 0.85:
        at = chance.randrange(len(word))
        return word[:at] + chance.choice(("", chance.choice(ODD))) + word[at + 1 :]
    return chance.choice(_BENDS)(word)


def sendable(words: str) -> str:
    """A text without halves of letters, which no encoding carries."""
    return words.encode("utf-8", "replace").decode()


def spoiled_lines(chance: random.Random, whole: str) -> str:
    """Part of a file, with lines left out, doubled, indented, cut, or filled with something else."""
    lines = whole.splitlines()
    start = chance.randrange(len(lines))
    chosen = lines[start : start + chance.choice((5, 30, 200))]
    if chance.random() < 0.8:
        chosen = [chance.choice(("errors:", "sections:", "context:", "concepts:", "x:")), *chosen]
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(chosen))
        chosen[at] = _spoiled_line(chance, chosen[at])
    return "\n".join(chosen)


def _spoiled_line(chance: random.Random, line: str) -> str:
    name, colon, value = line.partition(":")
    return chance.choice(
        (
            "",
            f"{line}\n{line}",
            f"  {line}",
            line.lstrip(),
            line[: chance.randrange(len(line) + 1)],
            f"{name}{colon} {chance.choice(_YAML)}",
            f"{name}{colon} {text(chance, 4)}",
            f"{chance.choice(_YAML)}{colon}{value}",
            text(chance, 6),
        )
    )


_YAML: Sequence[str] = (
    *(
        "null",
        "~",
        "true",
        "1",
        "1.5",
        ".nan",
        "2026-11-28",
        "[]",
        "{}",
        "[[]]",
        "{a: {b: c}}",
        "!!python/name:os",
        "|",
    ),
    *("&a [*a]", "*a", "!!binary aGk=", "!!set {a}", "<<: {a: b}", "'", '"\\ud800"', "? a", "- a", "--- b", "%YAML 9"),
    *(
        "use: install",
        "a|b",
        "a||b",
        "<token>",
        "<no-such>",
        "a .. b",
        "a ... b",
        "a+b",
        "=a",
        "!a",
        "* a",
        "99999999999",
    ),
)
