"""Words that a text is read as."""

from __future__ import annotations

import pytest

from bot.domain.recognition.tokens import SPELLED, Vocabulary, plain_words, quick_words, split_words

VOCABULARY = Vocabulary(["github", "invalid_grant", "access token"], ["access"])
WORDS = (
    *("token", "Token", "TOKEN", "a", "I", "GitHub", "gitHub", "accessToken", "OAuth", "McDonald", "iOS", "x1", "1"),
    *("invalid_grant", "INVALID_GRANT", "don't", "DON'T", "Größe", "größe", "SSO", "ok", "", "トークン", "a~b"),
    *(each for word in SPELLED for each in (word, word.title(), word.upper())),
)


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_word_counts_as_if_it_were_read(word: str) -> None:
    assert VOCABULARY.count(word) == len(split_words(VOCABULARY._resolved(word)))  # noqa: SLF001 - the way it stands for


@pytest.mark.parametrize(
    ("word", "split"),
    [
        ("token", "token"),
        ("invalid_grant", "invalid grant"),
        ("access~token", "access token"),
        ("user_cannot_the~login", "user can not login"),
        ("isnt", "is not"),
        ("the", ""),
        ("__", ""),
        ("", ""),
    ],
)
def test_a_word_is_split_into_those_that_phrases_hold(word: str, split: str) -> None:
    assert split_words(["so", word, "and"]) == [*split.split(), "and"]


def test_the_quick_words_of_a_text_are_the_same_whether_it_is_ascii_or_not() -> None:
    text = "User isn't HERE: INVALID_SESSION_ID, can't (see) 2-3 b.c"

    expected = {*"user isnt is not here invalid session id cant can see 2 3 b c".split()}
    sought = expected - {"is", "not", "can"} | {"é", "missing"}

    assert quick_words(plain_words(text), sought) == expected
    assert quick_words(plain_words(f"{text} é"), sought) == expected | {"é"}
