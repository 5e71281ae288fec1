"""In what encoding a file of somebody's is."""

from __future__ import annotations

import codecs

UTF_8 = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put in front."""

_MARKS = (
    # UTF-32 first: its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SHARES = ((0.65, "UTF-32"), (0.3, "UTF-16"))
"""How many bytes are zero at least where nothing but Latin letters is written: three of four, or one of two."""


class NotUtf8(ValueError):
    """What the file is instead, as a sentence goes on that begins with its name."""


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8. Raises NotUtf8 for any other, and for what is no text."""
    if other := _other(content):
        raise NotUtf8(f"is saved as {other}")
    if b"\0" in content:
        raise NotUtf8(f"holds a zero byte in line {_line(content, content.index(0))}")
    try:
        return content.decode(UTF_8)
    except UnicodeDecodeError as error:
        raise NotUtf8(f"is not UTF-8 in line {_line(content, error.start)}") from None


def legible(content: bytes) -> str:
    """The text of a log, with U+FFFD for each byte that is no UTF-8: one of them costs nobody the answer to the rest.

    Raises NotUtf8 where all of it is in another encoding.
    """
    if other := _other(content):
        raise NotUtf8(f"is saved as {other}")
    return content.decode(UTF_8, "replace")


def readable(text: str) -> str:
    """The text with U+FFFD for each half of a character, which is what Python makes of a byte that is no UTF-8.

    Nothing takes such a half: no encoding, no database, and not Slack.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _other(content: bytes) -> str | None:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    share = content.count(0) / max(1, len(content))
    return marked or next((name for least, name in _SHARES if share >= least), None)


def _line(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1
