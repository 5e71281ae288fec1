"""How fast recognition is, and how its cost grows.

Run by hand: ``pytest -o addopts= -s tests/benchmarks/bench_recognition.py``. Times are process time of one
core. Growth is judged by ratios within one run, so that a slow machine does not matter.
"""

from __future__ import annotations

import random
import string
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from bot.adapters.library import load
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import Guidance, Pattern
from bot.domain.recognition.matcher import Matcher
from bot.domain.secrets.redaction import redact
from tests.shared_material import lines

GUIDANCE: Guidance = load()[0]
MATCHER = Matcher(GUIDANCE)
CHAT = (
    "lunch at twelve? I can book the table for six",
    "the build is green again, thanks for the quick look :tada:",
    "can someone review https://example.com/pull/4711 before the demo tomorrow",
    "I moved the meeting to 15:30, room 4.02 is taken until then",
    "ERROR 2026-01-02 worker-7 could not write /tmp/x: disk full, retrying in 30 s",
    "for i in range(10):\n    report(i)  # why does this skip zero",
    "who owns the invoice service? the queue has been growing since Monday",
    "good morning! new here, where do I find the onboarding page",
)
HOSTILE = {
    "near misses": "invalid username password security tokem ",
    "nested escapes": '\\\\\\"{\\\\\\"error\\\\\\":',
    "percent": "%25",
    "entities": "&amp;",
    "open tags": "<a ",
    "codes": "OAUTH_APP_BLOCKE ",
    "unknown words": "consumir aprovved expirid ",
    "one long word": "a",
    "underscores": "a_b_c_d_e_f_g_",
    "quotes": "> > > ",
    "parts": "salesforce token session login ",
    "humps": "aBcDeF",
    "real errors": "INVALID_LOGIN: Invalid username, password, security token; or user locked out. ",
    "secrets": "password=hunter2&code=aPrx12345678&sid=00Dxx0000001gPL!AR8AQJ ",
    "wide letters": "接続アプリ",
    "null bytes": "\x00",
    "right to left": "‮",
}
LIMIT = 40_000


def report(line: str) -> None:
    """Show a figure of this run (with ``-s``)."""
    sys.stdout.write(f"{line}\n")


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The best of some runs, in seconds of process time."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def test_ordinary_chat_is_looked_at_twenty_thousand_times_a_second() -> None:
    messages = CHAT * 500

    rate = len(messages) / seconds(lambda: [MATCHER.recognise(text, asked=False) for text in messages])

    report(f"\n{rate:,.0f} ordinary messages a second")
    assert rate >= 20_000


def test_real_ordinary_texts_are_looked_at_twenty_thousand_times_a_second() -> None:
    texts = [str(row["text"]) for row in lines("chat.jsonl") if row["kind"] == "easy"]

    rate = len(texts) / seconds(lambda: [MATCHER.recognise(text, asked=False) for text in texts], repeats=7)

    report(f"\n{rate:,.0f} real ordinary texts a second, {sum(map(len, texts)) / len(texts):.0f} letters in the mean")
    assert rate >= 20_000


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("asked", [False, True], ids=["overheard", "asked"])
def test_a_hostile_paste_takes_less_than_fifty_milliseconds(piece: str, asked: bool) -> None:
    text = (piece * LIMIT)[:LIMIT]

    taken = seconds(lambda: MATCHER.recognise(text, asked=asked))

    report(f"\n{taken * 1000:.1f} ms")
    assert taken < 0.050


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_redacting_a_hostile_paste_takes_less_than_fifty_milliseconds(piece: str) -> None:
    text = (piece * LIMIT)[:LIMIT]

    assert seconds(lambda: redact(text)) < 0.050


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_cost_grows_linearly_with_the_length(piece: str) -> None:
    quarter = (piece * LIMIT)[: LIMIT // 4]
    whole = (piece * LIMIT)[:LIMIT]

    ratio = seconds(lambda: MATCHER.recognise(whole, asked=True)) / max(
        seconds(lambda: MATCHER.recognise(quarter, asked=True)), 0.0002
    )

    report(f"\nfour times the length: {ratio:.1f} times the cost")
    assert ratio < 8


def _many(count: int) -> Matcher:
    """A matcher with ``count`` further entries of three signs each."""
    letters = random.Random(7)  # noqa: S311 - made-up words, the same each time

    def word() -> str:
        return "".join(letters.choices(string.ascii_lowercase, k=8))

    template = next(entry for entry in GUIDANCE.entries if entry.kind is Kind.ERROR)
    entries: list[Entry] = []
    patterns: list[Pattern] = []
    for number in range(count):
        entry = Entry(**{field: getattr(template, field) for field in Entry.__slots__} | {"id": f"extra-{number}"})
        entries.append(entry)
        patterns += [
            Pattern(entry.id, f"{word()} {word()} {word()} failed"),
            Pattern(entry.id, f"user {word()} is not {word()}"),
            Pattern(entry.id, f"ERR_{word().upper()}_{number}"),
        ]
    return Matcher(
        Guidance(
            (*GUIDANCE.entries, *entries),
            (*GUIDANCE.patterns, *patterns),
            GUIDANCE.context,
        )
    )


def _overhear(matcher: Matcher, messages: Sequence[str]) -> None:
    for text in messages:
        matcher.recognise(text, asked=False)


def test_the_cost_grows_slower_than_the_number_of_entries() -> None:
    paste = "INVALID_LOGIN: Invalid username, password, security token; or user locked out. " * 20
    messages = (*CHAT * 50, paste)
    taken: dict[int, float] = {}
    for count in (100, 1_000, 10_000):
        matcher = _many(count)
        matcher.recognise(paste, asked=True)
        taken[count] = seconds(partial(_overhear, matcher, messages))

    report("\n" + ", ".join(f"{count:,} entries: {cost * 1000:.1f} ms" for count, cost in taken.items()))
    assert taken[1_000] < 5 * taken[100]
    assert taken[10_000] < 5 * taken[1_000]


def test_loading_and_indexing_stay_a_quarter_of_a_cold_start() -> None:
    load_cost = seconds(load)
    index_cost = seconds(lambda: Matcher(GUIDANCE))

    report(f"\nload {load_cost * 1000:.0f} ms, index {index_cost * 1000:.0f} ms")
    assert load_cost + index_cost < 0.15
