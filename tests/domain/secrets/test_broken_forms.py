"""Secrets whose surroundings were cut off, escaped or left out: what is left of them is masked all the same."""

from __future__ import annotations

import pytest

from bot.domain.secrets.redaction import redact

LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
LAST = "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3supV2dOfS"

GONE = {
    "basic, escaped slash": (r'{"Authorization": "Basic abc\/def"}', r"abc\/def"),
    "basic alone, escaped slash": (r"sent Basic abc\/defGHI\/jkl", "defGHI"),
    "basic, escaped by its number": (r'"authorization":"Basic YWRt\u002faW46c2VjcmV0\u003d"', "aW46c2VjcmV0"),
    "bearer, escaped slash": (r'"Authorization": "Bearer AbCd\/EfGh\/IjKl"', "EfGh"),
    "no user in an address": ("redis://:s3cretpass@cache.acme.test:6379/0", "s3cretpass"),
    "no user in an escaped address": (r'"url": "redis://:pa55word@host"', "pa55word"),
    "amqp with a user": ("amqp://flosum:s3cret@mq.acme.test", "s3cret"),
    "key, header cut at its end": (f"-----BEGIN RSA PRIVATE KEY\n{LINE}\n{LAST}", LINE[:20]),
    "key, header cut at its beginning": (f"BEGIN PRIVATE KEY-----\n{LINE}\n{LAST}", LAST[:20]),
    "key, header without dashes": (f"BEGIN PRIVATE KEY {LINE} {LAST}", LINE[:20]),
    "key, header of fewer dashes": (f"---BEGIN PRIVATE KEY---\n{LINE}\n{LAST}", LINE[:20]),
    "key, escaped, header cut": (rf'"key": "-BEGIN PRIVATE KEY-\n{LINE}\n{LAST}"', LINE[:20]),
    "key without its beginning": (f"{LINE}\n{LAST}\n-----END PRIVATE KEY-----", LINE[:20]),
    "key without its beginning, escaped": (rf"{LINE}\n{LAST}\n-----END RSA PRIVATE KEY-----", LAST[:20]),
    "key without its beginning, quoted": (f"> {LINE}\n> {LAST}\n> -----END PRIVATE KEY-----", LINE[:20]),
}


@pytest.mark.parametrize("case", GONE)
def test_what_is_left_of_a_secret_is_masked(case: str) -> None:
    text, secret = GONE[case]

    found = redact(text)

    assert secret not in found.text
    assert found.secrets
    assert redact(found.text).text == found.text


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication and/or OAuth",
        "the file starts with BEGIN PRIVATE KEY and ends with END PRIVATE KEY",
        "our key has no -----END PRIVATE KEY----- line",
        "see redis://cache.acme.test:6379/0 and mail ops@acme.test",
        "ratio 3://4: ask ops@acme.test",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize("end", ["", "\n-----END PRIVATE KEY-----", "\n-----END RSA PRIVATE KEY-----" * 50])
def test_long_texts_cost_little(end: str) -> None:
    redact(f"{LINE}\n" * 600 + end)
