"""Every parser of text from outside, for seconds; longer: ``python -m tests.benchmarks.fuzz --seconds 600``."""

from __future__ import annotations

import pytest

from tests.benchmarks.fuzz.targets import TARGETS, run

SEED = 10
# Payloads and Salesforce's answers have tests of their own with thousands of cases.
CASES = {
    "commands": 200,
    "pastes": 40,
    "redaction": 25,
    "guidance": 1,
    "payloads": 50,
    "salesforce": 60,
    "addresses": 120,
}


@pytest.mark.parametrize("name", TARGETS)
def test_text_from_outside_breaks_nothing(name: str) -> None:
    with TARGETS[name]() as case:
        found = [trouble for number in range(CASES[name]) if (trouble := run(name, case, SEED, number))]

    assert found == []
