"""Words that a text is read as."""

from __future__ import annotations

import pytest

from bot.domain.recognition.tokens import SPELLED, Vocabulary, split_words

VOCABULARY = Vocabulary(["github", "invalid_grant", "access token"], ["access"])
WORDS = (
    *("token", "Token", "TOKEN", "a", "I", "GitHub", "gitHub", "accessToken", "OAuth", "McDonald", "iOS", "x1", "1"),
    *("invalid_grant", "INVALID_GRANT", "don't", "DON'T", "Größe", "größe", "SSO", "ok", "", "トークン", "a~b"),
    *(each for word in SPELLED for each in (word, word.title(), word.upper())),
)


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_word_counts_as_if_it_were_read(word: str) -> None:
    assert VOCABULARY.count(word) == len(split_words(VOCABULARY._resolved(word)))  # noqa: SLF001 - the way it stands for
