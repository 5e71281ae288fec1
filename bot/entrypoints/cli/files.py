"""The files that somebody names in a terminal: what they say, or why they cannot be read, in the same words for all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.domain.encodings import NotUtf8, decoded, legible, readable
from bot.domain.errors import AskerError

_SAVE = "save it as UTF-8"


def text_of(path: Path, *, save: str = _SAVE, read: Callable[[bytes], str] = decoded) -> str:
    """What a file says, by ``read``. Raises AskerError for one that cannot be read; ``save`` is what makes it UTF-8."""
    try:
        return read(path.expanduser().read_bytes())
    except NotUtf8 as error:
        raise AskerError(f"The file {path} {error}; {save}.") from None
    except OSError as error:
        raise AskerError(f"The file {path} cannot be read: {error.strerror}.") from None
    except RuntimeError:  # the home of nobody
        raise AskerError(f"The file {path} cannot be read: there is no such home folder.") from None


def piped(text: str) -> str:
    """What came on standard input, read as UTF-8 whatever it was. Raises AskerError for another encoding."""
    content = readable(text)
    try:
        return legible(content.encode())
    except NotUtf8 as error:
        raise AskerError(f"Standard input {error}; {_SAVE}.") from None
