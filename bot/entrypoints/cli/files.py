"""The files that somebody names in a terminal: what they say, or why they cannot be read, in the same words for all."""

from __future__ import annotations

from pathlib import Path

from bot.domain.encodings import NotUtf8, decoded
from bot.domain.errors import AskerError

_SAVE = "save it as UTF-8"


def text_of(path: Path, *, save: str = _SAVE) -> str:
    """What a file says. Raises AskerError for one that cannot be read; ``save`` is what makes it UTF-8."""
    try:
        return decoded(path.expanduser().read_bytes())
    except NotUtf8 as error:
        raise AskerError(f"The file {path} {error}; {save}.") from None
    except OSError as error:
        raise AskerError(f"The file {path} cannot be read: {error.strerror}.") from None
    except RuntimeError:  # the home of nobody
        raise AskerError(f"The file {path} cannot be read: there is no such home folder.") from None
