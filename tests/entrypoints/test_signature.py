"""The signature, the few lines in the log about those who lack one, and what came before."""

from __future__ import annotations

import io
import json

import pytest

from bot.adapters import logs
from bot.entrypoints.slack.refusal_log import RefusalLog
from bot.entrypoints.slack.replays import REMEMBERED, Replays
from bot.entrypoints.slack.signature import WITHIN, Fault, Refusal, Signatures
from bot.sandbox.slack.signing import signed_headers

SECRET, BODY, NOW = "8f742231b10e8888abcd99yyyzzz85a5", b"command=/flosum&text=\xc3\xa9", 1_796_000_000


def fault(secret: str = SECRET, now: float = NOW, **changed: str) -> Fault | None:
    """What is wrong with a request of Slack's in which something was changed."""
    headers = signed_headers(SECRET, BODY, NOW)
    given = {"timestamp": headers["X-Slack-Request-Timestamp"], "signature": headers["X-Slack-Signature"]} | changed
    refusal = Signatures(secret, lambda: now).refusal(body=BODY, **given)
    return refusal.fault if refusal else None


def test_what_slack_signed_is_taken() -> None:
    assert fault() is None


@pytest.mark.parametrize("off", [-WITHIN, WITHIN])
def test_the_clocks_may_be_five_minutes_apart(off: int) -> None:
    assert fault(now=NOW + off) is None
    assert fault(now=NOW + off + (1 if off > 0 else -1)) is Fault.LATE


@pytest.mark.parametrize("timestamp", ["", "x", "1.5", "-1", "1e9", "١٧٩٦٠٠٠٠٠٠", " 1796000000", "9" * 5000, "NaN"])
def test_a_time_that_is_no_number_is_no_signature(timestamp: str) -> None:
    assert fault(timestamp=timestamp) is Fault.UNSIGNED


def test_no_signature_is_no_signature() -> None:
    assert fault(signature="") is Fault.UNSIGNED


@pytest.mark.parametrize("signature", ["v0=", "v0=00", "x", "é\udcff", "v1=" + "0" * 64, "v0=" + "0" * 64])
def test_any_other_signature_is_forged(signature: str) -> None:
    assert fault(signature=signature) is Fault.FORGED


@pytest.mark.parametrize("secret", ["another", SECRET + "\n", SECRET[:-1], ""])
def test_with_any_other_secret_it_is_forged(secret: str) -> None:
    assert fault(secret=secret) is Fault.FORGED


def test_of_a_forged_time_nothing_is_learnt() -> None:
    assert fault(timestamp="1") is Fault.FORGED


def test_a_flood_is_one_line_a_minute_with_its_count() -> None:
    stream, clock = io.StringIO(), [0.0]
    logs.configure(stream)
    refusals = RefusalLog(lambda: clock[0])

    for second in range(121):
        clock[0] = second
        refusals.note(Refusal(Fault.FORGED))
        refusals.note(Refusal(Fault.LATE, f"off by {second} s"))

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["forged"], line.get("late", 0), line["detail"]) for line in lines] == [
        (1, 0, ""),
        (60, 60, "off by 59 s"),
        (60, 60, "off by 119 s"),
    ]
    assert "SLACK_SIGNING_SECRET" in lines[0]["reason"]


def test_a_key_is_known_until_its_signature_is_worth_nothing() -> None:
    clock = [0.0]
    replays = Replays(lambda: clock[0])
    clock[0] = REMEMBERED - 1
    assert replays.first("one")

    clock[0] += REMEMBERED - 1
    assert not replays.first("one")
    clock[0] += REMEMBERED + 1
    assert replays.first("two")
    assert replays.first("one")


def test_what_failed_may_come_again() -> None:
    replays = Replays()
    assert replays.first("one")

    replays.failed("one")

    assert replays.first("one")
    assert not replays.first("one")
