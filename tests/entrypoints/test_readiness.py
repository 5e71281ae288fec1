"""Checks that are remembered: what a probe is told, and how little it waits."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import CollectorRegistry

from bot.domain.errors import OperatorError
from bot.entrypoints.web import operators_app, web_app
from bot.entrypoints.web.readiness import Remembered


class Far:
    """Something far away that works, fails or hangs."""

    def __init__(self) -> None:
        self.asked = 0
        self.problem = ""
        self.answers = threading.Event()
        self.answers.set()

    def __call__(self) -> None:
        self.asked += 1
        self.answers.wait(30)
        if self.problem:
            raise OperatorError(self.problem)


def told(check: Callable[[], None]) -> str:
    web = operators_app({"far": check}, CollectorRegistry()).test_client()
    answer = web.get("/readyz")
    assert answer.json is not None
    assert answer.status_code == (200 if answer.json["far"] == "ok" else 503)
    return str(answer.json["far"])


def test_a_result_is_told_again_until_it_is_old() -> None:
    far = Far()
    check = Remembered(far, every=60)

    assert [told(check) for _ in range(20)] == ["ok"] * 20
    assert far.asked == 1

    check = Remembered(far, every=0.1)
    assert told(check) == "ok"
    far.problem = "It broke."
    time.sleep(0.2)
    assert told(check) == "It broke."


def test_what_failed_is_asked_again_sooner() -> None:
    far = Far()
    far.problem = "It broke."
    check = Remembered(far, every=60, again=0.1)
    assert told(check) == "It broke."

    far.problem = ""
    time.sleep(0.2)

    assert told(check) == "ok"


def test_what_hangs_is_asked_once_and_told_without_waiting_and_comes_back() -> None:
    far = Far()
    far.answers.clear()
    check = Remembered(far, every=0, patience=2)

    with ThreadPoolExecutor(40) as pool:
        started = time.monotonic()
        answers = list(pool.map(lambda _: told(check), range(40)))
        assert time.monotonic() - started < 20, "they waited one after the other"
    assert all(re.fullmatch(r"There has been no answer for \d+ s\.", answer) for answer in answers)
    started = time.monotonic()
    assert told(check) != "ok"
    assert time.monotonic() - started < 2, "it waited anew"
    assert far.asked == 1

    far.answers.set()
    while told(check) != "ok":
        time.sleep(0.01)
    assert time.monotonic() - started < 30


def test_while_one_takes_long_the_result_before_stands_for_some_time() -> None:
    far = Far()
    check = Remembered(far, every=0, stands=3.0, patience=0.1)
    assert told(check) == "ok"
    far.answers.clear()

    assert told(check) == "ok"
    time.sleep(3.1)

    assert told(check).startswith("There has been no answer for ")
    far.answers.set()


def test_several_that_hang_are_waited_for_together() -> None:
    far = Far()
    far.answers.clear()
    checks = {name: Remembered(far, every=0, patience=1) for name in "abcdefgh"}

    started = time.monotonic()
    answer = web_app(checks).test_client().get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"status": "not ready"})
    assert time.monotonic() - started < 6
    far.answers.set()


def test_an_error_that_nobody_foresaw_is_told_by_its_reference(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    assert told(Remembered(fails, every=60)).startswith("Something went wrong on the bot's side")
    assert "ZeroDivisionError" in caplog.text
