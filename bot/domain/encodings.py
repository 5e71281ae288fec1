"""In what encoding a file of somebody's is."""

from __future__ import annotations

import codecs

UTF_8 = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put in front."""


def is_utf_16(content: bytes) -> bool:
    """Whether it is UTF-16, with its mark or without."""
    return content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content
