"""Letters that were misread on their way are read as they were meant; all others stay."""

from __future__ import annotations

import pytest

from bot.domain.recognition.unescape import unescape


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("user hasnâ€™t approved this consumer", "user hasn't approved this consumer"),
        ("â€œapp must be installedâ€ it says", "“app must be installed' it says"),
        ("fÃ¼r alle", "für alle"),
        ("Château à la carte, für Ärzte", "Château à la carte, für Ärzte"),
        ("this\u00a0app\u2003is blocked", "this app is blocked"),
    ],
)
def test_misread_letters_are_put_right(text: str, readable: str) -> None:
    assert unescape(text) == readable


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("tab\tbell\x07 line\nnull\x00 end", "tab\tbell line\nnull end"),
        ("&amp;amp;lt; is %2525", "< is %"),
        ("`it’s` ´so´ ＇wide＇", "'it's' 'so' 'wide'"),
    ],
)
def test_each_encoding_is_undone_in_plain_texts_too(text: str, readable: str) -> None:
    assert unescape(text) == readable
