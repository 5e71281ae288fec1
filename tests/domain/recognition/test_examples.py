"""The measures of recognition, taken on real texts that were judged by hand."""

from __future__ import annotations

from bot.domain.recognition.entries import Kind
from bot.domain.secrets.redaction import redact
from tests.recognition_helpers import MATCHER, topic
from tests.shared_material import lines

CORE = {"app-not-installed", "app-blocked", "user-not-approved", "token-expired-or-revoked"}


def _accepted(row: dict[str, object]) -> bool:
    found = topic(str(row["text"]), asked=False)
    accept = row["accept"]
    assert isinstance(accept, list)
    return found in accept or (found == "none" and bool(row["silent_ok"]))


def _share(judged: list[bool]) -> float:
    return sum(judged) / len(judged)


def test_the_right_topic_comes_first_for_real_pastes() -> None:
    rows = lines("pastes.jsonl")

    assert _share([_accepted(row) for row in rows if row["label"] in CORE]) >= 0.99
    assert _share([_accepted(row) for row in rows]) >= 0.975


def test_ordinary_chat_is_never_answered() -> None:
    easy = [str(row["text"]) for row in lines("chat.jsonl") if row["kind"] == "easy"]

    assert [text for text in easy if topic(text, asked=False) != "none"] == []


def test_hard_texts_are_answered_at_most_once_in_two_hundred() -> None:
    hard = [str(row["text"]) for row in lines("chat.jsonl") if row["kind"] != "easy"]

    wrong = [text for text in hard if topic(text, asked=False) != "none"]

    assert len(wrong) <= len(hard) / 400, wrong


def test_questions_find_their_section_or_none() -> None:
    judged: dict[bool, list[bool]] = {True: [], False: []}
    for row in lines("questions.jsonl"):
        entry = MATCHER.recognise(str(row["text"]), asked=True).entry
        found = "none" if entry is None else "error" if entry.kind is Kind.ERROR else entry.topic
        accept = row["accept"]
        assert isinstance(accept, list)
        judged[row["label"] == "none"].append(found in accept)

    assert _share(judged[False]) >= 0.96
    assert _share(judged[True]) >= 0.89


def test_redacting_a_real_paste_does_not_change_what_it_is() -> None:
    texts = [str(row["text"]) for row in lines("pastes.jsonl")]

    changed = [text for text in texts if topic(redact(text).text, asked=False) != topic(text, asked=False)]

    assert changed == []
