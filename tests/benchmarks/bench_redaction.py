"""What redaction costs on texts made against it: 40,000 letters, as many as a message of Slack's may have.

Run by hand: ``python -m pytest -o addopts= -s tests/benchmarks/bench_redaction.py``. Times are process time of one
core. It knows ``redact`` alone, so that an older checkout runs it, too, once the file is put there: the baseline.
"""

from __future__ import annotations

import sys
import time

import pytest

from bot.domain.secrets.redaction import redact

LENGTH = 40_000
LONGEST = 0.2  # seconds; every message is redacted before Slack is answered
PIECES = (
    *("password", "secret", "token", "pw", "sid", "code", "state", "client_id", "security token", "my password is "),
    *(
        "Authorization: Bearer ",
        "bearer ",
        "basic ",
        "-u ",
        "--user a:",
        "--token ",
        "https://a:",
        "force://",
        "?code=",
    ),
    *(
        "00Dxx0000001gPL!",
        "5Aep861",
        "3MVG9",
        "aPrx",
        "eyJ",
        "eyJabcdefg.",
        "xoxb",
        "ghp_",
        "hooks.slack.com/services/",
    ),
    *(
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "<password>",
        "user,password\n",
        "a,password\nb,c2\n",
    ),
    *("://", "a://b:c/", "$2a$mysql -p ", "mysql -pA1b2C3d4 "),
    *("otp", "otp 1 ", "pin 482913 ", "your verification code is 4829 "),
    *("", "a", "secret=1.1.1.1.1.1.1", "password=“${x", "password: password"),
)
MARKS = (
    *(
        "",
        "=",
        "==",
        ":",
        ": ",
        "'",
        '"',
        "='",
        '="',
        "\\",
        "\\\\",
        '\\"',
        "%",
        "%25",
        "%3D",
        "%26",
        "&",
        "&amp;",
        "|",
        "<",
    ),
    *(
        ">",
        "&lt;",
        "\n",
        "\r\n",
        "\\n",
        "\t",
        ",",
        ";",
        "(",
        "-",
        "--",
        " ",
        "  ",
        "\u200b",
        "1",
        "a1",
        "[masked]",
        "!",
        "?",
    ),
    *("`", "“", "‘", ".", "@", "*", "\\u003d", "\\u0026", "->", "//", "+", "{", "}", "é", "接"),
)


def seconds(text: str) -> float:
    """The better of two runs, in seconds of process time."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        redact(text)
        best = min(best, time.process_time() - start)
    return best


def repeated(piece: str, length: int = LENGTH) -> str:
    return (piece * length)[:length]


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_no_repetition_costs_more_than_it_may_nor_grows_faster_than_the_text(piece: str) -> None:
    costs = {piece + mark: seconds(repeated(piece + mark)) for mark in MARKS if piece + mark}
    dearest = sorted(costs, key=lambda said: -costs[said])[:2]
    grown = {said: seconds(repeated(said, 4 * LENGTH)) / max(costs[said], 0.005) for said in dearest}

    told = (f"{said!r} {costs[said] * 1000:.0f} ms, four times as long {grown[said]:.1f} times" for said in dearest)
    sys.stdout.write("\n" + "; ".join(told) + "\n")
    assert max(costs.values()) < LONGEST
    assert max(grown.values()) < 12  # 4, or twice that where the cut end needs another round
