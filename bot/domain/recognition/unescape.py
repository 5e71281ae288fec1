"""Undoing the shapes that a text arrives in: terminal colours, JSON and HTML escapes, URL encoding, misread letters.

Every step costs time linear in the length of the text and runs only where the letters that it looks for are there.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

_TERMINAL = re.compile(r"\[\d{1,3}(?:;\d{1,3}){0,4}m|\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]{0,500}(?:\x07|\x1b\\))")
"""Colours, those whose first letter was lost too, and all else that a terminal is told."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0f\ufeff]"
)
_ESCAPED_MARK = re.compile(r"\\+(?=[\"'/&<>=])")
_ESCAPED_BLANK = re.compile(r"\\+[nrtbf](?![a-z])")
_ESCAPED_CODE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_MOJIBAKE = re.compile("[\u00c2-\u00e2](?:[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]){1,2}")
"""UTF-8 that was read as Windows-1252 on its way: ``â€™`` for an apostrophe, ``Ã¼`` for ü."""
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_QUOTES = "‘’‚‛′`´ʼ＇"
# A URL inside JSON inside a log line is escaped three times; more has not been seen.
_LAYERS = 3


def unescape(text: str) -> str:
    """``text`` as its author read it, still with its punctuation."""
    if "\x1b" in text or "[" in text:
        text = _TERMINAL.sub("", text)
    if not text.isascii():
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", _MOJIBAKE.sub(_reread, text).replace("â€", "'")))
    elif not text.replace("\n", "").isprintable():
        text = _INVISIBLE.sub("", text)
    for _ in range(_LAYERS):
        peeled = _peeled(text)
        if peeled == text:
            break
        text = peeled
    return _with_plain_quotes(text) if not text.isascii() or "`" in text else text


def _with_plain_quotes(text: str) -> str:
    for mark in _QUOTES:  # a translation asks for every letter
        text = text.replace(mark, "'")
    return text


def _reread(found: re.Match[str]) -> str:
    """Letters that were read in the wrong encoding, in the right one; as they stand where they were not."""
    raw = b"".join(
        letter.encode("latin-1" if "\x80" <= letter < "\xa0" else "cp1252", "replace") for letter in found[0]
    )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _peeled(text: str) -> str:
    """One layer less of every encoding."""
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = unquote(text)
    if "\\" in text:
        text = _ESCAPED_BLANK.sub("\n", _ESCAPED_MARK.sub("", text))
        text = _ESCAPED_CODE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    return text
