"""What is said instead where an answer was pointed to that is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.conversations.taken_back import mended
from bot.domain.model import AnswerKind, PostedAnswer
from tests.domain.conversations.test_policy import ANSWER, ERROR, FOR_ORG, FULL, NOW, OUTDATED, POINTER, PROD, UAT

DIRECT = replace(ANSWER, channel="D1", thread=None)
MINUTES = {number: NOW + timedelta(minutes=number) for number in (1, 2, 20, 40, 70)}


ELSEWHERE = replace(ANSWER, thread="2.0")


def later(kind: AnswerKind, minutes: int, detail: str = "", of: PostedAnswer = ANSWER) -> PostedAnswer:
    at = MINUTES[minutes]
    return replace(of, kind=kind, detail=detail, at=at, to_ts=f"2.{minutes}", ts=f"3.{minutes}")


@pytest.mark.parametrize(
    ("gone", "others", "becomes"),
    [
        (ANSWER, [], []),
        (ANSWER, [later(POINTER, 1, "1.1", ELSEWHERE)], [(FULL, "")]),
        (ANSWER, [later(POINTER, 2, "1.1"), later(POINTER, 1, "1.1")], [(FULL, ""), (POINTER, "3.1")]),
        (ANSWER, [later(POINTER, 1, "9.9")], []),
        (ANSWER, [later(POINTER, 1, of=ELSEWHERE)], [(FULL, "")]),  # as older versions kept it
        (ANSWER, [later(POINTER, 70, of=ELSEWHERE)], []),
        (ANSWER, [later(POINTER, 70)], [(FULL, "")]),
        (replace(ANSWER, kind=OUTDATED), [later(POINTER, 1, "1.1")], [(FULL, "")]),
        (replace(ANSWER, kind=POINTER), [later(POINTER, 1, "1.1")], []),
        (ANSWER, [later(FOR_ORG, 20, "prod")], [(FULL, "prod")]),
        (ANSWER, [later(FOR_ORG, 20, "prod"), later(FULL, 2)], []),  # there is another one above
        (ANSWER, [later(FOR_ORG, 20, "prod", ELSEWHERE)], []),
        (ANSWER, [later(FOR_ORG, 20, "forgotten")], [(FULL, "")]),
        (DIRECT, [later(FOR_ORG, 20, "uat", DIRECT)], [(FULL, "uat")]),
        (DIRECT, [later(FOR_ORG, 40, "uat", DIRECT)], []),
    ],
)
def test_what_led_to_a_deleted_answer(
    gone: PostedAnswer, others: list[PostedAnswer], becomes: list[tuple[AnswerKind, str]]
) -> None:
    found = [decision for _, decision in mended(gone, others, ERROR, (PROD, UAT), NOW)]

    assert [(decision.kind, decision.detail) for decision in found] == becomes


def test_what_the_guidance_has_no_more_is_said_to_be_gone() -> None:
    ((_, decision), (_, second)) = mended(ANSWER, [later(POINTER, 1, "1.1"), later(POINTER, 2, "1.1")], None, (), NOW)

    assert decision == second
    assert decision.answer is not None
    assert "was deleted" in decision.answer.headline
