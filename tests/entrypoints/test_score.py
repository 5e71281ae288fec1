"""Scoring: what an operator reads after a change of the guidance."""

from __future__ import annotations

import pytest

from bot.entrypoints.cli.score import LabelledText, Score, one_line, wilson


def test_recall_and_precision_are_counted_by_topic() -> None:
    rows = [LabelledText("a", "app-blocked"), LabelledText("b", "app-blocked"), LabelledText("c", "none")]

    result = Score(rows, ["app-blocked", "none", "app-blocked"])

    blocked = next(topic for topic in result.topics if topic.topic == "app-blocked")
    assert (blocked.recall, blocked.precision) == (0.5, 0.5)
    assert (result.right, result.rows) == (1, 3)


def test_an_accepted_topic_counts_as_right() -> None:
    result = Score([LabelledText("a", "app-blocked", ("app-not-installed",))], ["app-not-installed"])

    assert (result.right, result.misses) == (1, [])
    assert {topic.topic: topic.precision for topic in result.topics}["app-not-installed"] == 1.0


def test_an_answer_to_unrelated_text_is_a_wrong_answer() -> None:
    result = Score([LabelledText("lunch?", "none"), LabelledText("hi", "none")], ["app-blocked", "none"])

    assert (result.wrong_answers, result.unrelated, result.wrong_answer_rate) == (1, 2, 0.5)
    assert result.confusions == [(("none", "app-blocked"), 1)]


def test_a_miss_is_cut_to_one_line_and_shows_no_secret() -> None:
    text = "first\nsecond password=hunter2 " + "long " * 50

    line = one_line(text)

    assert line.startswith("first second password=[masked] long")
    assert len(line) <= 100


def test_rates_of_nothing_are_unknown_not_zero() -> None:
    result = Score([], [])

    assert result.wrong_answer_rate is None
    assert result.topics == []


def test_predictions_must_be_as_many_as_rows() -> None:
    with pytest.raises(ValueError, match="zip"):
        Score([LabelledText("a", "none")], [])


def test_few_texts_leave_a_share_open_and_many_do_not() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert [round(bound, 3) for bound in wilson(10, 10)] == [0.722, 1.0]
    assert [round(bound, 3) for bound in wilson(8, 16)] == [0.28, 0.72]
    assert [round(bound, 3) for bound in wilson(975, 1000)] == [0.963, 0.983]
